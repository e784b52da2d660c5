import Exact
import Networks
import Probability
import Testing

@testable import Representation

@Suite struct CompilationTests {
  private static func function(_ gradient: [Int], _ constant: Int) -> AffineFunction {
    AffineFunction(gradient: gradient.map { Rational($0) }, constant: Rational(constant))
  }

  private static func functions(
    _ source: inout RandomSource, count: Int, inputs: Int, denominators: Int = 1
  ) -> [AffineFunction] {
    func number() -> Rational { Rational(source.index(below: 19) - 9, 1 + source.index(below: denominators)) }
    return (0..<count).map { _ in AffineFunction(gradient: (0..<inputs).map { _ in number() }, constant: number()) }
  }

  private static func sets(_ source: inout RandomSource, count: Int, largest: Int, below: Int) -> [[Int]] {
    (0..<count).map { _ in
      Set((0...source.index(below: largest)).map { _ in source.index(below: below) }).sorted()
    }
  }

  private static func points(_ source: inout RandomSource, _ inputs: Int, count: Int) -> [[Rational]] {
    (0..<count).map { _ in
      (0..<inputs).map { _ in Rational(source.index(below: 81) - 40, 1 + source.index(below: 8)) }
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func sumsAndLatticesKeepTheirValues(seed: UInt64) throws {
    var source = RandomSource(seed: seed)
    for _ in 0..<15 {
      let inputs = 1 + source.index(below: 5)
      let count = 1 + source.index(below: 12)
      let functions = Self.functions(&source, count: count, inputs: inputs, denominators: 1 + source.index(below: 5))
      let largest = 1 + source.index(below: 9)
      let sums = (0...source.index(below: 3)).map { _ in
        let sets = Self.sets(&source, count: 1 + source.index(below: 10), largest: largest, below: count)
        return SignedMaximumSum(
          functions: functions,
          terms: sets.map { .init(coefficient: [-3, -1, 1, 2][source.index(below: 4)], arguments: $0) })
      }
      let lattices = sums.map { LatticeForm(functions: functions, clauses: $0.terms.map(\.arguments)) }
      for minimisesDepth in [false, true] {
        let compiler = Compiler(minimisesDepth: minimisesDepth)
        let sum = try compiler.compile(sums)
        let lattice = try compiler.compile(lattices)
        for point in Self.points(&source, inputs, count: 8) {
          #expect(sum.network(point) == sums.map { $0(point) }, "seed \(seed)")
          #expect(lattice.network(point) == lattices.map { $0(point) }, "seed \(seed)")
        }
        let arity = sums.map(\.largestArity).max() ?? 0
        #expect(sum.hiddenLayers <= binaryDepth(arity), "seed \(seed)")
        let clauses = lattices.map(\.clauses.count).max() ?? 0
        #expect(lattice.hiddenLayers <= binaryDepth(arity) + binaryDepth(clauses), "seed \(seed)")
        #expect(sum.theoremHiddenLayers == binaryDepth(inputs + 1))
        #expect(sum.theoremUnits == nil)
        if !minimisesDepth { #expect(lattice.units <= lattice.theoremUnits ?? 0, "seed \(seed)") }
        #expect(sum.units == sum.network.size)
        #expect(sum.widths.count == sum.hiddenLayers)
      }
    }
  }

  /// Signed sums of known functions, with the sizes of networks that are not to be exceeded.
  @Test func knownDecompositions() throws {
    let first = SignedMaximumSum(
      functions: [
        Self.function([0, 3], -2), Self.function([0, -3], -2), Self.function([-1, 4], -1), Self.function([3, -2], -3),
      ],
      terms: [
        .init(coefficient: 1, arguments: [1]), .init(coefficient: 1, arguments: [0, 2]),
        .init(coefficient: 1, arguments: [0, 3]), .init(coefficient: -1, arguments: [2, 3]),
        .init(coefficient: -1, arguments: [0, 1, 2]), .init(coefficient: -1, arguments: [0, 1, 3]),
        .init(coefficient: 1, arguments: [1, 2, 3]),
      ])
    let compilation = try Compiler().compile([first])
    #expect(compilation.hiddenLayers == 2)
    #expect(compilation.widths == [5, 5])
    #expect(try compilation.network.rounded(to: .float32).isExact)
    let samples: [([Rational], Rational)] = [
      ([Rational(19, 8), Rational(-24, 7)], Rational(-86, 7)), ([30, Rational(4, 7)], Rational(-26, 7)),
      ([-7, Rational(25, 2)], Rational(-79, 2)), ([Rational(7, 3), Rational(11, 2)], Rational(-37, 2)),
      ([Rational(-1, 2), Rational(-26, 3)], -28), ([Rational(22, 7), Rational(29, 8)], Rational(-103, 8)),
    ]
    for (point, value) in samples { #expect(compilation.network(point) == [value]) }
    let lattice = LatticeForm(functions: first.functions, clauses: [[1, 2, 3], [0, 1], [0, 1, 3]])
    for (point, value) in samples { #expect(try Compiler().compile([lattice]).network(point) == [value]) }
  }

  private static func oneInput(_ slopes: [(Int, Int)], _ terms: [(Int, [Int])]) throws -> Compilation {
    try Compiler().compile([
      SignedMaximumSum(
        functions: slopes.map { function([$0.0], $0.1) },
        terms: terms.map { .init(coefficient: $0.0, arguments: $0.1) })
    ])
  }

  @Test func affineFunctionsTakeNoUnit() throws {
    #expect(try Self.oneInput([(2, 1), (5, 0)], [(3, [0]), (-1, [1])]).units == 0)
    // |x| − |x|, and a maximum of parallel functions.
    #expect(try Self.oneInput([(1, 0), (-1, 0)], [(1, [0, 1]), (-1, [0, 1])]).units == 0)
    let parallel = try Self.oneInput([(1, 0), (1, 3)], [(1, [0, 1])])
    #expect(parallel.units == 0)
    #expect(parallel.network([5]) == [8])
    // max(x, 0) − max(−x, 0) = x
    #expect(try Self.oneInput([(1, 0), (0, 0), (-1, 0)], [(1, [0, 1]), (-1, [1, 2])]).units == 0)
    #expect(try Self.oneInput([(1, 0)], []).network([4]) == [0])
  }

  @Test func oneHiddenLayerUsesItsUnitsForTheAffineRest() throws {
    // max(x, 0): one unit, and the same for max(−x, 0) + x.
    #expect(try Self.oneInput([(1, 0), (0, 0)], [(1, [0, 1])]).widths == [1])
    #expect(try Self.oneInput([(1, 0), (0, 0), (-1, 0)], [(1, [1, 2]), (1, [0])]).widths == [1])
    // |x| is two units, with a rest of −x in one of them.
    #expect(try Self.oneInput([(1, 0), (-1, 0)], [(1, [0, 1])]).widths == [2])
    // max(x, 0) + max(x − 1, 0) − x needs only one of the two units turned.
    let turned = try Self.oneInput([(1, 0), (0, 0), (1, -1)], [(1, [0, 1]), (1, [1, 2]), (-1, [0])])
    #expect(turned.widths == [2])
    for x: Rational in [-3, 0, Rational(1, 2), 1, 4] {
      #expect(turned.network([x]) == [max(x, 0) + max(x - 1, 0) - x])
    }
    // Both turned: max(x, 0) + max(2x − 2, 0) − 3x.
    let both = try Self.oneInput([(1, 0), (0, 0), (2, -2), (3, 0)], [(1, [0, 1]), (1, [1, 2]), (-1, [3])])
    #expect(both.widths == [2])
    // In the plane a rest that is no multiple of an argument takes two.
    let plane = SignedMaximumSum(
      functions: [Self.function([1, 0], 0), Self.function([0, 0], 0), Self.function([0, 1], 0)],
      terms: [.init(coefficient: 1, arguments: [0, 1]), .init(coefficient: 1, arguments: [2])])
    #expect(try Compiler().compile([plane]).widths == [3])
  }

  @Test func multiplesShareAUnit() throws {
    // max(x, y), max(2x, 2y) and max(−x, −y) bend at one line.
    let functions = [[1, 0], [0, 1], [2, 0], [0, 2], [-1, 0], [0, -1]].map { Self.function($0, 0) }
    let sum = SignedMaximumSum(
      functions: functions,
      terms: [
        .init(coefficient: 1, arguments: [0, 1]), .init(coefficient: 5, arguments: [2, 3]),
        .init(coefficient: 2, arguments: [4, 5]),
      ])
    let compilation = try Compiler().compile([sum])
    #expect(compilation.units <= 3)
    for point: [Rational] in [[1, 2], [2, 1], [-3, Rational(1, 2)], [0, 0]] {
      #expect(compilation.network(point) == [sum(point)])
    }
  }

  @Test func outputsShareMaxima() throws {
    var source = RandomSource(seed: 9)
    let functions = Self.functions(&source, count: 8, inputs: 4)
    let one = SignedMaximumSum(functions: functions, terms: [.init(coefficient: 1, arguments: [0, 1, 2, 3])])
    let other = SignedMaximumSum(
      functions: functions,
      terms: [.init(coefficient: -2, arguments: [0, 1, 2, 3]), .init(coefficient: 1, arguments: [4])])
    let alone = try Compiler().compile([one])
    let both = try Compiler().compile([one, other])
    // The second output has only a rest of its own to carry.
    #expect(both.units <= alone.units + 6)
    for point in Self.points(&source, 4, count: 20) { #expect(both.network(point) == [one(point), other(point)]) }
  }

  @Test func convexFunctionsAreTrees() throws {
    var source = RandomSource(seed: 21)
    let functions = Self.functions(&source, count: 24, inputs: 3)
    let lattice = LatticeForm(functions: functions, clauses: functions.indices.map { [$0] })
    let compilation = try Compiler().compile([lattice])
    #expect(compilation.hiddenLayers == 5)
    #expect(try compilation.units <= MaximumNetwork.tree(count: 24).size)
    let shallow = try Compiler(minimisesDepth: true).compile([lattice])
    #expect(shallow.hiddenLayers == 4)
    for point in Self.points(&source, 3, count: 50) {
      #expect(compilation.network(point) == [lattice(point)], "seed 21")
      #expect(shallow.network(point) == [lattice(point)], "seed 21")
    }
  }

  @Test func clausesThatContainAnotherAreDropped() throws {
    var source = RandomSource(seed: 22)
    let functions = Self.functions(&source, count: 5, inputs: 2)
    let plain = LatticeForm(functions: functions, clauses: [[0, 1], [2, 3]])
    let padded = LatticeForm(functions: functions, clauses: [[0, 1], [0, 1, 4], [2, 3], [0, 2, 3], [2, 3]])
    #expect(try Compiler().compile([padded]).network == Compiler().compile([plain]).network)
  }

  @Test func sizesForManyTerms() throws {
    var source = RandomSource(seed: 30)
    let functions = Self.functions(&source, count: 30, inputs: 2)
    let sets = Self.sets(&source, count: 150, largest: 3, below: 30)
    let sum = SignedMaximumSum(functions: functions, terms: sets.map { .init(coefficient: 1, arguments: $0) })
    let compilation = try Compiler().compile([sum])
    let triples = Set(sets.filter { $0.count == 3 }).count
    let pairs = Set(sets.filter { $0.count == 2 }).count
    #expect(compilation.widths.count == 2)
    // A unit for each triple in the last layer, and two for all the rest; in the first, pairs and both inputs.
    #expect(compilation.widths.reduce(0, +) <= 2 * triples + pairs + 6)
    #expect(try compilation.network.rounded(to: .float64).isExact)
    for point in Self.points(&source, 2, count: 20) { #expect(compilation.network(point) == [sum(point)], "seed 30") }
  }

  @Test func resultsDoNotDependOnChance() throws {
    var source = RandomSource(seed: 31)
    let functions = Self.functions(&source, count: 12, inputs: 3)
    let sets = Self.sets(&source, count: 40, largest: 6, below: 12)
    let sum = SignedMaximumSum(functions: functions, terms: sets.map { .init(coefficient: 1, arguments: $0) })
    // Dictionaries that grew differently list their keys in another order.
    let reversed = SignedMaximumSum(functions: functions, terms: sum.terms.reversed())
    #expect(try Compiler().compile([sum]).network == Compiler().compile([reversed]).network)
  }
}
