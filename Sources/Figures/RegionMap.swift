/// A picture of a piecewise-affine function of two variables: the polygons on which it is affine, filled by what is to
/// be seen of it, with the lines along which it breaks, a decision boundary, data, and a key.
///
/// ```swift
/// let map = RegionMap(
///   title: "Fuel consumption, three hidden units", xAxis: Axis("Weight (1000 lb)"), yAxis: Axis("Power (hp)"),
///   valueLabel: "Miles per gallon",
///   regions: pieces.map { .init(vertices: $0.corners, slopeX: $0.a, slopeY: $0.b, constant: $0.c) },
///   points: cars.map { .init(x: $0.weight, y: $0.power, value: $0.mpg) })
/// ```
///
/// Coloured by value, every place of a polygon has the colour of viridis at the affine value there: the scale is
/// piecewise linear in sRGB, so a linear gradient with a stop at each of its knots reproduces it exactly; polygons of
/// a few pixels are cut into flat bands of 1/128 of the scale instead. Where breaklines are drawn, the scale is a paler
/// viridis that carries dark lines.
///
/// The axes are linear whatever scaling they carry, since an affine piece is flat only there. As with `Chart`, nothing
/// fails to draw: what has no place is left out and counted in the subtitle.
public struct RegionMap: Sendable, Equatable {
  /// What the colour of a region says.
  public enum Coloring: Sendable, Equatable {
    /// The value of the affine function, place by place, with a colour bar.
    case value
    /// The gradient (slopeX, slopeY): its direction is the hue, its length the depth of colour, with a wheel as the
    /// key. The rim of the wheel is the least length that holds for 98 % of the area; steeper regions look alike.
    case gradient
    /// The activation pattern: a muted colour that depends on the region's `pattern` alone.
    case pattern
    /// The region's class, in a tint of the colour that the points of the class have.
    case classes
  }

  /// Which level lines are drawn, in a map coloured by value.
  public enum Levels: Sendable, Equatable {
    case none
    /// At the ticks of the colour bar, unless there are breaklines or a decision boundary to be told apart from.
    case automatic
    case at([Double])
  }

  public var title: String
  public var subtitle: String
  /// Small print below the axes.
  public var note: String
  /// What the picture shows, for readers who cannot see it; if empty, a sentence made from the labels.
  public var summary: String
  public var xAxis: Axis
  public var yAxis: Axis
  /// What the function is called: the words beside the colour bar or above the wheel.
  public var valueLabel: String
  /// The value of the darkest colour; nil leaves it to regions and points. Values beyond take the end's colour.
  public var valueMinimum: Double?
  /// The value of the lightest colour, likewise.
  public var valueMaximum: Double?
  public var coloring: Coloring
  /// The names of the classes of regions and points; a class without a name is called by its number.
  public var classNames: [String]
  public var regions: [Region]
  public var points: [Observation]
  /// What the points are, for the small print; empty for no remark.
  public var pointsLabel: String
  /// The lines along which the function breaks, each drawn once. With any, they stand in for the outlines of the
  /// regions.
  public var breaklines: [Breakline]
  /// The polylines of a decision boundary, drawn bold over everything but the points.
  public var decisionBoundary: [[PlotPoint]]
  /// Its name in the legend; empty for no entry.
  public var decisionBoundaryLabel: String
  public var levels: Levels
  /// White lines between the regions, where no breaklines are given.
  public var showsBoundaries: Bool
  /// A unit of x as long as a unit of y. Not kept where one range is more than five times the other.
  public var equalAspect: Bool
  public var size: FigureSize

  public init(
    title: String = "", subtitle: String = "", note: String = "", summary: String = "", xAxis: Axis = Axis(),
    yAxis: Axis = Axis(), valueLabel: String = "", valueMinimum: Double? = nil, valueMaximum: Double? = nil,
    coloring: Coloring = .value, classNames: [String] = [], regions: [Region] = [], points: [Observation] = [],
    pointsLabel: String = "observed values", breaklines: [Breakline] = [], decisionBoundary: [[PlotPoint]] = [],
    decisionBoundaryLabel: String = "decision boundary", levels: Levels = .automatic, showsBoundaries: Bool = true,
    equalAspect: Bool = false, size: FigureSize = FigureSize()
  ) {
    self.title = title
    self.subtitle = subtitle
    self.note = note
    self.summary = summary
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.valueLabel = valueLabel
    self.valueMinimum = valueMinimum
    self.valueMaximum = valueMaximum
    self.coloring = coloring
    self.classNames = classNames
    self.regions = regions
    self.points = points
    self.pointsLabel = pointsLabel
    self.breaklines = breaklines
    self.decisionBoundary = decisionBoundary
    self.decisionBoundaryLabel = decisionBoundaryLabel
    self.levels = levels
    self.showsBoundaries = showsBoundaries
    self.equalAspect = equalAspect
    self.size = size
  }

  /// The map as an SVG document. O(n log n) in the number of regions, and linear in that of vertices, points, segments,
  /// and regions times levels; of more than 5000 points that many are drawn. Lines grow thinner the more
  /// of them there are: outlines cover at most a fourteenth of the area, breaklines a sixth.
  public func svg() -> String { RegionMapRenderer(self).svg() }
}
