import Exact
import Queries

/// Where a point stands in the range of an input.
public struct InputPosition: Sendable, Hashable {
  /// The number of the input of the problem's network.
  public var input: Int
  /// The elements of the query that are this input, by name; more than one where the query says that inputs are equal.
  public var names: [String]
  public var value: Double
  /// The range in the satisfied case, rounded outwards; infinite where the query does not bound it.
  public var range: Interval

  /// The distance from the centre of the range in units of half its width: −1 at the lower end, 1 at the upper. Nil where
  /// the range is a single number or unbounded.
  public var offset: Double? {
    let width = range.upper - range.lower
    guard width > 0, width.isFinite else { return nil }
    return 2 * (value - range.lower) / width - 1
  }
}

extension QueryProblem {
  /// For each input of the network the names of the query's elements that are this input.
  public var inputNames: [[String]] {
    var names: [[String]] = Array(repeating: [], count: network.inputCount)
    for (element, place) in places.enumerated() {
      if case .input(let input) = place { names[input].append(query.name(of: element)) }
    }
    return names
  }

  /// A polynomial in the notation of mathematics, with the names of the query's elements and six significant digits.
  func text(_ polynomial: Polynomial) -> String {
    var text = ""
    func add(_ coefficient: Rational, _ name: String) {
      let number = coefficient.magnitude == .one ? "" : DecimalText.short(coefficient.magnitude) + " "
      let sign = coefficient.signum < 0 ? (text.isEmpty ? "−" : " − ") : text.isEmpty ? "" : " + "
      text += sign + number + name
    }
    for term in polynomial.linear { add(term.coefficient, query.name(of: term.element)) }
    for term in polynomial.products {
      add(term.coefficient, term.elements.map(query.name(of:)).joined(separator: " "))
    }
    if polynomial.constant.signum != 0 || text.isEmpty {
      let sign = polynomial.constant.signum < 0 ? (text.isEmpty ? "−" : " − ") : text.isEmpty ? "" : " + "
      text += sign + DecimalText.short(polynomial.constant.magnitude)
    }
    return text
  }
}
