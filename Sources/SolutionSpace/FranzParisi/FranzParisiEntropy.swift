import Foundation
import Probability

/// The entropy of solutions at overlap p with a typical solution, replica-symmetric in the constrained ones:
///
///     S(p) = E ln #{W solves : W · W̃ = pN} / N,   W̃ a typical solution.
///
/// With r and t as in ``FranzParisiPoint`` and the fields z of the references, w of the constrained solutions,
///
///     E = E_z [ E ln H((κ − w)/C) given that the reference exceeds κ ],   C² = 1 − Q(r),
///
/// integrated over w outside, where it is sharp, and over z given w inside. S(p = q) is the typical entropy.
///
/// Source: S. Franz, G. Parisi, J. Phys. I France 5, 1401 (1995); H. Huang, Y. Kabashima, Phys. Rev. E 90, 052813
/// (2014), for binary weights; with the kernel Q of Baldassi et al. (2019).
public struct FranzParisiEntropy: Sendable {
  public let committee: TreeCommittee
  /// The typical solutions.
  public let reference: ReplicaSymmetricState
  private let typical: OrderParameterKernel.Point
  private let inner: QuadratureRule

  /// Throws `SolutionSpaceError` beyond the capacity, and for even activations, whose solutions are uncorrelated.
  public init(_ committee: TreeCommittee, load: Double) throws {
    guard !committee.kernel.isEven else {
      throw SolutionSpaceError(
        "\(committee.kernel.name) is even: typical solutions are uncorrelated (q = 0), and the entropy around one of "
          + "them is "
          + "not computed")
    }
    guard load > 0 else {
      throw SolutionSpaceError(
        "a load of \(load): without patterns every weight vector is a solution; give one above 0")
    }
    self.committee = committee
    reference = try committee.state(load: load)
    typical = committee.kernel.point(reference.overlap)
    inner = QuadratureRule.normalTrapezoid(step: 0.15, reach: 8.5)
  }

  private struct Energetic {
    var logarithm = 0.0
    var slopeSquare = 0.0
    var cross = 0.0
    var contact = 0.0
    var norm = 0.0
  }

  private func energetic(
    _ p: OrderParameterKernel.Point, _ r: OrderParameterKernel.Point, _ t: OrderParameterKernel.Point
  ) -> Energetic? {
    let margin = committee.margin
    let (spread, rest) = (typical.value.squareRoot(), typical.complement.squareRoot())
    let b = (p.value - t.value) / rest
    // What is left of the variance of w, 0 at p = q; no such overlaps exist where it is negative.
    let free = r.value - t.value * t.value / typical.value - b * b
    let shared = 1 - t.value * t.value / (typical.value * r.value)
    guard free > -1e-12, shared > -1e-12 else { return nil }
    let own = max(free, 0)
    let total = own + b * b
    let chance = PatternChance(margin: margin, deviation: r.complement.squareRoot())
    let outerSpread = r.value.squareRoot()
    let rule = QuadratureRule.normalTrapezoid(
      centre: margin / outerSpread, scale: min(1, chance.deviation / outerSpread), step: 0.15, reach: 8.5)
    let conditionalSpread = max(shared, 0).squareRoot()
    let conditionalMean = t.value / (spread * r.value)
    let isDetermined = total < 1e-14
    let referenceShare = isDetermined ? 0 : b / total
    let deviation = (isDetermined ? typical.complement : typical.complement * own / total).squareRoot()
    var result = Energetic()
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let w = outerSpread * node
      let slope = chance.slope(w)
      var (sum, cross, contact) = (0.0, 0.0, 0.0)
      for (deviate, share) in zip(inner.nodes, inner.weights) {
        let z = conditionalMean * w + conditionalSpread * deviate
        let mean = spread * z + rest * referenceShare * (w - t.value * z / spread)
        let stability = (margin - spread * z) / rest
        let chanceOfReference = normalCDF(-stability)
        let place = (mean - margin) / deviation
        let ratio = share / chanceOfReference
        let joint = ratio * normalCDF(place)
        sum += joint
        cross += joint * normalDensity(stability) / chanceOfReference
        contact += ratio * normalDensity(place)
      }
      result.norm += weight * sum
      result.logarithm += weight * sum * chance.logarithm(w)
      result.slopeSquare += weight * sum * slope * slope
      result.cross += weight * cross * slope / rest
      result.contact += weight * contact * slope / deviation
    }
    return result
  }

  private struct Entropic {
    /// 1 − r.
    var complement: Double
    var otherOverlap: Double
    var entropy: Double
    var slope: Double
    /// The field along the reference: where the next search for it begins.
    var field: Double
  }

  /// - Parameters:
  ///   - rest: 1 − p.
  ///   - a: the conjugate of r.
  ///   - b: the conjugate of t.
  private func entropic(rest: Double, _ a: Double, _ b: Double, from field: Double, complement: Double) -> Entropic? {
    committee.weights == .binary
      ? binary(rest: rest, a, b, from: field) : spherical(rest: rest, a, b, complement: complement)
  }

  /// Σₛ over the reference's spin is turned to s = 1: averages with weight 1 + tanh x over Gaussian (x, y) of variances
  /// q̂ and a and covariance b, of functions of y + field.
  private func binary(rest: Double, _ a: Double, _ b: Double, from start: Double) -> Entropic? {
    let conjugate = reference.conjugate ?? 0
    let deviation = max(a, 1e-300).squareRoot()
    let conditionalSpread = max(conjugate - b * b / max(a, 1e-300), 0).squareRoot()
    func averages(_ field: Double) -> (rest: Double, complement: Double, cross: Double, logarithm: Double) {
      let rule = QuadratureRule.normalTrapezoid(
        centre: -field / deviation, scale: min(1, 1 / deviation), step: 0.15, reach: 8.5)
      var sums = (rest: 0.0, complement: 0.0, cross: 0.0, logarithm: 0.0)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let y = deviation * node
        var (zeroth, first) = (0.0, 0.0)
        for (deviate, share) in zip(inner.nodes, inner.weights) {
          let m = tanh(b / max(a, 1e-300) * y + conditionalSpread * deviate)
          zeroth += share * (1 + m)
          first += share * (1 + m) * m
        }
        let h = y + field
        let small = 2 / (1 + exp(2 * abs(h)))
        let tangent = h > 0 ? 1 - small : small - 1
        sums.rest += weight * zeroth * (h > 0 ? small : 2 - small)
        sums.complement += weight * zeroth * small * (2 - small)
        sums.cross += weight * first * tangent
        sums.logarithm += weight * zeroth * logTwoCosh(h)
      }
      return sums
    }
    var field = start
    var sums = averages(field)
    for _ in 0..<60 {
      // In logarithms the equation is nearly linear at both ends.
      let step = log(sums.rest / rest) * sums.rest / max(sums.complement, 1e-300)
      guard step.isFinite else { return nil }
      field += min(max(step, -2), 2)
      sums = averages(field)
      if abs(step) < 1e-13 * max(1, abs(field)) { break }
    }
    let p = 1 - rest
    return Entropic(
      complement: sums.complement, otherOverlap: sums.cross,
      entropy: -0.5 * a * sums.complement - (field + b) * p + b * sums.cross + sums.logarithm, slope: -(field + b),
      field: field)
  }

  /// ½ ln(1 − r) + (r − w) / (2 (1 − r)), w = (p² − t² − q (p − t)² / (1 − q)) / (1 − q).
  private func spherical(rest: Double, _ a: Double, _ b: Double, complement: Double) -> Entropic? {
    let (p, q) = (1 - rest, reference.overlap)
    let free = 1 - q
    let t = q * p + b * free * free * complement
    let w = (p * p - t * t - q * (p - t) * (p - t) / free) / free
    guard w < 1 else { return nil }
    // r − w = a (1 − r)², the root with 1 − r > 0.
    let next = 2 * (1 - w) / (1 + (1 + 4 * a * (1 - w)).squareRoot())
    return Entropic(
      complement: next, otherOverlap: t, entropy: 0.5 * log(next) + 0.5 * (1 - next - w) / next,
      slope: -(p - q * (p - t) / free) / (free * next), field: 0)
  }

  /// The entropy at the overlap p, 0 ≤ p < 1; some milliseconds.
  ///
  /// Throws `SolutionSpaceError` for other overlaps, and where the equations have no solution that was found.
  public func point(overlap: Double) throws -> FranzParisiPoint { try point(rest: 1 - overlap, near: nil) }

  /// - Parameters:
  ///   - rest: 1 − p.
  ///   - neighbour: a solved point at a nearby overlap; without one the way begins at p = q, where r = t = q.
  func point(rest: Double, near neighbour: FranzParisiPoint?) throws -> FranzParisiPoint {
    guard rest > 0, rest <= 1 else {
      throw SolutionSpaceError("an overlap of \(1 - rest) with the reference: a number from 0 to below 1 is needed")
    }
    let q = reference.overlap
    var last =
      neighbour
      ?? FranzParisiPoint(
        overlap: q, entropy: reference.freeEntropy, slope: 0, replicaOverlap: q, otherOverlap: q, error: 0)
    // Steps of the logarithm of 1 − p, shorter where a search fails.
    let end = log(rest)
    var place = log(1 - last.overlap)
    var step = end - place
    var failures = 0
    // Where solutions are gone the equations soon have none either.
    while failures <= (last.entropy < 0 ? 1 : 10) {
      let next = abs(step) >= abs(end - place) ? end : place + step
      if let point = solution(rest: exp(next), near: last) {
        last = point
        place = next
        if next == end { return point }
        step = 1.5 * step
      } else {
        failures += 1
        step *= 0.5
      }
      if abs(step) > abs(end - place) { step = end - place }
    }
    throw SolutionSpaceError(
      "the entropy at distance \(0.5 * rest) from a typical solution was not found: the equations for "
        + "\(committee.kernel.name) at \(reference.load) patterns per weight did not converge")
  }

  /// One pass of the saddle-point equations: from r and t to r and t.
  private struct Pass {
    /// ln(1 − r) and t, before and after.
    var start: [Double]
    var image: [Double]
    var entropic: Entropic
    var energetic: Energetic

    var residual: [Double] { zip(image, start).map { $0 - $1 } }
    var error: Double { residual.reduce(0) { $0 + abs($1) } }
  }

  private func pass(rest: Double, _ start: [Double], field: Double) -> Pass? {
    guard start[0] < 0, start[1] > 0, start[1] < 1 else { return nil }
    let complement = exp(start[0])
    let pointR = committee.kernel.point(complement: complement)
    let pointT = committee.kernel.point(start[1])
    guard let energetic = energetic(committee.kernel.point(complement: rest), pointR, pointT) else { return nil }
    let a = reference.load * pointR.slope * energetic.slopeSquare
    let b = reference.load * pointT.slope * energetic.cross
    guard let entropic = entropic(rest: rest, a, b, from: field, complement: complement) else { return nil }
    let image = [log(entropic.complement), entropic.otherOverlap]
    guard image.allSatisfy(\.isFinite) else { return nil }
    return Pass(start: start, image: image, entropic: entropic, energetic: energetic)
  }

  /// Newton's method on the equations for ln(1 − r) and t, damped where it does not help.
  private func solution(rest: Double, near neighbour: FranzParisiPoint) -> FranzParisiPoint? {
    let p = 1 - rest
    let change = min(1, rest / (1 - neighbour.overlap))
    var start = [log((1 - neighbour.replicaOverlap) * change), neighbour.otherOverlap]
    let field = atanh(min(p, 1 - 1e-12))
    var first = pass(rest: rest, start, field: field)
    // Below the typical overlap, overlaps with other references must be smaller as well.
    for _ in 0..<8 where first == nil {
      start[1] *= 0.85
      first = pass(rest: rest, start, field: field)
    }
    guard var now = first else { return nil }
    for _ in 0..<25 {
      if now.error < 1e-11 {
        let contact = reference.load * committee.kernel.point(complement: rest).slope * now.energetic.contact
        return FranzParisiPoint(
          overlap: p, entropy: now.entropic.entropy + reference.load * now.energetic.logarithm,
          slope: now.entropic.slope + contact, replicaOverlap: 1 - now.entropic.complement,
          otherOverlap: now.entropic.otherOverlap, error: now.error + abs(now.energetic.norm - 1))
      }
      let direction = newtonStep(rest: rest, now) ?? now.residual
      let longest = max(abs(direction[0]), 4 * abs(direction[1]))
      var share = min(1, 1 / longest)
      var next: Pass?
      for _ in 0..<6 {
        next = pass(rest: rest, zip(now.start, direction).map { $0 + share * $1 }, field: now.entropic.field)
        if let next, next.error < now.error { break }
        next = nil
        share *= 0.4
      }
      if next == nil {
        let damping = min(0.3, 0.5 / max(abs(now.residual[0]), 1e-12))
        next = pass(rest: rest, zip(now.start, now.residual).map { $0 + damping * $1 }, field: now.entropic.field)
      }
      guard let next else { return nil }
      now = next
    }
    return nil
  }

  private func newtonStep(rest: Double, _ now: Pass) -> [Double]? {
    let difference = 1e-6
    var columns: [[Double]] = []
    for k in 0..<2 {
      var start = now.start
      start[k] += k == 0 ? difference : -difference * start[k]
      guard let moved = pass(rest: rest, start, field: now.entropic.field) else { return nil }
      let length = start[k] - now.start[k]
      columns.append(zip(moved.residual, now.residual).map { ($0 - $1) / length })
    }
    let determinant = columns[0][0] * columns[1][1] - columns[1][0] * columns[0][1]
    let r = now.residual
    let step = [
      -(r[0] * columns[1][1] - columns[1][0] * r[1]) / determinant,
      -(columns[0][0] * r[1] - r[0] * columns[0][1]) / determinant,
    ]
    return step.allSatisfy(\.isFinite) ? step : nil
  }

  /// The entropies at distances d = (1 − p)/2, each from 0 (excluded) to ½; in the given order, every search starting
  /// from the one before it.
  ///
  /// Where S is negative no solutions exist and the equations lose theirs in the end: such distances are left out.
  /// Throws `SolutionSpaceError` as ``point(overlap:)`` does otherwise.
  public func curve(distances: [Double]) throws -> [FranzParisiPoint] {
    var points: [FranzParisiPoint] = []
    var limit = 0.0
    for distance in distances where distance > limit {
      do {
        points.append(try point(rest: 2 * distance, near: points.last))
      } catch let error as SolutionSpaceError {
        guard let last = points.last, last.entropy < 0 else { throw error }
        limit = distance
      }
    }
    return points
  }

  /// The distance up to which a typical solution is alone: S < 0 for 0 < d < d_min. Nil where S is positive down to d =
  /// 10⁻⁷, and for spherical weights, whose entropy is not a number of solutions.
  public func isolation() throws -> Estimate? {
    guard committee.weights == .binary else { return nil }
    var distance = 0.5 * (1 - reference.overlap)
    var last = try point(rest: 2 * distance, near: nil)
    guard last.entropy > 0 else { return Estimate(distance, error: distance) }
    while distance > 1e-7 {
      let next = try point(rest: distance, near: last)
      if next.entropy < 0 {
        var neighbour = next
        let found = try root(from: log(0.5 * distance), to: log(distance), tolerance: 1e-10) { coordinate in
          neighbour = try point(rest: 2 * exp(coordinate), near: neighbour)
          return neighbour.entropy
        }
        let value = found.map { exp($0) } ?? distance
        return Estimate(value, error: value * 1e-9 + neighbour.error / max(2 * abs(neighbour.slope), 1e-9))
      }
      last = next
      distance *= 0.5
    }
    return nil
  }
}
