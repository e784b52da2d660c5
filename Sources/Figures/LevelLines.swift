import Foundation

/// Joins the segments of a level, one for each region it crosses, into lines, and finds places for their labels.
enum LevelLines {
  /// The polylines that the segments form where they meet end to end; ends closer than a fifth of a pixel count as
  /// meeting. Linear in the number of segments.
  static func joined(_ segments: [(Pixel, Pixel)]) -> [[Pixel]] {
    var nodes = NodeIndex()
    var edges: [(Int, Int)] = []
    for (a, b) in segments where a.distance(to: b) > 0.01 {
      let ends = (nodes.node(at: a), nodes.node(at: b))
      if ends.0 != ends.1 { edges.append(ends) }
    }
    var edgesOfNode = [[Int]](repeating: [], count: nodes.places.count)
    for (index, edge) in edges.enumerated() {
      edgesOfNode[edge.0].append(index)
      edgesOfNode[edge.1].append(index)
    }
    var isUsed = [Bool](repeating: false, count: edges.count)
    var lines: [[Pixel]] = []
    func walk(from start: Int) {
      var line = [nodes.places[start]]
      var node = start
      while let edge = edgesOfNode[node].first(where: { !isUsed[$0] }) {
        isUsed[edge] = true
        node = edges[edge].0 == node ? edges[edge].1 : edges[edge].0
        line.append(nodes.places[node])
        if edgesOfNode[node].count != 2 { break }
      }
      if line.count > 1 { lines.append(line) }
    }
    // Open lines first, from their ends and branchings; what is left then is rings.
    for node in edgesOfNode.indices where edgesOfNode[node].count != 2 {
      for _ in edgesOfNode[node] { walk(from: node) }
    }
    for node in edgesOfNode.indices { walk(from: node) }
    return lines
  }

  /// Where a label stands on a line.
  struct LabelPlace {
    var middle: Pixel
    var degrees: Double
    var chord: (Pixel, Pixel)
    /// The stretch of the line, by length along it, that the label needs.
    var stretch: ClosedRange<Double>
  }

  /// A label's place on `line` where it is straightest and covers least, or nil if it has no
  /// place: the line too short or too bent, the page's edge or another label too near.
  static func labelPlace(
    on line: [Pixel], width: Double, within plot: Rect, avoiding data: Occupancy, labels: Occupancy
  ) -> LabelPlace? {
    let lengths = zip(line, line.dropFirst()).map { $0.distance(to: $1) }
    let total = lengths.reduce(0, +)
    var best: (cost: Double, center: Double, chord: (Pixel, Pixel))?
    var center = width / 2 + 8
    while center <= total - width / 2 - 8 {
      let a = place(on: line, lengths, at: center - width / 2)
      let b = place(on: line, lengths, at: center + width / 2)
      let boxes = boxes(along: (a, b))
      let isFree = boxes.allSatisfy { box in
        labels.count(in: box) == 0 && box.minX >= plot.minX + 4 && box.maxX <= plot.maxX - 4
          && box.minY >= plot.minY + 4 && box.maxY <= plot.maxY - 4
      }
      if isFree && a.distance(to: b) >= 0.96 * width {
        let bend = (width - a.distance(to: b)) / width
        let covered = Double(boxes.reduce(0) { $0 + data.count(in: $1) })
        // Of places as good, the one nearest the middle of the line.
        let cost = covered + 100 * bend + abs(center - total / 2) / max(total, 1)
        if best.map({ cost < $0.cost }) ?? true { best = (cost, center, (a, b)) }
      }
      center += 10
    }
    guard let best else { return nil }
    let (a, b) = best.chord.0.x <= best.chord.1.x ? best.chord : (best.chord.1, best.chord.0)
    return LabelPlace(
      middle: a.mixed(with: b, fraction: 0.5), degrees: atan2(b.y - a.y, b.x - a.x) * 180 / .pi, chord: (a, b),
      stretch: best.center - width / 2 - 3...best.center + width / 2 + 3)
  }

  /// What is left of `line` without the given stretch of its length.
  static func cut(_ line: [Pixel], without stretch: ClosedRange<Double>) -> [[Pixel]] {
    let lengths = zip(line, line.dropFirst()).map { $0.distance(to: $1) }
    var before: [Pixel] = []
    var after = [place(on: line, lengths, at: stretch.upperBound)]
    var travelled = 0.0
    for (index, point) in line.enumerated() {
      if travelled < stretch.lowerBound { before.append(point) }
      if travelled > stretch.upperBound { after.append(point) }
      if index < lengths.count { travelled += lengths[index] }
    }
    before.append(place(on: line, lengths, at: stretch.lowerBound))
    return [before, after].filter { $0.count > 1 }
  }

  /// Small boxes along a label's chord that together hold its letters.
  static func boxes(along chord: (Pixel, Pixel)) -> [Rect] {
    let count = max(Int(chord.0.distance(to: chord.1) / 8), 1)
    return (0...count).map { step in
      let p = chord.0.mixed(with: chord.1, fraction: Double(step) / Double(count))
      return Rect(minX: p.x - 7, minY: p.y - 7, maxX: p.x + 7, maxY: p.y + 7)
    }
  }

  private static func place(on line: [Pixel], _ lengths: [Double], at distance: Double) -> Pixel {
    var rest = distance
    for (index, length) in lengths.enumerated() {
      if rest <= length && length > 0 { return line[index].mixed(with: line[index + 1], fraction: rest / length) }
      rest -= length
    }
    return line[line.count - 1]
  }
}

/// Points of the page, those nearer than a fifth of a pixel being one.
private struct NodeIndex {
  private struct Cell: Hashable {
    var x: Int
    var y: Int
  }

  private(set) var places: [Pixel] = []
  private var cells: [Cell: [Int]] = [:]

  mutating func node(at p: Pixel) -> Int {
    let cell = Cell(x: Int(p.x.rounded(.down)), y: Int(p.y.rounded(.down)))
    for x in cell.x - 1...cell.x + 1 {
      for y in cell.y - 1...cell.y + 1 {
        if let known = cells[Cell(x: x, y: y)]?.first(where: { places[$0].distance(to: p) < 0.2 }) { return known }
      }
    }
    places.append(p)
    cells[cell, default: []].append(places.count - 1)
    return places.count - 1
  }
}
