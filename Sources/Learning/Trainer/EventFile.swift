import Datasets
import Foundation

/// A file of events as TensorBoard reads it: records of protocol buffers with masked CRC-32C checksums.
///
/// Sources: TensorFlow's `event.proto` and `summary.proto`, and the record format of `record_writer.cc`.
final class EventFile {
  private let handle: FileHandle

  /// Opens a file for appending; a new one gets the version's record. Throws `FileError`.
  init(path: String) throws {
    let isNew = !FileManager.default.fileExists(atPath: path)
    if isNew, !FileManager.default.createFile(atPath: path, contents: nil) {
      throw FileError(path: path, "cannot be created")
    }
    guard let handle = FileHandle(forWritingAtPath: path) else { throw FileError(path: path, "cannot be written") }
    self.handle = handle
    try handle.seekToEnd()
    if isNew {
      var event = ProtobufText()
      event.append(field: 1, double: Date().timeIntervalSince1970)
      event.append(field: 3, bytes: Array("brain.Event:2".utf8))
      try write(event.bytes)
    }
  }

  deinit { try? handle.close() }

  /// Numbers by name at a step.
  func write(step: Int, _ values: [(name: String, value: Double)]) throws {
    var summary = ProtobufText()
    for (name, value) in values {
      var entry = ProtobufText()
      entry.append(field: 1, bytes: Array(name.utf8))
      entry.append(field: 2, float: Float(value))
      summary.append(field: 1, bytes: entry.bytes)
    }
    try write(step: step, summary)
  }

  /// The distribution of numbers at a step, in bins whose limits grow by 10 %.
  func write(step: Int, histogram name: String, of values: [Double]) throws {
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let largest = finite.max() else { return }
    func bin(_ value: Double) -> Int {
      guard abs(value) >= 1e-30 else { return 0 }
      let place = Int((log(abs(value) / 1e-30) / log(1.1)).rounded(.up)) + 1
      return value < 0 ? -place : place
    }
    func limit(_ bin: Int) -> Double {
      bin == 0 ? 1e-30 : bin > 0 ? 1e-30 * pow(1.1, Double(bin - 1)) : -1e-30 * pow(1.1, Double(-bin - 2))
    }
    var counts: [Int: Double] = [:]
    for value in finite { counts[bin(value), default: 0] += 1 }
    let bins = counts.keys.sorted()
    var histogram = ProtobufText()
    histogram.append(field: 1, double: least)
    histogram.append(field: 2, double: largest)
    histogram.append(field: 3, double: Double(finite.count))
    histogram.append(field: 4, double: finite.reduce(0, +))
    histogram.append(field: 5, double: finite.reduce(0) { $0 + $1 * $1 })
    histogram.append(field: 6, doubles: bins.map(limit))
    histogram.append(field: 7, doubles: bins.map { counts[$0] ?? 0 })
    var entry = ProtobufText()
    entry.append(field: 1, bytes: Array(name.utf8))
    entry.append(field: 5, bytes: histogram.bytes)
    var summary = ProtobufText()
    summary.append(field: 1, bytes: entry.bytes)
    try write(step: step, summary)
  }

  private func write(step: Int, _ summary: ProtobufText) throws {
    var event = ProtobufText()
    event.append(field: 1, double: Date().timeIntervalSince1970)
    event.append(field: 2, integer: step)
    event.append(field: 5, bytes: summary.bytes)
    try write(event.bytes)
  }

  private func write(_ record: [UInt8]) throws {
    var bytes = withUnsafeBytes(of: UInt64(record.count).littleEndian) { Array($0) }
    bytes += Self.masked(bytes)
    bytes += record
    bytes += Self.masked(record)
    try handle.write(contentsOf: Data(bytes))
  }

  /// CRC-32C, turned and shifted, so that checksums of checksums are not trivial.
  static func masked(_ bytes: [UInt8]) -> [UInt8] {
    let crc = checksum(bytes)
    let masked = (crc >> 15 | crc << 17) &+ 0xa282_ead8
    return withUnsafeBytes(of: masked.littleEndian) { Array($0) }
  }

  /// CRC-32C (Castagnoli), reflected.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes { crc = crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 0xff)] }
    return ~crc
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
  }
}

/// The wire format of protocol buffers, as far as events need it.
private struct ProtobufText {
  private(set) var bytes: [UInt8] = []

  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(tag field: Int, wire: Int) { append(varint: UInt64(field << 3 | wire)) }

  mutating func append(field: Int, integer: Int) {
    append(tag: field, wire: 0)
    append(varint: UInt64(bitPattern: Int64(integer)))
  }

  mutating func append(field: Int, double: Double) {
    append(tag: field, wire: 1)
    withUnsafeBytes(of: double.bitPattern.littleEndian) { bytes += $0 }
  }

  mutating func append(field: Int, float: Float) {
    append(tag: field, wire: 5)
    withUnsafeBytes(of: float.bitPattern.littleEndian) { bytes += $0 }
  }

  mutating func append(field: Int, bytes content: [UInt8]) {
    append(tag: field, wire: 2)
    append(varint: UInt64(content.count))
    bytes += content
  }

  mutating func append(field: Int, doubles: [Double]) {
    append(
      field: field, bytes: doubles.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
    )
  }
}
