import Figures

/// The cells into which random lines cut the square [−1, 1]², with a continuous function affine on each: a network of
/// one hidden layer, without the network.
struct LineArrangement {
  private(set) var regions: [RegionMap.Region] = []
  private(set) var breaklines: [RegionMap.Breakline] = []
  private var units: [(a: Double, b: Double, c: Double, weight: Double)] = []

  init(lines: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let square = [(-1.0, -1.0), (1, -1), (1, 1), (-1, 1)].map { PlotPoint(x: $0.0, y: $0.1) }
    regions = [.init(vertices: square, slopeX: 0.1, slopeY: 0.2, constant: 0)]
    for line in 0..<lines {
      func random(_ bound: Double) -> Double { .random(in: -bound...bound, using: &generator) }
      let (a, b, c, weight) = (random(1), random(1), random(0.7), random(0.3))
      units.append((a, b, c, weight))
      var next: [RegionMap.Region] = []
      for region in regions {
        let (inside, outside, cut) = Self.split(region.vertices) { a * $0.x + b * $0.y + c }
        if outside.count >= 3 {
          next.append(
            .init(
              vertices: outside, slopeX: region.slopeX, slopeY: region.slopeY, constant: region.constant,
              pattern: region.pattern))
        }
        if inside.count >= 3 {
          next.append(
            .init(
              vertices: inside, slopeX: region.slopeX + weight * a, slopeY: region.slopeY + weight * b,
              constant: region.constant + weight * c, pattern: region.pattern | 1 << UInt64(line & 63)))
        }
        if cut.count == 2 { breaklines.append(.init(from: cut[0], to: cut[1], layer: 1 + line % 3)) }
      }
      regions = next
    }
  }

  /// The function at a point of the square, unit by unit.
  func value(x: Double, y: Double) -> Double {
    units.reduce(0.1 * x + 0.2 * y) { $0 + $1.weight * max($1.a * x + $1.b * y + $1.c, 0) }
  }

  private static func split(
    _ polygon: [PlotPoint], by side: (PlotPoint) -> Double
  ) -> (inside: [PlotPoint], outside: [PlotPoint], cut: [PlotPoint]) {
    var result = (inside: [PlotPoint](), outside: [PlotPoint](), cut: [PlotPoint]())
    for index in polygon.indices {
      let (p, q) = (polygon[index], polygon[(index + 1) % polygon.count])
      if side(p) >= 0 { result.inside.append(p) }
      if side(p) <= 0 { result.outside.append(p) }
      guard side(p) * side(q) < 0 else { continue }
      // Both neighbours of an edge cut it from the same end, so that they get the same bits.
      let (low, high) = (p.x, p.y) < (q.x, q.y) ? (p, q) : (q, p)
      let t = side(low) / (side(low) - side(high))
      let crossing = PlotPoint(x: low.x + t * (high.x - low.x), y: low.y + t * (high.y - low.y))
      result.inside.append(crossing)
      result.outside.append(crossing)
      result.cut.append(crossing)
    }
    return result
  }
}
