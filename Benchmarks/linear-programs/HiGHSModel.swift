import CHiGHS

/// One HiGHS instance that keeps its model and basis from call to call, as its C interface allows: no presolve, which would
/// throw the basis away, no output, one thread, the simplex method. The faster of dual and primal simplex counts.
final class HiGHSModel {
  enum Strategy: CaseIterable {
    case dual
    case primal
  }

  private let instance = Highs_create()!
  private let dimension: Int
  private let rowCount: Int
  private var entries: [Double] = []
  private var starts: [HighsInt] = []
  private var columns: [HighsInt] = []
  private var rowLower: [Double]
  private var rowUpper: [Double]
  private var lower: [Double]
  private var upper: [Double]
  private let firstColumns: [HighsInt]

  init(_ polytope: Polytope, strategy: Strategy) {
    dimension = polytope.dimension
    rowCount = polytope.rows.count
    firstColumns = (0..<dimension).map { HighsInt($0) }
    for row in polytope.rows {
      starts.append(HighsInt(entries.count))
      for (column, value) in row.enumerated() where value != 0 {
        columns.append(HighsInt(column))
        entries.append(value)
      }
    }
    rowLower = [Double](repeating: -.infinity, count: rowCount)
    rowUpper = polytope.bounds
    lower = [Double](repeating: -.infinity, count: dimension)
    upper = [Double](repeating: .infinity, count: dimension)
    Highs_setBoolOptionValue(instance, "output_flag", 0)
    Highs_setIntOptionValue(instance, "threads", 1)
    Highs_setStringOptionValue(instance, "presolve", "off")
    Highs_setStringOptionValue(instance, "solver", "simplex")
    Highs_setIntOptionValue(instance, "simplex_strategy", strategy == .dual ? 1 : 4)
    pass([Double](repeating: 0, count: dimension))
  }

  deinit { Highs_destroy(instance) }

  /// Hands the whole program over afresh.
  func pass(_ objective: [Double]) {
    Highs_passLp(
      instance, HighsInt(dimension), HighsInt(rowCount), HighsInt(entries.count), kHighsMatrixFormatRowwise,
      kHighsObjSenseMaximize, 0, objective, lower, upper, rowLower, rowUpper, starts, columns, entries)
  }

  func setObjective(_ objective: [Double]) {
    Highs_changeColsCostByRange(instance, 0, HighsInt(dimension - 1), objective)
  }

  func append(_ row: [Double], _ bound: Double) {
    Highs_addRow(instance, -.infinity, bound, HighsInt(dimension), firstColumns, row)
  }

  func removeRow(_ row: Int) {
    Highs_deleteRowsByRange(instance, HighsInt(row), HighsInt(row))
  }

  /// The optimum.
  func solve() -> Double {
    Highs_run(instance)
    return Highs_getObjectiveValue(instance)
  }
}
