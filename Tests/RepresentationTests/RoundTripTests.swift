import Exact
import Networks
import PiecewiseLinear
import Polyhedra
import Probability
import Testing

@testable import Representation

/// Function → network → regions → function → network, everything equal as rational functions.
@Suite("Round trips")
struct RoundTripTests {
  private func lattice(_ source: inout RandomSource, inputs: Int, pieces: Int) -> LatticeForm {
    let functions = (0..<pieces).map { _ in
      AffineFunction(
        gradient: (0..<inputs).map { _ in Rational(Int(source.uniform() * 19) - 9) },
        constant: Rational(Int(source.uniform() * 39) - 19, 2))
    }
    let clauses = (0..<3 + Int(source.uniform() * 3)).map { _ in
      (0..<3).map { _ in Int(source.uniform() * Double(pieces)) }
    }
    return LatticeForm(functions: functions, clauses: clauses)
  }

  private func theoremHiddenLayers(_ inputs: Int) -> Int {
    var layers = 0
    while 1 << layers < inputs + 1 { layers += 1 }
    return layers
  }

  @Test(arguments: [(1, 12), (2, 12), (3, 7), (4, 5)])
  func functionNetworkRegionsFunction(inputs: Int, pieces: Int) throws {
    let seed = UInt64(100 + inputs)
    var source = RandomSource(seed: seed)
    let box = (lower: Array(repeating: -4.0, count: inputs), upper: Array(repeating: 5.0, count: inputs))
    let domain = ExactPolyhedron(
      box: box.lower.map { Rational(exactly: $0) }, box.upper.map { Rational(exactly: $0) })
    for round in 0..<(inputs < 3 ? 8 : 2) {
      let lattice = lattice(&source, inputs: inputs, pieces: pieces)
      let function = try PolyhedralFunction(maxMin: [lattice], in: domain)
      let compilation = try Compiler().compile([SignedMaximumSum(lattice)])
      #expect(compilation.hiddenLayers <= theoremHiddenLayers(inputs), "seed \(seed), round \(round)")
      #expect(try FunctionComparison(function, compilation.network).run().isEqual, "seed \(seed), round \(round)")

      let (units, isExact) = try compilation.network.roundedUnits(to: .float64)
      #expect(isExact, "seed \(seed), round \(round)")
      let regions = try PolyhedralFunction(units, in: .box(lower: box.lower, upper: box.upper))
      for cell in regions.cells {
        for vertex in cell.polyhedron.vertices {
          #expect(lattice(vertex) == cell.map[0](vertex), "seed \(seed), round \(round)")
        }
      }
      // Back again, from the regions of the network alone.
      let again = try Compiler().compile([SignedMaximumSum(regions)])
      #expect(again.hiddenLayers <= theoremHiddenLayers(inputs), "seed \(seed), round \(round)")
      #expect(try FunctionComparison(function, again.network).run().isEqual, "seed \(seed), round \(round)")
    }
  }

  /// On all of space, where cells are unbounded.
  @Test(arguments: 1...3) func withoutBounds(inputs: Int) throws {
    let seed = UInt64(110 + inputs)
    var source = RandomSource(seed: seed)
    for round in 0..<4 {
      let lattice = lattice(&source, inputs: inputs, pieces: 5)
      let network = try Compiler().compile([lattice]).network
      let regions = try PolyhedralFunction(network.roundedUnits(to: .float64).units, in: .space)
      let again = try Compiler().compile([SignedMaximumSum(regions)]).network
      #expect(
        try FunctionComparison(PolyhedralFunction(maxMin: [lattice]), again).run().isEqual,
        "seed \(seed), round \(round)")
    }
  }

  @Test func severalOutputs() throws {
    var source = RandomSource(seed: 120)
    let domain = ExactPolyhedron(box: [-2, -2], [2, 3])
    let lattices = (0..<3).map { _ in lattice(&source, inputs: 2, pieces: 5) }
    let function = try PolyhedralFunction(maxMin: lattices, in: domain)
    let sums = try (0..<3).map { try SignedMaximumSum(function, output: $0) }
    let compilation = try Compiler().compile(sums)
    #expect(try FunctionComparison(function, compilation.network).run().isEqual)
    let alone = try sums.map { try Compiler().compile([$0]).units }.reduce(0, +)
    #expect(compilation.units <= alone)
  }
}
