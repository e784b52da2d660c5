import Exact
import Polyhedra

extension PolyhedralFunction {
  /// The same function with fewer cells: two with equal maps whose union is convex become one, as long as there are such.
  ///
  /// The regions of a deep network are far more than the cells that its function needs, and what is made of the cells costs
  /// more than their number. The result depends on the order of the cells; it need not be the smallest.
  ///
  /// - Complexity: O(cells · half-spaces · generators), and one double description for each cell that is made.
  public func merged() -> PolyhedralFunction {
    var merger = CellMerger(cells)
    merger.run()
    return PolyhedralFunction(inputs: inputs, outputs: outputs, cells: merger.result)
  }
}

/// Joins cells across facets that they have in common.
private struct CellMerger {
  /// A facet with the map of a cell that it bounds: the same for two cells that meet there and have one map.
  private struct Facet: Hashable {
    var map: [AffineFunction]
    var generators: Set<[Rational]>
  }

  private var cells: [PolyhedralFunction.Cell?]
  private var open: [Facet: Int] = [:]

  init(_ cells: [PolyhedralFunction.Cell]) { self.cells = cells }

  var result: [PolyhedralFunction.Cell] { cells.compactMap { $0 } }

  mutating func run() {
    for index in cells.indices { insert(index) }
  }

  /// Joins a cell with one that waits at a facet of it, and the union with the next; or leaves it waiting.
  private mutating func insert(_ index: Int) {
    var index = index
    while let cell = cells[index] {
      // Without vertices a facet has no name.
      guard cell.polyhedron.lines.isEmpty else { return }
      let facets = facets(of: cell)
      var united: (other: Int, cell: PolyhedralFunction.Cell)?
      for (halfSpace, facet) in facets {
        guard let other = open[facet], other != index, let neighbour = cells[other] else { continue }
        if let union = Self.union(cell, halfSpace, neighbour, facet) {
          united = (other, union)
          break
        }
      }
      guard let (other, union) = united else {
        for (_, facet) in facets where open[facet] == nil { open[facet] = index }
        return
      }
      for (_, facet) in self.facets(of: cells[other] ?? cell) where open[facet] == other { open[facet] = nil }
      cells[other] = nil
      cells[index] = nil
      index = min(index, other)
      cells[index] = union
    }
  }

  private func facets(of cell: PolyhedralFunction.Cell) -> [(halfSpace: Int, facet: Facet)] {
    let polyhedron = cell.polyhedron
    let generators = polyhedron.vertices + polyhedron.rays
    return polyhedron.halfSpaces.indices.compactMap { halfSpace in
      let own = Set(zip(generators, polyhedron.incidence).compactMap { $1.contains(halfSpace) ? $0 : nil })
      return own.count < polyhedron.dimension ? nil : (halfSpace, Facet(map: cell.map, generators: own))
    }
  }

  /// The union of two cells with a common facet, when it is convex: when each lies in the other's half-spaces but the one
  /// that parts them.
  private static func union(
    _ first: PolyhedralFunction.Cell, _ halfSpace: Int, _ second: PolyhedralFunction.Cell, _ facet: Facet
  ) -> PolyhedralFunction.Cell? {
    let (left, right) = (first.polyhedron, second.polyhedron)
    let generators = right.vertices + right.rays
    let shared = right.halfSpaces.indices.first { index in
      Set(zip(generators, right.incidence).compactMap { $1.contains(index) ? $0 : nil }) == facet.generators
    }
    guard let shared else { return nil }
    let leftRest = left.halfSpaces.indices.filter { $0 != halfSpace }.map { left.halfSpaces[$0] }
    let rightRest = right.halfSpaces.indices.filter { $0 != shared }.map { right.halfSpaces[$0] }
    guard contains(leftRest, right), contains(rightRest, left) else { return nil }
    let union = ExactPolyhedron(dimension: left.dimension, halfSpaces: leftRest + rightRest)
    return PolyhedralFunction.Cell(polyhedron: CellCone(union).polyhedron, map: first.map)
  }

  private static func contains(_ halfSpaces: [ExactHalfSpace], _ polyhedron: ExactPolyhedron) -> Bool {
    halfSpaces.allSatisfy { halfSpace in
      polyhedron.vertices.allSatisfy { halfSpace.slack(at: $0).signum >= 0 }
        && polyhedron.rays.allSatisfy { ray in
          zip(halfSpace.normal, ray).reduce(Rational.zero) { $0 + $1.0 * $1.1 }.signum <= 0
        }
    }
  }
}
