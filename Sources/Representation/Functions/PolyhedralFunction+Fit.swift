import Exact
import Polyhedra

extension PolyhedralFunction {
  /// How the cells fit together: whether the function is continuous, and whether the cells cover a convex domain.
  ///
  /// Continuity is decided where cells meet, at the vertices and along the rays of their intersections; covering by the
  /// facets: each must be behind other cells, piece by piece, or on a hyperplane that no cell crosses. Both are exact,
  /// for bounded and unbounded cells, whether or not they meet in whole faces.
  ///
  /// - Parameters:
  ///   - tolerance: the largest difference, in units of the outputs, that counts as continuous; for data with rounded
  ///     decimals.
  ///   - slack: the largest width of a gap between cells that counts as closed, as a part of the largest extent of the
  ///     domain's vertices (of 1 when there is one vertex only); for data with rounded decimals.
  /// - Complexity: O(pairs of cells that touch) intersections; memory for the cells. About 0.1 ms for each cell and
  ///   neighbour in the plane.
  public func fit(tolerance: Rational = .zero, slack: Rational = .zero) -> CellFit {
    CellFitter(self, tolerance: tolerance, slack: slack * extent).run()
  }

  /// The largest extent of the vertices along an axis; 1 when they do not differ.
  private var extent: Rational {
    let bounds = vertexBounds
    let extents = zip(bounds.lower, bounds.upper).map { $1 - $0 }
    return extents.filter { $0.signum > 0 }.max() ?? .one
  }
}

/// Compares the cells of a function with each other.
struct CellFitter {
  /// A cell with its bounding half-spaces, as they are and moved outwards by the slack.
  private struct Cell {
    struct Facet {
      /// The number of the half-space in the cone.
      var number: Int
      var form: IntegerVector
      var wide: ExactHalfSpace
      var wideForm: IntegerVector
    }

    var cone: CellCone
    var facets: [Facet]

    init(_ polyhedron: ExactPolyhedron, slack: Rational) {
      let cone = CellCone(polyhedron)
      self.cone = cone
      facets = cone.facets.map { number in
        let halfSpace = cone.halfSpaces[number]
        let form = CellCone.form(halfSpace)
        guard slack.signum > 0 else { return Facet(number: number, form: form, wide: halfSpace, wideForm: form) }
        // All points within the slack of the half-space, in each coordinate.
        let size = halfSpace.normal.reduce(Rational.zero) { $0 + $1.magnitude }
        let wide = ExactHalfSpace(normal: halfSpace.normal, offset: halfSpace.offset + slack * size)
        return Facet(number: number, form: form, wide: wide, wideForm: CellCone.form(wide))
      }
    }
  }

  private let function: PolyhedralFunction
  private let tolerance: Rational
  private let slack: Rational
  private let cells: [Cell]
  private let neighbours: CellNeighbours

  init(_ function: PolyhedralFunction, tolerance: Rational, slack: Rational) {
    self.function = function
    self.tolerance = tolerance
    self.slack = slack
    cells = function.cells.map { Cell($0.polyhedron, slack: slack) }
    neighbours = CellNeighbours(function.cells.map(\.polyhedron), slack: slack)
  }

  func run() -> CellFit {
    var fit = CellFit(tolerance: tolerance, slack: slack, overlaps: overlaps(stopsAtFirst: false))
    for first in cells.indices {
      for second in neighbours.lists[first] where second > first {
        guard let gap = gap(first, second) else { continue }
        if gap.exceeds(tolerance) { fit.discontinuities += 1 }
        if fit.largestGap.map({ gap.exceeds($0) }) ?? true { fit.largestGap = gap }
      }
    }
    fit.missing = missing()
    return fit
  }

  /// Whether a hyperplane of one cell has the other cell behind it.
  private func isSeparated(_ first: Int, _ second: Int) -> Bool {
    func separates(_ cell: Int, _ other: Int) -> Bool {
      cells[cell].facets.contains { facet in
        let side = cells[other].cone.side(of: facet.form)
        return side == .outside || side == .touching
      }
    }
    return separates(first, second) || separates(second, first)
  }

  /// Whether the cells are further apart than the slack, as a hyperplane of one of them shows.
  private func isApart(_ first: Int, _ second: Int) -> Bool {
    func parts(_ cell: Int, _ other: Int) -> Bool {
      cells[cell].facets.contains { cells[other].cone.side(of: $0.wideForm) == .outside }
    }
    return parts(first, second) || parts(second, first)
  }

  /// The part of a cell that lies in another, or in the other moved outwards by the slack.
  private func part(of cell: Int, in other: Int, isWide: Bool) -> CellCone {
    cells[other].facets.reduce(cells[cell].cone) { cone, facet in
      if isWide { return cone.cut(facet.wide, facet.wideForm) }
      return cone.cut(cells[other].cone.halfSpaces[facet.number], facet.form)
    }
  }

  /// The cells that share interior points.
  func overlaps(stopsAtFirst: Bool) -> [CellFit.Overlap] {
    var overlaps: [CellFit.Overlap] = []
    for first in cells.indices {
      for second in neighbours.lists[first] where second > first && !isSeparated(first, second) {
        let common = part(of: first, in: second, isWide: false)
        guard common.polyhedronDimension == function.inputs, let point = common.innerPoint else { continue }
        overlaps.append(
          CellFit.Overlap(first: first, second: second, point: point, gap: gap(first, second, on: common)))
        if stopsAtFirst { return overlaps }
      }
    }
    return overlaps
  }

  /// The largest difference of two cells' maps where the cells meet; nil when there is none.
  private func gap(_ first: Int, _ second: Int) -> CellFit.Gap? {
    guard function.cells[first].map != function.cells[second].map, !isApart(first, second) else { return nil }
    let gap = gap(first, second, on: part(of: first, in: second, isWide: true))
    guard slack.signum > 0 else { return gap }
    guard let other = self.gap(first, second, on: part(of: second, in: first, isWide: true)) else { return gap }
    return gap.map { $0.exceeds(other) ? $0 : other } ?? other
  }

  private func gap(_ first: Int, _ second: Int, on part: CellCone) -> CellFit.Gap? {
    guard !part.isEmpty else { return nil }
    var largest: CellFit.Gap?
    let vertices = part.vertices
    let directions = part.directions
    for (output, maps) in zip(function.cells[first].map, function.cells[second].map).enumerated() {
      let (left, right) = maps
      guard left != right else { continue }
      let difference = left - right
      func candidate(_ point: [Rational], along direction: [Rational]?) -> CellFit.Gap {
        CellFit.Gap(
          first: first, second: second, output: output, point: point, direction: direction,
          firstValue: left(point), secondValue: right(point))
      }
      if let direction = directions.first(where: { difference.slope(along: $0).signum != 0 }) {
        return candidate(vertices[0], along: direction)
      }
      for vertex in vertices where difference(vertex).magnitude > largest?.magnitude ?? .zero {
        largest = candidate(vertex, along: nil)
      }
    }
    return largest
  }
}

extension CellFitter {
  /// A point between cells that none of them covers; nil when the cells cover a convex set.
  ///
  /// Where a facet has no other cell behind it, the domain ends. It is convex if, and only if, no cell reaches across the
  /// hyperplane of such a facet: a segment that leaves the domain towards another of its points would cross one.
  private func missing() -> CellFit.Missing? {
    for (index, cell) in cells.enumerated() {
      for facet in cell.facets {
        guard let end = uncovered(index, facet),
          let across = cells.indices.first(where: { reachesAcross($0, facet) }), let point = end.innerPoint
        else { continue }
        return CellFit.Missing(first: index, second: across, point: leftOut(near: point, towards: across, facet))
      }
    }
    return nil
  }

  private func reachesAcross(_ cell: Int, _ facet: Cell.Facet) -> Bool {
    cells[cell].cone.side(of: facet.wideForm) != .inside
  }

  /// A piece of a cell's facet, of full dimension, that has no cell behind it.
  private func uncovered(_ index: Int, _ facet: Cell.Facet) -> CellCone? {
    let face = cells[index].cone.face(on: facet.number)
    let behind = neighbours.lists[index].filter { other in
      reachesAcross(other, facet)
        && cells[other].facets.allSatisfy {
          let side = face.side(of: $0.wideForm)
          return side == .inside || side == .both
        }
    }
    let isCovered = behind.contains { other in
      cells[other].facets.allSatisfy { face.side(of: $0.wideForm) == .inside }
    }
    return isCovered ? nil : rest(of: face, without: behind[...])
  }

  /// A piece, of a facet's dimension, that none of the cells covers.
  private func rest(of face: CellCone, without covers: ArraySlice<Int>) -> CellCone? {
    guard face.polyhedronDimension == function.inputs - 1 else { return nil }
    guard let cover = covers.first else { return face }
    var inside = face
    for facet in cells[cover].facets {
      switch inside.side(of: facet.wideForm) {
      case .inside: continue
      case .outside, .touching: return rest(of: inside, without: covers.dropFirst())
      case .both:
        let outside = inside.cut(facet.wide, facet.wideForm, keepsInside: false)
        if let rest = rest(of: outside, without: covers.dropFirst()) { return rest }
        inside = inside.cut(facet.wide, facet.wideForm)
      }
    }
    return nil
  }

  /// A point that no cell holds on the way from a point of a facet, where the domain ends, to a cell on the other side.
  private func leftOut(near point: [Rational], towards cell: Int, _ facet: Cell.Facet) -> [Rational] {
    let polyhedron = function.cells[cell].polyhedron
    guard var target = polyhedron.vertices.min(by: { facet.wide.slack(at: $0) < facet.wide.slack(at: $1) }) else {
      return point
    }
    let outwards = ExactHalfSpace(normal: facet.wide.normal, offset: .zero)
    for direction in polyhedron.rays + polyhedron.lines + polyhedron.lines.map({ $0.map { -$0 } })
    where facet.wide.slack(at: target).signum >= 0 && outwards.slack(at: direction).signum < 0 {
      let steps = facet.wide.slack(at: target) / -outwards.slack(at: direction) + 1
      target = zip(target, direction).map { $0 + steps * $1 }
    }
    var step = Rational(1, 2)
    // With slack the point itself may lie in a cell's edge; halving then has an end.
    for _ in 0..<128 {
      let candidate = zip(point, target).map { $0 + step * ($1 - $0) }
      if !function.cells.contains(where: { $0.polyhedron.contains(candidate) }) { return candidate }
      step *= Rational(1, 2)
    }
    return point
  }
}
