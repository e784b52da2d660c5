/// The best continuous piecewise-linear fits with 0, 1, …, K free knots under squared loss, all in one run:
///
/// min Σ_i w_i (y_i − a − b x_i − Σ_{j≤K} c_j max(x_i − t_j, 0))² over a, b, c, t.
///
/// The knots may lie anywhere, on sites or between them. At an optimum every knot is on a site, alone in a gap with both
/// sides unconstrained least squares, or one of two in a gap (a jump); the programme of ``KnotSweep`` goes through these
/// forms from both ends and meets in the middle: with s knots handled from the left and s′ from the right, every fit with
/// s + s′ + 1 knots has a middle knot where the two meet. What one direction has found bounds what the other must keep.
///
/// ```swift
/// let path = KnotPath(x: x, y: y, weights: ones)
/// for solution in path.run(maximumKnots: 6) { print(solution.knots, solution.loss) }
/// ```
///
/// Exact up to rounding: the losses compared carry relative errors around 1e-13 of the loss of the best line. Hand the
/// joins to ``KnotStructure`` for exact numbers.
///
/// - Complexity: no polynomial worst case is known for K ≥ 3; on data that the knots describe, close to O(K D²).
struct KnotPath: Sendable {
  /// How far a run has come.
  struct Progress: Sendable {
    /// Knot numbers below this are settled.
    var settledKnots: Int
    /// The largest number asked for.
    var maximumKnots: Int
    /// The share of all sweeps done, 0 … 1.
    var fraction: Double
  }

  private let x: [Double]
  private let y: [Double]
  private let weights: [Double]

  /// - Parameters:
  ///   - x: strictly increasing and finite.
  ///   - y: the (weighted mean) target at each site.
  ///   - weights: the positive total weight of each site.
  init(x: [Double], y: [Double], weights: [Double]) {
    precondition(x.count == y.count && x.count == weights.count, "one target and one weight for each site")
    self.x = x
    self.y = y
    self.weights = weights
  }

  /// The best fits with at most `minimumKnots`, …, `maximumKnots` knots, in this order.
  ///
  /// Numbers of knots too small for the data are the slow ones, as nearly everything fits them equally badly; leaving
  /// them out by `minimumKnots` can save most of the time.
  ///
  /// - Parameters:
  ///   - shouldStop: asked at least once for each site of each sweep; once it says so the best fits so far are returned, with
  ///     honest bounds and without `completed`.
  ///   - progress: told after each sixteenth of a sweep.
  func run(
    minimumKnots: Int = 0, maximumKnots: Int, shouldStop: () -> Bool = { false },
    progress: (Progress) -> Void = { _ in }
  ) -> [KnotSolution] {
    guard !x.isEmpty, minimumKnots >= 0, minimumKnots <= maximumKnots else { return [] }
    let data = Standardised(x: x, y: y, weights: weights)
    // So many knots go through every site.
    let enough = max(0, x.count - 2)
    let search = MeetingSearch(
      data.sites, minimumKnots: min(minimumKnots, enough), maximumKnots: min(maximumKnots, enough))
    search.run(shouldStop: shouldStop, progress: progress)
    var solutions: [KnotSolution] = []
    for knots in minimumKnots...maximumKnots {
      if knots > max(enough, minimumKnots), var last = solutions.last {
        last.knots = knots
        solutions.append(last)
        continue
      }
      let searched = min(knots, enough)
      let function = KnotStructure(joins: search.incumbents[searched].joins).solve(x: x, y: y, weights: weights)
      var solution = KnotSolution(
        knots: knots, loss: function.loss, lowerBound: function.loss, joins: function.joins, function: function,
        completed: search.isSettled[searched])
      if let last = solutions.last, last.loss <= solution.loss {
        solution.loss = last.loss
        solution.joins = last.joins
        solution.function = last.function
      }
      let bound = max(0, search.lowerBound(knots: searched) * data.lossScale)
      solution.lowerBound = solution.completed ? solution.loss : min(solution.loss, bound)
      solutions.append(solution)
    }
    return solutions
  }
}

/// The data in units where the programme's tolerances mean something.
private struct Standardised {
  /// Residuals about the best line, which changes nothing as the model contains every line, in units of their root mean
  /// square; abscissae in [−1, 1]; weights with mean 1.
  let sites: SiteTable
  /// What one unit of the standardised loss is in the units of the data.
  let lossScale: Double

  init(x: [Double], y: [Double], weights: [Double]) {
    let last = x.count - 1
    let fit = BlockFit(nodes: last > 0 ? [0, last] : [0], x: x, y: y, weights: weights)
    let line = fit.firstLine
    let totalWeight = weights.reduce(0, +)
    let weightScale = totalWeight / Double(weights.count)
    let rms = (fit.loss / totalWeight).squareRoot()
    let yScale = rms > 0 && rms.isFinite ? rms : 1
    let half = last > 0 ? 0.5 * (x[last] - x[0]) : 1
    sites = SiteTable(
      x: x.map { ($0 - x[0]) / half - 1 },
      y: zip(x, y).map { ($1 - line.y - line.slope * ($0 - line.x)) / yScale },
      weights: weights.map { $0 / weightScale })
    lossScale = yScale * yScale * weightScale
  }
}
