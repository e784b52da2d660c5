import Foundation
import Probability

/// The chance that a stored pattern is misclassified after independent flips of a share η of the weights (of spherical
/// weights: noise that leaves an overlap p = 1 − 2η with them), or of its ±1 inputs: only the products Wᵢ ξᵢ matter, so
/// both are one.
///
/// Source: Baldassi et al. (2019), derived again for any kernel and margin.
public struct FlipRobustness: Sendable {
  public let committee: TreeCommittee

  public init(_ committee: TreeCommittee) { self.committee = committee }

  private static let panel = QuadratureRule.gaussLegendre(16)

  /// E over u > first, u standard normal conditioned on that, of the chance that mean + slope · u + noise < 0.
  private static func truncatedMean(first: Double, mean: Double, slope: Double, noise: Double) -> Double {
    let chance = normalCDF(-first)
    guard chance > 0 else { return 0 }
    let last = max(9, first + 3)
    // The chance changes over noise / slope around −mean / slope, which is near the lower end for small flips.
    let width = max(noise / max(abs(slope), 1e-300), 1e-12)
    let centre = -mean / (slope == 0 ? 1e-300 : slope)
    var ends = [first, last]
    for offset in [-6.0, -3, -1, 0, 1, 3, 6] { ends.append(centre + offset * width) }
    ends += stride(from: first.rounded(.up), to: last, by: 1.5)
    ends = ends.filter { $0 >= first && $0 <= last }.sorted()
    var total = 0.0
    for (a, b) in zip(ends, ends.dropFirst()) where b > a {
      let half = 0.5 * (b - a)
      for (node, weight) in zip(panel.nodes, panel.weights) {
        let u = a + half * (1 + node)
        total += half * weight * normalDensity(u) * normalCDF(-(mean + slope * u) / noise)
      }
    }
    return total / chance
  }

  private func checked(_ share: Double) throws -> Double {
    guard (0...0.5).contains(share) else {
      throw SolutionSpaceError("a share of \(share) flipped: from 0 to 0.5 is computed")
    }
    return 1 - 2 * share
  }

  /// Of a typical solution:  err = E_z E_{u | √Q z + √(1−Q) u > κ} H((Q_t z/√Q + B u) / c),  Q_t = Q(p q).
  public func error(ofTypical state: ReplicaSymmetricState, share: Double) throws -> Double {
    let p = try checked(share)
    if share == 0 { return 0 }
    let kernel = committee.kernel
    let own = kernel.point(state.overlap)
    let kept = kernel.point(complement: 2 * share)
    let other = kernel.point(p * state.overlap).value
    let rest = own.complement.squareRoot()
    let spread = max(own.value, 1e-300).squareRoot()
    let slope = (kept.value - other) / rest
    let noise = max(1 - other * other / max(own.value, 1e-300) - slope * slope, 1e-16).squareRoot()
    let rule = QuadratureRule.normalTrapezoid(
      centre: committee.margin / spread, scale: min(1, rest / spread), step: 0.2, reach: 8.5)
    return rule.integral { z in
      Self.truncatedMean(
        first: (committee.margin - spread * z) / rest, mean: other / spread * z, slope: slope, noise: noise)
    }
  }

  /// Of a typical member of the densest regions of one mutual overlap.
  public func error(ofDense region: LocalEntropyPoint, share: Double) throws -> Double {
    let p = try checked(share)
    if share == 0 { return 0 }
    let kernel = committee.kernel
    let own = kernel.point(region.overlap)
    let kept = kernel.point(complement: 2 * share)
    let shrunk = kernel.point(p * region.overlap)
    let rest = own.complement.squareRoot()
    let spread = own.value.squareRoot()
    let slope = (kept.value - shrunk.value) / rest
    let noise = max(1 - shrunk.value * shrunk.value / own.value - slope * slope, 1e-16).squareRoot()
    let chance = PatternChance(margin: committee.margin, deviation: rest)
    let strength = own.slope * region.overlapGap
    return chance.rule(spread: spread, strength: strength, step: 0.2).integral { z in
      let v = chance.response(spread * z, strength: strength)
      return Self.truncatedMean(
        first: (committee.margin - v) / rest,
        mean: shrunk.value / spread * z + p * shrunk.slope / own.slope * (v - spread * z), slope: slope, noise: noise)
    }
  }
}
