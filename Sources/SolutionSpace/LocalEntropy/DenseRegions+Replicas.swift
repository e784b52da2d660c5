import Foundation
import Probability

extension DenseRegions {
  /// The local entropy of y replicas at mutual overlap p,
  ///
  ///     F(p; y) = 1/(yN) E ln Σ ∏ₐ X(Wᵃ) ∏ δ(Wᵃ·Wᵇ − pN),
  ///
  /// which is the free entropy at one step of replica symmetry breaking with m = y and q₁ = p. At y = 1 it is the
  /// typical entropy whatever p; y → ∞ is ``point(overlap:)``. Milliseconds, growing with √y.
  ///
  /// Nil where the equations have no solution.
  public func point(overlap p: Double, replicas y: Double) throws -> LocalEntropyPoint? {
    guard p > 0, p < 1 else {
      throw SolutionSpaceError("a mutual overlap of \(p): a number between 0 and 1 is needed")
    }
    guard y > 0, y <= 1e4 else {
      throw SolutionSpaceError("\(y) replicas: a number from above 0 to 10000 is needed")
    }
    let own = committee.kernel.point(p)
    let coordinate =
      committee.weights == .binary
      ? conjugate(overlap: p, replicas: y, own) : sphericalOverlap(overlap: p, replicas: y, own)
    guard let coordinate else { return nil }
    switch committee.weights {
    case .binary:
      let conjugate = exp(coordinate)
      guard let delta = conjugateStep(conjugate: conjugate, overlap: p, replicas: y) else { return nil }
      let spins = ReplicatedSpins(conjugate: conjugate, step: delta, replicas: y)
      let outer = committee.kernel.point(spins.outerOverlap)
      let response = replicatedEnergetic(own, outer, replicas: y)
      let entropy =
        -0.5 * (conjugate + delta) * (1 - p) - 0.5 * y * ((conjugate + delta) * p - conjugate * spins.outerOverlap)
        + spins.logarithm / y + load * response.logarithm / y
      return LocalEntropyPoint(
        overlap: p, entropy: entropy, slope: nil, bound: bound(overlap: p), conjugate: conjugate,
        overlapGap: y * (p - spins.outerOverlap), conjugateGap: y * delta, error: 1e-9 + committee.kernel.error)
    case .spherical:
      let outerOverlap = p / (1 + exp(coordinate))
      let width = 1 - p + y * (p - outerOverlap)
      let outer = committee.kernel.point(outerOverlap)
      let response = replicatedEnergetic(own, outer, replicas: y)
      let entropy =
        0.5 * log(1 - p) + 0.5 / y * log(width / (1 - p)) + 0.5 * outerOverlap / width + load * response.logarithm / y
      return LocalEntropyPoint(
        overlap: p, entropy: entropy, slope: nil, bound: bound(overlap: p), conjugate: outerOverlap / (width * width),
        overlapGap: y * (p - outerOverlap), conjugateGap: 0, error: 1e-9 + committee.kernel.error)
    }
  }

  /// ln q̂₀.
  private func conjugate(overlap p: Double, replicas y: Double, _ own: OrderParameterKernel.Point) -> Double? {
    func residual(_ coordinate: Double) -> Double {
      let conjugate = exp(coordinate)
      guard let delta = conjugateStep(conjugate: conjugate, overlap: p, replicas: y) else { return .nan }
      let spins = ReplicatedSpins(conjugate: conjugate, step: delta, replicas: y)
      let outer = committee.kernel.point(min(spins.outerOverlap, p * (1 - 1e-15)))
      return log(load * outer.slope * replicatedEnergetic(own, outer, replicas: y).slopeSquare) - coordinate
    }
    // Down from where both overlaps are p.
    guard
      var high = root(
        from: -40, to: 12, tolerance: 1e-12,
        { coordinate in
          QuadratureRule.normalTrapezoid().integral { z in
            let m = tanh(exp(0.5 * coordinate) * z)
            return m * m
          } - p
        })
    else { return nil }
    high -= 1e-6
    var atHigh = residual(high)
    var step = 0.4
    while high > -40 {
      let low = high - step
      let atLow = residual(low)
      if atHigh < 0, atLow >= 0 { return root(from: low, to: high, tolerance: 1e-9, residual) }
      (high, atHigh) = (low, atLow)
      step = min(2, step * 1.3)
    }
    return nil
  }

  /// ln(p / q₀ − 1).
  private func sphericalOverlap(overlap p: Double, replicas y: Double, _ own: OrderParameterKernel.Point) -> Double? {
    root(from: -25, to: 12, tolerance: 1e-10) { coordinate in
      let outerOverlap = p / (1 + exp(coordinate))
      let width = 1 - p + y * (p - outerOverlap)
      let outer = committee.kernel.point(outerOverlap)
      let response = replicatedEnergetic(own, outer, replicas: y)
      return log(load * outer.slope * response.slopeSquare * width * width / outerOverlap)
    }
  }

  /// q̂₁ − q̂₀ with E ⟨tanh²⟩ = p.
  private func conjugateStep(conjugate: Double, overlap p: Double, replicas y: Double) -> Double? {
    func excess(_ delta: Double) -> Double {
      ReplicatedSpins(conjugate: conjugate, step: delta, replicas: y).innerOverlap - p
    }
    guard excess(0) < 0 else { return nil }
    var high = 1 / y
    while excess(high) < 0 {
      high *= 2
      guard high < 1e5 else { return nil }
    }
    return root(from: 0, to: high, tolerance: 1e-12 * high, excess)
  }

  /// Averages over x = √q̂₀ z, and inside over fields x + √δ k weighted with (2 cosh)ʸ.
  private struct ReplicatedSpins {
    /// E ln ⟨(2cosh)ʸ⟩.
    var logarithm = 0.0
    /// E ⟨tanh²⟩.
    var innerOverlap = 0.0
    /// E ⟨tanh⟩².
    var outerOverlap = 0.0

    init(conjugate: Double, step delta: Double, replicas y: Double) {
      let field = conjugate.squareRoot()
      let width = delta.squareRoot()
      // tanh has its poles at π/2.
      let spacing = min(0.35, 0.4 / max(width, 1e-9))
      let count = Int((y * width + 9) / spacing) + 1
      // The inner mean may flip over a distance 1/y of x = 0.
      let rule = QuadratureRule.normalTrapezoid(scale: min(1, 1 / (field * max(1, y))), step: 0.2, reach: 8.5)
      for (z, weight) in zip(rule.nodes, rule.weights) where z >= 0 {
        let x = field * z
        let share = (z == 0 ? 1 : 2) * weight
        let top = y * logTwoCosh(x + width * width * y)
        var (norm, first, second) = (0.0, 0.0, 0.0)
        for j in -count...count {
          let k = spacing * Double(j)
          let h = x + width * k
          let small = exp(-2 * abs(h))
          let term = exp(y * (abs(h) + log1p(small)) - 0.5 * k * k - top + 0.5 * y * y * width * width)
          let m = (1 - small) / (1 + small)
          norm += term
          first += h < 0 ? -term * m : term * m
          second += term * m * m
        }
        let mean = first / norm
        logarithm +=
          share * (top - 0.5 * y * y * width * width + log(norm * spacing * 0.398942280401432677939946059934))
        innerOverlap += share * second / norm
        outerOverlap += share * mean * mean
      }
    }
  }

  /// E ln ⟨Hʸ⟩ and E ⟨f′⟩² over fields √Q₀ z + √(Q₁ − Q₀) k.
  private func replicatedEnergetic(
    _ own: OrderParameterKernel.Point, _ outer: OrderParameterKernel.Point, replicas y: Double
  ) -> (logarithm: Double, slopeSquare: Double) {
    let chance = PatternChance(margin: committee.margin, deviation: own.complement.squareRoot())
    let width = max(outer.complement - own.complement, 0).squareRoot()
    let strength = y * width * width
    let spread = outer.value.squareRoot()
    let rule = chance.rule(spread: spread, strength: strength, step: 0.15)
    var (logarithm, slopeSquare) = (0.0, 0.0)
    for (z, weight) in zip(rule.nodes, rule.weights) {
      let x = spread * z
      // Around the largest term.
      let centre = width > 0 ? (chance.response(x, strength: strength) - x) / width : 0
      let narrow = 1 / (1 + strength / (chance.deviation * chance.deviation)).squareRoot()
      let spacing = min(0.5 * narrow, 0.6 * chance.deviation / max(width, 1e-12))
      let reach = 8.5
      let count = min(3000, Int(reach / spacing) + 1)
      let top = y * chance.logarithm(x + width * centre) - 0.5 * centre * centre
      var (norm, slope) = (0.0, 0.0)
      for j in -count...count {
        let k = centre + spacing * Double(j)
        let w = x + width * k
        let term = exp(y * chance.logarithm(w) - 0.5 * k * k - top)
        norm += term
        slope += term * chance.slope(w)
      }
      let mean = slope / norm
      logarithm += weight * (top + log(norm * spacing * 0.398942280401432677939946059934))
      slopeSquare += weight * mean * mean
    }
    return (logarithm, slopeSquare)
  }
}
