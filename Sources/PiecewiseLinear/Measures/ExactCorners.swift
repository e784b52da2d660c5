import Exact
import Foundation
import Networks

/// Regions in exact integers: the forms of units and outputs on a region, and its vertices and rays, from its pattern
/// and from which facets they lie on.
///
/// Coordinates are those of the search: homogeneous, over the kept inputs, divided by powers of two. What two regions
/// visited one after the other have in common is computed once. For one thread at a time.
final class ExactCorners {
  let network: CompiledNetwork
  private let domain: PreparedDomain
  private let layout: PatternLayout
  /// For each stage and unit the entry of the layout; −1 for units that never bend.
  private let entries: [[Int]]
  private let forms: PatternForms
  private let kernel: IntegerKernel
  private let lineKernel: IntegerKernel
  private let sum = IntegerVector(count: 1)
  /// The plane at infinity, x₀ = 0.
  private let height: IntegerVector
  private var region: LinearRegion
  /// A basis of the lines in the region, in the search's coordinates; nil until somebody asks.
  private var knownLines: [IntegerVector]?

  init(_ enumeration: RegionEnumeration) {
    network = enumeration.compiled
    domain = enumeration.prepared
    layout = enumeration.layout
    var entries = enumeration.network.stages.map { Array(repeating: -1, count: $0.units.count) }
    for (index, entry) in layout.entries.enumerated() { entries[entry.stage][entry.unit] = index }
    self.entries = entries
    forms = PatternForms(network, layout)
    kernel = IntegerKernel(dimension: network.dimension)
    lineKernel = IntegerKernel(dimension: network.dimension)
    height = IntegerVector(count: network.dimension)
    height.set(0, to: 1)
    region = .none
  }

  var dimension: Int { network.dimension }

  /// Turns to a region, which needs its facets and vertices.
  func load(_ region: LinearRegion) {
    forms.move(to: region.pattern)
    self.region = region
    knownLines = nil
  }

  /// An output's coefficients on the region, up to a power of two; see `ExactForms` for the cost.
  func output(_ output: Int) -> IntegerVector { forms.form(network.hiddenStages, output) }

  /// The first output minus the second, to the same scale.
  func difference(_ first: Int, _ second: Int) -> IntegerVector {
    forms.difference(network.hiddenStages, first, second)
  }

  /// A vertex of the region, or after these a ray: (x₀, x) with x₀ > 0 or x₀ = 0, without common factor. In a region
  /// with lines, the one at right angles to them. O(n³) products.
  func generator(_ index: Int) -> IntegerVector {
    let isRay = index >= region.vertices.rows
    kernel.reset()
    for line in lines { kernel.insert(line) }
    if isRay { kernel.insert(height) }
    for facet in region.facets.indices where region.lies(index, on: facet) { kernel.insert(facetForm(facet)) }
    let vector = IntegerVector(count: dimension)
    let found = kernel.kernel(into: vector)
    precondition(found, "a vertex lies on too few facets")
    if isRay ? isBackwards(vector, from: index) : vector.signum(0) < 0 {
      for j in 0..<dimension { vector.negate(j) }
    }
    vector.removeContent()
    return vector
  }

  /// Whether a ray points out of the region, as a facet tells that it does not lie on.
  private func isBackwards(_ vector: IntegerVector, from ray: Int) -> Bool {
    for facet in region.facets.indices where !region.lies(ray, on: facet) {
      let sign = sign(of: facetForm(facet), at: vector) * side(of: facet)
      if sign != 0 { return sign < 0 }
    }
    return false
  }

  /// Directions both ways of which the region goes on for ever, in the search's coordinates.
  var lines: [IntegerVector] {
    if let knownLines { return knownLines }
    var lines: [IntegerVector] = []
    // The lines of dropped inputs are none here.
    if region.lines.rows > domain.lines.count {
      lineKernel.reset()
      lineKernel.insert(height)
      for facet in region.facets.indices { lineKernel.insert(facetForm(facet)) }
      let pivots = Set(lineKernel.pivots)
      for free in 0..<dimension where !pivots.contains(free) {
        let line = IntegerVector(count: dimension)
        lineKernel.write(free: free, to: line)
        lines.append(line)
      }
    }
    knownLines = lines
    return lines
  }

  /// The form that vanishes on a facet, at some scale.
  private func facetForm(_ facet: Int) -> IntegerVector {
    switch region.facets[facet].source {
    case .unit(let stage, let unit):
      return forms.form(stage, network.stages[stage].units[unit].form)
    case .comparison(let stage, let unit, let rival):
      let first = network.stages[stage].units[unit].form
      return forms.difference(stage, first + phase(stage, unit), first + rival)
    case .domain(let row):
      return domain.exactRows[domain.heightRow == nil ? row : row + 1]
    }
  }

  /// The sign of a facet's form inside the region.
  private func side(of facet: Int) -> Int {
    guard case .unit(let stage, let unit) = region.facets[facet].source else { return 1 }
    return phase(stage, unit) == 1 ? 1 : -1
  }

  private func phase(_ stage: Int, _ unit: Int) -> Int { layout.phase(entries[stage][unit], of: region.pattern) }

  /// −1, 0 or +1: a form at a vertex, or along a direction.
  func sign(of form: IntegerVector, at vector: IntegerVector) -> Int {
    form.dot(vector, into: sum)
    return sum.signum(0)
  }

  /// The value of an output's form at a vertex.
  func value(of form: IntegerVector, at vertex: IntegerVector) -> Rational {
    form.dot(vertex, into: sum)
    return sum.rational(0) / vertex.rational(0) * forms.outputUnit
  }

  /// The value of an output's form that does not depend on the inputs; nil for others.
  func constant(of form: IntegerVector) -> Rational? {
    guard (1..<dimension).allSatisfy({ form.signum($0) == 0 }) else { return nil }
    return form.rational(0) * forms.outputUnit
  }

  /// A vertex, or a direction, in the network's coordinates; dropped inputs are 0.
  func coordinates(_ vector: IntegerVector) -> [Rational] {
    var coordinates = [Rational](repeating: .zero, count: network.network.inputCount)
    let unit = vector.signum(0) == 0 ? Rational.one : vector.rational(0)
    for (position, input) in network.inputs.enumerated() {
      coordinates[input] = vector.rational(position + 1) * Rational(exactly: network.scales[position]) / unit
    }
    return coordinates
  }
}

extension ExactCorners {
  /// A vector over the magnitude of one of its elements, as doubles in the network's coordinates; dropped inputs are 0.
  func coordinates(_ vector: IntegerVector, scaledBy element: Int) -> [Double] {
    var coordinates = [Double](repeating: 0, count: network.network.inputCount)
    let sign = Double(vector.signum(element))
    for (position, input) in network.inputs.enumerated() {
      coordinates[input] = sign * vector.quotient(position + 1, vector, element) * network.scales[position]
    }
    return coordinates
  }
}

extension IntegerVector {
  var isZero: Bool { (0..<count).allSatisfy { signum($0) == 0 } }
}

extension LinearRegion {
  fileprivate static var none: LinearRegion {
    LinearRegion(
      pattern: ActivationPattern(bits: 0), map: .empty, facets: [], interiorPoint: [],
      vertices: .init(rows: 0, columns: 0), rays: .init(rows: 0, columns: 0), lines: .init(rows: 0, columns: 0),
      vertexError: 0, incidence: [], incidenceWords: 1)
  }
}

/// Lends an `ExactCorners` to each thread that asks.
final class ExactCornersPool: @unchecked Sendable {
  // `idle` is touched under `lock`; what is lent has one user.
  private let enumeration: RegionEnumeration
  private let lock = NSLock()
  private var idle: [ExactCorners] = []

  init(_ enumeration: RegionEnumeration) { self.enumeration = enumeration }

  /// Runs a body with the region loaded.
  func with<Result>(_ region: LinearRegion, _ body: (ExactCorners) -> Result) -> Result {
    let corners = lock.withLock { idle.popLast() } ?? ExactCorners(enumeration)
    defer { lock.withLock { idle.append(corners) } }
    corners.load(region)
    return body(corners)
  }
}
