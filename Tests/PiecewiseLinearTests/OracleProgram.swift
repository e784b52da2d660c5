import Exact

/// One affine function c₀ + c₁x₁ + … + cₙxₙ of the inputs, as its coefficients [c₀, c₁, …, cₙ].
typealias ExactForm = [Rational]

/// The largest margin by which a system of affine inequalities can be satisfied, in rational arithmetic.
///
/// The program is: maximise t subject to fᵢ(x) ≥ t for all i and t ≤ 1, with x and t free. The open system fᵢ(x) > 0 has
/// a solution exactly when the optimum is positive, the closed one fᵢ(x) ≥ 0 exactly when it is not negative.
///
/// Solved by the plain simplex method in dictionary form with Bland's rule. A free variable enters in either direction
/// and never leaves, so the method ends; the objective is at most 1, so it is never unbounded.
struct OracleProgram {
  /// Each row: a basic variable as [constant, coefficient of each nonbasic variable].
  private var rows: [[Rational]]
  private var basic: [Int]
  private var nonbasic: [Int]
  private let inputCount: Int

  /// Variables 0 ..< n are x, variable n is t, variable n + 1 + i is the slack of row i.
  private init(_ forms: [ExactForm], inputCount: Int) {
    self.inputCount = inputCount
    let zeros = [Rational](repeating: 0, count: inputCount)
    // The slack fᵢ(x) − t of every inequality, and the slack 1 − t.
    rows = forms.map { $0 + [-1] } + [[1] + zeros + [-1]]
    basic = rows.indices.map { inputCount + 1 + $0 }
    nonbasic = Array(0...inputCount)
  }

  /// A point that satisfies every f(x) > 0; nil when there is none.
  static func interiorPoint(_ forms: [ExactForm], inputCount: Int) -> [Rational]? {
    var program = OracleProgram(forms, inputCount: inputCount)
    program.maximise { $0.signum > 0 }
    return program.margin.signum > 0 ? program.point : nil
  }

  /// Whether a point satisfies every f(x) ≥ 0.
  static func isFeasible(_ forms: [ExactForm], inputCount: Int) -> Bool {
    var program = OracleProgram(forms, inputCount: inputCount)
    program.maximise { $0.signum >= 0 }
    return program.margin.signum >= 0
  }

  private var point: [Rational] {
    (0..<inputCount).map { variable in basic.firstIndex(of: variable).map { rows[$0][0] } ?? 0 }
  }

  /// t is basic after the first pivot and, being free, stays so.
  private var margin: Rational { rows[basic.firstIndex(of: inputCount)!][0] }

  private func isFree(_ variable: Int) -> Bool { variable <= inputCount }

  private mutating func maximise(until isEnough: (Rational) -> Bool) {
    // t takes the least slack at x = 0: after this pivot every slack is non-negative.
    let tightest = rows.indices.min { rows[$0][0] < rows[$1][0] }!
    pivot(row: tightest, column: inputCount)
    while !isEnough(margin), let column = enteringColumn() {
      let objective = rows[basic.firstIndex(of: inputCount)!]
      let rises = objective[column + 1].signum > 0
      var leaving: Int?
      var least = Rational.zero
      for row in rows.indices where !isFree(basic[row]) {
        let slope = rises ? rows[row][column + 1] : -rows[row][column + 1]
        guard slope.signum < 0 else { continue }
        let step = rows[row][0] / -slope
        if let other = leaving, step > least || (step == least && basic[row] > basic[other]) { continue }
        leaving = row
        least = step
      }
      pivot(row: leaving!, column: column)
    }
  }

  private func enteringColumn() -> Int? {
    let objective = rows[basic.firstIndex(of: inputCount)!]
    return nonbasic.indices
      .filter { objective[$0 + 1].signum > 0 || (isFree(nonbasic[$0]) && objective[$0 + 1].signum != 0) }
      .min { nonbasic[$0] < nonbasic[$1] }
  }

  /// Exchanges a basic and a nonbasic variable.
  private mutating func pivot(row: Int, column: Int) {
    let pivotElement = rows[row][column + 1]
    var solved = rows[row].map { -$0 / pivotElement }
    solved[column + 1] = 1 / pivotElement
    for other in rows.indices where other != row {
      let factor = rows[other][column + 1]
      guard factor.signum != 0 else { continue }
      rows[other][column + 1] = 0
      for index in solved.indices where solved[index].signum != 0 { rows[other][index] += factor * solved[index] }
    }
    rows[row] = solved
    swap(&basic[row], &nonbasic[column])
  }
}
