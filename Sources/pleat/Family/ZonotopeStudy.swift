import Exact
import Networks
import PiecewiseLinear
import Polyhedra
import Representation

/// A zonotope and the network of its support function, or of a sawtooth of that: what was predicted and what was counted.
struct ZonotopeStudy {
  /// Facets and volumes take C(m, n − 1) · m · n² operations; done are up to so many.
  private static let largestEffort = 1 << 21
  /// Facets are found through all dimensions below, which takes twice as long for each.
  private static let largestRank = 14

  let zonotope: Zonotope
  let kind: GeneratorOptions.Kind
  let family: ZonotopeFamily
  /// Whether there is a sawtooth behind the support function.
  let isFolded: Bool
  let first: ZonotopeFamily.FirstLayer
  let rank: Int
  /// 2 Σ_{i < n} C(m − 1, i)
  let genericVertexCount: Rational
  /// nil where they are too many to count.
  let vertexCount: Rational?
  let facetCount: Int?
  let volume: Rational?
  /// Of the function; nil as the vertices.
  let pieces: Rational?
  let hiddenWidths: [Int]
  let rounded: RoundedNetwork
  /// The largest |network as written − function|, exactly, and where; nil where it is not known.
  let difference: RoundingDifference?
  let census: RegionCensus?
  let lowerBounds: [ShallowBounds]
  let notes: [String]

  init(
    _ zonotope: Zonotope, kind: GeneratorOptions.Kind, sawtooth: Sawtooth?, first: ZonotopeFamily.FirstLayer,
    precision: WeightPrecision
  ) throws {
    self.zonotope = zonotope
    self.kind = kind
    self.first = first
    isFolded = sawtooth != nil
    // The support function alone is read off the first layer of any member of the family.
    family = try ZonotopeFamily(generators: zonotope.generators, sawtooth: sawtooth ?? Sawtooth(width: 2, layers: 1))
    let (n, m) = (zonotope.dimension, family.generators.count)
    let folds = sawtooth.map { Array(repeating: $0.width, count: $0.layers) } ?? []
    try RoundedNetwork.check(widths: [n, family.firstWidth(first)] + folds + [1])
    let network = try isFolded ? family.network(first) : Self.support(family, first)
    hiddenWidths = network.hiddenWidths
    let rounded = try RoundedNetwork(network, precision)
    self.rounded = rounded
    var notes: [String] = []
    rank = family.rank
    genericVertexCount = try Zonotope.genericVertexCount(dimension: n, count: m)
    do {
      vertexCount = try family.vertexCount
    } catch let error as RepresentationError {
      vertexCount = nil
      notes.append(error.description)
    }
    let effort = Self.binomial(m, max(rank - 1, 0)) * Rational(m) * Rational(n) * Rational(n)
    let isSmall = rank <= Self.largestRank && effort <= Rational(Self.largestEffort)
    facetCount = isSmall ? try zonotope.facets().count : nil
    volume = isSmall ? zonotope.volume : nil
    if !isSmall { notes.append("facets and volume were not computed: too many generators in too many dimensions") }
    pieces = vertexCount == nil ? nil : sawtooth == nil ? vertexCount : try family.pieces
    difference = try RoundingDifference(
      of: rounded, from: network, family: family, first: first, sawtooth: sawtooth,
      box: isSmall && n <= 3 ? try Self.polarBox(zonotope) : nil, pieces: pieces)
    census = try pieces.flatMap { try rounded.census(expected: $0) }
    lowerBounds = try Self.lowerBounds(family, vertices: vertexCount, sawtooth: sawtooth)
    self.notes = notes
  }

  /// C(count, chosen), 0 for a negative choice.
  static func binomial(_ count: Int, _ chosen: Int) -> Rational {
    guard chosen >= 0, chosen <= count else { return .zero }
    return (0..<min(chosen, count - chosen)).reduce(.one) { $0 * Rational(count - $1) / Rational($1 + 1) }
  }

  /// V · wᵏ as the paper prints it, without the factor 2 in V.
  var paperPieces: Rational { genericVertexCount / 2 * (isFolded ? family.sawtooth.piecesInside : .one) }

  /// The number of hidden units with either first layer.
  func size(_ first: ZonotopeFamily.FirstLayer) -> Int {
    isFolded ? family.size(first) : family.firstWidth(first)
  }

  /// The network of γ. The first unit of a sawtooth has the knot 0, so that its form is γ.
  static func support(
    _ family: ZonotopeFamily, _ first: ZonotopeFamily.FirstLayer
  ) throws -> RationalNetwork {
    let network = try family.network(first)
    return try RationalNetwork(inputs: network.inputs, hidden: [network.hidden[0]], outputs: [network.hidden[1][0]])
  }

  /// For each coordinate the largest value where γ ≤ 1, the polar of Z, whose vertices are the normals of the facets over
  /// γ; nil for a zonotope that does not span the space.
  static func polarBox(_ zonotope: Zonotope) throws -> [Rational]? {
    guard zonotope.rank == zonotope.dimension else { return nil }
    return try zonotope.facets().reduce(Array(repeating: .zero, count: zonotope.dimension)) { halves, facet in
      zip(halves, facet.halfSpace.normal).map { max($0, ($1 / facet.halfSpace.offset).magnitude) }
    }
  }

  private static func lowerBounds(
    _ family: ZonotopeFamily, vertices: Rational?, sawtooth: Sawtooth?
  ) throws -> [ShallowBounds] {
    guard let vertices, family.inputs <= 256 else { return [] }
    guard let sawtooth else {
      return [ShallowBounds(layers: 1, bounds: try SizeBound.table(pieces: vertices, inputs: family.inputs, layers: 1))]
    }
    return ShallowBounds.all(upTo: sawtooth.layers) { try family.sizeBounds(layers: $0) }
  }
}
