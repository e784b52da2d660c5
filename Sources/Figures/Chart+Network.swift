extension Chart {
  /// A place where the graph of a function of one variable bends.
  public struct Breakpoint: Sendable, Equatable {
    public var x: Double
    public var y: Double
    /// The layer whose unit makes it bend, counted from 1.
    public var layer: Int

    public init(x: Double, y: Double, layer: Int) {
      self.x = x
      self.y = y
      self.layer = layer
    }
  }

  /// The graph of a piecewise-linear function of one variable: the polyline from `start` over the breakpoints to `end`,
  /// which is the function itself and no sample of it, each breakpoint marked in the colour of its layer.
  ///
  /// Breakpoints come in any order, and several at one x are one vertex of the line with a mark for each layer; those
  /// not between `start` and `end` are left out. `observations` are dots behind the line. O(n log n).
  public static func network(
    title: String = "", subtitle: String = "", xAxis: Axis = Axis("x"), yAxis: Axis = Axis("f(x)"),
    from start: PlotPoint, to end: PlotPoint, breakpoints: [Breakpoint], functionName: String = "network",
    observations: [PlotPoint] = [], observationsName: String = "observed", size: FigureSize = FigureSize()
  ) -> Chart {
    let (low, high) = (min(start.x, end.x), max(start.x, end.x))
    let bends = breakpoints.filter { $0.x >= low && $0.x <= high }.sorted { $0.x < $1.x }
    let ends = start.x <= end.x ? (start, end) : (end, start)
    let line = [ends.0] + bends.map { PlotPoint(x: $0.x, y: $0.y) } + [ends.1]
    var marks: [Mark] = []
    if !observations.isEmpty {
      let style = PointStyle(color: Color(0x8A8A8A))
      marks.append(
        .points(x: observations.map(\.x), y: observations.map(\.y), style: style, name: observationsName))
    }
    marks.append(
      .line(x: line.map(\.x), y: line.map(\.y), style: LineStyle(color: Color(0x222222), width: 2), name: functionName))
    // Small where many, so that the line remains the subject.
    let radius = bends.count > 400 ? 1.8 : bends.count > 60 ? 3 : 4.8
    let outline = bends.count > 60 ? nil : Color(0xFFFFFF)
    let layers = Dictionary(grouping: bends, by: \.layer).sorted { $0.key < $1.key }
    for (layer, bends) in layers {
      let style = PointStyle(
        shape: shape(layer: layer), color: Palette.layer(layer), radius: radius, opacity: 1, outline: outline)
      marks.append(
        .markers(x: bends.map(\.x), y: bends.map(\.y), style: style, name: "breakpoints, layer \(layer)"))
    }
    return Chart(title: title, subtitle: subtitle, xAxis: xAxis, yAxis: yAxis, marks: marks, size: size)
  }

  private static func shape(layer: Int) -> PointStyle.Shape {
    let shapes: [PointStyle.Shape] = [.circle, .diamond, .square, .triangle]
    return shapes[(layer &- 1) & 3]
  }
}
