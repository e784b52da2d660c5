import Exact

/// Joins regions with one affine map that touch.
///
/// In a face-to-face complex two closed regions that touch have a face in common, hence a vertex, or where the cells
/// contain lines a translate of these.
final class PieceJoiner {
  /// A vertex of the regions seen so far, and the region in which it came up.
  private struct Known {
    var region: Int
    var corner: Corner
    var exact: IntegerVector?
  }

  private struct Key: Hashable {
    var component: Int
    var fingerprint: UInt64
  }

  private let enumeration: RegionEnumeration
  private let patterns: PatternTable
  private let network: ResidueNetwork
  private let components: AffineComponents
  private var sets: DisjointSets
  private var here: CornerForms?
  private var there: CornerForms?
  private let neighbours: NeighbourSearch
  private var known: [Key: [Known]] = [:]
  private var lacksVertices = false

  init(
    _ enumeration: RegionEnumeration, _ patterns: PatternTable, _ network: ResidueNetwork,
    _ components: AffineComponents
  ) {
    self.enumeration = enumeration
    self.patterns = patterns
    self.network = network
    self.components = components
    sets = DisjointSets(count: patterns.count)
    neighbours = NeighbourSearch(enumeration, patterns, network)
  }

  /// The number of pieces, all regions whose maps are repeated having been added; nil when it could not be decided.
  var pieces: Int? {
    let repeated = Set(components.repeated.values).count
    let joined = components.repeated.keys.count { sets.find($0) == $0 }
    return lacksVertices && joined > repeated ? nil : components.count - repeated + joined
  }

  /// Takes the next region whose map is repeated, in the order of the enumeration.
  func add(_ region: Int, _ content: CorneredRegion) {
    guard let component = components.repeated[region] else { return }
    if content.corners.allSatisfy(\.isDirection) {
      lacksVertices = true
      joinByFacets(region, component, content)
      return
    }
    let forms = forms(at: region, content)
    for corner in content.corners where !corner.isDirection {
      let key = Key(component: component, fingerprint: forms.fingerprint(corner))
      guard !join(region, corner, forms, key) else { continue }
      known[key, default: []].append(Known(region: region, corner: corner))
    }
  }

  private func forms(at region: Int, _ content: CorneredRegion) -> CornerForms {
    if let here {
      here.forms.move(to: patterns[region])
      return here
    }
    let crossings = CrossingForms(enumeration, network)
    crossings.move(to: patterns[region])
    let made = CornerForms(crossings, dimension: network.dimension, crossings: content.crossings)
    here = made
    there = CornerForms(CrossingForms(enumeration, network), like: made)
    return made
  }

  /// Joins the region with that of a known vertex which turns out to be the same; false when there is none, or when all
  /// that may be the same belong to the region's piece already.
  private func join(_ region: Int, _ corner: Corner, _ forms: CornerForms, _ key: Key) -> Bool {
    guard let candidates = known[key], let there else { return false }
    for (index, candidate) in candidates.enumerated() {
      if sets.find(candidate.region) == sets.find(region) { continue }
      let exact: IntegerVector
      if let vector = candidate.exact {
        exact = vector
      } else {
        there.forms.move(to: patterns[candidate.region])
        exact = there.exact(candidate.corner)
        known[key]?[index].exact = exact
      }
      if forms.isCorner(corner, exact) {
        sets.join(candidate.region, region)
        return true
      }
    }
    return false
  }

  private func joinByFacets(_ region: Int, _ component: Int, _ content: CorneredRegion) {
    for crossing in content.crossings where !crossing.isBoundary {
      guard let neighbour = neighbours.neighbour(of: region, across: crossing) else { continue }
      if components.repeated[neighbour] == component { sets.join(region, neighbour) }
    }
  }
}

/// A partition of 0 ..< count, made coarser step by step.
struct DisjointSets {
  private var parents: [Int32]

  init(count: Int) { parents = (0..<count).map { Int32($0) } }

  /// The representative of an element's set. Almost O(1), amortised.
  mutating func find(_ element: Int) -> Int {
    var node = element
    while Int(parents[node]) != node {
      parents[node] = parents[Int(parents[node])]
      node = Int(parents[node])
    }
    return node
  }

  mutating func join(_ left: Int, _ right: Int) {
    let (first, second) = (find(left), find(right))
    parents[max(first, second)] = Int32(min(first, second))
  }
}
