import Exact
import Networks
import Probability
import Representation
import Testing

@Suite struct FamiliesSawtoothTests {
  /// ∫₀ᴹ |H − c| from the exact breakpoints.
  private static func distance(_ sawtooth: Sawtooth, to level: Rational) throws -> Rational {
    let inner = try sawtooth.breakpoints().filter { $0.signum > 0 && $0 < sawtooth.extent }
    let ends = [Rational.zero] + inner + [sawtooth.extent]
    var sum = Rational.zero
    for (left, right) in zip(ends, ends.dropFirst()) {
      let low = sawtooth(left) - level
      let high = sawtooth(right) - level
      let half = (right - left) / 2
      if (low * high).signum >= 0 {
        sum += half * (low + high).magnitude
      } else {
        sum += half * (low * low + high * high) / (high - low).magnitude
      }
    }
    return sum
  }

  @Test(arguments: [
    (2, [3, 6, 10, 18, 34]), (3, [4, 10, 28, 82, 244]), (4, [5, 18, 66, 258, 1026]), (5, [6, 26, 126, 626]),
  ])
  func piecesPredictedAndEnumerated(width: Int, expected: [Int]) throws {
    let seed = UInt64(width)
    var source = RandomSource(seed: seed)
    for (index, pieces) in expected.enumerated() {
      let uniform = try Sawtooth(width: width, layers: index + 1)
      let random = try Sawtooth.random(width: width, layers: index + 1, extent: Rational(7, 3), using: &source)
      for sawtooth in [uniform, random] {
        let counted = try sawtooth.enumeratedPieces()
        let context: Comment = "seed \(seed), \(sawtooth)"
        #expect(sawtooth.pieces == Rational(pieces), context)
        #expect(sawtooth.piecesInside == Rational(counted.inside), context)
        #expect(counted.total == pieces, context)
      }
    }
  }

  @Test func knownValues() throws {
    let sawtooth = try Sawtooth(
      extent: 3, knots: [[Rational(78, 49), Rational(135, 49)], [Rational(3, 4), Rational(15, 16)]])
    let samples: [(String, String)] = [
      ("3/7", "27/13"), ("6/7", "141/143"), ("12/7", "531/209"), ("15/7", "195/209"), ("18/7", "36/19"), ("3", "3"),
      ("24/7", "117/11"), ("0", "0"), ("-1", "0"),
    ]
    let network = try sawtooth.network
    #expect(network.hiddenWidths == [3, 3])
    #expect(sawtooth.pieces == 10)
    for (x, y) in samples {
      let point = try #require(Rational(x))
      #expect(sawtooth(point) == Rational(y), "x = \(x)")
      #expect(network([point]).first == Rational(y), "x = \(x)")
    }
    let two = try Sawtooth(knots: [[Rational(1, 5), Rational(1, 2)], [Rational(2, 7), Rational(3, 5)]])
    #expect(two(Rational(1, 3)) == Rational(14, 99))
  }

  @Test func knownBreakpoints() throws {
    let four = try Sawtooth(extent: Rational(4, 5), knots: [[Rational(6, 25)], [Rational(8, 15)]])
    #expect(try four.breakpoints().map(\.description) == ["0", "4/25", "6/25", "32/75", "4/5"])
    let one = try Sawtooth(knots: [[Rational(2, 31)]])
    #expect(try one.breakpoints() == [0, Rational(2, 31)])
  }

  @Test func networkAndFunctionAgreeEverywhere() throws {
    for round in 0..<40 {
      var source = RandomSource(seed: 51, index: round)
      let width = 2 + source.index(below: 4)
      let layers = 1 + source.index(below: 3)
      let extent = Rational(1 + source.index(below: 9), 4)
      let sawtooth = try Sawtooth.random(width: width, layers: layers, extent: extent, using: &source)
      let network = try sawtooth.network
      let context: Comment = "seed 51, round \(round), \(sawtooth)"
      #expect(network.hiddenWidths == Array(repeating: width, count: layers), context)
      #expect(network.outputs[0].constant == 0, context)
      // Both are linear between breakpoints, so that breakpoints, midpoints and one point beyond each end suffice.
      let breakpoints = try sawtooth.breakpoints()
      let ends = [-1] + breakpoints + [extent + 1, extent + 2]
      for x in ends + zip(ends, ends.dropFirst()).map({ ($0 + $1) / 2 }) {
        #expect(network([x]) == [sawtooth(x)], context)
      }
      #expect(breakpoints.count + 1 == sawtooth.predictedPieces, context)
    }
  }

  @Test func everyPieceMapsOntoTheWholeRange() throws {
    for round in 0..<20 {
      var source = RandomSource(seed: 52, index: round)
      let sawtooth = try Sawtooth.random(width: 2 + round % 3, layers: 1 + round % 4, extent: 5, using: &source)
      let inner = try sawtooth.breakpoints().filter { $0.signum > 0 && $0 < 5 }
      let values = ([.zero] + inner + [5]).map { sawtooth($0) }
      #expect(values.enumerated().allSatisfy { $1 == ($0.isMultiple(of: 2) ? 0 : 5) }, "seed 52, round \(round)")
      #expect(try Self.distance(sawtooth, to: 0) == sawtooth.integral, "seed 52, round \(round)")
      #expect(sawtooth.integral == Rational(25, 2))
      let mean = Rational(5, 2)
      #expect(try Self.distance(sawtooth, to: mean) == sawtooth.distanceToMean, "seed 52, round \(round)")
      #expect(sawtooth.distanceToMean == Rational(25, 4))
    }
  }

  @Test func behaviourBeyondTheEnds() throws {
    let odd = try Sawtooth(width: 3, layers: 2)
    #expect(odd(2) == 10)
    let one = try Sawtooth(width: 4, layers: 1)
    #expect(one(2) == -4)
    let even = try Sawtooth(width: 4, layers: 3)
    #expect(even(2) == 0)
    #expect(even(-3) == 0)
  }

  @Test func scalingTheDomain() throws {
    var source = RandomSource(seed: 53)
    let sawtooth = try Sawtooth.random(width: 4, layers: 2, extent: 2, using: &source)
    let factor = Rational(3, 7)
    let scaled = try Sawtooth(extent: factor * 2, knots: sawtooth.knots.map { $0.map { factor * $0 } })
    for index in -5..<30 {
      let x = Rational(index, 11)
      #expect(scaled(factor * x) == factor * sawtooth(x), "seed 53, x = \(x)")
    }
  }

  @Test func randomSawtoothsAreReproducible() throws {
    var first = RandomSource(seed: 54)
    var second = RandomSource(seed: 54)
    let one = try Sawtooth.random(width: 5, layers: 3, using: &first)
    #expect(one == (try Sawtooth.random(width: 5, layers: 3, using: &second)))
    #expect(one != (try Sawtooth.random(width: 5, layers: 3, using: &first)))
  }

  @Test(arguments: [
    ([["1/2", "1/2"]], "knot 2 of layer 1 is 1/2, not above the knot before it, 1/2"),
    ([["1/3"], ["0"]], "knot 1 of layer 2 is 0, not above 0"),
    ([["1/3"], ["1"]], "knot 1 of layer 2 is 1, not below M"),
    ([["1/3"], ["1/3", "1/2"]], "layer 2 has 2 knots and layer 1 has 1"),
    ([[]], "layer 1 has no knot"),
    ([], "at least one layer"),
  ])
  func refusesBadKnots(knots: [[String]], message: String) throws {
    let lists = try knots.map { try $0.map { try #require(Rational($0)) } }
    let error = #expect(throws: RepresentationError.self) { try Sawtooth(knots: lists) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  @Test func refusesBadSizes() throws {
    #expect(throws: RepresentationError.self) { try Sawtooth(extent: 0, knots: [[1]]) }
    for (width, layers) in [(1, 3), (2, 0), (Int.max, 2), (1 << 16, 2), (0, 1), (-4, -4)] {
      #expect(throws: RepresentationError.self) { try Sawtooth(width: width, layers: layers) }
    }
    let deep = try Sawtooth(width: 2, layers: 200)
    #expect(deep.pieces == Rational(powerOfTwo: 200) + 2)
    #expect(throws: RepresentationError.self) { try deep.breakpoints() }
    let wide = try Sawtooth(width: 1 << 13, layers: 2)
    #expect(throws: RepresentationError.self) { try wide.network }
  }
}

extension Sawtooth {
  /// The predicted number on ℝ as a machine integer.
  fileprivate var predictedPieces: Int { Int(pieces.doubleValue) }
}
