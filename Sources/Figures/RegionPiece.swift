/// A region on the page: its visible part, and its function in page coordinates.
struct RegionPiece {
  let region: RegionMap.Region
  let outline: [Pixel]
  /// The function's value at each vertex of the outline.
  let values: [Double]
  /// Change of the value per pixel to the right and down.
  private let gradient: (x: Double, y: Double)

  /// Nil if no part of the region is visible.
  init?(_ region: RegionMap.Region, layout: Layout, xRange: AxisRange, yRange: AxisRange) {
    self.region = region
    let plot = layout.plot
    let corners = region.vertices.compactMap { layout.pixel(x: $0.x, y: $0.y) }
    outline = corners.allSatisfy { plot.contains($0, tolerance: 0) } ? corners : plot.clip(polygon: corners)
    guard outline.count >= 3 else { return nil }
    let perPixel = (
      x: (xRange.upper - xRange.lower) / plot.width, y: (yRange.upper - yRange.lower) / plot.height
    )
    gradient = (region.slopeX * perPixel.x, -region.slopeY * perPixel.y)
    values = outline.map { p in
      region.value(
        x: xRange.lower + (p.x - plot.minX) * perPixel.x, y: yRange.lower + (plot.maxY - p.y) * perPixel.y)
    }
  }

  /// In square pixels.
  var area: Double {
    guard let origin = outline.first else { return 0 }
    var doubled = 0.0
    for (a, b) in zip(outline.dropFirst(), outline.dropFirst(2)) {
      doubled += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
    }
    return doubled.magnitude / 2
  }

  var perimeter: Double {
    guard let last = outline.last else { return 0 }
    return zip([last] + outline, outline).reduce(0) { $0 + $1.0.distance(to: $1.1) }
  }

  var meanValue: Double { values.reduce(0) { $0 + $1 / Double(values.count) } }

  /// The gradient whose colour at every pixel of the piece is the scale's colour of the value there; nil where the
  /// piece is all but of one colour. Beyond the scale's ends the gradient's own ends go on, as the scale's do.
  func gradient(
    on scale: AxisRange, colors: ColorScale
  ) -> (start: Pixel, end: Pixel, stops: [(offset: Double, color: Color)])? {
    guard let least = values.indices.min(by: { values[$0] < values[$1] }), let most = values.max() else { return nil }
    let low = max(values[least], scale.lower)
    let high = min(most, scale.upper)
    guard let from = scale.fraction(low), let to = scale.fraction(high), to - from > 1.0 / 512, steepness > 0 else {
      return nil
    }
    let origin = outline[least]
    // Along the direction of steepest ascent, through the lowest vertex: both ends lie within the piece's width.
    func place(of value: Double) -> Pixel {
      let distance = (value - values[least]) / steepness
      return Pixel(
        x: origin.x + distance * gradient.x / steepness, y: origin.y + distance * gradient.y / steepness)
    }
    return (place(of: low), place(of: high), colors.stops(from: from, to: to))
  }

  /// The piece cut across its slope where the value passes a multiple of 1/`count` of the scale, or of as few such
  /// steps as leave each band at least a pixel and a half wide; each with the fraction of the scale in its middle.
  func bands(on scale: AxisRange, count: Int) -> [(outline: [Pixel], fraction: Double)] {
    guard let least = values.min(), let most = values.max() else { return [] }
    let low = min(max(scale.fraction(least) ?? 0, 0), 1)
    let high = min(max(scale.fraction(most) ?? 0, 0), 1)
    let (first, last) = (Int(low * Double(count)), min(Int(high * Double(count)), count - 1))
    let length = steepness > 0 ? (most - least) / steepness : 0
    let step = (last - first) / max(Int(min(length / 1.5, 1000)), 1) + 1
    guard step <= last - first else { return [(outline, (low + high) / 2)] }
    var result: [(outline: [Pixel], fraction: Double)] = []
    var rest = (outline: outline, values: values)
    var bottom = low
    for cut in stride(from: first + step, through: last, by: step) {
      let level = Double(cut) / Double(count)
      // Cut by the values themselves: fractions of the scale stop at its ends, where the function goes on.
      let (below, above) = Self.split(rest.outline, rest.values, at: scale.lower + level * (scale.upper - scale.lower))
      if below.outline.count >= 3 { result.append((below.outline, (bottom + level) / 2)) }
      rest = above
      bottom = level
    }
    if rest.outline.count >= 3 { result.append((rest.outline, (bottom + high) / 2)) }
    return result
  }

  /// Where the function takes `level` on the piece: a segment, or nil.
  func segment(at level: Double) -> (Pixel, Pixel)? {
    var ends: [Pixel] = []
    for index in outline.indices {
      let next = index + 1 == outline.count ? 0 : index + 1
      // "At or above" on both sides of a shared edge: a level that runs along the edge is drawn once, not twice.
      guard (values[index] >= level) != (values[next] >= level) else { continue }
      let fraction = (level - values[index]) / (values[next] - values[index])
      ends.append(outline[index].mixed(with: outline[next], fraction: fraction))
    }
    return ends.count == 2 ? (ends[0], ends[1]) : nil
  }

  private var steepness: Double { (gradient.x * gradient.x + gradient.y * gradient.y).squareRoot() }

  private static func split(
    _ outline: [Pixel], _ values: [Double], at level: Double
  ) -> (below: (outline: [Pixel], values: [Double]), above: (outline: [Pixel], values: [Double])) {
    var below: (outline: [Pixel], values: [Double]) = ([], [])
    var above = below
    for index in outline.indices {
      let next = index + 1 == outline.count ? 0 : index + 1
      if values[index] <= level {
        below.outline.append(outline[index])
        below.values.append(values[index])
      }
      if values[index] >= level {
        above.outline.append(outline[index])
        above.values.append(values[index])
      }
      guard (values[index] < level && values[next] > level) || (values[index] > level && values[next] < level) else {
        continue
      }
      let fraction = (level - values[index]) / (values[next] - values[index])
      let crossing = outline[index].mixed(with: outline[next], fraction: fraction)
      below.outline.append(crossing)
      below.values.append(level)
      above.outline.append(crossing)
      above.values.append(level)
    }
    return (below, above)
  }
}
