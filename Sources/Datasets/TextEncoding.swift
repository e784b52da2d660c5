/// Whether bytes are text that can be read, and where they stop being so.
enum TextEncoding {
  /// The number of bytes that a byte order mark takes at the beginning.
  static func markLength(_ bytes: [UInt8]) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// Throws `DatasetError` unless the bytes are UTF-8 without NUL. O(bytes).
  static func check(_ bytes: [UInt8], source: String) throws {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw DatasetError(source: source, "is UTF-16 text; save it as UTF-8")
    }
    if bytes.starts(with: [0x1F, 0x8B]) {
      throw DatasetError(source: source, "is compressed by gzip; decompress it first")
    }
    if let place = bytes.firstIndex(of: 0) {
      throw DatasetError(
        source: source, line: line(at: place, in: bytes),
        "line \(line(at: place, in: bytes)) holds a NUL byte: this is not a text file; accepted are "
          + "CSV text in UTF-8, .npy and .npz")
    }
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    let place = firstFault(bytes)
    let digits = String(bytes[place], radix: 16, uppercase: true)
    throw DatasetError(
      source: source, line: line(at: place, in: bytes),
      "line \(line(at: place, in: bytes)) is not UTF-8 (byte 0x\(digits)); save the file as UTF-8 text")
  }

  private static func firstFault(_ bytes: [UInt8]) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var place = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let unit): place += unit.count
      case .error, .emptyInput: return min(place, bytes.count - 1)
      }
    }
  }

  private static func line(at place: Int, in bytes: [UInt8]) -> Int {
    var line = 1
    for index in bytes[..<place].indices
    where bytes[index] == Byte.lineFeed || (bytes[index] == Byte.carriageReturn && bytes[index + 1] != Byte.lineFeed) {
      line += 1
    }
    return line
  }
}

/// The bytes that mean something in delimited text.
enum Byte {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "\"")
  static let hash = UInt8(ascii: "#")
  static let comma = UInt8(ascii: ",")
  static let point = UInt8(ascii: ".")

  static func isLineBreak(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }
  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
