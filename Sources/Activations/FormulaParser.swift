import Datasets
import Foundation

extension Formula {
  /// The longest formula that is read, in characters.
  static let longestText = 4000
  /// How deep parentheses, functions and powers may be nested.
  static let deepestNesting = 100

  /// Reads a formula of x.
  ///
  ///     sum      = product { ("+" | "-") product }
  ///     product  = signed { ("*" | "/") signed }
  ///     signed   = ["-" | "+"] power
  ///     power    = atom ["^" ["-"] digits]
  ///     atom     = number | "x" | "pi" | "e" | "(" sum ")" | name "(" sum { "," sum } ")"
  ///
  /// Functions of one argument are those of ``Function`` and `abs`, `relu`, `step`, `sign`, `tan`, `sinh`, `cosh`; of
  /// two `max` and `min`; of three `clip(u, low, high)` and `where(u < v, then, otherwise)`, with any of `<`, `<=`,
  /// `>`, `>=`.
  ///
  /// - Throws: ``ActivationError`` with the place of the fault.
  /// - Complexity: O(characters).
  public init(parsing text: String) throws {
    guard text.count <= Self.longestText else {
      throw ActivationError(
        "the formula has \(text.count) characters; accepted are formulas of at most \(Self.longestText)")
    }
    var parser = FormulaParser(text)
    self = try parser.whole()
  }
}

private struct FormulaParser {
  private let text: String
  private let characters: [Character]
  private var place = 0
  private var depth = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  mutating func whole() throws -> Formula {
    let formula = try sum()
    skipBlanks()
    guard place == characters.count else {
      throw fault("'\(characters[place])' is not expected here; accepted are +, -, *, /, ^ and the end")
    }
    return formula
  }

  // Grammar, from the weakest binding to the strongest.

  private mutating func sum() throws -> Formula {
    var result = try product()
    while let sign = take(among: "+-") {
      let next = try product()
      result = sign == "+" ? result + next : result - next
    }
    return result
  }

  private mutating func product() throws -> Formula {
    var result = try signed()
    while let sign = take(among: "*/") {
      let next = try signed()
      result = sign == "*" ? result * next : result / next
    }
    return result
  }

  private mutating func signed() throws -> Formula {
    var isNegative = false
    while let sign = take(among: "+-") { isNegative = isNegative != (sign == "-") }
    let value = try power()
    return isNegative ? -value : value
  }

  private mutating func power() throws -> Formula {
    let base = try atom()
    guard take(among: "^") != nil else { return base }
    let isNegative = take(among: "-") != nil
    skipBlanks()
    let start = place
    let digits = takeWhile { $0.isASCII && $0.isNumber }
    guard let exponent = Int(digits), exponent <= 64, peek() != "." else {
      place = start
      throw fault("accepted exponents are whole numbers up to 64; write exp(a*log(u)) or sqrt(u) for others")
    }
    return base.raised(to: isNegative ? -exponent : exponent)
  }

  private mutating func atom() throws -> Formula {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Formula.deepestNesting else {
      throw fault("the formula is nested deeper than \(Formula.deepestNesting) levels")
    }
    skipBlanks()
    guard let first = peek() else { throw fault("the formula ends where a value is expected") }
    if first == "(" {
      place += 1
      let inner = try sum()
      try expect(")")
      return inner
    }
    if first == "." || (first.isASCII && first.isNumber) { return try number() }
    guard first == "x" || first.isLetter else {
      throw fault("'\(first)' is not expected here; accepted are numbers, x, functions and parentheses")
    }
    return try named()
  }

  private mutating func number() throws -> Formula {
    let start = place
    _ = takeWhile { $0.isASCII && ($0.isNumber || $0 == ".") }
    if let mark = peek(), mark == "e" || mark == "E" {
      var next = place + 1
      if next < characters.count, "+-".contains(characters[next]) { next += 1 }
      if next < characters.count, characters[next].isASCII, characters[next].isNumber {
        place = next
        _ = takeWhile { $0.isASCII && $0.isNumber }
      }
    }
    guard let value = Double(String(characters[start..<place])), value.isFinite else {
      let written = String(characters[start..<place])
      place = start
      throw fault("'\(written)' is no number")
    }
    return .constant(value)
  }

  private mutating func named() throws -> Formula {
    let start = place
    let name = takeWhile { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    skipBlanks()
    guard peek() == "(" else {
      switch name {
      case "x": return .variable
      case "pi": return .constant(.pi)
      case "e": return .constant(M_E)
      default:
        place = start
        throw unknown(name.isEmpty ? String(characters[start]) : name, calls: false)
      }
    }
    guard Self.names.contains(name) else {
      place = start
      throw unknown(name, calls: true)
    }
    place += 1
    let result = name == "where" ? try conditional() : try call(name, at: start)
    try expect(")")
    return result
  }

  private static let names =
    Formula.Function.allCases.map(\.rawValue)
    + ["abs", "relu", "step", "sign", "tan", "sinh", "cosh", "max", "min", "clip", "where"]

  private mutating func conditional() throws -> Formula {
    let left = try sum()
    guard let sign = take(among: "<>") else { throw fault("a condition needs one of <, <=, >, >=") }
    let isWide = peek() == "="
    if isWide { place += 1 }
    let right = try sum()
    try expect(",")
    let then = try sum()
    try expect(",")
    let otherwise = try sum()
    // "Not greater" is what the wide comparisons deny.
    let test = (sign == "<") != isWide ? right - left : left - right
    return isWide ? test.choosing(then: otherwise, otherwise: then) : test.choosing(then: then, otherwise: otherwise)
  }

  private mutating func call(_ name: String, at start: Int) throws -> Formula {
    var arguments = [try sum()]
    while take(among: ",") != nil { arguments.append(try sum()) }
    let wanted = ["max": 2, "min": 2, "clip": 3][name] ?? 1
    guard arguments.count == wanted else {
      place = start
      throw fault("\(name) takes \(wanted) argument\(wanted == 1 ? "" : "s"), here it has \(arguments.count)")
    }
    let u = arguments[0]
    switch name {
    case "abs": return u.choosing(then: u, otherwise: -u)
    case "relu": return u.choosing(then: u, otherwise: .constant(0))
    case "step": return u.choosing(then: .constant(1), otherwise: .constant(0))
    case "sign":
      return u.choosing(then: .constant(1), otherwise: (-u).choosing(then: .constant(-1), otherwise: .constant(0)))
    case "tan": return u.applying(.sin) / u.applying(.cos)
    case "sinh": return .constant(0.5) * (u.applying(.exp) - (-u).applying(.exp))
    case "cosh": return .constant(0.5) * (u.applying(.exp) + (-u).applying(.exp))
    case "max": return (u - arguments[1]).choosing(then: u, otherwise: arguments[1])
    case "min": return (u - arguments[1]).choosing(then: arguments[1], otherwise: u)
    case "clip":
      let (low, high) = (arguments[1], arguments[2])
      return (u - high).choosing(then: high, otherwise: (u - low).choosing(then: u, otherwise: low))
    default:
      guard let function = Formula.Function(rawValue: name) else { throw unknown(name, calls: true) }
      return u.applying(function)
    }
  }

  // Characters.

  private func peek() -> Character? { place < characters.count ? characters[place] : nil }

  private mutating func skipBlanks() { _ = takeWhile { $0.isWhitespace } }

  private mutating func takeWhile(_ accepts: (Character) -> Bool) -> String {
    let start = place
    while let next = peek(), accepts(next) { place += 1 }
    return String(characters[start..<place])
  }

  private mutating func take(among accepted: String) -> Character? {
    skipBlanks()
    guard let next = peek(), accepted.contains(next) else { return nil }
    place += 1
    return next
  }

  private mutating func expect(_ wanted: String) throws {
    guard take(among: wanted) != nil else {
      throw fault("'\(wanted)' is expected here, found \(peek().map { "'\($0)'" } ?? "the end")")
    }
  }

  private func fault(_ reason: String) -> ActivationError {
    .inFormula(text, position: place + 1, reason)
  }

  private func unknown(_ name: String, calls: Bool) -> ActivationError {
    let candidates = calls ? Self.names : ["x", "pi", "e"]
    let nearest = nearestName(to: name, among: candidates).map { "; did you mean \($0)?" } ?? ""
    if !calls, Self.names.contains(name) { return fault("\(name) is a function: write \(name)(x)") }
    return fault(
      calls
        ? "there is no function '\(name)'\(nearest) There are \(candidates.joined(separator: ", "))"
        : "there is no '\(name)'\(nearest) The variable is x; the constants are pi and e")
  }
}
