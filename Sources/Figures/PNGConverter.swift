import Foundation

/// Why there is no PNG.
public enum PNGError: Error, Sendable, Equatable, CustomStringConvertible {
  /// rsvg-convert is in no folder of PATH.
  case converterMissing
  /// The scale is not a number from 0.01 to 100.
  case badScale(Double)
  /// The converter refused the picture, or could not be run.
  case conversionFailed(String)

  public var description: String {
    switch self {
    case .converterMissing:
      "PNG pictures are made by the program rsvg-convert, which is not on PATH. Install it (Debian, Ubuntu: apt install "
        + "librsvg2-bin; macOS: brew install librsvg), or write an .svg file instead."
    case .badScale(let scale): "a PNG scale of \(scale) is not usable: give a number from 0.01 to 100"
    case .conversionFailed(let reason): "rsvg-convert made no PNG: \(reason)"
    }
  }
}

/// Makes PNG pictures of SVG documents by the program `rsvg-convert` of librsvg.
public struct PNGConverter: Sendable {
  private let program: URL

  /// Finds the program on PATH. Throws `PNGError.converterMissing`.
  public init() throws {
    try self.init(path: ProcessInfo.processInfo.environment["PATH"] ?? "")
  }

  /// Finds it in the folders of `path`, separated by colons.
  init(path: String) throws {
    let folders = path.split(separator: ":").map { URL(fileURLWithPath: String($0)) }
    let places = folders.map { $0.appendingPathComponent("rsvg-convert") }
    guard let program = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
      throw PNGError.converterMissing
    }
    self.program = program
  }

  /// The picture at `scale` pixels for each unit of the SVG document: 1 gives 96 dots per inch, 3.125 gives 300.
  ///
  /// Runs one process and waits for it; the document passes through a folder of its own among the temporary ones, which
  /// is removed. librsvg draws at most 32 767 pixels a side. Throws `PNGError`, and the errors of Foundation where the
  /// temporary files cannot be written or read.
  public func png(svg: String, scale: Double = 2) throws -> Data {
    guard scale >= 0.01 && scale <= 100 else { throw PNGError.badScale(scale) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("figure-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appendingPathComponent("figure.svg"), folder.appendingPathComponent("figure.png"))
    try Data(svg.utf8).write(to: input)

    let process = Process()
    process.executableURL = program
    // Unlimited: else librsvg's parser refuses documents of many megabytes.
    process.arguments = ["--unlimited", "--format=png", "--zoom=\(scale)", "--output=\(output.path)", input.path]
    let complaints = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = complaints
    do {
      try process.run()
    } catch {
      throw PNGError.conversionFailed("it could not be run (\(error.localizedDescription))")
    }
    let words = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines).replacingOccurrences(of: input.path, with: "the picture")
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let ending =
        process.terminationReason == .exit ? "exit code \(process.terminationStatus)" : "it was killed by a signal"
      throw PNGError.conversionFailed(words.isEmpty ? ending : words)
    }
    guard let png = try? Data(contentsOf: output), png.starts(with: [0x89, 0x50, 0x4E, 0x47]) else {
      throw PNGError.conversionFailed(words.isEmpty ? "it wrote no file" : words)
    }
    return png
  }
}
