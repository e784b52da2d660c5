import CKernels
import Exact
import Execution
import Polyhedra

/// Enumerates the activation regions of a network by splitting vertex sets, depth first and layer by layer.
///
/// A cell is kept by its vertices (rays, in homogeneous coordinates). A unit cuts it when its form takes both signs
/// there; then every edge between a positive and a negative vertex gives a new vertex. Children test only the units that
/// cut their parent, the units' values travel with the vertices, and the forms of the next layer are updated by one
/// outer product when a unit is decided. Memory is that of one path of the tree.
///
/// Signs are those of exact arithmetic. Coordinates and values are doubles that carry a bound on their error; a value
/// within its bound of zero is computed again in integers, from the hyperplanes that the vertex is known to lie on.
///
/// Sources: depth-first splitting as in exact star-set reachability (Tran et al., 2019), vertex splitting as in the
/// double description method (Motzkin et al., 1953; Fukuda, Prodon, 1996).
final class VertexSplitter<Mask: FacetMask> {
  let network: CompiledNetwork
  let domain: PreparedDomain
  /// The domain.
  let cone: ExactCone
  let dimension: Int
  let forms: FormStack
  let exactRays: ExactRays
  let slots: UnsafeMutablePointer<Slot>
  /// The coefficients of the hyperplanes in the slots, `slots × d`.
  let normals: UnsafeMutablePointer<Double>
  /// Whether leaves are only counted.
  let countsOnly: Bool
  private let wantsVertices: Bool
  private let cancellation: Cancellation
  var path = DecisionPath(.everything)
  /// Leaves visited by the present task, and how many stop it.
  var leaves = 0
  var quota = Int.max
  /// Set when a cell needs more facets than a mask has bits.
  var hasOverflowed = false
  /// How far the values that travel with the rays may be from those of the forms, as computed, at the rays as they stand,
  /// in units of the forms' norms: the rounding of an evaluation, and what every interpolation adds.
  var consistency: Double
  let evaluationError: Double
  /// 2 as soon as a value of the present stage was replaced by an exact one, else 1. The rays keep their errors then, so that
  /// value and ray differ by as much as the ray is off, here and where rays are interpolated later.
  var errorFactor = 1.0
  /// Signs that needed exact arithmetic.
  var exactSigns = 0
  /// Receives the leaves, unless they are only counted.
  let visit: (any RegionSource) -> Void

  init(
    _ network: CompiledNetwork, domain: PreparedDomain, cone: ExactCone, _ settings: SearchSettings,
    visit: @escaping (any RegionSource) -> Void
  ) {
    self.network = network
    self.domain = domain
    self.cone = cone
    forms = FormStack(network, wantsMaps: settings.wantsMaps)
    countsOnly = settings.countsOnly
    wantsVertices = settings.wantsVertices
    cancellation = settings.cancellation
    self.visit = visit
    dimension = network.dimension
    evaluationError = Precision.evaluationError(network.dimension)
    consistency = evaluationError
    exactRays = ExactRays(dimension: network.dimension)
    slots = .allocate(capacity: Mask.bitWidth)
    slots.initialize(repeating: .none, count: Mask.bitWidth)
    normals = .allocate(capacity: Mask.bitWidth * network.dimension)
    normals.initialize(repeating: 0, count: Mask.bitWidth * network.dimension)
  }

  deinit {
    slots.deallocate()
    normals.deallocate()
  }

  /// Visits the leaves of a task, up to `quota` of them, and returns what is left of it in at most `parts` tasks; nil
  /// when a cell has more facets than a mask can hold.
  func run(_ task: DecisionPath.Task, quota: Int, parts: Int) -> [DecisionPath.Task]? {
    path = DecisionPath(task)
    self.quota = quota
    leaves = 0
    consistency = evaluationError
    errorFactor = 1
    hasOverflowed = domain.rows.count > Mask.bitWidth
    guard !hasOverflowed else { return nil }
    let mark = forms.arena.mark
    forms.reset()
    for (row, coefficients) in domain.rows.enumerated() {
      slots[row] = Slot(stage: -1, form: row, other: -1, side: 1, error: domain.rowErrors[row])
      for (j, value) in coefficients.enumerated() { normals[row * dimension + j] = value }
    }
    if network.hiddenStages == 0 {
      reachLeaf(cone)
    } else {
      explore(cone, stage: 0, from: 0)
    }
    forms.arena.release(to: mark)
    return hasOverflowed ? nil : path.remainder(inAtMost: parts)
  }

  /// The slot of infinity, x₀ = 0, as long as no other hyperplane has taken it over.
  var heightSlot: Int? {
    guard let row = domain.heightRow, slots[row].stage < 0, slots[row].form == row else { return nil }
    return row
  }

  func stopForOverflow() {
    hasOverflowed = true
    path.stop()
  }

  /// The stage is decided: on to the next one, or to a leaf.
  func finishStage(_ stage: Int, _ cell: Cell<Mask>) {
    if stage + 1 == network.hiddenStages {
      reachLeaf(cell)
    } else {
      forms.exact.invalidate(from: stage + 1)
      enterStage(stage + 1, cell, from: 0)
    }
  }

  @inline(__always)
  func countLeaf() {
    leaves += 1
    if leaves >= quota || (leaves & 255 == 0 && cancellation.shouldStop) { path.stop() }
  }

  func reachLeaf(_ cell: Cell<Mask>) {
    if !countsOnly {
      if wantsVertices { polish(cell) }
      visit(Leaf(cell, lines: [], self))
    }
    countLeaf()
  }
}
