/// A linear program, or a convex quadratic one, as a value:
///
///     minimise    offset + Σⱼ costⱼ xⱼ + ½ xᵀQx
///     subject to  rowLower ≤ A x ≤ rowUpper,   lower ≤ x ≤ upper
///
/// Bounds may be infinite; a row or column with equal bounds is an equality. `A` and the lower triangle of the symmetric,
/// positive semidefinite `Q` are kept as lists of entries, so that rows and columns may be added in any order; entries
/// that name the same place add up. Adding never fails: what is wrong with a program (an index outside it, a NaN) is
/// reported by ``solve(timeLimit:)``, which hands the program to HiGHS.
///
/// ```swift
/// var program = LinearProgram()
/// let x = program.addColumn(cost: -1, lower: 0, upper: 4)
/// let y = program.addColumn(cost: -2, lower: 0)
/// program.addRow([(x, 1), (y, 1)], upper: 5)
/// let solution = try program.solve()  // x = 0, y = 5, objective −10
/// ```
///
/// This is the trusted reference of the room, at about a tenth of a millisecond and more per call. The many small programs
/// of a tree search belong to ``BoundedSimplex``.
public struct LinearProgram: Sendable, Equatable {
  /// One entry of a sparse matrix; indices count from 0.
  public struct Entry: Sendable, Equatable {
    public var row: Int
    public var column: Int
    public var value: Double

    public init(row: Int, column: Int, value: Double) {
      self.row = row
      self.column = column
      self.value = value
    }
  }

  /// The constant term of the objective.
  public var offset = 0.0
  /// The objective's linear coefficients, one per column.
  public private(set) var cost: [Double] = []
  /// The columns' lower bounds, possibly −∞.
  public private(set) var lower: [Double] = []
  /// The columns' upper bounds, possibly +∞.
  public private(set) var upper: [Double] = []
  /// The rows' lower bounds, possibly −∞.
  public private(set) var rowLower: [Double] = []
  /// The rows' upper bounds, possibly +∞.
  public private(set) var rowUpper: [Double] = []
  /// The entries of `A`; entries that name the same place add up.
  public private(set) var entries: [Entry] = []
  /// The lower triangle of `Q` (row ≥ column); entries that name the same place add up.
  public private(set) var quadraticEntries: [Entry] = []

  /// The program without columns and rows.
  public init() {}

  /// The number of variables.
  public var columnCount: Int { cost.count }

  /// The number of constraints, bounds on columns not counted.
  public var rowCount: Int { rowLower.count }

  /// Appends a variable and returns its index. O(1).
  @discardableResult
  public mutating func addColumn(
    cost: Double = 0, lower: Double = -.infinity, upper: Double = .infinity
  ) -> Int {
    self.cost.append(cost)
    self.lower.append(lower)
    self.upper.append(upper)
    return columnCount - 1
  }

  /// Appends a variable together with its entries in rows that exist already (or that will, by the time of solving) and
  /// returns its index. O(entries).
  @discardableResult
  public mutating func addColumn(
    _ entries: [(row: Int, value: Double)], cost: Double = 0, lower: Double = -.infinity, upper: Double = .infinity
  ) -> Int {
    let column = addColumn(cost: cost, lower: lower, upper: upper)
    for (row, value) in entries { add(value, row: row, column: column) }
    return column
  }

  /// Appends the constraint `lower ≤ Σ value · x[column] ≤ upper` and returns its index. O(entries).
  @discardableResult
  public mutating func addRow(
    _ entries: [(column: Int, value: Double)] = [], lower: Double = -.infinity, upper: Double = .infinity
  ) -> Int {
    rowLower.append(lower)
    rowUpper.append(upper)
    for (column, value) in entries { add(value, row: rowCount - 1, column: column) }
    return rowCount - 1
  }

  /// Appends the constraint `lower ≤ Σⱼ coefficients[j] · x[j] ≤ upper` over the first columns and returns its index.
  @discardableResult
  public mutating func addRow(
    dense coefficients: [Double], lower: Double = -.infinity, upper: Double = .infinity
  ) -> Int {
    let row = addRow(lower: lower, upper: upper)
    // A NaN is not equal to zero and so goes in, to be reported with its place by `solve`.
    for (column, value) in coefficients.enumerated() where value != 0 { add(value, row: row, column: column) }
    return row
  }

  /// Adds `value` to `A[row, column]`.
  public mutating func add(_ value: Double, row: Int, column: Int) {
    entries.append(Entry(row: row, column: column, value: value))
  }

  /// Adds `value` to `Q[i, j]` and to its mirror image `Q[j, i]` (once, when `i == j`): the objective gains
  /// `value · xᵢ xⱼ` off the diagonal and `½ value · xᵢ²` on it.
  public mutating func addQuadratic(_ value: Double, _ i: Int, _ j: Int) {
    quadraticEntries.append(Entry(row: max(i, j), column: min(i, j), value: value))
  }
}
