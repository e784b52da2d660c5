/// The weighted moments of the sites of one segment about an anchor point near them.
///
/// Moments about a far origin lose the digits that short segments need (a squared distance of 10⁻⁸ beside an abscissa of
/// 1), so the sums are grown site by site from the anchor instead of being differences of global prefix sums.
struct SegmentMoments {
  /// Σ w
  var n = 0.0
  /// Σ w u, u = x − x_anchor
  var u = 0.0
  /// Σ w v, v = y − y_anchor
  var v = 0.0
  var uu = 0.0
  var uv = 0.0
  var vv = 0.0

  /// The anchor alone.
  @inline(__always)
  init(anchorWeight: Double) { n = anchorWeight }

  @inline(__always)
  mutating func add(_ du: Double, _ dv: Double, _ weight: Double) {
    let wu = weight * du
    let wv = weight * dv
    n += weight
    u += wu
    v += wv
    uu += wu * du
    uv += wu * dv
    vv += wv * dv
  }
}

/// The least-squares line through a segment of at least two sites, and what is needed to bend it.
struct SegmentLine {
  /// The sum of squares about the line.
  let cost: Double
  /// The line's value at the anchor, relative to y_anchor.
  let value: Double
  let slope: Double
  /// Σ w
  let n: Double
  /// The mean of u.
  let mean: Double
  /// Σ w (u − mean)²
  let spread: Double

  @inline(__always)
  init(_ moments: SegmentMoments) {
    n = moments.n
    let inverse = 1 / n
    mean = moments.u * inverse
    spread = moments.uu - moments.u * mean
    let covariance = moments.uv - moments.v * mean
    slope = covariance / spread
    cost = max(0, moments.vv - moments.v * moments.v * inverse - slope * covariance)
    value = moments.v * inverse - slope * mean
  }
}
