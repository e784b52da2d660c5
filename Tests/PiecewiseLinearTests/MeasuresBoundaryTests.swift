import Exact
import Networks
import PiecewiseLinear
import Probability
import Testing

/// Decision boundaries as complexes.
@Suite struct MeasuresBoundaryTests {
  private static func level(_ network: UnitNetwork, _ value: Double, _ domain: RegionDomain) throws -> DecisionBoundary
  {
    try DecisionBoundary(of: network, .level(output: 0, value: value), in: domain)
  }

  @Test func theDiamond() throws {
    for domain in [Measured.box(2), .space] {
      let boundary = try Self.level(Measured.taxicab(2), 0.5, domain)
      #expect(abs(boundary.measure - 2 * 2.0.squareRoot()) < 1e-14)
      #expect(boundary.pieces.map(\.dimension) == [1, 1, 1, 1] && boundary.componentCount == 1)
      #expect(boundary.vertices.rows == 4 && boundary.fullMeasure == 0)
      let lines = boundary.polylines()
      #expect(lines.count == 1 && lines[0].isClosed && lines[0].vertices.count == 4)
    }
  }

  @Test func theOctahedron() throws {
    let boundary = try Self.level(Measured.taxicab(3), 0.5, Measured.box(3))
    #expect(abs(boundary.measure - 3.0.squareRoot()) < 1e-14)
    #expect(boundary.pieces.count == 8 && boundary.vertices.rows == 6 && boundary.componentCount == 1)
    // Cut off at the faces of the cube, a hexagon is left in each octant.
    let larger = try Self.level(Measured.taxicab(3), 1.5, Measured.box(3))
    #expect(larger.pieces.allSatisfy { $0.vertices.count == 6 && $0.dimension == 2 })
    // A regular hexagon with the side √½ has the area 3√3/4.
    #expect(abs(larger.measure - 8 * 3 * 3.0.squareRoot() / 4) < 1e-13)
    for piece in larger.pieces {
      for (position, vertex) in piece.vertices.enumerated() {
        let next = piece.vertices[(position + 1) % piece.vertices.count]
        let side = zip(larger.vertices.row(vertex), larger.vertices.row(next)).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        #expect(abs(side - 0.5) < 1e-14)
      }
    }
  }

  /// Where the boundary does not cross a region but runs along a breakline or touches.
  @Test func touchingBoundaries() throws {
    let fold = try Measured.network(2, [[Measured.absolute(AffineForm(value: 0))]], [AffineForm(value: 2)])
    let line = try Self.level(fold, 0, Measured.box(2))
    #expect(line.pieces.count == 1 && line.pieces[0].dimension == 1 && line.measure == 2)
    // relu(x) − relu(−x) = x changes its sign just where the units do.
    let identity = try Measured.network(
      2, [[.relu(AffineForm(value: 0)), .relu(AffineForm(constant: 0, terms: [.init(value: 0, weight: -1)]))]],
      [Measured.form(0, [1, -1], first: 2)])
    let breakline = try Self.level(identity, 0, Measured.box(2))
    #expect(breakline.pieces.count == 1 && breakline.measure == 2)

    let point = try Self.level(Measured.taxicab(3), 0, Measured.box(3))
    #expect(point.pieces.map(\.dimension) == [0] && point.measure == 0 && point.componentCount == 1)
    #expect(point.vertices.elements == [0, 0, 0])
    // |x| + |y| in space vanishes on an axis: below the facets.
    let axis = try Measured.network(
      3, [[Measured.absolute(AffineForm(value: 0)), Measured.absolute(AffineForm(value: 1))]],
      [Measured.form(0, [1, 1], first: 3)])
    let edge = try Self.level(axis, 0, Measured.box(3))
    #expect(edge.pieces.map(\.dimension) == [1] && edge.pieces[0].measure == 2)
    #expect(try Self.level(axis, -1, Measured.box(3)).pieces.isEmpty)
  }

  @Test func plateaus() throws {
    // relu(|x| + |y| − ½) is 0 on the diamond, and nowhere else; its rim belongs to it.
    let boundary = try Self.level(OracleNetworks.diamond, 0, Measured.box(2))
    #expect(boundary.pieces.map(\.dimension) == [2, 2, 2, 2] && boundary.componentCount == 1)
    #expect(abs(boundary.fullMeasure - 0.5) < 1e-15 && boundary.measure == 0)
    // relu(y) = relu(x) where both are 0, and on the diagonal.
    let corner = try Measured.network(
      2, [[.relu(AffineForm(value: 0)), .relu(AffineForm(value: 1))]], [AffineForm(value: 2), AffineForm(value: 3)])
    for question in [DecisionBoundary.Question.classes, .equality(first: 0, second: 1)] {
      let tie = try DecisionBoundary(of: corner, question, in: Measured.box(2))
      #expect(tie.pieces.map(\.dimension).sorted() == [1, 2] && tie.componentCount == 1)
      #expect(abs(tie.measure - 2.0.squareRoot()) < 1e-15 && tie.fullMeasure == 1)
      #expect(tie.pieces.allSatisfy { $0.outputs == .init(first: 0, second: 1) })
    }
  }

  @Test func severalComponents() throws {
    // ||x| − ½| = ¼ on four lines.
    let folds = try Measured.network(
      2,
      [
        [Measured.absolute(AffineForm(value: 0))],
        [Measured.absolute(AffineForm(constant: -0.5, terms: [.init(value: 2, weight: 1)]))],
      ], [AffineForm(value: 3)])
    let boundary = try Self.level(folds, 0.25, Measured.box(2))
    #expect(boundary.componentCount == 4 && boundary.measure == 8 && boundary.polylines().count == 4)
    #expect(Set(boundary.components) == [0, 1, 2, 3])
  }

  /// The classes 0, x, y meet in one point.
  @Test func threeClasses() throws {
    let network = try Measured.network(2, [], [AffineForm(constant: 0), AffineForm(value: 0), AffineForm(value: 1)])
    let boundary = try DecisionBoundary(of: network, .classes, in: Measured.box(2))
    #expect(boundary.pieces.count == 3 && boundary.componentCount == 1 && boundary.vertices.rows == 4)
    #expect(abs(boundary.measure - 2 - 2.0.squareRoot()) < 1e-15)
    #expect(Set(boundary.pieces.compactMap(\.outputs)).count == 3)
    let lines = boundary.polylines()
    #expect(lines.count == 3 && lines.allSatisfy { !$0.isClosed && $0.vertices.count == 2 })
    let space = try DecisionBoundary(of: network, .classes, in: .space)
    #expect(space.measure == .infinity && space.vertices.elements == [0, 0] && space.rays.rows == 3)
    #expect(space.componentCount == 1)
  }

  @Test func linesInAllOfSpace() throws {
    let plane = try Measured.network(3, [], [Measured.form(-1, [0, 2, 0])])
    let boundary = try Self.level(plane, 0, .space)
    #expect(boundary.pieces.map(\.dimension) == [2] && boundary.lines.rows == 2)
    #expect(boundary.vertices.elements == [0, 0.5, 0])
    // Two parallel planes, and one across them.
    let fold = try Measured.network(
      3, [[Measured.absolute(Measured.form(0, [1, 1, 0]))]],
      [AffineForm(value: 3), Measured.form(0, [0, 0, 1])])
    let parallel = try Self.level(fold, 1, .space)
    #expect(parallel.pieces.count == 2 && parallel.componentCount == 2)
    let equality = try DecisionBoundary(of: fold, .equality(first: 0, second: 1), in: .space)
    #expect(equality.pieces.map(\.dimension) == [2, 2] && equality.componentCount == 1)
    #expect(equality.measure == .infinity)
  }

  @Test func badQuestions() throws {
    let network = try Measured.taxicab(2)
    #expect(throws: RegionError.self) { try DecisionBoundary(of: network, .classes, in: .space) }
    #expect(throws: RegionError.self) { try DecisionBoundary(of: network, .level(output: 1, value: 0), in: .space) }
    #expect(throws: RegionError.self) { try DecisionBoundary(of: network, .level(output: 0, value: .nan), in: .space) }
    #expect(throws: RegionError.self) { try DecisionBoundary(of: network, .equality(first: 0, second: 0), in: .space) }
    #expect(throws: RegionError.self) { try DecisionBoundary(of: network, .equality(first: -1, second: 0), in: .space) }
  }

  /// In general position the curve goes on through every vertex inside the box, and between points of different signs
  /// it is crossed.
  @Test func genericCurves() throws {
    let seed: UInt64 = 41
    for round in 0..<20 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(.generic, inputs: 2, units: 14, using: &source)
      let context: Comment = "seed \(seed), round \(round)"
      let boundary = try Self.level(network, 0.25, Measured.box(2))
      var degrees = Array(repeating: 0, count: boundary.vertices.rows)
      for piece in boundary.pieces where piece.dimension == 1 { for vertex in piece.vertices { degrees[vertex] += 1 } }
      for vertex in degrees.indices {
        let point = Array(boundary.vertices.row(vertex))
        #expect(abs(network(point)[0] - 0.25) < 1e-9, context)
        let isInside = point.allSatisfy { abs($0) < 1 }
        #expect(degrees[vertex] == (isInside ? 2 : 1), context)
      }
      let segments = boundary.pieces.map { $0.vertices.map { Array(boundary.vertices.row($0)) } }
      for _ in 0..<50 {
        let ends = (0..<2).map { _ in (0..<2).map { _ in 2 * source.uniform() - 1 } }
        let differ = (network(ends[0])[0] > 0.25) != (network(ends[1])[0] > 0.25)
        let crossings = segments.count { Self.cross(ends, $0) }
        #expect(differ == (crossings % 2 == 1), context)
      }
      let lengths = boundary.polylines().reduce(0.0) { sum, line in
        let loop = line.isClosed ? line.vertices + [line.vertices[0]] : line.vertices
        return zip(loop, loop.dropFirst()).reduce(sum) { sum, edge in
          let (a, b) = (boundary.vertices.row(edge.0), boundary.vertices.row(edge.1))
          return sum + zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
      }
      #expect(abs(lengths - boundary.measure) < 1e-10 * (1 + lengths), context)
    }
  }

  private static func cross(_ a: [[Double]], _ b: [[Double]]) -> Bool {
    func side(_ line: [[Double]], _ point: [Double]) -> Bool {
      (line[1][0] - line[0][0]) * (point[1] - line[0][1]) > (line[1][1] - line[0][1]) * (point[0] - line[0][0])
    }
    return side(a, b[0]) != side(a, b[1]) && side(b, a[0]) != side(b, a[1])
  }

  /// On degenerate networks: the zero set is where brute force finds zeros.
  @Test func zerosAgreeWithBruteForce() throws {
    let seed: UInt64 = 43
    for round in 0..<60 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(.degenerate, units: 6, using: &source)
      let n = network.inputCount
      let context: Comment = "seed \(seed), round \(round)"
      let cells = OracleRegions(network, domain: OracleRegions.box(-1, 1, inputCount: n)).cells
      let boundary = try Self.level(network, 0, Measured.box(n))
      var zeros: Set<[Double]> = []
      var plateaus = 0
      for cell in cells {
        let form = cell.outputs[0]
        plateaus += form.allSatisfy { $0.signum == 0 } ? 1 : 0
        for corner in cell.corners where form.value(at: corner).signum == 0 { zeros.insert(corner.map(\.doubleValue)) }
      }
      let found = Set((0..<boundary.vertices.rows).map { Array(boundary.vertices.row($0)) })
      #expect(zeros.isSubset(of: found), context)
      #expect(boundary.pieces.count { $0.dimension == n } == plateaus, context)
      for piece in boundary.pieces {
        let middle = (0..<n).map { j in
          piece.vertices.reduce(0) { $0 + boundary.vertices[$1, j] } / Double(piece.vertices.count)
        }
        #expect(abs(network(middle)[0]) < 1e-12, context)
      }
      // Each corner of a cell at which the output is zero belongs to some piece.
      let used = Set(boundary.pieces.flatMap(\.vertices))
      #expect(used.count == boundary.vertices.rows, context)
    }
  }

  /// Along a line, the winner changes between two samples only where a piece with these outputs lies between them.
  @Test func classesOfRandomNetworks() throws {
    let seed: UInt64 = 45
    for round in 0..<12 {
      var source = RandomSource(seed: seed, index: round)
      let hidden = (0..<8).map { _ in
        UnitNetwork.Unit.relu(Measured.form(source.normal(), [source.normal(), source.normal()]))
      }
      let outputs = (0..<3).map { _ in Measured.form(source.normal(), (0..<8).map { _ in source.normal() }, first: 2) }
      let network = try Measured.network(2, [hidden], outputs)
      let context: Comment = "seed \(seed), round \(round)"
      let boundary = try DecisionBoundary(of: network, .classes, in: Measured.box(2))
      for piece in boundary.pieces {
        let ends = piece.vertices.map { boundary.vertices.row($0) }
        let values = network(zip(ends[0], ends[1]).map { ($0 + $1) / 2 })
        let outputs = try #require(piece.outputs)
        #expect(abs(values[outputs.first] - values[outputs.second]) < 1e-9, context)
        #expect(abs(values[outputs.first] - (values.max() ?? 0)) < 1e-9, context)
      }
      let segments = boundary.pieces.map { $0.vertices.map { Array(boundary.vertices.row($0)) } }
      func winner(_ point: [Double]) -> Int {
        let values = network(point)
        return values.indices.max { values[$0] < values[$1] } ?? 0
      }
      for _ in 0..<100 {
        let start = (0..<2).map { _ in 2 * source.uniform() - 1 }
        let end = start.map { max(-1, min(1, $0 + 0.02 * source.normal())) }
        guard winner(start) != winner(end) else { continue }
        #expect(segments.contains { Self.cross([start, end], $0) }, context)
      }
      // Three classes meet in the inner ends of lines, at which there are three pieces.
      var degrees = Array(repeating: 0, count: boundary.vertices.rows)
      for piece in boundary.pieces { for vertex in piece.vertices { degrees[vertex] += 1 } }
      for vertex in degrees.indices {
        let isInside = boundary.vertices.row(vertex).allSatisfy { abs($0) < 1 }
        #expect(isInside ? [2, 3].contains(degrees[vertex]) : degrees[vertex] == 1, context)
      }
    }
  }

  @Test func threadsDoNotMatter() throws {
    var source = RandomSource(seed: 47)
    let network = OracleNetworks.random(.generic, inputs: 3, units: 24, using: &source)
    let question = DecisionBoundary.Question.level(output: 0, value: 0)
    let one = try DecisionBoundary(of: network, question, in: Measured.box(3), threads: 1)
    let four = try DecisionBoundary(of: network, question, in: Measured.box(3), threads: 4)
    #expect(one.measure == four.measure && one.vertices == four.vertices && one.components == four.components)
    #expect(one.pieces.map(\.vertices) == four.pieces.map(\.vertices))
    let cut = try DecisionBoundary(of: network, question, in: Measured.box(3), limit: 5)
    #expect(!cut.summary.isComplete && cut.pieces.count <= 5)
  }
}
