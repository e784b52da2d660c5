import Exact
import Networks
import Queries

/// The walk through a proof: what is known at the node where it stands, and the nodes still to come.
struct ProofWalk {
  private let network: FlatNetwork
  private var substitution: Substitution
  private var requirements: [Requirement] = []
  private var node: ProofNode
  /// Whether the walk stands at a node; false when all are closed.
  private var isOpen = false
  /// The second halves of the splits above, the next one last.
  private var pending: [ProofNode] = []
  /// How many splits may lie above each other: no more than a gigabyte holds, and never fewer than 64.
  private let depthLimit: Int
  private(set) var report = SafetyReport()

  init(_ network: FlatNetwork) {
    self.network = network
    substitution = Substitution(network)
    node = ProofNode(box: [], unitCount: 0)
    depthLimit = max(64, min(10_000, (1 << 25) / network.valueCount))
  }

  /// Takes all steps of a case's proof.
  ///
  /// - Throws: ``CertificateError`` at the first step that proves nothing, or when nodes stay open.
  mutating func run(_ proof: SafetyProof, of item: RelaxedCase, place: String) throws(CertificateError) {
    requirements = item.requirements
    node = ProofNode(box: item.box, unitCount: network.unitCount)
    isOpen = true
    pending.removeAll()
    for (index, step) in proof.steps.enumerated() {
      do {
        try take(step)
      } catch {
        throw CertificateError(at: "\(place), step \(index)", error.reason)
      }
    }
    if isOpen {
      throw CertificateError(at: place, "the proof ends before \(pending.count + 1) of its nodes are closed")
    }
    report.cases += 1
  }

  /// Counts a case whose box is empty.
  mutating func skip() { report.cases += 1 }

  /// Why a step is refused.
  private struct Refusal: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
  }

  private mutating func take(_ step: SafetyProof.Step) throws(Refusal) {
    guard isOpen else { throw Refusal("all nodes are closed already; nothing may follow") }
    switch step {
    case .ranges(let slopes):
      report.ranges += 1
      substitution.tighten(&node, fractions: try fractions(slopes))
    case .claim(let claim):
      report.claims += 1
      try take(claim)
    case .splitInput(let input, let value):
      try split(try index(input: input, value), at: value)
    case .splitUnit(let unit):
      try split(try index(unit: unit), at: 0)
    }
  }

  private mutating func split(_ index: Int, at value: Double) throws(Refusal) {
    guard pending.count < depthLimit else {
      throw Refusal("\(pending.count) splits lie above this one; accepted are \(depthLimit) for this network")
    }
    report.splits += 1
    var second = node
    second.raise(index, to: value)
    pending.append(second)
    node.reduce(index, to: value)
  }

  private mutating func take(_ claim: SafetyProof.Claim) throws(Refusal) {
    var sum = ClaimSum()
    switch claim.goal {
    case .nothing:
      break
    case .inputAtMost(let input, let value):
      let term = AffineForm.Term(value: try index(input: input, value), weight: 1)
      sum.summands.append((AffineForm(constant: -value, terms: [term]), 1))
    case .inputAtLeast(let input, let value):
      let term = AffineForm.Term(value: try index(input: input, value), weight: -1)
      sum.summands.append((AffineForm(constant: value, terms: [term]), 1))
    case .unitAtMost(let unit, let value):
      _ = try index(unit: unit, value)
      sum.summands += [(network.forms[unit], 1), (AffineForm(constant: value), -1)]
    case .unitAtLeast(let unit, let value):
      _ = try index(unit: unit, value)
      sum.summands += [(network.forms[unit], -1), (AffineForm(constant: value), 1)]
    }
    for multiplier in claim.multipliers { try add(multiplier, to: &sum) }
    let fractions = if let slopes = claim.slopes { try fractions(slopes) } else { node.fractions }
    if !node.isEmpty { try prove(sum, isStrict: claim.goal == .nothing, fractions) }
    switch claim.goal {
    case .nothing: close()
    case .inputAtMost(let input, let value): node.reduce(input, to: value)
    case .inputAtLeast(let input, let value): node.raise(input, to: value)
    case .unitAtMost(let unit, let value): node.reduce(network.inputCount + unit, to: value)
    case .unitAtLeast(let unit, let value): node.raise(network.inputCount + unit, to: value)
    }
  }

  private mutating func close() {
    report.leaves += 1
    if let next = pending.popLast() { node = next } else { isOpen = false }
  }

  private func add(_ multiplier: SafetyProof.Multiplier, to sum: inout ClaimSum) throws(Refusal) {
    guard multiplier.factor.isFinite, multiplier.factor >= 0 else {
      throw Refusal("the multiplier \(multiplier.factor); accepted are finite numbers that are not negative")
    }
    switch multiplier.source {
    case .requirement(let number):
      guard requirements.indices.contains(number) else {
        throw Refusal("there is no requirement \(number); the case has \(requirements.count), counted from 0")
      }
      let requirement = requirements[number]
      sum.summands.append((requirement.form, multiplier.factor))
      let remainder = Interval(multiplier.factor) * network.remainder(of: requirement, node)
      sum.remainder = (Interval(sum.remainder) + remainder).upper
    case .unit(let unit):
      let index = try index(unit: unit)
      let isPositive = node.lower[index] >= 0
      guard isPositive || node.upper[index] <= 0 || node.isEmpty else {
        throw Refusal(
          "unit \(unit) has a multiplier, but its form reaches from \(node.lower[index]) to \(node.upper[index]) here")
      }
      sum.summands.append((network.forms[unit], isPositive ? multiplier.factor : -multiplier.factor))
    }
  }

  private mutating func prove(_ sum: ClaimSum, isStrict: Bool, _ fractions: [UInt8]) throws(Refusal) {
    substitution.setLines(0..<network.unitCount, node, fractions: fractions)
    let result = substitution.check(sum, isStrict: isStrict, node)
    if result.isExact { report.exactClaims += 1 }
    guard result.holds else {
      throw Refusal(
        "the claim does not follow: the sum of its forms is shown to be at most \(result.bound) only, and must be "
          + (isStrict ? "negative" : "at most 0"))
    }
  }

  // MARK: Indices

  private func fractions(_ slopes: SafetyProof.Slopes) throws(Refusal) -> [UInt8] {
    guard slopes.fractions.count == network.unitCount else {
      throw Refusal("there are \(slopes.fractions.count) slopes for the \(network.unitCount) units of the network")
    }
    if let fraction = slopes.fractions.first(where: { $0 > 128 }) {
      throw Refusal("the slope \(fraction); accepted are 0 to 128")
    }
    return slopes.fractions
  }

  private func index(input: Int, _ value: Double) throws(Refusal) -> Int {
    guard (0..<network.inputCount).contains(input) else {
      throw Refusal("there is no input \(input); the network has \(network.inputCount), counted from 0")
    }
    guard value.isFinite else { throw Refusal("the value \(value) of input \(input); accepted are finite numbers") }
    return input
  }

  private func index(unit: Int, _ value: Double = 0) throws(Refusal) -> Int {
    guard value.isFinite else { throw Refusal("the value \(value) of unit \(unit); accepted are finite numbers") }
    guard (0..<network.unitCount).contains(unit) else {
      throw Refusal("there is no unit \(unit); the network has \(network.unitCount), counted from 0")
    }
    return network.inputCount + unit
  }
}
