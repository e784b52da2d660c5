import Datasets
import Foundation
import Networks
import PiecewiseLinear
import Polyhedra

/// A region with what was computed of it beside.
struct RegionRecord: Sendable {
  var region: LinearRegion
  /// nil when it is infinite or was not computed.
  var volume: Double?
  /// For each facet the number of the region behind it, nil where the domain ends. Empty unless asked for.
  var neighbours: [Int?]
  var chebyshev: ChebyshevBall?
}

/// Writes regions in their order.
protocol RegionWriter: AnyObject {
  func write(_ parts: [[UInt8]]) throws
  func finish() throws
}

/// One line for each region, which begins with its number.
private final class LineWriter: RegionWriter {
  private let file: StreamedFile
  private let prefix: String
  private var next = 0

  init(path: String, header: String, prefix: String) throws {
    file = try StreamedFile(path: path)
    self.prefix = prefix
    try file.write(header.utf8)
  }

  func write(_ parts: [[UInt8]]) throws {
    try file.write("\(prefix)\(next)".utf8)
    next += 1
    for part in parts { try file.write(part) }
  }

  func finish() throws { try file.commit() }
}

/// Arrays with a row for each region, facet or vertex.
private final class ArrayWriter: RegionWriter {
  private let stream: ArrayStream

  init(path: String, columns: [ArrayStream.Column]) throws { stream = try ArrayStream(path: path, columns: columns) }

  func write(_ parts: [[UInt8]]) throws { try stream.append(parts) }

  func finish() throws { try stream.finish() }
}

extension RegionVisitor {
  /// The writer for a file by its ending; makes the visitor encode for it.
  func writer(path: String) throws -> any RegionWriter {
    switch (path as NSString).pathExtension.lowercased() {
    case "npz": try ArrayWriter(path: path, columns: RegionArrays(self).columns)
    case "csv": try LineWriter(path: path, header: RegionRow(self).header, prefix: "")
    default: try LineWriter(path: path, header: "", prefix: "{\"region\": ")
    }
  }

  /// The visitor that encodes for a file by its ending.
  func encoding(path: String) -> RegionVisitor {
    var visitor = self
    switch (path as NSString).pathExtension.lowercased() {
    case "npz":
      let arrays = RegionArrays(self)
      visitor.encode = { arrays.parts($0) }
    case "csv":
      let row = RegionRow(self)
      visitor.encode = { [Array(row.text($0).utf8)] }
    default:
      let line = RegionLine(details: details, layout: layout, layers: layers)
      visitor.encode = { [Array(line.text($0).utf8)] }
    }
    return visitor
  }
}

/// The rest of a line of JSON.
struct RegionLine: Sendable {
  let details: Set<RegionsRequest.Detail>
  let layout: PatternLayout
  let layers: [Int]

  func text(_ record: RegionRecord) -> String {
    let region = record.region
    var members: [(String, JSONText)] = [
      ("pattern", .string(layout.text(region.pattern))), ("point", .numbers(region.interiorPoint)),
    ]
    if details.contains(.map) {
      members.append(("weights", .rows(region.map.weights)))
      members.append(("offset", .numbers(region.map.offset)))
    }
    if details.contains(.facets) {
      members.append(("half_spaces", .array(region.facets.map(halfSpace))))
      members.append(("bounded", .bool(region.isBounded)))
    }
    if details.contains(.chebyshev) { members.append(("radius", record.chebyshev.map { .number($0.radius) } ?? .null)) }
    if details.contains(.chebyshev) {
      members.append(("centre", record.chebyshev.map { .numbers($0.centre) } ?? .null))
    }
    if details.contains(.vertices) {
      members.append(("vertices", .rows(region.vertices)))
      members.append(("rays", .rows(region.rays)))
      members.append(("lines", .rows(region.lines)))
    }
    if details.contains(.volume) { members.append(("volume", record.volume.map { .number($0) } ?? .null)) }
    if details.contains(.neighbours) {
      members.append(("neighbours", .array(record.neighbours.map { $0.map { .integer($0) } ?? .null })))
    }
    return ", " + JSONText.object(members).text.dropFirst() + "\n"
  }

  private func halfSpace(_ facet: LinearRegion.Facet) -> JSONText {
    var members: [(String, JSONText)] = [
      ("normal", .numbers(facet.halfSpace.normal)), ("offset", .number(facet.halfSpace.offset)),
    ]
    switch facet.source {
    case .unit(let stage, let unit): members += [("layer", .integer(layers[stage])), ("unit", .integer(unit))]
    case .comparison(let stage, let unit, let rival):
      members += [("layer", .integer(layers[stage])), ("unit", .integer(unit)), ("rival", .integer(rival))]
    case .domain(let row): members.append(("domain", .integer(row)))
    }
    return .object(members)
  }
}
