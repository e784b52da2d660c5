import Exact
import Execution
import Networks
import PiecewiseLinear
import Polyhedra

/// The exact set of outputs of a network over a bounded domain: a union of polytopes, each the affine image of a polytope of
/// inputs.
///
/// ```swift
/// let set = try ReachableSet(of: network, in: .box(lower: [0, -1], upper: [1, 1]))
/// try set.forEachPiece { piece in print(piece.map, piece.images) }
/// try set.outputRanges().ranges
/// ```
///
/// There is a piece for each activation pattern whose cell has an interior in the domain (relative to it, where the domain
/// holds inputs at one value); patterns are those of exact arithmetic, and the closed pieces cover the domain. Their
/// coefficients and corners are doubles, computed from exact combinatorics.
///
/// What layer-by-layer propagation of polytopes or star sets arrives at, found depth first: W. Xiang, H.-D. Tran, T. Johnson,
/// Reachable set computation and safety verification for neural networks with ReLU activations (2017); H.-D. Tran et al.,
/// Star-based reachability analysis of deep neural networks, FM 2019.
public struct ReachableSet: Sendable {
  /// Up to so many inputs that vary, pieces have corners without being asked, and output ranges are exact.
  public static let vertexDimension = 6

  public let network: UnitNetwork
  public let domain: RegionDomain
  public var threads: Int {
    get { enumeration.threads }
    set { enumeration.threads = newValue }
  }
  /// The enumeration ends, incomplete, after so many pieces.
  public var limit: Int {
    get { enumeration.limit }
    set { enumeration.limit = newValue }
  }
  public var cancellation: Cancellation {
    get { enumeration.cancellation }
    set { enumeration.cancellation = newValue }
  }
  /// Told now and then how many pieces there are so far, from one thread at a time.
  public var progress: (@Sendable (Int) -> Void)? {
    get { enumeration.progress }
    set { enumeration.progress = newValue }
  }
  /// How the patterns of pieces are read.
  public let layout: PatternLayout
  private let section: DomainSection
  private var enumeration: RegionEnumeration

  /// O(parameters), and two linear programs for each input of a polytope.
  ///
  /// - Parameter domain: a box, which may hold inputs at one value, or a bounded polytope with an interior.
  /// - Throws: `ReachError` when the domain is not bounded; `RegionError` or `NetworkError` when it does not fit the
  ///   network, or is empty.
  public init(of network: UnitNetwork, in domain: RegionDomain) throws {
    self.network = network
    self.domain = domain
    layout = PatternLayout(network)
    if case .box(let lower, let upper) = domain, lower.count != network.inputCount || upper.count != lower.count {
      throw ReachError(
        "the box has \(lower.count) lower and \(upper.count) upper bounds; the network has \(network.inputCount) inputs"
      )
    }
    section = try DomainSection(network, domain)
    enumeration = try RegionEnumeration(section.network, in: section.domain)
    try Self.checkBounded(domain, inputs: network.inputCount)
  }

  private static func checkBounded(_ domain: RegionDomain, inputs: Int) throws {
    switch domain {
    case .box: return
    case .space: throw ReachError("the outputs over all of space have no end; give a box or a bounded polytope")
    case .polyhedron(let halfSpaces):
      var program = ExactLinearProgram(dimension: inputs)
      for halfSpace in halfSpaces { try program.append(row: halfSpace.normal, bound: halfSpace.offset) }
      for input in 0..<inputs {
        for sign in [1.0, -1] {
          let objective = (0..<inputs).map { $0 == input ? sign : 0 }
          if try program.maximise(objective).status == .unbounded {
            throw ReachError("the polytope is not bounded: input \(input) has no \(sign > 0 ? "upper" : "lower") end")
          }
        }
      }
    }
  }

  /// The inputs that the domain does not hold at one value, increasing.
  public var varyingInputs: [Int] { section.free }

  /// The number of inputs that vary.
  public var dimension: Int { section.free.count }

  /// Visits every piece, in an order that does not depend on the number of threads, on one thread at a time; memory does not
  /// grow with their number.
  @discardableResult
  public func forEachPiece(_ body: (ReachPiece) throws -> Void) throws -> RegionEnumeration.Summary {
    try forEachPiece(transform: { $0 }, receive: body)
  }

  /// Visits every piece, doing the work on each in parallel.
  ///
  /// - Parameters:
  ///   - withVertices: whether pieces have corners; by default up to ``vertexDimension`` inputs that vary. Above, each costs
  ///     a double description in integers.
  ///   - transform: called on many threads, once for each piece.
  ///   - receive: called with the results in the order of the pieces, on one thread at a time.
  @discardableResult
  public func forEachPiece<Result: Sendable>(
    withVertices: Bool? = nil, transform: @escaping @Sendable (ReachPiece) -> Result, receive: (Result) throws -> Void
  ) throws -> RegionEnumeration.Summary {
    let detail: RegionDetail = withVertices ?? (dimension <= Self.vertexDimension) ? .all : [.map, .facets]
    return try enumeration.forEach(
      detail: detail, transform: { [section] in transform(ReachPiece($0, section)) }, receive: receive)
  }

  /// The exact least and largest value of each output over the pieces seen, and points of the domain that take them, in the
  /// coordinates of the inputs that vary. See `RegionEnumeration.outputRanges()`.
  public func outputRanges() throws -> (ranges: [OutputRange], summary: RegionEnumeration.Summary) {
    try enumeration.outputRanges()
  }

  /// A point given by the inputs that vary, among all inputs.
  public func point(_ coordinates: [Double]) -> [Double] { section.point(coordinates) }
}
