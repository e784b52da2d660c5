import Exact
import Polyhedra
import Probability
import Testing

@testable import Representation

@Suite struct SizeBoundsTests {
  /// Every list of natural numbers from 1 with at most `parts` entries and this sum.
  private static func compositions(of sum: Int, parts: Int) -> [[Int]] {
    if sum == 0 { return [[]] }
    if parts == 0 { return [] }
    return (1...sum).flatMap { first in compositions(of: sum - first, parts: parts - 1).map { [first] + $0 } }
  }

  /// The least sum of widths of at most `layers` layers whose value reaches `pieces`, by trying all.
  private static func least(_ pieces: Int, layers: Int, _ value: ([Int]) -> Rational) -> Rational {
    var units = 0
    while !compositions(of: units, parts: layers).contains(where: { value($0) >= Rational(pieces) }) { units += 1 }
    return Rational(units)
  }

  /// w, k, k′, pieces, value of Theorem 3.1, least integers by Lemma D.5 and by the product bound.
  @Test(arguments: [
    (2, 4, 1, 18, 7.0, 17, 17), (2, 4, 2, 18, 3.0, 5, 7), (3, 4, 2, 82, 8.0, 12, 17),
    (3, 4, 3, 82, 5.4901230664, 8, 11), (3, 4, 4, 82, 5.0, 7, 9), (5, 4, 2, 626, 24.0, 35, 49),
    (5, 4, 3, 626, 11.8248196001, 16, 23), (2, 2, 2, 6, 1.0, 3, 3),
  ])
  func sawtoothTable(
    w: Int, k: Int, layers: Int, pieces: Int, theorem: Double, layerMinimum: Int, product: Int
  ) throws {
    let sawtooth = try Sawtooth(width: w, layers: k)
    let bounds = try sawtooth.sizeBounds(layers: layers)
    #expect(sawtooth.pieces == Rational(pieces))
    #expect(abs(bounds[0].value - theorem) < 1e-8)
    #expect(bounds[0].units == Rational(Int(theorem.rounded(.up))))
    #expect(bounds[3].units == Rational(layerMinimum))
    #expect(bounds[4].units == Rational(product))
    #expect(bounds.map(\.standing).allSatisfy { $0 == .proved })
    let best = try #require(SizeBound.best(bounds))
    #expect(best.units >= Rational(product))
    #expect(layers < k || best.units <= Rational(sawtooth.size))
  }

  @Test func integerBoundsAgreeWithBruteForce() throws {
    for layers in 1...4 {
      for pieces in 1...40 {
        let p = Rational(pieces)
        let context: Comment = "p \(pieces), k′ \(layers)"
        let byProduct = Self.least(pieces, layers: layers) { $0.reduce(1) { $0 * Rational($1 + 1) } }
        #expect(try SizeBound.product(pieces: p, layers: layers).units == byProduct, context)
        let byLayers = Self.least(pieces, layers: layers) { widths in
          guard let first = widths.first else { return 1 }
          return widths.dropFirst().reduce(Rational(first + 1)) { 2 * $0 * Rational($1) }
        }
        #expect(try SizeBound.layerProduct(pieces: p, layers: layers).units == byLayers, context)
      }
    }
  }

  @Test func serraMinimumAgreesWithBruteForce() throws {
    for inputs in 1...4 {
      for layers in 1...4 {
        for pieces in [1, 2, 3, 5, 6, 9, 14, 23, 37, 49, 72, 150, 200] where layers < 4 || pieces < 100 {
          guard layers > 1 || inputs > 1 || pieces < 20 else { continue }
          let expected = Self.least(pieces, layers: layers) { PieceBound.serra(inputs: inputs, widths: $0) }
          let bound = try SizeBound.serra(pieces: Rational(pieces), inputs: inputs, layers: layers)
          #expect(bound.units == expected, "p \(pieces), n \(inputs), k′ \(layers)")
          #expect(bound.remark == nil)
        }
      }
    }
  }

  @Test func realBoundsAreRoundedExactly() throws {
    // ½ k′ p^(1/k′) − 1 at a perfect power and beside it, where doubles cannot tell the difference.
    let base: Rational = 1_000_000_000_000
    let power = base * base
    #expect(try SizeBound.pieceRoot(pieces: power, layers: 2).units == base - 1)
    #expect(try SizeBound.pieceRoot(pieces: power, layers: 2).value == 999_999_999_999)
    #expect(try SizeBound.pieceRoot(pieces: power + 1, layers: 2).units == base)
    #expect(try SizeBound.improvedPieceRoot(pieces: 2 * power, layers: 2).units == 2 * base - 1)
    // For every p the rounded bounds are ordered like what they come from.
    for pieces in 1...300 {
      for layers in 1...5 where pieces >= 1 << layers {
        let table = try SizeBound.table(pieces: Rational(pieces), inputs: 1, layers: layers)
        let units = table.map(\.units)
        #expect(units[0] <= units[1] && units[1] <= units[2] && units[2] <= units[3], "p \(pieces), k′ \(layers)")
        #expect(units[3] <= units[4], "p \(pieces), k′ \(layers)")
        for bound in table {
          #expect(bound.units.doubleValue >= bound.value - 1e-9, "\(bound)")
          #expect(bound.units.doubleValue < max(bound.value, 0) + 1 + 1e-9, "\(bound)")
        }
      }
    }
  }

  @Test func hugeNumbersOfPieces() throws {
    let pieces = try #require(Rational("1e30"))
    #expect(try SizeBound.product(pieces: pieces, layers: 1).units == pieces - 1)
    let root: Rational = 1_000_000_000_000_000
    #expect(try SizeBound.product(pieces: pieces, layers: 2).units == 2 * (root - 1))
    #expect(try SizeBound.product(pieces: pieces + 1, layers: 2).units == 2 * root - 1)
    #expect(try SizeBound.product(pieces: pieces, layers: 100).units == 100)
    // One hidden layer of w units on the plane: 1 + w + w (w − 1)/2 pieces.
    let plane = try SizeBound.serra(pieces: pieces, inputs: 2, layers: 1)
    let w = plane.units
    #expect(1 + w * (w + 1) / 2 >= pieces && 1 + (w - 1) * w / 2 < pieces)
    #expect(plane.remark == nil)
    let deep = try SizeBound.serra(pieces: pieces, inputs: 3, layers: 10)
    #expect(deep.remark == nil)
    let beyond = try SizeBound.serra(pieces: pieces, inputs: 2, layers: 2)
    #expect(beyond.remark != nil)
    let half = beyond.units / 2
    let cells = 1 + half * (half + 1) / 2
    #expect(cells * cells >= pieces)
  }

  /// n, m, w, k, k′: line restriction, Serra, first and second term of Theorem 3.9.
  @Test(arguments: [
    (2, 2, 2, 1, 1, 3, 4, -0.292893218813, 1.0), (2, 3, 3, 2, 2, 7, 7, 1.05976714391, 4.24264068712),
    (2, 4, 3, 2, 1, 17, 12, 1.59807621135, 4.5), (2, 4, 3, 2, 2, 7, 7, 1.27950705695, 4.24264068712),
    (2, 3, 2, 3, 1, 17, 10, 1.0, 4.0), (2, 3, 2, 3, 3, 5, 7, 1.38110157795, 4.7622031559),
    (2, 3, 3, 2, 1, 17, 10, 1.12132034356, 4.5),
  ])
  func zonotopeTable(
    n: Int, m: Int, w: Int, k: Int, layers: Int, line: Int, serra: Int, first: Double, second: Double
  ) throws {
    let family = try ZonotopeFamily(
      generators: Zonotope.momentCurve(dimension: n, count: m).generators, sawtooth: Sawtooth(width: w, layers: k))
    let bounds = try family.sizeBounds(layers: layers)
    #expect(bounds[0].units == Rational(line))
    #expect(bounds[1].units == Rational(serra))
    #expect(abs(bounds[2].value - first) < 1e-9)
    #expect(abs(bounds[3].value - second) < 1e-9)
    #expect(bounds[3].standing == .printed)
    #expect(SizeBound.best(bounds)?.units == Rational(max(line, serra)))
  }

  @Test func firstTermIsProvedOnlyWhereThePiecesAllowIt() throws {
    // (m − 1)^(n − 1) = 19³ against 2 Σ C(19, i), i < 4, vertices.
    let family = try ZonotopeFamily(
      generators: Zonotope.momentCurve(dimension: 4, count: 20).generators, sawtooth: Sawtooth(width: 2, layers: 1))
    #expect(try family.vertexCount == 2320)
    #expect(try family.sizeBounds(layers: 1)[2].standing == .printed)
    let plane = try ZonotopeFamily(
      generators: Zonotope.momentCurve(dimension: 2, count: 20).generators, sawtooth: Sawtooth(width: 2, layers: 1))
    #expect(try plane.sizeBounds(layers: 1)[2].standing == .proved)
  }

  @Test func refusesBadQuestions() throws {
    for pieces: Rational in [0, -3, Rational(5, 2)] {
      #expect(throws: RepresentationError.self) { try SizeBound.table(pieces: pieces, inputs: 1, layers: 1) }
    }
    for (inputs, layers) in [(0, 1), (1, 0), (257, 1), (1, 4097), (-1, -1), (Int.max, Int.max)] {
      #expect(throws: RepresentationError.self) { try SizeBound.table(pieces: 9, inputs: inputs, layers: layers) }
    }
  }
}
