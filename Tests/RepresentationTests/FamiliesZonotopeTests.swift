import Exact
import Networks
import PiecewiseLinear
import Polyhedra
import Probability
import Representation
import Testing

@Suite struct FamiliesZonotopeTests {
  /// The network as units; its weights must be dyadic.
  private static func units(_ network: RationalNetwork) throws -> UnitNetwork {
    var first = 0
    var next = network.inputs
    func form(_ row: RationalNetwork.Row) throws -> AffineForm {
      try #require(Rational(exactly: row.constant.doubleValue) == row.constant)
      return AffineForm(
        constant: row.constant.doubleValue,
        terms: try row.terms.map { term in
          try #require(Rational(exactly: term.weight.doubleValue) == term.weight)
          return AffineForm.Term(value: first + term.column, weight: term.weight.doubleValue)
        })
    }
    let stages = try network.hidden.enumerated().map { index, rows in
      let units = try rows.map { UnitNetwork.Unit.relu(try form($0)) }
      first = next
      next += rows.count
      return UnitNetwork.Stage(name: "layer \(index + 1)", units: units)
    }
    return try UnitNetwork(inputCount: network.inputs, stages: stages, outputs: try network.outputs.map(form))
  }

  private static func enumerated(_ network: RationalNetwork) throws -> Int? {
    try RegionCensus(RegionEnumeration(units(network), in: .space)).pieces
  }

  /// n, m, w, k, pieces, units with a paired first layer, units with the smaller one.
  @Test(arguments: [
    (2, 2, 2, 1, 8, 6, 6), (2, 3, 2, 2, 25, 10, 9), (2, 3, 3, 1, 18, 9, 8), (2, 4, 3, 2, 72, 14, 12),
    (2, 5, 2, 3, 81, 16, 13), (3, 3, 2, 2, 33, 10, 9), (3, 4, 2, 2, 57, 12, 10), (3, 4, 3, 1, 42, 11, 9),
    (3, 5, 3, 2, 198, 16, 13), (4, 5, 2, 2, 121, 14, 11), (1, 1, 3, 2, 18, 8, 8), (1, 2, 2, 2, 10, 8, 8),
    (2, 1, 2, 2, 10, 6, 6),
  ])
  func composedFamilies(n: Int, m: Int, w: Int, k: Int, pieces: Int, paired: Int, shared: Int) throws {
    let generators = try Zonotope.momentCurve(dimension: n, count: m).generators
    // M = w makes knots and slopes integers; the number of pieces does not depend on M.
    let family = try ZonotopeFamily(
      generators: generators, sawtooth: Sawtooth(width: w, layers: k, extent: Rational(w)))
    #expect(try family.pieces == Rational(pieces))
    #expect(family.size(.paired) == paired)
    #expect(family.size(.shared) == shared)
    #expect(family.depth == k + 2)
    for first in ZonotopeFamily.FirstLayer.allCases {
      let network = try family.network(first)
      #expect(network.size == family.size(first))
      #expect(network.depth == family.depth)
      if pieces <= 81 || first == .shared {
        let enumerated = try Self.enumerated(network)
        #expect(enumerated == pieces, "\(first)")
      }
    }
  }

  @Test func bothNetworksComputeTheFunction() throws {
    for round in 0..<30 {
      var source = RandomSource(seed: 61, index: round)
      let n = 1 + source.index(below: 3)
      let m = 1 + source.index(below: 5)
      let generators = (0..<m).map { _ in (0..<n).map { _ in Rational(source.index(below: 7) - 3, 2) } }
      guard generators.contains(where: { $0.contains { $0.signum != 0 } }) else { continue }
      let sawtooth = try Sawtooth.random(width: 2 + round % 3, layers: 1 + round % 2, extent: 4, using: &source)
      let family = try ZonotopeFamily(generators: generators, sawtooth: sawtooth)
      for first in ZonotopeFamily.FirstLayer.allCases {
        let network = try family.network(first)
        #expect(network.hiddenWidths[0] == family.firstWidth(first), "seed 61, round \(round)")
        for _ in 0..<10 {
          let point = (0..<n).map { _ in Rational(source.index(below: 41) - 20, 9) }
          let gamma = generators.reduce(Rational.zero) { sum, generator in
            sum + zip(generator, point).reduce(Rational.zero) { $0 + $1.0 * $1.1 }.magnitude
          }
          #expect(family(point) == sawtooth(gamma), "seed 61, round \(round), \(point)")
          #expect(network(point) == [sawtooth(gamma)], "seed 61, round \(round), \(point)")
        }
      }
    }
  }

  @Test func degenerateGenerators() throws {
    let sawtooth = try Sawtooth(width: 2, layers: 2, extent: 2)
    let cases: [([[Rational]], Int, Int)] = [
      // Parallel and zero generators: four cones; the sum is not zero.
      ([[1, 0], [2, 0], [0, 1], [0, 0], [-3, 0]], 4, 17),
      ([[1, 0], [0, 1], [1, 1], [1, -1]], 8, 33),
      // The braid arrangement of three coordinates has rank 2; with these signs the sum is zero.
      ([[1, -1, 0], [0, 1, -1], [-1, 0, 1]], 6, 25),
      ([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], 12, 49),
      ([[0, 2], [0, -1]], 2, 10),
    ]
    for (generators, vertices, pieces) in cases {
      let family = try ZonotopeFamily(generators: generators, sawtooth: sawtooth)
      #expect(try family.vertexCount == Rational(vertices), "\(generators)")
      #expect(try family.pieces == Rational(pieces), "\(generators)")
      let enumerated = try Self.enumerated(family.network(.shared))
      #expect(enumerated == pieces, "\(generators)")
    }
    let braid = try ZonotopeFamily(generators: [[1, -1, 0], [0, 1, -1], [-1, 0, 1]], sawtooth: sawtooth)
    #expect(braid.firstWidth(.shared) == 3)
    #expect(braid.firstWidth(.paired) == 6)
  }

  @Test func piecesOnALine() throws {
    for (w, k) in [(2, 1), (2, 2), (3, 2), (4, 2)] {
      let sawtooth = try Sawtooth(width: w, layers: k, extent: Rational(w))
      let family = try ZonotopeFamily(generators: [[1, 1], [1, 2]], sawtooth: sawtooth)
      // γ(t, 0) = 2|t|
      let line = try ZonotopeFamily(generators: [[2]], sawtooth: sawtooth)
      let pieces = try Self.enumerated(line.network())
      #expect(pieces.map { Rational($0) } == family.piecesOnLine, "w \(w), k \(k)")
    }
  }

  @Test func refusesBadGenerators() throws {
    let sawtooth = try Sawtooth(width: 2, layers: 1)
    for generators: [[Rational]] in [[], [[]], [[1, 2], [1]], [[0, 0], [0, 0]]] {
      #expect(throws: RepresentationError.self) { try ZonotopeFamily(generators: generators, sawtooth: sawtooth) }
    }
    let large = try Zonotope.momentCurve(dimension: 6, count: 60).generators
    let family = try ZonotopeFamily(generators: large, sawtooth: sawtooth)
    #expect(throws: RepresentationError.self) { try family.pieces }
    #expect(try family.network().size == 64)
    let cube = (0..<40).map { row in (0..<40).map { Rational($0 == row ? 1 : 0) } }
    #expect(try ZonotopeFamily(generators: cube, sawtooth: sawtooth).pieces == Rational(powerOfTwo: 41))
  }
}
