import Exact
import Networks
import Polyhedra
import Probability
import Testing

@testable import Representation

@Suite struct OneHiddenLayerTests {
  private enum Domain: Int {
    case box, space, orthant

    func polyhedron(_ dimension: Int) -> ExactPolyhedron {
      switch self {
      case .box:
        ExactPolyhedron(
          box: Array(repeating: -3, count: dimension), Array(repeating: 3, count: dimension))
      case .space: ExactPolyhedron(dimension: dimension, halfSpaces: [])
      case .orthant:
        ExactPolyhedron(
          dimension: dimension,
          halfSpaces: (0..<dimension).map { axis in
            ExactHalfSpace(normal: (0..<dimension).map { $0 == axis ? -1 : 0 }, offset: 0)
          })
      }
    }
  }

  private static func cells(_ domain: ExactPolyhedron, cutBy functions: [AffineFunction]) -> [ExactPolyhedron] {
    functions.reduce([domain]) { cells, function in
      cells.flatMap { cell in
        [function, -function].map { cell.intersection([ExactHalfSpace(notNegative: $0)]) }
          .filter(\.isFullDimensional)
      }
    }
  }

  /// The function that a signed sum of hinges is, on the cells of all its hyperplanes and of some more.
  private static func function(
    _ domain: ExactPolyhedron, _ hinges: [(jump: Rational, function: AffineFunction)], rest: AffineFunction,
    cuts: [AffineFunction] = []
  ) -> PolyhedralFunction {
    let cells = cells(domain, cutBy: hinges.map(\.function) + cuts).map { cell in
      let point = cell.innerPoint ?? []
      let map = hinges.reduce(rest) { $1.function(point).signum > 0 ? $0 + $1.jump * $1.function : $0 }
      return PolyhedralFunction.Cell(polyhedron: cell, map: [map])
    }
    return PolyhedralFunction(inputs: domain.dimension, outputs: 1, cells: cells)
  }

  private static func result(_ function: PolyhedralFunction) throws -> OneHiddenLayerNetwork? {
    guard case .representable(let result) = try function.oneHiddenLayer() else { return nil }
    return result
  }

  private static func offence(_ function: PolyhedralFunction) throws -> OffendingCrease? {
    guard case .notRepresentable(let offence) = try function.oneHiddenLayer() else { return nil }
    return offence
  }

  /// By all orientations: the fewest units for hinges on different hyperplanes that cut the domain.
  private static func fewestUnits(
    _ domain: Domain, _ hinges: [(jump: Rational, function: AffineFunction)], rest: AffineFunction
  ) -> Int {
    let rests = (0..<(1 << hinges.count)).map { mask in
      hinges.indices.filter { mask >> $0 & 1 == 1 }
        .reduce(rest) { $0 + hinges[$1].jump * hinges[$1].function }.gradient
    }
    if rests.contains(where: { $0.allSatisfy { $0.signum == 0 } }) { return hinges.count }
    let isOneMore = rests.contains { gradient in
      let isParallel = hinges.contains { hinge in
        let normal = hinge.function.gradient
        return normal.indices.allSatisfy { i in
          normal.indices.allSatisfy { gradient[i] * normal[$0] == gradient[$0] * normal[i] }
        }
      }
      switch domain {
      case .box: return true
      case .space: return isParallel
      case .orthant:
        return isParallel || gradient.allSatisfy { $0.signum >= 0 } || gradient.allSatisfy { $0.signum <= 0 }
      }
    }
    return hinges.count + (isOneMore ? 1 : 2)
  }

  @Test(arguments: 0..<90) func sumsOfHingesAreFound(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let dimension = 1 + random.index(below: 3)
    let domain = try #require(Domain(rawValue: seed % 3))
    func affine(_ size: Int) -> AffineFunction {
      AffineFunction(
        gradient: (0..<dimension).map { _ in random.lineNumber(size: size) }, constant: random.lineNumber(size: size))
    }
    let polyhedron = domain.polyhedron(dimension)
    var hinges: [(jump: Rational, function: AffineFunction)] = []
    for _ in 0..<(1 + random.index(below: 4)) {
      let function = affine(2)
      guard !function.isConstant, Self.cells(polyhedron, cutBy: [function]).count == 2,
        !hinges.contains(where: { Self.cells(polyhedron, cutBy: [$0.function, function]).count == 2 })
      else { continue }
      hinges.append((Rational(random.index(below: 2) == 0 ? 1 : -2, 1 + random.index(below: 2)), function))
    }
    let rest = seed % 5 == 0 ? AffineFunction(constant: 1, inputs: dimension) : affine(2)
    let function = Self.function(polyhedron, hinges, rest: rest, cuts: [affine(1)])
    let result = try #require(try Self.result(function), "seed \(seed)")
    #expect(result.isMinimal, "seed \(seed)")
    #expect(result.units == Self.fewestUnits(domain, hinges, rest: rest), "seed \(seed)")
    #expect(result.network.hidden.count <= 1, "seed \(seed)")
    for _ in 0..<30 {
      let point = (0..<dimension).map { _ in random.lineNumber(size: 6, denominators: 5) }
      if let value = function(point) { #expect(result.network(point) == value, "seed \(seed)") }
    }
  }

  /// max(0, x, y) as the largest of three: the hyperplane x = 0 bends for y < 0 alone.
  private static func maximumOfThree(_ domain: ExactPolyhedron) -> PolyhedralFunction {
    let functions = [[0, 0], [1, 0], [0, 1]].map { AffineFunction(gradient: $0.map { Rational($0) }, constant: 0) }
    let cells = functions.map { function in
      PolyhedralFunction.Cell(
        polyhedron: domain.intersection(functions.map { ExactHalfSpace(notNegative: function - $0) }), map: [function])
    }
    return PolyhedralFunction(inputs: 2, outputs: 1, cells: cells.filter(\.polyhedron.isFullDimensional))
  }

  @Test func maximumOfThreeHasAnOffendingCrease() throws {
    for domain in [Domain.space.polyhedron(2), Domain.box.polyhedron(2)] {
      let offence = try #require(try Self.offence(Self.maximumOfThree(domain)))
      #expect(offence.first.jump != offence.second.jump)
      for place in [offence.first, offence.second] {
        #expect(offence.hyperplane(place.point).signum == 0)
        #expect(domain.halfSpaces.allSatisfy { $0.slack(at: place.point).signum > 0 })
      }
      #expect(offence.hyperplane.gradient.first { $0.signum != 0 } == 1)
    }
  }

  /// Where only one crease reaches into the domain, the same function is one hinge.
  @Test func maximumOfThreeIsAHingeWhereYIsNegative() throws {
    let half = ExactPolyhedron(dimension: 2, halfSpaces: [ExactHalfSpace(normal: [0, 1], offset: -1)])
    let result = try #require(try Self.result(Self.maximumOfThree(half)))
    #expect(result.units == 1)
    #expect(result.network([5, -2]) == [5])
    #expect(result.network([-5, -2]) == [0])
  }

  /// σ(x) + σ(min(x, y)): on x = 0 the jump is 1 below y = 0 and 2 above.
  @Test func differentJumpsOnOneHyperplaneAreAnOffence() throws {
    let box = Domain.box.polyhedron(2)
    let axes = [[1, 0], [0, 1]].map { AffineFunction(gradient: $0.map { Rational($0) }, constant: 0) }
    let diagonal = axes[0] - axes[1]
    let cells = Self.cells(box, cutBy: axes + [diagonal]).map { cell in
      let point = cell.innerPoint ?? []
      let zero = AffineFunction(constant: 0, inputs: 2)
      let first = point[0].signum > 0 ? axes[0] : zero
      let least = point[0] < point[1] ? axes[0] : axes[1]
      return PolyhedralFunction.Cell(
        polyhedron: cell, map: [first + (least(point).signum > 0 ? least : zero)])
    }
    let offence = try #require(
      try Self.offence(PolyhedralFunction(inputs: 2, outputs: 1, cells: cells)))
    #expect(Set([offence.first.jump, offence.second.jump]).count == 2)
  }

  @Test func facetsNeedNotMatch() throws {
    let box = Domain.box.polyhedron(2)
    let axes = [[1, 0], [0, 1]].map { AffineFunction(gradient: $0.map { Rational($0) }, constant: 0) }
    let left = Self.cells(box, cutBy: [axes[0]])[1]
    let right = Self.cells(Self.cells(box, cutBy: [axes[0]])[0], cutBy: [axes[1], axes[1] - axes[0]])
    let cells =
      [PolyhedralFunction.Cell(polyhedron: left, map: [AffineFunction(constant: 0, inputs: 2)])]
      + right.map { PolyhedralFunction.Cell(polyhedron: $0, map: [3 * axes[0]]) }
    let result = try #require(try Self.result(PolyhedralFunction(inputs: 2, outputs: 1, cells: cells)))
    #expect(result.units == 1)
    #expect(result.network([2, 1]) == [6])
  }

  @Test(arguments: 0..<30) func oneInputAgreesWithBrokenLines(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let line = try random.brokenLine(count: 1 + random.index(below: 6), size: 3)
    let ends = line.breakpoints
    let cells = line.slopes.indices.map { index in
      var halfSpaces: [ExactHalfSpace] = []
      if index > 0 { halfSpaces.append(ExactHalfSpace(normal: [-1], offset: -ends[index - 1])) }
      if index < ends.count { halfSpaces.append(ExactHalfSpace(normal: [1], offset: ends[index])) }
      let (slope, constant) = line.piece(index)
      return PolyhedralFunction.Cell(
        polyhedron: ExactPolyhedron(dimension: 1, halfSpaces: halfSpaces),
        map: [AffineFunction(gradient: [slope], constant: constant)])
    }
    let result = try #require(
      try Self.result(PolyhedralFunction(inputs: 1, outputs: 1, cells: cells)), "seed \(seed)")
    #expect(try BrokenLine(result.network) == line, "seed \(seed)")
    #expect(try result.units == line.minimalTwoLayerNetwork(outputBias: true).units, "seed \(seed)")
  }

  @Test func badFunctionsAreRefused() throws {
    let box = ExactPolyhedron(box: [0, 0], [1, 1])
    let next = ExactPolyhedron(box: [1, 0], [2, 1])
    let far = ExactPolyhedron(box: [3, 0], [4, 1])
    let x = AffineFunction(gradient: [1, 0], constant: 0)
    let one = AffineFunction(constant: 1, inputs: 2)
    func test(_ cells: [(ExactPolyhedron, AffineFunction)], output: Int = 0) throws -> OneHiddenLayerAnswer {
      try PolyhedralFunction(inputs: 2, outputs: 1, cells: cells.map { .init(polyhedron: $0, map: [$1]) })
        .oneHiddenLayer(output: output)
    }
    #expect(throws: RepresentationError.self) { try test([(box, x)], output: 1) }
    #expect(throws: RepresentationError.self) { try test([(box, x)], output: -1) }
    let error = #expect(throws: RepresentationError.self) { try test([(box, x), (next, x + one)]) }
    #expect(error?.description.contains("not continuous") == true)
    #expect(throws: RepresentationError.self) { try test([(box, x), (far, x + one)]) }
    #expect(throws: RepresentationError.self) { try test([(box, x), (box, one)]) }
    let flat = box.intersection([ExactHalfSpace(normal: [1, 0], offset: 0)])
    #expect(throws: RepresentationError.self) { try test([(flat, x)]) }
    // Equal at one end of the facet only.
    #expect(throws: RepresentationError.self) {
      try test([(box, one), (next, AffineFunction(gradient: [0, 1], constant: 1))])
    }
  }
}
