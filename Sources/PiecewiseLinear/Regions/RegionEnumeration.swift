import Execution
import Networks

/// Enumerates the activation regions of a network in a domain: all sets of full dimension on which every unit keeps its
/// side.
///
/// ```swift
/// let search = try RegionEnumeration(network, in: .box(lower: [-1, -1], upper: [1, 1]))
/// let result = try search.count()              // activationRegions: 1512, isComplete: true
/// try search.forEach(detail: .all) { region in print(region.interiorPoint) }
/// ```
///
/// Regions are those of exact arithmetic: no sign is decided by a tolerance (see `VertexSplitter`). A pattern counts when
/// its open cell meets the interior of the domain; a unit whose form is identically zero on a cell counts as inactive and
/// does not split it. Regions arrive in an order that does not depend on the number of threads.
public struct RegionEnumeration: Sendable {
  public let network: UnitNetwork
  public let domain: RegionDomain
  public let layout: PatternLayout
  public var threads = defaultThreadCount
  /// The enumeration ends, incomplete, after so many regions.
  public var limit = Int.max
  public var cancellation = Cancellation()
  /// Told now and then how many regions there are so far, from one thread at a time.
  public var progress: (@Sendable (Int) -> Void)?
  /// The search that is tried first; tests choose.
  var firstSearch = CellSearch.Kind.narrow
  let prepared: PreparedDomain
  let compiled: CompiledNetwork

  /// - Throws: `RegionError` when the domain does not fit the network, or has no interior.
  public init(_ network: UnitNetwork, in domain: RegionDomain) throws {
    self.network = network
    self.domain = domain
    layout = PatternLayout(network)
    prepared = try PreparedDomain.make(domain, for: network)
    compiled = try CompiledNetwork(network, inputs: prepared.inputs, scales: prepared.scales)
  }

  /// What an enumeration found.
  public struct Summary: Sendable, Equatable {
    /// The number of activation regions seen: all of them when `isComplete`, else a lower bound.
    public var activationRegions: Int
    public var isComplete: Bool
    /// How many signs were too near to zero for doubles and were decided in integers.
    public var exactSigns: Int
    public var seconds: Double
  }

  /// Counts the regions; memory is that of one path of the search for each thread.
  public func count() throws -> Summary {
    try run(detail: [], chunk: 1 << 15, transform: nil) { (_: Never) in }
  }

  /// Visits every region, in order, on one thread at a time; memory does not grow with their number.
  @discardableResult
  public func forEach(detail: RegionDetail, _ body: (LinearRegion) throws -> Void) throws -> Summary {
    try forEach(detail: detail, transform: { $0 }, receive: body)
  }

  /// Visits every region, doing the work on each in parallel.
  ///
  /// - Parameters:
  ///   - transform: called on many threads, once for each region.
  ///   - receive: called with the results in the order of the regions, on one thread at a time.
  @discardableResult
  public func forEach<Result: Sendable>(
    detail: RegionDetail, transform: @escaping @Sendable (LinearRegion) -> Result, receive: (Result) throws -> Void
  ) throws -> Summary {
    try withoutActuallyEscaping(receive) { receive in
      try run(
        detail: detail, chunk: 1 << 11, transform: { [layout] in transform($0.region(layout, detail)) },
        receive: receive)
    }
  }
}
