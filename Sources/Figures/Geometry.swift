/// A point of the data plane.
public struct PlotPoint: Sendable, Equatable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }

  /// Whether it has a place between linear axes.
  var isDrawable: Bool { AxisRange.isDrawable(x, on: .linear) && AxisRange.isDrawable(y, on: .linear) }
}

/// A place on the page, in pixels from the top left corner.
struct Pixel: Equatable {
  var x: Double
  var y: Double

  func distance(to other: Pixel) -> Double {
    ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
  }

  func mixed(with other: Pixel, fraction: Double) -> Pixel {
    Pixel(x: x + (other.x - x) * fraction, y: y + (other.y - y) * fraction)
  }
}

/// An upright rectangle of the page.
struct Rect: Equatable {
  var minX: Double
  var minY: Double
  var maxX: Double
  var maxY: Double

  var width: Double { maxX - minX }
  var height: Double { maxY - minY }
  var midX: Double { (minX + maxX) / 2 }
  var midY: Double { (minY + maxY) / 2 }

  func contains(_ p: Pixel, tolerance: Double = 0.01) -> Bool {
    p.x >= minX - tolerance && p.x <= maxX + tolerance && p.y >= minY - tolerance && p.y <= maxY + tolerance
  }

  /// The part of the segment from `a` to `b` inside the rectangle (Liang–Barsky), or nil if it misses.
  func clip(from a: Pixel, to b: Pixel) -> (Pixel, Pixel)? {
    var enter = 0.0
    var leave = 1.0
    let dx = b.x - a.x
    let dy = b.y - a.y
    for (direction, room) in [(-dx, a.x - minX), (dx, maxX - a.x), (-dy, a.y - minY), (dy, maxY - a.y)] {
      if direction == 0 {
        if room < 0 { return nil }
      } else if direction < 0 {
        enter = max(enter, room / direction)
      } else {
        leave = min(leave, room / direction)
      }
    }
    guard enter <= leave else { return nil }
    return (
      enter == 0 ? a : a.mixed(with: b, fraction: enter), leave == 1 ? b : a.mixed(with: b, fraction: leave)
    )
  }

  /// The parts of a polyline inside the rectangle. A single vertex, as between two gaps, is a dot: a piece so short
  /// that its round caps are all there is of it, but not of length zero, which not every viewer draws.
  func clip(polyline line: [Pixel]) -> [[Pixel]] {
    if line.count == 1, let only = line.first {
      return contains(only) ? [[only, Pixel(x: only.x + 0.02, y: only.y)]] : []
    }
    var pieces: [[Pixel]] = []
    var joins = false
    for (a, b) in zip(line, line.dropFirst()) {
      guard let (start, end) = clip(from: a, to: b) else {
        joins = false
        continue
      }
      if joins, start == a {
        pieces[pieces.count - 1].append(end)
      } else {
        pieces.append([start, end])
      }
      joins = end == b
    }
    return pieces
  }

  /// The part of a polygon inside the rectangle (Sutherland–Hodgman): exact for convex polygons, and the right area
  /// with possible seams along the border for others. Linear in the number of vertices.
  func clip(polygon: [Pixel]) -> [Pixel] {
    var result = polygon
    // Signed distances to the four sides, positive inside.
    let sides: [(Pixel) -> Double] = [
      { $0.x - minX }, { maxX - $0.x }, { $0.y - minY }, { maxY - $0.y },
    ]
    for depth in sides {
      let input = result
      result = []
      for (index, current) in input.enumerated() {
        let previous = input[index == 0 ? input.count - 1 : index - 1]
        let (here, before) = (depth(current), depth(previous))
        if (here >= 0) != (before >= 0) {
          result.append(previous.mixed(with: current, fraction: before / (before - here)))
        }
        if here >= 0 { result.append(current) }
      }
    }
    return result
  }
}
