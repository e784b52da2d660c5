/// A line by one of its points.
struct PointLine<Scalar: StructureScalar>: Sendable {
  let x: Scalar
  let y: Scalar
  let slope: Scalar

  func callAsFunction(_ position: Scalar) -> Scalar { y + slope * (position - x) }
}

/// The least-squares continuous piecewise-linear function over consecutive sites with knots on some of them.
struct BlockFit<Scalar: StructureScalar>: Sendable {
  /// The abscissae of the first site, the knots and the last site, and the function's values there.
  let nodes: [Scalar]
  let values: [Scalar]
  let loss: Scalar

  /// - Parameter nodes: the block's first site, its knots, its last site; strictly increasing, the same site once.
  init(nodes: [Int], x: [Scalar], y: [Scalar], weights: [Scalar]) {
    let count = nodes.count
    var diagonal = Array(repeating: Scalar.zero, count: count)
    var beside = Array(repeating: Scalar.zero, count: count)
    var right = Array(repeating: Scalar.zero, count: count)
    // Targets relative to the first one: an offset common to all must not cost digits.
    let origin = y[nodes[0]]
    var squares = Scalar.zero
    for (node, site) in nodes.enumerated() {
      let difference = y[site] - origin
      diagonal[node] += weights[site]
      right[node] += weights[site] * difference
      squares += weights[site] * difference * difference
    }
    for node in 0..<count - 1 {
      // Moments of the sites between two nodes, about the first; hats are t and 1 − t, t = u / length.
      var n = Scalar.zero
      var u = Scalar.zero
      var uu = Scalar.zero
      var v = Scalar.zero
      var uv = Scalar.zero
      let start = x[nodes[node]]
      let length = x[nodes[node + 1]] - start
      for site in nodes[node] + 1..<max(nodes[node] + 1, nodes[node + 1]) {
        let du = x[site] - start
        let dv = y[site] - origin
        let wu = weights[site] * du
        let wv = weights[site] * dv
        n += weights[site]
        u += wu
        uu += wu * du
        v += wv
        uv += wu * dv
        squares += wv * dv
      }
      let t = u / length
      let tt = uu / (length * length)
      let tv = uv / length
      diagonal[node] += n - t - t + tt
      diagonal[node + 1] += tt
      beside[node] += t - tt
      right[node] += v - tv
      right[node + 1] += tv
    }
    let solution = Self.solveTridiagonal(diagonal, beside, right)
    self.nodes = nodes.map { x[$0] }
    values = solution.map { $0 + origin }
    if Scalar.isExact {
      loss = zip(solution, right).reduce(squares) { $0 - $1.0 * $1.1 }
    } else {
      loss = Self.sumOfSquares(nodes, values, x, y, weights)
    }
  }

  /// A symmetric positive definite tridiagonal system, by elimination.
  private static func solveTridiagonal(_ diagonal: [Scalar], _ beside: [Scalar], _ right: [Scalar]) -> [Scalar] {
    var pivots = diagonal
    var solution = right
    for row in 1..<max(1, diagonal.count) {
      let factor = beside[row - 1] / pivots[row - 1]
      pivots[row] -= factor * beside[row - 1]
      solution[row] -= factor * solution[row - 1]
    }
    for row in diagonal.indices.reversed() {
      if row + 1 < diagonal.count { solution[row] -= beside[row] * solution[row + 1] }
      solution[row] = solution[row] / pivots[row]
    }
    return solution
  }

  private static func sumOfSquares(
    _ nodes: [Int], _ values: [Scalar], _ x: [Scalar], _ y: [Scalar], _ weights: [Scalar]
  ) -> Scalar {
    var sum = Scalar.zero
    var node = 0
    for site in nodes[0]...nodes[nodes.count - 1] {
      if node + 1 < nodes.count && site >= nodes[node + 1] { node += 1 }
      var residual = y[site] - values[node]
      if site > nodes[node] {
        let slope = (values[node + 1] - values[node]) / (x[nodes[node + 1]] - x[nodes[node]])
        residual -= slope * (x[site] - x[nodes[node]])
      }
      sum += weights[site] * residual * residual
    }
    return sum
  }

  /// The slope between node number `node` and the next; 0 in a block of one site.
  func slope(after node: Int) -> Scalar {
    guard node + 1 < nodes.count else { return Scalar.zero }
    return (values[node + 1] - values[node]) / (nodes[node + 1] - nodes[node])
  }

  var firstLine: PointLine<Scalar> { PointLine(x: nodes[0], y: values[0], slope: slope(after: 0)) }

  var lastLine: PointLine<Scalar> {
    PointLine(x: nodes[nodes.count - 1], y: values[nodes.count - 1], slope: slope(after: max(0, nodes.count - 2)))
  }

  /// The blocks between the joins that decouple.
  static func blocks(of joins: [Join], x: [Scalar], y: [Scalar], weights: [Scalar]) -> [BlockFit] {
    var blocks: [BlockFit] = []
    var nodes = [0]
    func close(at last: Int) {
      if last > nodes[nodes.count - 1] { nodes.append(last) }
      blocks.append(BlockFit(nodes: nodes, x: x, y: y, weights: weights))
    }
    for join in joins {
      switch join {
      case .at(let site):
        nodes.append(site)
      case .inside(let site), .jump(let site):
        close(at: site)
        nodes = [site + 1]
      }
    }
    close(at: x.count - 1)
    return blocks
  }
}
