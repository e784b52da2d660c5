import Exact
import Networks
import Polyhedra
import Probability
import Representation
import Testing

/// What is accepted as a function, how rounding is judged, and how two functions are compared.
@Suite struct SynthesisProblemTests {
  /// Two half-planes; on the right the function is x₀ + step.
  private static func halves(step: Rational, gap: Rational = 0) -> FunctionFile {
    let left = RegionTable.Region(
      halfSpaces: [ExactHalfSpace(normal: [1, 0], offset: 0)], map: [AffineFunction(gradient: [0, 0], constant: 0)])
    let right = RegionTable.Region(
      halfSpaces: [ExactHalfSpace(normal: [-1, 0], offset: -gap)],
      map: [AffineFunction(gradient: [1, 0], constant: step)])
    return FunctionFile(.regions(RegionTable(inputs: 2, outputs: 1, regions: [left, right])))
  }

  @Test func aDiscontinuousFunctionIsRefused() throws {
    do {
      _ = try SynthesisProblem(Self.halves(step: Rational(1, 2)))
      Issue.record("accepted")
    } catch {
      #expect(error.description.contains("not continuous") && error.description.contains("1/2"), "\(error)")
    }
    do {
      _ = try SynthesisProblem(Self.halves(step: 0, gap: 1))
      Issue.record("accepted")
    } catch {
      #expect(error.description.contains("lies in no cell"), "\(error)")
    }
  }

  @Test func roundedNumbersTakeATolerance() throws {
    let small = Rational(1, 1_000_000)
    let problem = try SynthesisProblem(Self.halves(step: small), tolerance: 2 * small)
    #expect(!problem.isExactlyContinuous && problem.tolerance == 2 * small)
    let result = try Synthesis().run(problem)
    let function = try #require(problem.function)
    for candidate in result.candidates {
      let comparison = try FunctionComparison(function, candidate.network).run()
      #expect(comparison.largest.map { $0 <= 2 * small } ?? false, "\(candidate.construction)")
    }
    // What fits exactly is not widened: neighbouring pieces differ beyond the tolerance near their border.
    let exact = try SynthesisProblem(Self.halves(step: 0), tolerance: Rational(1, 2))
    #expect(exact.isExactlyContinuous && exact.tolerance == 0)
  }

  @Test func aBoxClips() throws {
    let problem = try SynthesisProblem(Self.halves(step: 0), inBox: ([1, 1], [2, 2]))
    #expect(problem.function?.cells.count == 1 && problem.content == nil)
    #expect(try Synthesis().run(problem).best.units == 0)
  }

  @Test func roundingIsMeasured() throws {
    // x₀/3 for x₀ ≥ 0 has no exact weights in floating point.
    let third = AffineFunction(gradient: [Rational(1, 3)], constant: 0)
    let zero = AffineFunction(constant: 0, inputs: 1)
    let problem = try SynthesisProblem(
      FunctionFile(.maxMin([LatticeForm(functions: [third, zero], clauses: [[0], [1]])])))
    let network = try Synthesis().run(problem).best.network
    let (written, isExact) = try network.roundedUnits(to: .float32)
    #expect(!isExact)
    let function = try #require(problem.function)
    let check = try SynthesisCheck(function, network, written: written, isRounded: true, unit: 0x1p-24, threads: 1)
    #expect(check.exact?.isEqual == true && check.written.largest == nil)
    let boxed = try #require(check.boxed)
    #expect(boxed.lower == [-2] && boxed.upper == [2])
    let error = (Rational(exactly: Double(Float(1) / 3)) - Rational(1, 3)).magnitude
    #expect(boxed.result.largest == 2 * error)
    let bounded = try function.clipped(toBox: [-4], [4])
    let inside = try SynthesisCheck(bounded, network, written: written, isRounded: true, unit: 0x1p-24, threads: 1)
    #expect(inside.written.largest == 4 * error && inside.boxed == nil && inside.exact?.isEqual == true)
  }

  @Test func overlays() throws {
    for seed in UInt64(1)...4 {
      var source = RandomSource(seed: seed)
      let lattice = Sample.randomLattice(inputs: 2, functions: 5, clauses: 3, source: &source)
      let first = try PolyhedralFunction(maxMin: [lattice])
      let second = try PolyhedralFunction(signedMaxima: [SignedMaximumSum(lattice)])
      let overlay = try FunctionOverlay(first, second)
      #expect(overlay.haveSameDomain, "seed \(seed)")
      #expect(try overlay.run().isEqual, "seed \(seed)")
      let part = try second.clipped(toBox: [-1, -2], [3, 2])
      let clipped = try FunctionOverlay(first, part)
      #expect(try !clipped.haveSameDomain && clipped.run().isEqual, "seed \(seed)")
      // Raised by 1/7 everywhere.
      let raised = PolyhedralFunction(
        inputs: 2, outputs: 1,
        cells: part.cells.map { cell in
          PolyhedralFunction.Cell(
            polyhedron: cell.polyhedron,
            map: cell.map.map { AffineFunction(gradient: $0.gradient, constant: $0.constant + Rational(1, 7)) })
        })
      let result = try FunctionOverlay(part, raised).run()
      #expect(result.largest == Rational(1, 7) && !result.isEqual, "seed \(seed)")
    }
    let left = try PolyhedralFunction(maxMin: [.init(functions: [.init(constant: 0, inputs: 1)], clauses: [[0]])])
    let right = try left.clipped(toBox: [0], [1])
    #expect(throws: RepresentationError.self) {
      try FunctionOverlay(right, left.clipped(toBox: [1], [2])).run()
    }
  }

  @Test func overlaysPartWithoutBound() throws {
    let zero = AffineFunction(constant: 0, inputs: 1)
    let slope = AffineFunction(gradient: [1], constant: 0)
    let first = try PolyhedralFunction(maxMin: [.init(functions: [zero], clauses: [[0]])])
    let second = try PolyhedralFunction(maxMin: [.init(functions: [zero, slope], clauses: [[0], [1]])])
    let result = try FunctionOverlay(first, second).run()
    #expect(result.largest == nil && result.isComplete && !result.isEqual)
  }

  @Test func brokenLinesFromCells() throws {
    for seed in UInt64(1)...5 {
      var source = RandomSource(seed: seed)
      let lattice = Sample.randomLattice(inputs: 1, functions: 6, clauses: 4, source: &source)
      let line = try BrokenLine(PolyhedralFunction(maxMin: [lattice]))
      #expect(try line == BrokenLine(lattice), "seed \(seed)")
      #expect(try BrokenLine(BreakpointTable(line).polyhedralFunction()) == line, "seed \(seed)")
    }
  }

  @Test func sumsAreReduced() throws {
    var source = RandomSource(seed: 3)
    let functions = (0..<7).map { _ in
      Sample.affine([Sample.smallRational(&source), Sample.smallRational(&source)], Sample.smallRational(&source))
    }
    let sum = SignedMaximumSum(
      functions: functions,
      terms: [.init(coefficient: 2, arguments: [0, 1, 2, 3, 4]), .init(coefficient: -3, arguments: [2, 3, 4, 5, 6])])
    let reduced = try sum.reduced()
    #expect(reduced.largestArity <= 3)
    for _ in 0..<40 {
      let point = [Sample.smallRational(&source), Sample.smallRational(&source)]
      #expect(reduced(point) == sum(point))
    }
  }

  @Test func formulas() {
    #expect(AffineFunction(gradient: [1, Rational(-1, 2), 0], constant: 3).formula() == "x0 - 1/2 x1 + 3")
    #expect(AffineFunction(gradient: [-1], constant: -1).formula() == "-x0 - 1")
    #expect(AffineFunction(constant: 0, inputs: 2).formula() == "0")
    #expect(AffineFunction(gradient: [Rational(1, 123_456_789)], constant: 0).formula() == "8.1e-09 x0")
    #expect(
      AffineFunction(gradient: [Rational(1, 123_456_789)], constant: 0).formula(isExact: true) == "1/123456789 x0")
  }
}
