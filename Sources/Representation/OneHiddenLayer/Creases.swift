import Exact
import Polyhedra

/// The hyperplanes along which a piecewise-linear function bends, with one jump of the gradient for each, or the first on
/// which the jump is not the same all across the domain.
struct Creases {
  /// A cell's facet on a hyperplane.
  private struct Facet {
    var cell: Int
    var span: CellGenerators
    /// The cell's other half-spaces that cut the hyperplane, as functions that are not negative inside.
    var walls: [AffineFunction]
  }

  private struct Sheet {
    var hyperplane: AffineFunction
    var below: [Facet] = []
    var above: [Facet] = []
  }

  let polyhedra: [ExactPolyhedron]
  let spans: [CellGenerators]
  let maps: [AffineFunction]

  /// By first appearance of a facet; the hyperplane's first slope that is not 0 is 1.
  private(set) var bends: [(hyperplane: AffineFunction, jump: Rational)] = []
  private(set) var offence: OffendingCrease?

  /// - Complexity: O(cells · half-spaces · generators) for the facets; for each pair of facets on one hyperplane, from
  ///   opposite sides, at most one intersection of polyhedra; for each hyperplane that bends O(cells · generators · n).
  /// - Throws: ``RepresentationError`` when the function is not continuous, with the point.
  init(polyhedra: [ExactPolyhedron], maps: [AffineFunction]) throws {
    self.polyhedra = polyhedra
    self.maps = maps
    spans = polyhedra.map { CellGenerators($0) }
    for sheet in Self.sheets(polyhedra) {
      let junctions = try junctions(sheet)
      guard let bend = junctions.first(where: { $0.jump.signum != 0 }) else { continue }
      let other = junctions.first { $0.jump != bend.jump } ?? flatPlace(on: sheet.hyperplane)
      if let other {
        offence = OffendingCrease(hyperplane: sheet.hyperplane, first: bend, second: other)
        return
      }
      bends.append((sheet.hyperplane, bend.jump))
    }
  }

  private static func sheets(_ polyhedra: [ExactPolyhedron]) -> [Sheet] {
    var sheets: [Sheet] = []
    var numbers: [AffineFunction: Int] = [:]
    for (cell, polyhedron) in polyhedra.enumerated() {
      var seen: Set<Int> = []
      for (index, halfSpace) in polyhedron.halfSpaces.enumerated() {
        let span = CellGenerators(polyhedron, on: index)
        guard let lead = halfSpace.normal.first(where: { $0.signum != 0 }), span.dimension == polyhedron.dimension - 1
        else { continue }
        let function = AffineFunction(
          gradient: halfSpace.normal.map { $0 / lead }, constant: -halfSpace.offset / lead)
        let number = numbers[function, default: sheets.count]
        if number == sheets.count {
          numbers[function] = number
          sheets.append(Sheet(hyperplane: function))
        }
        guard seen.insert(number).inserted else { continue }
        let facet = Facet(cell: cell, span: span, walls: walls(of: polyhedron, around: halfSpace.normal))
        if lead.signum > 0 { sheets[number].below.append(facet) } else { sheets[number].above.append(facet) }
      }
    }
    return sheets
  }

  /// The pairs of cells that meet in n − 1 dimensions on a hyperplane, as a point of each meeting and the jump there.
  private func junctions(_ sheet: Sheet) throws -> [OffendingCrease.Place] {
    guard let lead = sheet.hyperplane.gradient.firstIndex(where: { $0.signum != 0 }) else { return [] }
    var result: [OffendingCrease.Place] = []
    for below in sheet.below {
      for above in sheet.above {
        guard let point = meeting(below, above) else { continue }
        let difference = maps[above.cell] - maps[below.cell]
        let jump = difference.gradient[lead]
        guard difference == jump * sheet.hyperplane else {
          let values = [below, above].map { maps[$0.cell](point).description }
          throw RepresentationError(
            "the function is not continuous: the cells \(below.cell) and \(above.cell) meet around "
              + "(\(point.map(\.description).joined(separator: ", "))), where their values \(values[0]) and \(values[1]) "
              + "or their slopes along the common facet differ")
        }
        result.append(OffendingCrease.Place(point: point, jump: jump))
      }
    }
    return result
  }

  /// A point of the relative interior of the intersection of two facets, when it has n − 1 dimensions.
  private func meeting(_ below: Facet, _ above: Facet) -> [Rational]? {
    for (facet, other) in [(below, above), (above, below)] {
      // A facet that nowhere reaches beyond a wall of the other touches it in fewer dimensions at most.
      guard other.walls.allSatisfy({ facet.span.sides(of: $0).positive }) else { return nil }
      if let point = facet.span.innerPoint, other.walls.allSatisfy({ $0(point).signum > 0 }) { return point }
    }
    let common = CellGenerators(polyhedra[below.cell].intersection(polyhedra[above.cell].halfSpaces))
    return common.dimension == polyhedra[below.cell].dimension - 1 ? common.innerPoint : nil
  }

  private static func walls(of polyhedron: ExactPolyhedron, around normal: [Rational]) -> [AffineFunction] {
    polyhedron.halfSpaces.compactMap { halfSpace in
      guard !areParallel(halfSpace.normal, normal) else { return nil }
      return AffineFunction(gradient: halfSpace.normal.map { -$0 }, constant: halfSpace.offset)
    }
  }

  private static func areParallel(_ left: [Rational], _ right: [Rational]) -> Bool {
    guard let lead = right.firstIndex(where: { $0.signum != 0 }) else { return true }
    return zip(left, right).allSatisfy { $0 * right[lead] == $1 * left[lead] }
  }

  /// A point of a hyperplane inside a cell, where the function does not bend.
  private func flatPlace(on hyperplane: AffineFunction) -> OffendingCrease.Place? {
    for (cell, span) in spans.enumerated() where span.sides(of: hyperplane) == (true, true) {
      let section = polyhedra[cell].intersection([
        ExactHalfSpace(notNegative: hyperplane), ExactHalfSpace(notNegative: -hyperplane),
      ])
      if let point = section.innerPoint { return OffendingCrease.Place(point: point, jump: .zero) }
    }
    return nil
  }
}
