import Exact

extension UniformApproximation {
  /// The continuous function with at most p pieces, breakpoints anywhere, whose largest distance from samples is the
  /// smallest possible; exactly, so that `error` equals `lowerBound`.
  ///
  /// The smallest error is a number at which three samples, or two at one input, just cease to be an obstacle. A bisection
  /// between proved bounds, the lower one raised to the next such number each time, ends at it. Only the samples count:
  /// between them the function is free, and ``InterpolationError/bound(of:from:curvature:)`` says what that may cost.
  ///
  /// ```swift
  /// let best = try UniformApproximation.best(
  ///   of: [.init(0, 0), .init(1, 2), .init(2, 0), .init(3, 1)], pieces: 2)
  /// best.error                // 3/4
  /// best.obstacles.count      // 2: no line for (0, 1, 2), nor for (1, 2, 3), does better
  /// ```
  ///
  /// - Parameters:
  ///   - samples: in any order, repeated inputs allowed; at least one.
  ///   - pieces: p
  /// - Complexity: O(N) rational operations for each step of the bisection; some tens of steps, as many as separate the
  ///   critical errors.
  /// - Throws: ``RepresentationError`` when there is no sample or no piece.
  public static func best(of samples: [BrokenLine.Point], pieces: Int) throws -> UniformApproximation {
    try check(pieces: pieces)
    let ranges = try SampleRanges(samples)
    var low = ranges.spread
    var high = ranges.largestError(of: ranges.middle)
    var obstacles: [UniformObstacle] = []
    var walk = ranges.walk(error: low, mostLinks: pieces)
    func raise(by failed: TunnelWalk) {
      low = ranges.level(of: failed.obstacles) ?? low
      obstacles = failed.obstacles
      walk = ranges.walk(error: low, mostLinks: pieces)
    }
    while !walk.isComplete {
      raise(by: walk)
      guard !walk.isComplete else { break }
      let middle = ranges.walk(error: between(low, high), mostLinks: pieces)
      if middle.isComplete { high = ranges.largestError(of: middle.function) } else { raise(by: middle) }
    }
    let isAmbiguous = obstacles.isEmpty && low.signum > 0
    return UniformApproximation(
      function: walk.function, error: ranges.largestError(of: walk.function), lowerBound: low,
      obstacles: obstacles, ambiguousInput: isAmbiguous ? ranges.widestInput : nil)
  }
}

extension FewestPieces {
  /// The continuous function with the fewest pieces, breakpoints anywhere, within an error of every sample.
  ///
  /// - Parameters:
  ///   - samples: in any order, repeated inputs allowed; at least one.
  ///   - error: the largest distance allowed at a sample.
  /// - Complexity: O(N log N).
  /// - Throws: ``RepresentationError`` when there is no sample, when the error is negative, or when samples at one input lie
  ///   further apart than twice the error.
  public static func fit(samples: [BrokenLine.Point], error: Rational) throws -> FewestPieces {
    try UniformApproximation.check(error: error)
    let ranges = try SampleRanges(samples)
    guard error >= ranges.spread else {
      throw RepresentationError(
        "no function comes within \(error) of the samples: those at x = \(ranges.widestInput?.description ?? "") are "
          + "\(2 * ranges.spread) apart; the error must be at least \(ranges.spread)")
    }
    let walk = ranges.walk(error: error, mostLinks: .max)
    return FewestPieces(
      function: walk.function, error: ranges.largestError(of: walk.function), obstacles: walk.obstacles)
  }
}
