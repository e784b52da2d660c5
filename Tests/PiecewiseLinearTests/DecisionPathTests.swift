import Probability
import Testing

@testable import PiecewiseLinear

/// Searches of random trees in pieces: what the pieces see together is what one search sees, in the same order.
@Suite struct DecisionPathTests {
  /// A tree whose nodes have 0 to 4 children, as numbers of the children of each node, in preorder.
  private final class Tree {
    let children: [Tree]

    init(depth: Int, using source: inout RandomSource) {
      let count = depth == 0 ? 0 : source.index(below: 5)
      children = (0..<count).map { _ in Tree(depth: depth - 1, using: &source) }
    }
  }

  private func visit(_ tree: Tree, _ path: inout DecisionPath, _ place: [Int], _ leaves: inout [[Int]], _ quota: Int) {
    guard !tree.children.isEmpty else {
      leaves.append(place)
      if leaves.count >= quota { path.stop() }
      return
    }
    for (choice, child) in tree.children.enumerated() where path.enter(Int32(choice)) {
      visit(child, &path, place + [choice], &leaves, quota)
      path.leave()
    }
  }

  @Test func piecesTogetherAreTheWhole() {
    for seed in UInt64(0)..<300 {
      var source = RandomSource(seed: 75_000 + seed)
      let tree = Tree(depth: 6, using: &source)
      var whole: [[Int]] = []
      var path = DecisionPath(.everything)
      visit(tree, &path, [], &whole, .max)
      for parts in 1...4 {
        var tasks = [DecisionPath.Task.everything]
        var seen: [[Int]] = []
        while !tasks.isEmpty {
          var piece: [[Int]] = []
          var path = DecisionPath(tasks.removeFirst())
          visit(tree, &path, [], &piece, 1 + source.index(below: 9))
          seen += piece
          tasks = path.remainder(inAtMost: parts) + tasks
        }
        #expect(seen == whole, "seed \(seed), \(parts) parts")
      }
    }
  }
}
