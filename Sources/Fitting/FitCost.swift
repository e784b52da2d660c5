import Certificates
import Polyhedra

/// What an exact fit may cost, said before it starts.
public struct FitCost: Sendable {
  /// Distinct input points.
  public var sites: Int
  /// The most hyperplane dichotomies that so many points in general position have.
  public var dichotomies: Double
  /// Convex programs that Algorithm 1 of Arora et al. would solve: sets of distinct pairs (sign, dichotomy).
  public var programs: Double

  /// - Complexity: O(samples).
  public init(model: HiddenLayerModel, samples: ExactSamples) {
    sites = Set(samples.inputs).count
    dichotomies = Dichotomies.upperBound(points: sites, dimension: model.inputs)
    // A free affine part makes a dichotomy and its complement equivalent.
    let cells = model.skip && model.outputBias ? dichotomies / 2 : dichotomies
    let pairs = (model.convex ? 1 : 2) * max(cells - 1, 0)
    var programs = 1.0
    for k in 0..<model.hidden { programs = programs * max(pairs - Double(k), 1) / Double(k + 1) }
    self.programs = max(programs, 1)
  }
}
