import Datasets
import Exact
import Execution
import Figures
import Foundation
import PiecewiseLinear
import Verification

/// Does what `pleat reach` was asked for.
struct ReachRunner {
  let request: ReachRequest
  let subject: ReachSubject
  let cancellation: Cancellation
  private let progress = RegionProgress()

  init(request: ReachRequest, subject: ReachSubject, cancellation: Cancellation) {
    self.request = request
    self.subject = subject
    self.cancellation = cancellation
  }

  private var command: ReachCommand { request.command }

  /// A picture takes no more pieces than this.
  private static let mostShapes = 300_000

  func run() throws -> ReachResult {
    let start = Cancellation.now
    var result = ReachResult()
    announce()
    try Failure.asUsage {
      try enclose(&result)
      try decide(&result)
      try visit(&result)
    }
    if subject.parts.isEmpty { result.remarks.append("no input satisfies the property's constraints on inputs") }
    result.seconds = Cancellation.now - start
    return result
  }

  /// What to expect, before it starts.
  private func announce() {
    guard !command.quiet, request.isExact, subject.parts.count == 1 else { return }
    let network = subject.network
    let box = subject.parts[0].box
    let choices = box.flatMap { BoundPropagation(network).bounds(over: $0, method: .intervals)?.choices }
    let most = NumberFormat.grouped(digits: RegionBounds(network, choices: choices).best.description)
    Terminal.error("at most \(most) pieces (certified)")
  }

  // MARK: Enclosures

  private func enclose(_ result: inout ReachResult) throws {
    for method in request.enclosures {
      progress.begin(method.rawValue)
      var open: [(Int, Int)] = []
      var parts: [ReachResult.Enclosure] = []
      for (index, part) in subject.parts.enumerated() {
        guard let box = part.box, !cancellation.shouldStop else { break }
        let enclosure = try OutputEnclosure(of: subject.network, over: box, by: method)
        for (number, item) in (part.unsafe?.cases ?? []).enumerated() where !enclosure.excludes(item) {
          open.append((index, number))
        }
        let outline =
          command.plot == nil || request.outputs.count < 2
          ? nil : try ReachFigure.outline(enclosure, request.outputs[0], request.outputs[1])
        parts.append(.init(ranges: enclosure.ranges, zonotope: enclosure.zonotope, outline: outline))
      }
      guard let first = parts.first, parts.count == subject.parts.count else { continue }
      let ranges = parts.dropFirst().reduce(first.ranges) { zip($0, $1.ranges).map { $0.hull($1) } }
      result.enclosures.append(.init(method: method, parts: parts, ranges: ranges, openCases: open))
    }
  }

  // MARK: Safety

  private func decide(_ result: inout ReachResult) throws {
    guard let question = subject.question else { return }
    var isProved = result.enclosures.contains { $0.openCases.isEmpty } || question.parts.isEmpty
    if request.isExact {
      progress.begin("comparing with the unsafe sets")
      var safety = ReachSafety(question)
      safety.threads = request.threads
      safety.cancellation = cancellation
      safety.progress = report
      let layout = PatternLayout(subject.network)
      var isComplete = true
      for (index, part) in question.parts.enumerated() {
        let found = try safety.check(part)
        result.pieces = (result.pieces ?? 0) + found.pieces
        result.violations += found.violations.map {
          .init(part: index, found: $0, pattern: layout.text($0.pattern))
        }
        isComplete = isComplete && found.isComplete
        if !isComplete { break }
      }
      result.isComplete = isComplete
      if isComplete { isProved = result.violations.isEmpty }
    }
    result.answer = !result.violations.isEmpty ? .unsafe : isProved ? .safe : .unknown
  }

  private var report: (@Sendable (Int) -> Void)? {
    guard !command.quiet else { return nil }
    return { [progress] in progress.report($0) }
  }

  // MARK: Pieces

  /// What is kept of a piece.
  private struct Visit: Sendable {
    var archive: ReachArchive.Part?
    var shape: ReachShape?
    var extents: [ClosedRange<Double>?]
    var isUnsafe: Bool
  }

  /// What the passes over the pieces of all boxes have found so far.
  private struct Tally {
    var shapes: [ReachShape] = []
    var pieces = 0
    var isComplete = true
    /// To rounding, of the pieces seen.
    var extents: [ClosedRange<Double>?]
    /// Of the boxes that were seen to the end; empty at first.
    var exactRanges: [ReachResult.Range] = []
    var areRangesComplete = true
  }

  private func visit(_ result: inout ReachResult) throws {
    let outputs = subject.network.outputs.count
    let hasVertices = subject.parts.allSatisfy { $0.varyingInputs.count <= ReachableSet.vertexDimension }
    let layout = PatternLayout(subject.network)
    let archive = try command.out.map { path in
      try ReachArchive(path: path, request, subject, layout: request.isExact ? layout : nil, hasVertices: hasVertices)
    }
    var tally = Tally(extents: Array(repeating: nil, count: outputs))
    if request.isExact {
      let visitsPieces = archive != nil || command.plot != nil || result.pieces == nil || !hasVertices
      for (index, part) in subject.parts.enumerated() where tally.isComplete {
        var set = try ReachableSet(of: subject.network, in: part.domain)
        set.threads = request.threads
        set.cancellation = cancellation
        set.progress = report
        if visitsPieces {
          let unsafe = Set(result.violations.filter { $0.part == index }.map(\.found.pattern))
          try visitPieces(set, index, unsafe: unsafe, archive, &tally)
        }
        if hasVertices, tally.areRangesComplete { try addExactRanges(set, &tally) }
      }
      if visitsPieces { settle(tally, hasFile: archive != nil, &result) }
      // Stopped before the exact ends were known, what the pieces said stays.
      if hasVertices, tally.areRangesComplete, tally.isComplete { result.ranges = tally.exactRanges }
    }
    if let archive, let path = command.out {
      try archive.write(subject, result.enclosures)
      try archive.finish()
      result.files.append(("arrays", path))
    }
    if let path = command.plot {
      progress.begin("picture")
      let figure = ReachFigure(request: request, subject: subject, result: result, shapes: tally.shapes)
      let svg = figure.chart().svg()
      let data = path.lowercased().hasSuffix(".png") ? try PNGConverter().png(svg: svg) : Data(svg.utf8)
      try AtomicFile.write(data, to: path)
      result.files.append(("picture", path))
    }
  }

  private func visitPieces(
    _ set: ReachableSet, _ index: Int, unsafe: Set<ActivationPattern>, _ archive: ReachArchive?, _ tally: inout Tally
  ) throws {
    progress.begin("pieces")
    let (outputs, wantsShape) = (subject.network.outputs.count, command.plot != nil)
    let drawn = request.outputs
    let (layout, wantsArrays) = (set.layout, archive != nil)
    let free = set.dimension == 1 ? set.varyingInputs[0] : nil
    let summary = try set.forEachPiece(
      transform: { piece -> Visit in
        Visit(
          archive: wantsArrays ? ReachArchive.part(piece, layout) : nil,
          shape: wantsShape ? ReachShape(piece, outputs: drawn, along: free) : nil,
          extents: (0..<outputs).map { piece.extent(of: [($0, 1)]) }, isUnsafe: unsafe.contains(piece.pattern))
      },
      receive: { visit in
        if let part = visit.archive { try archive?.write(part, box: index, isUnsafe: visit.isUnsafe) }
        if var shape = visit.shape, tally.shapes.count < Self.mostShapes {
          shape.isUnsafe = visit.isUnsafe
          tally.shapes.append(shape)
        }
        for (output, extent) in visit.extents.enumerated() {
          guard let extent else { continue }
          let known = tally.extents[output] ?? extent
          tally.extents[output] =
            min(known.lowerBound, extent.lowerBound)...max(known.upperBound, extent.upperBound)
        }
      })
    tally.pieces += summary.activationRegions
    tally.isComplete = summary.isComplete
  }

  private func settle(_ tally: Tally, hasFile: Bool, _ result: inout ReachResult) {
    if command.plot != nil, tally.shapes.count < tally.pieces {
      result.remarks.append("the picture shows the first \(ModelFile.count(tally.shapes.count, "piece"))")
    }
    let extents = tally.extents.compactMap { $0 }
    if extents.count == tally.extents.count {
      result.ranges = extents.map { .init(lower: $0.lowerBound, upper: $0.upperBound, exact: nil) }
    }
    if hasFile, tally.pieces < result.pieces ?? 0 {
      let held = ModelFile.count(tally.pieces, "piece")
      result.remarks.append("the file holds \(held): the work was stopped before there were more")
    }
    result.pieces = max(result.pieces ?? 0, tally.pieces)
    result.isComplete = result.isComplete && tally.isComplete
  }

  private func addExactRanges(_ set: ReachableSet, _ tally: inout Tally) throws {
    progress.begin("output ranges")
    let (found, summary) = try set.outputRanges()
    tally.areRangesComplete = summary.isComplete
    let own = found.compactMap { range -> ReachResult.Range? in
      guard let lower = range.minimum.value, let upper = range.maximum.value else { return nil }
      return .init(lower: lower.doubleValue, upper: upper.doubleValue, exact: (lower, upper))
    }
    tally.exactRanges = tally.exactRanges.isEmpty ? own : zip(tally.exactRanges, own).map { $0.hull($1) }
  }
}

extension ReachResult.Range {
  func hull(_ other: Self) -> Self {
    var exact: (lower: Rational, upper: Rational)?
    if let own = self.exact, let its = other.exact { exact = (min(own.lower, its.lower), max(own.upper, its.upper)) }
    return Self(lower: min(lower, other.lower), upper: max(upper, other.upper), exact: exact)
  }
}
