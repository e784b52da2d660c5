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

  /// The next word's bytes.
  mutating func word() -> ArraySlice<UInt8>? { range().map { bytes[$0] } }

  /// The next word as a decimal integer; nil, with the position kept, when it is none.
  mutating func integer() -> Int? {
    let start = position
    guard let range = range(), let value = decimal(range) else {
      position = start
      return nil
    }
    return value
  }

  /// Decimal digits with an optional minus sign, within the range of `Int`.
  private func decimal(_ range: Range<Int>) -> Int? {
    let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
    let digits = isNegative ? range.dropFirst() : range
    guard !digits.isEmpty, digits.count <= 19 else { return nil }
    var value = 0
    for index in digits {
      let digit = Int(bytes[index]) - Int(UInt8(ascii: "0"))
      guard (0...9).contains(digit) else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return isNegative ? -value : value
  }

  /// One multiplier of a leaf.
  struct Entry {
    /// The unit of a half-space; nil for a sample.
    var unit: Int?
    /// The sample, or the half-space's site.
    var index: Int
    /// A small multiplier; nil for a large one, whose hexadecimal digits follow.
    var small: Int?
    var digits: ArraySlice<UInt8>
  }

  /// `index:m`, `index=h`, `unit.index:m` or `unit.index=h`; nil, with the position kept, for anything else.
  mutating func entry() -> Entry? {
    let start = position
    guard let range = range(), let entry = entry(in: range) else {
      position = start
      return nil
    }
    return entry
  }

  private func entry(in range: Range<Int>) -> Entry? {
    guard let mark = bytes[range].firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }),
      mark > range.lowerBound, mark + 1 < range.upperBound
    else { return nil }
    var unit: Int?
    var name = range.lowerBound..<mark
    if let dot = bytes[name].firstIndex(of: UInt8(ascii: ".")) {
      guard dot > name.lowerBound, dot + 1 < mark, let value = decimal(name.lowerBound..<dot) else { return nil }
      unit = value
      name = dot + 1..<mark
    }
    guard let index = decimal(name) else { return nil }
    let digits = mark + 1..<range.upperBound
    if bytes[mark] == UInt8(ascii: "=") { return Entry(unit: unit, index: index, small: nil, digits: bytes[digits]) }
    guard let value = decimal(digits) else { return nil }
    return Entry(unit: unit, index: index, small: value, digits: bytes[digits])
  }
}
