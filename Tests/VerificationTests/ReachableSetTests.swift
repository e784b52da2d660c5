import Exact
import LinearAlgebra
import Networks
import PiecewiseLinear
import Probability
import Testing

@testable import Verification

@Suite struct ReachableSetTests {
  /// The pieces with their phases in order.
  private func pieces(_ set: ReachableSet) throws -> [[Int]: ReachPiece] {
    var pieces: [[Int]: ReachPiece] = [:]
    try set.forEachPiece { piece in
      pieces[set.layout.entries.indices.map { set.layout.phase($0, of: piece.pattern) }] = piece
    }
    return pieces
  }

  @Test(arguments: [[2, 6, 5, 2], [3, 7, 2], [3, 5, 4, 3, 2], [1, 8, 6, 1]])
  func arePropagatedStars(sizes: [Int]) throws {
    for seed in 0..<6 {
      var random = RandomSource(seed: UInt64(seed), index: sizes.count)
      let network = try ReachCases.network(sizes, &random)
      let (lower, upper) = (Array(repeating: -1.0, count: sizes[0]), Array(repeating: 1.5, count: sizes[0]))
      let set = try ReachableSet(of: network, in: .box(lower: lower, upper: upper))
      let stars = try ReachStarSets(network, lower: lower, upper: upper)
      let pieces = try pieces(set)
      #expect(Set(pieces.keys) == Set(stars.stars.map(\.phases)), "seed \(seed)")
      #expect(pieces.count == stars.stars.count, "seed \(seed)")
      for star in stars.stars {
        let piece = try #require(pieces[star.phases])
        for output in network.outputs.indices {
          let expected = try stars.extent(of: output, star)
          let found = try #require(piece.extent(of: [(output, 1)]))
          #expect(abs(found.lowerBound - expected.lowerBound) < 1e-8, "seed \(seed)")
          #expect(abs(found.upperBound - expected.upperBound) < 1e-8, "seed \(seed)")
        }
      }
    }
  }

  @Test func everyInputLiesInAPieceWithItsOutputs() throws {
    for seed in 0..<8 {
      var random = RandomSource(seed: UInt64(seed))
      let network = try ReachCases.mixedNetwork(inputs: 2, stages: 2, &random)
      let set = try ReachableSet(of: network, in: .box(lower: [-1, -2], upper: [1, 2]))
      let pieces = try pieces(set)
      let box = [Interval(lower: -1, upper: 1), Interval(lower: -2, upper: 2)]
      for _ in 0..<50 {
        let point = ReachCases.point(in: box, &random)
        let pattern = set.layout.pattern(of: network, at: point)
        let phases = set.layout.entries.indices.map { set.layout.phase($0, of: pattern) }
        let piece = try #require(pieces[phases], "seed \(seed)")
        for halfSpace in piece.halfSpaces {
          let value = zip(halfSpace.normal, point).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(value <= halfSpace.offset + 1e-9, "seed \(seed)")
        }
        for (a, b) in zip(piece.map(point), network(point)) { #expect(abs(a - b) < 1e-9, "seed \(seed)") }
      }
    }
  }

  /// A box that holds an input gives the pieces of the network with that input put in.
  @Test func heldInputs() throws {
    var random = RandomSource(seed: 5)
    let network = try ReachCases.network([3, 8, 6, 2], &random)
    let set = try ReachableSet(of: network, in: .box(lower: [-1, 0.25, -1], upper: [1, 0.25, 2]))
    #expect(set.varyingInputs == [0, 2])
    let reduced = try network.restricted(toOrigin: [0, 0.25, 0], directions: [[1, 0, 0], [0, 0, 1]])
    let other = try ReachableSet(of: reduced, in: .box(lower: [-1, -1], upper: [1, 2]))
    let (pieces, expected) = (try pieces(set), try pieces(other))
    #expect(Set(pieces.keys) == Set(expected.keys))
    for (phases, piece) in pieces {
      let twin = try #require(expected[phases])
      #expect(piece.images == twin.images)
      #expect(piece.vertices.rows == twin.vertices.rows)
      #expect((0..<piece.vertices.rows).allSatisfy { piece.vertices[$0, 1] == 0.25 })
      #expect(piece.halfSpaces.count == twin.halfSpaces.count + 2)
      #expect((0..<2).allSatisfy { piece.map.weights[$0, 1] == 0 })
    }
    let ranges = try set.outputRanges().ranges
    #expect(try ranges.map(\.maximum.value) == other.outputRanges().ranges.map(\.maximum.value))
  }

  @Test func aPoint() throws {
    var random = RandomSource(seed: 6)
    let network = try ReachCases.network([2, 5, 2], &random)
    let set = try ReachableSet(of: network, in: .box(lower: [0.5, -0.25], upper: [0.5, -0.25]))
    let pieces = try pieces(set)
    #expect(pieces.count == 1)
    let piece = try #require(pieces.values.first)
    #expect(piece.vertices == Matrix(rows: 1, columns: 2, elements: [0.5, -0.25]))
    #expect(piece.halfSpaces.count == 4)
    for (a, b) in zip(piece.images.elements, network([0.5, -0.25])) { #expect(abs(a - b) < 1e-12) }
  }

  /// The corners' hull, and what linear programs find without corners, are one polygon.
  @Test func projectionsWithAndWithoutCorners() throws {
    for seed in 0..<4 {
      var random = RandomSource(seed: UInt64(seed), index: 9)
      let network = try ReachCases.network([4, 6, 3], &random)
      let domain = RegionDomain.box(lower: Array(repeating: -1, count: 4), upper: [1, 2, 1, 0.5])
      let set = try ReachableSet(of: network, in: domain)
      try set.forEachPiece { piece in
        var bare = piece
        bare.vertices = Matrix(rows: 0, columns: 4)
        let (one, two) = (piece.projection(0, 2), bare.projection(0, 2))
        for angle in 0..<12 {
          let (a, b) = (Double(angle - 6), Double((angle * 5) % 7) - 3)
          func support(_ corners: [(x: Double, y: Double)]) -> Double {
            corners.map { a * $0.x + b * $0.y }.max() ?? -.infinity
          }
          #expect(abs(support(one) - support(two)) < 1e-6, "seed \(seed)")
        }
      }
    }
  }

  @Test func domainsWithoutAnEnd() throws {
    var random = RandomSource(seed: 1)
    let network = try ReachCases.network([2, 3, 1], &random)
    #expect(throws: ReachError.self) { try ReachableSet(of: network, in: .space) }
    #expect(throws: ReachError.self) {
      try ReachableSet(
        of: network, in: .polyhedron([.init(normal: [1, 0], offset: 1), .init(normal: [0, 1], offset: 1)]))
    }
    #expect(throws: ReachError.self) { try ReachableSet(of: network, in: .box(lower: [0], upper: [1])) }
    let triangle = RegionDomain.polyhedron([
      .init(normal: [-1, 0], offset: 1), .init(normal: [0, -1], offset: 1), .init(normal: [1, 1], offset: 1),
    ])
    #expect(try !pieces(ReachableSet(of: network, in: triangle)).isEmpty)
  }
}
