import Exact
import Execution
import Foundation

/// A region that may hold an extremum: for each objective the largest value it may have there, by doubles.
struct ExtremumCandidate: Sendable {
  var region: LinearRegion
  /// −∞ where the region is out of the question.
  var upper: [Double]
  /// Whether doubles prove that some objective is unbounded.
  var isSurelyUnbounded: Bool
}

/// Lets through the regions whose values may reach the largest known so far. Objective 2k is output k, 2k + 1 its
/// negative.
final class ExtremumFilter: @unchecked Sendable {
  // `known` is touched under `lock`.
  let estimate: OutputEstimate
  private let lock = NSLock()
  /// For each objective, a value that is surely reached; nil when it is proved unbounded and nothing can change.
  private var known: [Double?]
  /// Whether every region that is looked at counts. With a limit, what lies beyond must not rule out what lies before it.
  private let isComplete: Bool

  init(_ enumeration: RegionEnumeration) {
    isComplete = enumeration.limit == .max
    estimate = OutputEstimate(enumeration)
    known = Array(repeating: -Double.infinity, count: 2 * estimate.outputCount)
  }

  var objectiveCount: Int { 2 * estimate.outputCount }

  /// Takes note of values that are reached; returns what is known of each objective now.
  private func raise(_ values: [Double]) -> [Double?] {
    lock.withLock {
      guard isComplete else { return known }
      for (index, value) in values.enumerated() where (known[index] ?? .infinity) < value { known[index] = value }
      return known
    }
  }

  func raise(_ objective: Int, to value: Double) {
    lock.withLock { known[objective] = known[objective].map { max($0, value) } }
  }

  /// The objective is unbounded: nobody needs to look any more.
  func settle(_ objective: Int) { lock.withLock { known[objective] = nil } }

  func isOpen(_ objective: Int, upper: Double) -> Bool {
    lock.withLock { known[objective].map { upper >= $0 } ?? false }
  }

  /// The region with its bounds, if it may hold an extremum.
  func candidate(_ region: LinearRegion) -> ExtremumCandidate? {
    var lower = Array(repeating: -Double.infinity, count: objectiveCount)
    var upper = lower
    for output in 0..<estimate.outputCount {
      let error = estimate.error(ofOutput: output, on: region)
      for vertex in 0..<region.vertices.rows {
        let value = estimate.value(ofOutput: output, atVertex: vertex, of: region)
        let margin = error * estimate.errorFactor(atVertex: vertex, of: region)
        lower[2 * output] = max(lower[2 * output], value - margin)
        upper[2 * output] = max(upper[2 * output], value + margin)
        lower[2 * output + 1] = max(lower[2 * output + 1], -value - margin)
        upper[2 * output + 1] = max(upper[2 * output + 1], -value + margin)
      }
      for ray in 0..<region.rays.rows {
        let slope = estimate.slope(ofOutput: output, alongRay: ray, of: region)
        if slope.value > -slope.error { upper[2 * output] = .infinity }
        if slope.value > slope.error { lower[2 * output] = .infinity }
        if slope.value < slope.error { upper[2 * output + 1] = .infinity }
        if slope.value < -slope.error { lower[2 * output + 1] = .infinity }
      }
      if estimate.hasLines(region) {
        upper[2 * output] = .infinity
        upper[2 * output + 1] = .infinity
      }
    }
    let known = raise(lower)
    var isOpen = false
    var isSurelyUnbounded = false
    for objective in upper.indices {
      guard let least = known[objective], upper[objective] >= least else {
        upper[objective] = -.infinity
        continue
      }
      isOpen = true
      if lower[objective] == .infinity { isSurelyUnbounded = true }
    }
    return isOpen ? ExtremumCandidate(region: region, upper: upper, isSurelyUnbounded: isSurelyUnbounded) : nil
  }
}

/// Gathers candidates in the order of the regions, and decides between them exactly.
struct ExtremumSearch {
  private static let batch = 256
  let filter: ExtremumFilter
  private let pool: ExactCornersPool
  private let threads: Int
  /// For each objective the candidates that are not decided yet.
  private var pending: [[ExtremumCandidate]]
  private(set) var best: [OutputExtremum?]

  init(_ enumeration: RegionEnumeration) {
    filter = ExtremumFilter(enumeration)
    pool = ExactCornersPool(enumeration)
    threads = enumeration.threads
    pending = Array(repeating: [], count: filter.objectiveCount)
    best = Array(repeating: nil, count: filter.objectiveCount)
  }

  mutating func receive(_ candidate: ExtremumCandidate?) {
    guard let candidate else { return }
    for objective in pending.indices where filter.isOpen(objective, upper: candidate.upper[objective]) {
      pending[objective].append(candidate)
      if pending[objective].count >= Self.batch || candidate.isSurelyUnbounded { decide(objective) }
    }
  }

  /// The ranges; empty when there was no region.
  mutating func finish() -> [OutputRange] {
    for objective in pending.indices { decide(objective) }
    return (0..<filter.objectiveCount / 2).compactMap { output in
      guard let maximum = best[2 * output], let minimum = best[2 * output + 1] else { return nil }
      return OutputRange(minimum: minimum, maximum: maximum)
    }
  }

  /// Decides between the pending regions of an objective.
  private mutating func decide(_ objective: Int) {
    let candidates = pending[objective].filter { filter.isOpen(objective, upper: $0.upper[objective]) }
    pending[objective].removeAll(keepingCapacity: true)
    guard !candidates.isEmpty else { return }
    let (pool, estimate) = (pool, filter.estimate)
    let found = parallelMap(count: candidates.count, threads: threads) { index in
      pool.with(candidates[index].region) { $0.maximum(of: objective, on: candidates[index].region, estimate) }
    }
    var winner: (index: Int, corner: ExactMaximum)?
    for (index, corner) in found.enumerated() where corner.isAbove(winner?.corner.value ?? bestValue(objective)) {
      winner = (index, corner)
      if corner.value == nil { break }
    }
    guard let winner else { return }
    let extremum = pool.with(candidates[winner.index].region) { corners in
      corners.extremum(winner.corner, isNegated: objective % 2 == 1, on: candidates[winner.index].region)
    }
    best[objective] = extremum
    if let value = winner.corner.value {
      filter.raise(objective, to: value.roundedDown)
    } else {
      filter.settle(objective)
    }
  }

  /// The objective's largest exact value so far; nil when there is none.
  private func bestValue(_ objective: Int) -> Rational? {
    best[objective]?.value.map { objective % 2 == 1 ? -$0 : $0 }
  }
}

/// The exact maximum of an objective over a region.
struct ExactMaximum: Sendable {
  /// Where an affine function is largest.
  enum Place: Sendable {
    case vertex(Int)
    case ray(Int)
    case line(Int, isReversed: Bool)
  }

  /// nil when it is unbounded.
  var value: Rational?
  var place: Place

  func isAbove(_ other: Rational?) -> Bool {
    guard let value, let other else { return true }
    return value > other
  }
}

extension ExactCorners {
  /// The exact maximum of an objective over the region that is loaded.
  func maximum(of objective: Int, on region: LinearRegion, _ estimate: OutputEstimate) -> ExactMaximum {
    let number = objective / 2
    let turn = objective % 2 == 0 ? 1 : -1
    let form = output(number)
    for (index, line) in lines.enumerated() {
      let slope = sign(of: form, at: line) * turn
      if slope != 0 { return ExactMaximum(value: nil, place: .line(index, isReversed: slope < 0)) }
    }
    for ray in 0..<region.rays.rows {
      let slope = estimate.slope(ofOutput: number, alongRay: ray, of: region)
      guard Double(turn) * slope.value >= -slope.error else { continue }
      if sign(of: form, at: generator(region.vertices.rows + ray)) * turn > 0 {
        return ExactMaximum(value: nil, place: .ray(ray))
      }
    }
    if let constant = constant(of: form) {
      return ExactMaximum(value: turn > 0 ? constant : -constant, place: .vertex(0))
    }
    let error = estimate.error(ofOutput: number, on: region)
    let bounds = (0..<region.vertices.rows).map { vertex in
      let value = Double(turn) * estimate.value(ofOutput: number, atVertex: vertex, of: region)
      let margin = error * estimate.errorFactor(atVertex: vertex, of: region)
      return (lower: value - margin, upper: value + margin)
    }
    let least = bounds.reduce(-.infinity) { max($0, $1.lower) }
    var best: (value: Rational, vertex: Int)?
    for (vertex, bound) in bounds.enumerated() where bound.upper >= least {
      let turned = value(of: form, at: generator(vertex)) * Rational(turn)
      if best.map({ turned > $0.value }) ?? true { best = (turned, vertex) }
    }
    return ExactMaximum(value: best?.value ?? 0, place: .vertex(best?.vertex ?? 0))
  }

  /// A maximum of the loaded region with the point that takes it.
  func extremum(_ maximum: ExactMaximum, isNegated: Bool, on region: LinearRegion) -> OutputExtremum {
    var vertex = 0
    var direction: [Rational] = []
    switch maximum.place {
    case .vertex(let index): vertex = index
    case .ray(let index): direction = coordinates(generator(region.vertices.rows + index))
    case .line(let index, let isReversed):
      direction = coordinates(lines[index])
      if isReversed { direction = direction.map { -$0 } }
    }
    return OutputExtremum(
      value: maximum.value.map { isNegated ? -$0 : $0 }, point: coordinates(generator(vertex)), direction: direction,
      pattern: region.pattern)
  }
}
