import Exact
import LinearAlgebra
import Polyhedra

/// A region as the search by linear programs sees it.
struct ProgramLeaf: RegionSource {
  let splitter: ProgramSplitter
  let witness: ProgramSplitter.Witness?

  func region(_ layout: PatternLayout, _ detail: RegionDetail) -> LinearRegion {
    let rows = detail.isDisjoint(with: [.facets, .vertices]) ? [] : irredundantRows
    let facets = rows.map { row in
      splitter.forms.facet(
        stage: row.stage, form: row.form, other: row.other, side: row.side, coefficients: row.coefficients,
        splitter.domain)
    }
    var region = LinearRegion(
      pattern: splitter.forms.pattern(layout),
      map: detail.contains(.map) ? splitter.forms.outputMap(splitter.domain) : .empty,
      facets: detail.contains(.facets) ? facets : [],
      interiorPoint: interiorPoint,
      vertices: Matrix(rows: 0, columns: inputCount), rays: Matrix(rows: 0, columns: inputCount),
      lines: matrix(splitter.domain.lines),
      vertexError: Precision.roundedRayError, incidence: [], incidenceWords: 1)
    if detail.contains(.vertices) { addGenerators(to: &region, rows) }
    return region
  }

  private var network: CompiledNetwork { splitter.network }
  private var inputCount: Int { network.network.inputCount }
  private var dimension: Int { splitter.dimension }

  private func matrix(_ rows: [[Double]]) -> Matrix {
    Matrix(rows: rows.count, columns: inputCount, elements: Array(rows.joined()))
  }

  /// The centre of a largest ball, where that is surely inside; else the point that the search knows.
  private var interiorPoint: [Double] {
    let centre = (try? polyhedron(splitter.rows))?.chebyshevBall()?.centre
    if let centre, splitter.isInside([1] + centre) { return coordinates([1] + centre) }
    if let witness { return coordinates((0..<dimension).map { witness.point[$0] }) }
    let exact = splitter.exactProgram().interiorPoint() ?? []
    return coordinates([1] + exact.map(\.doubleValue))
  }

  /// Coordinates of the search as those of the network.
  private func coordinates(_ point: [Double]) -> [Double] {
    var result = Array(repeating: 0.0, count: inputCount)
    for (position, input) in network.inputs.enumerated() {
      result[input] = point[position + 1] * network.scales[position]
    }
    return result
  }

  private func polyhedron(_ rows: [CellRow]) throws -> HPolyhedron {
    try HPolyhedron(
      dimension: dimension - 1,
      halfSpaces: rows.map { row in
        HalfSpace(
          normal: (1..<dimension).map { -row.side * row.coefficients[$0] }, offset: row.side * row.coefficients[0])
      })
  }

  /// The rows without which the cell would be larger; of rows that say the same the first is kept.
  private var irredundantRows: [CellRow] {
    var kept = splitter.rows
    for index in kept.indices.reversed() where isRedundant(kept[index], among: kept, except: index) {
      kept.remove(at: index)
    }
    return kept
  }

  /// Whether the other rows imply one: by a linear program, exactly where that comes near to a tie.
  private func isRedundant(_ row: CellRow, among rows: [CellRow], except index: Int) -> Bool {
    var program = SmallSimplex(dimension: dimension - 1)
    let normal = (1..<dimension).map { -row.side * row.coefficients[$0] }
    let bound = row.side * row.coefficients[0]
    let size = normal.reduce(abs(bound)) { max($0, abs($1)) }
    do {
      for (position, other) in rows.enumerated() where position != index {
        try program.append(
          row: (1..<dimension).map { -other.side * other.coefficients[$0] }, bound: other.side * other.coefficients[0])
      }
      try program.append(row: normal, bound: bound + size)
      try program.setObjective(normal)
    } catch {
      return isExactlyRedundant(row, among: rows, except: index)
    }
    if program.solve() == .optimal {
      let excess = program.objective - bound
      if excess > 1e-7 * size { return false }
      if excess < -1e-7 * size { return true }
    }
    return isExactlyRedundant(row, among: rows, except: index)
  }

  private func isExactlyRedundant(_ row: CellRow, among rows: [CellRow], except index: Int) -> Bool {
    var others = rows
    others.remove(at: index)
    let form = splitter.exact(row)
    let sign = Rational(row.side > 0 ? -1 : 1)
    let solution = try? splitter.exactProgram(others).maximise(rationals: form.dropFirst().map { sign * $0 })
    guard let solution, solution.status == .optimal else { return false }
    return solution.objective + sign * form[0] <= .zero
  }

  /// Vertices, rays and lines by the double description method, in integers.
  private func addGenerators(to region: inout LinearRegion, _ rows: [CellRow]) {
    var cone = ExactCone(dimension: dimension)
    let height = IntegerVector(count: dimension)
    height.set(0, to: 1)
    cone = cone.cut(height, isPositive: true, label: rows.count)
    for (label, row) in rows.enumerated() {
      cone = cone.cut(splitter.exactVector(row), isPositive: row.side > 0, label: label)
    }
    let vertices = cone.rays.filter { $0.vector.signum(0) > 0 }
    let rays = cone.rays.filter { $0.vector.signum(0) == 0 }
    region.vertices = matrix(vertices.map { ray in coordinates(ratios(ray.vector, to: 0)) })
    region.rays = matrix(rays.map { ray in coordinates(ratios(ray.vector, to: leading(ray.vector))) })
    region.lines = matrix(cone.lines.map { coordinates(ratios($0, to: leading($0))) } + splitter.domain.lines)
    guard !region.facets.isEmpty else { return }
    region.incidenceWords = (rows.count + 63) / 64
    for ray in vertices + rays {
      var words = Array(repeating: UInt64(0), count: region.incidenceWords)
      for label in ray.tight where label < rows.count { words[label / 64] |= 1 << UInt64(label % 64) }
      region.incidence += words
    }
  }

  private func leading(_ vector: IntegerVector) -> Int { (0..<dimension).first { vector.signum($0) != 0 } ?? 0 }

  /// A vector divided by the magnitude of one of its entries.
  private func ratios(_ vector: IntegerVector, to index: Int) -> [Double] {
    let sign = vector.signum(index) < 0 ? -1.0 : 1
    return (0..<dimension).map { sign * vector.quotient($0, vector, index) }
  }
}
