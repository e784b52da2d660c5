import Execution

/// The dual graph of a complex: a node for each region, an edge for each facet that two regions share.
public struct DualGraph: Sendable {
  public let regionCount: Int
  /// Facets that two regions share.
  public let edgeCount: Int
  /// Facets on the boundary of the domain.
  public let boundaryFacetCount: Int
  /// Facets across which no known region lies: none when the enumeration is complete.
  public let unmatchedFacetCount: Int
  /// Facets that are not also facets of the neighbour: none, unless something is wrong.
  public let oneSidedFacetCount: Int
  /// For each facet of each region, the neighbour; `boundary` or `unmatched` where there is none.
  private let targets: [Int32]
  private let starts: [Int]

  static let boundary: Int32 = -1
  static let unmatched: Int32 = -2

  /// O(facets) look-ups of patterns on average; where units bend together, O(parameters · n) for such a facet.
  public init(_ complex: RegionComplex) {
    let network = ResidueNetwork(complex.enumeration.compiled)
    let chunk = 1 << 12
    let parts = parallelMap(
      count: (complex.count + chunk - 1) / chunk, threads: complex.enumeration.threads
    ) { part -> [Int32] in
      let search = NeighbourSearch(complex.enumeration, complex.patterns, network)
      return (part * chunk..<min((part + 1) * chunk, complex.count)).flatMap { region in
        complex.crossings[complex.facets(of: region)].map { crossing in
          if crossing.isBoundary { return Self.boundary }
          return search.neighbour(of: region, across: crossing).map(Int32.init) ?? Self.unmatched
        }
      }
    }
    targets = Array(parts.joined())
    starts = complex.starts
    regionCount = complex.count
    boundaryFacetCount = targets.count { $0 == Self.boundary }
    unmatchedFacetCount = targets.count { $0 == Self.unmatched }
    var (first, oneSided) = (0, 0)
    for region in 0..<complex.count {
      for facet in complex.facets(of: region) where targets[facet] >= 0 {
        let neighbour = Int(targets[facet])
        if !targets[starts[neighbour]..<starts[neighbour + 1]].contains(Int32(region)) { oneSided += 1 }
        if region < neighbour { first += 1 }
      }
    }
    edgeCount = first
    oneSidedFacetCount = oneSided
  }

  /// The regions that share a facet with a region, in the order of its facets.
  public func neighbours(of region: Int) -> [Int] {
    targets[starts[region]..<starts[region + 1]].filter { $0 >= 0 }.map { Int($0) }
  }

  /// For each facet of a region, in order, the region behind it; nil where there is none.
  public func regionsBehindFacets(of region: Int) -> [Int?] {
    targets[starts[region]..<starts[region + 1]].map { $0 >= 0 ? Int($0) : nil }
  }

  /// How many regions have 0, 1, 2 … neighbours.
  public var degreeHistogram: [Int] {
    var histogram: [Int] = []
    for region in 0..<regionCount {
      let degree = targets[starts[region]..<starts[region + 1]].count { $0 >= 0 }
      while histogram.count <= degree { histogram.append(0) }
      histogram[degree] += 1
    }
    return histogram
  }

  /// The mean number of neighbours, 2 · edges / regions; 0 without regions.
  public var meanDegree: Double { regionCount == 0 ? 0 : 2 * Double(edgeCount) / Double(regionCount) }

  /// Whether every region can be reached from every other one: always, for all regions of a convex domain.
  public var isConnected: Bool {
    guard regionCount > 0 else { return true }
    var search = BreadthFirst(self)
    search.run(from: 0)
    return search.order.count == regionCount
  }

  /// The largest distance between two regions, in facets crossed: one number, or bounds when it would take too long; nil
  /// when the graph is not connected or has no node.
  ///
  /// Exact for graphs with up to 5,000 nodes. For larger ones the search may end early; the bounds are certain. Source:
  /// iFUB, Crescenzi, Grossi, Habib, Lanzi and Marino, On computing the diameter of real-world undirected graphs, TCS 514
  /// (2013), from the middle of a double sweep.
  ///
  /// - Complexity: O(searches · edges) for at most max(16, 2.5 · 10⁷ / nodes) breadth-first searches.
  public var diameter: ClosedRange<Int>? {
    guard regionCount > 0 else { return nil }
    var search = BreadthFirst(self)
    search.run(from: 0)
    guard search.order.count == regionCount, let far = search.order.last else { return nil }
    search.run(from: far)
    guard var node = search.order.last else { return nil }
    var lower = search.distance[node]
    // The middle of the longest path found is near to everything.
    for _ in 0..<lower / 2 {
      node = neighbours(of: node).first { search.distance[$0] < search.distance[node] } ?? node
    }
    search.run(from: node)
    let (order, level) = (search.order, search.distance)
    var searches = max(16, 25_000_000 / regionCount)
    // Of two nodes on levels up to i the distance is at most 2i.
    for node in order.reversed() {
      guard lower < 2 * level[node] else { break }
      guard searches > 0 else { return lower...2 * level[node] }
      searches -= 1
      search.run(from: node)
      lower = max(lower, search.order.last.map { search.distance[$0] } ?? 0)
    }
    return lower...lower
  }

  /// Distances from one node.
  private struct BreadthFirst {
    private let targets: [Int32]
    private let starts: [Int]
    /// −1 where the last search did not come.
    private(set) var distance: [Int]
    /// The nodes that the last search reached, nearest first.
    private(set) var order: [Int] = []

    init(_ graph: DualGraph) {
      targets = graph.targets
      starts = graph.starts
      distance = Array(repeating: -1, count: graph.regionCount)
    }

    mutating func run(from node: Int) {
      for known in order { distance[known] = -1 }
      order.removeAll(keepingCapacity: true)
      order.append(node)
      distance[node] = 0
      var next = 0
      while next < order.count {
        let here = order[next]
        next += 1
        for facet in starts[here]..<starts[here + 1] {
          let neighbour = Int(targets[facet])
          guard neighbour >= 0, distance[neighbour] < 0 else { continue }
          distance[neighbour] = distance[here] + 1
          order.append(neighbour)
        }
      }
    }
  }
}
