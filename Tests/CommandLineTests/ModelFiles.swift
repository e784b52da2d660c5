import Foundation
import LinearAlgebra
import Networks

/// Networks to ask about.
enum Models {
  /// |x₀| + |x₁| − ½: four regions, and a square as the boundary.
  static func diamond() throws -> Network {
    try network([
      ([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]), ([[1, 1, 1, 1]], [-0.5]),
    ])
  }

  /// A hat over [−1, 1]: four activation regions and pieces, three affine components.
  static func hat() throws -> Network {
    try network([([[1], [1], [1]], [1, 0, -1]), ([[1, -2, 1]], [0])])
  }

  /// Two units that cancel: two activation regions, one piece.
  static func nothing() throws -> Network {
    try network([([[1], [1]], [0, 0]), ([[1, -1]], [0])])
  }

  /// Weights without structure.
  static func random(_ sizes: [Int], seed: UInt64 = 1) throws -> Network {
    var state = seed
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Float(Double(state >> 11) * 0x1p-52 - 1))
    }
    return try network(
      zip(sizes, sizes.dropFirst()).map { inputs, outputs in
        ((0..<outputs).map { _ in (0..<inputs).map { _ in next() } }, (0..<outputs).map { _ in next() / 2 })
      })
  }

  static func network(_ layers: [([[Double]], [Double])]) throws -> Network {
    let affine = layers.map { Layer.affine(weights: Matrix($0.0), bias: $0.1) }
    return try Network(Array(affine.map { [$0] }.joined(separator: [.relu])))
  }
}

extension Folder {
  /// Writes a network and returns its path.
  func write(_ name: String, _ network: Network) throws -> String {
    try network.onnx().write(to: url.appendingPathComponent(name))
    return path(name)
  }

  func data(_ name: String) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
}

/// `.npz` files by hand: what NumPy writes and reads, without the program's own code.
enum Arrays {
  struct Array {
    var type: String
    var shape: [Int]
    var bytes: Data

    func numbers<Number: BitwiseCopyable>(as _: Number.Type) -> [Number] {
      bytes.withUnsafeBytes { buffer in
        stride(from: 0, to: buffer.count, by: MemoryLayout<Number>.stride).map {
          buffer.loadUnaligned(fromByteOffset: $0, as: Number.self)
        }
      }
    }
  }

  /// An archive of stored float64 arrays.
  static func npz(_ arrays: [(String, [Int], [Double])]) -> Data {
    var file = Data()
    var directory = Data()
    func number(_ value: Int, _ width: Int) -> Data {
      Data((0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
    for (name, shape, values) in arrays {
      let tuple = shape.map { "\($0), " }.joined()
      var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(tuple)), }"
      header += String(repeating: " ", count: 63 - (10 + header.count) % 64) + "\n"
      var content = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0]) + number(header.count, 2) + Data(header.utf8)
      for value in values { withUnsafeBytes(of: value) { content.append(contentsOf: $0) } }
      let common =
        number(20, 2) + number(0, 12) + number(content.count, 4) + number(content.count, 4)
        + number(name.count + 4, 2) + number(0, 2)
      directory += number(0x0201_4b50, 4) + number(20, 2) + common + number(0, 10) + number(file.count, 4)
      directory += Data("\(name).npy".utf8)
      file += number(0x0403_4b50, 4) + common + Data("\(name).npy".utf8) + content
    }
    let start = file.count
    return file + directory + number(0x0605_4b50, 4) + number(0, 4) + number(arrays.count, 2) + number(arrays.count, 2)
      + number(directory.count, 4) + number(start, 4) + number(0, 2)
  }

  /// The arrays of an archive of stored members below 4 GB.
  static func read(_ file: Data) -> [String: Array] {
    let bytes = [UInt8](file)
    func number(_ place: Int, _ width: Int) -> Int { (0..<width).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) } }
    var arrays: [String: Array] = [:]
    var place = 0
    while number(place, 4) == 0x0403_4b50 {
      let (size, nameLength, extraLength) = (number(place + 22, 4), number(place + 26, 2), number(place + 28, 2))
      let name = String(decoding: bytes[place + 30..<place + 30 + nameLength], as: UTF8.self)
      let start = place + 30 + nameLength + extraLength
      let headerLength = number(start + 8, 2)
      let header = String(decoding: bytes[start + 10..<start + 10 + headerLength], as: UTF8.self)
      let type = header.components(separatedBy: "'")[3]
      let tuple = header.components(separatedBy: "(")[1].components(separatedBy: ")")[0]
      let shape = tuple.components(separatedBy: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
      arrays[String(name.dropLast(4))] = Array(
        type: type, shape: shape, bytes: Data(bytes[start + 10 + headerLength..<start + size]))
      place = start + size
    }
    return arrays
  }
}
