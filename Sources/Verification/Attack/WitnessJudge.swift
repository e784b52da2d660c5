import Exact
import Networks
import Queries

/// Decides whether a point satisfies a case of a query: over the real numbers, and as single precision computes the
/// outputs.
struct WitnessJudge {
  private let problem: QueryProblem
  private let program: StageProgram
  private let item: QueryCase
  private let pass: BatchPass
  /// The outputs that the case's constraints speak of, and where each is among them.
  private let outputs: [Int]
  private let places: [Int: Int]

  init(_ problem: QueryProblem, _ program: StageProgram, _ item: QueryCase, _ pass: BatchPass) {
    self.problem = problem
    self.program = program
    self.item = item
    self.pass = pass
    var numbers: Set<Int> = []
    for element in item.constraints.flatMap(\.polynomial.elements) {
      if case .output(let output) = problem.places[element] { numbers.insert(output) }
    }
    outputs = numbers.sorted()
    places = Dictionary(uniqueKeysWithValues: outputs.enumerated().map { ($1, $0) })
  }

  /// Whether the case, and so the query, holds over the real numbers. Doubles with bounds on their errors decide, and
  /// where they cannot, rationals. O(parameters).
  func holds(at point: [Rational]) -> Bool {
    holdsInEnclosure(at: point, .real) ?? problem.holds(at: point)
  }

  /// Whether the case holds as single precision computes the outputs. O(parameters).
  func singlePrecision(at point: [Rational]) -> SinglePrecisionAgreement {
    switch holdsInEnclosure(at: point, .single) {
    case true?: .always
    case false?: .no
    case nil: holdsInNaturalOrder(at: point) ? .inNaturalOrder : .no
    }
  }

  /// Nil when the bounds do not decide.
  private func holdsInEnclosure(at point: [Rational], _ arithmetic: RoundingEnclosure.Arithmetic) -> Bool? {
    guard isInBox(point) else { return false }
    let enclosure = RoundingEnclosure(program, at: point, arithmetic)
    let values = enclosure.values(of: outputs.map { problem.network.outputs[$0] }, pass)
    var isSure = true
    for constraint in item.constraints {
      switch holds(constraint, at: point, { values[places[$0]!] }) {
      case true?: break
      case false?: return false
      case nil: isSure = false
      }
    }
    return isSure ? true : nil
  }

  private func isInBox(_ point: [Rational]) -> Bool {
    item.box.allSatisfy { bound in
      guard case .input(let input) = problem.places[bound.element] else { return false }
      return bound.range.contains(point[input])
    }
  }

  private func holds(
    _ constraint: QueryCase.Constraint, at point: [Rational], _ output: (Int) -> Interval
  ) -> Bool? {
    let inputs = constraint.polynomial.elements.allSatisfy {
      if case .input = problem.places[$0] { true } else { false }
    }
    if inputs {
      return constraint.range.contains(
        constraint.polynomial.value {
          if case .input(let input) = problem.places[$0] { point[input] } else { .zero }
        })
    }
    let value = constraint.polynomial.enclosure {
      switch problem.places[$0] {
      case .input(let input): Interval(point[input])
      case .output(let number): output(number)
      }
    }
    return constraint.range.contains(value)
  }

  private func holdsInNaturalOrder(at point: [Rational]) -> Bool {
    let values = program.singlePrecisionValues(at: point.map { Float($0.nearbyDouble) })
    let results = outputs.map { problem.network.outputs[$0].singlePrecision(values) }
    guard results.allSatisfy(\.isFinite) else { return false }
    return item.constraints.allSatisfy { constraint in
      constraint.range.contains(
        constraint.polynomial.value {
          switch problem.places[$0] {
          case .input(let input): point[input]
          case .output(let number): Rational(exactly: Double(results[places[number]!]))
          }
        })
    }
  }
}

extension Polynomial {
  /// An interval that contains the value for all values of the elements in their intervals.
  func enclosure(_ element: (Int) -> Interval) -> Interval {
    var sum = Interval(constant)
    for term in linear { sum = sum + Interval(term.coefficient) * element(term.element) }
    for term in products {
      sum = sum + term.elements.reduce(Interval(term.coefficient)) { $0 * element($1) }
    }
    return sum
  }
}

extension ValueRange {
  /// Whether all numbers of an interval are in the range; nil when some may be and some not.
  func contains(_ interval: Interval) -> Bool? {
    if interval.lower.isFinite, interval.upper.isFinite {
      let ends = [contains(Rational(exactly: interval.lower)), contains(Rational(exactly: interval.upper))]
      if ends == [true, true] { return true }
    }
    if let lower, interval.upper < lower.value.roundedDown { return false }
    if let upper, interval.lower > upper.value.roundedUp { return false }
    return nil
  }
}
