import Datasets
import Exact
import Execution
import Figures
import Foundation
import Networks
import PiecewiseLinear

/// Does what `pleat regions` was asked for: announces the cost, enumerates, and writes the files.
struct RegionsRunner {
  let request: RegionsRequest
  let subject: RegionsSubject
  let cancellation: Cancellation
  private let progress = RegionProgress()

  init(request: RegionsRequest, subject: RegionsSubject, cancellation: Cancellation) {
    self.request = request
    self.subject = subject
    self.cancellation = cancellation
  }

  private var command: RegionsCommand { request.command }

  /// The pieces are counted without being asked for up to so many regions, of networks whose cells are known by vertices.
  private static let usualCensusLimit = 1_000_000

  func run() throws -> RegionsResult {
    let start = Cancellation.now
    var enumeration = try subject.enumeration()
    enumeration.threads = request.threads
    enumeration.limit = command.maxRegions ?? .max
    enumeration.cancellation = cancellation
    if !command.quiet { enumeration.progress = { [progress] in progress.report($0) } }
    let bounds = subject.bounds()
    announce(bounds)
    var result = try Failure.asUsage { try enumerate(enumeration, bounds) }
    if !command.countOnly { try Failure.asUsage { try analyse(enumeration, &result) } }
    result.seconds = Cancellation.now - start
    return result
  }

  /// Random points instead of an enumeration.
  func sample() throws -> RegionsResult {
    let start = Cancellation.now
    let sampling = RegionSampling(points: command.sample ?? 0, seed: command.seed, threads: request.threads)
    let sample = try Failure.asUsage {
      try sampling.run(on: subject.network, box: subject.box ?? [], cancellation: cancellation)
    }
    var result = RegionsResult(
      activationRegions: sample.distinct, isComplete: false, seconds: Cancellation.now - start, bounds: subject.bounds()
    )
    result.sample = sample
    return result
  }

  /// What to expect, before it starts.
  private func announce(_ bounds: RegionBounds) {
    guard !command.quiet else { return }
    Terminal.error(
      "at most \(NumberFormat.grouped(digits: bounds.best.description)) regions in \(subject.domain.title) (certified)")
    guard bounds.best.log10 > 8, subject.network.inputCount > RegionsRequest.vertexDimension else { return }
    Terminal.error(
      """
      note: in \(subject.network.inputCount) inputs there may be more regions than anybody can list. Ctrl-C or --time-limit \
      stops with certified bounds. What is feasible: a slice (--slice x0,x1 --at POINT), a line (--through 'P;Q'), random \
      points (--sample 100000), or a smaller box.
      """)
  }

  // MARK: The one pass that visits every region

  private func enumerate(_ enumeration: RegionEnumeration, _ bounds: RegionBounds) throws -> RegionsResult {
    progress.begin("counting")
    if command.countOnly {
      let summary = try enumeration.count()
      return RegionsResult(summary, bounds)
    }
    var graph: DualGraph?
    var complex: RegionComplex?
    if command.out != nil, request.details.contains(.neighbours) {
      progress.begin("neighbours")
      let whole = try RegionComplex(enumeration)
      graph = DualGraph(whole)
      complex = whole
    }
    var visitor = RegionVisitor(request, subject, enumeration, complex.flatMap { whole in graph.map { (whole, $0) } })
    if let out = command.out { visitor = visitor.encoding(path: out) }
    let finished = visitor
    let writer = try command.out.map { try visitor.writer(path: $0) }
    var checks = try RegionChecks(enumeration)
    var statistics = RegionStatistics()
    progress.begin(writer == nil ? "examining" : "writing")
    let summary = try enumeration.forEach(
      detail: finished.detail, transform: { finished.visit($0) },
      receive: { visit in
        checks.add(visit.examination)
        statistics.add(facets: visit.facets, isBounded: visit.isBounded, volume: visit.examination.volume)
        try writer?.write(visit.parts)
      })
    checks.finish(summary)
    var result = RegionsResult(summary, bounds)
    if let writer, let path = command.out {
      try writer.finish()
      result.files.append(("regions", path))
    }
    result.checks = checks
    result.statistics = visitor.hasFacets ? statistics : nil
    result.graph = command.graph ? graph : nil
    return result
  }

  // MARK: What needs more passes

  private func analyse(_ enumeration: RegionEnumeration, _ result: inout RegionsResult) throws {
    let isUsual =
      result.isComplete && result.activationRegions <= Self.usualCensusLimit
      && subject.network.inputCount <= RegionsRequest.vertexDimension
    let wantsCensus = command.pieces ?? isUsual
    let wantsComplex = command.graph || command.checks
    if wantsComplex || wantsCensus { progress.begin("pieces and neighbours") }
    if wantsComplex, !cancellation.shouldStop {
      let complex = try RegionComplex(enumeration)
      // Cut short by the clock or a person, it is not the complex of the regions that were counted.
      if complex.count == result.activationRegions { try examine(complex, wantsCensus: wantsCensus, &result) }
    } else if wantsCensus, !cancellation.shouldStop {
      result.census = try RegionCensus(enumeration)
    }
    let fitsLattice = subject.network.inputCount <= FaceLattice.largestDimension
    if command.faces || (command.checks && fitsLattice), result.isComplete, !cancellation.shouldStop {
      progress.begin("faces")
      do {
        let lattice = try FaceLattice(enumeration)
        result.checks?.add(lattice)
        result.lattice = command.faces ? lattice : nil
      } catch  where cancellation.shouldStop {
        // Said in a remark below.
      }
    }
    if let question = request.boundary, !cancellation.shouldStop {
      progress.begin("decision boundary")
      result.boundary = try DecisionBoundary(
        of: subject.network, question, in: subject.domain, threads: request.threads, limit: enumeration.limit,
        cancellation: cancellation, progress: enumeration.progress)
    }
    if command.measures, !cancellation.shouldStop {
      progress.begin("measures")
      let measures = try RegionMeasures(enumeration)
      if measures.isComplete == result.isComplete { result.measures = measures }
    }
    if command.plot != nil || command.surface != nil {
      progress.begin("picture")
      try RegionPictures(request: request, subject: subject, enumeration: enumeration).write(into: &result)
    }
    // Something was asked for and the limit came first.
    if !result.isComplete {
      if command.faces { result.remarks.append("no faces: they need all regions") }
      if command.graph || command.measures || request.boundary != nil {
        result.remarks.append("graph, boundary, ranges and integrals are those of the regions seen")
      }
    }
    if cancellation.shouldStop, result.isComplete {
      result.remarks.append("stopped after the regions were counted: not everything that was asked for was reached")
    }
  }
}

extension RegionsRunner {
  /// What follows from the dual graph.
  private func examine(_ complex: RegionComplex, wantsCensus: Bool, _ result: inout RegionsResult) throws {
    let graph = DualGraph(complex)
    result.graph = command.graph ? graph : nil
    if command.checks, result.isComplete {
      result.checks?.add(graph)
      result.checks?.add(gap: try complex.largestGap(graph))
    }
    if wantsCensus, !cancellation.shouldStop { result.census = try RegionCensus(complex) }
  }
}

extension RegionsResult {
  init(_ summary: RegionEnumeration.Summary, _ bounds: RegionBounds) {
    self.init(
      activationRegions: summary.activationRegions, isComplete: summary.isComplete, exactSigns: summary.exactSigns,
      seconds: summary.seconds, bounds: bounds)
  }
}

extension RegionVisitor {
  /// Volumes are computed without being asked for up to so many inputs.
  private static let usualVolumeDimension = 3

  /// - Parameter complex: for the numbers of neighbours.
  init(
    _ request: RegionsRequest, _ subject: RegionsSubject, _ enumeration: RegionEnumeration,
    _ complex: (RegionComplex, DualGraph)?
  ) {
    let details = request.command.out == nil ? [] : request.details
    let inputs = enumeration.network.inputCount
    let hasVertices = inputs <= RegionsRequest.vertexDimension
    let isUsual = inputs <= Self.usualVolumeDimension || request.command.checks
    self.init(
      examiner: RegionExaminer(enumeration), details: details, layout: enumeration.layout,
      layers: subject.layers, outputs: enumeration.network.outputs.count, inputs: inputs,
      needsVertices: hasVertices && (isUsual || details.contains(.vertices) || details.contains(.volume)),
      complex: complex)
  }
}
