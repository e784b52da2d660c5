import Exact
import Polyhedra
import Probability
import Testing

@testable import Representation

@Suite("Signed sums of maxima")
struct DecompositionTests {
  /// Small integers over `denominator`.
  private func number(_ source: inout RandomSource, size: Int = 9, denominator: Int = 1) -> Rational {
    Rational(Int(source.uniform() * Double(2 * size + 1)) - size, denominator)
  }

  private func function(_ source: inout RandomSource, inputs: Int) -> AffineFunction {
    AffineFunction(
      gradient: (0..<inputs).map { _ in number(&source) }, constant: number(&source))
  }

  private func lattice(_ source: inout RandomSource, inputs: Int, functions count: Int) -> LatticeForm {
    let functions = (0..<count).map { _ in function(&source, inputs: inputs) }
    let clauses = (0..<1 + Int(source.uniform() * 5)).map { _ in
      let members = (0..<count).filter { _ in source.uniform() < 0.4 }
      return members.isEmpty ? [Int(source.uniform() * Double(count))] : members
    }
    return LatticeForm(functions: functions, clauses: clauses)
  }

  private func points(_ source: inout RandomSource, inputs: Int, count: Int) -> [[Rational]] {
    (0..<count).map { _ in (0..<inputs).map { _ in number(&source, size: 60, denominator: 7) } }
  }

  @Test func knownLatticeForms() throws {
    // Median of three in the plane: x + y + z − max − min in terms of pairs.
    let functions = [
      AffineFunction(gradient: [1, 0], constant: 0), AffineFunction(gradient: [0, 1], constant: 0),
      AffineFunction(gradient: [-1, -1], constant: 1),
    ]
    let median = LatticeForm(functions: functions, clauses: [[0, 1], [0, 2], [1, 2]])
    let sum = try SignedMaximumSum(median)
    #expect(
      Set(sum.terms) == [
        .init(coefficient: 1, arguments: [0, 1]), .init(coefficient: 1, arguments: [0, 2]),
        .init(coefficient: 1, arguments: [1, 2]), .init(coefficient: -2, arguments: [0, 1, 2]),
      ])
    // One function at least.
    let single = try SignedMaximumSum(LatticeForm(functions: functions, clauses: [[2]]))
    #expect(single.terms == [.init(coefficient: 1, arguments: [0])])
    #expect(single.functions == [functions[2]])
    // Two equal functions are one.
    let twins = try SignedMaximumSum(maximumOf: [functions[0], functions[0]])
    #expect(twins.terms.count == 1)
  }

  @Test func larger() throws {
    // 12 functions in the plane, 8 clauses: 21 terms of at most three arguments.
    let rows = [
      (-4, 2, 4), (7, 9, -5), (5, -5, -8), (-1, -2, 0), (9, -5, -3), (-9, -3, -5), (-2, -1, -7), (8, 8, 4), (-1, 4, -8),
      (5, 5, 9), (3, -9, -1), (5, -6, -1),
    ]
    let functions = rows.map {
      AffineFunction(gradient: [Rational($0.0), Rational($0.1)], constant: Rational($0.2))
    }
    let clauses = [[1, 2, 3], [0, 5, 7, 9], [2, 4, 8], [2, 10, 11], [3, 11], [4, 5], [5, 8, 10], [1, 4, 10]]
    let sum = try SignedMaximumSum(LatticeForm(functions: functions, clauses: clauses))
    #expect(sum.terms.count == 21)
    #expect(sum.largestArity == 3)
    #expect(sum([Rational(17, 3), Rational(-3, 2)]) == Rational(167, 6))
    #expect(sum([Rational(1, 6), Rational(30, 7)]) == Rational(-271, 14))
  }

  @Test(arguments: 1...4) func randomLatticeForms(inputs: Int) throws {
    let seed = UInt64(40 + inputs)
    var source = RandomSource(seed: seed)
    for round in 0..<60 {
      let lattice = lattice(&source, inputs: inputs, functions: 1 + round % 12)
      let sum = try SignedMaximumSum(lattice)
      #expect(sum.largestArity <= inputs + 1, "seed \(seed), round \(round)")
      // Adding a constant to every function adds it to the result.
      #expect(sum.terms.reduce(0) { $0 + $1.coefficient } == 1, "seed \(seed), round \(round)")
      for point in points(&source, inputs: inputs, count: 20) {
        #expect(sum(point) == lattice(point), "seed \(seed), round \(round), point \(point)")
      }
    }
  }

  @Test(arguments: 1...4) func randomMaxima(inputs: Int) throws {
    let seed = UInt64(50 + inputs)
    var source = RandomSource(seed: seed)
    for round in 0..<20 {
      let count = 1 + Int(source.uniform() * 14)
      let convex = (0..<count).map { _ in function(&source, inputs: inputs) }
      let subtracted = (0..<1 + round % 4).map { _ in function(&source, inputs: inputs) }
      let maximum = try SignedMaximumSum(maximumOf: convex)
      let difference = try SignedMaximumSum(differenceOf: convex, and: subtracted)
      #expect(max(maximum.largestArity, difference.largestArity) <= inputs + 1)
      for point in points(&source, inputs: inputs, count: 20) {
        let largest = convex.map { $0(point) }.max()!
        let other = subtracted.map { $0(point) }.max()!
        #expect(maximum(point) == largest, "seed \(seed), round \(round), point \(point)")
        #expect(difference(point) == largest - other, "seed \(seed), round \(round), point \(point)")
      }
    }
  }

  /// Cells of a lattice form, over a box or all of space, and back.
  @Test(arguments: 1...4) func randomCells(inputs: Int) throws {
    let seed = UInt64(60 + inputs)
    var source = RandomSource(seed: seed)
    for round in 0..<(inputs == 4 ? 6 : 15) {
      let lattice = lattice(&source, inputs: inputs, functions: 2 + round % 6)
      let isBounded = round.isMultiple(of: 2)
      let box = ExactPolyhedron(
        box: Array(repeating: -5, count: inputs), Array(repeating: Rational(13, 2), count: inputs))
      let function = try PolyhedralFunction(maxMin: [lattice], in: isBounded ? box : nil)
      let sum = try SignedMaximumSum(function)
      #expect(sum.largestArity <= inputs + 1, "seed \(seed), round \(round)")
      for point in points(&source, inputs: inputs, count: 20) where !isBounded || box.contains(point) {
        #expect(sum(point) == lattice(point), "seed \(seed), round \(round), point \(point)")
      }
      for cell in function.cells {
        for vertex in cell.polyhedron.vertices {
          #expect(sum(vertex) == lattice(vertex), "seed \(seed), round \(round)")
        }
      }
    }
  }

  private func cell(_ rows: [(normal: [Rational], offset: Rational)], _ map: AffineFunction) -> PolyhedralFunction.Cell
  {
    let polyhedron = ExactPolyhedron(
      dimension: map.inputs, halfSpaces: rows.map { ExactHalfSpace(normal: $0.normal, offset: $0.offset) })
    return .init(polyhedron: polyhedron, map: [map])
  }

  /// Fans around a point: germs whose pieces cross inside one another's cells.
  @Test func fans() throws {
    let seed: UInt64 = 90
    var source = RandomSource(seed: seed)
    // Directions of rays in the order of their angles, two of which are never further apart than a half turn.
    let circle: [[Rational]] = [
      [5, 0], [4, 3], [3, 4], [0, 5], [-3, 4], [-4, 3], [-5, 0], [-4, -3], [-3, -4], [0, -5], [3, -4], [4, -3],
    ]
    for round in 0..<60 {
      let rays = circle.indices.filter { $0.isMultiple(of: 4) || source.uniform() < 0.6 }.map { circle[$0] }
      let heights = rays.map { _ in number(&source, size: 6) }
      let cells = rays.indices.map { index in
        let (first, second) = (rays[index], rays[(index + 1) % rays.count])
        let (low, high) = (heights[index], heights[(index + 1) % rays.count])
        let determinant = first[0] * second[1] - first[1] * second[0]
        let gradient = [
          (low * second[1] - high * first[1]) / determinant, (high * first[0] - low * second[0]) / determinant,
        ]
        return cell(
          [([first[1], -first[0]], 0), ([-second[1], second[0]], 0)], AffineFunction(gradient: gradient, constant: 0))
      }
      let function = PolyhedralFunction(inputs: 2, outputs: 1, cells: cells)
      let sum = try SignedMaximumSum(function)
      for point in points(&source, inputs: 2, count: 60) {
        #expect(sum(point) == function(point)?[0], "seed \(seed), round \(round), point \(point)")
      }
    }
  }

  /// Cells of a network-like refinement, joined again.
  @Test(arguments: 1...3) func merging(inputs: Int) throws {
    let seed = UInt64(130 + inputs)
    var source = RandomSource(seed: seed)
    for round in 0..<8 {
      let lattice = lattice(&source, inputs: inputs, functions: 4)
      // A second output that is constant but cuts the cells.
      let cuts = self.lattice(&source, inputs: inputs, functions: 4)
      let box = ExactPolyhedron(box: Array(repeating: -4, count: inputs), Array(repeating: 5, count: inputs))
      let domain = round.isMultiple(of: 2) ? box : nil
      let fine = try PolyhedralFunction(maxMin: [lattice, cuts], in: domain).restricted(toOutput: 0)
      let merged = fine.merged()
      let coarse = try PolyhedralFunction(maxMin: [lattice], in: domain)
      #expect(merged.cells.count <= fine.cells.count, "seed \(seed), round \(round)")
      if inputs == 1 { #expect(merged.cells.count <= coarse.cells.count, "seed \(seed), round \(round)") }
      #expect(merged.fit().isAccepted && merged.fit().overlaps.isEmpty, "seed \(seed), round \(round)")
      for point in points(&source, inputs: inputs, count: 30) where domain?.contains(point) ?? true {
        #expect(merged(point)?[0] == lattice(point), "seed \(seed), round \(round), point \(point)")
      }
    }
  }

  @Test func cellsThatDoNotMeetInFaces() throws {
    // |y| on the square, its upper half in one cell, its lower half in two.
    let (up, down) = (AffineFunction(gradient: [0, 1], constant: 0), AffineFunction(gradient: [0, -1], constant: 0))
    let square: [(normal: [Rational], offset: Rational)] = [([1, 0], 1), ([-1, 0], 1), ([0, 1], 1), ([0, -1], 1)]
    let cells = [
      cell(square + [([0, -1], 0)], up), cell(square + [([0, 1], 0), ([1, 0], 0)], down),
      cell(square + [([0, 1], 0), ([-1, 0], 0)], down),
    ]
    let sum = try SignedMaximumSum(PolyhedralFunction(inputs: 2, outputs: 1, cells: cells))
    #expect(sum.terms == [.init(coefficient: 1, arguments: [0, 1])])
  }

  @Test func crossingEdges() throws {
    // In space, |z| with the lower half divided along x = 0 and the upper along y = 0: the dividing edges cross at the
    // origin, which is a vertex of no cell.
    let (up, down) = (
      AffineFunction(gradient: [0, 0, 1], constant: 0), AffineFunction(gradient: [0, 0, -1], constant: 0)
    )
    let cube = ExactPolyhedron(box: [-1, -1, -1], [1, 1, 1]).halfSpaces.map { (normal: $0.normal, offset: $0.offset) }
    let x: [Rational] = [1, 0, 0]
    let y: [Rational] = [0, 1, 0]
    let z: [Rational] = [0, 0, 1]
    func minus(_ vector: [Rational]) -> [Rational] { vector.map { -$0 } }
    let cells = [
      cell(cube + [(minus(z), 0), (x, 0)], up), cell(cube + [(minus(z), 0), (minus(x), 0)], up),
      cell(cube + [(z, 0), (y, 0)], down), cell(cube + [(z, 0), (minus(y), 0)], down),
    ]
    let function = PolyhedralFunction(inputs: 3, outputs: 1, cells: cells)
    let sum = try SignedMaximumSum(function)
    #expect(sum.terms == [.init(coefficient: 1, arguments: [0, 1])])
    #expect(sum([Rational(1, 3), Rational(-1, 5), Rational(-1, 2)]) == Rational(1, 2))
  }

  @Test func lineality() throws {
    // |x + y| on all of the plane: no cell has a vertex.
    let (up, down) = (AffineFunction(gradient: [1, 1], constant: 0), AffineFunction(gradient: [-1, -1], constant: 0))
    let cells = [cell([([-1, -1], 0)], up), cell([([1, 1], 0)], down)]
    let sum = try SignedMaximumSum(PolyhedralFunction(inputs: 2, outputs: 1, cells: cells))
    #expect(sum.terms == [.init(coefficient: 1, arguments: [0, 1])])
  }

  @Test func roundedCells() throws {
    // The two halves of |x| miss one another by 1e-9, in place and in value.
    let tiny = Rational("1e-9")!
    let cells = [
      cell(
        [([-1, 0], -tiny), ([1, 0], 1), ([0, 1], 1), ([0, -1], 1)], AffineFunction(gradient: [1, 0], constant: tiny)),
      cell(
        [([1, 0], 0), ([-1, 0], 1), ([0, 1], 1), ([0, -1], 1)], AffineFunction(gradient: [-1, 0], constant: 0)),
    ]
    let function = PolyhedralFunction(inputs: 2, outputs: 1, cells: cells)
    let sum = try SignedMaximumSum(function, tolerance: Rational("1e-8")!)
    #expect(sum.terms == [.init(coefficient: 1, arguments: [0, 1])])
  }
}
