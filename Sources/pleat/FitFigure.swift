import Certificates
import Figures
import Fitting

/// The picture of a fit: the function over its samples for one input, its regions for two, predicted against observed for
/// more.
struct FitFigure {
  let samples: ExactSamples
  let result: FitResult
  let pieces: [FunctionPiece]

  private var observed: [Double] { samples.targets.map(\.doubleValue) }

  private var subtitle: String {
    "\(FitReport.statusText(result)): loss \(NumberFormat.short(result.loss)) (\(result.certificate.loss)), "
      + "\(result.certificate.model.hidden) hidden units, \(samples.targets.count) samples"
  }

  func svg() -> String {
    switch samples.inputNames.count {
    case 1: curve.svg()
    case 2: map.svg()
    default: agreement.svg()
    }
  }

  private var curve: Chart {
    let name = samples.inputNames[0]
    let target = samples.targetName
    let x = samples.inputs.map { $0[0].doubleValue }
    let lowest = x.min() ?? 0
    let highest = x.max() ?? 1
    let margin = (highest - lowest) > 0 ? 0.02 * (highest - lowest) : 1
    let kinks = result.network.breakpoints().map(\.doubleValue).filter { $0 > lowest - margin && $0 < highest + margin }
    let knots = [lowest - margin] + kinks + [highest + margin]
    func value(_ x: Double) -> Double {
      let piece = pieces.first { x <= $0.interval?.upper ?? .infinity } ?? pieces[pieces.count - 1]
      return piece.slope[0] * x + piece.intercept
    }
    var marks: [Mark] = [
      .points(x: x, y: observed, name: "observed"),
      .line(x: knots, y: knots.map(value), style: LineStyle(color: Color(0x222222), width: 2.5), name: "fit"),
    ]
    if !kinks.isEmpty {
      marks.insert(.verticalRules(kinks), at: 0)
      marks.append(.markers(x: kinks, y: kinks.map(value), name: kinks.count == 1 ? "breakpoint" : "breakpoints"))
    }
    return Chart(
      title: "\(target) against \(name)", subtitle: subtitle, xAxis: Axis(name), yAxis: Axis(target), marks: marks)
  }

  private var map: RegionMap {
    let x = samples.inputs.map { $0[0].doubleValue }
    let y = samples.inputs.map { $0[1].doubleValue }
    func range(_ values: [Double]) -> (Double, Double) {
      let low = values.min() ?? 0
      let high = values.max() ?? 1
      let margin = high > low ? 0.04 * (high - low) : 1
      return (low - margin, high + margin)
    }
    let (left, right) = range(x)
    let (bottom, top) = range(y)
    let regions = pieces.compactMap { piece -> RegionMap.Region? in
      var polygon = [
        PlotPoint(x: left, y: bottom), PlotPoint(x: right, y: bottom), PlotPoint(x: right, y: top),
        PlotPoint(x: left, y: top),
      ]
      for condition in piece.halfSpaces { polygon = clip(polygon, condition) }
      guard polygon.count >= 3 else { return nil }
      return .init(vertices: polygon, slopeX: piece.slope[0], slopeY: piece.slope[1], constant: piece.intercept)
    }
    return RegionMap(
      title: "\(samples.targetName) over \(samples.inputNames[0]) and \(samples.inputNames[1])", subtitle: subtitle,
      xAxis: Axis(samples.inputNames[0]), yAxis: Axis(samples.inputNames[1]), valueLabel: samples.targetName,
      regions: regions, points: zip(zip(x, y), observed).map { .init(x: $0.0, y: $0.1, value: $1) })
  }

  /// The part of a convex polygon in a half-plane (Sutherland and Hodgman).
  private func clip(_ polygon: [PlotPoint], _ condition: FunctionPiece.HalfSpace) -> [PlotPoint] {
    func side(_ point: PlotPoint) -> Double {
      condition.coefficients[0] * point.x + condition.coefficients[1] * point.y + condition.constant
    }
    var result: [PlotPoint] = []
    for index in polygon.indices {
      let current = polygon[index]
      let next = polygon[(index + 1) % polygon.count]
      let a = side(current)
      let b = side(next)
      if a >= 0 { result.append(current) }
      if (a < 0) != (b < 0) {
        let t = a / (a - b)
        result.append(PlotPoint(x: current.x + t * (next.x - current.x), y: current.y + t * (next.y - current.y)))
      }
    }
    return result
  }

  private var agreement: Chart {
    let predicted = samples.inputs.map { result.network($0).doubleValue }
    return Chart(
      title: "\(samples.targetName): predicted against observed", subtitle: subtitle, xAxis: Axis("observed"),
      yAxis: Axis("predicted"),
      marks: [.diagonal(name: "perfect agreement"), .points(x: observed, y: predicted, name: "samples")],
      equalAxes: true)
  }
}

/// The picture of a range of widths: loss, and cross-validated error, against width.
struct WidthFigure {
  let comparison: WidthComparison
  let loss: Loss
  let target: String

  func svg() -> String {
    let widths = comparison.rows.map { Double($0.result.certificate.model.hidden) }
    let weight =
      comparison.rows.first.map { $0.result.certificate.samples.weights.reduce(0) { $0 + $1.doubleValue } } ?? 1
    let mean = comparison.rows.map { $0.result.loss / weight }
    let style = LineStyle(width: 2)
    var marks: [Mark] = [
      .line(x: widths, y: mean, style: style, name: "on the samples"),
      .markers(x: widths, y: mean, name: "on the samples"),
    ]
    let validated = comparison.rows.filter { $0.crossValidation != nil }
    if !validated.isEmpty {
      let x = validated.map { Double($0.result.certificate.model.hidden) }
      let y = validated.compactMap(\.crossValidation)
      marks += [
        .line(x: x, y: y, style: LineStyle(width: 2, dash: .dashed), name: "cross-validated"),
        .markers(x: x, y: y, name: "cross-validated"),
      ]
    }
    if let best = comparison.best {
      marks.insert(.verticalRules([Double(best.result.certificate.model.hidden)], name: "least BIC"), at: 0)
    }
    let isProved = comparison.rows.allSatisfy { $0.result.status == .optimal && $0.result.isCertified }
    return Chart(
      title: "\(target): loss against width",
      subtitle: isProved ? "every width fitted to certified global optimality" : "best networks found",
      xAxis: Axis("hidden units", integersOnly: true), yAxis: Axis("mean \(loss) loss"), marks: marks
    ).svg()
  }
}
