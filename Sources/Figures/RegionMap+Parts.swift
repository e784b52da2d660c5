extension RegionMap {
  /// A convex polygon and the affine function slopeX·x + slopeY·y + constant on it.
  public struct Region: Sendable, Equatable {
    /// The corners in order, either way round.
    public var vertices: [PlotPoint]
    public var slopeX: Double
    public var slopeY: Double
    public var constant: Double
    /// What its activation pattern hashes to.
    public var pattern: UInt64
    /// The class decided for on it, as an index of `classNames`. A region in which the decision changes is given
    /// as its parts.
    public var classIndex: Int

    public init(
      vertices: [PlotPoint], slopeX: Double, slopeY: Double, constant: Double, pattern: UInt64 = 0,
      classIndex: Int = 0
    ) {
      self.vertices = vertices
      self.slopeX = slopeX
      self.slopeY = slopeY
      self.constant = constant
      self.pattern = pattern
      self.classIndex = classIndex
    }

    /// A polygon of one colour.
    public init(vertices: [PlotPoint], value: Double) {
      self.init(vertices: vertices, slopeX: 0, slopeY: 0, constant: value)
    }
  }

  /// An observation: a dot filled on the scale of the regions, or the symbol of its class.
  public struct Observation: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
      case value(Double)
      /// An index of `classNames`, whatever the map is coloured by.
      case classIndex(Int)
    }

    public var x: Double
    public var y: Double
    public var kind: Kind

    public init(x: Double, y: Double, value: Double) {
      (self.x, self.y, kind) = (x, y, .value(value))
    }

    public init(x: Double, y: Double, classIndex: Int) {
      (self.x, self.y, kind) = (x, y, .classIndex(classIndex))
    }

    var classIndex: Int? {
      if case .classIndex(let index) = kind { return index }
      return nil
    }

    var isDrawable: Bool {
      guard PlotPoint(x: x, y: y).isDrawable else { return false }
      if case .value(let value) = kind { return AxisRange.isDrawable(value, on: .linear) }
      return true
    }
  }

  /// A segment along which the function changes from one affine function to another, and the layer whose units make
  /// it do so, counted from 1.
  public struct Breakline: Sendable, Equatable {
    public var start: PlotPoint
    public var end: PlotPoint
    public var layer: Int

    public init(from start: PlotPoint, to end: PlotPoint, layer: Int) {
      self.start = start
      self.end = end
      self.layer = layer
    }
  }
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
      && vertices.allSatisfy { $0.isDrawable && AxisRange.isDrawable(value(x: $0.x, y: $0.y), on: .linear) }
  }
}
