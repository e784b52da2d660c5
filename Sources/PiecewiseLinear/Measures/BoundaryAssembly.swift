import LinearAlgebra

/// Puts the faces of regions together to a boundary: identifies vertices, drops what is contained in other faces, and
/// finds what is connected.
struct BoundaryAssembly {
  private let inputs: Int
  private var numbers: [[UInt8]: Int] = [:]
  private var rayNumbers: [[UInt8]: Int] = [:]
  private var coordinates: [Double] = []
  private var rayCoordinates: [Double] = []
  private var pieces: [DecisionBoundary.Piece] = []
  private var isCrossing: [Bool] = []
  /// Faces that do not cross, by their generators: several regions may have the same.
  private var known: Set<[Int]> = []

  init(inputs: Int) { self.inputs = inputs }

  mutating func add(_ face: BoundaryFace) {
    let vertices = face.vertexKeys.indices.map {
      Self.number(of: face.vertexKeys[$0], face.vertices[$0], in: &numbers, &coordinates)
    }
    let rays = face.rayKeys.indices.map {
      Self.number(of: face.rayKeys[$0], face.rays[$0], in: &rayNumbers, &rayCoordinates)
    }
    let piece = DecisionBoundary.Piece(
      dimension: face.dimension, vertices: vertices, rays: rays, measure: face.measure, pattern: face.pattern,
      outputs: face.outputs)
    guard face.isCrossing || known.insert(piece.generators.sorted()).inserted else { return }
    pieces.append(piece)
    isCrossing.append(face.isCrossing)
  }

  private static func number(
    of key: [UInt8], _ point: [Double], in numbers: inout [[UInt8]: Int], _ coordinates: inout [Double]
  ) -> Int {
    if let number = numbers[key] { return number }
    let number = numbers.count
    numbers[key] = number
    coordinates += point
    return number
  }

  /// Writes what was gathered to a boundary.
  consuming func finish(into boundary: inout DecisionBoundary) {
    dropContained()
    boundary.vertices = Matrix(rows: numbers.count, columns: inputs, elements: coordinates)
    boundary.rays = Matrix(rows: rayNumbers.count, columns: inputs, elements: rayCoordinates)
    boundary.pieces = pieces
    var sum = CompensatedSum()
    var fullSum = CompensatedSum()
    for piece in pieces {
      guard let measure = piece.measure else { continue }
      if piece.dimension == inputs - 1 { sum.add(measure) }
      if piece.dimension == inputs { fullSum.add(measure) }
    }
    boundary.measure = sum.value
    boundary.fullMeasure = fullSum.value
    (boundary.components, boundary.componentCount) = components()
  }

  /// Drops faces that lie in one of higher dimension. All faces belong to one complex, so that a face lies in another
  /// when its generators do.
  private mutating func dropContained() {
    let top = pieces.reduce(0) { max($0, $1.dimension) }
    guard zip(pieces, isCrossing).contains(where: { !$1 && $0.dimension < top }) else { return }
    var users: [Int: [Int]] = [:]
    for (index, piece) in pieces.enumerated() {
      for generator in piece.generators { users[generator, default: []].append(index) }
    }
    let sets = pieces.map { Set($0.generators) }
    let kept = pieces.indices.filter { index in
      let piece = pieces[index]
      if isCrossing[index] || piece.dimension == top { return true }
      let fewest = piece.generators.min { users[$0, default: []].count < users[$1, default: []].count }
      let others = fewest.flatMap { users[$0] } ?? []
      return !others.contains { pieces[$0].dimension > piece.dimension && sets[index].isSubset(of: sets[$0]) }
    }
    pieces = kept.map { pieces[$0] }
  }

  /// Pieces are connected when they share a vertex.
  private func components() -> ([Int], count: Int) {
    var parents = Array(0..<numbers.count)
    func root(_ vertex: Int) -> Int {
      var vertex = vertex
      while parents[vertex] != vertex {
        parents[vertex] = parents[parents[vertex]]
        vertex = parents[vertex]
      }
      return vertex
    }
    for piece in pieces {
      for vertex in piece.vertices.dropFirst() { parents[root(vertex)] = root(piece.vertices[0]) }
    }
    var names: [Int: Int] = [:]
    let components = pieces.map { piece -> Int in
      let root = root(piece.vertices[0])
      if let name = names[root] { return name }
      names[root] = names.count
      return names.count - 1
    }
    return (components, names.count)
  }
}

extension DecisionBoundary.Piece {
  /// Vertices as they are numbered, rays as −1 − number.
  fileprivate var generators: [Int] { vertices + rays.map { -1 - $0 } }
}
