import Exact
import Execution
import Polyhedra

/// Compares two functions that are given cell by cell, where both are defined.
///
/// The cells of one are cut by those of the other; on each part both are affine. Exact.
public struct FunctionOverlay: Sendable {
  public let first: PolyhedralFunction
  public let second: PolyhedralFunction
  public var threads = defaultThreadCount
  public var cancellation = Cancellation()

  /// - Throws: `RepresentationError` when the numbers of inputs or outputs differ.
  public init(_ first: PolyhedralFunction, _ second: PolyhedralFunction) throws(RepresentationError) {
    guard first.inputs == second.inputs, first.outputs == second.outputs else {
      throw RepresentationError(
        "the first function has \(first.inputs) inputs and \(first.outputs) outputs, the second \(second.inputs) and "
          + "\(second.outputs)")
    }
    self.first = first
    self.second = second
  }

  /// Whether the domains, which must be convex, are the same set. O(generators · cells) for each function.
  public var haveSameDomain: Bool { Self.covers(first, second) && Self.covers(second, first) }

  /// Whether a convex domain holds another: all of its points and directions.
  private static func covers(_ outer: PolyhedralFunction, _ inner: PolyhedralFunction) -> Bool {
    func recedes(_ direction: [Rational]) -> Bool {
      outer.cells.contains { cell in
        cell.polyhedron.halfSpaces.allSatisfy {
          ExactHalfSpace(normal: $0.normal, offset: .zero).slack(at: direction).signum >= 0
        }
      }
    }
    let points = Set(inner.cells.flatMap(\.polyhedron.vertices))
    let lines = inner.cells.flatMap(\.polyhedron.lines)
    let directions = Set(inner.cells.flatMap(\.polyhedron.rays) + lines + lines.map { $0.map { -$0 } })
    return points.allSatisfy { point in outer.cells.contains { $0.polyhedron.contains(point) } }
      && directions.allSatisfy(recedes)
  }

  /// Looks at every two cells that meet. The differences are those of the second function against the first.
  ///
  /// - Throws: `RepresentationError` when the domains have no interior point in common.
  /// - Complexity: one intersection for each two cells whose bounding boxes meet.
  public func run() throws(RepresentationError) -> FunctionComparison.Result {
    let neighbours = CellNeighbours((first.cells + second.cells).map(\.polyhedron), slack: .zero).lists
    let offset = first.cells.count
    var extremes: [PartDifference?] = Array(repeating: nil, count: first.outputs)
    var (pieces, cells) = (0, 0)
    let batch = max(threads * 8, 16)
    for start in stride(from: 0, to: offset, by: batch) {
      if cancellation.shouldStop { break }
      let count = min(batch, offset - start)
      let found = parallelMap(count: count, threads: threads) { index -> [[PartDifference]] in
        neighbours[start + index].filter { $0 >= offset }.compactMap { compare(start + index, $0 - offset) }
      }
      for differences in found.joined() {
        pieces += 1
        for (output, difference) in differences.enumerated() where difference.isWorse(than: extremes[output]) {
          extremes[output] = difference
        }
      }
      cells += count
    }
    guard pieces > 0 || cells < offset else {
      throw RepresentationError("the two domains have no interior point in common")
    }
    let origin = first.cells[0].polyhedron.vertices[0]
    return FunctionComparison.Result(
      differences: extremes.enumerated().map { output, extreme in
        let point = extreme?.point ?? origin
        return FunctionComparison.Difference(
          largest: extreme.map(\.magnitude) ?? .zero, bound: extreme.map(\.magnitude) ?? .zero, point: point,
          direction: extreme?.direction ?? [], functionValue: extreme?.values.0 ?? first(point)?[output] ?? .zero,
          networkValue: extreme?.values.1 ?? second(point)?[output] ?? .zero)
      }, pieces: pieces, cells: cells, isComplete: cells == offset)
  }

  /// By how much the outputs differ on a part: the largest magnitude, nil when unbounded.
  private struct PartDifference: Sendable {
    var magnitude: Rational?
    var point: [Rational]
    /// Where to it is unbounded; else empty.
    var direction: [Rational] = []
    var values: (Rational, Rational)

    func isWorse(than other: PartDifference?) -> Bool {
      guard let other else { return true }
      guard let best = other.magnitude else { return false }
      return magnitude.map { $0 > best } ?? true
    }
  }

  /// nil when the two cells have no interior point in common.
  private func compare(_ left: Int, _ right: Int) -> [PartDifference]? {
    let (a, b) = (first.cells[left], second.cells[right])
    var part = CellCone(a.polyhedron)
    for halfSpace in b.polyhedron.halfSpaces {
      let form = CellCone.form(halfSpace)
      switch part.side(of: form) {
      case .inside: continue
      case .outside, .touching: return nil
      case .both: part = part.cut(halfSpace, form)
      }
    }
    guard part.polyhedronDimension == first.inputs else { return nil }
    let vertices = part.vertices
    let directions = part.directions
    return zip(a.map, b.map).map { f, g in
      let difference = g - f
      if let direction = directions.first(where: { difference.slope(along: $0).signum != 0 }) {
        return PartDifference(
          magnitude: nil, point: vertices[0], direction: direction, values: (f(vertices[0]), g(vertices[0])))
      }
      let worst = vertices.max { difference($0).magnitude < difference($1).magnitude } ?? vertices[0]
      return PartDifference(magnitude: difference(worst).magnitude, point: worst, values: (f(worst), g(worst)))
    }
  }
}
