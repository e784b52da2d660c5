import Exact
import LinearAlgebra
import Networks

/// The part of the boundary on one region.
struct BoundaryFace: Sendable {
  var dimension: Int
  /// The exact coordinates of the vertices, then of the rays, as canonical text.
  var vertexKeys: [[UInt8]]
  var rayKeys: [[UInt8]]
  /// The same as doubles.
  var vertices: [[Double]]
  var rays: [[Double]]
  var measure: Double?
  var pattern: ActivationPattern
  var outputs: DecisionBoundary.Pair?
  /// Whether the face separates two signs, so that it is a piece, and comes from no other region.
  var isCrossing: Bool
}

/// Finds the faces of regions on which a boundary lies.
///
/// On each region of the network with the question as its last unit, some affine forms keep their sign: the form asked
/// about, or the winning output minus each other one. Where such a form is zero is a face of the region. When the last
/// unit split the region, that is the facet which it made; else doubles tell which vertices may have a zero, and
/// integers decide.
struct BoundaryReader: Sendable {
  private let question: DecisionBoundary.Question
  private let stage: Int
  private let layout: PatternLayout
  private let ownLayout: PatternLayout
  private let outputCount: Int
  private let estimate: OutputEstimate
  private let pool: ExactCornersPool

  init(_ enumeration: RegionEnumeration, _ question: DecisionBoundary.Question, _ ownLayout: PatternLayout) {
    self.question = question
    self.ownLayout = ownLayout
    layout = enumeration.layout
    stage = enumeration.network.stages.count - 1
    outputCount = enumeration.network.outputs.count
    estimate = OutputEstimate(enumeration)
    pool = ExactCornersPool(enumeration)
  }

  /// What a region adds.
  struct Found: Sendable {
    var faces: [BoundaryFace]
    var lines: Matrix?
  }

  func faces(on region: LinearRegion) -> Found {
    let phase = layout.phase(layout.entries.count - 1, of: region.pattern)
    var faces: [BoundaryFace] = []
    switch question {
    case .level, .equality:
      if let facet = region.facets.firstIndex(where: { $0.source == .unit(stage: stage, unit: 0) }) {
        // The region on the other side has the same facet.
        if phase == 1 {
          faces = pool.with(region) { [face(on: facet, of: region, $0, outputs: pair, isCrossing: true)] }
        }
      } else if let face = touchingFace(of: region, 0, minus: nil) {
        faces = [face]
      }
    case .classes:
      for rival in 0..<outputCount where rival != phase {
        let source = LinearRegion.Facet.Source.comparison(stage: stage, unit: 0, rival: rival)
        if let facet = region.facets.firstIndex(where: { $0.source == source }) {
          let outputs = DecisionBoundary.Pair(first: min(phase, rival), second: max(phase, rival))
          faces.append(pool.with(region) { face(on: facet, of: region, $0, outputs: outputs, isCrossing: false) })
        } else if let face = touchingFace(of: region, phase, minus: rival) {
          faces.append(face)
        }
      }
    }
    return Found(faces: faces, lines: faces.isEmpty ? nil : region.lines)
  }

  private var pair: DecisionBoundary.Pair? {
    if case .equality(let first, let second) = question { return DecisionBoundary.Pair(first: first, second: second) }
    return nil
  }

  /// The face on which an output, or a difference of outputs, is zero without having split the region.
  private func touchingFace(of region: LinearRegion, _ output: Int, minus rival: Int?) -> BoundaryFace? {
    var error = estimate.error(ofOutput: output, on: region)
    if let rival { error += estimate.error(ofOutput: rival, on: region) }
    let vertices = (0..<region.vertices.rows).filter { vertex in
      var value = estimate.value(ofOutput: output, atVertex: vertex, of: region)
      if let rival { value -= estimate.value(ofOutput: rival, atVertex: vertex, of: region) }
      return abs(value) <= error * estimate.errorFactor(atVertex: vertex, of: region)
    }
    guard !vertices.isEmpty else { return nil }
    return pool.with(region) { corners in
      let form = rival.map { corners.difference(output, $0) } ?? corners.output(output)
      // Along a line that a form does not vanish on, it changes its sign; then it would have split the region.
      let zeros = vertices.filter { corners.sign(of: form, at: corners.generator($0)) == 0 }
      guard !zeros.isEmpty else { return nil }
      let rays = (region.vertices.rows..<region.vertices.rows + region.rays.rows).filter {
        corners.sign(of: form, at: corners.generator($0)) == 0
      }
      let outputs = rival.map { DecisionBoundary.Pair(first: min(output, $0), second: max(output, $0)) }
      return face(zeros, rays, of: region, corners, outputs: outputs ?? pair)
    }
  }

  private func face(
    on facet: Int, of region: LinearRegion, _ corners: ExactCorners, outputs: DecisionBoundary.Pair?, isCrossing: Bool
  ) -> BoundaryFace {
    let inputs = region.vertices.columns
    let generators = (0..<region.vertices.rows + region.rays.rows).filter { region.lies($0, on: facet) }
    let vertices = generators.filter { $0 < region.vertices.rows }
    return makeFace(
      dimension: inputs - 1, inputs == 3 ? region.around(facet, vertices) : vertices,
      generators.filter { $0 >= region.vertices.rows }, measure: region.facetArea(facet), of: region, corners,
      outputs: outputs, isCrossing: isCrossing)
  }

  /// The face with given vertices and rays.
  private func face(
    _ vertices: [Int], _ rays: [Int], of region: LinearRegion, _ corners: ExactCorners,
    outputs: DecisionBoundary.Pair?
  ) -> BoundaryFace {
    let inputs = region.vertices.columns
    let generators = vertices + rays
    if generators.count == region.vertices.rows + region.rays.rows {
      return makeFace(
        dimension: inputs, inputs == 2 ? region.around(vertices) : vertices, rays, measure: region.volume, of: region,
        corners, outputs: outputs, isCrossing: false)
    }
    let facet = region.facets.indices.first { facet in
      generators.allSatisfy { region.lies($0, on: facet) }
        && (0..<region.vertices.rows + region.rays.rows).count { region.lies($0, on: facet) } == generators.count
    }
    if let facet { return face(on: facet, of: region, corners, outputs: outputs, isCrossing: false) }
    let dimension = corners.dimension(of: generators) + region.lines.rows
    return makeFace(
      dimension: dimension, vertices, rays, measure: measure(dimension, vertices, rays, of: region), of: region,
      corners,
      outputs: outputs, isCrossing: false)
  }

  /// The measure of a face below the facets: of a point, an edge, an unbounded face; of others it is not computed.
  private func measure(_ dimension: Int, _ vertices: [Int], _ rays: [Int], of region: LinearRegion) -> Double? {
    if dimension == 0 { return 1 }
    guard rays.isEmpty, region.lines.rows == 0 else { return .infinity }
    guard dimension == 1, vertices.count == 2 else { return nil }
    return zip(region.vertices.row(vertices[0]), region.vertices.row(vertices[1])).reduce(0) { sum, pair in
      sum + (pair.0 - pair.1) * (pair.0 - pair.1)
    }.squareRoot()
  }

  private func makeFace(
    dimension: Int, _ vertices: [Int], _ rays: [Int], measure: Double?, of region: LinearRegion,
    _ corners: ExactCorners,
    outputs: DecisionBoundary.Pair?, isCrossing: Bool
  ) -> BoundaryFace {
    var face = BoundaryFace(
      dimension: dimension, vertexKeys: [], rayKeys: [], vertices: [], rays: [], measure: measure,
      pattern: ownPattern(region.pattern), outputs: outputs, isCrossing: isCrossing)
    for vertex in vertices {
      let corner = corners.generator(vertex)
      face.vertexKeys.append(corner.text)
      face.vertices.append(corners.rounded(corner))
    }
    for ray in rays {
      let direction = corners.generator(ray)
      face.rayKeys.append(direction.text)
      face.rays.append(corners.rounded(direction))
    }
    return face
  }

  /// The pattern without the last unit.
  private func ownPattern(_ pattern: ActivationPattern) -> ActivationPattern {
    var own = ActivationPattern(bits: ownLayout.bits)
    for entry in ownLayout.entries.indices { ownLayout.set(entry, to: layout.phase(entry, of: pattern), in: &own) }
    return own
  }
}

extension LinearRegion {
  /// The vertices of a three-dimensional region's facet in the order around it; in the given order when it is
  /// unbounded.
  fileprivate func around(_ facet: Int, _ vertices: [Int]) -> [Int] {
    let others = facets.indices.filter { $0 != facet }
    return ordered(vertices, edges: others.map { other in vertices.filter { lies($0, on: other) } })
  }

  /// The vertices of a two-dimensional region in the order around it; in the given order when it is unbounded.
  fileprivate func around(_ vertices: [Int]) -> [Int] {
    ordered(vertices, edges: facets.indices.map { self.vertices(on: $0) })
  }

  private func ordered(_ vertices: [Int], edges: [[Int]]) -> [Int] {
    var neighbours: [Int: [Int]] = [:]
    for edge in edges where edge.count == 2 {
      neighbours[edge[0], default: []].append(edge[1])
      neighbours[edge[1], default: []].append(edge[0])
    }
    guard vertices.count > 2, vertices.allSatisfy({ neighbours[$0]?.count == 2 }) else { return vertices }
    var order = [vertices[0]]
    var previous = -1
    while order.count < vertices.count, let last = order.last,
      let next = neighbours[last]?.first(where: { $0 != previous })
    {
      previous = last
      order.append(next)
    }
    return order
  }
}

extension ExactCorners {
  /// The dimension of the convex hull of vertices and rays.
  fileprivate func dimension(of generators: [Int]) -> Int {
    let elimination = IntegerKernel(dimension: dimension)
    for index in generators { elimination.insert(generator(index)) }
    return elimination.rank - 1
  }

  /// A vertex, or a direction of max-norm about 1, as doubles in the network's coordinates.
  func rounded(_ vector: IntegerVector) -> [Double] {
    coordinates(vector, scaledBy: vector.signum(0) == 0 ? vector.largest : 0)
  }
}

extension IntegerVector {
  /// All elements in hexadecimal digits.
  fileprivate var text: [UInt8] {
    var text: [UInt8] = []
    for index in 0..<count {
      appendHexadecimal(index, to: &text)
      text.append(UInt8(ascii: " "))
    }
    return text
  }

  /// The index of an element of about the largest magnitude.
  fileprivate var largest: Int {
    var largest = (0..<count).first { signum($0) != 0 } ?? 0
    for index in 0..<count where signum(index) != 0 && abs(quotient(index, self, largest)) > 1 { largest = index }
    return largest
  }
}
