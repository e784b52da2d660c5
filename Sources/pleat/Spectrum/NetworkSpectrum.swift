import Foundation
import KernelSpectra
import LinearAlgebra
import Networks

/// `pleat spectrum --network`: the tangent kernel of a network that exists, at its own weights.
struct NetworkSpectrum {
  let name: String
  let rows: Matrix
  let labels: [Double]?
  let output: Int
  let spectrum: GramSpectrum
  let prediction: RatePrediction
  let goal: Double
  let budget: Double

  init(_ path: String, output: Int, inputs: Matrix, labels: [Double]?, goal: Double, budget: Double, stepSize: Double?)
    throws
  {
    let network = try Failure.asUsage { try Network.readONNX(path: path) }
    var gram = try Failure.asUsage { try NetworkTangentKernel(network, output: output).matrix(inputs) }
    spectrum = try Failure.asUsage { try GramSpectrum(&gram) }
    let residual = labels.map { labels in
      (0..<inputs.rows).map { network(Array(inputs.row($0)))[output] - labels[$0] }
    }
    prediction = RatePrediction(spectrum, residual: residual, stepSize: stepSize)
    (name, rows, self.labels, self.output) = ((path as NSString).lastPathComponent, inputs, labels, output)
    (self.goal, self.budget) = (goal, budget)
  }

  var text: String {
    let steps = SpectrumReport.steps(prediction.steps(toFraction: goal))
    var lines = [
      "\(name), output \(output), on \(rows.rows) rows: the tangent kernel at the network's weights",
      "  λ max \(SpectrumReport.short(spectrum.largest.value)), λ min \(SpectrumReport.eigenvalue(spectrum.smallest)), "
        + "effective dimension \(SpectrumReport.short(prediction.effectiveDimension))",
      "  best step \(SpectrumReport.short(prediction.bestStep)); \(steps) steps of size "
        + "\(SpectrumReport.short(prediction.stepSize)) to \(SpectrumReport.short(100 * goal)) % of the loss, while the kernel "
        + "stays what it is",
      "  \(SpectrumReport.short(100 * prediction.stuckShare(budget: budget))) % of the label energy is slower than "
        + "\(SpectrumReport.short(budget)) steps",
    ]
    if labels == nil { lines.append("  Without --target the label energy counts as spread evenly over the modes.") }
    return lines.joined(separator: "\n")
  }

  var json: JSONText {
    .object([
      ("network", .string(name)), ("output", .integer(output)), ("rows", .integer(rows.rows)),
      ("noise", .number(spectrum.noise)), ("eigenvalues", .numbers(spectrum.eigenvalues.map(\.value))),
      ("step_size", .number(prediction.stepSize)), ("best_step", .number(prediction.bestStep)),
      ("steps", .number(prediction.steps(toFraction: goal))),
      ("stuck_share", .number(prediction.stuckShare(budget: budget))),
      ("effective_dimension", .number(prediction.effectiveDimension)),
    ])
  }
}
