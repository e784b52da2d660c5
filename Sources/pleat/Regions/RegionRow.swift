import PiecewiseLinear

/// A row of a CSV table of regions. What has no fixed size is one cell: numbers separated by blanks, groups by bars.
struct RegionRow: Sendable {
  private let details: Set<RegionsRequest.Detail>
  private let layout: PatternLayout
  private let inputs: Int
  private let outputs: Int

  init(_ visitor: RegionVisitor) {
    details = visitor.details
    layout = visitor.layout
    inputs = visitor.inputs
    outputs = visitor.outputs
  }

  var header: String {
    var names = ["region", "pattern"] + (0..<inputs).map { "point_\($0)" }
    if details.contains(.map) {
      names += (0..<outputs).flatMap { output in (0..<inputs).map { "weight_\(output)_\($0)" } }
      names += (0..<outputs).map { "offset_\($0)" }
    }
    if details.contains(.facets) { names += ["facets", "half_spaces"] }
    if details.contains(.chebyshev) { names += ["radius"] + (0..<inputs).map { "centre_\($0)" } }
    if details.contains(.vertices) { names += ["vertices", "rays"] }
    if details.contains(.volume) { names.append("volume") }
    if details.contains(.neighbours) { names.append("neighbours") }
    return names.joined(separator: ",") + "\n"
  }

  /// The row after its number.
  func text(_ record: RegionRecord) -> String {
    let region = record.region
    var cells = [layout.text(region.pattern)] + region.interiorPoint.map { "\($0)" }
    if details.contains(.map) {
      cells += region.map.weights.elements.map { "\($0)" } + region.map.offset.map { "\($0)" }
    }
    if details.contains(.facets) {
      cells.append(String(region.facets.count))
      cells.append(group(region.facets.map { $0.halfSpace.normal + [$0.halfSpace.offset] }))
    }
    if details.contains(.chebyshev) {
      cells.append(record.chebyshev.map { "\($0.radius)" } ?? "")
      cells += record.chebyshev.map { $0.centre.map { "\($0)" } } ?? Array(repeating: "", count: inputs)
    }
    if details.contains(.vertices) {
      cells.append(group(region.vertices.rowArrays))
      cells.append(group(region.rays.rowArrays))
    }
    if details.contains(.volume) { cells.append(record.volume.map { "\($0)" } ?? "inf") }
    if details.contains(.neighbours) {
      cells.append(record.neighbours.compactMap { $0.map(String.init) }.joined(separator: " "))
    }
    return "," + cells.joined(separator: ",") + "\n"
  }

  private func group(_ rows: [[Double]]) -> String {
    rows.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: "|")
  }
}
