import Datasets
import Foundation
import Testing

@Suite struct NumpyBundleTests {
  private func path() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString).npz").path
  }

  @Test func arraysComeBack() throws {
    var bundle = NumpyBundle(source: "test")
    bundle["bytes"] = .init(shape: [2, 3], bytes: [0, 1, 2, 253, 254, 255])
    bundle["signs"] = .init(shape: [4], signed: [-1, 1, 127, -128])
    bundle["numbers"] = .init(shape: [1, 2], numbers: [0.1, -.infinity])
    bundle["none"] = .init(shape: [0, 5], bytes: [])
    let file = path()
    defer { try? FileManager.default.removeItem(atPath: file) }
    try AtomicFile.write(bundle.npz(), to: file)
    let again = try NumpyBundle(path: file)
    #expect(again.names == ["bytes", "signs", "numbers", "none"])
    for name in again.names { #expect(again[name] == bundle[name], "\(name)") }
    #expect(again["signs"]?.numbers == [-1, 1, 127, -128] && again["absent"] == nil)
  }

  @Test func shapesMustFit() {
    var bundle = NumpyBundle(source: "test")
    bundle["a"] = .init(shape: [2, 2], bytes: [1])
    #expect(throws: DatasetError.self) { try bundle.npz() }
  }

  @Test func damageIsReported() throws {
    var bundle = NumpyBundle(source: "test")
    bundle["a"] = .init(shape: [100], numbers: Array(repeating: 1, count: 100))
    let data = try bundle.npz()
    let file = path()
    defer { try? FileManager.default.removeItem(atPath: file) }
    for length in stride(from: 0, to: data.count, by: 37) {
      try data.prefix(length).write(to: URL(fileURLWithPath: file))
      #expect(throws: (any Error).self, "length \(length)") { try NumpyBundle(path: file) }
    }
  }
}
