import Exact
import Networks
import Polyhedra
import Probability

@testable import PiecewiseLinear

/// A random network with a domain, and its regions by brute force.
struct ComplexCase {
  let network: UnitNetwork
  let domain: RegionDomain
  let oracle: OracleRegions

  /// A box, all of space, a half-space, a simplex or a strip by chance.
  init(_ weights: OracleNetworks.Weights, units: Int = 7, using source: inout RandomSource) {
    network = OracleNetworks.random(weights, units: units, using: &source)
    let n = network.inputCount
    let axes = (0..<n).map { axis in (0..<n).map { $0 == axis ? 1.0 : 0 } }
    let halfSpaces: [HalfSpace]
    switch source.index(below: 6) {
    case 0, 1:
      domain = .box(lower: Array(repeating: -1, count: n), upper: Array(repeating: 1, count: n))
      halfSpaces = axes.flatMap { axis in
        [HalfSpace(normal: axis, offset: 1), HalfSpace(normal: axis.map { -$0 }, offset: 1)]
      }
    case 2, 3:
      domain = .space
      halfSpaces = []
    case 4:
      halfSpaces = [HalfSpace(normal: axes[0].map { -$0 }, offset: 0.5)]
      domain = .polyhedron(halfSpaces)
    default:
      let sum = HalfSpace(normal: Array(repeating: 1, count: n), offset: 1)
      halfSpaces = axes.map { HalfSpace(normal: $0.map { -$0 }, offset: 1) } + [sum]
      domain = .polyhedron(halfSpaces)
    }
    let forms = halfSpaces.map { [Rational(exactly: $0.offset)] + $0.normal.map { -Rational(exactly: $0) } }
    oracle = OracleRegions(network, domain: forms)
  }

  func enumeration() throws -> RegionEnumeration {
    var enumeration = try RegionEnumeration(network, in: domain)
    enumeration.threads = 1
    return enumeration
  }

  /// For each cell of the oracle, its pattern in a layout.
  func patterns(_ layout: PatternLayout) -> [ActivationPattern] {
    let offsets = network.stageOffsets.map { $0 - network.inputCount }
    return oracle.cells.map { cell in
      var pattern = ActivationPattern(bits: layout.bits)
      for (index, entry) in layout.entries.enumerated() {
        layout.set(index, to: cell.pattern[offsets[entry.stage] + entry.unit], in: &pattern)
      }
      return pattern
    }
  }
}

extension OracleRegions {
  /// Pairs of cells whose closures have an (n − 1)-dimensional set in common.
  var neighbours: Set<[Int]> {
    var pairs: Set<[Int]> = []
    for first in cells.indices {
      for second in cells.indices where second > first {
        let rows = cells[first].rows + cells[second].rows
        let isFacet = cells[first].rows.contains { plane in
          guard let pivot = (1...inputCount).first(where: { plane[$0].signum != 0 }) else { return false }
          let onPlane = rows.map { row in
            let factor = row[pivot] / plane[pivot]
            return row.indices.filter { $0 != pivot }.map { row[$0] - factor * plane[$0] }
          }
          let varying = onPlane.filter { row in row.contains { $0.signum != 0 } }
          guard varying.allSatisfy({ row in row[0].signum > 0 || row.dropFirst().contains { $0.signum != 0 } })
          else { return false }
          let open = varying.filter { row in row.dropFirst().contains { $0.signum != 0 } }
          return open.isEmpty || OracleProgram.interiorPoint(open, inputCount: inputCount - 1) != nil
        }
        if isFacet { pairs.insert([first, second]) }
      }
    }
    return pairs
  }

  /// The vertices of all closed cells: of any n planes that meet in one point, the points that are in the cell.
  var vertices: Set<[Rational]> {
    var found: Set<[Rational]> = []
    for cell in cells {
      for planes in Self.subsets(of: cell.rows, count: inputCount) {
        guard let point = Self.intersection(planes), cell.rows.allSatisfy({ $0.value(at: point).signum >= 0 })
        else { continue }
        found.insert(point)
      }
    }
    return found
  }

  private static func subsets(of rows: [ExactForm], count: Int) -> [[ExactForm]] {
    guard count > 0 else { return [[]] }
    return rows.indices.flatMap { index in
      subsets(of: Array(rows[(index + 1)...]), count: count - 1).map { [rows[index]] + $0 }
    }
  }

  /// The only point of n planes, by Gauss–Jordan elimination.
  private static func intersection(_ planes: [ExactForm]) -> [Rational]? {
    var rows = planes
    for column in 1...rows.count {
      guard let pivot = rows.indices.first(where: { $0 >= column - 1 && rows[$0][column].signum != 0 })
      else { return nil }
      rows.swapAt(pivot, column - 1)
      let lead = rows[column - 1].map { $0 / rows[column - 1][column] }
      rows[column - 1] = lead
      for other in rows.indices where other != column - 1 && rows[other][column].signum != 0 {
        let factor = rows[other][column]
        rows[other] = zip(rows[other], lead).map { $0 - factor * $1 }
      }
    }
    return rows.map { -$0[0] }
  }
}
