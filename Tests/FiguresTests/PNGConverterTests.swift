import Foundation
import Testing

@testable import Figures

@Suite struct PNGConverterTests {
  private static var isInstalled: Bool { (try? PNGConverter()) != nil }

  @Test func aMissingProgramIsNamed() {
    let error = #expect(throws: PNGError.converterMissing) { try PNGConverter(path: "/nowhere:/nor:here:") }
    #expect(error?.description.contains("librsvg2-bin") == true)
    #expect(throws: PNGError.converterMissing) { try PNGConverter(path: "") }
  }

  @Test(.enabled(if: isInstalled)) func picturesHaveTheSizeAskedFor() throws {
    let svg = Chart(title: "a & b", size: FigureSize(width: 400, height: 300)).svg()
    for scale in [1.0, 2.5] {
      let png = try PNGConverter().png(svg: svg, scale: scale)
      // The header chunk comes first: width and height, four bytes each, the highest first.
      let sides = [16, 20].map { start in png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
      #expect(abs(Double(sides[0]) - 400 * scale) <= 1 && abs(Double(sides[1]) - 300 * scale) <= 1)
    }
    let error = #expect(throws: PNGError.self) { try PNGConverter().png(svg: "<svg") }
    #expect(error?.description.hasPrefix("rsvg-convert made no PNG: ") == true)
    #expect(error?.description.contains("figure.svg") == false)
    for scale in [0, -1, .nan, .infinity, 1000] {
      #expect(throws: PNGError.self) { try PNGConverter().png(svg: svg, scale: scale) }
    }
  }

  @Test(arguments: [
    ("echo no such colour >&2; exit 3", "no such colour"), ("exit 3", "exit code 3"), ("exit 0", "it wrote no file"),
    ("kill -9 $$", "it was killed by a signal"),
  ])
  func failuresAreTold(script: String, words: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("converter-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("rsvg-convert")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    let converter = try PNGConverter(path: "/nowhere:" + folder.path)
    #expect(throws: PNGError.conversionFailed(words)) { try converter.png(svg: "<svg/>") }
  }
}
