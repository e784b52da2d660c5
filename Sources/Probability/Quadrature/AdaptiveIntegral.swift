/// An integral with an estimate of its error.
public struct IntegralEstimate: Sendable, Equatable {
  public var value: Double
  /// The size of the error, estimated.
  public var error: Double
  /// How often the function was evaluated.
  public var evaluations: Int

  public init(value: Double, error: Double, evaluations: Int) {
    self.value = value
    self.error = error
    self.evaluations = evaluations
  }
}

/// ∫ f from `lower` to `upper` by the Gauss–Kronrod pair of 7 and 15 nodes, always halving the interval of largest
/// error.
///
/// Stops when the estimate of the error is below `max(absolute, relative · |value|)`, or after `mostIntervals`
/// intervals; then the estimate says how far it came. Kinks and jumps belong into `breakpoints`. The function must be
/// finite on the open interval. O(intervals²) comparisons beside the evaluations, 15 for each interval.
///
/// Source: R. Piessens et al., QUADPACK (1983), routine QAG with its error heuristic.
public func adaptiveIntegral(
  from lower: Double, to upper: Double, breakpoints: [Double] = [], absolute: Double = 1e-12, relative: Double = 1e-12,
  mostIntervals: Int = 2000, _ f: (Double) -> Double
) -> IntegralEstimate {
  struct Piece {
    var lower: Double
    var upper: Double
    var value: Double
    var error: Double
  }
  func piece(_ lower: Double, _ upper: Double) -> Piece {
    let (value, error) = KronrodPair.integral(from: lower, to: upper, f)
    return Piece(lower: lower, upper: upper, value: value, error: error)
  }
  let ends = [lower] + breakpoints.filter { $0 > lower && $0 < upper }.sorted() + [upper]
  var pieces = zip(ends, ends.dropFirst()).map { piece($0, $1) }
  var made = pieces.count
  while true {
    let value = pieces.reduce(0) { $0 + $1.value }
    let error = pieces.reduce(0) { $0 + $1.error }
    let worst = pieces.indices.max { pieces[$0].error < pieces[$1].error }
    guard error > max(absolute, relative * abs(value)), pieces.count < mostIntervals, let worst else {
      return IntegralEstimate(value: value, error: error, evaluations: 15 * made)
    }
    let old = pieces[worst]
    let middle = 0.5 * (old.lower + old.upper)
    guard middle > old.lower, middle < old.upper else {
      return IntegralEstimate(value: value, error: error, evaluations: 15 * made)
    }
    pieces[worst] = piece(old.lower, middle)
    pieces.append(piece(middle, old.upper))
    made += 2
  }
}

/// The 7-point Gauss rule inside the 15-point Kronrod rule.
private enum KronrodPair {
  static let nodes = [
    0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926,
    0.741531185599394439863864773280788, 0.586087235467691130294144691258330, 0.405845151377397166906606412076961,
    0.207784955007898467600689403773245,
  ]
  static let weights = [
    0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518,
    0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
    0.204432940075298892414161999234649,
  ]
  static let centreWeight = 0.209482141084727828012999174891714
  /// Of every second node.
  static let gaussWeights = [
    0.129484966168869693270611432679082, 0.279705391489276667901467771423780, 0.381830050505118944950369775488975,
  ]
  static let gaussCentreWeight = 0.417959183673469387755102040816327

  static func integral(from lower: Double, to upper: Double, _ f: (Double) -> Double) -> (value: Double, error: Double)
  {
    let (centre, half) = (0.5 * (lower + upper), 0.5 * (upper - lower))
    let middle = f(centre)
    var kronrod = centreWeight * middle
    var gauss = gaussCentreWeight * middle
    var magnitude = centreWeight * abs(middle)
    var values: [(Double, Double)] = []
    values.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      let pair = (f(centre - half * node), f(centre + half * node))
      values.append(pair)
      kronrod += weights[index] * (pair.0 + pair.1)
      magnitude += weights[index] * (abs(pair.0) + abs(pair.1))
      if index % 2 == 1 { gauss += gaussWeights[index / 2] * (pair.0 + pair.1) }
    }
    let mean = 0.5 * kronrod
    var spread = centreWeight * abs(middle - mean)
    for (index, pair) in values.enumerated() { spread += weights[index] * (abs(pair.0 - mean) + abs(pair.1 - mean)) }
    let difference = abs((kronrod - gauss) * half)
    let scale = spread * abs(half)
    var error = difference
    if scale > 0, difference > 0 {
      let ratio = 200 * difference / scale
      error = scale * min(1, ratio * ratio.squareRoot())
    }
    return (kronrod * half, max(error, 50 * Double.ulpOfOne * magnitude * abs(half)))
  }
}
