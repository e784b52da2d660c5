import Exact

extension Sawtooth {
  /// The most pieces that are listed one by one.
  public static let largestEnumeration = 1 << 17

  /// The number of linear pieces on ℝ: wᵏ + 1, and one more when w is even and k ≥ 2, because H then is 0 beyond M.
  ///
  /// The paper's Theorem 3.2 says wᵏ, which is the number of `piecesInside`.
  public var pieces: Rational { piecesInside + (endsFlat ? 2 : 1) }

  /// The number of linear pieces that meet (0, M): wᵏ.
  public var piecesInside: Rational { NaturalArithmetic.power(Rational(width), layers) }

  /// Whether H is 0 beyond M.
  var endsFlat: Bool { width.isMultiple(of: 2) && layers >= 2 }

  /// ∫₀ᴹ H = M²/2, whatever the knots.
  public var integral: Rational { extent * extent / 2 }

  /// ∫₀ᴹ |H − M/2| = M²/4, whatever the knots. M/2 is the best constant, since H is above it on half of [0, M].
  public var distanceToMean: Rational { extent * extent / 4 }

  /// The points where H bends, in increasing order, exactly.
  ///
  /// They are found by composing the maps h_a one by one as piecewise-linear functions on all of ℝ, without use of what is
  /// known about their number.
  ///
  /// - Complexity: O(k · wᵏ · w) rational comparisons.
  /// - Throws: `RepresentationError` when there are more than `largestEnumeration` pieces.
  public func breakpoints() throws -> [Rational] {
    let limit = Rational(Self.largestEnumeration)
    guard piecesInside <= limit else {
      throw RepresentationError(
        "\(width)^\(layers) pieces are too many to list; accepted are up to \(Self.largestEnumeration)")
    }
    var graph = SawtoothGraph()
    for layer in knots.indices { graph.apply(self, layer: layer) }
    return graph.nodes.map(\.x)
  }

  /// The pieces counted by their breakpoints: on ℝ, and those that meet (0, M).
  ///
  /// - Throws: as `breakpoints()`.
  public func enumeratedPieces() throws -> (total: Int, inside: Int) {
    let breakpoints = try breakpoints()
    return (breakpoints.count + 1, breakpoints.count { $0.signum > 0 && $0 < extent } + 1)
  }
}

/// A continuous piecewise-linear function of one variable by its graph, which the maps h_a are applied to.
private struct SawtoothGraph {
  typealias Node = (x: Rational, y: Rational)

  /// At least one, by increasing x. All are bends once a map was applied.
  var nodes: [Node] = [(.zero, .zero)]
  var leftSlope = Rational.one
  var rightSlope = Rational.one

  /// Follows the function by h_a, a the knots of a layer.
  mutating func apply(_ sawtooth: Sawtooth, layer: Int) {
    let slopes = sawtooth.slopes(layer)
    let kinks = [.zero] + sawtooth.knots[layer]
    var refined: [Node] = []
    let first = nodes[0]
    let last = nodes[nodes.count - 1]
    refined += crossings(from: first, slope: leftSlope, kinks) { $0 < first.x }
    for (index, node) in nodes.enumerated() {
      refined.append(node)
      guard index + 1 < nodes.count else { break }
      let next = nodes[index + 1]
      let slope = (next.y - node.y) / (next.x - node.x)
      refined += crossings(from: node, slope: slope, kinks) { $0 > node.x && $0 < next.x }
    }
    refined += crossings(from: last, slope: rightSlope, kinks) { $0 > last.x }
    // Far to the left the values run to −∞, where h_a is flat, or to +∞, where it has its last slope, or they stay.
    leftSlope *= leftSlope.signum < 0 ? slopes[slopes.count - 1] : .zero
    rightSlope *= rightSlope.signum > 0 ? slopes[slopes.count - 1] : .zero
    nodes = bends(refined.map { ($0.x, sawtooth.value(layer, at: $0.y, slopes: slopes)) })
  }

  /// The points of a line through a node where it has one of some values, by increasing x.
  private func crossings(
    from node: Node, slope: Rational, _ values: [Rational], where isWanted: (Rational) -> Bool
  ) -> [Node] {
    guard slope.signum != 0 else { return [] }
    let found = values.map { (x: node.x + ($0 - node.y) / slope, y: $0) }.filter { isWanted($0.x) }
    return slope.signum > 0 ? found : found.reversed()
  }

  /// The nodes without those where the function goes straight on; one is kept.
  private func bends(_ nodes: [Node]) -> [Node] {
    var kept: [Node] = []
    var slope = leftSlope
    for (index, node) in nodes.enumerated() {
      let next =
        index + 1 < nodes.count ? (nodes[index + 1].y - node.y) / (nodes[index + 1].x - node.x) : rightSlope
      if next != slope { kept.append(node) }
      slope = next
    }
    return kept.isEmpty ? [nodes[0]] : kept
  }
}
