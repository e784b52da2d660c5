import Exact
import Polyhedra

extension PolyhedralFunction {
  /// Whether the domain, which must be convex, is all of ℝ.
  var isLineOfReals: Bool {
    guard inputs == 1 else { return false }
    func reaches(_ sign: Int) -> Bool {
      cells.contains { cell in
        !cell.polyhedron.lines.isEmpty || cell.polyhedron.rays.contains { $0[0].signum == sign }
      }
    }
    return reaches(-1) && reaches(1)
  }
}

extension BrokenLine {
  /// One output of a continuous function of one input, given cell by cell on an interval or on ℝ; beyond the ends of an
  /// interval the outermost pieces go on.
  ///
  /// - Throws: ``RepresentationError`` when it has several inputs or no such output.
  public init(_ function: PolyhedralFunction, output: Int = 0) throws {
    guard function.inputs == 1 else {
      throw RepresentationError("a broken line has one input, and this function has \(function.inputs)")
    }
    try function.checkOutput(output)
    var values: [Rational: Rational] = [:]
    for cell in function.cells {
      for vertex in cell.polyhedron.vertices { values[vertex[0]] = cell.map[output](vertex) }
    }
    let points = values.sorted { $0.key < $1.key }.map { Point($0.key, $0.value) }
    // A cell with a line is all of ℝ; of the others one begins leftmost and one ends rightmost.
    func slope(at end: Int) -> Rational {
      let outermost =
        function.cells.first { cell in
          !cell.polyhedron.lines.isEmpty || cell.polyhedron.rays.contains { $0[0].signum == end }
        }
        ?? function.cells.first { cell in
          cell.polyhedron.vertices.contains { $0[0] == (end < 0 ? points.first?.x : points.last?.x) }
        } ?? function.cells[0]
      return outermost.map[output].gradient[0]
    }
    self.init(through: points, leftSlope: slope(at: -1), rightSlope: slope(at: 1))
  }
}

extension BreakpointTable {
  /// The broken line as a table of one output.
  public init(_ line: BrokenLine) {
    let points = zip(line.breakpoints, line.values).map { Point(position: $0, values: [$1]) }
    self.init(
      points: points.isEmpty ? [Point(position: .zero, values: [line.valueAtZero])] : points,
      leftSlopes: [line.leftSlope], rightSlopes: [line.rightSlope])
  }
}
