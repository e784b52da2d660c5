import Certificates
import Exact
import Fitting
import LinearAlgebra
import Probability
import Testing

/// A global optimum is never above what a local search finds: alternating least squares from random patterns.
@Suite struct LocalSearchTests {
  private struct Descent {
    var x: [[Double]]
    var y: [Double]
    var hidden: Int

    /// The least-squares weights for the current patterns, then the patterns of those weights, until nothing changes.
    func run(_ source: inout RandomSource) throws -> Double {
      let signs = (0..<hidden).map { _ in Bool.random(using: &source) ? 1.0 : -1.0 }
      var units = (0..<hidden).map { _ in (0...x[0].count).map { _ in source.normal() } }
      var best = Double.infinity
      for _ in 0..<30 {
        let active = x.map { point in units.map { input($0, point) > 0 } }
        let rows = x.indices.map { row in
          (0..<hidden).flatMap { unit in (x[row] + [1]).map { active[row][unit] ? signs[unit] * $0 : 0 } } + [1.0]
        }
        let weights = try leastSquares(Matrix(rows), y)
        units = (0..<hidden).map { Array(weights[$0 * (x[0].count + 1)..<($0 + 1) * (x[0].count + 1)]) }
        let loss = x.indices.reduce(0.0) { sum, row in
          let value = (0..<hidden).reduce(weights[weights.count - 1]) {
            $0 + signs[$1] * max(0, input(units[$1], x[row]))
          }
          return sum + (value - y[row]) * (value - y[row])
        }
        if loss >= best { break }
        best = loss
      }
      return best
    }

    private func input(_ unit: [Double], _ point: [Double]) -> Double {
      zip(unit, point).reduce(unit[unit.count - 1]) { $0 + $1.0 * $1.1 }
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func neverAboveALocalSearch(_ seed: UInt64) throws {
    var source = RandomSource(seed: 900 + seed)
    let inputs = 1 + Int(seed % 3)
    let hidden = inputs == 3 ? 1 : 2
    let samples = ExactSamples.noisy(&source, count: 16, inputs: inputs)
    let result = try GlobalFit(inputs, hidden).run(on: samples)
    let descent = Descent(
      x: samples.inputs.map { $0.map(\.doubleValue) }, y: samples.targets.map(\.doubleValue), hidden: hidden)
    var best = Double.infinity
    for _ in 0..<200 { best = min(best, try descent.run(&source)) }
    #expect(result.loss <= best * (1 + 1e-9), "seed \(seed): \(result.summary), local search \(best)")
    #expect(result.lowerBound <= best && result.isCertified, "seed \(seed): \(result.summary)")
  }

  /// Random networks with rational weights: the certified bound is below every one of them, for every loss.
  @Test(arguments: 0..<7 as Range<UInt64>) func noNetworkIsBelowTheBound(_ seed: UInt64) throws {
    var source = RandomSource(seed: 1000 + seed)
    let losses: [Loss] = [
      .squared, .absolute, .hinge, .logistic, .huber(delta: Rational(1, 2)), .quantile(tau: Rational(4, 5)), .squared,
    ]
    let loss = losses[Int(seed)]
    let samples = ExactSamples.random(&source, count: 8, inputs: 2, isLabelled: loss.isClassification)
    let result = try GlobalFit(2, 2, loss).run(on: samples)
    #expect(result.isCertified, "seed \(seed), \(loss): \(result.summary)")
    for trial in 0..<120 {
      func number() -> Rational { Rational(Int.random(in: -20...20, using: &source), 8) }
      // Around the optimum, and anywhere.
      var network = result.network
      if trial % 2 == 0 || network.units.isEmpty {
        network.units = (0..<2).map { _ in
          .init(sign: Bool.random(using: &source) ? 1 : -1, weights: [number(), number()], bias: number())
        }
        network.outputBias = number()
      } else {
        let unit = source.index(below: network.units.count)
        network.units[unit].bias += number() / 1000
        network.units[unit].weights[0] += number() / 1000
      }
      let total = CertificateChecker.totalLoss(of: network, on: samples, loss: loss)
      #expect(Rational(exactly: result.lowerBound) <= total.upper, "seed \(seed), \(loss), trial \(trial)")
    }
  }
}
