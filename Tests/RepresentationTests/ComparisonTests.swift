import Exact
import Networks
import Polyhedra
import Probability
import Testing

@testable import Representation

@Suite("Functions compared with networks")
struct ComparisonTests {
  /// max over clauses of min, as a network of maximum units.
  private func network(_ lattice: LatticeForm) throws -> UnitNetwork {
    func form(_ function: AffineFunction, times sign: Double) -> AffineForm {
      AffineForm(
        constant: sign * function.constant.doubleValue, weights: function.gradient.map { sign * $0.doubleValue },
        first: 0)
    }
    let minima = lattice.clauses.map { clause in
      UnitNetwork.Unit(kind: .maximum, forms: clause.map { form(lattice.functions[$0], times: -1) })
    }
    let first = lattice.inputs
    let largest = UnitNetwork.Unit(
      kind: .maximum,
      forms: minima.indices.map { AffineForm(constant: 0, terms: [.init(value: first + $0, weight: -1)]) })
    return try UnitNetwork(
      inputCount: first, stages: [.init(name: "minima", units: minima), .init(name: "maximum", units: [largest])],
      outputs: [AffineForm(value: first + minima.count)])
  }

  private func lattice(_ source: inout RandomSource, inputs: Int) -> LatticeForm {
    let functions = (0..<6).map { _ in
      AffineFunction(
        gradient: (0..<inputs).map { _ in Rational(Int(source.uniform() * 9) - 4) },
        constant: Rational(Int(source.uniform() * 9) - 4, 4))
    }
    let clauses = (0..<4).map { _ in
      [Int(source.uniform() * 6), Int(source.uniform() * 6), Int(source.uniform() * 6)]
    }
    return LatticeForm(functions: functions, clauses: clauses)
  }

  @Test(arguments: 1...3) func equal(inputs: Int) throws {
    let seed = UInt64(70 + inputs)
    var source = RandomSource(seed: seed)
    for round in 0..<12 {
      let lattice = lattice(&source, inputs: inputs)
      let box = ExactPolyhedron(box: Array(repeating: -3, count: inputs), Array(repeating: 4, count: inputs))
      for domain in [box, nil] {
        let function = try PolyhedralFunction(maxMin: [lattice], in: domain)
        let result = try FunctionComparison(function, network(lattice)).run()
        #expect(result.isEqual, "seed \(seed), round \(round)")
        #expect(result.cells == function.cells.count)
        #expect(result.pieces >= result.cells)
      }
    }
  }

  /// Against the values at all vertices of the common refinement, from the cells of the difference.
  @Test(arguments: 1...3) func different(inputs: Int) throws {
    let seed = UInt64(80 + inputs)
    var source = RandomSource(seed: seed)
    for round in 0..<12 {
      let (first, second) = (lattice(&source, inputs: inputs), lattice(&source, inputs: inputs))
      let box = ExactPolyhedron(box: Array(repeating: -3, count: inputs), Array(repeating: 4, count: inputs))
      let both = try PolyhedralFunction(maxMin: [first, second], in: box)
      let largest = both.cells.flatMap { cell in
        cell.polyhedron.vertices.map { (cell.map[0]($0) - cell.map[1]($0)).magnitude }
      }.max()!
      var comparison = try FunctionComparison(PolyhedralFunction(maxMin: [first], in: box), network(second))
      comparison.threads = 1 + round % 2
      let result = comparison.run()
      let difference = result.differences[0]
      #expect(result.largest == largest, "seed \(seed), round \(round)")
      #expect(result.isEqual == (largest.signum == 0))
      #expect(first(difference.point) == difference.functionValue, "seed \(seed), round \(round)")
      #expect(second(difference.point) == difference.networkValue, "seed \(seed), round \(round)")
      #expect((difference.networkValue - difference.functionValue).magnitude == largest)
    }
  }

  @Test func rationalNetworks() throws {
    // |x| / 3 as σ(x/3) + σ(−x/3).
    let third = Rational(1, 3)
    let network = try RationalNetwork(
      inputs: 1, hidden: [[.init([0: third]), .init([0: -third])]], outputs: [.init([0: 1, 1: 1])])
    let lattice = LatticeForm(
      functions: [
        AffineFunction(gradient: [third], constant: 0), AffineFunction(gradient: [-third], constant: 0),
      ], clauses: [[0], [1]])
    let function = try PolyhedralFunction(maxMin: [lattice])
    #expect(try FunctionComparison(function, network).run().isEqual)
    // Rounded weights differ without bound on the line, and by the rounding error on an interval.
    let rounded = try RationalNetwork(
      inputs: 1, hidden: [[.init([0: Rational(exactly: 1.0 / 3)]), .init([0: -third])]],
      outputs: [.init([0: 1, 1: 1])])
    let everywhere = try FunctionComparison(function, rounded).run()
    #expect(everywhere.largest == nil)
    #expect(!everywhere.isEqual)
    let interval = ExactPolyhedron(box: [-1], [6])
    let bounded = try FunctionComparison(PolyhedralFunction(maxMin: [lattice], in: interval), rounded).run()
    #expect(bounded.largest == 6 * (third - Rational(exactly: 1.0 / 3)).magnitude)
    #expect(bounded.differences[0].point == [6])
  }

  /// Weights of thirds and sevenths, rounded: the truth lies between the two bounds, which are close.
  @Test(arguments: 1...2) func withSlack(inputs: Int) throws {
    let seed = UInt64(90 + inputs)
    var source = RandomSource(seed: seed)
    for round in 0..<10 {
      var lattice = lattice(&source, inputs: inputs)
      lattice.functions = lattice.functions.enumerated().map {
        Rational(1, $0.offset.isMultiple(of: 2) ? 3 : 7) * $0.element
      }
      let box = ExactPolyhedron(box: Array(repeating: -3, count: inputs), Array(repeating: 4, count: inputs))
      let function = try PolyhedralFunction(maxMin: [lattice], in: box)
      let rounded = try Compiler().compile([SignedMaximumSum(lattice)]).network.roundedUnits(to: .float32).units
      var comparison = try FunctionComparison(function, rounded)
      let exact = try #require(comparison.run().largest)
      comparison.slack = 1e-5
      let loose = comparison.run()
      let (low, high) = (try #require(loose.largest), try #require(loose.bound))
      #expect(low <= exact && exact <= high, "seed \(seed), round \(round)")
      #expect(high.doubleValue <= 1e-3, "seed \(seed), round \(round): \(high.doubleValue)")
      #expect(try FunctionComparison(function, rounded).runWithinRounding(unit: 0x1p-24).largest == exact)
      // Nothing is passed over where the network is not near its side: a gap of one stays one.
      var wrong = lattice
      wrong.functions[lattice.clauses[0][0]].constant += 1
      let apart = try FunctionComparison(PolyhedralFunction(maxMin: [wrong], in: box), rounded)
      let gap = try #require(apart.run().largest)
      let bounds = apart.runWithinRounding(unit: 0x1p-24)
      #expect(try #require(bounds.largest) <= gap && gap <= #require(bounds.bound), "seed \(seed), round \(round)")
    }
  }

  @Test func shapesMustFit() throws {
    let lattice = LatticeForm(functions: [AffineFunction(gradient: [1, 2], constant: 0)], clauses: [[0]])
    let function = try PolyhedralFunction(maxMin: [lattice])
    let network = try RationalNetwork(inputs: 1, hidden: [], outputs: [.init([0: 1])])
    #expect(throws: RepresentationError.self) { try FunctionComparison(function, network) }
  }
}
