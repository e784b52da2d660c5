/// A chart of one quantity against another, as a value; `svg()` draws it.
///
/// ```swift
/// let chart = Chart(
///   title: "Ozone against temperature", xAxis: Axis("Temperature (°F)"), yAxis: Axis("Ozone (ppb)"),
///   marks: [
///     .points(x: temperature, y: ozone, name: "observed"),
///     .line(x: knotsX, y: knotsY, name: "two hidden units"),
///     .verticalRules(breakpoints),
///   ])
/// try chart.svg().write(to: url, atomically: true, encoding: .utf8)
/// ```
///
/// Marks are drawn in order, later ones on top. A chart never fails to draw: values without a place are left out, and
/// the subtitle says how many; no data at all gives empty axes.
public struct Chart: Sendable, Equatable {
  /// Where the legend stands. There is one only if marks have names.
  public enum LegendPlacement: Sendable, Equatable {
    /// Inside the axes where it covers no data, else above them.
    case automatic
    /// Above the axes.
    case above
    case hidden
  }

  public var title: String
  public var subtitle: String
  /// Small print below the axes.
  public var note: String
  /// What the picture shows, for readers who cannot see it; if empty, a sentence made from the labels and names.
  public var summary: String
  public var xAxis: Axis
  public var yAxis: Axis
  public var marks: [Mark]
  public var legend: LegendPlacement
  /// Both axes over the same interval, in a square: for observed against predicted. The scaling is then the x axis's.
  public var equalAxes: Bool
  public var size: FigureSize

  public init(
    title: String = "", subtitle: String = "", note: String = "", summary: String = "", xAxis: Axis = Axis(),
    yAxis: Axis = Axis(), marks: [Mark] = [], legend: LegendPlacement = .automatic, equalAxes: Bool = false,
    size: FigureSize = FigureSize()
  ) {
    self.title = title
    self.subtitle = subtitle
    self.note = note
    self.summary = summary
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.marks = marks
    self.legend = legend
    self.equalAxes = equalAxes
    self.size = size
  }

  /// The chart as an SVG document. Linear in the number of values; a mark of more than 5000 points is drawn as that
  /// many of them, and the subtitle says so.
  public func svg() -> String { ChartRenderer(self).svg() }
}
