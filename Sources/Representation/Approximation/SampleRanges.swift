import Exact

/// Samples by increasing input, those of one input together as the range of their outputs.
struct SampleRanges {
  private struct Range {
    var x: Rational
    var least: Rational
    var most: Rational
  }

  private var ranges: [Range] = []

  init(_ samples: [BrokenLine.Point]) throws {
    guard !samples.isEmpty else { throw RepresentationError("an approximation needs at least one sample") }
    for sample in samples.sorted(by: { $0.x < $1.x }) {
      guard let last = ranges.last, last.x == sample.x else {
        ranges.append(Range(x: sample.x, least: sample.y, most: sample.y))
        continue
      }
      ranges[ranges.count - 1].least = min(last.least, sample.y)
      ranges[ranges.count - 1].most = max(last.most, sample.y)
    }
  }

  /// Half the widest range: no function errs less.
  var spread: Rational { ranges.reduce(.zero) { max($0, ($1.most - $1.least) / 2) } }

  var widestInput: Rational? { ranges.max { $0.most - $0.least < $1.most - $1.least }?.x }

  /// The constant midway between all outputs.
  var middle: BrokenLine {
    let least = ranges.reduce(ranges[0].least) { min($0, $1.least) }
    let most = ranges.reduce(ranges[0].most) { max($0, $1.most) }
    return BrokenLine(slope: .zero, constant: (least + most) / 2)
  }

  func largestError(of function: BrokenLine) -> Rational {
    ranges.reduce(.zero) { largest, range in
      let value = function(range.x)
      return max(largest, value - range.least, range.most - value)
    }
  }

  /// - Parameter error: at least the spread.
  func walk(error: Rational, mostLinks: Int) -> TunnelWalk {
    TunnelWalk(
      ranges.map { TunnelWalk.Gate(x: $0.x, low: $0.most - error, high: $0.least + error) }, isTunnel: false,
      mostLinks: mostLinks)
  }

  /// The smallest error at which one of the obstacles is none any more; they must lie at inputs.
  func level(of obstacles: [UniformObstacle]) -> Rational? {
    let numbers = Dictionary(uniqueKeysWithValues: ranges.enumerated().map { ($0.element.x, $0.offset) })
    return obstacles.compactMap { obstacle in
      let corners = obstacle.inputs.compactMap { numbers[$0].map { ranges[$0] } }
      guard corners.count == 3 else { return nil }
      let share = (corners[1].x - corners[0].x) / (corners[2].x - corners[0].x)
      switch obstacle.bend {
      case .concave:
        return (corners[1].most - corners[0].least - share * (corners[2].least - corners[0].least)) / 2
      case .convex:
        return (corners[0].most + share * (corners[2].most - corners[0].most) - corners[1].least) / 2
      }
    }.min()
  }
}
