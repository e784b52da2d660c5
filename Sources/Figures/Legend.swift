/// The names of a chart's marks with a sample of each.
struct Legend {
  enum Swatch {
    case symbol(SymbolLook)
    case line(LineLook)
    case area(Color, opacity: Double)
  }

  struct Entry {
    var name: String
    var swatches: [Swatch]
  }

  private(set) var entries: [Entry] = []

  static let rowHeight = 20.0
  private static let swatchWidth = 26.0
  private static let gap = 8.0
  private static let padding = 8.0
  private static let textSize = 12.0

  var isEmpty: Bool { entries.isEmpty }

  /// Adds a sample under `name`; marks without a name, or with a blank one, have no entry.
  mutating func add(_ swatch: Swatch, name: String?) {
    guard let name, !name.allSatisfy(\.isWhitespace) else { return }
    if let index = entries.firstIndex(where: { $0.name == name }) {
      entries[index].swatches.append(swatch)
    } else {
      entries.append(Entry(name: name, swatches: [swatch]))
    }
  }

  // MARK: Inside the data area

  /// A place inside `plot`, at its rim, where the legend touches nothing that is covered; nil if there is none.
  func freePlace(in plot: Rect, avoiding occupancy: Occupancy) -> Rect? {
    let names = entries.map { TextMetrics.width($0.name, size: Self.textSize) }.max() ?? 0
    let width = Self.swatchWidth + Self.gap + names + 2 * Self.padding
    let height = Self.rowHeight * Double(entries.count) + Self.padding
    guard width <= 0.6 * plot.width, height <= 0.6 * plot.height else { return nil }
    let inset = 8.0
    let (left, center, right) = (plot.minX + inset, plot.midX - width / 2, plot.maxX - inset - width)
    let (top, middle, bottom) = (plot.minY + inset, plot.midY - height / 2, plot.maxY - inset - height)
    let corners = [
      (right, top), (left, top), (right, bottom), (left, bottom), (right, middle), (left, middle), (center, top),
      (center, bottom),
    ]
    return corners.map { Rect(minX: $0.0, minY: $0.1, maxX: $0.0 + width, maxY: $0.1 + height) }
      .first { box in
        let around = Rect(
          minX: box.minX - 6, minY: box.minY - 6, maxX: box.maxX + 6, maxY: box.maxY + 6)
        return occupancy.count(in: around) == 0
      }
  }

  func draw(inside box: Rect, into svg: inout SVGBuilder) {
    svg.rect(box, ["rx": "3", "fill": "#ffffff", "fill-opacity": "0.9", "stroke": "#cccccc"])
    for (index, entry) in entries.enumerated() {
      let middle = box.minY + Self.padding / 2 + Self.rowHeight * (Double(index) + 0.5)
      draw(entry, name: entry.name, at: Pixel(x: box.minX + Self.padding, y: middle), into: &svg)
    }
  }

  // MARK: Above the data area

  /// The entries set in rows of at most `width` pixels; a name longer than a row is cut short.
  private func rows(width: Double) -> [[(entry: Entry, name: String, x: Double)]] {
    var rows: [[(entry: Entry, name: String, x: Double)]] = []
    var x = 0.0
    for entry in entries {
      let lead = Self.swatchWidth + Self.gap
      let name = TextMetrics.fitted(entry.name, width: max(width - lead, 40), size: Self.textSize)
      let length = lead + TextMetrics.width(name, size: Self.textSize)
      if rows.isEmpty || x + length > width {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((entry, name, x))
      x += length + 22
    }
    return rows
  }

  /// The room that `draw(above:)` needs.
  func extent(width: Double) -> (width: Double, height: Double) {
    let rows = rows(width: width)
    let ends = rows.compactMap(\.last).map { last in
      last.x + Self.swatchWidth + Self.gap + TextMetrics.width(last.name, size: Self.textSize)
    }
    return rows.isEmpty ? (0, 0) : (ends.max() ?? 0, 6 + Self.rowHeight * Double(rows.count))
  }

  func draw(above corner: Pixel, width: Double, into svg: inout SVGBuilder) {
    for (index, row) in rows(width: width).enumerated() {
      let middle = corner.y + 6 + Self.rowHeight * (Double(index) + 0.5)
      for item in row { draw(item.entry, name: item.name, at: Pixel(x: corner.x + item.x, y: middle), into: &svg) }
    }
  }

  private func draw(_ entry: Entry, name: String, at start: Pixel, into svg: inout SVGBuilder) {
    let end = Pixel(x: start.x + Self.swatchWidth, y: start.y)
    for swatch in entry.swatches {
      switch swatch {
      case .area(let color, let opacity):
        let box = Rect(minX: start.x, minY: start.y - 6, maxX: end.x, maxY: start.y + 6)
        svg.rect(box, ["fill": color.hex, "fill-opacity": SVGBuilder.number(opacity)])
      case .line(let look): look.draw(path: SVGBuilder.path([start, end]), into: &svg)
      case .symbol(let look):
        // Faint and tiny is right for ten thousand points and wrong for the one that names them.
        var sample = look
        sample.radius = min(max(look.radius, 3.5), 6)
        sample.opacity = max(look.opacity, 0.75)
        sample.draw(at: [Pixel(x: (start.x + end.x) / 2, y: start.y)], into: &svg)
      }
    }
    svg.text(name, at: Pixel(x: end.x + Self.gap, y: start.y + 4.2), size: Self.textSize)
  }
}
