import Exact
import Networks
import Polyhedra
import Queries

/// Why and how far a point satisfies a query: by how much each requirement holds, where it stands in the box, and the part of
/// its linear region in which the same case is satisfied.
public struct WitnessExplanation: Sendable {
  /// One inequality of the satisfied case and by how much it holds.
  public struct Margin: Sendable {
    public var inequality: String
    /// Not negative; in the units of the inequality's left side.
    public var slack: Double
  }

  /// A polytope around the point in which the network is affine and the case holds.
  public struct Region: Sendable {
    /// What a half-space of the region comes from.
    public enum Origin: Sendable, Hashable {
      /// A unit keeps its side: its number, counted over all stages.
      case unit(Int)
      /// An input's bound: the number of the input.
      case bound(Int)
      /// An inequality of the case: its number among the margins.
      case margin(Int)
    }

    /// The inputs that vary; the others are fixed by the query.
    public var inputs: [Int]
    /// Without redundant rows; over ``inputs``, rounded to doubles and scaled so that the largest coefficient is ±1.
    public var halfSpaces: [HalfSpace]
    public var origins: [Origin]
    /// How many rows there were before the redundant ones were dropped.
    public var rowCount: Int
    /// The radius of the largest ball inside, in the inputs' units; nil when the region is flat or unbounded.
    public var radius: Double?
  }

  public var margins: [Margin]
  public var positions: [InputPosition]
  /// Nil where ``regionNote`` says why.
  public var region: Region?
  public var regionNote: String?

  /// Beyond these the region is not described: its rows would be many, and nobody would read them.
  static let largestDimension = 40
  static let largestTermCount = 2_000_000

  /// - Parameter point: satisfies the problem's query.
  /// - Complexity: O(parameters · free inputs) rational products, and a linear program for each half-space.
  public init?(_ problem: QueryProblem, at point: [Rational]) {
    let values = problem.elements(at: point)
    guard let tree = problem.tree, let item = SatisfiedCase(tree, at: values) else { return nil }
    let ranges = item.inputRanges(problem)
    let names = problem.inputNames
    positions = point.indices.map { input in
      InputPosition(
        input: input, names: names[input], value: point[input].doubleValue,
        range: Interval(
          lower: ranges[input].lower?.value.roundedDown ?? -.infinity,
          upper: ranges[input].upper?.value.roundedUp ?? .infinity))
    }
    let inequalities = item.constraints.flatMap { Inequality.all($0, problem) }
    margins = inequalities.map { inequality in
      Margin(inequality: inequality.text, slack: inequality.slack(at: values).doubleValue)
    }
    (region, regionNote) = Self.region(problem, point, ranges, inequalities)
  }

  private static func region(
    _ problem: QueryProblem, _ point: [Rational], _ ranges: [ValueRange], _ inequalities: [Inequality]
  ) -> (Region?, String?) {
    let free = ranges.indices.filter { input in
      guard let lower = ranges[input].lower, let upper = ranges[input].upper else { return true }
      return lower.value < upper.value
    }
    let terms = problem.network.stages.reduce(0) { sum, stage in
      stage.units.reduce(sum) { $0 + $1.forms[0].terms.count }
    }
    guard !free.isEmpty else { return (nil, "all inputs are fixed") }
    guard free.count <= largestDimension, terms <= largestTermCount else {
      return (nil, "with \(free.count) inputs that vary and \(terms) weights it would have too many faces to read")
    }
    let map = LocalMap(problem.network, at: point, free: free)
    var rows: [(AffineFunction, Region.Origin)] = []
    for (unit, form) in map.forms.enumerated() where problem.bends(unit: unit) {
      rows.append((map.isActive[unit] ? form : -form, .unit(unit)))
    }
    for (position, input) in free.enumerated() {
      var bound = AffineFunction(constant: .zero, inputs: free.count)
      bound.gradient[position] = .one
      if let lower = ranges[input].lower {
        bound.constant = -lower.value
        rows.append((bound, .bound(input)))
      }
      bound = AffineFunction(constant: .zero, inputs: free.count)
      bound.gradient[position] = -1
      if let upper = ranges[input].upper {
        bound.constant = upper.value
        rows.append((bound, .bound(input)))
      }
    }
    var note: String?
    for (index, inequality) in inequalities.enumerated() {
      guard inequality.polynomial.isLinear else {
        note = "inequalities with products are left out of the region"
        continue
      }
      rows.append((inequality.form(problem, map), .margin(index)))
    }
    let varying = rows.filter { !$0.0.isConstant }
    let halfSpaces = varying.map { halfSpace($0.0) }
    guard let polyhedron = try? HPolyhedron(dimension: free.count, halfSpaces: halfSpaces) else {
      return (nil, "its coefficients are beyond the range of doubles")
    }
    let kept = polyhedron.irredundantRows()
    let ball = polyhedron.chebyshevBall()
    return (
      Region(
        inputs: free, halfSpaces: kept.map { halfSpaces[$0] }, origins: kept.map { varying[$0].1 },
        rowCount: varying.count, radius: ball.flatMap { $0.radius > 0 && $0.radius.isFinite ? $0.radius : nil }), note
    )
  }

  /// form ≥ 0 with its largest coefficient scaled to ±1.
  private static func halfSpace(_ form: AffineFunction) -> HalfSpace {
    let largest = form.gradient.map(\.magnitude).max() ?? .one
    return HalfSpace(
      normal: form.gradient.map { (-$0 / largest).doubleValue }, offset: (form.constant / largest).doubleValue)
  }
}

extension QueryProblem {
  /// Whether the function may bend at a unit, which is counted over all stages.
  func bends(unit: Int) -> Bool {
    var rest = unit
    for stage in network.stages {
      if rest < stage.units.count { return stage.units[rest].bends }
      rest -= stage.units.count
    }
    return false
  }
}

/// One side of a constraint: sign · polynomial + bound ≥ 0.
private struct Inequality {
  var polynomial: Polynomial
  var sign: Rational
  var bound: Rational
  var text: String

  /// The lower bound of the constraint, then its upper bound.
  static func all(_ constraint: QueryCase.Constraint, _ problem: QueryProblem) -> [Inequality] {
    let left = problem.text(constraint.polynomial)
    let polynomial = constraint.polynomial
    var all: [Inequality] = []
    if let lower = constraint.range.lower {
      let text = "\(left) \(lower.isStrict ? ">" : "≥") \(DecimalText.short(lower.value))"
      all.append(Inequality(polynomial: polynomial, sign: .one, bound: -lower.value, text: text))
    }
    if let upper = constraint.range.upper {
      let text = "\(left) \(upper.isStrict ? "<" : "≤") \(DecimalText.short(upper.value))"
      all.append(Inequality(polynomial: polynomial, sign: -1, bound: upper.value, text: text))
    }
    return all
  }

  func slack(at values: [Rational]) -> Rational { sign * polynomial.value { values[$0] } + bound }

  /// The left side over the free inputs; the polynomial is linear.
  func form(_ problem: QueryProblem, _ map: LocalMap) -> AffineFunction {
    var sum = AffineFunction(constant: sign * polynomial.constant + bound, inputs: map.free.count)
    for term in polynomial.linear {
      LocalMap.add(&sum, map.substituted(problem.form(of: term.element)), times: sign * term.coefficient)
    }
    return sum
  }
}
