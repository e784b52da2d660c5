import CHiGHS

extension LinearProgram {
  /// Solves the program with HiGHS on one thread, nothing printed, feasibility tolerances 1e-9.
  ///
  /// A quadratic program goes to the active-set method of HiGHS, which is less to be trusted than its linear solvers: what
  /// it calls optimal is returned as such only if it meets the Karush–Kuhn–Tucker conditions to a relative 1e-6, whether
  /// the program is unbounded is decided by linear programs, and `undecided` is an answer to expect in some of a hundred
  /// cases, of singular `Q` above all.
  ///
  /// - Parameter timeLimit: seconds after which the solve ends `undecided`.
  /// - Throws: ``LinearProgramError`` when a number is NaN, a coefficient infinite, an index outside the program, the
  ///   program too large for 32-bit indices, or `Q` not positive semidefinite.
  public func solve(timeLimit: Double = .infinity) throws -> Solution {
    try validate()
    let contradictory =
      zip(lower, upper).contains { $0 > $1 } || zip(rowLower, rowUpper).contains { $0 > $1 }
    if contradictory { return Solution(status: .infeasible, objective: .infinity) }
    // HiGHS calls a program without columns empty and does not look at its rows.
    if columnCount == 0 {
      guard zip(rowLower, rowUpper).allSatisfy({ $0 <= 0 && 0 <= $1 }) else {
        return Solution(status: .infeasible, objective: .infinity)
      }
      let zeros = [Double](repeating: 0, count: rowCount)
      return Solution(status: .optimal, objective: offset, rowValues: zeros, rowDuals: zeros)
    }
    if quadraticEntries.isEmpty { return try solveOnce(timeLimit: timeLimit) }
    // HiGHS' active-set method (1.15) at times calls a point optimal, or a program unbounded, that is not, mostly when Q
    // is singular or has zeros: no point is believed that is not confirmed, and whether there is an optimum is found out
    // by linear programs. The second attempt is with the regularisation that HiGHS has by default, which moves the
    // optimum by about 1e-7.
    if try hasDescendingRay() {
      return try isFeasible()
        ? Solution(status: .unbounded, objective: -.infinity) : Solution(status: .infeasible, objective: .infinity)
    }
    var last = Solution(status: .undecided("HiGHS gave no answer that could be confirmed"), objective: .nan)
    for regularization in [0, 1e-7] {
      var solution = try solveOnce(timeLimit: timeLimit, regularization: regularization)
      switch solution.status {
      case .optimal: if confirms(&solution) { return solution }
      case .infeasible: return solution
      case .undecided: last = solution
      case .unbounded: break
      }
    }
    return last
  }

  private func solveOnce(timeLimit: Double, regularization: Double = 0) throws -> Solution {
    let solver = try HiGHSSolver()
    try solver.set("time_limit", timeLimit)
    try solver.set("qp_regularization_value", regularization)
    try solver.pass(self)
    return try solver.run(columnCount: columnCount, rowCount: rowCount)
  }

  private func validate() throws {
    let largest = Int(Int32.max) / 2
    guard columnCount < largest, rowCount < largest, entries.count < largest, quadraticEntries.count < largest else {
      throw LinearProgramError(
        "\(columnCount) columns, \(rowCount) rows and \(entries.count) entries are too many; each must be below \(largest)"
      )
    }
    guard offset.isFinite else { throw LinearProgramError("the objective's offset is \(offset); it must be finite") }
    for (column, value) in cost.enumerated() where !value.isFinite {
      throw LinearProgramError("the cost of column \(column) is \(value); it must be finite")
    }
    try Self.validate(lower: lower, upper: upper, of: "column")
    try Self.validate(lower: rowLower, upper: rowUpper, of: "row")
    for entry in entries {
      guard 0..<rowCount ~= entry.row, 0..<columnCount ~= entry.column else {
        throw LinearProgramError(
          "there is an entry at row \(entry.row), column \(entry.column) in a program of \(rowCount) rows and "
            + "\(columnCount) columns (indices count from 0)")
      }
      guard entry.value.isFinite else {
        throw LinearProgramError("the entry at row \(entry.row), column \(entry.column) is \(entry.value)")
      }
    }
    for entry in quadraticEntries {
      guard 0..<columnCount ~= entry.row, 0..<columnCount ~= entry.column else {
        throw LinearProgramError(
          "the quadratic term names the columns \(entry.row) and \(entry.column) of a program of \(columnCount) "
            + "columns (indices count from 0)")
      }
      guard entry.value.isFinite else {
        throw LinearProgramError("the quadratic entry \(entry.row), \(entry.column) is \(entry.value)")
      }
    }
    guard try isConvex() else {
      throw LinearProgramError("the quadratic term is not convex; its matrix must be positive semidefinite")
    }
  }

  private static func validate(lower: [Double], upper: [Double], of kind: String) throws {
    for index in lower.indices {
      guard lower[index] < .infinity else {
        throw LinearProgramError("the lower bound of \(kind) \(index) is \(lower[index]); it must be finite or −∞")
      }
      guard upper[index] > -.infinity else {
        throw LinearProgramError("the upper bound of \(kind) \(index) is \(upper[index]); it must be finite or +∞")
      }
    }
  }
}

/// One HiGHS instance, freed with this object.
private final class HiGHSSolver {
  private let instance: UnsafeMutableRawPointer

  init() throws {
    guard let instance = Highs_create() else {
      throw LinearProgramError("HiGHS could not be started (out of memory?)")
    }
    self.instance = instance
    // First of all, before HiGHS has something to say.
    try accept(Highs_setBoolOptionValue(instance, "output_flag", 0), "the option output_flag")
    try accept(Highs_setIntOptionValue(instance, "threads", 1), "the option threads")
    try set("primal_feasibility_tolerance", 1e-9)
    try set("dual_feasibility_tolerance", 1e-9)
    // The default drops coefficients below 1e-9 from the matrix without a word.
    try set("small_matrix_value", 1e-12)
    try set("ipm_optimality_tolerance", 1e-10)
  }

  deinit { Highs_destroy(instance) }

  func accepts(method: String) -> Bool {
    Highs_setStringOptionValue(instance, "solver", method) != kHighsStatusError
  }

  func set(_ option: String, _ value: Double) throws {
    try accept(Highs_setDoubleOptionValue(instance, option, value), "the option \(option) = \(value)")
  }

  func pass(_ program: LinearProgram) throws {
    let matrix = HiGHSMatrix(program.entries, columnCount: program.columnCount)
    try accept(
      Highs_passLp(
        instance, HighsInt(program.columnCount), HighsInt(program.rowCount), HighsInt(matrix.values.count),
        kHighsMatrixFormatColwise, kHighsObjSenseMinimize, program.offset, program.cost, program.lower, program.upper,
        program.rowLower, program.rowUpper, matrix.starts, matrix.rows, matrix.values),
      "the program; its numbers may be out of range")
    guard !program.quadraticEntries.isEmpty else { return }
    let hessian = HiGHSMatrix(program.quadraticEntries, columnCount: program.columnCount)
    // The triangular format lists every diagonal entry first in its column: sorted by row, it is, if present.
    try accept(
      Highs_passHessian(
        instance, HighsInt(program.columnCount), HighsInt(hessian.values.count), kHighsHessianFormatTriangular,
        hessian.starts, hessian.rows, hessian.values),
      "the quadratic term; its numbers may be out of range")
  }

  func run(columnCount: Int, rowCount: Int) throws -> LinearProgram.Solution {
    var outcome = Highs_run(instance)
    if Highs_getModelStatus(instance) == kHighsModelStatusUnboundedOrInfeasible {
      // Presolve saw that there is no optimum but not why; the simplex method itself tells the two apart.
      try accept(Highs_setStringOptionValue(instance, "presolve", "off"), "the option presolve")
      outcome = Highs_run(instance)
    }
    let status = Highs_getModelStatus(instance)
    switch status {
    case kHighsModelStatusOptimal:
      return try solution(columnCount: columnCount, rowCount: rowCount)
    case kHighsModelStatusInfeasible:
      return .init(status: .infeasible, objective: .infinity)
    case kHighsModelStatusUnbounded:
      return .init(status: .unbounded, objective: -.infinity)
    case kHighsModelStatusModelError, kHighsModelStatusLoadError:
      throw LinearProgramError("HiGHS refuses the program (model status \(status))")
    default:
      let reason = Self.reason(status) ?? "HiGHS ended with model status \(status), return code \(outcome)"
      return .init(status: .undecided(reason), objective: .nan)
    }
  }

  private func solution(columnCount: Int, rowCount: Int) throws -> LinearProgram.Solution {
    var solution = LinearProgram.Solution(status: .optimal, objective: Highs_getObjectiveValue(instance))
    solution.x = [Double](repeating: 0, count: columnCount)
    solution.columnDuals = solution.x
    solution.rowValues = [Double](repeating: 0, count: rowCount)
    solution.rowDuals = solution.rowValues
    try accept(
      Highs_getSolution(
        instance, &solution.x, &solution.columnDuals, &solution.rowValues, &solution.rowDuals),
      "a request for the solution")
    return solution
  }

  private static func reason(_ status: HighsInt) -> String? {
    switch status {
    case kHighsModelStatusTimeLimit: "the time limit was reached"
    case kHighsModelStatusIterationLimit: "the iteration limit was reached"
    case kHighsModelStatusSolveError: "HiGHS failed while solving"
    case kHighsModelStatusUnknown: "HiGHS could not meet its tolerances"
    default: nil
    }
  }

  private func accept(_ code: HighsInt, _ what: String) throws {
    if code == kHighsStatusError { throw LinearProgramError("HiGHS refuses \(what)") }
  }
}
