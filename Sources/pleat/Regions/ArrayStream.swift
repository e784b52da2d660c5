import Datasets
import Foundation

/// Arrays that grow row by row on disk and become one `.npz` file in the end: memory does not grow with them.
///
/// Each array is a file without a name in the folder of the result, which disappears with the program whatever happens.
final class ArrayStream {
  /// The types that are written, by their names in NumPy.
  enum ElementType: String {
    case float64 = "<f8"
    case int64 = "<i8"
    case int32 = "<i4"
    case uint8 = "|u1"

    var width: Int {
      switch self {
      case .float64, .int64: 8
      case .int32: 4
      case .uint8: 1
      }
    }
  }

  struct Column {
    var name: String
    var type: ElementType
    /// The extents after the first one, which is the number of rows.
    var rowShape: [Int]
  }

  private struct Store {
    var column: Column
    var descriptor: Int32
    var buffer: [UInt8] = []
    var bytes = 0
  }

  private let path: String
  private var stores: [Store] = []

  init(path: String, columns: [Column]) throws {
    self.path = path
    for column in columns {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      let name = folder.appendingPathComponent(".\(UUID().uuidString).npy").path
      let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
      guard descriptor >= 0 else {
        throw FileError(
          path: path,
          "cannot be written: "
            + "\(String(cString: strerror(errno)))")
      }
      unlink(name)
      stores.append(Store(column: column, descriptor: descriptor))
    }
  }

  deinit { for store in stores { close(store.descriptor) } }

  /// Adds the rows of one region, a part for each array.
  func append(_ parts: [[UInt8]]) throws {
    for (index, part) in parts.enumerated() {
      stores[index].buffer += part
      stores[index].bytes += part.count
      if stores[index].buffer.count >= 1 << 18 { try flush(index) }
    }
  }

  private func flush(_ index: Int) throws {
    do {
      try stores[index].buffer.withUnsafeBytes { try RawFile.write($0, to: stores[index].descriptor) }
    } catch let error as RawFile.Fault {
      throw FileError(path: path, error.reason)
    }
    stores[index].buffer.removeAll(keepingCapacity: true)
  }

  /// Writes the file.
  func finish() throws {
    let zip = try ZipStream(path: path)
    for index in stores.indices {
      try flush(index)
      let store = stores[index]
      let header = Self.header(store.column, bytes: store.bytes)
      lseek(store.descriptor, 0, SEEK_SET)
      try zip.add(name: store.column.name + ".npy", header: header, rest: store.descriptor, restBytes: store.bytes)
    }
    try zip.finish()
  }

  /// NumPy Enhancement Proposal 1, version 1.0.
  private static func header(_ column: Column, bytes: Int) -> [UInt8] {
    let rowBytes = column.rowShape.reduce(column.type.width, *)
    let shape = [rowBytes == 0 ? 0 : bytes / rowBytes] + column.rowShape
    let tuple = "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
    let text = "{'descr': '\(column.type.rawValue)', 'fortran_order': False, 'shape': \(tuple), }"
    let total = (10 + text.utf8.count + 1 + 63) / 64 * 64
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    header += [UInt8(truncatingIfNeeded: total - 10), UInt8(truncatingIfNeeded: (total - 10) >> 8)]
    header += text.utf8
    header += [UInt8](repeating: 0x20, count: total - header.count - 1)
    return header + [0x0A]
  }
}

/// A zip file of stored members, each copied from an open file; with the zip64 fields where a size needs them.
///
/// Source: PKWARE, .ZIP File Format Specification, 6.3.10.
private final class ZipStream {
  private let file: StreamedFile
  private var directory: [UInt8] = []
  private var offset = 0
  private var count = 0

  init(path: String) throws { file = try StreamedFile(path: path) }

  func add(name: String, header: [UInt8], rest: Int32, restBytes: Int) throws {
    var sum = Checksum()
    sum.add(header)
    try forEachPiece(of: rest) { sum.add($0) }
    let size = header.count + restBytes
    let needsWide = size >= 0xFFFF_FFFF || offset >= 0xFFFF_FFFF
    var common: [UInt8] = []
    common.append(number: needsWide ? 45 : 20, width: 2)
    common.append(number: 0, width: 4)
    // 1 January 1980, so that the same regions give the same file.
    common.append(number: 0x0021_0000, width: 4)
    common.append(number: Int(sum.value), width: 4)
    for _ in 0..<2 { common.append(number: needsWide ? 0xFFFF_FFFF : size, width: 4) }
    common.append(number: name.utf8.count, width: 2)
    var local: [UInt8] = []
    local.append(number: 0x0403_4b50, width: 4)
    local += common
    local.append(number: needsWide ? 20 : 0, width: 2)
    local += name.utf8
    if needsWide { local += Self.wide([size, size]) }
    directory.append(number: 0x0201_4b50, width: 4)
    directory.append(number: needsWide ? 45 : 20, width: 2)
    directory += common
    directory.append(number: needsWide ? 28 : 0, width: 2)
    directory.append(number: 0, width: 2 + 2 + 2)
    directory.append(number: 0, width: 4)
    directory.append(number: needsWide ? 0xFFFF_FFFF : offset, width: 4)
    directory += name.utf8
    if needsWide { directory += Self.wide([size, size, offset]) }
    try file.write(local)
    try file.write(header)
    lseek(rest, 0, SEEK_SET)
    try forEachPiece(of: rest) { try file.write($0) }
    offset += local.count + size
    count += 1
  }

  func finish() throws {
    var end: [UInt8] = []
    if offset >= 0xFFFF_FFFF {
      let start = offset + directory.count
      end.append(number: 0x0606_4b50, width: 4)
      end.append(number: 44, width: 8)
      end.append(number: 45, width: 2)
      end.append(number: 45, width: 2)
      end.append(number: 0, width: 8)
      for value in [count, count, directory.count, offset] { end.append(number: value, width: 8) }
      end.append(number: 0x0706_4b50, width: 4)
      end.append(number: 0, width: 4)
      end.append(number: start, width: 8)
      end.append(number: 1, width: 4)
    }
    end.append(number: 0x0605_4b50, width: 4)
    end.append(number: 0, width: 4)
    for _ in 0..<2 { end.append(number: count, width: 2) }
    end.append(number: directory.count, width: 4)
    end.append(number: min(offset, 0xFFFF_FFFF), width: 4)
    end.append(number: 0, width: 2)
    try file.write(directory)
    try file.write(end)
    try file.commit()
  }

  private static func wide(_ numbers: [Int]) -> [UInt8] {
    var field: [UInt8] = []
    field.append(number: 1, width: 2)
    field.append(number: 8 * numbers.count, width: 2)
    for number in numbers { field.append(number: number, width: 8) }
    return field
  }

  private func forEachPiece(of descriptor: Int32, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { room.deallocate() }
    while true {
      let count = try RawFile.read(descriptor, into: room)
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: room[..<count]))
    }
  }
}

/// The CRC-32 of zip files, polynomial 0xEDB88320.
private struct Checksum {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  private var state: UInt32 = 0xFFFF_FFFF

  var value: UInt32 { ~state }

  mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    Self.table.withUnsafeBufferPointer { table in
      for byte in bytes { state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8 }
    }
  }
}

extension [UInt8] {
  /// Little-endian.
  fileprivate mutating func append(number: Int, width: Int) {
    for place in 0..<width { append(UInt8(truncatingIfNeeded: number >> Swift.min(8 * place, 63))) }
  }
}
