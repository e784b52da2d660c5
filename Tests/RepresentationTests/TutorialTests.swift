import Exact
import Networks
import PiecewiseLinear
import Polyhedra
import Probability
import Representation
import Testing

/// The code of the articles in this room's documentation, with the answers that they quote.
@Suite struct TutorialTests {
  private let x = AffineFunction(gradient: [1, 0], constant: 0)
  private let y = AffineFunction(gradient: [0, 1], constant: 0)

  // MARK: Every function is a network

  @Test func theorem21() throws {
    let rest = AffineFunction(gradient: [-1, -1], constant: 1)
    let median = LatticeForm(functions: [x, y, rest], clauses: [[0, 1], [0, 2], [1, 2]])
    let sum = try SignedMaximumSum(median)
    #expect(sum.terms.map(\.arguments) == [[0, 1], [0, 2], [1, 2], [0, 1, 2]])
    #expect(sum.terms.map(\.coefficient) == [1, 1, 1, -2])
    let compilation = try Compiler().compile([sum])
    #expect(compilation.widths == [6, 3])
    #expect(compilation.theoremHiddenLayers == 2)
    let cells = try PolyhedralFunction(maxMin: [median])
    #expect(cells.cells.count == 6)
    #expect(try FunctionComparison(cells, compilation.network).run().isEqual)
  }

  @Test func circuitElimination() throws {
    let norm = try SignedMaximumSum(maximumOf: [x, -x, y, -y])
    #expect(norm.largestArity == 3)
    #expect(norm.terms.map(\.coefficient).reduce(0, +) == 1)
    for point in [[3, -1], [-2, 5], [0, 0], [-4, -4], [1, 7]] as [[Rational]] {
      #expect(norm(point) == max(point[0].magnitude, point[1].magnitude))
    }
    // 24 affine functions of three inputs.
    let seed: UInt64 = 1
    var source = RandomSource(seed: seed)
    let functions = (0..<24).map { _ in
      AffineFunction(
        gradient: (0..<3).map { _ in Rational(source.index(below: 199) - 99) },
        constant: Rational(source.index(below: 199) - 99))
    }
    let large = try SignedMaximumSum(maximumOf: functions)
    #expect(large.largestArity <= 4)
    for _ in 0..<20 {
      let point = (0..<3).map { _ in Rational(source.index(below: 2001) - 1000, 7) }
      #expect(large(point) == functions.map { $0(point) }.max(), "seed \(seed), \(point)")
    }
  }

  @Test func germsOfCells() throws {
    let values: [[Rational]] = [0, 1, 1, 0, 1, 4, 3, 1, 2, 7, 5, 2, 1, 3, 6, 4, 0, 2, 3, 1].map { [$0] }
    let terrain = try GridTable(axes: [[0, 1, 2, 3, 5], [0, 1, 2, 4]], values: values).polyhedralFunction()
    #expect(terrain.cells.count == 24)
    let sum = try SignedMaximumSum(terrain)
    #expect(sum.largestArity == 3)
    let network = try Compiler().compile([sum]).network
    #expect(network.hidden.count == 2)
    #expect(try FunctionComparison(terrain, network).run().isEqual)
  }

  @Test func theorem22() throws {
    let line = try BrokenLine(
      points: [.init(0, 0), .init(1, -2), .init(2, -3)], leftSlope: 1, rightSlope: 1)
    #expect(line.kinks == [-3, 1, 2])
    #expect(try line.twoLayerNetwork(outputBias: true).size == 4)
    #expect(try line.minimalTwoLayerNetwork(outputBias: true).units == 3)
    #expect(try line.minimalTwoLayerNetwork(outputBias: true).leastUnits == 3)
    let other = try BrokenLine(
      points: [.init(0, Rational(1, 2)), .init(1, Rational(-3, 2)), .init(2, Rational(-5, 2))], leftSlope: 1,
      rightSlope: 2)
    #expect(other.kinks == [-3, 1, 3])
    #expect(try other.minimalTwoLayerNetwork(outputBias: true).units == 4)
    #expect(try other.minimalTwoLayerNetwork(outputBias: true).isMinimal)
    #expect(try other.minimalTwoLayerNetwork(outputBias: false).units == 5)
    #expect(try other.minimalTwoLayerNetwork(outputBias: false).isMinimal)
    #expect(try BrokenLine(slope: 3, constant: 1).minimalTwoLayerNetwork(outputBias: false).units == 2)
  }

  @Test func theorem23() throws {
    let samples = (0...16).map { BrokenLine.Point(Rational($0, 16), Rational($0 * $0, 256)) }
    let best = try UniformApproximation.best(of: samples, pieces: 4)
    #expect(best.error == Rational(1, 128) && best.lowerBound == best.error)
    #expect(try best.function.minimalTwoLayerNetwork(outputBias: true).units <= 4)
    #expect(try InterpolationError.bound(of: best.function, from: samples, curvature: 2) == Rational(19, 1024))
    let axis = (0...4).map { Rational($0, 4) }
    let grid = GridTable(axes: [axis, axis], values: axis.flatMap { x in axis.map { [x * $0] } })
    let product = try Compiler().compile([SignedMaximumSum(grid.polyhedralFunction())])
    #expect(product.widths == [15, 50])
    #expect(try InterpolationError.bound(grid: grid.axes, curvature: 1) == Rational(1, 64))
  }

  @Test func calculus() throws {
    let hat = try BrokenLine(points: [.init(0, 0), .init(1, 1), .init(2, 0)], leftSlope: 0, rightSlope: 0)
    let network = try hat.minimalTwoLayerNetwork(outputBias: false).network
    #expect(network.hiddenWidths == [3])
    let twice = try network.after(network.scaled(by: 2))
    #expect(twice.hiddenWidths == [3, 3])
    #expect(try BrokenLine(twice).pieces == 6)
    #expect(try network.adding(twice).hiddenWidths == [6, 5])
    let larger = try RationalNetwork.maximum(of: [network, twice, network.scaled(by: -1)])
    #expect(larger.hiddenWidths == [9, 6, 3])
    #expect(try BrokenLine(larger) == hat.maximum(BrokenLine(twice)).maximum(-hat))
    let affine = try RationalNetwork.affine([x + y, x - y], hiddenLayer: true)
    #expect(affine.hiddenWidths == [4])
  }

  @Test func oneHiddenLayer() throws {
    let zero = AffineFunction(constant: 0, inputs: 2)
    let corner = try PolyhedralFunction(maxMin: [LatticeForm(functions: [zero, x, y], clauses: [[0], [1], [2]])])
    guard case .notRepresentable(let crease) = try corner.oneHiddenLayer() else {
      Issue.record("max(0, x, y) has no network with one hidden layer")
      return
    }
    #expect(crease.hyperplane == x)
    #expect(crease.first.point == [0, -1] && crease.first.jump == 1)
    #expect(crease.second.point == [0, 1] && crease.second.jump == 0)
    let saddle = ConvexDifference(convex: [x, -x], subtracted: [y, -y])
    guard case .representable(let network) = try PolyhedralFunction(differences: [saddle]).oneHiddenLayer() else {
      Issue.record("|x| − |y| has a network with one hidden layer")
      return
    }
    #expect(network.units == 4 && network.isMinimal)
    let larger = LatticeForm(functions: [x, y], clauses: [[0], [1]])
    guard case .representable(let three) = try PolyhedralFunction(maxMin: [larger]).oneHiddenLayer() else {
      Issue.record("max(x, y) has a network with one hidden layer")
      return
    }
    #expect(three.units == 3 && three.isMinimal)
  }

  @Test func maximaInFewLayers() throws {
    #expect(try MaximumNetwork.tree(count: 5).hiddenWidths == [8, 5, 3])
    #expect(try MaximumNetwork.shallow(count: 5).hiddenWidths == [10, 9])
    #expect([2, 5, 12, 30, 75, 187].map { MaximumNetwork.shallowHiddenLayers(count: $0) } == [1, 2, 3, 4, 5, 6])
    let inputs = 4
    let functions =
      [AffineFunction(constant: 0, inputs: inputs)]
      + (0..<inputs).map { index in
        AffineFunction(gradient: (0..<inputs).map { $0 == index ? 1 : 0 }, constant: 0)
      }
    let sum = try SignedMaximumSum(maximumOf: functions)
    #expect(try Compiler().compile([sum]).widths == [6, 5, 3])
    #expect(try Compiler(minimisesDepth: true).compile([sum]).widths == [8, 7])
  }

  /// The identity behind them, on every order of five numbers with and without ties.
  @Test func fiveNumbers() {
    let range = (0..<5).map { Rational($0) }
    for code in 0..<3125 {
      let v = [code % 5, code / 5 % 5, code / 25 % 5, code / 125 % 5, code / 625].map { range[$0] }
      func m(_ indices: Int...) -> Rational { indices.map { v[$0 - 1] }.max() ?? .zero }
      let h = (m(2, 3) + m(4, 5)) / 2
      let first = max(v[0], h) - max((m(1, 2) + m(1, 3)) / 2, h) - max((m(1, 4) + m(1, 5)) / 2, h)
      let second = (m(1, 3, 4, 5) + m(1, 2, 4, 5) + m(1, 2, 3, 5) + m(1, 2, 3, 4)) / 2
      #expect(first + second == m(1, 2, 3, 4, 5), "\(v)")
    }
  }

  // MARK: What depth buys

  @Test func sawtooths() throws {
    let hard = try Sawtooth(width: 3, layers: 4)
    #expect(hard.pieces == 82 && hard.piecesInside == 81)
    #expect(try hard.enumeratedPieces() == (82, 81))
    #expect(try hard.network.hiddenWidths == [3, 3, 3, 3])
    #expect(hard(Rational(1, 162)) == Rational(1, 2))
    #expect(hard.integral == Rational(1, 2) && hard.distanceToMean == Rational(1, 4))
    let uneven = try Sawtooth(knots: [[Rational(1, 5), Rational(1, 2)], [Rational(2, 7), Rational(3, 5)]])
    #expect(uneven(Rational(1, 3)) == Rational(14, 99))
    #expect(uneven.pieces == 10)
    let line = try BrokenLine(uneven.network)
    #expect(line.pieces == 10)
    let mean = BrokenLine(slope: 0, constant: Rational(1, 2))
    #expect(line.distanceL1(to: mean, on: 0...1) == Rational(1, 4))
  }

  @Test func sizes() throws {
    let bounds = try SizeBound.table(pieces: 82, inputs: 1, layers: 2)
    #expect(bounds.map(\.units) == [9, 12, 12, 17, 17])
    #expect(SizeBound.best(bounds)?.units == 17)
    let table = try DepthSeparation.table(largest: 4)
    #expect(table.map(\.deepLayers) == [4, 9, 16])
    #expect(table.map(\.deepSize) == [8, 27, 64])
    #expect(table.map(\.bound) == [3, Rational(79, 2), 511])
    #expect(table.map(\.productBound) == [7, 79, 1021])
    let gap = try ApproximationGap(width: 2, layers: 6, shallowLayers: 2)
    #expect(try gap.distance(units: 8) == Rational(1, 16))
    #expect(try gap.largestSize(delta: Rational(1, 10)) == 7)
    #expect(try gap.threshold(delta: Rational(1, 10))?.units == 4)
    #expect(try gap.threshold(delta: Rational(1, 4)) == nil)
  }

  // MARK: Zonotopes

  @Test func zonotopes() throws {
    let zonotope = try Zonotope.momentCurve(dimension: 3, count: 5)
    #expect(zonotope.vertexCount == 22)
    #expect(try Zonotope.genericVertexCount(dimension: 3, count: 5) == 22)
    #expect(try zonotope.vertices().count == 22)
    #expect(try zonotope.facets().count == 20)
    #expect(try zonotope.supportFunction([1, 0, 0]) == 5)
    let hexagon = try Zonotope(generators: [[1, -1, 0], [1, 0, -1], [0, 1, -1]])
    #expect(hexagon.vertexCount == 6 && hexagon.rank == 2)
    let family = try ZonotopeFamily(
      generators: Zonotope.momentCurve(dimension: 2, count: 3).generators, sawtooth: Sawtooth(width: 2, layers: 2))
    #expect(try family.pieces == 25)
    #expect(try family.network(.paired).hiddenWidths == [6, 2, 2])
    #expect(try family.network(.shared).hiddenWidths == [5, 2, 2])
    let (units, isExact) = try family.network().roundedUnits(to: .float64)
    let census = try RegionCensus(RegionEnumeration(units, in: .space))
    #expect(isExact && census.pieces == 25)
    let bounds = try family.sizeBounds(layers: 1)
    #expect(SizeBound.best(bounds)?.units == 9)
    #expect(SizeBound.best(bounds)?.name == "restriction to a line")
  }
}
