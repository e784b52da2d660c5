import Exact
import Foundation

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
    var scaled = bounds.map { (($0 - samples.constantLoss) * Rational(powerOfTwo: samples.lossExponent)).roundedUp }
    let original = scaled
    let count = samples.count
    var sides = [samples, samples.mirrored()]
    var known = [[[Double]]](repeating: .init(repeating: [], count: count + 1), count: 2)
    var result = [(Double, Double)](repeating: (-Double.infinity, Double.infinity), count: depth + 1)
    _ = sides.count; sides[0] = samples
    let env = debugStages
    let stages = env.filter { $0 < depth } + [depth]
    for (number, layer) in stages.enumerated() {
      let side = (stages.count - 1 - number) % 2
      let cap = scaled.max() ?? 0
      let suffix = KnotSuffixBounds(sides[side], depth: depth, cap: cap, known: known[side])
      var open = [Double](), closed = [Double]()
      for cut in 0...count { for k in 0...layer {
        var limit = -Double.infinity, climit = -Double.infinity
        for total in k...depth {
          climit = max(climit, (scaled[total] - suffix.continuous(after: cut, knots: total - k)).nextUp)
          limit = max(limit, (scaled[total] - (layer < depth ? suffix.broken(after: cut, knots: total - k) : suffix.continuous(after: cut, knots: total - k))).nextUp)
        }
        open.append(limit); closed.append(climit)
      } }
      if layer == depth {
        let w = depth + 1
        for cut in 0..<samples.count { for k in 0...depth { closed[cut * w + k] = k + 2 <= depth ? open[cut * w + k + 2] : -.infinity } }
      }
      var search = KnotSearch(sides[side], depth: layer, limits: .init(open: open, closed: closed), labelLimit: labelLimit)
      let done = search.run()
      if let debugLabels { print("stage", side, layer, Double(clock())/1e6); debugLabels(labelLimit - search.labelsLeft) }
      if !done { break }
      for cut in 0...count {
        var best = Double.infinity
        known[1 - side][count - cut] = (0...layer).map { k in
          best = min(best, search.closedLoss(at: cut, knots: k).lower)
          return min(best, closed[cut * (layer + 1) + k].nextDown.nextDown)
        }
      }
      for k in 0...layer where scaled[k] > -.infinity {
        let lower = (0...k).map { search.closedLoss(at: samples.count, knots: $0).lower }.min()!
        let upper = (0...k).map { search.closedLoss(at: samples.count, knots: $0).upper }.min()!
        result[k] = (lower, upper)
        scaled[k] = -.infinity
      }
    }
    return bounds.indices.map { k in
      return Verdict(isProved: result[k].0 >= original[k], reason: "\(result[k].0) \(result[k].1) \(original[k])")
    }
  }
  public var debugStages: [Int] = []
  public var debugLabels: (@Sendable (Int) -> Void)?
}
extension KnotBoundCheck {
  public func debugGuess(maxK: Int, factor: Double) -> [Double]? {
    let suffix = KnotSuffixBounds(samples, depth: maxK, cap: 1e300, known: .init(repeating: [], count: samples.count + 1))
    let unit = Rational(powerOfTwo: -samples.lossExponent).doubleValue
    let bounds = (0...maxK).map { suffix.continuous(after: 0, knots: $0) * factor * unit + samples.constantLoss.doubleValue }
    let ups = uppers(bounds: bounds.map { Rational(exactly: $0) })
    print(bounds, ups)
    return zip(ups, bounds).allSatisfy { $0 < $1 } ? ups : nil
  }
  func uppers(bounds: [Rational]) -> [Double] {
    let unit = Rational(powerOfTwo: -samples.lossExponent).doubleValue
    return verdicts(bounds: bounds).map { Double($0.reason.split(separator: " ")[1])! * unit + samples.constantLoss.doubleValue }
  }
}
