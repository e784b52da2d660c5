import Foundation
import Networks
import Queries

/// The slacks of a case's requirements at the points of a batch, their least, and its derivatives.
///
/// Slacks are compared in units of how much each varies over the box, so that requirements on inputs and on outputs,
/// and outputs of different sizes, count alike.
struct SlackBatch {
  let requirements: [Requirement]
  /// Of each requirement: the unit of its slack.
  private(set) var scales: [Double]
  /// [requirement × lane], in those units.
  private(set) var slacks: [Double]
  /// Of each lane.
  private(set) var least: [Double]
  private let lanes: Int

  init(_ requirements: [Requirement], lanes: Int) {
    self.requirements = requirements
    self.lanes = lanes
    scales = Array(repeating: 1, count: requirements.count)
    slacks = Array(repeating: 0, count: requirements.count * lanes)
    least = Array(repeating: 0, count: lanes)
  }

  /// Takes the mean deviation of the slacks at the pass's points as their units.
  mutating func calibrate(_ pass: BatchPass) {
    scales = Array(repeating: 1, count: requirements.count)
    measure(pass)
    for r in requirements.indices {
      let row = slacks[r * lanes..<(r + 1) * lanes]
      let mean = row.reduce(0, +) / Double(lanes)
      let deviation = row.reduce(0) { $0 + abs($1 - mean) } / Double(lanes)
      scales[r] = deviation > 1e-12 * abs(mean) && deviation.isFinite ? deviation : max(abs(mean), 1e-12)
      if !scales[r].isFinite { scales[r] = 1 }
    }
    measure(pass)
  }

  /// The slacks at the points of the last forward pass; a lane without requirements has slack 1. O(terms · lanes).
  mutating func measure(_ pass: BatchPass) {
    for lane in 0..<lanes { least[lane] = requirements.isEmpty ? 1 : .infinity }
    var row = Array(repeating: 0.0, count: lanes)
    for (r, requirement) in requirements.enumerated() {
      evaluate(requirement.form, pass, &row)
      for product in requirement.products {
        for lane in 0..<lanes {
          row[lane] += product.factors.reduce(product.weight.midpoint) { $0 * value(of: $1, pass, lane: lane) }
        }
      }
      for lane in 0..<lanes {
        let slack = row[lane] / scales[r]
        slacks[r * lanes + lane] = slack
        // A value that is no number must not look like a good one.
        least[lane] = slack < least[lane] || slack.isNaN ? (slack.isNaN ? -.infinity : slack) : least[lane]
      }
    }
  }

  /// The slack of a requirement in a lane, in the requirement's own unit.
  func slack(_ requirement: Int, lane: Int) -> Double { slacks[requirement * lanes + lane] * scales[requirement] }

  /// The requirements by increasing slack in a lane, at most `limit`.
  func tightest(_ limit: Int, lane: Int) -> [Int] {
    Array(requirements.indices.sorted { slacks[$0 * lanes + lane] < slacks[$1 * lanes + lane] }.prefix(limit))
  }

  /// Puts into the pass, lane by lane, the derivatives of a smooth stand-in for the least slack: the slacks weighed by
  /// exp(−slack / temperature), the temperature in proportion to the least.
  func seedGradients(_ pass: BatchPass) {
    pass.clearGradients()
    for lane in 0..<lanes {
      let temperature = 0.25 * abs(least[lane]) + 1e-3
      for r in requirements.indices {
        let weight = exp((least[lane] - slacks[r * lanes + lane]) / temperature)
        if weight > 1e-3 { seed(r, weight / scales[r], pass, lane: lane) }
      }
    }
  }

  /// Adds to a lane's derivatives those of factor · slack of a requirement, in its own unit.
  func seed(_ requirement: Int, _ factor: Double, _ pass: BatchPass, lane: Int) {
    let requirement = requirements[requirement]
    add(requirement.form, factor, pass, lane: lane)
    for product in requirement.products {
      let values = product.factors.map { value(of: $0, pass, lane: lane) }
      for (index, form) in product.factors.enumerated() {
        var others = factor * product.weight.midpoint
        for other in values.indices where other != index { others *= values[other] }
        add(form, others, pass, lane: lane)
      }
    }
  }

  private func add(_ form: AffineForm, _ factor: Double, _ pass: BatchPass, lane: Int) {
    for term in form.terms { pass.gradients[term.value * lanes + lane] += factor * term.weight }
  }

  private func evaluate(_ form: AffineForm, _ pass: BatchPass, _ row: inout [Double]) {
    for lane in 0..<lanes { row[lane] = form.constant }
    for term in form.terms {
      let source = pass.values + term.value * lanes
      for lane in 0..<lanes { row[lane] += term.weight * source[lane] }
    }
  }

  private func value(of form: AffineForm, _ pass: BatchPass, lane: Int) -> Double {
    form.terms.reduce(form.constant) { $0 + $1.weight * pass.values[$1.value * lanes + lane] }
  }
}
