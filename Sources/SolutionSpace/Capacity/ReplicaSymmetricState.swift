import Foundation
import Probability

/// A replica-symmetric saddle point: typical solutions at one load.
public struct ReplicaSymmetricState: Sendable, Equatable {
  /// α, patterns for each weight.
  public var load: Double
  /// q, the overlap of two typical solutions.
  public var overlap: Double
  /// q̂, the conjugate of the overlap: binary weights only.
  public var conjugate: Double?
  /// ϕ: the logarithm of the fraction of the sphere that solves (spherical), or of the number of solutions (binary),
  /// for each weight, in nats.
  public var freeEntropy: Double
  /// The replicon: the state is stable against replica symmetry breaking (de Almeida–Thouless) where it is below 1.
  public var replicon: Double
  /// The size of the error of the free entropy, estimated.
  public var error: Double

  /// Whether the replica-symmetric state is stable against small breakings.
  public var isStable: Bool { replicon < 1 }
}

extension TreeCommittee {
  /// The saddle point whose solutions have an overlap q from 0 to 1 (both excluded); for spherical weights
  ///
  ///     q / (1 − q)² = α Q′(q) E f′²,   ϕ = ½ ln(1 − q) + q / (2 (1 − q)) + α E f
  ///
  /// Two quadratures, microseconds. The error compares them. Source: E. Gardner, J. Phys. A 21, 257 (1988), with the
  /// kernel of Baldassi et al. (2019).
  ///
  /// - Parameter complement: 1 − q.
  func sphericalState(complement: Double) -> ReplicaSymmetricState {
    func state(step: Double) -> ReplicaSymmetricState {
      let point = kernel.point(complement: complement)
      let averages = EnergeticAverages(point, margin: margin, step: step)
      let q = 1 - complement
      let load = q / (complement * complement) / (point.slope * averages.slopeSquare)
      let entropy = 0.5 * log(complement) + 0.5 * q / complement + load * averages.logarithm
      let bracket = point.slope * point.slope * averages.bendSquare + point.curvature * averages.slopeSquare
      return ReplicaSymmetricState(
        load: load, overlap: q, conjugate: nil, freeEntropy: entropy,
        replicon: load * complement * complement * bracket, error: 0)
    }
    var result = state(step: 0.125)
    let fine = state(step: 0.09)
    result.error = abs(result.freeEntropy - fine.freeEntropy) + kernel.error
    return result
  }

  /// The saddle point of binary weights with conjugate q̂ > 0:
  ///
  ///     q = E tanh²(√q̂ z),   q̂ = α Q′(q) E f′²,   ϕ = −q̂ (1 − q)/2 + E ln 2 cosh(√q̂ z) + α E f
  func binaryState(conjugate: Double) -> ReplicaSymmetricState {
    func state(step: Double) -> ReplicaSymmetricState {
      let field = conjugate.squareRoot()
      let rule = QuadratureRule.normalTrapezoid(scale: min(1, 1 / field), step: step)
      var (complement, logarithm, fourth) = (0.0, 0.0, 0.0)
      for (z, weight) in zip(rule.nodes, rule.weights) {
        let secant = 1 / cosh(field * z)
        let square = secant * secant
        complement += weight * square
        fourth += weight * square * square
        logarithm += weight * logTwoCosh(field * z)
      }
      let point = kernel.point(complement: complement)
      let averages = EnergeticAverages(point, margin: margin, step: step)
      let load = conjugate / (point.slope * averages.slopeSquare)
      let bracket = point.slope * point.slope * averages.bendSquare + point.curvature * averages.slopeSquare
      return ReplicaSymmetricState(
        load: load, overlap: 1 - complement, conjugate: conjugate,
        freeEntropy: -0.5 * conjugate * complement + logarithm + load * averages.logarithm,
        replicon: load * fourth * bracket, error: 0)
    }
    var result = state(step: 0.125)
    let fine = state(step: 0.09)
    result.error = abs(result.freeEntropy - fine.freeEntropy) + kernel.error
    return result
  }

  /// The saddle point of spherical weights whose solutions have the overlap q, 0 < q < 1, at whatever load that is.
  public func sphericalState(overlap: Double) throws -> ReplicaSymmetricState {
    guard overlap > 0, overlap < 1 else {
      throw SolutionSpaceError("an overlap of \(overlap): a number between 0 and 1 is needed")
    }
    return sphericalState(complement: 1 - overlap)
  }

  /// The saddle point along its branch, by a coordinate that grows with the load: ln(q / (1 − q)) or ln q̂.
  func state(along coordinate: Double) -> ReplicaSymmetricState {
    switch weights {
    case .spherical: sphericalState(complement: 1 / (1 + exp(coordinate)))
    case .binary: binaryState(conjugate: exp(coordinate))
    }
  }

  /// Even activations have uncorrelated solutions: q = 0, and the first moment is exact until that breaks.
  func uncorrelatedState(load: Double) -> ReplicaSymmetricState {
    let point = kernel.point(0)
    let averages = EnergeticAverages(point, margin: margin)
    let room = weights == .binary ? log(2.0) : 0
    return ReplicaSymmetricState(
      load: load, overlap: 0, conjugate: weights == .binary ? 0 : nil, freeEntropy: room + load * averages.logarithm,
      replicon: load * point.curvature * averages.slopeSquare, error: 1e-14)
  }

  /// The typical solutions at a load α ≥ 0.
  ///
  /// Throws `SolutionSpaceError` beyond the capacity, naming it: the replica-symmetric one for spherical weights, the
  /// load of zero entropy for binary ones.
  public func state(load: Double) throws -> ReplicaSymmetricState {
    guard load >= 0, load.isFinite else {
      throw SolutionSpaceError("a load of \(load) is not a number of patterns per weight: give one from 0")
    }
    let limit = try replicaSymmetricCapacity().value
    guard load < limit * (1 + 1e-12) else {
      throw SolutionSpaceError(
        "\(load) patterns per weight cannot be stored: the capacity of \(kernel.name) with \(weights.rawValue) "
          + "weights is "
          + "\(rounded(limit))")
    }
    return formalState(load: load)
  }

  /// The saddle point at a load, also where the entropy of binary weights is negative and no solutions exist.
  public func formalState(load: Double) -> ReplicaSymmetricState {
    if load == 0 || kernel.isEven { return uncorrelatedState(load: load) }
    var (low, high) = (-40.0, -1.0)
    while state(along: high).load < load, high < 60 { (low, high) = (high, high + 2) }
    guard let place = root(from: low, to: high, tolerance: 1e-13, { state(along: $0).load / load - 1 }) else {
      return uncorrelatedState(load: load)
    }
    var result = state(along: place)
    result.load = load
    return result
  }

  private func rounded(_ value: Double) -> String { String(format: "%.6f", value) }

  /// The load beyond which the replica-symmetric theory has no solutions.
  ///
  /// Spherical weights: α = A / ((1 + κ²) Φ(κ) + κ φ(κ)), +∞ when g jumps. Binary weights: where the entropy is 0;
  /// there the solutions freeze, and the value is exact if the replicon is below 1 (W. Krauth, M. Mézard, J. Phys.
  /// France 50, 3057 (1989)).
  public func replicaSymmetricCapacity() throws -> Estimate {
    switch weights {
    case .spherical:
      let share = (1 + margin * margin) * normalCDF(margin) + margin * normalDensity(margin)
      let value = kernel.slopeAtOne / share
      return Estimate(value, error: value.isFinite ? value * kernel.error : 0)
    case .binary:
      let state = try zeroEntropyState()
      return Estimate(state.load, error: state.error / max(0.1, abs(log(0.5))) + 1e-14)
    }
  }

  /// The state of binary weights whose entropy is 0.
  public func zeroEntropyState() throws -> ReplicaSymmetricState {
    if kernel.isEven { return uncorrelatedState(load: -log(2.0) / logNormalCDF(-margin)) }
    var (low, high) = (-30.0, -1.0)
    while binaryState(conjugate: exp(high)).freeEntropy > 0, high < 30 { (low, high) = (high, high + 0.5) }
    guard let place = root(from: low, to: high, tolerance: 1e-13, { binaryState(conjugate: exp($0)).freeEntropy })
    else {
      throw SolutionSpaceError("no load was found at which the entropy of \(kernel.name) is 0")
    }
    return binaryState(conjugate: exp(place))
  }

  /// The load at which the replica-symmetric state becomes unstable (de Almeida and Thouless), nil if it never does up
  /// to the capacity.
  ///
  /// Even activations break at q = 0, where the replicon is linear in the load.
  public func instability() throws -> ReplicaSymmetricState? {
    if kernel.isEven {
      let unit = uncorrelatedState(load: 1).replicon
      return unit > 0 ? uncorrelatedState(load: 1 / unit) : nil
    }
    let end = weights == .binary ? log(try zeroEntropyState().conjugate ?? 1) : 12
    var low = -8.0
    while low < end {
      let high = min(low + 0.5, end)
      if state(along: high).replicon > 1 {
        return root(from: low, to: high, tolerance: 1e-13, { state(along: $0).replicon - 1 }).map(state(along:))
      }
      low = high
    }
    return nil
  }
}
