import Foundation
import Probability

/// The largest local entropy: y → ∞ real replicas, all solutions, at mutual overlap p,
///
///     F(p) = lim 1/(yN) E ln Σ ∏ₐ X(Wᵃ) ∏ δ(Wᵃ·Wᵇ − pN)
///          = −q̂(1 − p)/2 − (l p + q̂ g)/2 + E max_k [−k²/2 + ln 2cosh(√q̂ z + √l k)]
///            + α E max_k [−k²/2 + ln H((κ − √Q z − s k)/C)],   s² = Q′(p) g,  C² = 1 − Q(p)
///
/// for binary weights, extremal in q̂, l = y (q̂₁ − q̂₀) and g = y (q₁ − q₀). It is a sum over regions of solutions
/// weighted for their density, so that rare dense regions show.
///
/// Source: C. Baldassi, A. Ingrosso, C. Lucibello, L. Saglietti, R. Zecchina, Phys. Rev. Lett. 115, 128101 (2015), and
/// Baldassi et al. (2019).
public struct DenseRegions: Sendable {
  public let committee: TreeCommittee
  public let load: Double

  /// Throws `SolutionSpaceError` for loads that are not positive and for even activations.
  public init(_ committee: TreeCommittee, load: Double) throws {
    guard load > 0, load.isFinite else {
      throw SolutionSpaceError("a load of \(load): a positive number of patterns per weight is needed")
    }
    guard !committee.kernel.isEven else {
      throw SolutionSpaceError(
        "\(committee.kernel.name) is even: its solutions come in mirrored hidden units, and regions of them are not "
          + "computed"
      )
    }
    self.committee = committee
    self.load = load
  }

  /// F without patterns.
  func bound(overlap: Double) -> Double {
    switch committee.weights {
    case .binary: binaryEntropy(0.5 * (1 + overlap.squareRoot()))
    case .spherical: 0.5 * log(1 - overlap)
    }
  }

  struct Response {
    var logarithm = 0.0
    var slopeSquare = 0.0
    /// ∂/∂p of the logarithm at fixed g.
    var overlapSlope = 0.0
  }

  /// The energetic term at gap g.
  func energetic(_ point: OrderParameterKernel.Point, gap: Double) -> Response {
    let chance = PatternChance(margin: committee.margin, deviation: point.complement.squareRoot())
    let strength = point.slope * gap
    let spread = point.value.squareRoot()
    let rule = chance.rule(spread: spread, strength: strength)
    var result = Response()
    var (stiff, bends) = (0.0, 0.0)
    for (z, weight) in zip(rule.nodes, rule.weights) {
      let v = chance.response(spread * z, strength: strength)
      let (slope, bend) = (chance.slope(v), chance.bend(v))
      result.logarithm += weight * (chance.logarithm(v) - 0.5 * strength * slope * slope)
      result.slopeSquare += weight * slope * slope
      stiff += weight * bend / (1 - strength * bend)
      bends += weight * (bend + slope * slope)
    }
    result.overlapSlope = 0.5 * (point.slope * (stiff - bends) + point.curvature * gap * result.slopeSquare)
    return result
  }

  /// Averages over z > 0 of the magnetisation m = tanh u, u = x + l tanh u the root on the side of x = √q̂ z.
  private struct Magnetisation {
    /// E m².
    var square = 0.0
    /// E z m.
    var product = 0.0
    /// E [ln 2cosh u − l m²/2].
    var logarithm = 0.0

    init(conjugate: Double, gap: Double) {
      let field = conjugate.squareRoot()
      for (z, weight) in Self.nodes {
        let x = field * z
        // From the right Newton's method falls to the largest root, as tanh is concave there.
        var u = x + gap
        for _ in 0..<80 {
          let m = tanh(u)
          let slope = 1 - gap * (1 - m * m)
          let step = (u - x - gap * m) / slope
          guard slope > 0, step.isFinite else { break }
          u -= step
          if step <= 1e-15 * u { break }
        }
        let m = tanh(u)
        square += weight * m * m
        product += weight * z * m
        logarithm += weight * (logTwoCosh(u) - 0.5 * gap * m * m)
      }
    }

    /// The double-exponential rule on (0, 9) with the density of |z|: at l = 1 the integrands behave like z^(1/3) at 0.
    ///
    /// Source: H. Takahasi, M. Mori, Publ. RIMS 9, 721 (1974).
    private static let nodes: [(Double, Double)] = (-40...40).map { j in
      let t = 0.09 * Double(j)
      let inner = 0.5 * Double.pi * sinh(t)
      let z = 9 / (1 + exp(-2 * inner))
      let slope = 9 * 0.5 * Double.pi * cosh(t) / (2 * cosh(inner) * cosh(inner))
      return (z, 2 * 0.09 * slope * normalDensity(z))
    }
  }

  private func conjugateGap(conjugate: Double, overlap: Double) -> Double? {
    // E m² grows with l; at l = 0 it must be below p.
    guard Magnetisation(conjugate: conjugate, gap: 0).square < overlap else { return nil }
    var high = 1.0
    while Magnetisation(conjugate: conjugate, gap: high).square < overlap {
      high *= 2
      guard high < 1e6 else { return nil }
    }
    return root(from: 0, to: high, tolerance: 1e-14) { Magnetisation(conjugate: conjugate, gap: $0).square - overlap }
  }

  private func overlapGap(conjugate: Double, gap: Double, overlap: Double) -> Double {
    Magnetisation(conjugate: conjugate, gap: gap).product / conjugate.squareRoot() - (1 - overlap)
  }

  /// The densest regions of mutual overlap p, 0 < p < 1; nil where the equations have no solution: below the overlap of
  /// typical solutions, and beyond the loads at which such regions exist. Some ten milliseconds.
  public func point(overlap: Double) throws -> LocalEntropyPoint? {
    guard overlap > 0, overlap < 1 else {
      throw SolutionSpaceError("a mutual overlap of \(overlap): a number between 0 and 1 is needed")
    }
    let point = committee.kernel.point(overlap)
    switch committee.weights {
    case .spherical: return sphericalPoint(overlap: overlap, point)
    case .binary: return binaryPoint(overlap: overlap, point)
    }
  }

  private func binaryPoint(overlap p: Double, _ point: OrderParameterKernel.Point) -> LocalEntropyPoint? {
    func residual(_ coordinate: Double) -> Double {
      let conjugate = exp(coordinate)
      guard let l = conjugateGap(conjugate: conjugate, overlap: p) else { return .nan }
      let gap = overlapGap(conjugate: conjugate, gap: l, overlap: p)
      guard gap >= 0 else { return .nan }
      return log(load * point.slope * energetic(point, gap: gap).slopeSquare) - coordinate
    }
    // Down from where l = 0; the physical solution is the first.
    guard var high = root(from: -40, to: 12, tolerance: 1e-13, { Magnetisation(conjugate: exp($0), gap: 0).square - p })
    else { return nil }
    high -= 1e-9
    var atHigh = residual(high)
    var coordinate: Double?
    var step = 0.25
    while high > -40 {
      let low = high - step
      let atLow = residual(low)
      if atHigh < 0, atLow >= 0 {
        coordinate = root(from: low, to: high, tolerance: 1e-12, residual)
        break
      }
      (high, atHigh) = (low, atLow)
      step = min(2, step * 1.3)
    }
    guard let coordinate else { return nil }
    let conjugate = exp(coordinate)
    guard let l = conjugateGap(conjugate: conjugate, overlap: p) else { return nil }
    let weightsPart = Magnetisation(conjugate: conjugate, gap: l)
    let gap = overlapGap(conjugate: conjugate, gap: l, overlap: p)
    let response = energetic(point, gap: gap)
    let entropy =
      -0.5 * conjugate * (1 - p) - 0.5 * (l * p + conjugate * gap) + weightsPart.logarithm + load * response.logarithm
    return LocalEntropyPoint(
      overlap: p, entropy: entropy, slope: 0.5 * (conjugate - l) + load * response.overlapSlope,
      bound: bound(overlap: p), conjugate: conjugate, overlapGap: gap, conjugateGap: l,
      error: 1e-11 + committee.kernel.error)
  }

  private func sphericalPoint(overlap p: Double, _ point: OrderParameterKernel.Point) -> LocalEntropyPoint? {
    func residual(_ coordinate: Double) -> Double {
      let gap = exp(coordinate)
      let wanted = p / ((1 - p + gap) * (1 - p + gap))
      return log(load * point.slope * energetic(point, gap: gap).slopeSquare / wanted)
    }
    // Without a gap the equation is that of typical solutions of overlap p, which exist at larger loads only.
    guard let coordinate = root(from: -25, to: 20, tolerance: 1e-12, residual) else { return nil }
    let gap = exp(coordinate)
    let response = energetic(point, gap: gap)
    let width = 1 - p + gap
    return LocalEntropyPoint(
      overlap: p, entropy: 0.5 * log(1 - p) + 0.5 * p / width + load * response.logarithm,
      slope: -0.5 / (1 - p) + 0.5 * (1 + gap) / (width * width) + load * response.overlapSlope,
      bound: bound(overlap: p), conjugate: p / (width * width), overlapGap: gap, conjugateGap: 0,
      error: 1e-11 + committee.kernel.error)
  }
}
