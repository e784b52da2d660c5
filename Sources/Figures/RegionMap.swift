/// A picture of a piecewise-affine function of two variables: the polygons on which it is affine, filled by value,
/// with level lines, the data it was fitted to, and a colour bar.
///
/// ```swift
/// let map = RegionMap(
///   title: "Fuel consumption, three hidden units", xAxis: Axis("Weight (1000 lb)"), yAxis: Axis("Power (hp)"),
///   valueLabel: "Miles per gallon",
///   regions: pieces.map { .init(vertices: $0.corners, slopeX: $0.a, slopeY: $0.b, constant: $0.c) },
///   points: cars.map { .init(x: $0.weight, y: $0.power, value: $0.mpg) })
/// ```
///
/// The colour at every place of a polygon is viridis at the affine value there, exactly: the scale is piecewise linear
/// in sRGB, so a linear gradient with a stop at each of its knots reproduces it. The axes are linear whatever scaling
/// they carry, since an affine piece is flat only there. As with `Chart`, nothing fails to draw: what has no place is
/// left out and counted in the subtitle.
public struct RegionMap: Sendable, Equatable {
  /// A convex polygon and the affine function slopeX·x + slopeY·y + constant on it.
  public struct Region: Sendable, Equatable {
    /// The corners in order, either way round.
    public var vertices: [PlotPoint]
    public var slopeX: Double
    public var slopeY: Double
    public var constant: Double

    public init(vertices: [PlotPoint], slopeX: Double, slopeY: Double, constant: Double) {
      self.vertices = vertices
      self.slopeX = slopeX
      self.slopeY = slopeY
      self.constant = constant
    }

    /// A polygon of one colour.
    public init(vertices: [PlotPoint], value: Double) {
      self.init(vertices: vertices, slopeX: 0, slopeY: 0, constant: value)
    }
  }

  /// An observation, drawn as a dot filled on the scale of the regions.
  public struct Observation: Sendable, Equatable {
    public var x: Double
    public var y: Double
    public var value: Double

    public init(x: Double, y: Double, value: Double) {
      self.x = x
      self.y = y
      self.value = value
    }
  }

  /// Which level lines are drawn.
  public enum Levels: Sendable, Equatable {
    case none
    /// At the ticks of the colour bar.
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
  /// The words beside the colour bar.
  public var valueLabel: String
  /// The value of the darkest colour; nil leaves it to regions and points. Values beyond take the end's colour.
  public var valueMinimum: Double?
  /// The value of the lightest colour, likewise.
  public var valueMaximum: Double?
  public var regions: [Region]
  public var points: [Observation]
  /// What the points are, for the small print; empty for no remark.
  public var pointsLabel: String
  public var levels: Levels
  /// White lines between the regions.
  public var showsBoundaries: Bool
  public var size: FigureSize

  public init(
    title: String = "", subtitle: String = "", note: String = "", summary: String = "", xAxis: Axis = Axis(),
    yAxis: Axis = Axis(), valueLabel: String = "", valueMinimum: Double? = nil, valueMaximum: Double? = nil,
    regions: [Region] = [], points: [Observation] = [], pointsLabel: String = "observed values",
    levels: Levels = .automatic, showsBoundaries: Bool = true, size: FigureSize = FigureSize()
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
    self.regions = regions
    self.points = points
    self.pointsLabel = pointsLabel
    self.levels = levels
    self.showsBoundaries = showsBoundaries
    self.size = size
  }

  /// The map as an SVG document. Linear in the number of vertices, points, and regions times levels; of more than 5000
  /// points that many are drawn.
  public func svg() -> String { RegionMapRenderer(self).svg() }
}

extension RegionMap.Region {
  /// A polygon with the affine function that takes `values` at its vertices, in their order; where no affine function
  /// does, the one nearest in the sum of squares, and for vertices on a line the one that is constant across it.
  /// Values without a vertex, and vertices without a value, do not count.
  public init(vertices: [PlotPoint], values: [Double]) {
    let samples = zip(vertices, values).map { (x: $0.x, y: $0.y, value: $1) }
    let count = Double(max(samples.count, 1))
    let mean = samples.reduce((0.0, 0.0, 0.0)) { ($0.0 + $1.x / count, $0.1 + $1.y / count, $0.2 + $1.value / count) }
    // In units of the polygon's own extent along each axis, so that grams against gigahertz is as well posed as any.
    let unitX = samples.map { abs($0.x - mean.0) }.max() ?? 0
    let unitY = samples.map { abs($0.y - mean.1) }.max() ?? 0
    var (xx, xy, yy, xv, yv) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for sample in samples {
      let x = unitX > 0 ? (sample.x - mean.0) / unitX : 0
      let y = unitY > 0 ? (sample.y - mean.1) / unitY : 0
      let value = sample.value - mean.2
      xx += x * x
      xy += x * y
      yy += y * y
      xv += x * value
      yv += y * value
    }
    let determinant = xx * yy - xy * xy
    var slope = (0.0, 0.0)
    if determinant > 1e-12 * (xx + yy) * (xx + yy) {
      slope = ((yy * xv - xy * yv) / determinant, (xx * yv - xy * xv) / determinant)
    } else if xx + yy > 0 {
      // The normal matrix has rank one, trace xx + yy: its pseudo-inverse is itself over the squared trace.
      let trace = xx + yy
      slope = ((xx * xv + xy * yv) / (trace * trace), (xy * xv + yy * yv) / (trace * trace))
    }
    let slopeX = unitX > 0 ? slope.0 / unitX : 0
    let slopeY = unitY > 0 ? slope.1 / unitY : 0
    self.init(
      vertices: vertices, slopeX: slopeX, slopeY: slopeY, constant: mean.2 - slopeX * mean.0 - slopeY * mean.1)
  }

  /// The affine function at a point, on or off the polygon.
  public func value(x: Double, y: Double) -> Double { slopeX * x + slopeY * y + constant }

  /// Whether every vertex, and the value there, has a place on an axis.
  var isDrawable: Bool {
    vertices.count >= 3
      && vertices.allSatisfy { vertex in
        [vertex.x, vertex.y, value(x: vertex.x, y: vertex.y)].allSatisfy { AxisRange.isDrawable($0, on: .linear) }
      }
  }
}
