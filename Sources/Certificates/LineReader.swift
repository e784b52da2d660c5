/// Reads the lines of a search tree, a word at a time, straight from the text's bytes.
struct LineReader {
  private let bytes: [UInt8]
  private var position = 0
  private var end = 0
  private var nextStart = 0
  /// The line being read, from 1.
  private(set) var number = 0
  /// The first byte of the line; 0 after the last line.
  private(set) var kind: UInt8 = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// Moves to the next line that is not empty; false when there is none.
  mutating func next() -> Bool {
    while nextStart < bytes.count {
      position = nextStart
      end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      nextStart = end + 1
      number += 1
      if position < end {
        kind = bytes[position]
        position += 1
        return true
      }
    }
    number += 1
    kind = 0
    return false
  }

  /// Whether nothing but blanks is left on the line.
  var atEnd: Bool { bytes[position..<end].allSatisfy { $0 == UInt8(ascii: " ") } }

  private mutating func range() -> Range<Int>? {
    while position < end, bytes[position] == UInt8(ascii: " ") { position += 1 }
    let start = position
    while position < end, bytes[position] != UInt8(ascii: " ") { position += 1 }
    return start < position ? start..<position : nil
  }

  mutating func word() -> String? {
    range().map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// The next word as a decimal integer; nil, with the position kept, when it is none.
  mutating func integer() -> Int? {
    let start = position
    guard let range = range(), let value = Int(String(decoding: bytes[range], as: UTF8.self)) else {
      position = start
      return nil
    }
    return value
  }

  /// `index:digits`, `index=digits`, `unit.index:digits` or `unit.index=digits`.
  mutating func entry() -> (unit: Int?, index: Int, isLarge: Bool, digits: String)? {
    let start = position
    guard let range = range(),
      let mark = bytes[range].firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") })
    else {
      position = start
      return nil
    }
    let name = String(decoding: bytes[range.lowerBound..<mark], as: UTF8.self).split(separator: ".")
    let digits = String(decoding: bytes[mark + 1..<range.upperBound], as: UTF8.self)
    guard (1...2).contains(name.count), let index = Int(name[name.count - 1]) else {
      position = start
      return nil
    }
    let unit = name.count == 2 ? Int(name[0]) : nil
    if name.count == 2 && unit == nil {
      position = start
      return nil
    }
    return (unit, index, bytes[mark] == UInt8(ascii: "="), digits)
  }
}
