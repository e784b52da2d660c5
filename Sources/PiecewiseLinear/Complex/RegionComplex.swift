import Networks

/// The activation regions of a network in a domain as the top cells of its canonical polyhedral complex: all patterns, and
/// what is on the other side of every facet.
///
/// The complex is face-to-face: two closed regions meet in a face of both, so that a facet belongs to exactly two regions,
/// or to one and the boundary of the domain.
///
/// Memory: a pattern and 8 bytes for each facet of a region. Source: Grigsby and Lindsey, On transversality of bent
/// hyperplane arrangements and the topological expressiveness of ReLU neural networks, 2022.
public struct RegionComplex: Sendable {
  /// What changes at a facet: an entry of the layout takes a phase, or the domain ends.
  struct Crossing: Sendable, Equatable {
    /// The entry, or −1 − the number of the domain's half-space.
    var entry: Int32
    /// A hinge's other phase; of a maximum, a form that ties with the winner.
    var phase: Int32

    var isBoundary: Bool { entry < 0 }
  }

  public let enumeration: RegionEnumeration
  public let summary: RegionEnumeration.Summary
  let patterns: PatternTable
  /// The facets of all regions, and for each region the first of its own; one entry more at the end.
  let crossings: [Crossing]
  let starts: [Int]

  /// Enumerates the regions. They are numbered in the order of the enumeration.
  public init(_ enumeration: RegionEnumeration) throws {
    let reader = CrossingReader(enumeration.layout)
    var patterns = PatternTable(bits: enumeration.layout.bits)
    var crossings: [Crossing] = []
    var starts = [0]
    summary = try enumeration.forEach(
      detail: .facets,
      transform: { region in (region.pattern, region.facets.map { reader.crossing($0.source, region.pattern) }) },
      receive: { pattern, own in
        patterns.append(pattern)
        crossings += own
        starts.append(crossings.count)
      })
    self.enumeration = enumeration
    self.patterns = patterns
    self.crossings = crossings
    self.starts = starts
  }

  /// The number of regions.
  public var count: Int { patterns.count }

  public func pattern(of region: Int) -> ActivationPattern { patterns[region] }

  /// The region with a pattern. O(words of a pattern).
  public func region(with pattern: ActivationPattern) -> Int? { patterns.index(of: pattern) }

  func facets(of region: Int) -> Range<Int> { starts[region]..<starts[region + 1] }
}

extension RegionEnumeration {
  /// Whether the search keeps cells by their vertices, so that asking for these costs little; in more dimensions they are
  /// found one region at a time, if at all.
  var keepsVertices: Bool { prepared.cone != nil }
}

/// Turns the source of a facet into what changes there.
struct CrossingReader: Sendable {
  private let layout: PatternLayout
  /// For each stage and unit, its entry; −1 for one that does not bend.
  private let entries: [[Int]]

  init(_ layout: PatternLayout) {
    self.layout = layout
    var entries: [[Int]] = []
    for (index, entry) in layout.entries.enumerated() {
      while entries.count <= entry.stage { entries.append([]) }
      while entries[entry.stage].count <= entry.unit { entries[entry.stage].append(-1) }
      entries[entry.stage][entry.unit] = index
    }
    self.entries = entries
  }

  func crossing(_ source: LinearRegion.Facet.Source, _ pattern: ActivationPattern) -> RegionComplex.Crossing {
    switch source {
    case .domain(let row): return .init(entry: Int32(-1 - row), phase: 0)
    case .unit(let stage, let unit):
      let entry = entries[stage][unit]
      return .init(entry: Int32(entry), phase: Int32(1 - layout.phase(entry, of: pattern)))
    case .comparison(let stage, let unit, let rival):
      return .init(entry: Int32(entries[stage][unit]), phase: Int32(rival))
    }
  }
}
