import Datasets
import Figures
import Foundation
import KernelSpectra

/// The pictures of `pleat spectrum`: eigenvalues by rank, loss by step, or the smallest eigenvalue by depth; one for
/// each set.
struct SpectrumFigure {
  let study: SpectrumStudy

  init(_ study: SpectrumStudy) { self.study = study }

  /// Writes the picture; of several sets each gets a file with its name before the ending.
  func write(to path: String) throws {
    for set in study.sets where !set.results.isEmpty {
      let target = study.sets.count == 1 ? path : Self.path(path, with: set.source.name)
      let svg = chart(set).svg()
      let data = target.lowercased().hasSuffix(".png") ? try PNGConverter().png(svg: svg) : Data(svg.utf8)
      try AtomicFile.write(data, to: target)
    }
  }

  private static func path(_ path: String, with name: String) -> String {
    let file = path as NSString
    let word = name.replacingOccurrences(of: " ", with: "-")
    return "\(file.deletingPathExtension)-\(word).\(file.pathExtension.isEmpty ? "svg" : file.pathExtension)"
  }

  private func chart(_ set: SpectrumStudy.SetStudy) -> Chart {
    if study.request.simulates { return rates(set) }
    return study.request.depths.count > 1 ? depths(set) : eigenvalues(set)
  }

  private static func look(_ index: Int) -> (line: LineStyle, points: PointStyle) {
    let shapes: [PointStyle.Shape] = [.circle, .square, .diamond, .triangle]
    // Eight colours; the second round of them is dashed.
    let color = Palette.categorical(index)
    return (
      LineStyle(color: color, width: 1.6, dash: index < 8 ? .solid : .dashed),
      PointStyle(shape: shapes[index / 2 % 4], color: color, radius: 3, opacity: 0.9)
    )
  }

  private static func subtitle(_ set: SpectrumStudy.SetStudy, _ trained: KernelSetting.TrainedPart) -> String {
    "\(set.source.name): \(set.source.rows.count) rows spanning \(ModelFile.count(set.diagnosis.rank, "dimension")), "
      + (trained == .both ? "all weights trained" : "\(trained.rawValue) weights trained")
  }

  private func eigenvalues(_ set: SpectrumStudy.SetStudy) -> Chart {
    var marks: [Mark] = []
    var bound = 0.0
    for (index, result) in set.results.enumerated() {
      let values = Array(result.spectrum.eigenvalues.reversed())
      let resolved = values.indices.filter { values[$0].isResolved }
      let look = Self.look(index)
      let x = resolved.map { Double($0 + 1) }
      let y = resolved.map { values[$0].value }
      marks.append(.line(x: x, y: y, style: look.line, name: result.setting.activation.name))
      if values.count <= 120 {
        marks.append(.points(x: x, y: y, style: look.points, name: result.setting.activation.name))
      }
      let hidden = values.filter { !$0.isResolved }.map(\.upper).max() ?? 0
      if hidden > 1e-40 { bound = max(bound, hidden) }
    }
    if bound > 0 { marks.append(.horizontalRules([bound], name: "below: known to be below only")) }
    return Chart(
      title: "Eigenvalues of the kernel matrix", subtitle: Self.subtitle(set, study.request.trained),
      xAxis: Axis("rank", integersOnly: true), yAxis: Axis("eigenvalue", scaling: .logarithmic), marks: marks,
      legend: .above, size: FigureSize(width: 860, height: 620))
  }

  private func rates(_ set: SpectrumStudy.SetStudy) -> Chart {
    var marks: [Mark] = []
    var start = 0.0
    for (index, result) in set.results.enumerated() {
      guard let run = result.training else { continue }
      start = max(start, run.moments.first?.loss ?? 0)
      let color = Palette.categorical(index)
      let moments = run.moments.filter { $0.step > 0 }
      let steps = moments.map { Double($0.step) }
      let name = result.setting.activation.name
      marks.append(
        .line(x: steps, y: moments.map(\.loss), style: LineStyle(color: color, width: 2.2), name: "\(name), trained"))
      marks.append(
        .line(
          x: steps, y: moments.map(\.predicted), style: LineStyle(color: color, width: 1.6, dash: .dashed),
          name: "\(name), predicted"))
    }
    return Chart(
      title: "Loss of a network of \(study.request.width ?? 0) units",
      subtitle: Self.subtitle(set, study.request.trained) + "; dashed: predicted by the kernel at the start",
      xAxis: Axis("steps of gradient descent", scaling: .logarithmic),
      yAxis: Axis("loss ½ Σ (F − y)²", scaling: .logarithmic, minimum: 1e-8 * start), marks: marks, legend: .above,
      size: FigureSize(width: 860, height: 560))
  }

  private func depths(_ set: SpectrumStudy.SetStudy) -> Chart {
    var marks: [Mark] = []
    for (index, activation) in study.request.activations.enumerated() {
      let results = set.results.filter { $0.setting.activation == activation }
      let look = Self.look(index)
      // Kernels grow with depth: what training feels is the smallest eigenvalue beside the largest.
      // Where only an upper bound is known the line has a gap.
      let y = results.map {
        $0.spectrum.smallest.isResolved ? $0.spectrum.smallest.value / $0.spectrum.largest.value : Double.nan
      }
      let x = results.map { Double($0.setting.depth) }
      marks.append(.line(x: x, y: y, style: look.line, name: activation.name))
      marks.append(.points(x: x, y: y, style: look.points, name: activation.name))
    }
    return Chart(
      title: "Depth and the smallest eigenvalue", subtitle: Self.subtitle(set, study.request.trained),
      xAxis: Axis("hidden layers", integersOnly: true), yAxis: Axis("λ min / λ max", scaling: .logarithmic),
      marks: marks,
      legend: .above, size: FigureSize(width: 860, height: 560))
  }
}
