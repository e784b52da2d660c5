/// Width and height of a figure in pixels. Sizes from 240×200 to 10 000×10 000 are kept; others are moved into that
/// range (and to 800×500 where not a number). A figure whose words need more room grows beyond what was asked.
public struct FigureSize: Sendable, Equatable {
  public var width: Double
  public var height: Double

  public init(width: Double = 800, height: Double = 500) {
    self.width = width
    self.height = height
  }

  var usable: FigureSize {
    func moved(_ value: Double, least: Double, standard: Double) -> Double {
      value.isNaN ? standard : min(max(value, least), 10_000)
    }
    return FigureSize(
      width: moved(width, least: 240, standard: 800), height: moved(height, least: 200, standard: 500))
  }
}
