/// A mark with its colour chosen, its values filtered to those that can be drawn, and thinned if there are too many.
enum PreparedMark {
  case symbols([PlotPoint], labels: [String], look: SymbolLook)
  case lines([[PlotPoint]], look: LineLook)
  case rules([Double], isVertical: Bool, look: LineLook)
  case bands([[(x: Double, lower: Double, upper: Double)]], color: Color, opacity: Double)
  case bars([Bar], color: Color, opacity: Double)
  case text(String, PlotPoint, TextStyle)

  struct Bar: Equatable {
    var left: Double
    var right: Double
    var height: Double
  }
}

extension Mark {
  var name: String? {
    switch self {
    case .points(_, _, _, let name), .line(_, _, _, let name), .markers(_, _, _, _, let name),
      .verticalRules(_, _, let name), .horizontalRules(_, _, let name), .band(_, _, _, _, let name),
      .bars(_, _, _, let name), .diagonal(_, let name):
      name
    case .text: nil
    }
  }

  /// Whether the mark takes a colour of the palette unless its style names one.
  var takesColor: Bool {
    switch self {
    case .points(_, _, let style, _), .markers(_, _, _, let style, _): style.color == nil
    case .line(_, _, let style, _): style.color == nil
    case .band(_, _, _, let style, _), .bars(_, _, let style, _): style.color == nil
    case .verticalRules, .horizontalRules, .diagonal, .text: false
    }
  }

  /// Enlarges the extents of both axes to hold the mark.
  func extend(x xExtent: inout Extent, _ xScaling: AxisScaling, y yExtent: inout Extent, _ yScaling: AxisScaling) {
    func include(_ x: Double, _ y: Double) {
      guard AxisRange.isDrawable(x, on: xScaling), AxisRange.isDrawable(y, on: yScaling) else { return }
      xExtent.include(x)
      yExtent.include(y)
    }
    switch self {
    case .points(let x, let y, _, _), .line(let x, let y, _, _), .markers(let x, let y, _, _, _):
      for (x, y) in zip(x, y) { include(x, y) }
    case .band(let x, let lower, let upper, _, _):
      for (x, bounds) in zip(x, zip(lower, upper)) {
        include(x, bounds.0)
        include(x, bounds.1)
      }
    case .bars(let edges, let heights, _, _):
      for bar in Self.bars(edges: edges, heights: heights) {
        include(bar.left, bar.height)
        include(bar.right, bar.height)
      }
    case .verticalRules(let values, _, _):
      for value in values where AxisRange.isDrawable(value, on: xScaling) { xExtent.include(value) }
    case .horizontalRules(let values, _, _):
      for value in values where AxisRange.isDrawable(value, on: yScaling) { yExtent.include(value) }
    case .text(_, let x, let y, _): include(x, y)
    case .diagonal: break
    }
  }

  static func bars(edges: [Double], heights: [Double]) -> [PreparedMark.Bar] {
    zip(zip(edges, edges.dropFirst()), heights).map { .init(left: $0.0, right: $0.1, height: $1) }
  }
}

/// Turns marks into prepared marks, and remembers what the reader must be told about it.
struct MarkPreparation {
  let xRange: AxisRange
  let yRange: AxisRange
  private(set) var drawnPoints = 0
  private(set) var givenPoints = 0
  private(set) var skippedPoints = 0
  private(set) var sampledLines = false

  init(xRange: AxisRange, yRange: AxisRange) {
    self.xRange = xRange
    self.yRange = yRange
  }

  /// One remark for the subtitle each: what was thinned, what could not be drawn.
  var remarks: [String] {
    var result: [String] = []
    if drawnPoints < givenPoints {
      result.append(Thinning.remark(drawn: drawnPoints, of: givenPoints))
    }
    if sampledLines { result.append("lines drawn through a sample of their points") }
    if skippedPoints > 0 {
      let isLogarithmic = xRange.scaling == .logarithmic || yRange.scaling == .logarithmic
      let count = NumberText.count(skippedPoints) + (skippedPoints == 1 ? " point" : " points")
      result.append("\(count) left out: not finite" + (isLogarithmic ? " or not positive" : ""))
    }
    return result
  }

  mutating func prepare(_ mark: Mark, color: Color) -> PreparedMark {
    switch mark {
    case .points(let x, let y, let style, _):
      let points = symbols(x, y, labels: []).points
      return .symbols(points, labels: [], look: SymbolLook(style, color: color, count: points.count))
    case .markers(let x, let y, let labels, let style, _):
      let (points, kept) = symbols(x, y, labels: labels)
      return .symbols(points, labels: kept, look: SymbolLook(style, color: color, count: points.count))
    case .line(let x, let y, let style, _):
      return .lines(runs(x, y).map { thinned($0) }, look: LineLook(style, color: color))
    case .verticalRules(let values, let style, _):
      return .rules(distinct(values, xRange), isVertical: true, look: LineLook(style, color: Ink.rule))
    case .horizontalRules(let values, let style, _):
      return .rules(distinct(values, yRange), isVertical: false, look: LineLook(style, color: Ink.rule))
    case .diagonal(let style, _):
      return .lines([diagonal()], look: LineLook(style, color: Ink.rule))
    case .band(let x, let lower, let upper, let style, _):
      let opacity = LineLook.usable(opacity: style.opacity)
      return .bands(bands(x, lower, upper), color: style.color ?? color, opacity: opacity)
    case .bars(let edges, let heights, let style, _):
      let bars = Mark.bars(edges: edges, heights: heights).filter {
        isDrawable($0.left, $0.height) && isDrawable($0.right, $0.height)
      }
      return .bars(bars, color: style.color ?? color, opacity: LineLook.usable(opacity: style.opacity))
    case .text(let words, let x, let y, let style):
      return .text(words, PlotPoint(x: x, y: y), style)
    }
  }

  private func isDrawable(_ x: Double, _ y: Double) -> Bool {
    AxisRange.isDrawable(x, on: xRange.scaling) && AxisRange.isDrawable(y, on: yRange.scaling)
  }

  private mutating func symbols(
    _ x: [Double], _ y: [Double], labels: [String]
  ) -> (points: [PlotPoint], labels: [String]) {
    let count = min(x.count, y.count)
    let drawable = (0..<count).filter { isDrawable(x[$0], y[$0]) }
    skippedPoints += count - drawable.count
    // Points beyond ends that the chart's author chose are out of view, not left out.
    let visible = drawable.filter { index in
      guard let u = xRange.fraction(x[index]), let v = yRange.fraction(y[index]) else { return false }
      return u >= -1e-9 && u <= 1 + 1e-9 && v >= -1e-9 && v <= 1 + 1e-9
    }
    let thin = Thinning.scatter(
      x: visible.map { xRange.fraction(x[$0]) ?? 0 }, y: visible.map { yRange.fraction(y[$0]) ?? 0 })
    givenPoints += visible.count
    drawnPoints += thin.count
    let kept = thin.map { visible[$0] }
    return (
      kept.map { PlotPoint(x: x[$0], y: y[$0]) }, kept.map { labels.indices.contains($0) ? labels[$0] : "" }
    )
  }

  /// The stretches of a line between its gaps.
  private func runs(_ x: [Double], _ y: [Double]) -> [[PlotPoint]] {
    var result: [[PlotPoint]] = []
    var run: [PlotPoint] = []
    for (x, y) in zip(x, y) {
      if isDrawable(x, y) {
        run.append(PlotPoint(x: x, y: y))
      } else if !run.isEmpty {
        result.append(run)
        run = []
      }
    }
    return run.isEmpty ? result : result + [run]
  }

  private mutating func thinned(_ run: [PlotPoint]) -> [PlotPoint] {
    guard run.count > Thinning.limit else { return run }
    let (kept, isExact) = Thinning.polyline(
      x: run.map { xRange.fraction($0.x) ?? 0 }, y: run.map { yRange.fraction($0.y) ?? 0 })
    sampledLines = sampledLines || !isExact
    return kept.map { run[$0] }
  }

  /// The values with a place on the axis, one for each of 2000 places: more cannot be told apart.
  private func distinct(_ values: [Double], _ range: AxisRange) -> [Double] {
    var seen = Set<Int>()
    return values.filter { value in
      guard let place = range.fraction(value), place >= -1e-9, place <= 1 + 1e-9 else { return false }
      return seen.insert(Int(place * 2000)).inserted
    }
  }

  private func diagonal() -> [PlotPoint] {
    // Straight where both axes scale alike; else a curve, for which a few hundred points are smooth.
    let steps = xRange.scaling == yRange.scaling ? 1 : 400
    let (low, high) = (max(xRange.lower, yRange.lower), min(xRange.upper, yRange.upper))
    guard low < high else { return [] }
    return (0...steps).map { step in
      let value = low + (high - low) * (Double(step) / Double(steps))
      return PlotPoint(x: value, y: value)
    }.filter { isDrawable($0.x, $0.y) }
  }

  private func bands(
    _ x: [Double], _ lower: [Double], _ upper: [Double]
  ) -> [[(x: Double, lower: Double, upper: Double)]] {
    var result: [[(x: Double, lower: Double, upper: Double)]] = []
    var run: [(x: Double, lower: Double, upper: Double)] = []
    // Past the limit, values that fall in one of 2000 columns along x are merged into the band that holds them all.
    let merging = x.count > Thinning.limit
    func column(_ x: Double) -> Int { Int((xRange.fraction(x) ?? 0) * 2000) }
    for (x, bounds) in zip(x, zip(lower, upper)) {
      if isDrawable(x, bounds.0) && isDrawable(x, bounds.1) {
        if merging, let last = run.last, column(last.x) == column(x) {
          run[run.count - 1] = (last.x, min(last.lower, bounds.0), max(last.upper, bounds.1))
        } else {
          run.append((x, bounds.0, bounds.1))
        }
      } else if !run.isEmpty {
        result.append(run)
        run = []
      }
    }
    return run.isEmpty ? result : result + [run]
  }
}
