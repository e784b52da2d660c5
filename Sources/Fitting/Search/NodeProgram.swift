import Polyhedra

/// The convex program of a search node: the loss over the sites whose activation mask is decided, subject to the
/// half-spaces that the decisions on the path demand; everything undecided is left out. Its minimum is a lower bound on
/// the loss of every parameter vector in the node.
///
/// One subclass for each kind of loss. A search moves down with `enter`, adds sites and half-spaces, and moves up with
/// `leave`. Not for several threads at once.
class NodeProgram {
  /// ± x̃ · (block of the unit) ≥ 0 at a site; bit 1 is the sign +.
  struct HalfSpace {
    var unit: Int
    var site: Int
    var bit: Int
  }

  let problem: FitProblem
  let positive: Int
  private(set) var halfSpaces: [HalfSpace] = []
  /// Mask by site, −1 where it is not in the program.
  private(set) var masks: [Int]
  private var siteTrail: [Int] = []
  private var levels: [(halfSpaces: Int, sites: Int)] = []

  /// Whether the next solves leave the half-spaces out, for a weaker bound.
  final var ignoresHalfSpaces = false

  /// The half-spaces that count.
  final var activeHalfSpaces: [HalfSpace] { ignoresHalfSpaces ? [] : halfSpaces }

  /// The relaxed solution, standardised.
  let parameters: UnsafeMutablePointer<Double>

  init(_ problem: FitProblem, positive: Int) {
    self.problem = problem
    self.positive = positive
    masks = Array(repeating: -1, count: problem.siteCount)
    parameters = .allocate(capacity: max(problem.parameterCount, 1))
    parameters.initialize(repeating: 0, count: max(problem.parameterCount, 1))
  }

  deinit { parameters.deallocate() }

  /// The decided sites, in the order of decision.
  final var decidedSites: [Int] { siteTrail }

  final var level: Int { levels.count }

  /// Opens a level; `leave` takes back everything added since.
  func enter() { levels.append((halfSpaces.count, siteTrail.count)) }

  func leave() {
    guard let level = levels.popLast() else { return }
    halfSpaces.removeLast(halfSpaces.count - level.halfSpaces)
    while siteTrail.count > level.sites { masks[siteTrail.removeLast()] = -1 }
  }

  func add(site: Int, mask: Int) {
    masks[site] = mask
    siteTrail.append(site)
  }

  func add(_ halfSpace: HalfSpace) { halfSpaces.append(halfSpace) }

  /// Solves the program, at least as far as needed to know whether its minimum is above the threshold.
  ///
  /// - Returns: a lower bound on the standardised loss, up to rounding errors.
  func solve(threshold: Double) -> Double { fatalError("solve belongs to the subclasses") }

  /// Standardised loss of a prediction at a site.
  func siteLoss(_ site: Int, _ prediction: Double) -> Double { fatalError("siteLoss belongs to the subclasses") }

  /// The dual solution behind the last bound: the derivative of the loss at each sample (standardised), where not 0.
  func sampleMultipliers(_ body: (_ sample: Int, _ value: Double, _ isFree: Bool) -> Void) {
    fatalError("sampleMultipliers belongs to the subclasses")
  }

  /// The multipliers of the half-spaces, for rows of length one, where not 0.
  func halfSpaceMultipliers(_ body: (HalfSpace, Double) -> Void) {
    fatalError("halfSpaceMultipliers belongs to the subclasses")
  }

  /// Writes the half-spaces that count as constraints of a quadratic program, in their order.
  final func fillConstraints(_ constraints: inout [ActiveSetQuadratic.Constraint]) {
    constraints.removeAll(keepingCapacity: true)
    for halfSpace in activeHalfSpaces {
      constraints.append(
        .init(
          offset: halfSpace.unit * problem.dimension, sign: halfSpace.bit == 1 ? 1 : -1,
          vector: UnsafePointer(problem.directions + halfSpace.site * problem.dimension)))
    }
  }

  /// The loss over all sites of the network with the relaxed parameters, and the loss at each site left out so far.
  final func evaluate(into losses: UnsafeMutablePointer<Double>, masks found: UnsafeMutablePointer<Int>) -> Double {
    var total = 0.0
    for site in 0..<problem.siteCount {
      let (mask, value) = problem.evaluate(parameters, at: site, positive: positive)
      let loss = siteLoss(site, value)
      losses[site] = loss
      found[site] = mask
      total += loss
    }
    return total
  }
}
