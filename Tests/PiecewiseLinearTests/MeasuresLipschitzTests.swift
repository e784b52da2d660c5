import Exact
import Networks
import PiecewiseLinear
import Polyhedra
import Probability
import Testing

/// Lipschitz constants by enumeration, and Chebyshev balls.
@Suite struct MeasuresLipschitzTests {
  private static func constant(
    _ network: UnitNetwork, _ domain: RegionDomain, _ norm: NormExponent
  ) throws -> LipschitzConstant {
    try #require(try RegionEnumeration(network, in: domain).lipschitzConstant(norm))
  }

  @Test func knownConstants() throws {
    for norm in NormExponent.allCases {
      let tents = try Self.constant(Measured.tents(7), Measured.box(1, 0, 1), norm)
      #expect(tents.bounds.contains(128) && tents.bounds.width < 1e-12)
      #expect(tents.value == (norm == .two ? nil : 128))
    }
    // The dual norms of (±1, ±1, ±1).
    let taxicab = try Measured.taxicab(3)
    #expect(try Self.constant(taxicab, .space, .one).value == 1)
    #expect(try Self.constant(taxicab, .space, .infinity).value == 3)
    let two = try Self.constant(taxicab, .space, .two)
    #expect(two.bounds.contains(3.0.squareRoot()) && two.bounds.width < 1e-14)
    // (|x|, 2|x| + |y|): the matrix [[1, 0], [2, 1]] has the spectral norm 1 + √2.
    let pair = try Measured.network(
      2, [[Measured.absolute(AffineForm(value: 0)), Measured.absolute(AffineForm(value: 1))]],
      [AffineForm(value: 2), Measured.form(0, [2, 1], first: 2)])
    #expect(try Self.constant(pair, .space, .one).value == 3)
    #expect(try Self.constant(pair, .space, .infinity).value == 3)
    let spectral = try Self.constant(pair, .space, .two).bounds
    #expect(spectral.lower <= 1 + 2.0.squareRoot() && spectral.upper >= 1 + 2.0.squareRoot() && spectral.width < 1e-8)
  }

  @Test func constantsAgreeWithBruteForce() throws {
    let seed: UInt64 = 12
    for weights in OracleNetworks.Weights.allCases {
      for round in 0..<40 {
        var source = RandomSource(seed: seed, index: round)
        let network = OracleNetworks.random(weights, units: 6, using: &source)
        let n = network.inputCount
        let isBoxed = round % 2 == 0
        let cells = OracleRegions(network, domain: isBoxed ? OracleRegions.box(-1, 1, inputCount: n) : []).cells
        let domain = isBoxed ? Measured.box(n) : .space
        let rows = cells.map { $0.outputs.map { Array($0.dropFirst()) } }
        let context: Comment = "seed \(seed), round \(round), \(weights)"
        let sums = rows.map { $0.map { $0.reduce(Rational.zero) { $0 + $1.magnitude } }.max() ?? 0 }
        let columns = rows.map { matrix in
          (0..<n).map { column in matrix.reduce(Rational.zero) { $0 + $1[column].magnitude } }.max() ?? 0
        }
        let infinity = try Self.constant(network, domain, .infinity)
        #expect(infinity.value == sums.max(), context)
        #expect(try Self.constant(network, domain, .one).value == columns.max(), context)
        let two = try Self.constant(network, domain, .two).bounds
        #expect(two.width <= 1e-8 * (1 + two.upper), context)
        if network.outputs.count == 1 {
          let squares = rows.map { $0[0].reduce(Rational.zero) { $0 + $1 * $1 } }.max() ?? 0
          let (low, high) = (Rational(exactly: two.lower), Rational(exactly: two.upper))
          #expect(low * low <= squares && squares <= high * high, context)
        } else {
          // ‖A‖_F²/rank ≤ ‖A‖₂² ≤ ‖A‖_F².
          let squares = rows.map { $0.joined().reduce(Rational.zero) { $0 + $1 * $1 } }.max() ?? 0
          #expect(two.upper * two.upper * 2 * 1.000001 >= squares.roundedDown, context)
          #expect(two.lower * two.lower <= squares.roundedUp, context)
        }
      }
    }
  }

  @Test func cutShortTheBoundsHold() throws {
    var source = RandomSource(seed: 21)
    let network = OracleNetworks.random(.generic, inputs: 2, units: 30, using: &source)
    let square = [[1.0, 0], [-1, 0], [0, 1], [0, -1]].map { HalfSpace(normal: $0, offset: 1) }
    for domain in [Measured.box(2), .space, .polyhedron(square)] {
      for norm in NormExponent.allCases {
        var enumeration = try RegionEnumeration(network, in: domain)
        let whole = try #require(try enumeration.lipschitzConstant(norm))
        enumeration.limit = 2
        let part = try #require(try enumeration.lipschitzConstant(norm))
        #expect(part.value == nil && part.summary.activationRegions == 2)
        #expect(part.bounds.lower <= whole.bounds.upper && part.bounds.upper >= whole.bounds.lower)
        #expect(part.bounds.upper < .infinity)
      }
    }
    var none = try RegionEnumeration(network, in: .space)
    none.limit = 0
    #expect(try none.lipschitzConstant(.two) == nil)
  }

  @Test func chebyshevBalls() throws {
    let seed: UInt64 = 31
    var source = RandomSource(seed: seed)
    let network = OracleNetworks.random(.generic, inputs: 2, units: 10, onlyReLU: true, using: &source)
    let domain = Measured.box(2)
    _ = try RegionEnumeration(network, in: domain).forEach(detail: .facets) { region in
      let rows = region.facets.map { facet -> [Double] in
        let normal = facet.halfSpace.normal
        return normal + [normal.reduce(0) { $0 + $1 * $1 }.squareRoot(), facet.halfSpace.offset]
      }
      var best = 0.0
      for a in rows.indices {
        for b in 0..<a {
          for c in 0..<b {
            guard let ball = Self.solve([rows[a], rows[b], rows[c]]) else { continue }
            let isInside = rows.allSatisfy { row in
              row[0] * ball[0] + row[1] * ball[1] + row[2] * ball[2] <= row[3] + 1e-9
            }
            if isInside { best = max(best, ball[2]) }
          }
        }
      }
      let ball = try #require(region.chebyshev())
      #expect(abs(ball.radius - best) < 1e-7 * (1 + best), "seed \(seed)")
      #expect(
        region.facets.allSatisfy { facet in
          facet.halfSpace.slack(at: ball.centre)
            >= ball.radius * facet.halfSpace.normal.reduce(0) { $0 + $1 * $1 }.squareRoot() - 1e-8
        }, "seed \(seed)")
    }
    // A quarter plane holds balls of any size, a strip does not.
    _ = try RegionEnumeration(Measured.taxicab(2), in: .space).forEach(detail: .facets) { region in
      #expect(region.chebyshev()?.radius == .infinity)
    }
    let strip: RegionDomain = .polyhedron([.init(normal: [0, 1], offset: 1), .init(normal: [0, -2], offset: 2)])
    let half = try Measured.network(2, [[.relu(AffineForm(value: 0))]], [AffineForm(value: 2)])
    _ = try RegionEnumeration(half, in: strip).forEach(detail: .facets) { region in
      #expect(abs((region.chebyshev()?.radius ?? 0) - 1) < 1e-9)
    }
  }

  /// The solution of three equations a·x + b·y + c·r = d by Cramer's rule.
  private static func solve(_ rows: [[Double]]) -> [Double]? {
    func determinant(_ m: [[Double]]) -> Double {
      m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }
    let whole = determinant(rows)
    guard abs(whole) > 1e-12 else { return nil }
    return (0..<3).map { column in
      determinant(rows.map { row in (0..<3).map { $0 == column ? row[3] : row[$0] } }) / whole
    }
  }
}
