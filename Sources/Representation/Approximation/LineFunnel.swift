import Exact

/// The lines that pass above some points, the floors, and below others, the ceilings, as walls come in from left to right.
///
/// Right of all walls such lines fill the wedge between two of them, the steepest and the flattest; these alone decide
/// whether the next wall can be passed. Each touches a ceiling and a floor. A wall costs O(1) amortised: the floors' upper
/// hull and the ceilings' lower hull are kept, and a tangent's foot on them only moves to the right.
///
/// Source: J. O'Rourke, *An on-line algorithm for fitting straight lines between data ranges* (1981).
struct LineFunnel {
  /// What a line must respect at an abscissa: low ≤ line(x) ≤ high.
  struct Wall {
    var x: Rational
    var low: Rational?
    var high: Rational?
  }

  struct Line {
    var slope: Rational
    var constant: Rational

    func callAsFunction(_ x: Rational) -> Rational { slope * x + constant }
  }

  /// A line that touches two walls from different sides.
  struct Tangent {
    var line: Line
    /// Where it touches, the second to the right.
    var first: Rational
    var second: Rational
  }

  enum Failure {
    /// All lines pass above the wall's ceiling; the flattest is the lowest.
    case above(Tangent)
    /// All lines pass below the wall's floor; the steepest is the highest.
    case below(Tangent)
  }

  /// Points of which a tangent from the right touches those of a convex chain.
  private struct Hull {
    /// +1 for an upper hull, −1 for a lower one.
    let side: Int
    private var points: [BrokenLine.Point] = []
    private var foot = 0

    init(side: Int) { self.side = side }

    var isEmpty: Bool { points.isEmpty }

    mutating func append(_ point: BrokenLine.Point) {
      while points.count >= foot + 2 {
        let middle = points[points.count - 1]
        let start = points[points.count - 2]
        let turn = (middle.x - start.x) * (point.y - start.y) - (middle.y - start.y) * (point.x - start.x)
        guard turn.signum * side >= 0 else { break }
        points.removeLast()
      }
      points.append(point)
    }

    /// The line through a point to the right that leaves the hull on its side and touches it, as far right as possible.
    mutating func tangent(from point: BrokenLine.Point) -> Tangent {
      var slope = Self.slope(points[foot], point)
      while foot + 1 < points.count {
        let next = Self.slope(points[foot + 1], point)
        guard side > 0 ? next <= slope : next >= slope else { break }
        slope = next
        foot += 1
      }
      let line = Line(slope: slope, constant: point.y - slope * point.x)
      return Tangent(line: line, first: points[foot].x, second: point.x)
    }

    private static func slope(_ left: BrokenLine.Point, _ right: BrokenLine.Point) -> Rational {
      (right.y - left.y) / (right.x - left.x)
    }
  }

  private var floors = Hull(side: 1)
  private var ceilings = Hull(side: -1)
  /// Nil as long as lines of any slope pass.
  private(set) var steepest: Tangent?
  private(set) var flattest: Tangent?
  private var last: Wall?

  /// Takes a wall to the right of all others, unless no line passes it.
  mutating func add(_ wall: Wall) -> Failure? {
    if let low = wall.low, let steepest, low > steepest.line(wall.x) { return .below(steepest) }
    if let high = wall.high, let flattest, high < flattest.line(wall.x) { return .above(flattest) }
    // A wall's end that no line reaches is never touched later either, as the lines only become fewer.
    let low = wall.low.flatMap { low in flattest.map { low < $0.line(wall.x) } == true ? nil : low }
    let high = wall.high.flatMap { high in steepest.map { high > $0.line(wall.x) } == true ? nil : high }
    if let low, !ceilings.isEmpty { flattest = ceilings.tangent(from: BrokenLine.Point(wall.x, low)) }
    if let high, !floors.isEmpty { steepest = floors.tangent(from: BrokenLine.Point(wall.x, high)) }
    if let low { floors.append(BrokenLine.Point(wall.x, low)) }
    if let high { ceilings.append(BrokenLine.Point(wall.x, high)) }
    last = wall
    return nil
  }

  /// One of the lines: midway between the extreme ones where there are two.
  var someLine: Line {
    if let steepest, let flattest {
      return Line(
        slope: (steepest.line.slope + flattest.line.slope) / 2,
        constant: (steepest.line.constant + flattest.line.constant) / 2)
    }
    if let tangent = steepest ?? flattest { return tangent.line }
    let low = last?.low ?? last?.high ?? .zero
    return Line(slope: .zero, constant: (low + (last?.high ?? low)) / 2)
  }
}
