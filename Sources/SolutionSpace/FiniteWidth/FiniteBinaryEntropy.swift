import Foundation
import Probability

extension FiniteCommittee {
  /// ln of the chance that the output is right when field l is normal with mean mₗ and variance s².
  ///
  /// Sign units: the count of right ones, by recursion. Two ReLU units: one integral.
  private func logChance(means: [Double], deviation s: Double, panel: QuadratureRule) -> Double {
    switch unit {
    case .sign:
      var counts = [Double](repeating: 0, count: hidden + 1)
      counts[0] = 1
      for (l, mean) in means.enumerated() {
        let wrong = normalCDF(-mean / s)
        for j in stride(from: l + 1, to: 0, by: -1) { counts[j] = counts[j] * (1 - wrong) + counts[j - 1] * wrong }
        counts[0] *= 1 - wrong
      }
      let allowed = convention == .strict ? (hidden - 1) / 2 : hidden / 2
      return log(max(counts.prefix(allowed + 1).reduce(0, +), 1e-300))
    case .relu:
      // Right: v₊ > 0 and v₊ > v₋.
      let (up, down) = (means[0], means[1])
      let (low, high) = (max(0, up - 8.5 * s), max(0, up) + 8.5 * s)
      let bends = [low, min(max(down, low), high), high]
      var chance = 0.0
      for (a, b) in zip(bends, bends.dropFirst()) where b > a {
        let half = 0.5 * (b - a)
        for (node, weight) in zip(panel.nodes, panel.weights) {
          let v = a + half * (1 + node)
          chance += half * weight * normalDensity((v - up) / s) / s * normalCDF((v - down) / s)
        }
      }
      if convention == .weak { chance += normalCDF(-up / s) * normalCDF(-down / s) }
      return log(max(chance, 1e-300))
    }
  }

  /// E_z ln P(right | fields √q z), a product rule over the K reference fields.
  private func energetic(overlap q: Double, step: Double) -> Double {
    let side = Int(8 / step)
    let nodes = (-side...side).map { step * Double($0) }
    let weights = nodes.map { step * normalDensity($0) }
    let panel = QuadratureRule.gaussLegendre(20)
    let (spread, deviation) = (q.squareRoot(), (1 - q).squareRoot())
    var total = 0.0
    var place = [Int](repeating: 0, count: hidden)
    while true {
      let weight = place.reduce(1) { $0 * weights[$1] }
      if weight > 1e-16 {
        total += weight * logChance(means: place.map { spread * nodes[$0] }, deviation: deviation, panel: panel)
      }
      var l = 0
      while l < hidden {
        place[l] += 1
        if place[l] < nodes.count { break }
        place[l] = 0
        l += 1
      }
      if l == hidden { return total }
    }
  }

  /// The load at which the replica-symmetric entropy of binary weights is 0, and the state there; up to three sign
  /// units, or two ReLU units. The replicon is not computed (NaN). Seconds.
  public func zeroEntropyState() throws -> ReplicaSymmetricState {
    guard unit == .sign ? hidden <= 3 : hidden == 2 else {
      throw SolutionSpaceError(
        "the entropy of binary weights at finite K is computed for up to 3 sign units and for 2 ReLU units, and for "
          + "inf; "
          + "\(hidden) were asked for")
    }
    func state(_ coordinate: Double, step: Double) -> ReplicaSymmetricState {
      let conjugate = exp(coordinate)
      let field = conjugate.squareRoot()
      let rule = QuadratureRule.normalTrapezoid(scale: min(1, 1 / field))
      let complement = rule.integral { 1 / (cosh(field * $0) * cosh(field * $0)) }
      let q = 1 - complement
      // A difference of the fourth order.
      let h = min(2e-3, 0.2 * min(q, 1 - q))
      func term(_ k: Double) -> Double { energetic(overlap: q + k * h, step: step) }
      let slope = (8 * (term(1) - term(-1)) - (term(2) - term(-2))) / (12 * h)
      let load = -0.5 * conjugate / slope
      let entropy =
        -0.5 * conjugate * complement + rule.integral { logTwoCosh(field * $0) } + load
        * energetic(overlap: q, step: step)
      return ReplicaSymmetricState(
        load: load, overlap: q, conjugate: conjugate, freeEntropy: entropy, replicon: .nan, error: 0)
    }
    let step = hidden == 3 ? 0.4 : 0.3
    var (low, high) = (-2.0, -1.0)
    while state(high, step: step).freeEntropy > 0, high < 6 { (low, high) = (high, high + 0.7) }
    guard let place = root(from: low, to: high, tolerance: 1e-9, { state($0, step: step).freeEntropy }) else {
      throw SolutionSpaceError("no load was found at which the entropy is 0")
    }
    var result = state(place, step: step)
    result.error = abs(state(place, step: 0.75 * step).freeEntropy) + 1e-9
    return result
  }
}
