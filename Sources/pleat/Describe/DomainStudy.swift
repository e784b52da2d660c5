import Exact
import Execution
import Networks
import PiecewiseLinear

/// What a network does on a domain.
struct DomainStudy {
  /// What is known of a unit there.
  enum UnitState {
    /// A unit whose output is 0.
    case dead
    /// A ReLU that passes its form on.
    case active
    /// Another unit that follows one affine function.
    case affine
    case bending
    /// Nothing was proved.
    case open
  }

  let domain: RegionDomain
  let summary: RegionEnumeration.Summary
  let bounds: RegionBounds
  /// By stages and units; units that never bend count as nothing.
  let states: [[UnitState?]]
  /// Proved ranges of the outputs over a box.
  let outputs: [Interval]?
  /// For each norm: exact when there was time to see all regions.
  let lipschitz: [LipschitzRange]
  let seconds: Double

  init(
    _ network: UnitNetwork, _ domain: RegionDomain, limit: Int, threads: Int, cancellation: Cancellation
  ) throws {
    let start = Cancellation.now
    self.domain = domain
    var enumeration = try Failure.asUsage { try RegionEnumeration(network, in: domain) }
    enumeration.threads = threads
    enumeration.limit = limit
    enumeration.cancellation = cancellation
    var unitBounds: UnitBounds?
    if case .box(let lower, let upper) = domain {
      unitBounds = BoundPropagation(network).bounds(over: zip(lower, upper).map { Interval(lower: $0, upper: $1) })
    }
    outputs = unitBounds?.outputs
    bounds = RegionBounds(network, choices: unitBounds?.choices)
    var seen = PhaseCensus(enumeration.layout)
    summary = try Failure.asUsage {
      try enumeration.forEach(detail: [], transform: { $0.pattern }, receive: { seen.add($0) })
    }
    states = Self.states(network, seen, isComplete: summary.isComplete, unitBounds)
    var known: [LipschitzRange] = []
    for norm in NormExponent.allCases where summary.isComplete && !cancellation.shouldStop {
      let constant = try Failure.asUsage { try enumeration.lipschitzConstant(norm) }
      if let constant, constant.summary.isComplete { known.append(LipschitzRange(constant)) }
    }
    let missing = NormExponent.allCases.filter { norm in !known.contains { $0.norm == norm } }
    lipschitz = known + Self.bounds(missing, network, domain, unitBounds?.choices)
    seconds = Cancellation.now - start
  }

  /// Bounds without enumeration: from above for all of the domain, from below by random points of a box.
  private static func bounds(
    _ norms: [NormExponent], _ network: UnitNetwork, _ domain: RegionDomain, _ choices: [[Int]]?
  ) -> [LipschitzRange] {
    guard !norms.isEmpty else { return [] }
    let upper = network.lipschitzUpperBounds(choices: choices)
    var lower: NormValues?
    if case .box(let lowest, let highest) = domain {
      // As many points as take about a second.
      let points = min(1000, max(10, 20_000_000 / (network.multiplyAddCount * network.outputs.count + 1)))
      lower = try? network.lipschitzLowerBounds(
        in: zip(lowest, highest).map { Interval(lower: $0, upper: $1) }, points: points)
    }
    return norms.map { LipschitzRange($0, lower: lower?[$0] ?? 0, upper: upper[$0]) }
  }

  /// What a unit is that keeps its phase.
  private static func state(of unit: UnitNetwork.Unit, phase: Int) -> UnitState {
    guard case .hinge(let below, let above) = unit.kind else { return .affine }
    if (phase == 1 ? above : below) == 0 { return .dead }
    return phase == 1 && below == 0 && above == 1 ? .active : .affine
  }

  /// A phase that was seen is there; one that was not is not, when everything was seen.
  private static func states(
    _ network: UnitNetwork, _ seen: PhaseCensus, isComplete: Bool, _ bounds: UnitBounds?
  ) -> [[UnitState?]] {
    var entry = 0
    var number = 0
    return network.stages.map { stage in
      stage.units.map { unit in
        defer { number += 1 }
        guard unit.bends else { return nil }
        defer { entry += 1 }
        let phases = seen.phases(of: entry)
        if phases.count > 1 { return .bending }
        let known =
          isComplete ? phases.first : bounds.flatMap { $0.choices[number].count == 1 ? $0.choices[number][0] : nil }
        guard let known else { return .open }
        return state(of: unit, phase: known)
      }
    }
  }
}

/// Which phases of each unit occurred.
private struct PhaseCensus {
  private let layout: PatternLayout
  private var seen: [Set<Int>]
  /// Patterns differ in few bits from the one before: only these are looked at.
  private var last: ActivationPattern?

  init(_ layout: PatternLayout) {
    self.layout = layout
    seen = Array(repeating: [], count: layout.entries.count)
  }

  func phases(of entry: Int) -> Set<Int> { seen[entry] }

  mutating func add(_ pattern: ActivationPattern) {
    if let last, last == pattern { return }
    for entry in seen.indices {
      let phase = layout.phase(entry, of: pattern)
      if let last, layout.phase(entry, of: last) == phase { continue }
      seen[entry].insert(phase)
    }
    last = pattern
  }
}
