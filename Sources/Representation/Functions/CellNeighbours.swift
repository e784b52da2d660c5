import Exact
import Polyhedra

/// Which cells may touch: those whose bounding boxes, in doubles rounded outwards, do.
struct CellNeighbours {
  /// For each cell the others, in increasing order.
  private(set) var lists: [[Int]]

  /// - Parameter slack: cells that are this far apart, in each coordinate, count as touching.
  /// - Complexity: O(cells · log cells) and as many steps as there are pairs that meet in the first coordinate.
  init(_ polyhedra: [ExactPolyhedron], slack: Rational) {
    let boxes = CellBoxes(polyhedra, slack: slack).boxes
    lists = Array(repeating: [], count: boxes.count)
    let order = boxes.indices.sorted { boxes[$0][0].lower < boxes[$1][0].lower }
    for (position, first) in order.enumerated() {
      for second in order[(position + 1)...] {
        guard boxes[second][0].lower <= boxes[first][0].upper else { break }
        guard zip(boxes[first], boxes[second]).allSatisfy({ $0.overlaps($1) }) else { continue }
        lists[first].append(second)
        lists[second].append(first)
      }
    }
    for cell in lists.indices { lists[cell].sort() }
  }
}
