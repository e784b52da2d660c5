import Datasets
import Foundation
import LinearAlgebra

/// The arrays of an `.npz` file, as `numpy.savez` writes them: each of its own shape, not the columns of a table.
struct NumpyArchive {
  struct Array {
    var shape: [Int]
    /// Row after row.
    var values: [Double]
  }

  let path: String
  private(set) var arrays: [String: Array] = [:]

  /// Reads real arrays in little-endian order. O(bytes).
  ///
  /// - Throws: `FileError`, also for a compressed member.
  init(path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, "cannot be read; name a network as .onnx or .npz")
    }
    let bytes = ByteView(bytes: [UInt8](data), path: path)
    for member in try bytes.members() where member.name.hasSuffix(".npy") {
      arrays[String(member.name.dropLast(4))] = try bytes.array(member)
    }
  }

  /// A matrix; the array must be 2-D.
  func matrix(_ name: String) throws -> Matrix {
    let array = try array(name, dimensions: 2)
    return Matrix(rows: array.shape[0], columns: array.shape[1], elements: array.values)
  }

  func vector(_ name: String) throws -> [Double] { try array(name, dimensions: 1).values }

  private func array(_ name: String, dimensions: Int) throws -> Array {
    guard let array = arrays[name] else {
      let names = arrays.keys.sorted().joined(separator: ", ")
      throw FileError(
        path: path,
        "has no array \(name). A network is W0, b0, W1, b1 … with each W [outputs × inputs]; the file has \(names)")
    }
    guard array.shape.count == dimensions else {
      throw FileError(
        path: path,
        "array \(name) is \(array.shape.count)-dimensional; it must be "
          + "\(dimensions)-dimensional")
    }
    return array
  }
}

/// Numbers at places of a zip file, each checked to be there.
private struct ByteView {
  let bytes: [UInt8]
  let path: String

  struct Member {
    var name: String
    var contents: Range<Int>
  }

  private func fault(_ reason: String) -> FileError { FileError(path: path, reason) }

  private func number(at offset: Int, width: Int) throws -> Int {
    guard offset >= 0, offset <= bytes.count - width else { throw fault("is a damaged .npz file: it ends too soon") }
    return (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  private func text(_ range: Range<Int>) throws -> String {
    guard range.upperBound <= bytes.count else { throw fault("is a damaged .npz file: it ends too soon") }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// What the central directory at the file's end lists.
  func members() throws -> [Member] {
    let recordLength = 22
    var end = bytes.count - recordLength
    while end >= 0, try number(at: end, width: 4) != 0x0605_4b50 { end -= 1 }
    guard end >= 0 else { throw fault("is no .npz file: it has no zip directory") }
    var entry = try number(at: end + 16, width: 4)
    var members: [Member] = []
    for _ in 0..<(try number(at: end + 10, width: 2)) {
      guard try number(at: entry, width: 4) == 0x0201_4b50 else { throw fault("is a damaged .npz file") }
      let nameLength = try number(at: entry + 28, width: 2)
      let name = try text(entry + 46..<entry + 46 + nameLength)
      guard try number(at: entry + 10, width: 2) == 0 else {
        throw fault("array \(name) is compressed; write the network with numpy.savez, not savez_compressed")
      }
      let size = try number(at: entry + 24, width: 4)
      let header = try number(at: entry + 42, width: 4)
      let start = header + 30 + (try number(at: header + 26, width: 2)) + (try number(at: header + 28, width: 2))
      guard start <= bytes.count, size <= bytes.count - start else { throw fault("is a damaged .npz file") }
      members.append(Member(name: name, contents: start..<start + size))
      entry += 46 + nameLength + (try number(at: entry + 30, width: 2)) + (try number(at: entry + 32, width: 2))
    }
    return members
  }

  /// Reads a member in NumPy's format (NumPy Enhancement Proposal 1).
  func array(_ member: Member) throws -> NumpyArchive.Array {
    let start = member.contents.lowerBound
    guard member.contents.count >= 12, try number(at: start, width: 4) == 0x4d55_4e93 else {
      throw fault("\(member.name) is no .npy array")
    }
    let lengthWidth = bytes[start + 6] == 1 ? 2 : 4
    let headerEnd = start + 8 + lengthWidth + (try number(at: start + 8, width: lengthWidth))
    guard headerEnd <= member.contents.upperBound else { throw fault("\(member.name) is damaged") }
    let header = try text(start + 8 + lengthWidth..<headerEnd)
    let type = field("descr", of: header)?.split(separator: "'").first.map(String.init) ?? ""
    let tuple = field("shape", of: header).map { $0.dropFirst().prefix { $0 != ")" } } ?? ""
    let extents = tuple.filter { $0 != " " }.split(separator: ",").map { Int($0) }
    let shape = extents.compactMap { $0 }
    let isFortranOrder = field("fortran_order", of: header)?.hasPrefix("True") ?? false
    guard ["<f4", "<f8"].contains(type) else {
      throw fault("\(member.name) holds '\(type)'; accepted are float32 ('<f4') and float64 ('<f8')")
    }
    let width = type == "<f4" ? 4 : 8
    let available = (member.contents.upperBound - headerEnd) / width
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { throw fault("\(member.name) has the impossible shape \(shape)") }
      count = product
    }
    guard shape.count == extents.count, count <= available else {
      throw fault("\(member.name) is damaged: its shape \(shape) needs more numbers than it has")
    }
    var values = bytes.withUnsafeBytes { buffer in
      (0..<count).map { index -> Double in
        let place = headerEnd + index * width
        if width == 8 {
          return Double(bitPattern: UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
        }
        return Double(
          Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: place, as: UInt32.self))))
      }
    }
    if isFortranOrder, shape.count == 2 {
      let columnMajor = values
      for row in 0..<shape[0] {
        for column in 0..<shape[1] { values[row * shape[1] + column] = columnMajor[column * shape[0] + row] }
      }
    }
    return NumpyArchive.Array(shape: shape, values: values)
  }

  /// What follows a key of the header's dictionary.
  private func field(_ key: String, of header: String) -> Substring? {
    guard let place = header.range(of: "'\(key)':") else { return nil }
    return header[place.upperBound...].drop { $0 == " " }
  }
}
