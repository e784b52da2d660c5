import Exact

/// One weighted point, in the coordinates of a ``KnotSamples/Frame``.
struct KnotPoint {
  var x: Interval
  var y: Interval
  var weight: Interval
}

/// Samples merged at equal abscissas, sorted, and scaled by powers of two: what the search for knots works on.
///
/// Merging is exact: Σ w (f − y)² over the samples at one abscissa is W (f − ȳ)² + Σ w (y − ȳ)², so the second part is
/// a constant (``constantLoss``) that no function can avoid. Scaling by powers of two is exact, too.
///
/// A coordinate is the unevaluated sum of a `Double` and of an interval around the exact remainder, so differences keep
/// full relative precision.
struct KnotSamples {
  private(set) var count = 0
  /// Σ w (y − ȳ)² within groups of equal abscissas.
  private(set) var constantLoss = Rational.zero
  /// A loss in the scaled units is the loss of the samples times this power of two.
  private(set) var lossExponent = 0

  private var x: [Double] = []
  private var y: [Double] = []
  private var xRest: [Interval] = []
  private var yRest: [Interval] = []
  private var weight: [Interval] = []
  /// The slope of the reference line of the frame that begins at each point.
  private var slope: [Double] = []

  /// - Precondition: three arrays of one length, positive weights.
  /// - Complexity: O(n log n) comparisons of rationals.
  init(x: [Rational], y: [Rational], weights: [Rational]) {
    let order = x.indices.sorted { x[$0] < x[$1] }
    guard let first = order.first else { return }
    var points: [(x: Rational, y: Rational, weight: Rational)] = []
    var start = 0
    while start < order.count {
      let end = order[start...].firstIndex { x[$0] != x[order[start]] } ?? order.count
      let group = order[start..<end]
      let weight = group.reduce(Rational.zero) { $0 + weights[$1] }
      let mean = group.reduce(Rational.zero) { $0 + weights[$1] * y[$1] } / weight
      if group.count > 1 {
        constantLoss += group.reduce(Rational.zero) { $0 + weights[$1] * (y[$1] - mean) * (y[$1] - mean) }
      }
      points.append((x[order[start]], mean, weight))
      start = end
    }
    count = points.count

    let left = x[first]
    let base = points[0].y
    let xExponent = (points[count - 1].x - left).approximateExponent
    let yExponent = (points.lazy.map { ($0.y - base).magnitude }.max() ?? .zero).approximateExponent
    let weightExponent = (points.lazy.map(\.weight).max() ?? .one).approximateExponent
    lossExponent = -2 * yExponent - weightExponent
    let xScale = Rational(powerOfTwo: -xExponent)
    let yScale = Rational(powerOfTwo: -yExponent)
    let weightScale = Rational(powerOfTwo: -weightExponent)
    for point in points {
      let (x, xRest) = KnotSamples.split((point.x - left) * xScale)
      let (y, yRest) = KnotSamples.split((point.y - base) * yScale)
      self.x.append(x)
      self.y.append(y)
      self.xRest.append(xRest)
      self.yRest.append(yRest)
      weight.append(Interval(point.weight * weightScale))
    }
    chooseSlopes()
  }

  private static func split(_ value: Rational) -> (Double, Interval) {
    let nearest = value.doubleValue
    return (nearest, Interval(value - Rational(exactly: nearest)))
  }

  /// The same samples seen from the other side: x becomes −x.
  func mirrored() -> KnotSamples {
    var result = self
    result.x = x.reversed().map { -$0 }
    result.xRest = xRest.reversed().map { -$0 }
    result.y = y.reversed()
    result.yRest = yRest.reversed()
    result.weight = weight.reversed()
    result.chooseSlopes()
    return result
  }
}

// Coordinates in which a good fit is small.
extension KnotSamples {
  /// Coordinates for the points near point `origin`: abscissas relative to it, ordinates relative to a line through it.
  ///
  /// The class of functions with K knots, and every loss, stays the same when an affine function is subtracted from the
  /// data. When the line follows the data, the ordinates are of the size of the noise, and rounding errors are relative
  /// to that size: a fit with a loss of 10^−12 of the signal is bounded as sharply as any other.
  struct Frame {
    let samples: KnotSamples
    let origin: Int
    let slope: Double

    /// Point `index` in these coordinates, to within a few units in the last place of the result.
    ///
    /// With a ⊖ b the rounded difference and ⊖′ its exact error, y − y₀ = s + s′ and x − x₀ = u + u′ exactly; βu = p + p′
    /// exactly (p′ by a fused multiply-add, correctly rounded); s − p = d + d′ exactly. What is left is tiny, and is
    /// summed in intervals.
    @inline(__always)
    func point(_ index: Int) -> KnotPoint {
      let (u, uError) = exactDifference(samples.x[index], samples.x[origin])
      let (s, sError) = exactDifference(samples.y[index], samples.y[origin])
      let uRest = Interval(uError) + (samples.xRest[index] - samples.xRest[origin])
      let p = slope * u
      let pError = (-p).addingProduct(slope, u)
      let pRest = Interval(lower: pError.nextDown, upper: pError.nextUp)
      let (d, dError) = exactDifference(s, p)
      let yRest =
        (Interval(dError) + Interval(sError)) + (samples.yRest[index] - samples.yRest[origin])
        - (pRest + Interval(slope) * uRest)
      return KnotPoint(x: Interval(u) + uRest, y: Interval(d) + yRest, weight: samples.weight[index])
    }

    /// The rounded difference and its exact error (Knuth's two-sum; no assumption on magnitudes).
    @inline(__always)
    private func exactDifference(_ a: Double, _ b: Double) -> (rounded: Double, error: Double) {
      let rounded = a - b
      let part = rounded - a
      return (rounded, (a - (rounded - part)) - (b + part))
    }
  }

  func frame(at origin: Int) -> Frame { Frame(samples: self, origin: origin, slope: slope[origin]) }

  /// Chooses the slope of every frame: of the least-squares line through the points that follow, as long as they stay on
  /// one line. Any slope is right; a good one makes rounding errors small. Plain `Double`s are enough.
  private mutating func chooseSlopes() {
    let window = 64
    slope = (0..<count).map { origin in
      var fit = (weight: 0.0, x: 0.0, y: 0.0, xx: 0.0, xy: 0.0, loss: 0.0)
      var best = 0.0
      for index in origin..<min(origin + window, count) {
        let w = weight[index].lower
        let dx = x[index] - x[origin] - fit.x
        let dy = y[index] - y[origin] - fit.y
        let total = fit.weight + w
        let share = fit.weight * w / total
        let residual = fit.xx > 0 ? dy - fit.xy / fit.xx * dx : 0
        let xx = fit.xx + share * dx * dx
        let loss = fit.loss + (xx > 0 ? share * residual * residual * fit.xx / xx : 0)
        // A sudden growth of the residuals is a kink in data with little noise.
        if index - origin >= 6, loss > 100 * fit.loss { break }
        fit = (total, fit.x + w / total * dx, fit.y + w / total * dy, xx, fit.xy + share * dx * dy, loss)
        best = fit.xx > 0 ? fit.xy / fit.xx : 0
      }
      return best.isFinite ? best : 0
    }
  }
}
