import Activations
import Foundation
import LinearAlgebra
import Probability
import Testing

@testable import KernelSpectra

@Suite struct BoundTests {
  @Test func bracketTheSmallestEigenvalue() throws {
    for seed in 1...2 as ClosedRange<UInt64> {
      for (count, dimension) in [(12, 2), (20, 4), (40, 12)] {
        let rows = try SampleRows(
          SyntheticSet.sphere(count: count, dimension: dimension, seed: seed).matrix, normalised: true)
        let diagnosis = DataDiagnosis(rows)
        for name in ["relu", "elu", "tanh", "square"] {
          for (part, bias) in [
            (KernelSetting.TrainedPart.input, KernelSetting.Bias.none), (.output, .none), (.both, .none),
            (.input, .zero),
            (.both, .random(0.5)),
          ] {
            let setting = KernelSetting(activation: try Activation(named: name), trained: part, bias: bias)
            var gram = try GramComputation(setting).run(on: rows)
            let bounds = try EigenvalueBounds(setting, rows: rows, gram: gram, diagnosis: diagnosis)
            let smallest = try GramSpectrum(&gram).smallest
            let place: Comment = "\(name) \(part) \(bias), \(count) in \(dimension), seed \(seed)"
            #expect(bounds.lower <= smallest.upper * (1 + 1e-12), place)
            #expect(bounds.upper >= smallest.lower * (1 - 1e-12), place)
          }
        }
      }
    }
  }

  @Test func closePairs() throws {
    // ReLU, two rows δ apart: λ_min ≤ δ/(2π), and nearly so.
    let delta = 1e-4
    let rows = try SampleRows(
      Matrix([[1, 0, 0], [cos(delta), sin(delta), 0], [0, 0.6, 0.8], [0, -0.8, 0.6]]), normalised: true)
    let setting = KernelSetting(activation: try Activation(named: "relu"))
    let gram = try GramComputation(setting).run(on: rows)
    let bounds = try EigenvalueBounds(setting, rows: rows, gram: gram, diagnosis: DataDiagnosis(rows))
    let pair = try #require(bounds.bounds.first { $0.kind == .pair })
    #expect(abs(pair.value / (delta / (2 * .pi)) - 1) < 1e-3)
  }

  @Test func dimensionsOfPolynomials() {
    #expect(EigenvalueBounds.dimension(degree: 3, span: 2, parity: nil) == 7)
    #expect(EigenvalueBounds.dimension(degree: 3, span: 2, parity: 1) == 4)
    #expect(EigenvalueBounds.dimension(degree: 2, span: 5, parity: 0) == 15)
    #expect(EigenvalueBounds.dimension(degree: 2, span: 10, parity: 0) == 55)
    #expect(EigenvalueBounds.dimension(degree: 0, span: 3, parity: 1) == 0)
  }

  @Test func fitsOfDecay() throws {
    let power = try #require(DecayFit(descending: (1...40).map { 3 * pow(Double($0), -2) }, floor: 0))
    if case .power(let exponent) = power.law { #expect(abs(exponent - 2) < 1e-9) } else { Issue.record("\(power)") }
    let fast = try #require(DecayFit(descending: (1...40).map { exp(-2 * pow(Double($0), 0.6)) }, floor: 0))
    if case .stretchedExponential(let rate, let exponent) = fast.law {
      #expect(abs(rate - 2) < 1e-6 && abs(exponent - 0.6) < 1e-9)
    } else {
      Issue.record("\(fast)")
    }
    #expect(DecayFit(descending: [1, 0.5], floor: 0) == nil)
  }
}
