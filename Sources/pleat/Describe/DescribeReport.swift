import Exact
import Foundation
import Networks
import PiecewiseLinear

/// What `pleat describe` tells its user: as text, and as the documented JSON document.
struct DescribeReport {
  let file: ModelFile
  let study: DomainStudy?

  private var network: UnitNetwork { file.network }

  var text: String {
    var rows = ReportRows()
    rows.add("model", file.path)
    if let summary = file.summary {
      let shape = summary.inputShape.map(String.init).joined(separator: " × ")
      rows.add("graph", "\(summary.inputName) [\(shape)] → \(summary.outputName)")
      let operators = summary.operators.sorted { $0.key < $1.key }.map {
        $0.value > 1 ? "\($0.key) ×\($0.value)" : $0.key
      }
      rows.add("operators", operators.joined(separator: ", "))
    }
    rows.add(
      "inputs, outputs",
      "\(NumberFormat.grouped(network.inputCount)), "
        + "\(NumberFormat.grouped(network.outputs.count))")
    rows.add("depth", "\(network.depth) (longest path: \(network.depth - 1) bending units, then the output)")
    rows.add("width", NumberFormat.grouped(network.width))
    rows.add("size", ModelFile.count(network.size, "bending unit"))
    rows.add("parameters", parameterText)
    rows.add(
      "one evaluation",
      "\(ModelFile.count(network.multiplyAddCount, "multiply-add")), "
        + "\(NumberFormat.grouped(network.weightBytes)) bytes of weights")
    rows.gap()
    var lines = [rows.text] + layerLines
    rows = ReportRows()
    rows.gap()
    rows.add(
      "path norm L1, L2",
      "\(NumberFormat.short(network.pathNorm(.one))), "
        + "\(NumberFormat.short(network.pathNorm(.two)))")
    boundRows(&rows)
    let upper = network.lipschitzUpperBounds()
    rows.add(
      "Lipschitz, all of space",
      NormExponent.allCases.map { "\($0.name) <= \(NumberFormat.short(upper[$0]))" }.joined(separator: ", ")
        + " (certified)")
    lines += ["", rows.text]
    if let study { lines += ["", studyRows(study).text] }
    return lines.joined(separator: "\n")
  }

  private var parameterText: String {
    let folded = "\(NumberFormat.grouped(network.parameterCount)) nonzero after folding affine layers"
    guard let stored = file.summary?.parameterCount else { return folded }
    return stored == network.parameterCount
      ? NumberFormat.grouped(stored)
      : "\(NumberFormat.grouped(stored)) "
        + "stored, \(folded)"
  }

  /// Norms and sizes, a line for each layer.
  private var layerLines: [String] {
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let norms = network.stageNorms
    let sizes = network.stageSizes
    let width = max(8, norms.map(\.name.count).max() ?? 0, 6)
    func name(_ text: String) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    var lines = [
      name("layer") + pad("units", 9) + pad("bending", 9) + pad("weights", 11) + pad("Frobenius", 13)
        + pad("spectral", 13) + "  kinds"
    ]
    for (index, norm) in norms.enumerated() {
      let size = index < sizes.count ? sizes[index] : nil
      let outputs = network.outputs
      let kinds =
        size?.names.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" } ?? ["affine"]
      let weights = size?.weights ?? outputs.reduce(0) { $0 + $1.terms.count }
      lines.append(
        name(norm.name) + pad(NumberFormat.grouped(size?.units ?? outputs.count), 9)
          + pad(NumberFormat.grouped(size?.bendingUnits ?? 0), 9)
          + pad(NumberFormat.grouped(weights), 11) + pad(NumberFormat.short(norm.frobenius), 13)
          + pad(spectral(norm), 13) + "  "
          + kinds.joined(separator: ", "))
    }
    return lines
  }

  private func spectral(_ norm: UnitNetwork.StageNorms) -> String {
    let (lower, upper) = (norm.spectral.lowerBound, norm.spectral.upperBound)
    return lower == upper
      ? NumberFormat.short(lower) : "\(String(format: "%.4g", lower))..\(String(format: "%.4g", upper))"
  }

  private func boundRows(_ rows: inout ReportRows) {
    let bounds = RegionBounds(network)
    func digits(_ count: RegionCount) -> String { NumberFormat.grouped(digits: count.description) }
    rows.add("regions, at most", "\(digits(bounds.patterns)) patterns")
    rows.add("", "\(digits(bounds.montufar)) Montúfar 2017")
    rows.add("", "\(digits(bounds.serra)) Serra et al. 2018")
    rows.add("", "\(digits(bounds.hinz)) Hinz and van de Geer 2019")
    if let zaslavsky = bounds.zaslavsky {
      rows.add(
        "",
        "\(digits(zaslavsky)) Zaslavsky 1975, attained in general "
          + "position")
    }
    if let reached = RegionBounds.architectureMaximum(network) {
      rows.add("", "\(digits(reached)) are reached by some network of this architecture")
    }
  }

  private func studyRows(_ study: DomainStudy) -> ReportRows {
    var rows = ReportRows()
    rows.add("domain", study.domain.title)
    let states = study.states.joined().compactMap { $0 }
    rows.add("dead units", listed(.dead))
    rows.add("always active", listed(.active))
    if states.contains(.affine) { rows.add("affine units", listed(.affine)) }
    rows.add(
      "bending units",
      "\(NumberFormat.grouped(states.count { $0 == .bending })) of "
        + "\(NumberFormat.grouped(states.count)) change sides")
    let open = states.count { $0 == .open }
    if open > 0 { rows.add("undecided units", NumberFormat.grouped(open)) }
    if let outputs = study.outputs {
      let ranges = outputs.prefix(10).map { "[\(NumberFormat.short($0.lower)), \(NumberFormat.short($0.upper))]" }
      rows.add("outputs within", ranges.joined(separator: ", ") + (outputs.count > 10 ? ", …" : "") + " (certified)")
    }
    let count = NumberFormat.grouped(study.summary.activationRegions)
    if study.summary.isComplete {
      rows.add("activation regions", "\(count) (exact)")
    } else {
      rows.add(
        "activation regions",
        "at least \(count), at most "
          + "\(NumberFormat.grouped(digits: study.bounds.best.description)) (certified)")
    }
    for range in study.lipschitz { rows.add("Lipschitz \(range.norm.name)", range.text) }
    rows.add("time", "\(NumberFormat.seconds(study.seconds)) s")
    return rows
  }

  /// How many units are in a state, and which where these are few.
  private func listed(_ state: DomainStudy.UnitState) -> String {
    guard let study else { return "" }
    var names: [String] = []
    for (stage, states) in zip(network.stages, study.states) {
      for (unit, known) in states.enumerated() where known == state { names.append("\(stage.name) unit \(unit)") }
    }
    let total = NumberFormat.grouped(names.count)
    return names.isEmpty ? "none" : names.count <= 6 ? "\(total): \(names.joined(separator: ", "))" : total
  }
}
