import Datasets
import Figures
import Foundation
import PiecewiseLinear

/// A network of one input as the graph of its function.
struct GraphPicture {
  let request: RegionsRequest
  let subject: RegionsSubject
  let enumeration: RegionEnumeration

  /// A region: an interval, the values at its ends, and the layer whose unit makes the right end.
  private struct Part: Sendable {
    var start: PlotPoint
    var end: PlotPoint
    var layer: Int?
    var isBounded: Bool
  }

  func chart(_ result: RegionsResult) throws -> Chart {
    let output = request.command.output
    let layers = subject.layers
    var parts: [Part] = []
    _ = try enumeration.forEach(
      detail: .all, transform: { Self.part($0, output, layers) }, receive: { parts.append($0) })
    guard parts.allSatisfy(\.isBounded) else { throw Failure.unboundedPicture }
    parts.sort { $0.start.x < $1.start.x }
    guard let first = parts.first, let last = parts.last else {
      throw Failure(message: "no picture: no region was found", status: 3)
    }
    let breakpoints = parts.dropLast().compactMap { part in
      part.layer.map { Chart.Breakpoint(x: part.end.x, y: part.end.y, layer: $0) }
    }
    let name = "\(subject.outputName(output))(\(subject.names[0]))"
    let count = ModelFile.count(result.activationRegions, "activation region")
    var points: [PlotPoint] = []
    if let path = request.command.data, subject.slice == nil {
      let table = try InputTable(path: path, inputs: 1)
      guard let target = table.others.first else {
        throw Failure.usage("--data \(path): a point of a graph has two columns, the input and a value")
      }
      points = zip(table.columns[0].values, target.values).map { PlotPoint(x: $0, y: $1) }
    }
    return Chart.network(
      title: subject.pictureTitle(), subtitle: "\(count) in \(subject.domain.title)", xAxis: Axis(subject.names[0]),
      yAxis: Axis(name), from: first.start, to: last.end, breakpoints: breakpoints, functionName: name,
      observations: points)
  }

  private static func part(_ region: LinearRegion, _ output: Int, _ layers: [Int]) -> Part {
    let ends = (0..<region.vertices.rows).sorted { region.vertices[$0, 0] < region.vertices[$1, 0] }
    func point(_ vertex: Int) -> PlotPoint {
      PlotPoint(x: region.vertices[vertex, 0], y: region.map([region.vertices[vertex, 0]])[output])
    }
    guard ends.count == 2, region.isBounded else {
      return Part(start: PlotPoint(x: 0, y: 0), end: PlotPoint(x: 0, y: 0), layer: nil, isBounded: false)
    }
    var layer: Int?
    for (index, facet) in region.facets.enumerated() where region.lies(ends[1], on: index) {
      switch facet.source {
      case .unit(let stage, _), .comparison(let stage, _, _): layer = layers[stage]
      case .domain: continue
      }
    }
    return Part(start: point(ends[0]), end: point(ends[1]), layer: layer, isBounded: true)
  }
}
