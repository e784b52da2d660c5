import Exact
import Execution
import Foundation
import LinearAlgebra
import Networks

/// The Lipschitz constant of a network on a domain, sup ‖f(x) − f(y)‖ₚ / ‖x − y‖ₚ, the same norm on both sides. For a
/// single output it is the largest dual norm of the gradient.
public struct LipschitzConstant: Sendable {
  public var norm: NormExponent
  /// Proved bounds. When all regions were seen they differ by rounding only (for p = 2 and several outputs, by about
  /// 1e-10 of themselves); else the lower one belongs to the steepest region seen, and the upper one to the whole
  /// domain.
  public var bounds: Interval
  /// The constant itself, for p = 1 and ∞ when all regions were seen.
  public var value: Rational?
  /// The first steepest of the regions seen: its pattern, a point in it, and its Jacobian `[outputs × inputs]`,
  /// rounded.
  public var pattern: ActivationPattern
  public var interiorPoint: [Double]
  public var jacobian: Matrix
  public var summary: RegionEnumeration.Summary
}

extension RegionEnumeration {
  /// The Lipschitz constant on the domain, which is convex: the largest operator norm of the regions' affine maps.
  ///
  /// Doubles with proved error bounds find the regions that come into question; the norms of these are computed from
  /// their exact Jacobians.
  ///
  /// - Returns: nil when no region was seen.
  /// - Complexity: O(outputs · inputs) for each region; for p = 2 also a spectral norm where the Frobenius norm does
  ///   not rule the region out. Memory does not grow with the number of regions.
  public func lipschitzConstant(_ norm: NormExponent) throws -> LipschitzConstant? {
    var search = SteepestSearch(self, norm)
    let filter = search.filter
    let summary = try forEach(detail: .map, transform: { filter.candidate($0) }, receive: { search.receive($0) })
    guard let steepest = search.finish() else { return nil }
    var constant = LipschitzConstant(
      norm: norm, bounds: steepest.norm, value: summary.isComplete ? steepest.exactNorm : nil,
      pattern: steepest.pattern, interiorPoint: steepest.interiorPoint, jacobian: steepest.jacobian, summary: summary)
    if !summary.isComplete {
      let upper = max(constant.bounds.upper, network.lipschitzUpperBounds(choices: possibleChoices)[norm])
      constant.bounds = Interval(lower: constant.bounds.lower, upper: upper)
    }
    return constant
  }

  /// For each unit the choices that are not ruled out on the domain; nil where nothing is known.
  private var possibleChoices: [[Int]]? {
    let box: [Interval]
    switch domain {
    case .box(let lower, let upper): box = zip(lower, upper).map { Interval(lower: $0, upper: $1) }
    case .polyhedron:
      guard prepared.isBounded, let around = prepared.boundingBox else { return nil }
      box = around
    case .space: return nil
    }
    return BoundPropagation(network).bounds(over: box)?.choices
  }
}

extension PreparedDomain {
  /// A box around a bounded domain, where its vertices are known.
  fileprivate var boundingBox: [Interval]? {
    guard let cone else { return nil }
    var box: [Interval?] = Array(repeating: nil, count: inputs.count)
    for (position, input) in inputs.enumerated() {
      for ray in cone.rays {
        // The quotient is off by a few units in the last place.
        let value = ray.vector.quotient(position + 1, ray.vector, 0) * scales[position]
        let margin = abs(value) * 0x1p-50 + 1e-300
        let range = Interval(lower: value - margin, upper: value + margin)
        box[input] = box[input].map { $0.hull(range) } ?? range
      }
    }
    return box.map { $0 ?? .whole }
  }
}

/// A region whose norm may be the largest.
private struct SteepCandidate: Sendable {
  var pattern: ActivationPattern
  var interiorPoint: [Double]
  /// An upper bound of its operator norm.
  var upper: Double
}

/// Lets through the regions whose norm may reach the largest known so far.
private final class SteepnessFilter: @unchecked Sendable {
  // `known` is touched under `lock`.
  private let norm: NormExponent
  private let lock = NSLock()
  private var known = 0.0
  /// Whether every region that is looked at counts. With a limit, what lies beyond must not rule out what lies before it.
  private let isComplete: Bool
  /// For each output, a bound on the sum of |error of a coefficient| · scale.
  private let errors: [Double]
  private let leastScale: Double
  /// By how much the coefficients of dropped inputs, combinations of the others, may multiply the error.
  private let growth: Double

  init(_ enumeration: RegionEnumeration, _ norm: NormExponent) {
    self.norm = norm
    isComplete = enumeration.limit == .max
    let compiled = enumeration.compiled
    let stage = compiled.stages[compiled.hiddenStages]
    errors = (0..<stage.forms).map { stage.valueError[$0] }
    leastScale = compiled.scales.min() ?? 1
    growth = enumeration.prepared.lines.reduce(1) { $1.reduce($0) { $0 + abs($1) } }
  }

  func raise(to value: Double) -> Double {
    lock.withLock {
      known = max(known, value)
      return known
    }
  }

  func candidate(_ region: LinearRegion) -> SteepCandidate? {
    let weights = region.map.weights
    var sum = 0.0
    var squares = 0.0
    for element in weights.elements {
      sum += abs(element)
      squares += element * element
    }
    // Bounds the norm of the error of the weights, whichever of the three norms it is.
    let roundings = Double(weights.columns + 8) * Double.ulpOfOne * growth * sum
    let error = (errors.reduce(0, +) / leastScale + roundings) * growth * 1.01
    let frobenius = squares.squareRoot() * (1 + Double(weights.elements.count + 8) * Double.ulpOfOne)
    var bounds = Interval(lower: 0, upper: frobenius)
    if norm != .two || (weights.rows > 1 && weights.columns > 1 && frobenius + error >= raise(to: 0)) {
      bounds = weights.operatorNorm(norm)
    } else if weights.rows == 1 || weights.columns == 1 {
      bounds = Interval(lower: frobenius * (1 - 1e-12), upper: frobenius)
    }
    let upper = bounds.upper + error
    guard upper >= raise(to: isComplete ? bounds.lower - error : 0) else { return nil }
    return SteepCandidate(pattern: region.pattern, interiorPoint: region.interiorPoint, upper: upper)
  }
}

/// The norm of a region, from its exact Jacobian.
private struct SteepRegion: Sendable {
  var norm: Interval
  /// For p = 1 and ∞.
  var exactNorm: Rational?
  var pattern: ActivationPattern
  var interiorPoint: [Double]
  var jacobian: Matrix

  init(_ candidate: SteepCandidate, _ enumeration: RegionEnumeration, _ norm: NormExponent) {
    let exact = enumeration.network.exactJacobian(on: candidate.pattern, enumeration.layout)
    pattern = candidate.pattern
    interiorPoint = candidate.interiorPoint
    jacobian = Matrix(exact.map { $0.map(\.doubleValue) })
    switch norm {
    case .infinity:
      exactNorm = exact.map { $0.reduce(.zero) { $0 + $1.magnitude } }.max()
    case .one:
      exactNorm = (exact.first ?? []).indices.map { column in
        exact.reduce(.zero) { $0 + $1[column].magnitude }
      }.max()
    case .two: break
    }
    if let exactNorm {
      self.norm = Interval(exactNorm)
    } else if exact.count == 1 || exact.first?.count == 1 {
      self.norm = Interval(exact.joined().reduce(.zero) { $0 + $1 * $1 }).squareRoot
    } else {
      // The rounded matrix is off by a matrix whose norm is at most the sum of the magnitudes of its elements.
      let rounding = zip(exact.joined(), jacobian.elements).reduce(Rational.zero) {
        $0 + ($1.0 - Rational(exactly: $1.1)).magnitude
      }
      let bounds = jacobian.operatorNorm(.two)
      let margin = Interval(lower: -rounding.roundedUp, upper: rounding.roundedUp)
      self.norm = Interval(lower: max(0, (bounds + margin).lower), upper: (bounds + margin).upper)
    }
  }

  func isAbove(_ other: SteepRegion) -> Bool {
    if let exactNorm, let known = other.exactNorm { return exactNorm > known }
    return norm.lower > other.norm.lower
  }
}

/// Gathers candidates in the order of the regions, and compares their exact norms.
private struct SteepestSearch {
  private static let batch = 256
  let filter: SteepnessFilter
  private let enumeration: RegionEnumeration
  private let norm: NormExponent
  private var pending: [SteepCandidate] = []
  private var best: SteepRegion?
  private var upper = 0.0

  init(_ enumeration: RegionEnumeration, _ norm: NormExponent) {
    filter = SteepnessFilter(enumeration, norm)
    self.enumeration = enumeration
    self.norm = norm
  }

  mutating func receive(_ candidate: SteepCandidate?) {
    guard let candidate, candidate.upper >= filter.raise(to: 0) else { return }
    pending.append(candidate)
    if pending.count >= Self.batch { decide() }
  }

  mutating func finish() -> SteepRegion? {
    decide()
    guard var best else { return nil }
    // Another region may be the steepest by less than the bounds of a spectral norm can tell.
    best.norm = Interval(lower: best.norm.lower, upper: max(best.norm.upper, upper))
    return best
  }

  private mutating func decide() {
    let known = filter.raise(to: 0)
    let candidates = pending.filter { $0.upper >= known }
    pending.removeAll(keepingCapacity: true)
    let (enumeration, norm) = (enumeration, norm)
    let regions = parallelMap(count: candidates.count, threads: enumeration.threads) { index in
      SteepRegion(candidates[index], enumeration, norm)
    }
    for (candidate, region) in zip(candidates, regions) {
      // The smaller bound does not depend on which hopeless regions happened to come this far.
      upper = max(upper, min(region.norm.upper, candidate.upper))
      if best.map(region.isAbove) ?? true { best = region }
    }
    if let best { _ = filter.raise(to: best.norm.lower) }
  }
}
