import Certificates
import Polyhedra

/// What a search over activation patterns may do and where it stops.
struct SearchLimits: Sendable {
  /// Give up after this many nodes.
  var nodes: Int
  /// Asked every ``stride`` nodes; true ends the search.
  var shouldStop: @Sendable () -> Bool

  static let stride = 64
}

/// The exact search for one choice of signs: branch and bound over the activation masks of data points.
///
/// A node decides, for some sites, which units are active there. Its bound is the convex program over the decided sites
/// alone (``NodeProgram``): no big-M, no box around the weights. Branching picks an undecided site and tries every mask.
/// Each unit's decided half-spaces form a cone of parameters; a site whose hyperplane misses the interior of that cone is
/// decided too, so it joins the program without a branch.
///
/// Units of equal sign with equal bits so far are interchangeable: only masks with sorted bits are tried among them. With
/// a free affine part max(0, u) = u + max(0, −u) fixes all bits of the first branch.
///
/// The search writes its tree, with a dual solution at each leaf, in the language of ``Certificates/TreeChecker``.
final class PatternSearch {
  let problem: FitProblem
  let positive: Int
  let program: NodeProgram
  private let rounding: DualRounding
  private let writesProof: Bool
  private let limits: SearchLimits
  private let relativeGap: Double
  private let absoluteGap: Double

  /// The best parameters known, and their loss.
  private(set) var best: Candidate
  private(set) var improved = false
  /// Leaves must reach this bound.
  private(set) var target: Double
  private(set) var nodes = 0
  private(set) var leaves = 0
  /// The least bound of a leaf; the optimum for these signs is not below it.
  private(set) var lowerBound = Double.infinity
  private(set) var stopped = false
  private(set) var text = ProofText()

  /// Units whose bit is known, and the bits, by site.
  private var knownUnits: [Int]
  private var knownBits: [Int]
  private var knownTrail: [(site: Int, units: Int, bits: Int)] = []
  private var cones: [[RayCone]]
  /// The generators that decide a site, used again and again.
  private var circuit: [Int] = []
  private let everyUnit: Int
  private let losses: UnsafeMutablePointer<Double>
  private let masks: UnsafeMutablePointer<Int>
  private let propagates: Bool
  private let hasFixedTarget: Bool

  init(
    _ problem: FitProblem, positive: Int, program: NodeProgram, incumbent: Candidate, target: Double? = nil,
    relativeGap: Double, absoluteGap: Double, writesProof: Bool, limits: SearchLimits
  ) {
    self.problem = problem
    self.positive = positive
    self.program = program
    self.writesProof = writesProof
    self.limits = limits
    self.relativeGap = relativeGap
    self.absoluteGap = absoluteGap
    rounding = DualRounding(problem, positive: positive)
    best = incumbent
    self.target = target ?? Self.target(for: incumbent.loss, relativeGap, absoluteGap)
    hasFixedTarget = target != nil
    knownUnits = Array(repeating: 0, count: problem.siteCount)
    knownBits = Array(repeating: 0, count: problem.siteCount)
    everyUnit = (1 << problem.model.hidden) - 1
    cones = [Array(repeating: RayCone(dimension: problem.dimension), count: problem.model.hidden)]
    losses = .allocate(capacity: problem.siteCount)
    losses.initialize(repeating: 0, count: problem.siteCount)
    masks = .allocate(capacity: problem.siteCount)
    masks.initialize(repeating: 0, count: problem.siteCount)
    propagates = problem.dimension <= 5
  }

  deinit {
    losses.deallocate()
    masks.deallocate()
  }

  static func target(for loss: Double, _ relativeGap: Double, _ absoluteGap: Double) -> Double {
    loss - max(relativeGap * loss, absoluteGap)
  }

  /// A branch taken on the way to a node.
  struct Decision: Sendable {
    var site: Int
    var mask: Int
  }

  /// A node left for another search, and where in this search's text its subtree belongs.
  struct Task: Sendable {
    var path: [Decision]
    var textOffset: Int
  }

  /// The nodes left out because they lie `splitLevel` branches deep.
  private(set) var tasks: [Task] = []
  private var path: [Decision] = []
  private var splitLevel = Int.max

  /// Searches all parameters with the given signs.
  ///
  /// - Parameter splitLevel: nodes this many branches deep are not searched but listed in ``tasks``.
  func run(splitLevel: Int = .max) {
    self.splitLevel = splitLevel
    if problem.model.hidden == 0 {
      for site in 0..<problem.siteCount { program.add(site: site, mask: 0) }
    }
    explore(classes: rootClasses)
  }

  /// Searches below one node that another search left out.
  func run(below path: [Decision]) {
    var classes = rootClasses
    for decision in path {
      _ = descend(decision, writes: false)
      classes = refined(classes, decision.mask)
    }
    explore(classes: classes)
  }

  private var rootClasses: [Int] { (0..<problem.model.hidden).map { $0 < positive ? 0 : 1 } }

  // MARK: Nodes

  private func explore(classes: [Int]) {
    if path.count == splitLevel {
      tasks.append(Task(path: path, textOffset: text.bytes.count))
      return
    }
    nodes += 1
    if !stopped, nodes > limits.nodes || (nodes % SearchLimits.stride == 0 && limits.shouldStop()) { stopped = true }
    let bound = program.solve(threshold: target)
    if bound >= target || stopped {
      if writeLeaf(bound) { return }
    }
    let total = program.evaluate(into: losses, masks: masks)
    offer(total)
    if bound >= target, writeLeaf(bound) { return }
    guard !stopped, let site = branchingSite() else {
      writeFinalLeaf(bound)
      return
    }
    branch(on: site, classes: classes)
  }

  /// Takes the relaxed solution as the incumbent when the whole network it stands for is better.
  private func offer(_ total: Double) {
    guard total < best.loss else { return }
    best = Candidate(
      positive: positive,
      parameters: Array(UnsafeBufferPointer(start: program.parameters, count: problem.parameterCount)), loss: total)
    improved = true
    if !hasFixedTarget { target = Self.target(for: total, relativeGap, absoluteGap) }
  }

  /// The undecided site at which the relaxed network is worst, or nil when all are decided.
  private func branchingSite() -> Int? {
    var best: Int?
    var score = -1.0
    for site in 0..<problem.siteCount where program.masks[site] < 0 && losses[site] > score {
      best = site
      score = losses[site]
    }
    return best
  }

  private func branch(on site: Int, classes: [Int]) {
    let natural = masks[site]
    var children: [Int] = []
    if path.isEmpty && problem.model.skip && problem.model.outputBias {
      children = [0]
    } else {
      for mask in 0...everyUnit
      where (mask ^ knownBits[site]) & knownUnits[site] == 0 && isCanonical(mask, classes) {
        children.append(mask)
      }
      // The relaxed solution's own mask first, then its neighbours.
      children.sort { ($0 ^ natural).nonzeroBitCount < ($1 ^ natural).nonzeroBitCount }
    }
    if writesProof {
      text.append("b ")
      text.append(site)
      for mask in children {
        text.append(" ")
        text.append(mask)
      }
      text.endLine()
    }
    for mask in children {
      let mark = descend(Decision(site: site, mask: mask), writes: writesProof)
      explore(classes: refined(classes, mask))
      ascend(to: mark)
    }
  }

  /// Goes down to a child; returns what `ascend` needs to come back.
  private func descend(_ decision: Decision, writes: Bool) -> Int {
    let (site, mask) = (decision.site, decision.mask)
    let mark = knownTrail.count
    let free = everyUnit & ~knownUnits[site]
    path.append(decision)
    program.enter()
    learn(site, units: everyUnit, bits: mask)
    program.add(site: site, mask: mask)
    var unitCones = cones[cones.count - 1]
    var isEmpty = false
    for unit in 0..<problem.model.hidden where (free >> unit) & 1 == 1 {
      let bit = (mask >> unit) & 1
      program.add(.init(unit: unit, site: site, bit: bit))
      let direction = problem.directions + site * problem.dimension
      if propagates, !unitCones[unit].cut(direction, sign: bit == 1 ? 1 : -1, label: site) { isEmpty = true }
    }
    cones.append(unitCones)
    if propagates && !isEmpty { propagate(writes: writes) }
    return mark
  }

  private func ascend(to mark: Int) {
    path.removeLast()
    cones.removeLast()
    program.leave()
    while knownTrail.count > mark {
      let last = knownTrail.removeLast()
      knownUnits[last.site] = last.units
      knownBits[last.site] = last.bits
    }
  }

  private func learn(_ site: Int, units: Int, bits: Int) {
    knownTrail.append((site, knownUnits[site], knownBits[site]))
    knownUnits[site] |= units
    knownBits[site] |= bits
  }

  private func isCanonical(_ mask: Int, _ classes: [Int]) -> Bool {
    for unit in classes.indices where (mask >> unit) & 1 == 1 {
      for earlier in 0..<unit where classes[earlier] == classes[unit] && (mask >> earlier) & 1 == 0 { return false }
    }
    return true
  }

  private func refined(_ classes: [Int], _ mask: Int) -> [Int] {
    classes.indices.map { classes[$0] * 2 + ((mask >> $0) & 1) }
  }

  // MARK: Propagation

  /// Learns the bits that follow from the cones, and adds the sites whose mask is complete.
  private func propagate(writes: Bool) {
    let unitCones = cones[cones.count - 1]
    for unit in 0..<problem.model.hidden where unitCones[unit].isPointed {
      let cone = unitCones[unit]
      for site in 0..<problem.siteCount where (knownUnits[site] >> unit) & 1 == 0 {
        let (lower, upper) = cone.range(of: problem.directions + site * problem.dimension)
        let bit: Int
        if lower >= -1e-11 { bit = 1 } else if upper <= 1e-11 { bit = 0 } else { continue }
        if writesProof {
          let direction = problem.directions + site * problem.dimension
          guard cone.combination(of: direction, sign: bit == 1 ? 1 : -1, into: &circuit) else { continue }
          if writes { writeCircuit(unit, site, bit, cone) }
        }
        learn(site, units: 1 << unit, bits: bit << unit)
        if knownUnits[site] == everyUnit { program.add(site: site, mask: knownBits[site]) }
      }
    }
  }

  private func writeCircuit(_ unit: Int, _ site: Int, _ bit: Int, _ cone: RayCone) {
    text.append("c ")
    text.append(unit)
    text.append(" ")
    text.append(site)
    text.append(" ")
    text.append(bit)
    for member in circuit {
      text.append(" ")
      text.append(cone.labels[member])
    }
    text.endLine()
  }

  // MARK: Leaves

  /// Writes a leaf; false when no exact proof of it was found, so that the search had better go on below.
  private func writeLeaf(_ bound: Double) -> Bool {
    var proved = bound
    let mark = text.bytes.count
    if writesProof {
      guard let exact = rounding.write(program, target: target, into: &text) else { return false }
      if exact < target && bound >= target && program.decidedSites.count < problem.siteCount {
        // The rounded proof falls short: branching on gives tighter programs.
        text.truncate(to: mark)
        return false
      }
      proved = min(bound, exact)
    }
    leaves += 1
    lowerBound = min(lowerBound, proved)
    return true
  }

  /// A leaf where branching is over: whatever it proves counts.
  private func writeFinalLeaf(_ bound: Double) {
    if writeLeaf(bound) { return }
    // Without half-spaces the dual solution has no signs to keep, and rounding cannot fail.
    program.ignoresHalfSpaces = true
    defer { program.ignoresHalfSpaces = false }
    if writeLeaf(program.solve(threshold: .infinity)) { return }
    leaves += 1
    text.append(DualRounding.emptyLeaf)
    lowerBound = min(lowerBound, 0)
  }
}
