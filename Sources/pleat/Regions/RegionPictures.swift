import Datasets
import Figures
import Foundation
import LinearAlgebra
import Networks
import PiecewiseLinear

/// The pictures of a network of one or two inputs: `--plot` and `--surface`.
struct RegionPictures {
  let request: RegionsRequest
  let subject: RegionsSubject
  let enumeration: RegionEnumeration

  /// A picture of more regions has less than a pixel for each.
  private static let mostRegions = 300_000

  private var command: RegionsCommand { request.command }

  func write(into result: inout RegionsResult) throws {
    guard !enumeration.cancellation.shouldStop else {
      result.remarks.append("no picture: the work was stopped before")
      return
    }
    guard result.activationRegions <= Self.mostRegions else {
      result.remarks.append(
        "no picture: more than \(NumberFormat.grouped(Self.mostRegions)) regions; take a "
          + "smaller box")
      return
    }
    if subject.network.inputCount == 1 {
      let picture = GraphPicture(request: request, subject: subject, enumeration: enumeration)
      let chart = try picture.chart(result)
      try write(svg: chart.svg(), into: &result)
      return
    }
    let map = try MapPicture(request: request, subject: subject, enumeration: enumeration).map(&result)
    try write(svg: map.svg(), into: &result)
    if let path = command.surface {
      let mesh = try SurfaceMesh(map)
      let data = path.lowercased().hasSuffix(".ply") ? try mesh.ply() : Data(mesh.obj().utf8)
      try AtomicFile.write(data, to: path)
      result.files.append(("surface", path))
    }
  }

  private func write(svg: @autoclosure () -> String, into result: inout RegionsResult) throws {
    guard let path = command.plot else { return }
    let svg = svg()
    let data = path.lowercased().hasSuffix(".png") ? try PNGConverter().png(svg: svg) : Data(svg.utf8)
    try AtomicFile.write(data, to: path)
    result.files.append(("picture", path))
  }
}

extension Failure {
  static var unboundedPicture: Failure { usage("--plot: the polytope is not bounded; a picture needs an end") }
}

extension RegionsSubject {
  /// `Activation regions of model.onnx`, and of which slice.
  func pictureTitle() -> String {
    let name = URL(fileURLWithPath: model.path).deletingPathExtension().lastPathComponent
    return slice.map { "\(name), \($0.title)" } ?? name
  }

  /// What an output is called.
  func outputName(_ output: Int) -> String { network.outputs.count == 1 ? "f" : "f\(output)" }
}

/// A network of two inputs as a map.
struct MapPicture {
  let request: RegionsRequest
  let subject: RegionsSubject
  let enumeration: RegionEnumeration

  private var command: RegionsCommand { request.command }
  private var outputs: Int { subject.network.outputs.count }

  private var coloring: RegionsCommand.Coloring { command.color ?? (outputs > 1 ? .class : .value) }

  /// The question whose answers are the classes: the boundary asked for, else the largest output, or the sign of one.
  private var question: DecisionBoundary.Question {
    request.boundary ?? (outputs > 1 ? .classes : .level(output: 0, value: 0))
  }

  /// What one region adds.
  private struct Part: Sendable {
    var region: RegionMap.Region
    var lines: [RegionMap.Breakline]
    var isBounded: Bool
  }

  /// - Parameter result: gets the boundary if it has none yet.
  func map(_ result: inout RegionsResult) throws -> RegionMap {
    let asksClasses = coloring == .class || request.boundary != nil
    let classifier = ClassSplit(subject.network, question)
    var search = enumeration
    if coloring == .class {
      search = try RegionEnumeration(classifier.network, in: subject.domain)
      search.threads = enumeration.threads
      search.limit = enumeration.limit
      search.cancellation = enumeration.cancellation
      search.progress = enumeration.progress
    }
    let (output, layout, layers) = (command.output, search.layout, subject.layers)
    let splits = coloring == .class
    var regions: [RegionMap.Region] = []
    var breaklines = BreaklineSet()
    _ = try search.forEach(
      detail: .all,
      transform: { region -> Part in
        let label = splits ? classifier.label(region, layout) : 0
        return Part(
          region: region.polygon(output: output, label: label), lines: region.breaklines(layers),
          isBounded: region.isBounded)
      },
      receive: { part in
        guard part.isBounded else { throw Failure.unboundedPicture }
        regions.append(part.region)
        for line in part.lines { breaklines.insert(line) }
      })
    var map = RegionMap(
      title: subject.pictureTitle(), subtitle: subtitle(result), xAxis: Axis(subject.names[0]),
      yAxis: Axis(subject.names[1]),
      valueLabel: "\(subject.outputName(output))(\(subject.names.joined(separator: ", ")))", coloring: mapColoring,
      classNames: classifier.names, regions: regions, breaklines: breaklines.all, equalAspect: true,
      size: FigureSize(width: 760, height: 620))
    if asksClasses {
      if result.boundary == nil {
        result.boundary = try DecisionBoundary(
          of: subject.network, question, in: subject.domain, threads: request.threads, limit: enumeration.limit,
          cancellation: enumeration.cancellation)
      }
      map.decisionBoundary = result.boundary.map(Self.curves) ?? []
      map.decisionBoundaryLabel = classifier.title
    }
    if let path = command.data { try addPoints(path, classifier, &map) }
    return map
  }

  private var mapColoring: RegionMap.Coloring {
    switch coloring {
    case .value: .value
    case .gradient: .gradient
    case .pattern: .pattern
    case .class: .classes
    }
  }

  private func subtitle(_ result: RegionsResult) -> String {
    let count = ModelFile.count(result.activationRegions, "activation region")
    return (result.isComplete ? count : "the first \(count)") + " in \(subject.domain.title)"
  }

  private static func curves(_ boundary: DecisionBoundary) -> [[PlotPoint]] {
    boundary.polylines().map { line in
      let points = line.vertices.map { PlotPoint(x: boundary.vertices[$0, 0], y: boundary.vertices[$0, 1]) }
      return line.isClosed ? points + points.prefix(1) : points
    }
  }

  // MARK: Points

  private func addPoints(_ path: String, _ classifier: ClassSplit, _ map: inout RegionMap) throws {
    let table: InputTable
    let columns: [Column]
    if let slice = subject.slice {
      guard let inputs = slice.inputs else {
        throw Failure.usage("--data \(path): points are drawn in a slice along inputs, not in one through points")
      }
      table = try InputTable(path: path, inputs: subject.model.network.inputCount)
      columns = inputs.map { table.columns[$0] }
    } else {
      table = try InputTable(path: path, inputs: 2)
      columns = table.columns
    }
    let targets = table.others.first?.values
    let labels = targets.flatMap { Self.labels($0, classes: classifier.names.count) }
    map.points = (0..<table.rowCount).map { row in
      let (x, y) = (columns[0].values[row], columns[1].values[row])
      if let labels { return .init(x: x, y: y, classIndex: labels[row]) }
      if let targets { return .init(x: x, y: y, value: targets[row]) }
      return .init(x: x, y: y, classIndex: 0)
    }
    // Where no region is in the colour of a class, the symbols stand for what was observed alone.
    if coloring != .class, let labels {
      map.classNames = (0...(labels.max() ?? 0)).map { "observed class \($0)" }
    }
    map.pointsLabel = URL(fileURLWithPath: table.source).lastPathComponent
  }

  /// Class numbers, when all values are such: 0, 1, …, or −1 and 1 for two classes.
  private static func labels(_ values: [Double], classes: Int) -> [Int]? {
    if Set(values) == [-1, 1] { return values.map { $0 > 0 ? 1 : 0 } }
    let isLabel = values.allSatisfy { $0 >= 0 && $0 < Double(max(classes, 2)) && $0 == $0.rounded() }
    return isLabel ? values.map { Int($0) } : nil
  }
}
