import Exact
import LinearAlgebra
import Networks
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct LipschitzTests {
  private static func exact(_ value: Double) -> Rational { Rational(exactly: value) }

  @Test func knownOperatorNorms() {
    let matrix = Matrix([[1, -2], [3, 4]])
    #expect(matrix.operatorNorm(.one).contains(6) && matrix.operatorNorm(.infinity).contains(7))
    // Singular values of [[1, −2], [3, 4]]: σ² = 15 ± √(15² − 10²).
    let spectral = (15 + 125.0.squareRoot()).squareRoot()
    let range = matrix.operatorNorm(.two)
    #expect(range.lower <= spectral.nextUp && spectral.nextDown <= range.upper && range.width < 1e-9)
    for norm in NormExponent.allCases {
      #expect(Matrix(rows: 3, columns: 2).operatorNorm(norm) == .zero)
      #expect(Matrix([[0x1p1000]]).operatorNorm(norm).contains(0x1p1000))
      #expect(Matrix([[0x1p-1060]]).operatorNorm(norm).contains(0x1p-1060))
    }
    #expect(Matrix(rows: 0, columns: 3).operatorNorm(.two) == .zero)
  }

  /// Products of reflections with known singular values, some of them equal; and the bounds of any vector.
  @Test func spectralNormsOfAllShapes() {
    let seed: UInt64 = 61
    for round in 0..<120 {
      var source = RandomSource(seed: seed, index: round)
      let rows = 1 + source.index(below: 12)
      let columns = 1 + source.index(below: 12)
      let rank = min(rows, columns)
      let largest = Double(sign: .plus, exponent: source.index(below: 41) - 20, significand: 1)
      var matrix = Matrix(rows: rows, columns: columns)
      for index in 0..<rank {
        matrix[index, index] = source.index(below: 3) == 0 || index == 0 ? largest : largest * source.uniform()
      }
      matrix = Self.reflection(rows, &source) * matrix * Self.reflection(columns, &source)
      let range = matrix.operatorNorm(.two)
      let context: Comment = "seed \(seed), round \(round): \(range), \(largest)"
      #expect(range.lower <= range.upper && range.width <= 1e-9 * largest, context)
      // The products of the reflections are rounded.
      #expect(abs(range.lower - largest) <= 1e-9 * largest, context)
      let vector = (0..<columns).map { _ in Rational(exactly: source.normal()) }
      let images = (0..<rows).map { row in
        zip(matrix.row(row), vector).reduce(Rational.zero) { $0 + Rational(exactly: $1.0) * $1.1 }
      }
      let squares = (images.reduce(Rational.zero) { $0 + $1 * $1 }, vector.reduce(Rational.zero) { $0 + $1 * $1 })
      #expect(squares.0 <= Self.exact(range.upper) * Self.exact(range.upper) * squares.1, context)
    }
  }

  private static func reflection(_ size: Int, _ source: inout RandomSource) -> Matrix {
    let normal = (0..<size).map { _ in source.normal() }
    let square = normal.reduce(0) { $0 + $1 * $1 }
    var result = Matrix(rows: size, columns: size)
    for i in 0..<size {
      for j in 0..<size { result[i, j] = (i == j ? 1 : 0) - 2 * normal[i] * normal[j] / square }
    }
    return result
  }

  /// The largest operator norm over the regions lies between the bounds, and each region's map in the ranges.
  @Test func boundsEncloseTheLargestNormOfAllRegions() throws {
    let seed: UInt64 = 62
    for round in 0..<200 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let n = network.inputCount
      let box = [Interval](repeating: Interval(lower: -1, upper: 1), count: n)
      let choices = try #require(BoundPropagation(network).bounds(over: box)).choices
      let cells = OracleRegions(network, domain: OracleRegions.box(-1, 1, inputCount: n)).cells
      let context: Comment = "seed \(seed), round \(round)"
      let ranges = network.jacobianRanges(choices: choices)
      let everywhere = network.jacobianRanges()
      for cell in cells {
        let local = network.jacobianRanges(choices: cell.pattern.map { [$0] })
        for (output, map) in cell.outputs.enumerated() {
          for input in 0..<n {
            for range in [ranges[output][input], everywhere[output][input], local[output][input]] {
              #expect(Self.exact(range.lower) <= map[input + 1] && map[input + 1] <= Self.exact(range.upper), context)
            }
          }
        }
      }
      let lower = try network.lipschitzLowerBounds(in: box, points: 200)
      let upper = network.lipschitzUpperBounds(choices: choices)
      let everywhereUpper = network.lipschitzUpperBounds()
      for norm in NormExponent.allCases {
        let (low, high, global) = (lower[norm], upper[norm], everywhereUpper[norm])
        #expect(high <= global * (1 + 1e-9) && low <= high, context)
        // Rows and columns of one or two entries: the largest eigenvalue of J Jᵀ solves a quadratic equation.
        let largest = cells.map { Self.power(norm, of: $0.outputs.map { Array($0.dropFirst()) }) }
        for bounds in largest { #expect(bounds.lower <= Self.power(norm, high), context) }
        #expect(largest.contains { Self.power(norm, low) <= $0.upper }, context)
      }
    }
  }

  /// ‖J‖ for p = 1, ∞; between two bounds ‖J‖² for p = 2, from the eigenvalues of J Jᵀ for one or two outputs.
  private static func power(_ norm: NormExponent, of map: [[Rational]]) -> (lower: Rational, upper: Rational) {
    switch norm {
    case .infinity:
      let value = map.map { $0.reduce(Rational.zero) { $0 + $1.magnitude } }.max() ?? 0
      return (value, value)
    case .one:
      let value = map[0].indices.map { column in map.reduce(Rational.zero) { $0 + $1[column].magnitude } }.max() ?? 0
      return (value, value)
    case .two:
      func product(_ i: Int, _ j: Int) -> Rational { zip(map[i], map[j]).reduce(.zero) { $0 + $1.0 * $1.1 } }
      if map.count == 1 { return (product(0, 0), product(0, 0)) }
      // (a + d)/2 + √((a − d)²/4 + b²), the root between its neighbours.
      let half = (product(0, 0) - product(1, 1)) / 2
      let discriminant = half * half + product(0, 1) * product(0, 1)
      let root = discriminant.doubleValue.squareRoot()
      let middle = (product(0, 0) + product(1, 1)) / 2
      return (
        middle + Rational(exactly: max(0, root * (1 - 1e-12))), middle + Rational(exactly: root * (1 + 1e-12))
      )
    }
  }

  private static func power(_ norm: NormExponent, _ value: Double) -> Rational {
    norm == .two ? exact(value) * exact(value) : exact(value)
  }

  /// |x| + |y| has the constants 1 (p = 1), √2 (p = 2) and 2 (p = ∞).
  @Test func absoluteValues() throws {
    let units = (0..<2).map { UnitNetwork.Unit(kind: .hinge(below: -1, above: 1), forms: [AffineForm(value: $0)]) }
    let network = try UnitNetwork(
      inputCount: 2, stages: [.init(name: "a", units: units)],
      outputs: [AffineForm(constant: 0, weights: [1, 1], first: 2)])
    let box = [Interval](repeating: Interval(lower: -1, upper: 1), count: 2)
    for (norm, value) in [(NormExponent.one, 1), (.two, 2.0.squareRoot()), (.infinity, 2)] {
      #expect(abs(network.lipschitzUpperBounds()[norm] - value) < 1e-9)
      #expect(abs(try network.lipschitzLowerBounds(in: box)[norm] - value) < 1e-9)
    }
  }

  /// On a small box nearly all units of a deep network are stable: then the bounds are close, where products of norms are
  /// off by orders of magnitude.
  @Test func deepNetworksOnSmallBoxes() throws {
    var source = RandomSource(seed: 63)
    var before = 3
    let layers = (0..<5).map { _ in
      let rows = (0..<20).map { _ in [0.1 * source.normal()] + (0..<before).map { _ in 0.3 * source.normal() } }
      before = 20
      return rows
    }
    let network = OracleNetworks.layers(inputs: 3, layers)
    let box = [Interval](repeating: Interval(lower: 0.49, upper: 0.51), count: 3)
    let choices = try #require(BoundPropagation(network).bounds(over: box)).choices
    #expect(choices.count { $0.count == 1 } > 90)
    let low = try network.lipschitzLowerBounds(in: box, points: 100)
    let high = network.lipschitzUpperBounds(choices: choices)
    let anywhere = network.lipschitzUpperBounds()
    for norm in NormExponent.allCases {
      #expect(low[norm] <= high[norm] && high[norm] < 2 * low[norm], "\(norm): \(low[norm]), \(high[norm])")
      #expect(high[norm] < anywhere[norm] / 10, "\(norm): \(high[norm]), \(anywhere[norm])")
    }
  }

  @Test func hugeSlopesAreInfinite() throws {
    let stages = (0..<3).map { index in
      UnitNetwork.Stage(
        name: "\(index)", units: [.relu(AffineForm(constant: 0, terms: [.init(value: index, weight: 0x1p1000)]))])
    }
    let network = try UnitNetwork(inputCount: 1, stages: stages, outputs: [AffineForm(value: 3)])
    #expect(network.lipschitzUpperBounds() == NormValues { _ in .infinity })
  }
}
