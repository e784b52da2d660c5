/// What the text of a cell is, judged by its form alone.
enum CellForm: Equatable {
  /// A decimal number; a leading `+` is not part of the literal.
  case number(hasPlus: Bool, mark: DecimalMark)
  /// Empty, or a word that stands for a missing value.
  case missing
  /// An infinity, which is a number but no measurement.
  case infinite
  case text

  enum DecimalMark {
    case none
    case point
    case comma
  }
}

extension CellForm {
  private static let missingWords: Set<String> = ["na", "n/a", "nan", "null", "none", "?"]
  private static let infiniteWords: Set<String> = ["inf", "infinity", "∞"]

  /// Reads `[+-]? (digits [mark digits*] | mark digits) ([eE] [+-]? digits)?`. O(length).
  init(_ text: UnsafeBufferPointer<UInt8>, allowingComma: Bool) {
    guard let first = text.first else {
      self = .missing
      return
    }
    var rest = text[...]
    if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { rest.removeFirst() }
    var digitCount = Self.skipDigits(&rest)
    var mark = DecimalMark.none
    if let byte = rest.first, byte == Byte.point || (allowingComma && byte == Byte.comma) {
      mark = byte == Byte.point ? .point : .comma
      rest.removeFirst()
      digitCount += Self.skipDigits(&rest)
    }
    var isNumber = digitCount > 0
    if isNumber, let byte = rest.first, byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
      isNumber = Self.skipDigits(&rest) > 0
    }
    self = isNumber && rest.isEmpty ? .number(hasPlus: first == UInt8(ascii: "+"), mark: mark) : Self.word(text)
  }

  private static func skipDigits(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    let digits = rest.prefix(while: Byte.isDigit)
    rest = rest[digits.endIndex...]
    return digits.count
  }

  private static func word(_ text: UnsafeBufferPointer<UInt8>) -> CellForm {
    // Longer than any of the words: text columns need not be made strings.
    guard text.count <= 9 else { return .text }
    let word = String(decoding: text, as: UTF8.self).lowercased()
    if missingWords.contains(word) { return .missing }
    let unsigned = word.hasPrefix("+") || word.hasPrefix("-") ? String(word.dropFirst()) : word
    if unsigned == "nan" { return .missing }
    return infiniteWords.contains(unsigned) ? .infinite : .text
  }
}
