import Activations
import Foundation
import KernelSpectra

/// The answer of `pleat spectrum` as text and as JSON.
struct SpectrumReport {
  let study: SpectrumStudy

  init(_ study: SpectrumStudy) { self.study = study }

  var text: String {
    var parts = study.sets.map { setText($0) }
    if !study.isComplete { parts.append("Interrupted: what is above is complete, the rest was not computed.") }
    return parts.joined(separator: "\n\n")
  }

  private func setText(_ set: SpectrumStudy.SetStudy) -> String {
    let (rows, diagnosis) = (set.source.rows, set.diagnosis)
    var lines = [
      "\(set.source.name): \(ModelFile.count(rows.count, "row")), \(rows.dimension) columns, spanning "
        + "\(ModelFile.count(diagnosis.rank, "dimension")); closest directions \(Self.short(diagnosis.separation)) apart"
        + (rows.isNormalised ? "; rows divided by their lengths" : "")
    ]
    lines += set.warnings.map { "warning: \($0)" }
    if !set.results.isEmpty { lines += ["", table(set)] }
    if !set.ends.isEmpty { lines += ["", ends(set)] }
    let request = study.request
    if request.depths.count == 1, !set.results.isEmpty {
      lines.append("")
      lines += set.results.map(\.verdict.sentence)
    }
    if request.depths.count > 1 { lines += [""] + request.activations.compactMap { depthLine($0, set) } }
    lines += set.results.flatMap { widthLines($0) + trainingLines($0) + regressionLines($0) }
    lines += ["", set.results.isEmpty ? "An eigenvalue lies within ± of the number under λ max." : footnote(set)]
    return lines.joined(separator: "\n")
  }

  private func table(_ set: SpectrumStudy.SetStudy) -> String {
    let manyDepths = study.request.depths.count > 1
    var columns: [(name: String, side: ColumnTable.Side)] = [("activation", .left)]
    if manyDepths { columns.append(("depth", .right)) }
    columns += [
      ("class", .left), ("q", .right), ("λ max", .right), ("λ min", .right), ("± ", .right), ("bounds on λ min", .left),
      ("steps", .right), ("stuck", .right), ("best step", .right), ("decay", .left),
    ]
    var table = ColumnTable(columns)
    for result in set.results {
      let spectrum = result.spectrum
      let smallest = spectrum.smallest
      var cells = [result.setting.activation.name]
      if manyDepths { cells.append(String(result.setting.depth)) }
      cells += [
        Self.smoothness(result.setting.activation), Self.short(result.variance), Self.short(spectrum.largest.value),
        Self.eigenvalue(smallest), smallest.isResolved ? Self.halfWidth(smallest) : "", Self.bounds(result.bounds),
        Self.steps(result.verdict.steps), String(format: "%.3g %%", 100 * result.verdict.stuckShare),
        Self.short(result.prediction.bestStep), Self.decay(result.decay),
      ]
      table.add(cells)
    }
    return table.text
  }

  private func ends(_ set: SpectrumStudy.SetStudy) -> String {
    var table = ColumnTable([
      ("activation", .left), ("depth", .right), ("λ max", .right), ("± ", .right), ("λ min at most", .right),
      ("mean λ", .right), ("products", .right),
    ])
    for end in set.ends {
      let values = end.lanczos.values
      table.add([
        end.setting.activation.name, String(end.setting.depth), Self.short(values.last?.value ?? 0),
        Self.short(values.last?.residual ?? 0), Self.short(values.first?.value ?? 0),
        Self.short(end.lanczos.trace / Double(set.source.rows.count)), String(end.lanczos.steps),
      ])
    }
    return table.text
  }

  private func footnote(_ set: SpectrumStudy.SetStudy) -> String {
    let request = study.request
    var notes = [
      "Trained: \(request.trained.rawValue). Loss ½ Σ (F − y)²; for a mean divide eigenvalues by n. Steps of size "
        + (request.stepSize.map(Self.short) ?? "1/λ max")
        + " until \(Self.short(100 * request.goal)) % of the loss is left; "
        + "stuck: the share of label energy slower than \(Self.short(request.budget)) steps"
        + (set.source.labels == nil ? ", for labels of random signs." : ".")
    ]
    if set.results.contains(where: { $0.spectrum.preciseCount > 0 }) {
      notes.append("Eigenvalues that doubles do not resolve were computed in 384 bits.")
    }
    if set.results.contains(where: { Self.eigenvalue($0.spectrum.smallest).hasPrefix("≤") }) {
      notes.append("\"≤\": below the proved bound; no more is known of it.")
    }
    if set.results.contains(where: { !$0.spectrum.isProved }) {
      let names = set.results.filter { !$0.spectrum.isProved }.map(\.setting.activation.name)
      notes.append(
        "For \(Set(names).sorted().joined(separator: ", ")) the ± rests on an estimate of the quadrature's error; elsewhere it is "
          + "proved.")
    }
    return notes.joined(separator: "\n")
  }

  private func depthLine(_ activation: Activation, _ set: SpectrumStudy.SetStudy) -> String? {
    guard let map = try? DepthMap(activation, centred: false) else { return nil }
    let distance = set.diagnosis.separation
    let layers = map.layersUntilDominant(distance: distance, count: set.source.rows.count)
    let tendency =
      layers.map { "cosines sum to less than 1/2 in each row after \($0) layers" }
      ?? "cosines of distinct rows tend to \(Self.short(map.fixedPoint)): depth does not part them"
    return
      "\(activation.name): f′(1) = \(Self.short(map.slopeAtOne)), f′(0) = \(Self.short(map.slopeAtZero)) at variance 1; "
      + tendency
  }

  private func widthLines(_ result: SpectrumStudy.Result) -> [String] {
    guard !result.widths.isEmpty else { return [] }
    let smallest = result.widths.map(\.smallest)
    let distance = result.widths.map(\.distance)
    var line =
      "\(result.setting.activation.name), width \(result.widths[0].width), \(ModelFile.count(result.widths.count, "seed")): "
      + "‖G_m − G‖ \(Self.range(distance)), λ min \(Self.range(smallest))"
    if let width = result.sufficientWidth {
      line += "; width \(Self.short(width)) suffices for λ min/2 with probability 95 %"
    }
    return [line]
  }

  private func trainingLines(_ result: SpectrumStudy.Result) -> [String] {
    guard let run = result.training, let last = run.moments.last, let first = run.moments.first else { return [] }
    let drift = run.drift / max(run.start.values.first ?? 0, 1e-300)
    var lines = [
      "\(result.setting.activation.name), trained with \(run.network.width) units, step \(Self.short(run.stepSize)): loss "
        + "\(Self.short(first.loss)) → \(Self.short(last.loss)) after \(last.step) steps; the kernel at the start predicted "
        + "\(Self.short(last.predicted)), that of infinite width \(Self.short(result.prediction.loss(after: Double(last.step))))",
      "  drift of the kernel \(Self.short(run.drift)), \(Self.short(drift)) times its smallest eigenvalue"
        + (run.isPredictionBinding ? "" : ": the prediction is not binding"),
    ]
    var table = ColumnTable([("  mode", .right), ("λ", .right), ("ln |r| per step", .right), ("predicted", .right)])
    let rates = run.measuredRates
    let modes = Array(run.start.values.indices.reversed())
    for k in modes.count <= 6 ? modes : Array(modes.prefix(3) + modes.suffix(3)) {
      let eta = run.stepSize * run.start.values[k]
      table.add([
        String(run.start.values.count - k), Self.short(run.start.values[k]), rates[k].map(Self.short) ?? "-",
        Self.short(log(abs(1 - eta))),
      ])
    }
    lines.append(table.text)
    return lines
  }

  private func regressionLines(_ result: SpectrumStudy.Result) -> [String] {
    guard let regression = result.regression else { return [] }
    var lines = [
      "\(result.setting.activation.name), ridge \(Self.short(regression.ridge)): leave-one-out mean squared error "
        + Self.short(regression.leaveOneOutError)
    ]
    if !result.predictions.isEmpty {
      lines.append("  predictions: " + result.predictions.prefix(20).map(Self.short).joined(separator: ", "))
      if result.predictions.count > 20 {
        lines.append("  … and \(result.predictions.count - 20) more (--json lists all)")
      }
    }
    return lines
  }

  // Words.

  static func short(_ value: Double) -> String {
    value.isFinite ? String(format: "%.4g", value) : value.isNaN ? "-" : value < 0 ? "−∞" : "∞"
  }

  static func steps(_ value: Double) -> String { value < 1e60 ? String(format: "%.4g", value) : "never" }

  static func eigenvalue(_ value: CertifiedEigenvalue) -> String {
    if value.isResolved { return String(format: "%.5g", value.value) }
    return value.upper < 1e-60 ? "0" : String(format: "≤ %.2g", value.upper)
  }

  private static func halfWidth(_ value: CertifiedEigenvalue) -> String {
    String(format: "%.1g", 0.5 * (value.upper - value.lower))
  }

  private static func range(_ values: [Double]) -> String {
    values.count == 1 ? short(values[0]) : "\(short(values.min() ?? 0)) to \(short(values.max() ?? 0))"
  }

  private static func bounds(_ bounds: EigenvalueBounds) -> String {
    let lower = bounds.bounds.filter(\.isLower).max { $0.value < $1.value }
    let upper = bounds.bounds.filter { !$0.isLower }.min { $0.value < $1.value }
    let left = lower.map { $0.value > 0 ? String(format: "%.2g (%@)", $0.value, $0.kind.rawValue) : "0" } ?? "0"
    let right = upper.map { String(format: "%.2g (%@)", $0.value, $0.kind.rawValue) } ?? "∞"
    return "\(left) … \(right)"
  }

  static func smoothness(_ activation: Activation) -> String {
    let smoothness = activation.smoothness
    if let degree = smoothness.polynomial?.count { return "degree \(degree - 1)" }
    if let order = smoothness.jumpOrder { return "jump in φ" + String(repeating: "′", count: order) }
    switch smoothness.analyticity {
    case .entire: return "entire"
    case .strip(let distance): return String(format: "strip %.3g", distance)
    case .piecewise, .unknown: return "smooth"
    }
  }

  static func decay(_ fit: DecayFit?) -> String {
    guard let fit else { return "" }
    switch fit.law {
    case .power(let exponent): return String(format: "k^−%.2f", exponent)
    case .stretchedExponential(let rate, let exponent): return String(format: "exp(−%.3g k^%.2f)", rate, exponent)
    }
  }
}
