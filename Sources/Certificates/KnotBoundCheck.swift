import Exact

public struct KnotBoundCheck: Sendable {
  public struct Verdict: Sendable {
    public let isProved: Bool
    public let reason: String
  }

  private let samples: KnotSamples
  private let fault: String?
  public var labelLimit = 100_000_000

  public init(x: [Rational], y: [Rational], weights: [Rational]) {
    samples = KnotSamples(x: x, y: y, weights: weights)
    fault = nil
  }

  public func verdicts(bounds: [Rational]) -> [Verdict] {
    let depth = bounds.count - 1
    let scaled = bounds.map { (($0 - samples.constantLoss) * Rational(powerOfTwo: samples.lossExponent)).roundedUp }
    let cap = scaled.max() ?? 0
    let suffix = KnotSuffixBounds(samples, depth: depth, cap: cap)
    var open = [Double]()
    for cut in 0...samples.count { for k in 0...depth {
      var limit = -Double.infinity
      for total in k...depth { limit = max(limit, (scaled[total] - suffix.value(after: cut, knots: total - k)).nextUp) }
      open.append(limit)
    } }
    var closed = open
    let w = depth + 1
    for cut in 0..<samples.count { for k in 0...depth { closed[cut * w + k] = k + 2 <= depth ? open[cut * w + k + 2] : -.infinity } }
    var search = KnotSearch(samples, depth: depth, limits: .init(open: open, closed: closed), labelLimit: labelLimit)
    let done = search.run()
    if let debugLabels { debugLabels(labelLimit - search.labelsLeft) }
    return bounds.indices.map { k in
      let lower = (0...k).map { search.closedLoss(at: samples.count, knots: $0).lower }.min()!
      let upper = (0...k).map { search.closedLoss(at: samples.count, knots: $0).upper }.min()!
      return Verdict(isProved: done && lower >= scaled[k], reason: "\(lower) \(upper) \(scaled[k])")
    }
  }
  public var debugLabels: (@Sendable (Int) -> Void)?
}
extension KnotBoundCheck {
  public func debugGuess(maxK: Int, factor: Double) -> [Double]? {
    let suffix = KnotSuffixBounds(samples, depth: maxK, cap: 1e300)
    let unit = Rational(powerOfTwo: -samples.lossExponent).doubleValue
    let bounds = (0...maxK).map { suffix.value(after: 0, knots: $0) * factor * unit + samples.constantLoss.doubleValue }
    let ups = uppers(bounds: bounds.map { Rational(exactly: $0) })
    print(bounds, ups)
    return zip(ups, bounds).allSatisfy { $0 < $1 } ? ups : nil
  }
  func uppers(bounds: [Rational]) -> [Double] {
    let unit = Rational(powerOfTwo: -samples.lossExponent).doubleValue
    return verdicts(bounds: bounds).map { Double($0.reason.split(separator: " ")[1])! * unit + samples.constantLoss.doubleValue }
  }
}
