import Foundation

/// The largest load at which the densest regions grow denser all the way inwards.
public struct DenseRegionThreshold: Sendable, Equatable {
  /// α_U.
  public var load: Estimate
  /// The overlap at which the local entropy first stops falling.
  public var overlap: Double
}

extension TreeCommittee {
  /// The load up to which F(p) falls monotonically with p: up to there dense regions are one piece, which algorithms
  /// find; beyond, they break up. A second.
  ///
  /// Source: Baldassi et al. (2019), the criterion dF/dp = 0.
  public func denseRegionThreshold() throws -> DenseRegionThreshold {
    guard weights == .binary else {
      throw SolutionSpaceError("the threshold of dense regions is defined for binary weights")
    }
    let capacity = try replicaSymmetricCapacity().value
    // The largest slope over the branch, and where: a grid, then a parabola through its best three points.
    func steepest(_ load: Double) throws -> (overlap: Double, slope: Double) {
      let regions = try DenseRegions(self, load: load)
      let start = try formalState(load: load).overlap
      func slope(_ p: Double) throws -> Double? { try regions.point(overlap: p)?.slope }
      var (low, high) = (max(start + 0.02, 0.55), 0.985)
      var best = (overlap: low, slope: -Double.infinity)
      for _ in 0..<4 {
        let step = (high - low) / 8
        for j in 0...8 {
          let p = low + step * Double(j)
          if let value = try slope(p), value > best.slope { best = (p, value) }
        }
        (low, high) = (max(low, best.overlap - step), min(high, best.overlap + step))
      }
      return best
    }
    var (low, high) = (0.3 * capacity, 0.999 * capacity)
    guard try steepest(high).slope > 0, try steepest(low).slope < 0 else {
      throw SolutionSpaceError("no load was found at which the densest regions of \(kernel.name) break up")
    }
    // A bisection first: the slope as a function of the load is steep at the end.
    for _ in 0..<4 {
      let middle = 0.5 * (low + high)
      if try steepest(middle).slope > 0 { high = middle } else { low = middle }
    }
    let found = try root(from: low, to: high, tolerance: 1e-7) { try steepest($0).slope } ?? 0.5 * (low + high)
    return DenseRegionThreshold(load: Estimate(found, error: 2e-5), overlap: try steepest(found).overlap)
  }
}
