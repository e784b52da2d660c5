import Exact
import Networks
import PiecewiseLinear
import Polyhedra
import Probability
import Testing

@testable import Representation

@Suite("Forms of functions and their conversions")
struct FunctionsTests {
  private func point(_ inputs: Int, _ source: inout RandomSource) -> [Rational] {
    (0..<inputs).map { _ in Rational(source.index(below: 201) - 100, 7) }
  }

  @Test("max–min → cells → max–min, the same function everywhere", arguments: 1...3)
  func lattices(inputs: Int) throws {
    for seed in 0..<8 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let lattice = Sample.randomLattice(inputs: inputs, functions: 5, clauses: 4, source: &source)
      let cells = try PolyhedralFunction(maxMin: [lattice])
      let fit = cells.fit()
      #expect(fit.isAccepted && fit.largestGap == nil && fit.overlaps.isEmpty, "seed \(seed): \(fit)")
      let back = try cells.latticeForm(fit: fit)
      #expect(back.clauses.allSatisfy { $0 == $0.sorted() && !$0.isEmpty })
      for _ in 0..<30 {
        let point = point(inputs, &source)
        #expect(cells(point) == [lattice(point)], "seed \(seed)")
        #expect(back(point) == lattice(point), "seed \(seed)")
      }
      let box = ExactPolyhedron(
        box: Array(repeating: -3, count: inputs), Array(repeating: Rational(5, 2), count: inputs))
      let inside = try PolyhedralFunction(maxMin: [lattice], in: box)
      #expect(inside.isBounded && inside.fit().isAccepted, "seed \(seed)")
      #expect(inside.vertexBounds.lower == Array(repeating: -3, count: inputs))
      #expect(inside.vertexBounds.upper == Array(repeating: Rational(5, 2), count: inputs))
    }
  }

  @Test("signed maxima and differences → cells")
  func sums() throws {
    for seed in 20..<28 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let functions = (0..<5).map { _ in
        Sample.affine([Sample.smallRational(&source), Sample.smallRational(&source)], Sample.smallRational(&source))
      }
      let sum = SignedMaximumSum(
        functions: functions,
        terms: [
          .init(coefficient: 2, arguments: [0, 1, 2]), .init(coefficient: -1, arguments: [1, 3, 4]),
          .init(coefficient: -3, arguments: [2]),
        ])
      let difference = ConvexDifference(convex: Array(functions[...2]), subtracted: Array(functions[2...]))
      let first = try PolyhedralFunction(signedMaxima: [sum, difference.signedMaxima])
      let second = try PolyhedralFunction(differences: [difference])
      #expect(first.fit().isAccepted && second.fit().isAccepted, "seed \(seed)")
      for _ in 0..<30 {
        let point = point(2, &source)
        #expect(first(point) == [sum(point), difference(point)], "seed \(seed)")
        #expect(try first.restricted(toOutput: 1)(point) == second(point), "seed \(seed)")
      }
    }
  }

  @Test("a maximum has a cell for each function that is somewhere the largest; a limit is an error")
  func counts() throws {
    let functions = (-5...5).map { Sample.affine([Rational($0)], Rational(-$0 * $0)) }
    let maximum = LatticeForm(functions: functions, clauses: functions.indices.map { [$0] })
    #expect(try PolyhedralFunction(maxMin: [maximum]).cells.count == 11)
    let minimum = LatticeForm(functions: functions, clauses: [Array(functions.indices)])
    #expect(try PolyhedralFunction(maxMin: [minimum]).cells.count == 2)
    #expect(throws: RepresentationError.self) { try PolyhedralFunction(maxMin: [maximum], limit: 10) }
    let equal = LatticeForm(functions: [functions[0], functions[0]], clauses: [[0], [1], [0, 1]])
    #expect(try PolyhedralFunction(maxMin: [equal]).cells.count == 1)
    let flat = ExactPolyhedron(box: [1], [1])
    #expect(throws: RepresentationError.self) { try PolyhedralFunction(maxMin: [maximum], in: flat) }
  }

  @Test("surface → max–min: shared functions, no clause in another, refused when torn")
  func surfaces() throws {
    for seed in 40..<44 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let table = Sample.randomSurface(columns: 3, rows: 3, source: &source)
      let surface = try table.polyhedralFunction()
      let lattice = try surface.latticeForm()
      #expect(Set(lattice.functions).count == lattice.functions.count)
      for (point, value) in zip(table.points, table.values) { #expect(lattice(point) == value[0], "seed \(seed)") }
      for _ in 0..<40 {
        let point = [Rational(source.index(below: 31), 10), Rational(source.index(below: 31), 10)]
        let value = try #require(surface(point))
        #expect([lattice(point)] == value, "seed \(seed)")
      }
      for (index, clause) in lattice.clauses.enumerated() {
        #expect(lattice.clauses.indices.allSatisfy { $0 == index || !Set(lattice.clauses[$0]).isSubset(of: clause) })
      }
      var torn = surface.cells
      torn[4].map[0].constant += 1
      let broken = PolyhedralFunction(inputs: 2, outputs: 1, cells: torn)
      #expect(throws: RepresentationError.self) { try broken.latticeForm() }
      #expect(throws: RepresentationError.self) { try surface.latticeForm(output: 1) }
      let part = try surface.clipped(toBox: [Rational(1, 2), Rational(1, 3)], [2, Rational(5, 2)])
      #expect(part.fit().isAccepted, "seed \(seed)")
      #expect(part([1, 1]) == surface([1, 1]) && part([0, 0]) == nil)
      #expect(throws: RepresentationError.self) { try surface.clipped(toBox: [4, 4], [5, 5]) }
      #expect(throws: RepresentationError.self) { try surface.clipped(toBox: [0, 0], [0, 1]) }
    }
  }

  @Test("regions: the empty and the flat are left out with a note")
  func regions() throws {
    func region(_ low: Rational, _ high: Rational) -> RegionTable.Region {
      RegionTable.Region(
        halfSpaces: [ExactHalfSpace(normal: [-1], offset: -low), ExactHalfSpace(normal: [1], offset: high)],
        map: [Sample.affine([1], 0)])
    }
    let table = RegionTable(inputs: 1, outputs: 1, regions: [region(0, 1), region(3, 2), region(1, 1), region(1, 2)])
    let (function, regions, notes) = try table.polyhedralFunction()
    #expect(function.cells.count == 2 && regions == [0, 3])
    #expect(notes.count == 2 && notes[0].contains("regions[1] is empty") && notes[1].contains("regions[2] is flat"))
    #expect(throws: RepresentationError.self) {
      try RegionTable(inputs: 1, outputs: 1, regions: [region(3, 2)]).polyhedralFunction()
    }
  }

  private func reason(_ body: () throws -> PolyhedralFunction) -> String {
    do {
      return "\(try body().cells.count) cells"
    } catch {
      return "\(error)"
    }
  }

  @Test("simplices in any orientation; flat and overlapping ones are refused by name")
  func simplices() {
    let points: [[Rational]] = [[0, 0], [2, 0], [0, 2], [1, 1], [2, 2], [Rational(1, 2), Rational(1, 2)]]
    func reason(_ simplices: [[Int]]) -> String {
      self.reason {
        try SimplexTable(points: points, values: points.map { [$0[0]] }, simplices: simplices).polyhedralFunction()
      }
    }
    #expect(reason([[0, 1, 2], [1, 2, 4]]) == "2 cells")
    #expect(reason([[2, 1, 0], [4, 2, 1]]) == "2 cells")
    #expect(reason([[0, 1, 2], [1, 2, 3]]).contains("simplices[1] is flat: its points (2, 0), (0, 2), (1, 1)"))
    #expect(reason([[0, 1, 2], [0, 1, 5]]).contains("simplices[0] and simplices[1] overlap"))
    #expect(reason([[0, 1, 2], [0, 1, 4]]).contains("overlap"))
    #expect(reason([[0, 1, 9]]).contains("from 0 to 5"))
    #expect(reason([]).contains("no simplices"))
  }

  @Test("grids are cut into n! simplices a box and interpolate; too many are refused with their number")
  func grids() throws {
    var source = RandomSource(seed: 3)
    let axes: [[Rational]] = [[0, 1, 3], [Rational(-1, 2), 2], [0, Rational(1, 3), 1]]
    let values = (0..<18).map { _ in [Rational(source.index(below: 20)), 1] }
    let grid = try GridTable(axes: axes, values: values).polyhedralFunction()
    #expect(grid.cells.count == 2 * 1 * 2 * 6)
    #expect(grid.fit().isAccepted)
    for (index, value) in values.enumerated() {
      let point = [axes[0][index / 6], axes[1][index / 3 % 2], axes[2][index % 3]]
      #expect(grid(point) == value)
    }
    let long = (0...100).map { Rational($0) }
    #expect(
      reason { try GridTable(axes: [long, long, long], values: [[0]]).polyhedralFunction() }
        .contains("6000000 simplices"))
    let many = Array(repeating: [Rational(0), 1], count: 30)
    #expect(reason { try GridTable(axes: many, values: [[0]]).polyhedralFunction() }.contains("more than 9e18"))
    #expect(reason { try GridTable(axes: [[0, 0]], values: [[0]]).polyhedralFunction() }.contains("must increase"))
  }

  @Test("breakpoints that do not increase, or stand alone, are refused")
  func breakpoints() {
    func reason(_ positions: [Rational], _ slope: [Rational]?) -> String {
      self.reason {
        try BreakpointTable(
          points: positions.map { .init(position: $0, values: [1]) }, leftSlopes: slope, rightSlopes: slope
        )
        .polyhedralFunction()
      }
    }
    #expect(reason([1, 2, 3], nil) == "4 cells")
    #expect(reason([1], [2]) == "2 cells")
    #expect(reason([1], nil).contains("left_slope"))
    #expect(reason([1, 1], nil).contains("points[1] lies at 1"))
  }

  @Test("network → cells: the network's values, continuous, in a box, a polytope and all of space")
  func networks() throws {
    for seed in 0..<4 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      func forms(_ count: Int, _ width: Int, first: Int) -> [AffineForm] {
        (0..<count).map { _ in
          AffineForm(
            constant: Double(source.index(below: 9) - 4) / 2,
            weights: (0..<width).map { _ in Double(source.index(below: 9) - 4) / 4 }, first: first)
        }
      }
      let network = try UnitNetwork(
        inputCount: 2,
        stages: [
          .init(name: "1", units: forms(4, 2, first: 0).map { .relu($0) }),
          .init(name: "2", units: forms(3, 4, first: 2).map { .relu($0) }),
        ],
        outputs: forms(2, 3, first: 6))
      let triangle = [
        HalfSpace(normal: [1, 1], offset: 3), HalfSpace(normal: [-1, 0], offset: 1),
        HalfSpace(normal: [0, -1], offset: 2),
      ]
      for domain in [RegionDomain.box(lower: [-3, -2], upper: [2, 3]), .polyhedron(triangle), .space] {
        let cells = try PolyhedralFunction(network, in: domain)
        let fit = cells.fit()
        #expect(fit.isAccepted && fit.largestGap == nil && fit.overlaps.isEmpty, "seed \(seed): \(fit)")
        #expect(cells.cells.count == (try RegionEnumeration(network, in: domain).count().activationRegions))
        for cell in cells.cells {
          let point = try #require(cell.polyhedron.innerPoint).map {
            Rational(exactly: ($0.doubleValue * 64).rounded() / 64)
          }
          guard let values = cells(point) else { continue }
          // All numbers are short dyadic ones, so that the forward pass in doubles is exact.
          #expect(values.map(\.doubleValue) == network(point.map(\.doubleValue)), "seed \(seed)")
        }
        let lattice = try cells.latticeForm(output: 1, fit: fit)
        for cell in cells.cells {
          for vertex in cell.polyhedron.vertices { #expect(lattice(vertex) == cell.map[1](vertex), "seed \(seed)") }
        }
      }
      #expect(throws: RepresentationError.self) { try PolyhedralFunction(network, in: .space, limit: 1) }
    }
  }

  @Test("a network with maxima")
  func maxima() throws {
    func form(_ weights: [Double], _ constant: Double) -> AffineForm {
      AffineForm(constant: constant, weights: weights, first: 0)
    }
    let stage = UnitNetwork.Stage(
      name: "pool",
      units: [.init(kind: .maximum, forms: [form([1, 0], 0), form([0, 1], 0.5), form([-1, -1], 0.25)])])
    let network = try UnitNetwork(
      inputCount: 2, stages: [stage], outputs: [AffineForm(constant: 1, weights: [2], first: 2)])
    let cells = try PolyhedralFunction(network, in: .space)
    #expect(cells.cells.count == 3 && cells.fit().isAccepted)
    #expect(cells([3, 1]) == [7])
    #expect(cells([-3, 1]) == [Rational(11, 2)])
  }
}
