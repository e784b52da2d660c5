import Exact
import Networks
import Polyhedra
import Probability
import Representation
import Testing

/// Functions become networks that are the same functions.
@Suite struct SynthesisTests {
  private static let median = LatticeForm(
    functions: [
      AffineFunction(gradient: [1, 0], constant: 0), AffineFunction(gradient: [0, 1], constant: 0),
      AffineFunction(gradient: [-1, -1], constant: 1),
    ], clauses: [[0, 1], [0, 2], [1, 2]])

  private func expectExact(_ result: SynthesisResult, _ problem: SynthesisProblem, _ note: String) throws {
    let function = try #require(problem.function)
    for candidate in result.candidates {
      let comparison = try FunctionComparison(function, candidate.network).run()
      #expect(comparison.isEqual, "\(note), \(candidate.construction.rawValue): \(comparison.differences)")
    }
    let signed = try #require(result.candidates.first { $0.construction == .signedMaxima })
    #expect(signed.hiddenLayers <= result.theoremHiddenLayers, "\(note)")
    #expect(result.isComplete)
  }

  @Test(arguments: 1...3) func randomFormulas(inputs: Int) throws {
    for seed in UInt64(1)...6 {
      var source = RandomSource(seed: seed)
      let lattices = (0..<Int(1 + seed % 2)).map { _ in
        Sample.randomLattice(inputs: inputs, functions: 5, clauses: 4, source: &source)
      }
      let problem = try SynthesisProblem(FunctionFile(.maxMin(lattices)))
      let depth = try Synthesis(goal: .depth).run(problem)
      let units = try Synthesis(goal: .units, outputBias: false).run(problem)
      let note = "seed \(seed), \(inputs) inputs"
      try expectExact(depth, problem, note)
      try expectExact(units, problem, note)
      #expect(depth.candidates.allSatisfy { $0.hiddenLayers >= depth.best.hiddenLayers }, "\(note)")
      #expect(units.candidates.allSatisfy { $0.units >= units.best.units }, "\(note)")
      #expect(
        units.candidates.allSatisfy { $0.network.outputs.allSatisfy { $0.constant.signum == 0 } }, "\(note)")
    }
  }

  @Test func aSurfaceOnASquare() throws {
    for seed in UInt64(1)...3 {
      var source = RandomSource(seed: seed)
      let table = Sample.randomSurface(columns: 3, rows: 2, source: &source)
      let problem = try SynthesisProblem(FunctionFile(.simplices(table)))
      #expect(problem.isExactlyContinuous && problem.affineComponents ?? 0 > 3, "seed \(seed)")
      let result = try Synthesis(goal: .depth).run(problem)
      try expectExact(result, problem, "seed \(seed)")
      #expect(result.best.hiddenLayers <= 2, "seed \(seed)")
    }
  }

  @Test func aConvexFunctionIsAMaximum() throws {
    let functions = [[2, 1, 0], [0, 0, 0], [-1, 3, 1], [1, -2, 2]].map {
      AffineFunction(gradient: [Rational($0[0]), Rational($0[1])], constant: Rational($0[2]))
    }
    let form = ConvexDifference(convex: functions, subtracted: [functions[1]])
    let problem = try SynthesisProblem(FunctionFile(.differenceOfConvex([form])))
    let result = try Synthesis(goal: .units).run(problem)
    try expectExact(result, problem, "convex")
    #expect(result.candidates.contains { $0.construction == .maximum })
    let concave = ConvexDifference(convex: [functions[1]], subtracted: functions)
    let other = try Synthesis(goal: .units).run(SynthesisProblem(FunctionFile(.differenceOfConvex([concave]))))
    #expect(other.candidates.contains { $0.construction == .minimum })
    #expect(other.best.units == result.best.units)
  }

  @Test func fiveFunctionsOfFourInputsTakeTwoLayers() throws {
    let functions = (0..<5).map { index in
      AffineFunction(gradient: (0..<4).map { $0 == index ? 1 : 0 }, constant: index == 4 ? 1 : 0)
    }
    let form = LatticeForm(functions: functions, clauses: functions.indices.map { [$0] })
    let problem = try SynthesisProblem(FunctionFile(.maxMin([form])))
    let result = try Synthesis(goal: .depth).run(problem)
    try expectExact(result, problem, "five functions")
    #expect(result.theoremHiddenLayers == 3)
    #expect(result.best.construction == .shallowSignedMaxima && result.best.hiddenLayers == 2)
    #expect(try Synthesis(goal: .units).run(problem).best.hiddenLayers == 3)
  }

  @Test func oneHiddenLayerAndItsCrease() throws {
    let problem = try SynthesisProblem(FunctionFile(.maxMin([Self.median])))
    let result = try Synthesis().run(problem)
    guard case .impossible = result.oneHiddenLayer[0] else {
      Issue.record("\(result.oneHiddenLayer)")
      return
    }
    #expect(result.oneHiddenLayer[0].description.contains("across the line x0"))
    #expect(!result.candidates.contains { $0.construction == .oneHiddenLayer })
    // |x| − |y| bends along whole lines.
    let axes = [[1, 0], [-1, 0], [0, 1], [0, -1]].map {
      AffineFunction(gradient: [Rational($0[0]), Rational($0[1])], constant: 0)
    }
    let saddle = ConvexDifference(convex: Array(axes[..<2]), subtracted: Array(axes[2...]))
    let plain = try Synthesis().run(SynthesisProblem(FunctionFile(.differenceOfConvex([saddle]))))
    #expect(plain.best.hiddenLayers == 1)
    #expect(plain.oneHiddenLayer[0] == .possible(units: 4, least: 4))
  }

  @Test func theFewestUnitsOfOneInput() throws {
    // The kinks 2, −4, 2 of a hat: no outer slope, p − 1 units.
    let hat = BreakpointTable(
      points: [(-1, 0), (0, 1), (1, 0)].map { .init(position: $0.0, values: [$0.1]) }, leftSlopes: [0],
      rightSlopes: [0])
    let problem = try SynthesisProblem(FunctionFile(.breakpoints(hat)))
    let result = try Synthesis(goal: .units).run(problem)
    try expectExact(result, problem, "hat")
    #expect(result.best.units == 3 && result.best.hiddenLayers == 1 && result.theoremUnits == 4)
    let both = BreakpointTable(
      points: [(-1, 0), (0, 1), (1, 0)].map { .init(position: $0.0, values: [$0.1, -2 * $0.1]) }, leftSlopes: [0, 0],
      rightSlopes: [0, 0])
    let shared = try SynthesisProblem(FunctionFile(.breakpoints(both)))
    let pair = try Synthesis(goal: .units).run(shared)
    try expectExact(pair, shared, "two hats")
    #expect(pair.best.units <= 4, "the outputs share units: apart they take 3 each")
  }

  @Test func aFunctionAboveTheLimitHasNoCells() throws {
    let problem = try SynthesisProblem(FunctionFile(.maxMin([Self.median])), limit: 2)
    #expect(problem.function == nil && problem.notes.count == 1)
    let result = try Synthesis().run(problem)
    for x in -2...2 {
      for y in -2...2 {
        let point = [Rational(x), Rational(y)]
        for candidate in result.candidates { #expect(candidate.network(point) == [Self.median(point)]) }
      }
    }
    guard case .undecided = result.oneHiddenLayer[0] else {
      Issue.record("\(result.oneHiddenLayer)")
      return
    }
  }
}
