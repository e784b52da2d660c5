import Exact

extension UniformApproximation {
  /// The continuous function with at most p pieces whose largest distance from a broken line over a whole interval is the
  /// smallest possible, to within a tolerance: `error` − `lowerBound` ≤ tolerance, both exact numbers and proved.
  ///
  /// The smallest error itself need not be rational, since where a piece leaves the tunnel of that width depends on the
  /// piece. Bisection over exact walks through the tunnel.
  ///
  /// - Parameters:
  ///   - line: what is approximated.
  ///   - interval: where.
  ///   - pieces: p
  ///   - tolerance: positive.
  /// - Complexity: O(q) rational operations for each of log₂(range / tolerance) steps; the numbers grow with the pieces.
  /// - Throws: ``RepresentationError`` when there is no piece, or the tolerance is not positive.
  ///
  /// Source: H. Imai, M. Iri, *An optimal algorithm for approximating a piecewise linear function* (1986).
  public static func best(
    of line: BrokenLine, on interval: ClosedRange<Rational>, pieces: Int, tolerance: Rational
  ) throws -> UniformApproximation {
    try check(pieces: pieces)
    guard tolerance.signum > 0 else {
      throw RepresentationError("a tolerance is positive, and \(tolerance) is not")
    }
    let points = line.points(on: interval)
    var low = Rational.zero
    var obstacles: [UniformObstacle] = []
    let exact = TunnelWalk(points, error: low, mostLinks: pieces)
    var function = exact.isComplete ? exact.function : Self.middle(of: points)
    var high = function.largestDistance(to: line, on: interval)
    if !exact.isComplete { obstacles = exact.obstacles }
    while high - low > tolerance {
      let middle = between(low, high)
      let walk = TunnelWalk(points, error: middle, mostLinks: pieces)
      if walk.isComplete {
        function = walk.function
        high = function.largestDistance(to: line, on: interval)
      } else {
        low = middle
        obstacles = walk.obstacles
      }
    }
    return UniformApproximation(
      function: function, error: high, lowerBound: low, obstacles: low.signum > 0 ? obstacles : [],
      ambiguousInput: nil)
  }

  private static func middle(of points: [BrokenLine.Point]) -> BrokenLine {
    let least = points.reduce(points[0].y) { min($0, $1.y) }
    let most = points.reduce(points[0].y) { max($0, $1.y) }
    return BrokenLine(slope: .zero, constant: (least + most) / 2)
  }
}

extension FewestPieces {
  /// The continuous function with the fewest pieces within an error of a broken line over a whole interval.
  ///
  /// - Complexity: O(q) rational operations, on numbers that grow with the pieces.
  /// - Throws: ``RepresentationError`` when the error is negative.
  public static func fit(
    line: BrokenLine, on interval: ClosedRange<Rational>, error: Rational
  ) throws -> FewestPieces {
    try UniformApproximation.check(error: error)
    let walk = TunnelWalk(line.points(on: interval), error: error, mostLinks: .max)
    let function = walk.function
    return FewestPieces(
      function: function, error: function.largestDistance(to: line, on: interval), obstacles: walk.obstacles)
  }
}

extension TunnelWalk {
  /// The walk through the tunnel of a given half-width around a polygon.
  init(_ points: [BrokenLine.Point], error: Rational, mostLinks: Int) {
    self.init(
      points.map { Gate(x: $0.x, low: $0.y - error, high: $0.y + error) }, isTunnel: true, mostLinks: mostLinks)
  }
}
