import Exact
import Networks
import PiecewiseLinear

/// Small networks with known answers, and exact corners by brute force.
enum Measured {
  /// Stages of units over all values, then outputs.
  static func network(_ inputs: Int, _ stages: [[UnitNetwork.Unit]], _ outputs: [AffineForm]) throws -> UnitNetwork {
    try UnitNetwork(
      inputCount: inputs,
      stages: stages.enumerated().map { UnitNetwork.Stage(name: "layer \($0 + 1)", units: $1) }, outputs: outputs)
  }

  /// The form c + Σ wⱼ vⱼ of dense weights.
  static func form(_ constant: Double, _ weights: [Double], first: Int = 0) -> AffineForm {
    AffineForm(constant: constant, weights: weights, first: first)
  }

  static func absolute(_ form: AffineForm) -> UnitNetwork.Unit {
    UnitNetwork.Unit(kind: .hinge(below: -1, above: 1), forms: [form])
  }

  /// |x₀| + … + |x_{n−1}|.
  static func taxicab(_ inputs: Int) throws -> UnitNetwork {
    try network(
      inputs, [(0..<inputs).map { absolute(AffineForm(value: $0)) }],
      [form(0, (0..<inputs).map { _ in 1 }, first: inputs)])
  }

  /// The tent 1 − |2x − 1| of [0, 1], `depth` times over itself: slopes ±2^depth.
  static func tents(_ depth: Int) throws -> UnitNetwork {
    var form = AffineForm(constant: -1, terms: [.init(value: 0, weight: 2)])
    var stages: [[UnitNetwork.Unit]] = []
    for level in 1...depth {
      stages.append([absolute(form)])
      // 2 (1 − v) − 1 of the value before.
      form = AffineForm(constant: 1, terms: [.init(value: level, weight: -2)])
    }
    return try network(1, stages, [AffineForm(constant: 1, terms: [.init(value: depth, weight: -1)])])
  }

  static func box(_ inputs: Int, _ lower: Double = -1, _ upper: Double = 1) -> RegionDomain {
    .box(lower: Array(repeating: lower, count: inputs), upper: Array(repeating: upper, count: inputs))
  }
}

extension OracleRegions.Cell {
  /// The corners of the closed cell: the points at which n independent rows are zero and none is negative.
  var corners: [[Rational]] {
    let n = interiorPoint.count
    var found: [[Rational]] = []
    func extend(_ chosen: [Int], from first: Int) {
      if chosen.count == n {
        guard let point = Self.solve(chosen.map { rows[$0] }), !found.contains(point),
          rows.allSatisfy({ $0.value(at: point).signum >= 0 })
        else { return }
        found.append(point)
        return
      }
      for next in rows.indices where next >= first { extend(chosen + [next], from: next + 1) }
    }
    extend([], from: 0)
    return found
  }

  /// The point at which n affine functions are zero; nil unless there is just one.
  private static func solve(_ forms: [ExactForm]) -> [Rational]? {
    var rows = forms
    let n = rows.count
    for column in 0..<n {
      guard let pivot = (column..<n).first(where: { rows[$0][column + 1].signum != 0 }) else { return nil }
      rows.swapAt(pivot, column)
      let scale = rows[column][column + 1]
      rows[column] = rows[column].map { $0 / scale }
      for row in 0..<n where row != column && rows[row][column + 1].signum != 0 {
        let factor = rows[row][column + 1]
        rows[row] = zip(rows[row], rows[column]).map { $0 - factor * $1 }
      }
    }
    return rows.map { -$0[0] }
  }
}
