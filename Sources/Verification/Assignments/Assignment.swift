import Exact
import Queries

/// A point that satisfies a query, as the formats of the field write it: a decimal for every element of every variable.
///
/// Inputs that are numbers of single precision are written with the fewest digits that read back to them *and* lie, taken as
/// decimals, in the box of the query; their exact expansion does so at the latest. So a reader may convert them to `float` or
/// take them as they stand. Other inputs are written exactly where a decimal of 80 places can, and otherwise with as many
/// digits as the query needs to hold. Outputs and hidden nodes are the exact values rounded, to the declared type if the query
/// then holds for the numbers as written, else with more digits.
public struct Assignment: Sendable {
  public let query: VNNLIBQuery
  /// For each element of the query the number that is written.
  public let values: [Rational]
  /// For each element the number as text.
  public let texts: [String]
  /// Whether the inputs as written, taken as decimals, satisfy the query exactly.
  public let holdsAsWritten: Bool
  /// Whether every input of the point is a number of the element type that the query declares for it.
  public let isRepresentable: Bool
  /// Whether every input of the point is a number of single precision.
  public let isSinglePrecision: Bool

  /// - Parameter point: a value for each input of the problem's network that satisfies the query.
  /// - Complexity: O(parameters) rational products, a few times.
  public init(_ problem: QueryProblem, at point: [Rational]) {
    query = problem.query
    let exact = problem.elements(at: point)
    isRepresentable = problem.query.variables.allSatisfy { variable in
      variable.role != .input || variable.elements.allSatisfy { Self.isNumber(exact[$0], of: variable.elementType) }
    }
    isSinglePrecision = point.allSatisfy(NumberFormat.single.contains)
    let ranges =
      problem.tree.flatMap { SatisfiedCase($0, at: exact)?.inputRanges(problem) }
      ?? Array(repeating: ValueRange(), count: point.count)

    var inputs: [String] = []
    var holds = false
    for effort in InputText.Effort.allCases {
      let texts = zip(point, ranges).map { InputText.text($0, in: $1, effort) }
      // The same text again would be judged the same again.
      if texts == inputs { continue }
      inputs = texts
      holds = problem.holds(at: Self.numbers(inputs))
      if holds { break }
    }
    holdsAsWritten = holds

    var texts = Array(repeating: "", count: exact.count)
    var values = exact
    for (element, place) in problem.places.enumerated() {
      guard case .input(let input) = place else { continue }
      texts[element] = Self.text(inputs[input], as: problem.query.variable(of: element).elementType)
      values[element] = Rational(texts[element]) ?? exact[element]
    }
    for digits in OutputText.allCases {
      for (element, place) in problem.places.enumerated() {
        guard case .output = place else { continue }
        let type = problem.query.variable(of: element).elementType
        texts[element] = Self.text(digits.text(exact[element], type), as: type)
        values[element] = Rational(texts[element]) ?? exact[element]
      }
      if problem.query.holds(at: { values[$0] }) { break }
    }
    self.texts = texts
    self.values = values
  }

  private static func numbers(_ texts: [String]) -> [Rational] { texts.map { Rational($0) ?? .zero } }

  private static func isNumber(_ value: Rational, of type: VNNLIBElementType) -> Bool {
    if type == .real { return true }
    // As text: rationals are made from integers of 64 bits.
    guard let range = type.integerRange, let least = Rational(range.lowerBound.description),
      let greatest = Rational(range.upperBound.description)
    else { return NumberFormat(type)?.contains(value) ?? false }
    return value.denominator == .one && least <= value && value <= greatest
  }

  /// Integers of an integer type are written without a point.
  private static func text(_ decimal: String, as type: VNNLIBElementType) -> String {
    type.integerRange != nil && decimal.hasSuffix(".0") ? String(decimal.dropLast(2)) : decimal
  }

  /// The command-line format of the standard: for each variable, in the order of declaration, a line with its name, type and
  /// shape, and then a line for each element.
  ///
  /// Source: VNN-LIB 2.0, section "Command-line assignment format".
  public var standardText: String {
    var text = ""
    for variable in query.variables {
      let shape = variable.shape.map(String.init).joined(separator: ",")
      text += "\(variable.name) \(variable.elementType.rawValue) [\(shape)]\n"
      for element in variable.elements { text += texts[element] + "\n" }
    }
    return text
  }

  /// The file of a counterexample as VNN-COMP takes it: the word `sat`, and then for version 1.0 one list of pairs
  /// `(X_0 1.5)`, for later versions the ``standardText``.
  public var competitionText: String {
    guard query.version == .one else { return "sat\n" + standardText }
    let pairs = texts.indices.map { "(\(query.name(of: $0)) \(texts[$0]))" }
    return "sat\n(\(pairs.joined(separator: "\n")))\n"
  }
}

/// How an input is written, with more and more digits.
private enum InputText {
  enum Effort: CaseIterable {
    /// The fewest digits that suffice for the element by itself.
    case shortest
    case exact
    case digits34
    case digits68
  }

  /// Single precision needs 149 decimal places at most, double precision 1074.
  private static let floatPlaces = 149
  private static let doublePlaces = 1074
  private static let otherPlaces = 80

  static func text(_ value: Rational, in range: ValueRange, _ effort: Effort) -> String {
    let double = value.nearbyDouble
    let isDouble = double.isFinite && Rational(exactly: double) == value
    let isFloat = isDouble && Double(Float(double)) == double
    let exact = DecimalText.exact(
      value, limit: isFloat ? floatPlaces : isDouble ? doublePlaces : otherPlaces)
    switch effort {
    case .shortest:
      let candidates =
        isFloat
        ? [DecimalText.shortest(Float(double))] + (8...17).map { DecimalText.rounded(value, digits: $0) }
        : isDouble ? [DecimalText.shortest(double)] : exact == nil ? [DecimalText.rounded(value, digits: 17)] : []
      let suitable = candidates.first { text in
        guard let number = Rational(text), range.contains(number) else { return false }
        return !isFloat || Float(text) == Float(double)
      }
      return suitable ?? exact ?? DecimalText.rounded(value, digits: 17)
    case .exact: return exact ?? DecimalText.rounded(value, digits: 17)
    case .digits34: return exact ?? DecimalText.rounded(value, digits: 34)
    case .digits68: return exact ?? DecimalText.rounded(value, digits: 68)
    }
  }
}

/// How an output is written, with more and more digits.
private enum OutputText: CaseIterable {
  case declaredType
  case double
  case digits34
  case digits68

  func text(_ value: Rational, _ type: VNNLIBElementType) -> String {
    let double = value.doubleValue
    // Beyond the range of doubles there is no shortest text.
    guard double.isFinite, double != 0 || value.signum == 0 else { return DecimalText.rounded(value, digits: 17) }
    switch self {
    case .declaredType where type == .float32 && Float(double).isFinite: return DecimalText.shortest(Float(double))
    case .declaredType, .double: return DecimalText.shortest(double)
    case .digits34: return DecimalText.rounded(value, digits: 34)
    case .digits68: return DecimalText.rounded(value, digits: 68)
    }
  }
}
