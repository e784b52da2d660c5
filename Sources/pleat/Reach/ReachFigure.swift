import Exact
import Figures
import Foundation
import Networks
import Probability
import Queries
import Verification

/// The picture of a set of outputs: the pieces, what encloses them, samples, and where it is unsafe.
struct ReachFigure {
  let request: ReachRequest
  let subject: ReachSubject
  let result: ReachResult
  let shapes: [ReachShape]

  static let samples = 400
  /// More unsafe sets than this say nothing.
  static let mostUnsafe = 12

  /// An enclosure that would make the picture wider by more than this factor is not shown.
  static let mostWidening = 4.0

  static let size = FigureSize(width: 860, height: 600)

  func chart() -> Chart {
    var chart = request.outputs.count == 2 ? plane() : isGraph ? graph() : strip()
    let model = URL(fileURLWithPath: request.command.model).deletingPathExtension().lastPathComponent
    chart.title = "Reachable outputs of \(model)"
    chart.subtitle = subtitle
    return chart
  }

  private var subtitle: String {
    let count = subject.parts.count
    let place = count == 1 ? "over the \(subject.parts[0].domain.title)" : "over \(count) boxes"
    let pieces = result.pieces.map { "\(result.isComplete ? "" : "the first ")\(ModelFile.count($0, "piece")) " } ?? ""
    let answer = result.answer.map { $0 == .unknown ? "" : " · \($0.rawValue)" } ?? ""
    return pieces + place + answer
  }

  func name(_ output: Int) -> String { subject.outputNames[output] }

  /// Whether all parts vary the same one input.
  private var isGraph: Bool {
    let inputs = Set(subject.parts.map(\.varyingInputs))
    return inputs.count == 1 && inputs.first?.count == 1
  }

  // MARK: Samples

  /// Random inputs of all boxes with their outputs.
  func samplePoints() -> [(input: [Double], output: [Double])] {
    let boxes = subject.parts.compactMap(\.box)
    guard !boxes.isEmpty else { return [] }
    var random = RandomSource(seed: 0)
    return (0..<Self.samples).map { index in
      let point = boxes[index % boxes.count].map { side in
        min(max(side.lower + random.uniform() * (side.upper - side.lower), side.lower), side.upper)
      }
      return (point, subject.network(point))
    }
  }

  static func style(_ method: OutputEnclosure.Method) -> LineStyle {
    switch method {
    case .intervals: LineStyle(color: Color(0x555555), width: 1.6, dash: .dashed)
    case .zonotope: LineStyle(color: Palette.categorical(2), width: 2)
    case .relaxations: LineStyle(color: Palette.categorical(3), width: 2)
    }
  }

  static let sampleStyle = PointStyle(color: Color(0x222222), radius: 1.4, opacity: 0.55)
  static let unsafeColor = Palette.categorical(1)

  // MARK: One output

  /// The output over the one input that varies.
  private func graph() -> Chart {
    let input = subject.parts.first?.varyingInputs.first ?? 0
    let output = request.outputs[0]
    let (extent, far) = extent(output)
    var marks: [Mark] = []
    var isNamed = false
    for part in subject.parts {
      guard let side = part.box?[input] else { continue }
      for range in ReachUnsafeSets(subject.question, part.unsafe, outputs: request.outputs).ranges {
        let low = max(range.lower, extent.lowerBound)
        let high = min(range.upper, extent.upperBound)
        guard low < high else { continue }
        marks.append(
          .band(
            x: [side.lower, side.upper], lower: [low, low], upper: [high, high],
            style: BandStyle(color: Self.unsafeColor, opacity: 0.16), name: isNamed ? nil : "unsafe"))
        isNamed = true
      }
    }
    for enclosure in result.enclosures where !far.contains(enclosure.method) {
      for (index, part) in enclosure.parts.enumerated() {
        guard let side = subject.parts[index].box?[input] else { continue }
        let range = part.ranges[output]
        marks.append(
          .line(
            x: [side.lower, side.upper, side.upper, side.lower, side.lower],
            y: [range.lower, range.lower, range.upper, range.upper, range.lower], style: Self.style(enclosure.method),
            name: index == 0 ? enclosure.method.rawValue : nil))
      }
    }
    let points = samplePoints()
    marks.append(
      .points(
        x: points.map { $0.input[input] }, y: points.map { $0.output[output] }, style: Self.sampleStyle,
        name: "samples"))
    for isUnsafe in [false, true] {
      let chosen = shapes.filter { $0.isUnsafe == isUnsafe }
      guard !chosen.isEmpty else { continue }
      let lines = ReachMarks.lines(chosen.map(\.corners), isClosed: false)
      let color = isUnsafe ? Self.unsafeColor : Palette.categorical(0)
      marks.append(
        .line(
          x: lines.x, y: lines.y, style: LineStyle(color: color, width: isUnsafe ? 3 : 2),
          name: isUnsafe ? "pieces that meet it" : "exact: \(ModelFile.count(shapes.count, "piece"))"))
    }
    return Chart(
      note: Self.farNote(far).joined(), xAxis: Axis(subject.inputNames[input]),
      yAxis: Axis(name(output), minimum: extent.lowerBound, maximum: extent.upperBound), marks: marks,
      legend: .above, size: Self.size)
  }

  /// What is drawn of an output, some way beyond what was found; enclosures that are many times as large do not count, unless
  /// there is nothing else.
  private func extent(_ output: Int) -> (range: ClosedRange<Double>, far: [OutputEnclosure.Method]) {
    var (low, high) = (Double.infinity, -Double.infinity)
    var far: [OutputEnclosure.Method] = []
    if result.ranges.indices.contains(output) {
      (low, high) = (result.ranges[output].lower, result.ranges[output].upper)
    }
    let most = low < high ? Self.mostWidening * (high - low) : .infinity
    for enclosure in result.enclosures {
      let range = enclosure.ranges[output]
      guard range.width <= most else {
        far.append(enclosure.method)
        continue
      }
      (low, high) = (min(low, range.lower), max(high, range.upper))
    }
    guard low.isFinite, high.isFinite else { return (-1...1, far) }
    let margin = high > low ? 0.15 * (high - low) : max(abs(low) * 0.1, 0.5)
    return ((low - margin)...(high + margin), far)
  }

  static func farNote(_ methods: [OutputEnclosure.Method]) -> [String] {
    methods.isEmpty ? [] : ["Far beyond the picture: \(methods.map(\.rawValue).joined(separator: ", "))."]
  }

  /// How many pieces reach each value of the output.
  private func strip() -> Chart {
    let output = request.outputs[0]
    let (extent, far) = extent(output)
    let bins = 120
    let width = (extent.upperBound - extent.lowerBound) / Double(bins)
    let edges = (0...bins).map { extent.lowerBound + Double($0) * width }
    /// By the first and the last bin of each piece.
    func heights(_ shapes: [ReachShape]) -> [Double] {
      var changes = Array(repeating: 0, count: bins + 1)
      func bin(_ value: Double) -> Int {
        let place = (value - extent.lowerBound) / width
        return place.isNaN ? 0 : Int(min(max(place, 0), Double(bins - 1)))
      }
      for shape in shapes where shape.corners.count == 2 {
        changes[bin(shape.corners[0].x)] += 1
        changes[bin(shape.corners[1].x) + 1] -= 1
      }
      var height = 0
      return changes.dropLast().map { change in
        height += change
        return Double(height)
      }
    }
    let points = samplePoints().map { $0.output[output] }
    var marks: [Mark] = []
    let all = heights(shapes)
    let top = max(all.max() ?? 0, 1)
    for part in subject.parts.prefix(Self.mostUnsafe) {
      for range in ReachUnsafeSets(subject.question, part.unsafe, outputs: request.outputs).ranges {
        let low = max(range.lower, extent.lowerBound)
        let high = min(range.upper, extent.upperBound)
        guard low < high else { continue }
        marks.append(
          .band(
            x: [low, high], lower: [0, 0], upper: [1.1 * top, 1.1 * top],
            style: BandStyle(color: Self.unsafeColor, opacity: 0.16), name: "unsafe"))
      }
    }
    if !shapes.isEmpty {
      marks.append(
        .bars(
          edges: edges, heights: all, style: BandStyle(color: Palette.categorical(0), opacity: 0.7),
          name: "pieces that reach the value"))
      let unsafe = shapes.filter(\.isUnsafe)
      if !unsafe.isEmpty {
        marks.append(
          .bars(
            edges: edges, heights: heights(unsafe), style: BandStyle(color: Self.unsafeColor, opacity: 0.85),
            name: "pieces that meet the unsafe set"))
      }
    }
    for enclosure in result.enclosures where !far.contains(enclosure.method) {
      let range = enclosure.ranges[output]
      marks.append(
        .verticalRules(
          [range.lower, range.upper], style: Self.style(enclosure.method), name: enclosure.method.rawValue))
    }
    marks.append(
      .points(
        x: points, y: points.map { _ in 0.02 * top }, style: Self.sampleStyle, name: "samples"))
    return Chart(
      note: Self.farNote(far).joined(),
      xAxis: Axis(name(output), minimum: extent.lowerBound, maximum: extent.upperBound),
      yAxis: Axis("pieces", minimum: 0, maximum: 1.1 * top), marks: marks, legend: .above, size: Self.size)
  }
}
