/// A simplex method for small dense programs in dual form, reusable without allocation:
///
///     minimise  Σⱼ cⱼ zⱼ   subject to  Σⱼ Aⱼ zⱼ = 0,   lⱼ ≤ zⱼ ≤ uⱼ,   lⱼ ≤ 0 ≤ uⱼ
///
/// with few rows (`p` from 1 to some tens) and up to some thousands of columns `Aⱼ ∈ ℝᵖ`; bounds may be infinite. It is
/// the dual of every fit with piecewise-linear loss, one column per sample, one row per parameter:
///
/// | primal, in the parameters θ | column | cost | bounds |
/// |---|---|---|---|
/// | loss `|y − x·θ|` | `x` | `−y` | −1 … 1 |
/// | loss `τ (y − x·θ)₊ + (1 − τ) (x·θ − y)₊` | `x` | `−y` | τ − 1 … τ |
/// | loss `(1 − y x·θ)₊` | `y x` | −1 | 0 … 1 |
/// | constraint `x·θ ≥ b` | `x` | `−b` | 0 … ∞ |
/// | constraint `x·θ = b` | `x` | `−b` | −∞ … ∞ |
///
/// The least loss is `−objective`, the parameters are `θ = −multipliers`, and the reduced cost of a column is its
/// `x·θ − y` (or `x·θ − b`). Any feasible `z` bounds the loss from below.
///
/// `z = 0` is always feasible, so there is no first phase: the basis starts with `p` artificial columns fixed to zero. A
/// descent on the multipliers with exact line searches (the dual simplex method with long steps) does most of the way in
/// about `2p` to `4p` pivots; the primal simplex method finishes, and does everything should the descent fail. It enters the
/// column of best Devex score, moves it until it or a basic variable meets a bound (Harris' two passes over the ratios),
/// and after a run of degenerate pivots follows Bland's rule until the objective moves again. The explicit inverse of the
/// basis is recomputed by Gaussian elimination every 50 pivots and before any answer.
///
/// Columns appended after a solve start at `z = 0` and the next solve goes on from the basis it finds, which is how a tree
/// search descends. To come back up, keep one instance per level and ``copy(from:)`` the parent.
///
/// ```swift
/// var fit = BoundedSimplex(rows: 2)
/// for (x, y) in samples { try fit.append(column: [1, x], cost: -y, lower: -1, upper: 1) }
/// if fit.solve() == .optimal { print("loss \(-fit.objective), θ = \(fit.multipliers.map { -$0 })") }
/// ```
///
/// A pivot costs O(rows · (rows + count)), a bound flip of the primal method O(rows² + count). All tolerances are relative
/// to the largest cost and the largest finite bound, so that a program may be stated in any units. A value of this type
/// belongs to one thread at a time; copies are explicit.
///
/// Sources: Dantzig, *Linear Programming and Extensions* (1963), ch. 18 (bounded variables); Barrodale and Roberts, *An
/// improved algorithm for discrete l₁ linear approximation* (1973); Harris, *Pivot selection methods of the Devex LP code*
/// (1973); Bland, *New finite pivoting rules for the simplex method* (1977).
public struct BoundedSimplex: ~Copyable, @unchecked Sendable {
  // Unchecked only because of the pointers: the workspace is owned by this one value, which cannot be copied implicitly.

  /// How a solve ended.
  public enum Status: Sendable {
    /// `z` is optimal: the reduced costs have the optimal signs.
    case optimal
    /// The objective fell below the value asked for; `z` is feasible.
    case belowTarget
    /// The objective goes to −∞ along ``BoundedSimplex/ray``: the program whose dual this is has no solution.
    case unbounded
    /// The iteration limit was reached, or rounding errors stood in the way; `z` is feasible.
    case undecided
  }

  /// The number of equality rows, `p`.
  public internal(set) var rows: Int
  /// The number of columns.
  public internal(set) var count = 0
  /// `Σ cⱼ zⱼ` after the last solve.
  public internal(set) var objective = 0.0
  /// The bound flips and pivots of the last solve.
  public internal(set) var iterations = 0
  /// The pivots among the iterations of the last solve.
  public internal(set) var pivots = 0

  var workspace: Workspace
  /// False when the next solve must begin at `z = 0` with the artificial basis.
  var isWarm = false
  /// The largest |cost| and the largest finite |bound| among the columns: the units in which tolerances are stated.
  var costScale = 0.0
  var boundScale = 0.0
  /// The entering column and its direction (±1) with which the last solve proved unboundedness.
  var rayColumn = -1
  var rayDirection = 0.0

  /// An empty program.
  ///
  /// - Parameters:
  ///   - rows: the number of equality rows; a negative number counts as 0.
  ///   - capacity: columns to make room for at once; more room is made when needed, by doubling.
  public init(rows: Int, capacity: Int = 64) {
    self.rows = max(0, rows)
    workspace = Workspace(rows: self.rows, capacity: capacity)
  }

  deinit { workspace.deallocate() }

  /// Forgets all columns and starts a program with another number of rows, in the memory at hand if it suffices.
  public mutating func reset(rows: Int) {
    self.rows = max(0, rows)
    workspace.reshape(rows: self.rows)
    removeAll()
  }

  /// Forgets all columns. O(1).
  public mutating func removeAll() {
    count = 0
    costScale = 0
    boundScale = 0
    restart()
  }

  /// Makes the next solve begin at `z = 0`. O(1).
  public mutating func restart() {
    isWarm = false
    objective = 0
  }

  /// Appends a column with `z = 0`. O(rows), amortised over doublings of the workspace.
  ///
  /// - Parameters:
  ///   - column: `rows` finite numbers.
  ///   - cost: finite.
  ///   - lower: at most 0, possibly −∞.
  ///   - upper: at least 0, possibly +∞.
  /// - Throws: ``BoundedSimplexError`` when an argument is not as said; the program is then unchanged.
  public mutating func append(
    column: UnsafeBufferPointer<Double>, cost: Double, lower: Double, upper: Double
  ) throws(BoundedSimplexError) {
    guard column.count == rows else { throw .wrongLength(column: count, length: column.count, rows: rows) }
    guard cost.isFinite else { throw .badCost(column: count, cost: cost) }
    guard lower <= 0, upper >= 0 else { throw .badBounds(column: count, lower: lower, upper: upper) }
    for row in 0..<rows where !column[row].isFinite {
      throw .badEntry(column: count, row: row, value: column[row])
    }
    if count == workspace.capacity { workspace.grow(count: count) }
    for row in 0..<rows { workspace.lane(row)[count] = column[row] }
    workspace.cost[count] = cost
    workspace.lower[count] = lower
    workspace.upper[count] = upper
    workspace.value[count] = 0
    costScale = max(costScale, abs(cost))
    if lower > -.infinity { boundScale = max(boundScale, -lower) }
    if upper < .infinity { boundScale = max(boundScale, upper) }
    count += 1
  }

  /// Appends a column with `z = 0`, from an array.
  public mutating func append(
    column: [Double], cost: Double, lower: Double, upper: Double
  ) throws(BoundedSimplexError) {
    try column.withUnsafeBufferPointer { buffer throws(BoundedSimplexError) in
      try append(column: buffer, cost: cost, lower: lower, upper: upper)
    }
  }

  /// Removes the last columns, down to `newCount`. If all of them were nonbasic at zero the next solve goes on from where
  /// the last one ended; otherwise `A z = 0` is lost with them and it begins at `z = 0`. O(rows + removed).
  public mutating func truncate(to newCount: Int) {
    guard newCount < count else { return }
    let newCount = max(0, newCount)
    let basic = (0..<rows).contains { workspace.basis[$0] >= newCount }
    if basic || (newCount..<count).contains(where: { workspace.value[$0] != 0 }) { restart() }
    count = newCount
  }

  /// Becomes a copy of `other`, its columns, values and basis. O(rows · count), without allocation if the memory at hand
  /// suffices.
  public mutating func copy(from other: borrowing BoundedSimplex) {
    rows = other.rows
    count = other.count
    objective = other.objective
    iterations = other.iterations
    pivots = other.pivots
    isWarm = other.isWarm
    costScale = other.costScale
    boundScale = other.boundScale
    rayColumn = other.rayColumn
    rayDirection = other.rayDirection
    workspace.copy(from: other.workspace, count: count)
  }
}

/// A column that is not accepted by ``BoundedSimplex``.
public enum BoundedSimplexError: Error, CustomStringConvertible, Sendable {
  case wrongLength(column: Int, length: Int, rows: Int)
  case badCost(column: Int, cost: Double)
  case badBounds(column: Int, lower: Double, upper: Double)
  case badEntry(column: Int, row: Int, value: Double)

  public var description: String {
    switch self {
    case .wrongLength(let column, let length, let rows):
      "column \(column) of the program has \(length) entries; it must have one per row, \(rows)"
    case .badCost(let column, let cost):
      "the cost of column \(column) is \(cost); it must be finite"
    case .badBounds(let column, let lower, let upper):
      "the bounds of column \(column) are \(lower) and \(upper); zero must lie between them"
    case .badEntry(let column, let row, let value):
      "the entry of column \(column) in row \(row) is \(value); it must be finite"
    }
  }
}
