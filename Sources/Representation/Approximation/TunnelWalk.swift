import Exact

/// The path with the fewest links through gates: a continuous piecewise-linear function that passes between the two ends of
/// each gate, and optionally between their joins too.
///
/// Each link goes as far as any can, and is the line that then bounds what can be reached; the next one crosses it at or
/// after the last wall that it touches on the inner side of the turn. From there on that side's walls bind the next link,
/// and the other side's from where the link before left the tunnel.
///
/// Source: S. L. Hakimi, E. F. Schmeichel, *Fitting polygonal functions to a set of points in the plane* (1991); H. Imai,
/// M. Iri, *An optimal algorithm for approximating a piecewise linear function* (1986).
struct TunnelWalk {
  struct Gate {
    var x: Rational
    var low: Rational
    var high: Rational
  }

  /// The links' lines from left to right.
  private(set) var links: [LineFunnel.Line] = []
  /// What each link but the last ended at.
  private(set) var obstacles: [UniformObstacle] = []
  /// Whether the last gate was passed.
  private(set) var isComplete = false

  /// - Parameters:
  ///   - gates: by increasing x, at least one, low ≤ high.
  ///   - isTunnel: whether the path must stay between straight joins of neighbouring gates' ends too.
  ///   - mostLinks: stops when more are needed, with as many obstacles.
  /// - Complexity: O(gates), plus for each link those that it shares with the link before.
  init(_ gates: [Gate], isTunnel: Bool, mostLinks: Int) {
    var walls: [LineFunnel.Wall] = []
    var funnel = LineFunnel()
    for (index, gate) in gates.enumerated() {
      let wall = LineFunnel.Wall(x: gate.x, low: gate.low, high: gate.high)
      if let failure = funnel.add(wall) {
        let end = isTunnel ? Self.exit(failure, from: gates[index - 1], to: gate) : nil
        turn(at: failure, x: end?.x ?? gate.x)
        guard links.count < mostLinks else { return }
        walls = Self.walls(after: failure, walls, end)
        funnel = LineFunnel()
        for wall in walls + [wall] { _ = funnel.add(wall) }
      }
      walls.append(wall)
    }
    links.append(funnel.someLine)
    isComplete = true
  }

  private mutating func turn(at failure: LineFunnel.Failure, x: Rational) {
    switch failure {
    case .above(let tangent):
      links.append(tangent.line)
      obstacles.append(UniformObstacle(bend: .concave, inputs: [tangent.first, tangent.second, x]))
    case .below(let tangent):
      links.append(tangent.line)
      obstacles.append(UniformObstacle(bend: .convex, inputs: [tangent.first, tangent.second, x]))
    }
  }

  /// The walls of the next link up to the gate that was missed.
  private static func walls(
    after failure: LineFunnel.Failure, _ walls: [LineFunnel.Wall], _ end: LineFunnel.Wall?
  ) -> [LineFunnel.Wall] {
    var result: [LineFunnel.Wall]
    switch failure {
    case .above(let tangent):
      result = walls.filter { $0.x >= tangent.second && $0.low != nil }
        .map { LineFunnel.Wall(x: $0.x, low: $0.low, high: nil) }
    case .below(let tangent):
      result = walls.filter { $0.x >= tangent.second && $0.high != nil }
        .map { LineFunnel.Wall(x: $0.x, low: nil, high: $0.high) }
    }
    guard let end else { return result }
    if let last = result.last, last.x == end.x {
      result[result.count - 1] = LineFunnel.Wall(x: end.x, low: last.low ?? end.low, high: last.high ?? end.high)
    } else {
      result.append(end)
    }
    return result
  }

  /// Where the last line leaves the tunnel between two gates, as a wall on that side.
  private static func exit(_ failure: LineFunnel.Failure, from left: Gate, to right: Gate) -> LineFunnel.Wall {
    func crossing(_ line: LineFunnel.Line, _ before: Rational, _ after: Rational) -> Rational {
      let start = line(left.x) - before
      return left.x + start / (start - (line(right.x) - after)) * (right.x - left.x)
    }
    switch failure {
    case .above(let tangent):
      let x = crossing(tangent.line, left.high, right.high)
      return LineFunnel.Wall(x: x, low: nil, high: tangent.line(x))
    case .below(let tangent):
      let x = crossing(tangent.line, left.low, right.low)
      return LineFunnel.Wall(x: x, low: tangent.line(x), high: nil)
    }
  }

  /// The path as a function; the outer links go on.
  var function: BrokenLine {
    let positions = zip(links, links.dropFirst()).map { ($0.constant - $1.constant) / ($1.slope - $0.slope) }
    return BrokenLine(
      positions: positions, slopes: links.map(\.slope), anchor: links[0](positions.first ?? .zero))
  }
}
