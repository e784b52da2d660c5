import Exact

/// A linear program in exact arithmetic, the judge of what ``SmallSimplex`` cannot tell from rounding:
///
///     maximise  c · x   subject to  aᵢ · x ≤ bᵢ  (i < m),   x ∈ ℝⁿ free
///
/// Entries are `Double`s, which are exact dyadic numbers, or rationals. Rows are scaled to integers once; a basis is then
/// examined by fraction-free elimination (Bareiss), which keeps every number below the size of a determinant of the data.
///
/// Given the basis at which a floating-point method stopped, the usual case is two systems of n equations and one pass over
/// the rows: O(n³ + m n) products of integers. Should the basis not be optimal, the dual and the primal simplex method with
/// Bland's rule go on from it, which ends always. Meant for n up to about 12 and m up to some hundreds.
///
/// ```swift
/// var program = ExactLinearProgram(dimension: 2)
/// try program.append(row: [1.0, 3.0], bound: 1)
/// try program.append(row: [3.0, 1.0], bound: 1)
/// try program.maximise([1.0, 1.0]).objective     // 1/2, exactly
/// ```
///
/// Sources: Bareiss, *Sylvester's identity and multistep integer-preserving Gaussian elimination* (1968); Bland, *New
/// finite pivoting rules for the simplex method* (1977); Applegate, Cook, Dash and Espinoza, *Exact solutions to linear
/// programming problems* (2007), for the start from a floating-point basis.
public struct ExactLinearProgram: Sendable {
  /// How a solve ended.
  public enum Status: Sendable, Equatable {
    case optimal
    /// No point satisfies all rows.
    case infeasible
    /// The objective grows for ever.
    case unbounded
  }

  /// The multiplier of a row in a proof.
  public struct Multiplier: Sendable, Equatable {
    public let row: Int
    /// Positive.
    public let value: Rational
  }

  /// What a solve found; all of it exact.
  public struct Solution: Sendable {
    public let status: Status
    /// A point that satisfies all rows; empty when infeasible.
    public let x: [Rational]
    /// c · x at ``x``: the optimum when the status says so.
    public let objective: Rational
    /// `optimal`: c = Σ yᵢ aᵢ and Σ yᵢ bᵢ is the optimum. `infeasible`: Σ yᵢ aᵢ = 0 and Σ yᵢ bᵢ < 0. `unbounded`: empty.
    public let multipliers: [Multiplier]
    /// `unbounded`: a direction d with A d ≤ 0 and c · d > 0; empty otherwise.
    public let ray: [Rational]
    /// The tight rows that define the last vertex, linearly independent, at most `dimension`.
    public let basis: [Int]
    /// The pivots that were needed; 0 when the basis at the start was optimal.
    public let pivots: Int
  }

  /// A row and its bound, scaled to integers.
  struct Row: Sendable {
    enum Integers: Sendable {
      case machine([Int])
      case big([Rational])
    }
    /// The entries, then the bound.
    let integers: Integers
    /// What the row was multiplied by, positive.
    let scale: Rational
    /// The entries and the bound as they were given, rounded.
    let approximation: [Double]
  }

  /// The number of variables, `n`.
  public let dimension: Int
  var rows: [Row] = []

  /// A program without rows; a dimension less than 1 counts as 1.
  public init(dimension: Int) { self.dimension = max(1, dimension) }

  /// The number of rows, `m`.
  public var rowCount: Int { rows.count }

  /// Appends the row `row · x ≤ bound`. O(n)
  ///
  /// - Throws: ``SmallSimplexError`` when the row does not have `dimension` entries or a number is not finite.
  public mutating func append(row: [Double], bound: Double) throws(SmallSimplexError) {
    guard row.count == dimension else {
      throw .wrongLength(what: "row \(rowCount)", length: row.count, dimension: dimension)
    }
    for (column, value) in row.enumerated() where !value.isFinite {
      throw .badEntry(row: rowCount, column: column, value: value)
    }
    guard bound.isFinite else { throw .badBound(row: rowCount, value: bound) }
    rows.append(Row(row + [bound]))
  }

  /// Appends the row `row · x ≤ bound`, given as rationals. O(n)
  ///
  /// - Throws: ``SmallSimplexError`` when the row does not have `dimension` entries.
  public mutating func append(rationals row: [Rational], bound: Rational) throws(SmallSimplexError) {
    guard row.count == dimension else {
      throw .wrongLength(what: "row \(rowCount)", length: row.count, dimension: dimension)
    }
    rows.append(Row(row + [bound]))
  }

  /// Removes the last rows, down to `newCount`.
  public mutating func truncate(to newCount: Int) {
    if newCount < rowCount { rows.removeLast(rowCount - max(0, newCount)) }
  }
}

extension ExactLinearProgram.Row {
  /// Finite numbers.
  init(_ values: [Double]) {
    approximation = values
    // value = odd · 2^low, and the largest is below 2^(high + 1).
    var low = Int.max
    var high = Int.min
    for value in values where value != 0 {
      let bits = UInt64(value.significand.magnitude * 0x1p52)
      low = min(low, Int(value.exponent) - 52 + bits.trailingZeroBitCount)
      high = max(high, Int(value.exponent))
    }
    guard low <= high else {
      integers = .machine([Int](repeating: 0, count: values.count))
      scale = .one
      return
    }
    let power = Rational(powerOfTwo: -low)
    scale = power
    if high - low < 61 {
      integers = .machine(
        values.map { value in
          value == 0
            ? 0
            : Int(
              Double(sign: value.sign, exponent: Int(value.exponent) - low, significand: value.significand.magnitude))
        })
    } else {
      integers = .big(values.map { Rational(exactly: $0) * power })
    }
  }

  init(_ values: [Rational]) {
    approximation = values.map(\.doubleValue)
    var multiple = Rational.one
    // (m / d) in lowest terms has the denominator d / gcd(m, d).
    for value in values { multiple *= (multiple / value.denominator).denominator }
    scale = multiple
    integers = .big(values.map { $0 * multiple })
  }

  func store(in vector: IntegerVector, at start: Int) {
    switch integers {
    case .machine(let values):
      for (position, value) in values.enumerated() { vector.set(start + position, to: value) }
    case .big(let values):
      for (position, value) in values.enumerated() { vector.set(start + position, to: value) }
    }
  }
}
