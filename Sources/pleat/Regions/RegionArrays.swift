import PiecewiseLinear

/// Regions as NumPy arrays. What has no fixed size is two arrays: all rows one after the other, and how many each region
/// has.
struct RegionArrays: Sendable {
  let columns: [ArrayStream.Column]
  private let details: Set<RegionsRequest.Detail>
  private let layout: PatternLayout
  private let layers: [Int]
  private let inputs: Int
  private let isWide: Bool

  init(_ visitor: RegionVisitor) {
    let (details, n, m) = (visitor.details, visitor.inputs, visitor.outputs)
    self.details = details
    layout = visitor.layout
    layers = visitor.layers
    inputs = n
    // A maximum of more forms than a byte can number.
    isWide = visitor.layout.entries.contains { $0.phases > 256 }
    var columns: [ArrayStream.Column] = [
      .init(name: "pattern", type: isWide ? .int32 : .uint8, rowShape: [visitor.layout.entries.count]),
      .init(name: "point", type: .float64, rowShape: [n]),
    ]
    if details.contains(.map) {
      columns.append(.init(name: "weights", type: .float64, rowShape: [m, n]))
      columns.append(.init(name: "offset", type: .float64, rowShape: [m]))
    }
    if details.contains(.facets) {
      columns.append(.init(name: "facet_count", type: .int32, rowShape: []))
      columns.append(.init(name: "half_spaces", type: .float64, rowShape: [n + 1]))
      columns.append(.init(name: "facet_source", type: .int32, rowShape: [3]))
    }
    if details.contains(.chebyshev) {
      columns.append(.init(name: "radius", type: .float64, rowShape: []))
      columns.append(.init(name: "centre", type: .float64, rowShape: [n]))
    }
    if details.contains(.vertices) {
      columns.append(.init(name: "vertex_count", type: .int32, rowShape: []))
      columns.append(.init(name: "vertices", type: .float64, rowShape: [n]))
      columns.append(.init(name: "ray_count", type: .int32, rowShape: []))
      columns.append(.init(name: "rays", type: .float64, rowShape: [n]))
    }
    if details.contains(.volume) { columns.append(.init(name: "volume", type: .float64, rowShape: [])) }
    if details.contains(.neighbours) {
      columns.append(.init(name: "neighbour_count", type: .int32, rowShape: []))
      columns.append(.init(name: "neighbours", type: .int64, rowShape: []))
    }
    self.columns = columns
  }

  /// The bytes that a region adds to each array.
  func parts(_ record: RegionRecord) -> [[UInt8]] {
    let region = record.region
    let phases = layout.entries.indices.map { layout.phase($0, of: region.pattern) }
    var parts = [isWide ? bytes(phases.map { Int32($0) }) : phases.map { UInt8($0) }, bytes(region.interiorPoint)]
    if details.contains(.map) { parts += [bytes(region.map.weights.elements), bytes(region.map.offset)] }
    if details.contains(.facets) {
      parts.append(bytes([Int32(region.facets.count)]))
      parts.append(bytes(region.facets.flatMap { $0.halfSpace.normal + [$0.halfSpace.offset] }))
      parts.append(bytes(region.facets.flatMap(source)))
    }
    if details.contains(.chebyshev) {
      parts.append(bytes([record.chebyshev?.radius ?? .nan]))
      parts.append(bytes(record.chebyshev?.centre ?? Array(repeating: .nan, count: inputs)))
    }
    if details.contains(.vertices) {
      parts += [bytes([Int32(region.vertices.rows)]), bytes(region.vertices.elements)]
      parts += [bytes([Int32(region.rays.rows)]), bytes(region.rays.elements)]
    }
    if details.contains(.volume) { parts.append(bytes([record.volume ?? .infinity])) }
    if details.contains(.neighbours) {
      parts.append(bytes([Int32(record.neighbours.count)]))
      parts.append(bytes(record.neighbours.map { Int64($0 ?? -1) }))
    }
    return parts
  }

  /// (layer, unit, rival), the rival −1 for a hinge; (0, row, −1) where the domain ends.
  private func source(_ facet: LinearRegion.Facet) -> [Int32] {
    switch facet.source {
    case .unit(let stage, let unit): [Int32(layers[stage]), Int32(unit), -1]
    case .comparison(let stage, let unit, let rival): [Int32(layers[stage]), Int32(unit), Int32(rival)]
    case .domain(let row): [0, Int32(row), -1]
    }
  }

  private func bytes(_ numbers: [some BitwiseCopyable]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }
}
