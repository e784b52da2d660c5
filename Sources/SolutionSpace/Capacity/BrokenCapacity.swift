import Foundation
import Probability

/// The capacity of spherical weights at k steps of replica symmetry breaking.
public struct BrokenCapacity: Sendable, Equatable {
  /// k.
  public var steps: Int
  /// α; an upper bound of the value at more steps.
  public var load: Estimate
  /// q₀ < … < qₖ₋₁ (and qₖ = 1).
  public var overlaps: [Double]
  /// ξ₁ < … < ξₖ: the breaking points mᵢ = ξᵢ (1 − qₖ) as qₖ → 1.
  public var breakingPoints: [Double]
}

/// The line between satisfiable and not at k steps of replica symmetry breaking, spherical weights:
///
///     gₖ = 1, gᵢ₋₁ = gᵢ + ξᵢ (qᵢ − qᵢ₋₁);   S = Σᵢ ln(gᵢ₋₁ / gᵢ) / ξᵢ + q₀ / g₀
///     fₖ(x) = −(x − κ)² / 2A for x < κ, else 0;   fᵢ₋₁(x) = ln E exp ξᵢ fᵢ(x + √(Qᵢ − Qᵢ₋₁) z) / ξᵢ
///     E = −2 E f₀(√Q₀ z)
///
/// and the capacity is the least S / E over 0 ≤ q₀ < … < 1 and 0 < ξ₁ < … < ξₖ. The innermost average is known in
/// closed form; the others are trapezoidal sums around their largest terms, of splines on grids that grow coarser from
/// level to level.
///
/// Source: S. Franz, G. Parisi, M. Sevelev, P. Urbani, F. Zamponi, SciPost Phys. 2, 019 (2017), for the perceptron,
/// with the overlaps Qᵢ = Q(qᵢ) in the second line.
struct BrokenFunctional {
  let kernel: OrderParameterKernel
  let margin: Double
  /// 1 for the finest grids that are ever needed, larger for coarser ones.
  var coarseness = 1.0

  /// Logits of (1 − qᵢ) / (1 − qᵢ₋₁), then logarithms of ξᵢ − ξᵢ₋₁.
  func parameters(_ variables: [Double]) -> (complements: [Double], breakingPoints: [Double]) {
    let k = variables.count / 2
    var (rest, xi) = (1.0, 0.0)
    var complements: [Double] = []
    var breakingPoints: [Double] = []
    for i in 0..<k {
      rest /= 1 + exp(-variables[i])
      complements.append(rest)
      xi += exp(variables[k + i])
      breakingPoints.append(xi)
    }
    return (complements, breakingPoints)
  }

  static func variables(complements: [Double], breakingPoints: [Double]) -> [Double] {
    let shares = zip(complements, [1] + complements).map { $0 / $1 }
    let increments = zip(breakingPoints, [0] + breakingPoints).map { $0 - $1 }
    return shares.map { log($0 / (1 - $0)) } + increments.map { log(max($0, 1e-9)) }
  }

  /// S / E.
  func load(_ variables: [Double]) -> Double {
    guard variables.allSatisfy({ abs($0) < 30 }) else { return .infinity }
    let (complements, xi) = parameters(variables)
    let k = xi.count
    // Levels this close to 1 would need grids without end; no capacity lies there.
    guard k == 1 || complements[k - 1] > 1e-5 else { return .infinity }
    var g = 1.0
    var entropy = 0.0
    for i in (0..<k).reversed() {
      let next = i + 1 < k ? complements[i + 1] : 0
      let before = g + xi[i] * (complements[i] - next)
      entropy += log(before / g) / xi[i]
      g = before
    }
    entropy += (1 - complements[0]) / g
    let energy = energy(complements, xi)
    return energy > 0 ? entropy / energy : .infinity
  }

  /// The innermost level in closed form, as a function of x − κ.
  private struct Innermost {
    let xi: Double
    let width: Double
    let growth: Double
    let slope: Double

    init(xi: Double, complement: Double, slopeAtOne: Double) {
      self.xi = xi
      width = complement.squareRoot()
      growth = 1 + xi * complement / slopeAtOne
      slope = slopeAtOne
    }

    func callAsFunction(_ y: Double) -> Double {
      let right = logNormalCDF(y / width)
      let left =
        logNormalCDF(-y / (width * growth.squareRoot())) - 0.5 * log(growth) - xi * y * y / (2 * slope * growth)
      return logSumExp(right, left) / xi
    }
  }

  private func energy(_ complements: [Double], _ xi: [Double]) -> Double {
    let k = xi.count
    let points = complements.map { kernel.point(complement: $0) }
    let innermost = Innermost(xi: xi[k - 1], complement: points[k - 1].complement, slopeAtOne: kernel.slopeAtOne)
    let (spread, width) = (max(points[0].value, 0).squareRoot(), points[0].complement.squareRoot())
    let rule = QuadratureRule.normalTrapezoid(
      centre: spread > 0 ? margin / spread : 0, scale: min(1, width / max(spread, 1e-300)), step: 0.125 * coarseness)
    func mean(_ f: (Double) -> Double) -> Double { -2 * rule.integral { f(spread * $0 - margin) } }
    guard k > 1 else { return mean { innermost($0) } }
    // fᵢ ≈ −bend y²/2 far to the left.
    var bend = 1 / (kernel.slopeAtOne * innermost.growth)
    var level = table(width: points[k - 1].complement.squareRoot(), bend: bend) { innermost($0) }
    for i in stride(from: k - 2, through: 0, by: -1) {
      let step = Average(
        f: level, xi: xi[i], variance: points[i].complement - points[i + 1].complement,
        width: points[i + 1].complement.squareRoot(), bend: bend, coarseness: coarseness)
      bend /= step.growth
      level = table(width: points[i].complement.squareRoot(), bend: bend) { step($0) }
    }
    return mean { level($0) }
  }

  /// ln E exp ξ f(y + σ z) / ξ by the trapezoidal rule around the largest term.
  private struct Average {
    let f: CubicSpline
    let xi: Double
    let deviation: Double
    let growth: Double
    let step: Double
    let reach = 7.5

    init(f: CubicSpline, xi: Double, variance: Double, width: Double, bend: Double, coarseness: Double) {
      self.f = f
      self.xi = xi
      deviation = max(variance, 1e-300).squareRoot()
      growth = 1 + xi * bend * variance
      // Resolves both the Gaussian and the bend of f at 0.
      step = coarseness * min(0.75 * deviation / growth.squareRoot(), 0.6 * width)
    }

    func callAsFunction(_ y: Double) -> Double {
      let centre = y < 0 ? y / growth : y
      let count = min(4000, Int(reach * deviation / step) + 1)
      // Left of 0 the terms are Gaussian of the smaller width.
      let before = y < -deviation ? min(count, Int(reach * deviation / growth.squareRoot() / step) + 1) : count
      let scale = 0.5 / (deviation * deviation)
      func exponent(_ x: Double) -> Double { xi * f(x) - scale * (x - y) * (x - y) }
      let top = exponent(centre)
      var sum = 0.0
      for j in -before...count { sum += exp(exponent(centre + Double(j) * step) - top) }
      return (top + log(sum * step * 0.398942280401432677939946059934 / deviation)) / xi
    }
  }

  private func table(width: Double, bend: Double, _ f: (Double) -> Double) -> CubicSpline {
    let step = coarseness * min(width / 6, 0.1)
    let (left, right) = (-9.0, 8.0)
    let count = Int((right - left) / step) + 2
    let values = (0..<count).map { f(left + step * Double($0)) }
    return CubicSpline(start: left, step: step, values: values, leftSlope: -bend * left, leftBend: -bend)
  }
}

extension TreeCommittee {
  /// The capacities at 0, 1, …, `steps` steps of replica symmetry breaking, spherical weights; each is an upper bound
  /// of the next, and the search of each starts from the one before.
  ///
  /// A few milliseconds for one step, tenths of a second for three. The error is the change on coarser grids and what
  /// the minimisation leaves. Throws `SolutionSpaceError` for binary weights, which freeze without further breaking.
  public func brokenCapacities(steps: Int) throws -> [BrokenCapacity] {
    guard weights == .spherical else {
      throw SolutionSpaceError(
        "binary weights freeze: their capacity is where the entropy vanishes, at no step of breaking (ansatz rs)")
    }
    guard (0...8).contains(steps) else {
      throw SolutionSpaceError("\(steps) steps of replica symmetry breaking: from 0 to 8 are computed")
    }
    var results = [
      BrokenCapacity(steps: 0, load: try replicaSymmetricCapacity(), overlaps: [], breakingPoints: [])
    ]
    guard kernel.slopeAtOne.isFinite else {
      return (0...steps).map {
        BrokenCapacity(steps: $0, load: Estimate(.infinity, error: 0), overlaps: [], breakingPoints: [])
      }
    }
    var complements = [0.2]
    var breakingPoints = [12.0]
    for k in stride(from: 1, through: steps, by: 1) {
      // What does not break once does not break twice.
      if k > 1, results[1].load.value > results[0].load.value * (1 - 1e-9) {
        results.append(
          BrokenCapacity(steps: k, load: results[0].load, overlaps: [], breakingPoints: []))
        continue
      }
      if k > 1 {
        complements.append(0.2 * complements[k - 2])
        breakingPoints.append(3.5 * breakingPoints[k - 2])
      }
      let functional = BrokenFunctional(kernel: kernel, margin: margin)
      let start = BrokenFunctional.variables(complements: complements, breakingPoints: breakingPoints)
      var minimum = minimise(from: start, tolerance: k == 1 ? 1e-13 : 1e-10) { functional.load($0) }
      if k == 2 {
        // Kernels that are flat at 0 break again much nearer to 1.
        let second = BrokenFunctional.variables(
          complements: [complements[0], 0.02 * complements[0]],
          breakingPoints: [3 * breakingPoints[0], 40 * breakingPoints[0]])
        let other = minimise(from: second, tolerance: 1e-10) { functional.load($0) }
        if other.value < minimum.value { minimum = other }
      }
      for _ in 0..<4 where k > 2 {
        // A fresh start rids the method of what it believes about curvatures.
        let again = minimise(from: minimum.point, tolerance: 1e-10) { functional.load($0) }
        let gain = minimum.value - again.value
        minimum = again
        if gain < 2e-8 { break }
      }
      let (c, xi) = functional.parameters(minimum.point)
      (complements, breakingPoints) = (c, xi)
      var coarse = functional
      // In closed form the sum converges exponentially, and a slightly finer one tells.
      coarse.coarseness = k == 1 ? 0.7 : 1.3
      let change = abs(coarse.load(minimum.point) - minimum.value)
      let before = results[k - 1].load
      // At the replica-symmetric limit the minimum is not attained.
      let isBroken = minimum.value < before.value
      let error = isBroken ? change + minimum.promise + minimum.value * kernel.error : before.error
      results.append(
        BrokenCapacity(
          steps: k, load: Estimate(min(minimum.value, before.value), error: error), overlaps: c.map { 1 - $0 },
          breakingPoints: xi))
    }
    return results
  }
}

extension [BrokenCapacity] {
  /// The limit of infinitely many steps, from the law α + c / (2k + 1)ᵖ through the last three; nil for fewer than four
  /// values. The error is half of what was extrapolated.
  public var fullyBroken: Estimate? {
    guard count >= 4, let last, last.load.value.isFinite else { return nil }
    let values = suffix(3).map(\.load.value)
    let places = suffix(3).map { Double(2 * $0.steps + 1) }
    let (first, second) = (values[0] - values[1], values[1] - values[2])
    guard second > 1e-9, first > second else { return Estimate(values[2], error: last.load.error + 1e-9) }
    func ratio(_ p: Double) -> Double {
      (pow(places[0], -p) - pow(places[1], -p)) / (pow(places[1], -p) - pow(places[2], -p))
    }
    guard let power = root(from: 0.5, to: 12, { ratio($0) - first / second }) else {
      return Estimate(values[2], error: second)
    }
    let rest = second * pow(places[2], -power) / (pow(places[1], -power) - pow(places[2], -power))
    return Estimate(values[2] - rest, error: 0.5 * rest + last.load.error)
  }
}
