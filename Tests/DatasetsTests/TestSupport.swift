import Foundation
import Testing

@testable import Datasets

/// SplitMix64 (Steele, Lea, Flood 2014): a seed gives the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A `.npy` file around raw elements, with any header.
func npyBytes(descr: String, fortran: Bool = false, shape: String, version: UInt8 = 1, data: [UInt8]) -> [UInt8] {
  let header = "{'descr': \(descr), 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  var bytes = NumpyFile.magic + [version, 0]
  bytes.append(littleEndian: header.utf8.count, width: version == 1 ? 2 : 4)
  return bytes + Array(header.utf8) + data
}

/// The message of the error that the body throws.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "nothing was thrown"
  } catch {
    return "\(error)"
  }
}

func table(_ text: String) throws -> Table { try Table(csv: text, source: "t.csv") }

/// A new folder, removed afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}
