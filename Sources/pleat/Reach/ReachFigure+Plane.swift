import Figures
import Verification

extension ReachFigure {
  /// The plane of two outputs.
  func plane() -> Chart {
    let (i, j) = (request.outputs[0], request.outputs[1])
    let points = samplePoints().map { PlotPoint(x: $0.output[i], y: $0.output[j]) }
    let outlines = result.enclosures.map { (method: $0.method, polygons: $0.parts.compactMap(\.outline)) }
    let (inside, beyond) = visible(points, outlines.map { $0.polygons.flatMap(\.corners) })
    var frame = Self.frame(inside, margin: 0.06)
    let unsafe = subject.parts.map { ReachUnsafeSets(subject.question, $0.unsafe, outputs: request.outputs) }
    // Where the unsafe sets begin beyond the outputs, a wider look may show how far away they are.
    if unsafe.contains(where: { !$0.sets.isEmpty && $0.polygons(in: frame.polygon).isEmpty }) {
      frame = Self.frame(inside, margin: 0.5)
    }
    let (areas, hatching, words) = unsafeMarks(unsafe, frame)
    let pieces = pieceMarks(frame)
    // The strokes come last of these, or pieces would hide where the unsafe sets begin.
    var marks = areas + pieces.marks + (hatching.map { [$0] } ?? [])
    var note = words
    for (index, outline) in outlines.enumerated() where !beyond.contains(index) {
      let lines = ReachMarks.lines(outline.polygons.map(\.corners), isClosed: true)
      marks.append(.line(x: lines.x, y: lines.y, style: Self.style(outline.method), name: outline.method.rawValue))
    }
    marks.append(.points(x: points.map(\.x), y: points.map(\.y), style: Self.sampleStyle, name: "samples"))
    note += Self.farNote(beyond.map { outlines[$0].method })
    if !pieces.note.isEmpty { note.append(pieces.note) }
    return Chart(
      note: note.joined(separator: " "),
      xAxis: Axis(name(i), minimum: frame.x.lowerBound, maximum: frame.x.upperBound),
      yAxis: Axis(name(j), minimum: frame.y.lowerBound, maximum: frame.y.upperBound), marks: marks, legend: .above,
      size: Self.size)
  }

  /// What the picture is to hold: the pieces and samples, and of the enclosures those that are not many times as large; of
  /// these the tightest where there are no pieces.
  private func visible(_ samples: [PlotPoint], _ outlines: [[PlotPoint]]) -> (points: [PlotPoint], beyond: [Int]) {
    func size(_ points: [PlotPoint]) -> (x: Double, y: Double) {
      let frame = Self.frame(points, margin: 0)
      return (frame.x.upperBound - frame.x.lowerBound, frame.y.upperBound - frame.y.lowerBound)
    }
    var points = shapes.flatMap(\.corners) + samples
    let sizes = outlines.map(size)
    if shapes.isEmpty, let least = outlines.indices.min(by: { sizes[$0].x * sizes[$0].y < sizes[$1].x * sizes[$1].y }) {
      points += outlines[least]
    }
    let own = size(points)
    let near = outlines.indices.filter {
      sizes[$0].x <= Self.mostWidening * own.x && sizes[$0].y <= Self.mostWidening * own.y
    }
    return (points + near.flatMap { outlines[$0] }, outlines.indices.filter { !near.contains($0) })
  }

  /// A rectangle of the plane.
  struct Frame {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>

    var polygon: ConvexPolygon {
      ConvexPolygon(corners: [
        PlotPoint(x: x.lowerBound, y: y.lowerBound), PlotPoint(x: x.upperBound, y: y.lowerBound),
        PlotPoint(x: x.upperBound, y: y.upperBound), PlotPoint(x: x.lowerBound, y: y.upperBound),
      ])
    }
  }

  private static func frame(_ points: [PlotPoint], margin: Double) -> Frame {
    func range(_ values: [Double]) -> ClosedRange<Double> {
      let finite = values.filter { abs($0) < 1e150 }
      let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
      let room = high - low > 1e-9 * max(abs(low), abs(high)) ? margin * (high - low) : max(abs(low) * 0.1, 0.5)
      return (low - room)...(high + room)
    }
    return Frame(x: range(points.map(\.x)), y: range(points.map(\.y)))
  }

  // MARK: Parts of the picture

  private func unsafeMarks(_ unsafe: [ReachUnsafeSets], _ frame: Frame) -> (
    areas: [Mark], hatching: Mark?, note: [String]
  ) {
    var polygons: [ConvexPolygon] = []
    for sets in unsafe { polygons += sets.polygons(in: frame.polygon) }
    guard !polygons.isEmpty else { return ([], nil, []) }
    guard polygons.count <= Self.mostUnsafe else {
      return ([], nil, ["The property has too many unsafe sets to draw."])
    }
    let isWhole = unsafe.allSatisfy(\.areWhole)
    let strokes = polygons.flatMap { ReachMarks.hatching(of: $0, x: frame.x, y: frame.y, count: 46) }
    let lines = ReachMarks.lines(strokes, isClosed: false)
    let areas = ReachMarks.areas(
      polygons, style: BandStyle(color: Self.unsafeColor, opacity: 0.14),
      name: isWhole ? "unsafe" : "unsafe, by these outputs")
    let strokeStyle = LineStyle(color: Self.unsafeColor, width: 0.7, opacity: 0.5)
    let hatching = Mark.line(x: lines.x, y: lines.y, style: strokeStyle)
    let words = "Hatched: what the property says of these two outputs; the unsafe sets also depend on others."
    return (areas, hatching, isWhole ? [] : [words])
  }

  private func pieceMarks(_ frame: Frame) -> (marks: [Mark], note: String) {
    var marks: [Mark] = []
    var drawn = 0
    // Numbers near the end of their range have no place on paper.
    let drawable = shapes.filter { shape in
      !shape.corners.isEmpty && shape.corners.allSatisfy { abs($0.x) < 1e150 && abs($0.y) < 1e150 }
    }
    for isUnsafe in [false, true] {
      var coverage = ReachCoverage(x: frame.x, y: frame.y)
      let polygons = drawable.filter { $0.isUnsafe == isUnsafe }
        .map { ConvexPolygon(corners: $0.corners) }.sorted { $0.doubleArea > $1.doubleArea }
      let visible = polygons.filter { coverage.cover($0) }
      guard !visible.isEmpty else { continue }
      drawn += visible.count
      let ink = isUnsafe ? Self.unsafeColor : Palette.categorical(0)
      let fill = isUnsafe ? Palette.categoricalTint(1) : Palette.categoricalTint(0)
      let words =
        isUnsafe
        ? ModelFile.count(polygons.count, "piece") + (polygons.count == 1 ? " meets" : " meet") + " an unsafe set"
        : "exact: \(ModelFile.count(polygons.count, "piece"))"
      let areas = ReachMarks.areas(visible, style: BandStyle(color: fill, opacity: 1), name: words)
      let lines = ReachMarks.lines(visible.map(\.corners), isClosed: true)
      // Without an area the lines are all there is.
      let width = areas.isEmpty ? 2.2 : visible.count < 60 ? 1 : visible.count < 600 ? 0.5 : 0.25
      let style = LineStyle(color: ink, width: width, opacity: areas.isEmpty ? 1 : 0.8)
      marks += areas + [.line(x: lines.x, y: lines.y, style: style, name: areas.isEmpty ? words : nil)]
    }
    let hidden = shapes.count - drawn
    return (marks, hidden > 0 ? "Not drawn: \(ModelFile.count(hidden, "piece")) that the others cover." : "")
  }

  /// The outline of an enclosure in the plane.
  static func outline(_ enclosure: OutputEnclosure, _ i: Int, _ j: Int) throws -> ConvexPolygon {
    let (x, y) = (enclosure.ranges[i], enclosure.ranges[j])
    let box = Frame(x: x.lower...x.upper, y: y.lower...y.upper).polygon
    return try enclosure.halfPlanes(i, j, count: enclosure.method == .zonotope ? 64 : 16).reduce(box) { polygon, side in
      polygon.clipped(a: side.normal[0], b: side.normal[1], c: side.offset)
    }
  }
}
