import Execution
import Foundation
import Probability

/// A tree committee with K hidden units, K finite, whose units are signs or ReLUs.
///
/// Sign units have output weights 1, and ties only for even K; ReLU units have half of them 1 and half −1.
public struct FiniteCommittee: Sendable {
  public let unit: FiniteUnit
  public let hidden: Int
  public let convention: OutputConvention

  /// Throws `SolutionSpaceError` for no units, more than 4096, and odd numbers of ReLU units.
  public init(unit: FiniteUnit, hidden: Int, convention: OutputConvention = .strict) throws {
    guard (1...4096).contains(hidden) else {
      throw SolutionSpaceError("\(hidden) hidden units: from 1 to 4096 are accepted, or inf")
    }
    guard unit == .sign || hidden % 2 == 0 else {
      throw SolutionSpaceError(
        "\(hidden) ReLU units cannot have half of their output weights 1 and half -1: give an even number")
    }
    self.unit = unit
    self.hidden = hidden
    self.convention = convention
  }

  /// Units whose output weight is +1.
  var positives: Int { unit == .sign ? hidden : hidden / 2 }

  /// The squared distance of fields from those with a right output.
  func squaredDistance(_ fields: [Double]) -> Double {
    let projection = HalfSpaceProjection(unit: unit, convention: convention)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * hidden) { buffer in
      let copy = UnsafeMutableBufferPointer(rebasing: buffer[0..<hidden])
      _ = copy.initialize(from: fields)
      let scratch = UnsafeMutableBufferPointer(rebasing: buffer[hidden...])
      scratch.initialize(repeating: 0)
      return projection.project(copy, positives: positives, threshold: 0, scratch: scratch)
    }
  }

  /// The replica-symmetric capacity of spherical weights, α = 1 / E d²(u), d the distance of standard normal fields u
  /// from the right ones.
  ///
  /// Sign units: an integral over order statistics, to rounding. Two ReLU units: an integral over the angle. More: an
  /// average over `samples` random directions, whose error is one standard deviation; d² is homogeneous, so that
  /// lengths need no samples. Reproducible from the seed on any number of threads.
  ///
  /// Source: É. Barkai, D. Hansel, H. Sompolinsky, Phys. Rev. A 45, 4146 (1992), for signs.
  public func replicaSymmetricCapacity(samples: Int = 200_000, seed: UInt64 = 1, threads: Int = 1) -> Estimate {
    if unit == .sign { return exactSignCapacity() }
    if hidden == 2 {
      let corners = (0...8).map { 0.25 * Double.pi * Double($0) }
      let mean = adaptiveIntegral(from: 0, to: 2 * .pi, breakpoints: corners) { angle in
        squaredDistance([cos(angle), sin(angle)])
      }
      return Estimate(.pi / mean.value, error: .pi * mean.error / (mean.value * mean.value))
    }
    let block = 4096
    let blocks = max(2, (samples + block - 1) / block)
    let means = parallelMap(count: blocks, threads: threads) { index in
      var source = RandomSource(seed: seed, index: index)
      var total = 0.0
      var fields = [Double](repeating: 0, count: hidden)
      for _ in 0..<block {
        var square = 0.0
        for l in 0..<hidden {
          fields[l] = source.normal()
          square += fields[l] * fields[l]
        }
        total += squaredDistance(fields) / square
      }
      return total * Double(hidden) / Double(block)
    }
    let mean = means.reduce(0, +) / Double(blocks)
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(blocks * (blocks - 1))
    return Estimate(1 / mean, error: variance.squareRoot() / (mean * mean))
  }

  /// A wrong unit of size x is set right when at least m of the others are wrong and larger, m being allowed to be
  /// wrong: E d² = K ∫ x² φ(x) P(Bin(K − 1, 1 − Φ(x)) ≥ m) dx over x > 0.
  private func exactSignCapacity() -> Estimate {
    let allowed = convention == .strict ? (hidden - 1) / 2 : hidden / 2
    let others = hidden - 1
    let binomials = (0...others).map { b in
      lgamma(Double(others) + 1) - lgamma(Double(b) + 1) - lgamma(Double(others - b) + 1)
    }
    let mean = adaptiveIntegral(from: 0, to: 9, absolute: 1e-14, relative: 1e-13) { x in
      let share = normalCDF(-x)
      var chance = 0.0
      for b in stride(from: allowed, through: others, by: 1) {
        chance += exp(binomials[b] + Double(b) * log(share) + Double(others - b) * log1p(-share))
      }
      return x * x * normalDensity(x) * Double(hidden) * chance
    }
    return Estimate(1 / mean.value, error: mean.error / (mean.value * mean.value))
  }

  /// The capacity of spherical weights at one step of replica symmetry breaking,
  ///
  ///     α = min over q₀, ξ of S / E,   S = ln(1 + ξ(1 − q₀))/ξ + q₀/(1 + ξ(1 − q₀)),
  ///     E = −(2/ξ) E_y ln E_z exp(−ξ d²(√q₀ y + √(1 − q₀) z)/2)
  ///
  /// on a grid in the K fields; up to four units. The error compares three grids. Seconds for three units, minutes for
  /// four.
  public func brokenCapacity() throws -> BrokenCapacity {
    guard hidden <= 4 else {
      throw SolutionSpaceError(
        "one step of replica symmetry breaking is computed for up to 4 hidden units, and for inf; \(hidden) were "
          + "asked for"
      )
    }
    let steps = [0.12, 0.12, 0.2, 0.45][hidden - 1]
    let grid = FieldGrid(committee: self, step: steps)
    let start = [log(0.35), log(12.0)]
    let minimum = minimise(from: start, tolerance: 1e-8, difference: 1e-3) { grid.load($0) }
    let fine = FieldGrid(committee: self, step: steps / 1.4).load(minimum.point)
    let finest = FieldGrid(committee: self, step: steps / 1.96).load(minimum.point)
    // Kinks of d² leave errors of the second order.
    let limit = finest + (finest - fine) / (1.4 * 1.4 - 1)
    let error = abs(finest - fine) + minimum.promise
    let (rest, xi) = FieldGrid.parameters(minimum.point)
    // Where the right fields form a convex cone nothing breaks, and the minimum is the replica-symmetric limit.
    let symmetric = replicaSymmetricCapacity()
    let isBroken = limit + 3 * error < symmetric.value && limit > 0
    return BrokenCapacity(
      steps: 1, load: isBroken ? Estimate(limit, error: error) : symmetric, overlaps: isBroken ? [1 - rest] : [],
      breakingPoints: isBroken ? [xi] : [])
  }
}

/// A function of K fields on a cubic grid, averaged over Gaussian changes of the fields axis by axis.
private struct FieldGrid {
  let hidden: Int
  let step: Double
  let count: Int
  let squares: [Double]

  init(committee: FiniteCommittee, step: Double) {
    hidden = committee.hidden
    self.step = step
    let side = Int((7 / step).rounded(.up))
    count = 2 * side + 1
    var total = 1
    for _ in 0..<hidden { total *= count }
    let n = count
    let width = hidden
    squares = [Double](unsafeUninitializedCapacity: total) { buffer, filled in
      var fields = [Double](repeating: 0, count: width)
      for index in 0..<total {
        var rest = index
        for l in 0..<width {
          fields[l] = step * Double(rest % n - side)
          rest /= n
        }
        buffer[index] = committee.squaredDistance(fields)
      }
      filled = total
    }
  }

  /// 1 − q₀ and ξ.
  static func parameters(_ variables: [Double]) -> (Double, Double) {
    (1 / (1 + exp(-variables[0])), exp(variables[1]))
  }

  func load(_ variables: [Double]) -> Double {
    guard variables.allSatisfy({ abs($0) < 12 }) else { return .infinity }
    let (rest, xi) = Self.parameters(variables)
    let growth = 1 + xi * rest
    let entropy = log(growth) / xi + (1 - rest) / growth
    var values = squares.map { exp(-0.5 * xi * $0) }
    let weights = Self.gaussian(deviation: rest.squareRoot(), step: step, reach: 6)
    var stride = 1
    for _ in 0..<hidden {
      values = Self.averaged(values, along: stride, count: count, weights: weights)
      stride *= count
    }
    let side = count / 2
    let outer = (0..<count).map { exp(-0.5 * pow(step * Double($0 - side), 2) / (1 - rest)) }
    let norm = outer.reduce(0, +)
    var mean = 0.0
    for index in values.indices {
      var (rest, weight) = (index, 1.0)
      for _ in 0..<hidden {
        weight *= outer[rest % count] / norm
        rest /= count
      }
      if weight > 1e-18 { mean += weight * log(max(values[index], 1e-300)) }
    }
    let energy = -2 / xi * mean
    return energy > 0 ? entropy / energy : .infinity
  }

  private static func gaussian(deviation: Double, step: Double, reach: Double) -> [Double] {
    let side = Int(reach * deviation / step) + 1
    let values = (-side...side).map { exp(-0.5 * pow(step * Double($0) / deviation, 2)) }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  /// Beyond the grid the function is continued by its values at the edge.
  private static func averaged(_ values: [Double], along stride: Int, count: Int, weights: [Double]) -> [Double] {
    let side = weights.count / 2
    return [Double](unsafeUninitializedCapacity: values.count) { target, filled in
      values.withUnsafeBufferPointer { source in
        target.initialize(repeating: 0)
        for base in Swift.stride(from: 0, to: source.count, by: stride * count) {
          for i in 0..<count {
            let to = base + i * stride
            for (k, weight) in weights.enumerated() {
              let from = base + min(max(i + k - side, 0), count - 1) * stride
              for j in 0..<stride { target[to + j] += weight * source[from + j] }
            }
          }
        }
      }
      filled = values.count
    }
  }
}
