import Probability

/// Damage to VNN-LIB texts, in their bytes and in their tokens: lost and repeated ones, expressions moved or taken from
/// another text, declarations that occur twice, deep nesting, long numbers, huge shapes.
public enum QueryMutation {
  private static let words: [[UInt8]] = [
    "(", ")", "[", "]", ",", "and", "or", "<", "<=", ">", ">=", "==", "!=", "=", "distinct", "not", "+", "-", "*", "/",
    "assert", "declare-const", "declare-fun", "declare-network", "declare-input", "declare-hidden", "declare-output",
    "equal-to", "isomorphic-to", "vnnlib-version", "<2.0>", "<1.0>", "<99999999999999999999.0>", "Real", "real",
    "float32",
    "int64", "bool", "X", "Y", "X_0", "X_1", "Y_0", "Y_99999999999999999999", "X_007", "X[0]", "X[0,0]", "X[-1]", "X[]",
    "[2147483648,2147483648,4]", "[9223372036854775807]", "[0]", "\"a\"", "\"", ";", "\n", "\r", "\t", "\u{0}", "é",
    "\u{FEFF}",
    "0", "-0.0", "1", "-1", "1e5", "1e-400", "1e400", "1e999999999999", "1E+5", ".5", "5.", "-.5", "+1", "nan", "inf",
    "0x10", "1_000", "9223372036854775808", "(and)", "(or)", "(+)", "(* X_0 X_0 X_0 Y_0)", "(- 1.0)", "(check-sat)",
  ].map { Array($0.utf8) }

  /// A damaged copy of a text; `donor` is another one, of which expressions may be taken over.
  ///
  /// The result is at most a few times as long as the text and the donor, or some tens of kilobytes. O(bytes).
  public static func mutated(_ text: [UInt8], donor: [UInt8], using random: inout RandomSource) -> [UInt8] {
    guard random.index(below: 6) > 0 else { return ByteMutation.mutated(text, donor: donor, using: &random) }
    var tokens = tokens(of: text)
    for _ in 0..<random.damageCount() { damage(&tokens, donor: donor, using: &random) }
    return Array(tokens.joined())
  }

  private static func damage(
    _ tokens: inout [ArraySlice<UInt8>], donor: [UInt8], using random: inout RandomSource
  ) {
    let position = random.index(below: tokens.count + 1)
    switch random.index(below: 12) {
    case 0: if position < tokens.count { tokens.remove(at: position) }
    case 1: tokens.insert(random.pick(words)[...], at: position)
    case 2, 3: if position < tokens.count { tokens[position] = random.pick(words)[...] }
    case 4: if position < tokens.count { tokens.swapAt(position, random.index(below: tokens.count)) }
    case 5:
      let end = expressionEnd(from: position, in: tokens)
      tokens.removeSubrange(position..<end)
    case 6:
      let end = expressionEnd(from: position, in: tokens)
      tokens.insert(contentsOf: Array(tokens[position..<end]), at: random.pick([position, tokens.count]))
    case 7:
      let end = expressionEnd(from: position, in: tokens)
      let others = Self.tokens(of: donor)
      let start = random.index(below: others.count + 1)
      tokens.replaceSubrange(position..<end, with: others[start..<expressionEnd(from: start, in: others)])
    case 8:
      let end = expressionEnd(from: position, in: tokens)
      wrap(&tokens, position..<end, using: &random)
    case 9: if position < tokens.count { tokens[position] = longNumber(using: &random)[...] }
    case 10: tokens.removeSubrange(position...)
    default:
      let other = random.index(below: tokens.count + 1)
      let moved = Array(tokens[position..<expressionEnd(from: position, in: tokens)])
      tokens.insert(contentsOf: moved, at: other)
    }
  }

  /// The expression between parentheses, as deep as readers allow and deeper.
  private static func wrap(
    _ tokens: inout [ArraySlice<UInt8>], _ range: Range<Int>, using random: inout RandomSource
  ) {
    let depth = random.pick([1, 2, 10, 398, 401, random.index(below: 64) == 0 ? 20_000 : 3])
    let opening = Array(random.pick(["(", "(and ", "(or ", "(- ", "(+ ", "(assert ", "(* 2.0 "]).utf8)
    let closings = random.index(below: 8) == 0 ? random.index(below: depth + 1) : depth
    tokens.insert(contentsOf: Array(repeating: [UInt8(ascii: ")")][...], count: closings), at: range.upperBound)
    tokens.insert(contentsOf: Array(repeating: opening[...], count: depth), at: range.lowerBound)
  }

  private static func longNumber(using random: inout RandomSource) -> [UInt8] {
    let length = random.pick([20, 300, 900, 1001, random.index(below: 64) == 0 ? 50_000 : 40])
    var digits = (0..<length).map { _ in UInt8(ascii: "0") + UInt8(random.index(below: 10)) }
    if random.index(below: 2) == 0 { digits[random.index(below: length)] = UInt8(ascii: ".") }
    return digits
  }

  /// The index after the expression, or the single token, that begins at `start`; the end where it is not closed.
  private static func expressionEnd(from start: Int, in tokens: [ArraySlice<UInt8>]) -> Int {
    var depth = 0
    for position in start..<tokens.count {
      if tokens[position].elementsEqual([UInt8(ascii: "(")]) { depth += 1 }
      if tokens[position].elementsEqual([UInt8(ascii: ")")]) { depth -= 1 }
      if depth <= 0 { return position + 1 }
    }
    return tokens.count
  }

  /// Parentheses, white space and what stands between; joined they are the text.
  private static func tokens(of text: [UInt8]) -> [ArraySlice<UInt8>] {
    var tokens: [ArraySlice<UInt8>] = []
    var start = 0
    while start < text.count {
      let kind = Kind(text[start])
      var end = start + 1
      if kind != .parenthesis { while end < text.count, Kind(text[end]) == kind { end += 1 } }
      tokens.append(text[start..<end])
      start = end
    }
    return tokens
  }

  private enum Kind {
    case parenthesis, space, word

    init(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: ")"): self = .parenthesis
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): self = .space
      default: self = .word
      }
    }
  }
}
