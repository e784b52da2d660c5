import Exact
import Networks
import Probability
import Testing

@testable import PiecewiseLinear

/// Residues modulo 2⁶¹ − 1, and what happens where they are equal although the numbers are not.
@Suite struct ComplexResidueTests {
  @Test func arithmetic() {
    let seed: UInt64 = 81
    var source = RandomSource(seed: seed)
    for _ in 0..<1000 {
      let (a, b) = (Double(source.index(below: 1 << 26)) - 0x1p25, Double(source.index(below: 1 << 26)) - 0x1p25)
      let scale = Double(sign: .plus, exponent: source.index(below: 600) - 300, significand: 1)
      #expect(Residue(a) + Residue(b) == Residue(a + b))
      #expect(Residue(a) - Residue(b) == Residue(a - b))
      #expect(Residue(a) * Residue(b) == Residue(a * b))
      #expect(Residue(a) * Residue(scale) == Residue(a * scale))
      #expect(a == 0 || Residue(a) * Residue(a).inverse == .one)
    }
    #expect(Residue(0x1p61) == .one && Residue(-0x1p-61) == Residue(-1) && Residue(0) == .zero)
    let vector = IntegerVector(count: 2)
    vector.set(0, to: -0x7abc_def0_1234_5678, shiftedBy: 100)
    #expect(Residue(vector, 0) == .zero - Residue(0x1p100) * Residue(0x7abc_def0p32) - Residue(0x1234_5678p100))
    #expect(Residue(vector, 1) == .zero)
  }

  /// Moving from pattern to pattern gives what a fresh start gives, and what exact integers give.
  @Test func movingIsExact() throws {
    let seed: UInt64 = 82
    for round in 0..<30 {
      var source = RandomSource(seed: seed, index: round)
      let item = ComplexCase(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let enumeration = try item.enumeration()
      let network = ResidueNetwork(enumeration.compiled)
      let moving = CrossingForms(enumeration, network)
      var patterns: [ActivationPattern] = []
      _ = try enumeration.forEach(detail: []) { patterns.append($0.pattern) }
      for _ in 0..<20 {
        let pattern = try #require(patterns.randomElement(using: &source))
        moving.move(to: pattern)
        let fresh = CrossingForms(enumeration, network)
        fresh.move(to: pattern)
        let outputs = Array(moving.residues.outputs)
        #expect(outputs == Array(fresh.residues.outputs), "seed \(seed), round \(round)")
        // The integers are the numbers times a power of two.
        let unit = Residue(moving.exactForms.outputUnit.doubleValue)
        let exact = moving.exactForms.outputs.flatMap { row in (0..<row.count).map { Residue(row, $0) * unit } }
        #expect(outputs == exact, "seed \(seed), round \(round)")
      }
    }
  }

  @Test func kernels() {
    var kernel = ResidueKernel(dimension: 3)
    kernel.insert([1, 2, 3].map { Residue($0) })
    kernel.insert([2, 4, 6].map { Residue($0) })
    #expect(kernel.direction == nil)
    kernel.insert([0, 1, 1].map { Residue($0) })
    #expect(kernel.direction == [1, 1, -1].map { Residue($0) })
    kernel.reset()
    #expect(!kernel.isDetermined)
  }

  /// x and 2⁶¹ x have the same residues; they are different maps.
  @Test func mapsThatOnlyLookEqual() throws {
    let hinge = UnitNetwork.Unit(kind: .hinge(below: 1, above: 0x1p61), forms: [AffineForm(value: 0)])
    let network = try UnitNetwork(
      inputCount: 1, stages: [.init(name: "slopes", units: [hinge])], outputs: [AffineForm(value: 1)])
    let census = try RegionCensus(RegionEnumeration(network, in: .space))
    #expect([census.activationRegions, census.affineComponents, census.pieces] == [2, 2, 2])
  }

  /// u = x + 2³¹ y and v = 2³⁰ x + y are independent, but not modulo 2⁶¹ − 1, by which their determinant can be divided.
  /// relu(|u| − |v|) is zero on two cones that touch in one vertex, whose residues no elimination finds.
  @Test func planesThatOnlyLookParallel() throws {
    let first: [[Double]] = [[0, 1, 0x1p31], [0, -1, -0x1p31], [0, 0x1p30, 1], [0, -0x1p30, -1]]
    let network = OracleNetworks.layers(inputs: 2, [first, [[0, 1, 1, -1, -1]]])
    let enumeration = try RegionEnumeration(network, in: .space)
    let oracle = OracleRegions(network)
    let census = try RegionCensus(enumeration)
    #expect(census.activationRegions == oracle.cells.count && oracle.cells.count == 8)
    #expect(census.affineComponents == oracle.affineComponents && census.pieces == oracle.pieces)
    #expect(census.pieces == 5)
    let graph = DualGraph(try RegionComplex(enumeration))
    #expect(graph.edgeCount == 8 && graph.unmatchedFacetCount == 0 && graph.diameter == 4...4)
    let lattice = try FaceLattice(enumeration)
    #expect(lattice.fVector == [1, 8, 8] && lattice.vertices.elements == [0, 0])
  }

  /// Chunks of regions on several threads give what one thread gives.
  @Test func threadsDoNotMatter() throws {
    let seed: UInt64 = 83
    var source = RandomSource(seed: seed)
    let rows = (0..<24).map { _ in (0...3).map { _ in source.normal() } }
    let second = (0..<16).map { _ in (0...24).map { _ in source.normal() } }
    var enumeration = try RegionEnumeration(OracleNetworks.layers(inputs: 3, [rows, second]), in: .space)
    var results: [[Int?]] = []
    for threads in [1, 3] {
      enumeration.threads = threads
      let complex = try RegionComplex(enumeration)
      let graph = DualGraph(complex)
      let census = try RegionCensus(complex)
      #expect(complex.count > 8192)
      results.append([
        complex.count, graph.edgeCount, graph.unmatchedFacetCount, graph.oneSidedFacetCount, census.affineComponents,
        census.pieces, graph.neighbours(of: complex.count / 2).first,
      ])
    }
    #expect(results[0] == results[1])
  }
}
