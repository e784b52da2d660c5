import Exact
import Execution

/// The three numbers that the literature calls the number of linear regions.
///
/// - Activation regions: distinct activation patterns whose cell has interior points in the domain.
/// - Affine components: distinct affine maps of the outputs.
/// - Pieces: maximal connected sets on which the outputs are one affine map. Closed regions (within the closed domain)
///   with the same map that touch, even in a single point, belong to one piece; touching at infinity is not touching.
///
/// components ≤ pieces ≤ activation regions. Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks
/// with rectified linear units, 2018, for pieces; Hanin and Rolnick, 2019, for activation regions.
public struct RegionCensus: Sendable, Equatable, Codable {
  public let activationRegions: Int
  /// A lower bound when the enumeration is not complete.
  public let affineComponents: Int
  /// nil when the enumeration is not complete; and where cells are not known by their vertices, when regions with one
  /// map are not joined by facets, so that somebody would have to find out whether they touch in a smaller face.
  public let pieces: Int?
  public let isComplete: Bool

  /// Enumerates the regions, and compares their maps exactly.
  ///
  /// Most maps differ already as residues modulo a prime. Regions with equal residues are compared in integers, and those
  /// with one map are enumerated once more, to see which of them share a vertex.
  ///
  /// - Complexity: beside the enumeration O(d · weights of changed units) for each region, some 10 words of memory for
  ///   each; integer arithmetic only for regions whose map occurs more than once.
  public init(_ enumeration: RegionEnumeration) throws {
    var patterns = PatternTable(bits: enumeration.layout.bits)
    let summary = try enumeration.forEach(detail: [], transform: { $0.pattern }, receive: { patterns.append($0) })
    try self.init(enumeration, patterns, isComplete: summary.isComplete)
  }

  /// The census of regions that are known already.
  public init(_ complex: RegionComplex) throws {
    try self.init(complex.enumeration, complex.patterns, isComplete: complex.summary.isComplete)
  }

  private init(_ enumeration: RegionEnumeration, _ patterns: PatternTable, isComplete: Bool) throws {
    let network = ResidueNetwork(enumeration.compiled)
    let components = AffineComponents(enumeration, patterns, network)
    activationRegions = patterns.count
    affineComponents = components.count
    self.isComplete = isComplete
    pieces =
      try !isComplete
      ? nil : components.repeated.isEmpty ? components.count : Self.pieces(enumeration, patterns, network, components)
  }

  private static func pieces(
    _ enumeration: RegionEnumeration, _ patterns: PatternTable, _ network: ResidueNetwork,
    _ components: AffineComponents
  ) throws -> Int? {
    let reader = CrossingReader(enumeration.layout)
    let joiner = PieceJoiner(enumeration, patterns, network, components)
    let summary = try enumeration.forEach(
      detail: enumeration.keepsVertices ? [.facets, .vertices] : .facets,
      transform: { region -> (Int, CorneredRegion)? in
        guard let index = patterns.index(of: region.pattern), components.repeated[index] != nil else { return nil }
        return (index, CorneredRegion(region, reader))
      },
      receive: { if let (index, region) = $0 { joiner.add(index, region) } })
    return summary.isComplete ? joiner.pieces : nil
  }
}

/// Regions grouped by their exact affine maps.
struct AffineComponents: Sendable {
  /// The number of distinct maps.
  let count: Int
  /// For each region whose map is that of other regions, too, the map's number.
  let repeated: [Int: Int]

  init(_ enumeration: RegionEnumeration, _ patterns: PatternTable, _ network: ResidueNetwork) {
    let fingerprints = Self.fingerprints(enumeration, patterns, network)
    var sorted = Array(fingerprints.indices)
    sorted.sort { fingerprints[$0] != fingerprints[$1] ? fingerprints[$0] < fingerprints[$1] : $0 < $1 }
    var suspects: [Int] = []
    var start = 0
    var distinct = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, fingerprints[sorted[end]] == fingerprints[sorted[start]] { end += 1 }
      if end > start + 1 { suspects += sorted[start..<end] } else { distinct += 1 }
      start = end
    }
    // In the order of the enumeration, in which neighbours have most forms in common.
    suspects.sort()
    let forms = PatternForms(enumeration.compiled, enumeration.layout)
    var known: [UInt64: [(map: [IntegerVector], number: Int)]] = [:]
    var members: [[Int]] = []
    for region in suspects {
      forms.move(to: patterns[region])
      let map = forms.outputs
      let same = known[fingerprints[region], default: []].first { zip($0.map, map).allSatisfy { $0.equals($1) } }
      if let same {
        members[same.number].append(region)
      } else {
        known[fingerprints[region], default: []].append((map, members.count))
        members.append([region])
      }
    }
    count = distinct + members.count
    var repeated: [Int: Int] = [:]
    for (number, regions) in members.enumerated() where regions.count > 1 {
      for region in regions { repeated[region] = number }
    }
    self.repeated = repeated
  }

  private static func fingerprints(
    _ enumeration: RegionEnumeration, _ patterns: PatternTable, _ network: ResidueNetwork
  ) -> [UInt64] {
    let chunk = 1 << 12
    let parts = parallelMap(count: (patterns.count + chunk - 1) / chunk, threads: enumeration.threads) { part in
      let forms = CrossingForms(enumeration, network)
      return (part * chunk..<min((part + 1) * chunk, patterns.count)).map { region in
        forms.move(to: patterns[region])
        return Residue.fingerprint(forms.residues.outputs)
      }
    }
    return Array(parts.joined())
  }
}
