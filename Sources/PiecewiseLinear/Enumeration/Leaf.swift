import Exact
import LinearAlgebra

/// A region as the search sees it, for as long as the visit lasts.
struct Leaf<Mask: FacetMask> {
  /// The cell; of one that contains lines, a section across them.
  let cell: Cell<Mask>
  let lines: [IntegerVector]
  let splitter: VertexSplitter<Mask>
}

extension Leaf: RegionSource {
  /// The region as a value.
  func region(_ layout: PatternLayout, _ detail: RegionDetail) -> LinearRegion {
    let generators = Generators(cell, splitter)
    let facetSlots = detail.contains(.facets) ? facetSlots : []
    let incidence = Incidence(generators: generators.order, slots: facetSlots, masks: cell.masks)
    return LinearRegion(
      pattern: splitter.forms.pattern(layout),
      map: detail.contains(.map) ? splitter.forms.outputMap(splitter.domain) : .empty,
      facets: facetSlots.map { slot in
        let content = splitter.slots[slot]
        return splitter.forms.facet(
          stage: content.stage, form: content.form, other: content.other, side: content.side,
          coefficients: splitter.normals + slot * splitter.dimension, splitter.domain)
      },
      interiorPoint: generators.interiorPoint,
      vertices: detail.contains(.vertices) ? generators.vertices : Matrix(rows: 0, columns: inputCount),
      rays: detail.contains(.vertices) ? generators.rays : Matrix(rows: 0, columns: inputCount),
      lines: allLines,
      incidence: detail.contains(.vertices) ? incidence.words : [],
      incidenceWords: incidence.width)
  }

  private var allLines: Matrix {
    let network = splitter.network
    let own = lines.map { line in
      let largest = (0..<line.count).first { line.signum($0) != 0 } ?? 0
      var direction = Array(repeating: 0.0, count: inputCount)
      for (position, input) in network.inputs.enumerated() {
        direction[input] = line.quotient(position + 1, line, largest) * network.scales[position]
      }
      return direction
    }
    let rows = own + splitter.domain.lines
    return Matrix(rows: rows.count, columns: inputCount, elements: Array(rows.joined()))
  }

  private var inputCount: Int { splitter.network.network.inputCount }

  /// The slots that hold facets: hyperplanes whose vertices on the cell are not all on another one. On a simple cell, all
  /// that touch it.
  private var facetSlots: [Int] {
    var used = cell.used
    if let height = splitter.heightSlot { used &= ~(1 << height) }
    var slots: [Int] = []
    var rest = used
    while rest != 0 {
      let slot = rest.trailingZeroBitCount
      rest &= rest - 1
      if cell.isSimple || isFacet(slot, among: cell.used) { slots.append(slot) }
    }
    return slots
  }

  private func isFacet(_ slot: Int, among used: Mask) -> Bool {
    // All hyperplanes that contain every ray of this face.
    var common = Mask.max
    var count = 0
    for ray in 0..<cell.count where cell.masks[ray] >> slot & 1 == 1 {
      common &= cell.masks[ray]
      count += 1
    }
    guard count >= max(1, splitter.dimension - 1 - lines.count) else { return false }
    var others = common & ~(1 << slot)
    while others != 0 {
      let other = others.trailingZeroBitCount
      others &= others - 1
      var otherCount = 0
      for ray in 0..<cell.count where cell.masks[ray] >> other & 1 == 1 { otherCount += 1 }
      // A larger face contains this one; of two hyperplanes with the same face the first counts.
      if otherCount > count || other < slot { return false }
    }
    return true
  }
}

/// The vertices and rays of a cell in the network's coordinates.
private struct Generators {
  /// The cell's rays in the order in which they are given out: vertices, then directions.
  var order: [Int] = []
  var vertices: Matrix
  var rays: Matrix
  var interiorPoint: [Double]

  init<Mask: FacetMask>(_ cell: Cell<Mask>, _ splitter: VertexSplitter<Mask>) {
    let network = splitter.network
    let count = network.network.inputCount
    let height = splitter.heightSlot
    let isDirection = { (ray: Int) in height.map { cell.masks[ray] >> $0 & 1 == 1 } ?? false }
    let points = (0..<cell.count).filter { !isDirection($0) }
    let directions = height == nil ? [] : (0..<cell.count).filter(isDirection)
    order = points + directions
    func coordinates(_ ray: Int, by height: Double, into matrix: inout Matrix, row: Int) {
      for (position, input) in network.inputs.enumerated() {
        matrix[row, input] =
          cell.points[ray * splitter.dimension + position + 1] * network.scales[position] / height
      }
    }
    vertices = Matrix(rows: points.count, columns: count)
    rays = Matrix(rows: directions.count, columns: count)
    for (row, ray) in points.enumerated() {
      coordinates(ray, by: cell.points[ray * splitter.dimension], into: &vertices, row: row)
    }
    for (row, ray) in directions.enumerated() { coordinates(ray, by: 1, into: &rays, row: row) }
    interiorPoint = Array(repeating: 0, count: count)
    for row in 0..<vertices.rows {
      for j in 0..<count { interiorPoint[j] += vertices[row, j] / Double(vertices.rows) }
    }
    for row in 0..<rays.rows { for j in 0..<count { interiorPoint[j] += rays[row, j] } }
  }
}

/// Which generators lie on which facets, as words of bits.
private struct Incidence {
  var words: [UInt64]
  var width: Int

  init<Mask: FacetMask>(generators: [Int], slots: [Int], masks: UnsafePointer<Mask>) {
    width = max(1, (slots.count + 63) / 64)
    words = Array(repeating: 0, count: generators.count * width)
    for (position, generator) in generators.enumerated() {
      for (facet, slot) in slots.enumerated() where masks[generator] >> slot & 1 == 1 {
        words[position * width + facet / 64] |= 1 << UInt64(facet % 64)
      }
    }
  }
}
