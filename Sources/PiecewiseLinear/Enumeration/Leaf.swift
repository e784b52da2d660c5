import Exact
import LinearAlgebra

/// A region as the vertex splitter sees it, for as long as the visit lasts.
struct Leaf: RegionSource {
  /// The rays of the cell (of one that contains lines, of a section across them): `count × d`, as in `Cell`.
  let count: Int
  let points: UnsafePointer<Double>
  /// A bound on the distance of any of them from the true one.
  let vertexError: Double
  /// The hyperplanes that each ray lies on, as `words` words of bits.
  let masks: UnsafePointer<UInt64>
  let words: Int
  let isSimple: Bool
  let lines: [IntegerVector]
  let forms: FormStack
  let domain: PreparedDomain
  let slots: UnsafePointer<Slot>
  /// `slots × d`
  let normals: UnsafePointer<Double>
  /// The slot of infinity, if a ray lies there.
  let heightSlot: Int?

  init<Mask: FacetMask>(_ cell: Cell<Mask>, lines: [IntegerVector], _ splitter: VertexSplitter<Mask>) {
    count = cell.count
    points = UnsafePointer(cell.points)
    vertexError = cell.largestError
    words = Mask.bitWidth / 64
    // A mask is so many words, the lowest first.
    masks = UnsafeRawPointer(cell.masks).assumingMemoryBound(to: UInt64.self)
    isSimple = cell.isSimple
    self.lines = lines
    forms = splitter.forms
    domain = splitter.domain
    slots = UnsafePointer(splitter.slots)
    normals = UnsafePointer(splitter.normals)
    heightSlot = splitter.heightSlot
  }

  @inline(__always)
  private func lies(_ ray: Int, on slot: Int) -> Bool {
    masks[ray * words + slot >> 6] >> UInt64(slot & 63) & 1 == 1
  }

  private var network: CompiledNetwork { forms.network }
  private var inputCount: Int { network.network.inputCount }
  private var dimension: Int { forms.dimension }

  /// The region as a value.
  func region(_ layout: PatternLayout, _ detail: RegionDetail) -> LinearRegion {
    var order = Array(0..<count)
    var vertexCount = count
    if let heightSlot {
      vertexCount = order.partition { lies($0, on: heightSlot) }
    }
    let facetSlots = detail.contains(.facets) ? facetSlots : []
    var region = LinearRegion(
      pattern: forms.pattern(layout),
      map: detail.contains(.map) ? forms.outputMap(domain) : .empty,
      facets: facetSlots.map { slot in
        let content = slots[slot]
        return forms.facet(
          stage: content.stage, form: content.form, other: content.other, side: content.side,
          coefficients: normals + slot * dimension, domain)
      },
      interiorPoint: interiorPoint,
      vertices: Matrix(rows: 0, columns: inputCount), rays: Matrix(rows: 0, columns: inputCount), lines: allLines,
      vertexError: vertexError, incidence: [], incidenceWords: max(1, (facetSlots.count + 63) / 64))
    if detail.contains(.vertices) {
      region.vertices = coordinates(order[..<vertexCount], areDirections: false)
      region.rays = coordinates(order[vertexCount...], areDirections: true)
      region.incidence = incidence(order, facetSlots, words: region.incidenceWords)
    }
    return region
  }

  /// The middle of the rays, all brought to the same max-norm: inside, and far from the boundary as seen from infinity.
  private var interiorPoint: [Double] {
    var sum = Array(repeating: 0.0, count: dimension)
    for ray in 0..<count {
      let point = points + ray * dimension
      var size = 1.0
      if !domain.isBounded { size = (0..<dimension).reduce(0) { max($0, abs(point[$1])) } }
      for j in 0..<dimension { sum[j] += point[j] / size }
    }
    var result = Array(repeating: 0.0, count: inputCount)
    for (position, input) in network.inputs.enumerated() {
      result[input] = sum[position + 1] / sum[0] * network.scales[position]
    }
    return result
  }

  private func coordinates(_ rays: ArraySlice<Int>, areDirections: Bool) -> Matrix {
    var elements = Array(repeating: 0.0, count: rays.count * inputCount)
    for (row, ray) in rays.enumerated() {
      let point = points + ray * dimension
      let height = areDirections ? 1 : point[0]
      for (position, input) in network.inputs.enumerated() {
        elements[row * inputCount + input] = point[position + 1] * network.scales[position] / height
      }
    }
    return Matrix(rows: rays.count, columns: inputCount, elements: elements)
  }

  private func incidence(_ order: [Int], _ facetSlots: [Int], words width: Int) -> [UInt64] {
    var result = Array(repeating: UInt64(0), count: order.count * width)
    for (position, ray) in order.enumerated() {
      for (facet, slot) in facetSlots.enumerated() where lies(ray, on: slot) {
        result[position * width + facet >> 6] |= 1 << UInt64(facet & 63)
      }
    }
    return result
  }

  private var allLines: Matrix {
    guard !lines.isEmpty || !domain.lines.isEmpty else { return Matrix(rows: 0, columns: inputCount) }
    let own = lines.map { line in
      let largest = (0..<line.count).first { line.signum($0) != 0 } ?? 0
      var direction = Array(repeating: 0.0, count: inputCount)
      for (position, input) in network.inputs.enumerated() {
        direction[input] = line.quotient(position + 1, line, largest) * network.scales[position]
      }
      return direction
    }
    let rows = own + domain.lines
    return Matrix(rows: rows.count, columns: inputCount, elements: Array(rows.joined()))
  }

  // MARK: Facets

  /// The slots that hold facets: hyperplanes whose rays on the cell are not all on another one. On a simple cell, all that
  /// touch it.
  private var facetSlots: [Int] {
    let used = slots(of: { _ in true }, combinedBy: |)
    return used.filter { slot in slot != heightSlot && (isSimple || isFacet(slot)) }
  }

  /// The slots of the rays that satisfy a condition: those of any of them, or of all.
  private func slots(of condition: (Int) -> Bool, combinedBy combine: (UInt64, UInt64) -> UInt64) -> [Int] {
    var slots: [Int] = []
    for word in 0..<words {
      var combined: UInt64?
      for ray in 0..<count where condition(ray) {
        combined = combined.map { combine($0, masks[ray * words + word]) } ?? masks[ray * words + word]
      }
      var rest = combined ?? 0
      while rest != 0 {
        slots.append(word << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return slots
  }

  private func isFacet(_ slot: Int) -> Bool {
    let size = raysOn(slot)
    guard size >= max(1, dimension - 1 - lines.count) else { return false }
    // A hyperplane with more rays has a larger face, which contains this one; of two with the same face the first counts.
    return slots(of: { lies($0, on: slot) }, combinedBy: &).allSatisfy { other in
      other == slot || (raysOn(other) == size && other > slot)
    }
  }

  private func raysOn(_ slot: Int) -> Int { (0..<count).count { lies($0, on: slot) } }
}
