import Exact
import Probability
import Testing

@testable import Representation

@Suite struct SizeBoundsPieceTests {
  private static func pieces(_ name: String, _ table: [PieceBound]) -> Rational? {
    table.first { $0.name.hasPrefix(name) }?.pieces
  }

  /// n, w, hidden layers: Montúfar, wᵏ, zonotope with ⌊w/2⌋ and with w − 2 generators, Serra.
  @Test(arguments: [
    (2, 4, 3, 176, 64, 64, 64, 1331), (2, 3, 4, 7, 81, 54, 54, 1024), (3, 4, 4, 15, 256, 256, 256, 16641),
    (4, 6, 6, 57, 46656, 62208, 124416, 5_952_858_624), (2, 8, 3, 9472, 512, 512, 768, 50653),
  ])
  func equalWidths(
    n: Int, w: Int, layers: Int, montufar: Int, power: Int, half: Int, shared: Int, serra: Int
  ) throws {
    let table = try PieceBound.table(inputs: n, widths: Array(repeating: w, count: layers))
    #expect(Self.pieces("Montúfar", table) == Rational(montufar))
    #expect(Self.pieces("sawtooth", table) == Rational(power))
    #expect(Self.pieces("zonotope, m = ⌊", table) == Rational(half))
    #expect(Self.pieces("zonotope, m = w", table) == Rational(shared))
    #expect(Self.pieces("Serra", table) == Rational(serra))
  }

  @Test func boundsThatDoNotApplyAreLeftOut() throws {
    let narrow = try PieceBound.table(inputs: 3, widths: [2, 2])
    #expect(Self.pieces("Montúfar", narrow) == nil)
    #expect(Self.pieces("product", narrow) == nil)
    #expect(Self.pieces("zonotope, m = ⌊", narrow) == 4)
    #expect(Self.pieces("zonotope, m = w", narrow) == nil)
    #expect(Self.pieces("Serra", narrow) == 11)
    #expect(Self.pieces("product", try PieceBound.table(inputs: 1, widths: [2, 2])) == 9)
  }

  @Test func lowerBoundsStayBelowUpperBounds() throws {
    for round in 0..<200 {
      var source = RandomSource(seed: 71, index: round)
      let inputs = 1 + source.index(below: 4)
      let widths = (0..<1 + source.index(below: 4)).map { _ in 1 + source.index(below: 8) }
      let table = try PieceBound.table(inputs: inputs, widths: widths)
      let upper = try #require(table.filter { $0.side == .upper }.map(\.pieces).min())
      for bound in table where bound.side == .lower {
        #expect(bound.pieces <= upper, "seed 71, round \(round), n \(inputs), widths \(widths), \(bound)")
      }
    }
  }

  @Test func refusesBadWidths() throws {
    for widths in [[], [0], [3, -1], [Int.max]] {
      #expect(throws: RepresentationError.self) { try PieceBound.table(inputs: 2, widths: widths) }
    }
  }

  @Test func integerRoots() {
    for degree in 1...7 {
      for base in 1...40 {
        let power = NaturalArithmetic.power(Rational(base), degree)
        #expect(NaturalArithmetic.floorRoot(power, degree: degree) == Rational(base))
        #expect(NaturalArithmetic.floorRoot(power - 1, degree: degree) < Rational(base))
        #expect(NaturalArithmetic.ceilingRoot(power, degree: degree) == Rational(base))
        #expect(NaturalArithmetic.ceilingRoot(power + 1, degree: degree) == Rational(base + 1))
      }
    }
    let large = Rational(powerOfTwo: 900) + 7
    let power = NaturalArithmetic.power(large, 11)
    #expect(NaturalArithmetic.floorRoot(power, degree: 11) == large)
    #expect(NaturalArithmetic.floorRoot(power - 1, degree: 11) == large - 1)
    #expect(NaturalArithmetic.floorRoot(Rational(powerOfTwo: 900), degree: 4000) == 1)
    #expect(NaturalArithmetic.root(2, degree: 2) == 2.0.squareRoot())
    #expect(NaturalArithmetic.root(Rational(9, 2), degree: 1) == 4.5)
  }

  /// w, k, k′, δ, threshold.
  @Test(arguments: [
    (2, 2, 1, "0.2", 0.2), (2, 2, 2, "0.05", 1.2649110640673515), (2, 4, 1, "0.05", 3.2), (2, 4, 2, "0.125", 2.0),
    (2, 4, 4, "0.125", 2.82842712474619), (2, 6, 3, "0.05", 4.420837798368464), (2, 6, 4, "0.125", 4.0),
    (2, 6, 5, "0.125", 4.352752816480621),
  ])
  func thresholds(w: Int, k: Int, layers: Int, delta: String, expected: Double) throws {
    let gap = try ApproximationGap(width: w, layers: k, shallowLayers: layers)
    let share = try #require(Rational(delta))
    let threshold = try #require(try gap.threshold(delta: share))
    #expect(abs(threshold.value - expected) < 1e-12)
    #expect(threshold.units == Rational(Int(expected)))
  }

  @Test func sharperGapContainsThePapers() throws {
    for w in 2...4 {
      for k in 1...6 {
        for layers in 1...k {
          let gap = try ApproximationGap(width: w, layers: k, shallowLayers: layers)
          for delta in [Rational(1, 100), Rational(1, 20), Rational(1, 8), Rational(1, 5), Rational(6, 25)] {
            let context: Comment = "w \(w), k \(k), k′ \(layers), δ \(delta)"
            let threshold = try #require(try gap.threshold(delta: delta))
            // From one unit in each layer on, the product bound is the sharper one.
            if threshold.units >= Rational(layers) { #expect(threshold.standing == .proved, context) }
            guard let largest = try gap.largestSize(delta: delta) else { continue }
            let units = Int(largest.doubleValue)
            #expect(try gap.distance(units: units) > delta, context)
            #expect(try gap.distance(units: units + 1) <= delta, context)
          }
        }
      }
    }
  }

  @Test func gapOfASmallSawtooth() throws {
    let gap = try ApproximationGap(width: 2, layers: 6, shallowLayers: 2)
    // (8/2 + 1)² = 25 pieces spoil 24 of 32 teeth.
    #expect(try gap.distance(units: 8) == Rational(1, 16))
    #expect(try gap.distance(pieces: 25) == Rational(1, 16))
    #expect(try gap.distance(units: 1000) == 0)
    #expect(try gap.distance(pieces: 1) == Rational(1, 4))
    #expect(try gap.threshold(delta: Rational(1, 4)) == nil)
    #expect(throws: RepresentationError.self) { try gap.threshold(delta: 0) }
    #expect(throws: RepresentationError.self) { try gap.distance(units: -1) }
    #expect(throws: RepresentationError.self) { try gap.distance(pieces: Rational(1, 2)) }
    #expect(throws: RepresentationError.self) { try ApproximationGap(width: 2, layers: 3, shallowLayers: 4) }
  }

  @Test func corollaryTable() throws {
    let table = try DepthSeparation.table(largest: 7)
    #expect(table.map(\.bound).map(\.description) == ["3", "79/2", "511", "15623/2", "139967", "5764799/2"])
    #expect(table.map(\.deepLayers) == [4, 9, 16, 25, 36, 49])
    #expect(table.map(\.deepSize) == [8, 27, 64, 125, 216, 343])
    // 18 pieces in two layers: 7 units.
    #expect(table[0].productBound == 7)
    #expect(table.allSatisfy { $0.productBound > $0.bound })
    let cubed = try DepthSeparation(k: 2, exponent: 2)
    #expect(cubed.deepLayers == 8)
    #expect(cubed.deepSize == 16)
    #expect(cubed.bound == 15)
    for (k, exponent) in [(1, 1), (0, 1), (3, 0), (1000, 5), (Int.max, 2), (300, 1)] {
      #expect(throws: RepresentationError.self) { try DepthSeparation(k: k, exponent: exponent) }
    }
  }

  @Test func factsSayHowSureTheyAre() {
    #expect(DepthFact.all.contains { $0.standing == .proved && $0.source.contains("Theorem 2.1") })
    #expect(DepthFact.all.allSatisfy { $0.standing != .printed && !$0.source.isEmpty && !$0.statement.isEmpty })
    let later = DepthFact.all.filter { $0.source.contains("Bakaev") || $0.source.contains("Safran") }
    #expect(later.count == 2 && later.allSatisfy { $0.standing == .literature })
    #expect(Standing.literature.description == "from the literature, not re-derived here")
  }
}
