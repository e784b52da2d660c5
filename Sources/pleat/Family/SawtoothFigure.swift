import Exact
import Figures
import Representation

/// The graph of a sawtooth over [−M/10, 11M/10], each bend in the colour of the layer that makes it. Of the steep piece
/// beyond M what has the height of the teeth is shown.
struct SawtoothFigure {
  /// More teeth than the picture has pixels are a band of ink.
  static let mostPieces = 1 << 12

  let sawtooth: Sawtooth

  func svg() throws -> String {
    let margin = sawtooth.extent / 10
    let (low, high) = (-margin, sawtooth.extent + margin)
    let bends = try sawtooth.breakpoints().filter { $0 > low && $0 < high }
    let single = try sawtooth.knots.map { try Sawtooth(extent: sawtooth.extent, knots: [$0]) }
    let breakpoints = bends.map { x in
      Chart.Breakpoint(x: x.doubleValue, y: sawtooth(x).doubleValue, layer: layer(of: x, single))
    }
    let layers = ModelFile.count(sawtooth.layers, "hidden layer")
    let chart = Chart.network(
      title: "Sawtooth of \(layers) of \(sawtooth.width) units",
      subtitle: "\(NumberFormat.natural(sawtooth.pieces)) pieces, "
        + "\(NumberFormat.natural(sawtooth.piecesInside)) of them within (0, M), M = "
        + NumberFormat.short(sawtooth.extent.doubleValue),
      yAxis: Axis("H(x)", minimum: (-margin).doubleValue, maximum: high.doubleValue), from: point(low),
      to: point(high), breakpoints: breakpoints, functionName: "H")
    return chart.svg()
  }

  private func point(_ x: Rational) -> PlotPoint { PlotPoint(x: x.doubleValue, y: sawtooth(x).doubleValue) }

  /// The first layer with a unit whose form is 0 there.
  private func layer(of x: Rational, _ single: [Sawtooth]) -> Int {
    var value = x
    for (index, tooth) in single.enumerated() {
      if value.signum == 0 || sawtooth.knots[index].contains(value) { return index + 1 }
      value = tooth(value)
    }
    return sawtooth.layers
  }
}
