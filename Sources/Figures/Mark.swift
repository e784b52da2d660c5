/// One thing drawn in a chart.
///
/// Coordinates are in data units. Where arrays differ in length the surplus is left out. Values that are not finite
/// (or not positive, on a logarithmic axis) are skipped; in a line or a band they make a gap. Marks of the same `name`
/// share a colour and one entry in the legend; marks without a name have no entry.
public enum Mark: Sendable, Equatable {
  /// A scatter of symbols at (x[i], y[i]).
  case points(x: [Double], y: [Double], style: PointStyle = PointStyle(), name: String? = nil)
  /// The polyline through (x[i], y[i]) in the order given.
  case line(x: [Double], y: [Double], style: LineStyle = LineStyle(), name: String? = nil)
  /// Symbols that stand out from a line, such as its breakpoints; `labels[i]`, where given and not empty, is written
  /// beside the i-th.
  case markers(
    x: [Double], y: [Double], labels: [String] = [], style: PointStyle = .marker, name: String? = nil)
  /// Lines across the whole height at each x.
  case verticalRules([Double], style: LineStyle = .rule, name: String? = nil)
  /// Lines across the whole width at each y.
  case horizontalRules([Double], style: LineStyle = .rule, name: String? = nil)
  /// The line y = x across the whole data area.
  case diagonal(style: LineStyle = .rule, name: String? = nil)
  /// The area between lower[i] and upper[i] over x[i].
  case band(x: [Double], lower: [Double], upper: [Double], style: BandStyle = BandStyle(), name: String? = nil)
  /// Bars between edges[i] and edges[i + 1] from the axis, or from 0 where that is in view, to heights[i].
  case bars(edges: [Double], heights: [Double], style: BandStyle = BandStyle(opacity: 0.85), name: String? = nil)
  /// Words with their anchor at (x, y), moved where needed to stay within the axes.
  case text(String, x: Double, y: Double, style: TextStyle = TextStyle())
}

/// How symbols look. Properties that are nil are chosen by the chart: the next colour of the palette, smaller and
/// fainter symbols the more of them there are.
public struct PointStyle: Sendable, Equatable {
  public enum Shape: Sendable, Equatable {
    case circle, square, diamond, triangle, cross
  }

  public var shape: Shape
  public var color: Color?
  /// Half the symbol's height in pixels.
  public var radius: Double?
  /// 0 (invisible) to 1.
  public var opacity: Double?
  /// Drawn around the symbol, to part it from what lies behind.
  public var outline: Color?

  public init(
    shape: Shape = .circle, color: Color? = nil, radius: Double? = nil, opacity: Double? = nil, outline: Color? = nil
  ) {
    self.shape = shape
    self.color = color
    self.radius = radius
    self.opacity = opacity
    self.outline = outline
  }

  /// An opaque diamond with a white outline.
  public static let marker = PointStyle(shape: .diamond, radius: 6, opacity: 1, outline: Color(0xFFFFFF))
}

/// How lines look; a nil colour is the next of the palette, except that rules are grey.
public struct LineStyle: Sendable, Equatable {
  public enum Dash: Sendable, Equatable {
    case solid, dashed, dotted
  }

  public var color: Color?
  /// In pixels.
  public var width: Double
  public var dash: Dash
  /// 0 (invisible) to 1.
  public var opacity: Double

  public init(color: Color? = nil, width: Double = 2, dash: Dash = .solid, opacity: Double = 1) {
    self.color = color
    self.width = width
    self.dash = dash
    self.opacity = opacity
  }

  /// A thin dotted grey line.
  public static let rule = LineStyle(color: Ink.rule, width: 1.2, dash: .dotted)
}

/// How a band looks; a nil colour is the next of the palette.
public struct BandStyle: Sendable, Equatable {
  public var color: Color?
  /// 0 (invisible) to 1.
  public var opacity: Double

  public init(color: Color? = nil, opacity: Double = 0.2) {
    self.color = color
    self.opacity = opacity
  }
}

/// How words in a chart look.
public struct TextStyle: Sendable, Equatable {
  /// The end of the words that stands at their point.
  public enum Anchor: Sendable, Equatable {
    case start, middle, end
  }

  public var color: Color
  /// In pixels.
  public var size: Double
  public var anchor: Anchor
  public var bold: Bool

  public init(color: Color = Color(0x222222), size: Double = 13, anchor: Anchor = .start, bold: Bool = false) {
    self.color = color
    self.size = size
    self.anchor = anchor
    self.bold = bold
  }
}
