import Exact
import Networks
import PiecewiseLinear
import Polyhedra
import Queries

/// A closed cell of a network of hinges, in rationals: what decides where doubles and open sets do not.
struct ExactCell {
  private let problem: QueryProblem
  /// Every value of the network on the cell.
  private let values: [AffineFunction]
  /// Forms that are not negative exactly on the cell.
  private let sides: [AffineFunction]

  /// O(terms · inputs) rational products.
  ///
  /// - Parameter pattern: of the problem's network, by a layout whose first entries are those of the network.
  init(_ problem: QueryProblem, _ pattern: ActivationPattern, _ layout: PatternLayout) {
    let network = problem.network
    self.problem = problem
    var values = (0..<network.inputCount).map { input in
      var value = AffineFunction(constant: .zero, inputs: network.inputCount)
      value.gradient[input] = .one
      return value
    }
    var sides: [AffineFunction] = []
    var entry = 0
    for unit in network.stages.flatMap(\.units) {
      guard case .hinge(let below, let above) = unit.kind else { preconditionFailure("a maximum among hinges") }
      let form = Self.function(unit.forms[0], values, inputs: network.inputCount)
      var isAbove = true
      if unit.bends {
        isAbove = layout.phase(entry, of: pattern) == 1
        entry += 1
        sides.append(isAbove ? form : -form)
      }
      var value = AffineFunction(constant: .zero, inputs: network.inputCount)
      value.add(form, times: Rational(exactly: isAbove ? above : below))
      values.append(value)
    }
    self.values = values
    self.sides = sides
  }

  private static func function(_ form: AffineForm, _ values: [AffineFunction], inputs: Int) -> AffineFunction {
    var sum = AffineFunction(constant: Rational(exactly: form.constant), inputs: inputs)
    for term in form.terms { sum.add(values[term.value], times: Rational(exactly: term.weight)) }
    return sum
  }

  /// A point of the closed cell that satisfies a case, or nil when there is none: decided exactly, strict inequalities as
  /// such. One linear program in inputs + 1 variables, with a row for each bending unit.
  func point(of item: QueryCase) throws -> [Rational]? {
    let inputs = problem.network.inputCount
    var program = ExactLinearProgram(dimension: inputs + 1)
    /// function ≥ bound, or with the last variable added to the bound.
    func require(_ function: AffineFunction, sign: Rational, bound: Rational, isStrict: Bool) throws {
      let row = function.gradient.map { -sign * $0 } + [isStrict ? .one : .zero]
      try program.append(rationals: row, bound: sign * function.constant - bound)
    }
    var hasStrict = false
    func require(_ function: AffineFunction, in range: ValueRange) throws {
      if let lower = range.lower {
        hasStrict = hasStrict || lower.isStrict
        try require(function, sign: .one, bound: lower.value, isStrict: lower.isStrict)
      }
      if let upper = range.upper {
        hasStrict = hasStrict || upper.isStrict
        try require(function, sign: Rational(-1), bound: -upper.value, isStrict: upper.isStrict)
      }
    }
    func element(_ element: Int) -> AffineFunction {
      Self.function(problem.form(of: element), values, inputs: inputs)
    }
    for side in sides { try require(side, sign: .one, bound: .zero, isStrict: false) }
    for bound in item.box { try require(element(bound.element), in: bound.range) }
    for constraint in item.constraints {
      var function = AffineFunction(constant: constraint.polynomial.constant, inputs: inputs)
      for term in constraint.polynomial.linear { function.add(element(term.element), times: term.coefficient) }
      try require(function, in: constraint.range)
    }
    let margin = Array(repeating: Rational.zero, count: inputs) + [Rational.one]
    try program.append(rationals: margin, bound: .one)
    let solution = try program.maximise(rationals: margin)
    guard solution.status == .optimal, !hasStrict || solution.objective.signum > 0 else { return nil }
    return Array(solution.x.dropLast())
  }
}
