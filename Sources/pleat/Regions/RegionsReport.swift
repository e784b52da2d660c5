import Foundation
import PiecewiseLinear

/// What `pleat regions` tells its user: as text, and as the documented JSON document.
struct RegionsReport {
  let request: RegionsRequest
  let subject: RegionsSubject
  let result: RegionsResult

  var text: String {
    var rows = ReportRows()
    rows.add("model", subject.model.title)
    if let slice = subject.slice { rows.add("slice", slice.title) }
    rows.add("domain", subject.domain.title)
    rows.gap()
    countRows(&rows)
    if let checks = result.checks { checkRows(checks, &rows) }
    rows.add("time", "\(NumberFormat.seconds(result.seconds)) s\(exactText)")
    if let statistics = result.statistics, statistics.regions > 0 {
      rows.gap()
      statisticRows(statistics, &rows)
    }
    if let graph = result.graph {
      rows.gap()
      graphRows(graph, &rows)
    }
    if let lattice = result.lattice { rows.add("faces", Self.faceText(lattice)) }
    if let boundary = result.boundary, request.boundary != nil { rows.add("boundary", boundaryText(boundary)) }
    if let measures = result.measures {
      rows.gap()
      MeasureRows(subject: subject, measures: measures).add(to: &rows)
    }
    for (name, path) in result.files { rows.add("\(name) written", path) }
    for remark in result.remarks { rows.add("note", remark) }
    return rows.text
  }

  private func countRows(_ rows: inout ReportRows) {
    let count = NumberFormat.grouped(result.activationRegions)
    if let sample = result.sample {
      rows.add("activation regions", "at least \(count), found by \(NumberFormat.grouped(sample.points)) random points")
      rows.add("estimate", "\(NumberFormat.short(sample.estimatedCount.rounded())) (Chao 1984, from below; no bound)")
      if let coverage = sample.estimatedCoverage {
        rows.add(
          "coverage",
          "about \(String(format: "%.2f", 100 * coverage)) % of the volume lies in the "
            + "regions found (Good 1953)")
      }
    } else if result.isComplete {
      rows.add("activation regions", "\(count)   all of them: distinct activation patterns with interior")
    } else {
      rows.add("activation regions", "at least \(count): stopped before all were seen")
    }
    if let census = result.census, census.isComplete {
      if let pieces = census.pieces {
        rows.add("pieces", "\(NumberFormat.grouped(pieces))   connected sets on which the function is one affine map")
      } else {
        rows.add("pieces", "not decided: regions with one map may touch in a face that is not a facet")
      }
      rows.add("affine components", "\(NumberFormat.grouped(census.affineComponents))   distinct affine maps")
    }
    let bound = NumberFormat.grouped(digits: result.bounds.best.description)
    if !result.isComplete { rows.add("upper bound", "\(bound) (certified)") }
  }

  private var exactText: String {
    result.exactSigns == 0 ? "" : ", \(ModelFile.count(result.exactSigns, "sign")) decided in integers"
  }

  private func checkRows(_ checks: RegionChecks, _ rows: inout ReportRows) {
    func error(_ value: Double) -> String { value == 0 ? "no error" : String(format: "error %.0e", value) }
    var parts: [String] = []
    if let volumeError = checks.volumeError {
      parts.append(
        "volumes sum to that of the domain "
          + "(\(error(volumeError)))")
    }
    parts.append(
      "\(NumberFormat.grouped(checks.confirmedPatterns)) interior points have their pattern by a "
        + "forward pass")
    if checks.undecidedPatterns > 0 {
      parts.append(
        "\(checks.undecidedPatterns) lie too near to a boundary for "
          + "doubles")
    }
    if checks.wrongPatterns > 0 { parts.append("\(checks.wrongPatterns) have ANOTHER pattern") }
    parts.append("affine maps give the forward pass there (\(error(checks.largestValueError)))")
    if let gap = checks.largestGap { parts.append("neighbours agree on their common facet (\(error(gap)))") }
    if let unmatched = checks.unmatchedFacets {
      parts.append(unmatched == 0 ? "each facet inside has two sides" : "\(unmatched) facets inside LACK a second side")
    }
    if let euler = checks.eulerCharacteristic, let expected = checks.expectedEulerCharacteristic {
      parts.append("Euler characteristic \(euler), as it \(euler == expected ? "must be" : "must NOT be: \(expected)")")
    }
    rows.add("checks", (checks.passed ? "passed: " : "FAILED: ") + parts[0])
    for part in parts.dropFirst() { rows.add("", part) }
  }

  private func statisticRows(_ statistics: RegionStatistics, _ rows: inout ReportRows) {
    if subject.domain == .space {
      rows.add(
        "bounded",
        "\(NumberFormat.grouped(statistics.boundedRegions)) of "
          + "\(NumberFormat.grouped(statistics.regions)) regions")
    }
    rows.add(
      "facets",
      "\(String(format: "%.2f", statistics.meanFacets)) per region on average, "
        + "\(statistics.mostFacets) at most")
    if let volumes = statistics.volumes {
      let name = ["length", "area", "volume"][min(subject.network.inputCount, 3) - 1]
      rows.add(name, "from \(NumberFormat.short(volumes.lowerBound)) to \(NumberFormat.short(volumes.upperBound))")
    }
  }

  private func graphRows(_ graph: DualGraph, _ rows: inout ReportRows) {
    rows.add(
      "dual graph",
      "\(ModelFile.count(graph.edgeCount, "shared facet")), "
        + "\(ModelFile.count(graph.boundaryFacetCount, "facet")) on the boundary of the domain")
    rows.add(
      "neighbours",
      "\(String(format: "%.3f", graph.meanDegree)) on average; "
        + graph.degreeHistogram.enumerated().filter { $0.element > 0 }.map {
          "\($0.offset): "
            + "\(NumberFormat.grouped($0.element))"
        }
        .joined(separator: ", "))
    if let diameter = graph.diameter {
      let ends =
        diameter.lowerBound == diameter.upperBound
        ? "\(diameter.lowerBound)"
        : "\(diameter.lowerBound) "
          + "to \(diameter.upperBound)"
      rows.add("diameter", "\(ends) facets to cross")
    }
  }

  private static func faceText(_ lattice: FaceLattice) -> String {
    let names = ["vertices", "edges", "faces", "cells"]
    let counts = lattice.fVector.enumerated().map { index, count in
      let name = index == lattice.dimension ? "regions" : names[min(index, 3)]
      return "\(NumberFormat.grouped(count)) \(name)"
    }
    return counts.joined(separator: ", ") + "; Euler characteristic \(lattice.eulerCharacteristic)"
  }

  private func boundaryText(_ boundary: DecisionBoundary) -> String {
    let size = ["", "points", "length", "area", "volume"][min(subject.network.inputCount, 4)]
    let measure =
      subject.network.inputCount == 1
      ? "\(boundary.pieces.count) "
        + "points" : "\(size) \(NumberFormat.full(boundary.measure))"
    let full =
      boundary.fullMeasure > 0
      ? "; undecided on a set of measure "
        + "\(NumberFormat.short(boundary.fullMeasure))" : ""
    return "\(ClassSplit(subject.network, boundary.question).title): \(measure), "
      + "\(ModelFile.count(boundary.pieces.count, "piece")) in \(ModelFile.count(boundary.componentCount, "component"))"
      + "\(full)\(boundary.summary.isComplete ? "" : " (not complete)")"
  }
}

/// Lines of `name  value`, the values one below the other.
struct ReportRows {
  private var rows: [(String, String)?] = []

  mutating func add(_ name: String, _ value: String) { rows.append((name, value)) }

  /// An empty line, but never two.
  mutating func gap() { if let last = rows.last, last != nil { rows.append(nil) } }

  var text: String {
    let width = rows.compactMap { $0?.0.count }.max() ?? 0
    return rows.map { row in
      row.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 } ?? ""
    }
    .joined(separator: "\n")
  }
}
