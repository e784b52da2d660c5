import Exact
import Probability
import Testing

@testable import Polyhedra

@Suite struct HPolyhedronTests {
  private func polyhedron(_ rows: [([Double], Double)]) throws -> HPolyhedron {
    try HPolyhedron(
      dimension: rows.first?.0.count ?? 1, halfSpaces: rows.map { HalfSpace(normal: $0.0, offset: $0.1) })
  }

  @Test func theExampleOfItsPage() throws {
    let triangle = try polyhedron([([-1, 0], 0), ([0, -1], 0), ([1, 1], 1), ([1, 1], 2)])
    #expect(triangle.irredundantRows() == [0, 1, 2])
    #expect(triangle.irredundantRows(around: [0.25, 0.25]) == [0, 1, 2])
    let ball = triangle.chebyshevBall()
    #expect(abs((ball?.radius ?? 0) - 1 / (2 + 2.0.squareRoot())) < 1e-12)
    #expect(triangle.hasInterior)
    #expect(triangle.halfSpace(3) == HalfSpace(normal: [1, 1], offset: 2))
  }

  @Test func largestBalls() throws {
    let strip = try polyhedron([([0, 2], 2), ([0, -3], 3)])
    #expect(abs((strip.chebyshevBall()?.radius ?? 0) - 1) < 1e-12)
    let quadrant = try polyhedron([([-1, 0], -5), ([0, -1], -5)])
    let ball = try #require(quadrant.chebyshevBall())
    #expect(ball.radius == .infinity)
    #expect(ball.centre.allSatisfy { $0 >= 6 - 1e-9 })
    let everything = try HPolyhedron(dimension: 3)
    #expect(everything.chebyshevBall()?.radius == .infinity)
    #expect(everything.irredundantRows() == [])
    let empty = try polyhedron([([1, 0], 0), ([-1, 0], -2)])
    #expect(abs((empty.chebyshevBall()?.radius ?? 0) + 1) < 1e-12)
    #expect(!empty.hasInterior)
    #expect(try polyhedron([([0, 0], -1)]).chebyshevBall() == nil)
    let flat = try polyhedron([([1, 1], 1), ([-1, -1], -1)])
    #expect(abs(flat.chebyshevBall()?.radius ?? 1) < 1e-12)
    #expect(!flat.hasInterior)
  }

  @Test func ballsTouchRandomPolytopes() throws {
    for index in 0..<200 {
      var source = RandomSource(seed: 51, index: index)
      let data = RandomProgram(kind: .generic, dimension: 1 + source.index(below: 6), rowCount: 60, source: &source)
      let body = try polyhedron(Array(zip(data.rows, data.bounds)))
      let ball = try #require(body.chebyshevBall())
      guard ball.radius.isFinite else { continue }
      let distances = (0..<body.rowCount).map { body.slack($0, at: ball.centre).value / body.length($0) }
      #expect(distances.allSatisfy { $0 >= ball.radius - 1e-9 }, "polytope \(index)")
      #expect(distances.filter { $0 <= ball.radius + 1e-9 }.count >= 2, "polytope \(index)")
      #expect(ball.radius > 0, "polytope \(index)")
    }
  }

  /// The definition, in exact arithmetic: from the last row to the first, each against all that are left.
  private func reference(_ body: HPolyhedron) -> [Int] {
    var kept = Array(0..<body.rowCount)
    for row in (0..<body.rowCount).reversed() where body.isRedundant(row, among: kept) { kept.removeAll { $0 == row } }
    return kept
  }

  @Test func irredundantRowsAreThoseOfTheDefinition() throws {
    var removed = 0
    var withInterior = 0
    for index in 0..<400 {
      var source = RandomSource(seed: 52, index: index)
      let kind = RandomProgram.Kind.allCases[index % RandomProgram.Kind.allCases.count]
      let data = RandomProgram(
        kind: kind, dimension: 1 + source.index(below: 4), rowCount: 1 + source.index(below: 20), source: &source)
      let body = try polyhedron(Array(zip(data.rows, data.bounds)))
      let rows = body.irredundantRows()
      #expect(rows == reference(body), "polyhedron \(index), \(kind)")
      removed += body.rowCount - rows.count
      if body.hasInterior { withInterior += 1 }
    }
    #expect(removed > 1000)
    #expect(withInterior > 200)
  }

  @Test func rowsThatOnlyTouchAreRedundant() throws {
    // A cube, a plane through an edge, one through a corner, one that cuts a corner off by one bit.
    var rows: [([Double], Double)] = []
    for j in 0..<3 { for sign in [1.0, -1] { rows.append(((0..<3).map { $0 == j ? sign : 0 }, 1)) } }
    rows += [([1, 1, 0], 2), ([1, 1, 1], 3), ([-1, -1, -1], 3.0.nextDown), ([2, 0, 0], 2)]
    #expect(try polyhedron(rows).irredundantRows() == [0, 1, 2, 3, 4, 5, 8])
    // Of a pair of equals the first stays, of parallels the tightest.
    #expect(try polyhedron([([2, 0], 2), ([1, 0], 1), ([3, 0], 2.5)]).irredundantRows() == [2])
    #expect(try polyhedron([([0.3, 0.1], 0.7), ([0.6, 0.2], 1.4)]).irredundantRows() == [0])
  }

  @Test func badHalfSpacesAreRefused() throws {
    var body = try HPolyhedron(dimension: 2)
    #expect(throws: SmallSimplexError.self) { try body.append(HalfSpace(normal: [1], offset: 0)) }
    #expect(throws: SmallSimplexError.self) { try body.append(HalfSpace(normal: [1, .nan], offset: 0)) }
    #expect(throws: SmallSimplexError.self) { try body.append(HalfSpace(normal: [1, 0], offset: .infinity)) }
    #expect(body.rowCount == 0)
  }
}
