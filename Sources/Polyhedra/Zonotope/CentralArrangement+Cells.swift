import Exact

extension CentralArrangement {
  /// A cell by the sides of the hyperplanes on which it lies.
  struct Cell {
    /// For each normal, whether normal · r > 0.
    var signs: [Bool]
    /// Vectors v₁, v₂, … such that v₁ + ε v₂ + ε² v₃ + … lies in the cell for all small ε > 0.
    var flag: [[Rational]]
  }

  /// All cells, each once, in the order of their signs, positive ones first.
  ///
  /// O(m · cells · d) operations here and the same on each hyperplane, and on theirs: O(C(m, d)) in all when d is fixed.
  ///
  /// - Throws: ``ZonotopeError/tooMany(what:limit:)`` when there are more than `limit`, before they are made.
  func cells(limit: Int) throws(ZonotopeError) -> [Cell] {
    var cells = [Cell(signs: [], flag: [])]
    for (wall, normal) in normals.enumerated() {
      let section = restricted(0..<wall, to: wall)
      var crossed: [[Bool]: [[Rational]]] = [:]
      for cell in try section.cells(limit: limit) {
        let signs = section.places.map { place in place.map { cell.signs[$0.normal] == ($0.sign > 0) } ?? false }
        crossed[signs] = cell.flag
      }
      guard cells.count + crossed.count <= limit else { throw .tooMany(what: "vertices", limit: limit) }
      cells = cells.flatMap { cell in
        guard let flag = crossed[cell.signs] else {
          // The hyperplane misses the cell, so that all of it is on the side of the point that the flag stands for.
          let side = cell.flag.lazy.map { Self.dot(normal, $0).signum }.first { $0 != 0 }
          return [Cell(signs: cell.signs + [side == 1], flag: cell.flag)]
        }
        let within = flag.map { lifted($0, to: wall) }
        return [
          Cell(signs: cell.signs + [true], flag: within + [normal]),
          Cell(signs: cell.signs + [false], flag: within + [normal.map { -$0 }]),
        ]
      }
    }
    return cells
  }

  /// A vector along each line that hyperplanes meet in, each line once; the normals must span ℝᵈ, d ≥ 1.
  ///
  /// O(C(m, d − 1) · m) products.
  ///
  /// - Throws: ``ZonotopeError/tooMany(what:limit:)`` when there are more than `limit`.
  func lines(limit: Int) throws(ZonotopeError) -> [[Rational]] {
    guard dimension > 1 else { return [[1]] }
    guard dimension > 2 else { return normals.map { [-$0[1], $0[0]] } }
    var lines: [[Rational]] = []
    for first in normals.indices {
      let section = restricted(first + 1..<normals.count, to: first)
      for line in try section.lines(limit: limit) {
        let line = lifted(line, to: first)
        // It was met before if it lies on an earlier hyperplane.
        guard normals[..<first].allSatisfy({ Self.dot($0, line).signum != 0 }) else { continue }
        guard lines.count < limit else { throw .tooMany(what: "pairs of facets", limit: limit) }
        lines.append(line)
      }
    }
    return lines
  }
}
