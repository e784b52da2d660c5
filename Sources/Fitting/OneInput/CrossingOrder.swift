/// A free end as the source of a crossing in the gap after its site.
struct CrossingSource: BitwiseCopyable {
  var cost: Double
  var here: Double
  var beyond: Double
  /// A line less steep than this that crosses here would do at least as well with its knot on the site.
  var steepness: Double
  var index: Int32
}

extension KnotSweep {
  /// The free ends of a site as sources of crossings, the ones that gentle lines can use first.
  ///
  /// A free line L of cost c, crossed by R in the gap after x_i, is beaten by a knot on x_i with the value R(x_i) wherever
  /// F_i(R(x_i)) < c. Around L(x_i) that holds on an interval, mostly a wide one: other prefixes reach those values more
  /// cheaply. To miss the interval and still cross L inside the gap, R must be steep. So of hundreds of free ends at a
  /// site only the few on the envelope itself concern an ordinary segment.
  ///
  /// - Parameters:
  ///   - level: R_{s−1}.
  ///   - pieces: F_s at the site, which uses as many knots.
  func gatherCrossings(
    _ level: LabelLevel<FreeEnd>, _ site: Int, _ allowed: Double, _ pieces: UnsafeBufferPointer<ValuePiece>,
    _ output: Pool<CrossingSource>
  ) {
    output.removeAll()
    let gap = sites.x[site + 1] - sites.x[site]
    for (index, end) in level[site].enumerated() {
      if end.cost > allowed { break }
      let margin = Self.margin(of: end.here, below: end.cost - 1e-13 * Double(sites.count), pieces)
      output.append(
        CrossingSource(
          cost: end.cost, here: end.here, beyond: end.beyond,
          steepness: (margin - abs(end.beyond - end.here)) / gap,
          index: Int32(truncatingIfNeeded: level.start[site] + index)))
    }
    var elements = output.elements
    elements.sort { $0.steepness < $1.steepness }
  }

  /// The radius of an interval around `value` on which the envelope stays below `level`; 0 if there is none.
  ///
  /// Looks at a bounded number of pieces: beyond them the interval is wide enough for nearly all lines.
  private static func margin(of value: Double, below level: Double, _ pieces: UnsafeBufferPointer<ValuePiece>) -> Double
  {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) >> 1
      if pieces[middle].upper < value { low = middle + 1 } else { high = middle }
    }
    guard low < pieces.count, pieces[low].lower <= value, pieces[low].value(value) < level else { return 0 }
    var index = low
    var above = value
    while index < min(pieces.count, low + 24) && pieces[index].lower <= above {
      let reach = pieces[index].reach(level)
      guard reach >= above else { break }
      above = min(reach, pieces[index].upper)
      if above < pieces[index].upper { break }
      index += 1
    }
    index = low
    var below = value
    while index >= max(0, low - 24) && pieces[index].upper >= below {
      let reach = 2 * pieces[index].vertex - pieces[index].reach(level)
      guard reach <= below else { break }
      below = max(reach, pieces[index].lower)
      if below > pieces[index].lower { break }
      index -= 1
    }
    return min(above - value, value - below)
  }
}

extension ValuePiece {
  /// The larger value at which the quadratic is `level`; −∞ when it is nowhere so low.
  @inline(__always)
  fileprivate func reach(_ level: Double) -> Double {
    level < cost ? -.infinity : vertex + ((level - cost) / curvature).squareRoot()
  }
}
