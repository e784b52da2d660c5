/// A simplex method for small dense linear programs that are solved again and again, changed a little in between:
///
///     maximise  c · x   subject to  aᵢ · x ≤ bᵢ  (i < m),   x ∈ ℝⁿ free
///
/// with `n` from 1 to some tens and `m` up to some thousands. Nothing is allocated once the memory suffices.
///
/// The state is a vertex: a point `x`, and `n` slots. A slot holds a row that is tight at `x`, or none (it is *free*, as all
/// are at the start). The matrix of the slots' rows has the inverse `E`, whose columns are the edges that leave the vertex;
/// the rows of `A` are never touched. So a pivot costs one product of `A` with an edge, appending a row costs O(n), and
/// rows are taken back at no cost at all: a slot that loses its row becomes free, the point stays feasible.
///
/// - A new objective goes on from the present vertex by the primal method (steepest edge; while slots are free, along the
///   gradient within the present face; Harris' ratio test).
/// - A row that cuts the vertex off is entered by the dual method, the most violated row first.
/// - When neither is possible the dual method runs with multipliers of its own choice first, which makes the point feasible
///   or proves that there is none; the primal method follows.
/// - After a run of degenerate pivots both follow Bland's rule until the next step of positive length.
/// - Every answer is checked against the rows: the point and the multipliers are recomputed, all slacks formed afresh; if
///   the check fails, `E` is recomputed from the rows and the method goes on.
///
/// ```swift
/// var program = SmallSimplex(dimension: 2)
/// for row in [[1.0, 0], [0, 1], [-1, -1]] { try program.append(row: row, bound: 1) }
/// try program.setObjective([1, 2])
/// program.solve()                                   // .optimal, objective 3 at (1, 1)
/// let mark = program.rowCount
/// try program.append(row: [1, 1], bound: 1)
/// program.solve()                                   // .optimal, objective 2 at (0, 1): one dual pivot
/// program.truncate(to: mark)                        // back in the tree
/// ```
///
/// **Tolerances.** Rows, objective and, where rows look badly scaled, columns are scaled by powers of two, so that the
/// largest entry of a row is in 1 ..< 2. A row counts as satisfied when its slack is at least −1e-10 σ, where σ is the
/// largest coordinate of the point or bound of its tight rows (in the course of a solve, of the points visited), and in an
/// answer also at least −1e-8 times the sum of the magnitudes of its own terms; an edge improves the objective, and blocks
/// on a row, when the sine of the angle is above 1e-10. What is closer than that is left to ``ExactLinearProgram``, which
/// can go on from ``basis``. A rigorous bound is ``certifiedUpperBound(radii:)``.
///
/// A pivot costs O(m n + n²), a solve usually some n to 3n pivots; a row appended O(n). A value belongs to one thread at a
/// time.
///
/// Sources: Dantzig, *Linear Programming and Extensions* (1963); Lemke, *The dual method of solving the linear programming
/// problem* (1954); Harris, *Pivot selection methods of the Devex LP code* (1973); Goldfarb and Reid, *A practicable
/// steepest-edge simplex algorithm* (1977); Bland, *New finite pivoting rules for the simplex method* (1977).
public struct SmallSimplex: ~Copyable, @unchecked Sendable {
  // Unchecked only because of the pointers: the workspace is owned by this one value, which cannot be copied implicitly.

  /// How a solve ended.
  public enum Status: Sendable {
    /// ``x`` is optimal, ``multipliers`` prove it.
    case optimal
    /// No point satisfies all rows; ``multipliers`` are a Farkas proof: Σ yᵢ aᵢ = 0, Σ yᵢ bᵢ < 0.
    case infeasible
    /// The objective grows for ever from ``x`` along ``ray``.
    case unbounded
    /// ``x`` is feasible and its objective is above the target.
    case targetReached
    /// The optimum, if there is a feasible point, is below the target; ``multipliers`` prove it.
    case belowTarget
    /// The limit of pivots was reached or rounding errors stood in the way: nothing is known.
    case iterationLimit
  }

  /// The number of variables, `n`.
  public let dimension: Int
  /// The number of rows, `m`.
  public internal(set) var rowCount = 0
  /// The pivots of the last solve.
  public internal(set) var iterations = 0

  var workspace: Workspace
  /// Where things stand between solves.
  var state = State()

  struct State {
    /// False when the next solve begins at the origin with all slots free.
    var isStarted = false
    /// Whether the slacks are those of the present point.
    var hasSlacks = false
    /// The least slack and its row, while `hasSlacks`.
    var leastSlack = Double.infinity
    var leastRow = 0
    var pivotsSinceFactoring = 0
    var freeCount = 0
    /// The size of the points visited, in whose units slacks are judged.
    var size = 0.0
    /// 2 to this power times the caller's objective is the one worked with.
    var objectiveScale = 1.0
    /// The least entry of a scaled row that is not zero, and the least and largest such bound, since the program was empty.
    var leastEntry = Double.infinity
    var leastBound = Double.infinity
    var largestBound = 0.0
    /// Whether a row has come that is badly scaled, by the present scale of the columns.
    var wantsScaling = false
    /// Whether rows have come or gone since the columns were scaled.
    var rowsChanged = false
    var degeneratePivots = 0
    /// The row that, with the tight rows, makes a Farkas proof; −1 when the multipliers are of the tight rows alone.
    var farkasRow = -1
    var hasRay = false
    var randomState: UInt64 = 0x9E37_79B9_7F4A_7C15
  }

  static let smallestSlack = 1e-10
  static let slightViolation = 1e-8
  static let smallestAngle = 1e-10

  /// A program without rows, with objective zero.
  ///
  /// - Parameters:
  ///   - dimension: the number of variables; less than 1 counts as 1.
  ///   - capacity: rows to make room for at once; more room is made when needed, by doubling.
  public init(dimension: Int, capacity: Int = 64) {
    self.dimension = max(1, dimension)
    workspace = Workspace(dimension: self.dimension, capacity: capacity)
  }

  deinit { workspace.deallocate() }

  /// Forgets all rows, and the vertex; the objective stays. O(n).
  public mutating func removeAll() {
    truncate(to: 0)
    restart()
    for j in 0..<dimension { workspace.columnScale[j] = 1 }
    state.wantsScaling = false
    state.leastEntry = .infinity
    state.leastBound = .infinity
    state.largestBound = 0
    rescaleObjective()
  }

  /// Forgets the vertex: the next solve begins cold. O(1).
  public mutating func restart() { state.isStarted = false }

  /// Makes the next solve begin at a point; if it satisfies all rows there is no first phase. O(n²).
  ///
  /// - Parameter point: `dimension` finite numbers.
  public mutating func start(at point: UnsafePointer<Double>) throws(SmallSimplexError) {
    for j in 0..<dimension where !point[j].isFinite { throw .badPoint(coordinate: j, value: point[j]) }
    for j in 0..<dimension { workspace.point[j] = point[j] / workspace.columnScale[j] }
    freeAllSlots()
  }

  /// Makes the next solve begin at a point, from an array of `dimension` numbers.
  public mutating func start(at point: [Double]) throws(SmallSimplexError) {
    guard point.count == dimension else {
      throw .wrongLength(what: "the point", length: point.count, dimension: dimension)
    }
    try point.withUnsafeBufferPointer { buffer throws(SmallSimplexError) in
      if let base = buffer.baseAddress { try start(at: base) }
    }
  }

  /// Replaces the objective `c`; the vertex stays. O(n).
  ///
  /// - Parameter objective: `dimension` finite numbers.
  public mutating func setObjective(_ objective: UnsafePointer<Double>) throws(SmallSimplexError) {
    for j in 0..<dimension where !objective[j].isFinite { throw .badObjective(coordinate: j, value: objective[j]) }
    workspace.originalObjective.update(from: objective, count: dimension)
    rescaleObjective()
  }

  /// Replaces the objective, from an array of `dimension` numbers.
  public mutating func setObjective(_ objective: [Double]) throws(SmallSimplexError) {
    guard objective.count == dimension else {
      throw .wrongLength(what: "the objective", length: objective.count, dimension: dimension)
    }
    try objective.withUnsafeBufferPointer { buffer throws(SmallSimplexError) in
      if let base = buffer.baseAddress { try setObjective(base) }
    }
  }
}

/// Numbers that are not accepted by ``SmallSimplex`` or ``ExactLinearProgram``.
public enum SmallSimplexError: Error, CustomStringConvertible, Sendable, Equatable {
  case wrongLength(what: String, length: Int, dimension: Int)
  case badEntry(row: Int, column: Int, value: Double)
  case badBound(row: Int, value: Double)
  case badObjective(coordinate: Int, value: Double)
  case badPoint(coordinate: Int, value: Double)

  public var description: String {
    switch self {
    case .wrongLength(let what, let length, let dimension):
      "\(what) has \(length) entries; it must have one per variable, \(dimension)"
    case .badEntry(let row, let column, let value):
      "the entry of row \(row) in column \(column) is \(value); it must be finite"
    case .badBound(let row, let value):
      "the bound of row \(row) is \(value); it must be finite"
    case .badObjective(let coordinate, let value):
      "coordinate \(coordinate) of the objective is \(value); it must be finite"
    case .badPoint(let coordinate, let value):
      "coordinate \(coordinate) of the starting point is \(value); it must be finite"
    }
  }
}
