import Exact
import Polyhedra
import Probability
import Testing

@testable import Representation

@Suite("Continuity and covering")
struct ContinuityTests {
  private let zero = Sample.affine([0, 0], 0)

  private func box(_ lower: [Rational], _ upper: [Rational]) -> ExactPolyhedron { ExactPolyhedron(box: lower, upper) }

  @Test("one cell, bounded or not")
  func single() {
    for cell in [box([0, 0], [1, 1]), ExactPolyhedron(dimension: 2, halfSpaces: [])] {
      let fit = Sample.function([(cell, Sample.affine([1, 2], 3))]).fit()
      #expect(fit.isAccepted && fit.largestGap == nil && fit.overlaps.isEmpty)
      #expect(fit.description == "continuous")
    }
  }

  @Test("random surfaces are continuous on a square; one wrong value in one cell is found where it is")
  func surfaces() throws {
    for seed in 0..<6 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let surface = try Sample.randomSurface(columns: 3, rows: 4, source: &source).polyhedralFunction()
      #expect(surface.fit().isAccepted, "seed \(seed)")
      var cells = surface.cells
      let broken = source.index(below: cells.count)
      cells[broken].map[0].constant += Rational(1, 1000)
      let fit = PolyhedralFunction(inputs: 2, outputs: 1, cells: cells).fit()
      let gap = try #require(fit.largestGap)
      #expect(gap.magnitude == Rational(1, 1000), "seed \(seed)")
      #expect(gap.first == broken || gap.second == broken, "seed \(seed)")
      #expect(cells[gap.first].polyhedron.contains(gap.point) && cells[gap.second].polyhedron.contains(gap.point))
      #expect(cells[gap.first].map[0](gap.point) == gap.firstValue)
      #expect(!fit.isContinuous && fit.isConvex && fit.discontinuities >= 3, "seed \(seed)")
      #expect(fit.overlaps.isEmpty)
      #expect(throws: RepresentationError.self) { try fit.check() }
      #expect(PolyhedralFunction(inputs: 2, outputs: 1, cells: cells).fit(tolerance: Rational(1, 1000)).isAccepted)
    }
  }

  @Test("a T-junction fits, and does not when the long side bends at the joint")
  func junction() throws {
    let below = box([0, 0], [2, 1])
    let left = box([0, 1], [1, 2])
    let right = box([1, 1], [2, 2])
    let flat = Sample.function([(below, zero), (left, Sample.affine([0, 1], -1)), (right, Sample.affine([0, 2], -2))])
    #expect(!flat.fit().isContinuous)
    let fold = Sample.function([
      (below, Sample.affine([0, 1], 0)), (left, Sample.affine([0, 3], -2)), (right, Sample.affine([0, 3], -2)),
    ])
    #expect(fold.fit().isAccepted)
    let bend = Sample.function([(below, zero), (left, Sample.affine([1, 0], -1)), (right, Sample.affine([-1, 0], 1))])
    let gap = try #require(bend.fit().largestGap)
    #expect(gap.magnitude == 1)
    #expect(bend.fit().isConvex)
  }

  @Test("a hole of one triangle is found, and nothing else is wrong")
  func hole() throws {
    for seed in 10..<16 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      var table = Sample.randomSurface(columns: 4, rows: 3, source: &source)
      let inner = table.simplices.indices.filter { index in
        table.simplices[index].allSatisfy { corner in
          let point = table.points[corner]
          return point[0] > 0 && point[0] < 4 && point[1] > 0 && point[1] < 3
        }
      }
      let hole = try #require(inner.first)
      let corners = table.simplices.remove(at: hole).map { table.points[$0] }
      let surface = try table.polyhedralFunction()
      let fit = surface.fit()
      #expect(fit.isContinuous && !fit.isConvex && !fit.isAccepted, "seed \(seed)")
      let missing = try #require(fit.missing)
      #expect(surface(missing.point) == nil, "seed \(seed)")
      let signs = (0..<3).map { index -> Int in
        let (a, b) = (corners[index], corners[(index + 1) % 3])
        let (u, v) = (b[0] - a[0], b[1] - a[1])
        return (u * (missing.point[1] - a[1]) - v * (missing.point[0] - a[0])).signum
      }
      #expect(Set(signs).count == 1, "seed \(seed): \(missing.point) is not in \(corners)")
      #expect(fit.description.contains("lies in no cell"))
    }
  }

  @Test("an L, two squares at a corner, and two apart are not convex")
  func shapes() throws {
    let square = box([0, 0], [1, 1])
    for others in [
      [box([1, 0], [2, 1]), box([0, 1], [1, 2])], [box([1, 1], [2, 2])], [box([3, 0], [4, 1])],
      [box([0, 0], [2, Rational(1, 2)])],
    ] {
      let shape = Sample.function([(square, zero)] + others.map { ($0, zero) })
      let fit = shape.fit()
      #expect(fit.isContinuous)
      let missing = try #require(fit.missing)
      #expect(shape(missing.point) == nil)
      #expect(!fit.isConvex)
    }
    #expect(Sample.function([(square, zero), (box([1, 0], [2, 1]), zero)]).fit().isConvex)
    // Two thin holes end to end: covered from one side only.
    let frame = [box([0, 0], [3, 1]), box([0, 1], [1, 2]), box([2, 1], [3, 2]), box([0, 2], [3, 3])]
    #expect(Sample.function(frame.map { ($0, zero) }).fit().missing.map { $0.point[0] > 1 && $0.point[0] < 2 } == true)
  }

  @Test("overlaps: equal maps do no harm, different ones are a gap")
  func overlaps() throws {
    let left = box([0, 0], [2, 1])
    let right = box([1, 0], [3, 1])
    let same = Sample.function([(left, Sample.affine([1, 1], 0)), (right, Sample.affine([1, 1], 0))]).fit()
    #expect(same.isAccepted && same.overlaps.count == 1 && same.overlaps[0].gap == nil)
    let point = same.overlaps[0].point
    #expect(point[0] > 1 && point[0] < 2 && point[1] > 0 && point[1] < 1)
    let other = Sample.function([(left, Sample.affine([1, 1], 0)), (right, Sample.affine([0, 1], 1))]).fit()
    #expect(other.largestGap?.magnitude == 1 && !other.isContinuous && other.isConvex)
    #expect(other.overlaps[0].gap?.point[0] == 2)
    #expect(other.description.contains("overlap"))
    // Equal on the whole boundary of the overlap's side that is seen from one cell only.
    let inside = Sample.function([(box([0, 0], [4, 4]), zero), (box([1, 1], [2, 2]), Sample.affine([1, 0], -1))]).fit()
    #expect(inside.largestGap?.magnitude == 1 && inside.isConvex)
    #expect(Sample.function([(left, zero), (left, zero)]).fit().isAccepted)
  }

  @Test("unbounded cells: quadrants, a fan, slopes that part along a common ray")
  func unbounded() throws {
    func wedge(_ rows: [[Rational]]) -> ExactPolyhedron {
      ExactPolyhedron(dimension: 2, halfSpaces: rows.map { ExactHalfSpace(normal: $0, offset: 0) })
    }
    let quadrants = [[[-1, 0], [0, -1]], [[1, 0], [0, -1]], [[1, 0], [0, 1]], [[-1, 0], [0, 1]]].map(wedge)
    let maps = [
      Sample.affine([1, 1], 0), Sample.affine([-1, 1], 0), Sample.affine([-1, -1], 0), Sample.affine([1, -1], 0),
    ]
    #expect(Sample.function(Array(zip(quadrants, maps))).fit().isAccepted)
    let three = Sample.function(Array(zip(quadrants, maps).dropLast())).fit()
    #expect(three.isContinuous && !three.isConvex)
    let missing = try #require(three.missing)
    #expect(missing.point[0] > 0 && missing.point[1] < 0)
    #expect(Sample.function(Array(zip(quadrants, maps).prefix(2))).fit().isAccepted)
    #expect(!Sample.function([(quadrants[0], maps[0]), (quadrants[2], maps[2])]).fit().isConvex)
    let torn = Sample.function([(quadrants[0], Sample.affine([0, 1], 0)), (quadrants[1], Sample.affine([0, 2], 0))])
      .fit()
    let gap = try #require(torn.largestGap)
    #expect(gap.magnitude == nil && gap.direction == [0, 1] && !torn.isContinuous)
    #expect(torn.description.contains("without bound"))
    #expect(
      !Sample.function([(quadrants[0], Sample.affine([0, 1], 0)), (quadrants[1], Sample.affine([0, 2], 0))]).fit(
        tolerance: 9
      ).isAccepted)
    // Half planes have lines and no vertex of their own; the middle strip is missing in the second.
    let low = wedge([[1, 1]])
    let high = wedge([[-1, -1]])
    #expect(Sample.function([(low, Sample.affine([1, 1], 0)), (high, zero)]).fit().isAccepted)
    let far = ExactPolyhedron(dimension: 2, halfSpaces: [ExactHalfSpace(normal: [-1, -1], offset: -1)])
    let strip = Sample.function([(low, zero), (far, zero)])
    #expect(strip.fit().missing.map { strip($0.point) == nil } == true)
    #expect(Sample.function([(low, zero), (high, Sample.affine([1, -1], 0))]).fit().largestGap?.direction != nil)
  }

  @Test("one input")
  func line() throws {
    func segment(_ low: Rational, _ high: Rational) -> ExactPolyhedron { box([low], [high]) }
    let hat = Sample.function([(segment(0, 1), Sample.affine([1], 0)), (segment(1, 2), Sample.affine([-1], 2))])
    #expect(hat.fit().isAccepted)
    let gap = Sample.function([
      (segment(0, 1), Sample.affine([1], 0)), (segment(Rational(3, 2), 2), Sample.affine([1], 0)),
    ])
    #expect(gap.fit().missing.map { $0.point[0] > 1 && $0.point[0] < Rational(3, 2) } == true)
    let jump = Sample.function([
      (segment(0, 1), Sample.affine([1], 0)), (segment(1, 2), Sample.affine([1], Rational(1, 3))),
    ])
    #expect(jump.fit().largestGap?.point == [1])
    #expect(jump.fit().largestGap?.magnitude == Rational(1, 3))
    #expect(jump.fit().description.contains("output 0 is 1 in one and 4/3 in the other, 1/3 apart"))
  }

  @Test("three inputs: a grid fits, and does not without one of its simplices")
  func solid() throws {
    let lines = (0...2).map { Rational($0) }
    var source = RandomSource(seed: 5)
    let values = (0..<27).map { _ in [Rational(source.index(below: 7))] }
    let grid = try GridTable(axes: [lines, lines, lines], values: values).polyhedralFunction()
    #expect(grid.cells.count == 48)
    #expect(grid.fit().isAccepted && grid.fit().largestGap == nil)
    var cells = grid.cells
    cells.remove(at: 20)
    let holed = PolyhedralFunction(inputs: 3, outputs: 1, cells: cells)
    let missing = try #require(holed.fit().missing)
    #expect(holed(missing.point) == nil && grid(missing.point) != nil)
  }

  @Test("decimals: cells that miss each other by a little fit with slack, a real gap does not")
  func decimals() throws {
    let third = try #require(Rational("0.333333333"))
    let cells = [
      (box([0, 0], [third, 1]), Sample.affine([3, 0], 0)),
      (box([Rational(1, 3), 0], [1, Rational(1, 2)]), Sample.affine([0, 0], 1)),
      (box([Rational(1, 3), Rational(1, 2) - Rational(1, 1 << 40)], [1, 1]), Sample.affine([0, 0], 1)),
    ]
    let rounded = Sample.function(cells)
    let exact = rounded.fit()
    #expect(exact.missing != nil)
    let fit = rounded.fit(tolerance: Rational(1, 100_000_000), slack: Rational(1, 1_000_000_000))
    #expect(fit.isAccepted, "\(fit)")
    #expect(fit.largestGap != nil)
    #expect(fit.description.hasPrefix("continuous up to "))
    #expect(!rounded.fit(tolerance: 1, slack: Rational(1, 1_000_000_000_000)).isConvex)
    let wide = Sample.function([(box([0, 0], [1, 1]), zero), (box([Rational(11, 10), 0], [2, 1]), zero)])
    #expect(!wide.fit(tolerance: 1, slack: Rational(1, 1000)).isConvex)
    #expect(wide.fit(tolerance: 1, slack: Rational(1, 10)).isConvex)
  }
}
