import Certificates
import Exact
import Execution
import Fitting
import Probability
import Testing

/// Data that are legal but odd, and input that is refused.
@Suite struct OddDataTests {
  private static let regression: [Loss] = [.squared, .absolute, .huber(delta: 1), .quantile(tau: Rational(1, 10))]
  private static let classification: [Loss] = [.hinge, .logistic]

  private func expectSolved(_ result: FitResult, _ name: String) {
    #expect(result.status == .optimal && result.isCertified, "\(name): \(result.summary)")
    #expect(throws: Never.self, "\(name)") { try CertificateChecker().check(result.certificate) }
  }

  @Test(arguments: regression) func aConstantTarget(_ loss: Loss) throws {
    let samples = ExactSamples([[1, 2], [3, 4], [0, 1], [2, 2], [-1, 5]], [7, 7, 7, 7, 7])
    for hidden in 0...2 {
      let result = try GlobalFit(2, hidden, loss).run(on: samples)
      expectSolved(result, "\(loss), width \(hidden)")
      #expect(result.exactLoss == 0, "\(loss), width \(hidden)")
    }
    // Without a bias one unit gives a constant as well.
    let result = try GlobalFit(2, 1, loss, outputBias: false).run(on: samples)
    #expect(result.exactLoss == 0, "\(loss): \(result.summary)")
  }

  @Test func aConstantTargetOfZero() throws {
    for bias in [false, true] {
      let result = try GlobalFit(1, 2, outputBias: bias).run(on: ExactSamples([[1], [2], [3]], [0, 0, 0]))
      expectSolved(result, "bias \(bias)")
      #expect(result.exactLoss == 0)
    }
  }

  @Test(arguments: regression) func duplicatesWithDifferentTargets(_ loss: Loss) throws {
    let samples = ExactSamples([[1], [1], [1], [2], [2]], [0, 3, 9, -1, 1])
    let result = try GlobalFit(1, 2, loss).run(on: samples)
    expectSolved(result, "\(loss)")
    // Two points, so the loss is what the best value at each of them leaves.
    let expected: Rational
    switch loss {
    case .squared: expected = 16 + 1 + 25 + 2
    case .absolute: expected = 9 + 2
    // At 3 the slopes to both sides cancel: 5/2 + 0 + 11/2; at the other point 1/2 + 1/2.
    case .huber: expected = 9
    default: expected = Rational(1, 10) * (3 + 9) + Rational(1, 10) * 2
    }
    #expect(result.exactLoss == expected, "\(loss): \(result.summary)")
  }

  @Test(arguments: regression + classification) func allSamplesAtOnePoint(_ loss: Loss) throws {
    let targets = loss.isClassification ? [1, -1, 1] : [1, 4, 4]
    for hidden in 0...2 {
      expectSolved(
        try GlobalFit(2, hidden, loss).run(on: ExactSamples([[3, 3], [3, 3], [3, 3]], targets)),
        "\(loss), width \(hidden)")
    }
  }

  @Test(arguments: regression + classification) func oneSample(_ loss: Loss) throws {
    for bias in [false, true] {
      for skip in [false, true] {
        let fit = GlobalFit(2, 2, loss, outputBias: bias, skip: skip)
        let result = try fit.run(on: ExactSamples([[5, -2]], [1]))
        expectSolved(result, "\(loss), bias \(bias), skip \(skip)")
        if loss != .logistic { #expect(result.exactLoss == 0, "\(loss), bias \(bias), skip \(skip)") }
      }
    }
  }

  @Test func oneSampleOfOneInputByKnots() throws {
    let result = try GlobalFit(1, 3, skip: true).run(on: ExactSamples([[5]], [2]))
    expectSolved(result, "knots")
    #expect(result.exactLoss == 0)
  }

  @Test func collinearInputs() throws {
    let x = [-3, -2, 0, 1, 2, 4]
    let y = [1, -2, 3, 0, 2, -1]
    // The second and third input repeat and mix the first: the optimum is that of one input.
    let samples = ExactSamples(x.map { [$0, 2 * $0 + 1, -$0] }, y)
    for (bias, expected) in [(false, Rational(47, 5)), (true, Rational(89, 10))] {
      let result = try GlobalFit(3, 2, outputBias: bias).run(on: samples)
      expectSolved(result, "bias \(bias)")
      #expect(result.exactLoss == expected, "\(result.summary)")
    }
  }

  @Test func aConstantInput() throws {
    let x = [-3, -2, 0, 1, 2, 4]
    let y = [1, -2, 3, 0, 2, -1]
    let result = try GlobalFit(2, 1).run(on: ExactSamples(x.map { [8, $0] }, y))
    expectSolved(result, "constant input")
    #expect(result.exactLoss == Rational(74, 5), "\(result.summary)")
  }

  @Test(arguments: regression) func moreParametersThanSamples(_ loss: Loss) throws {
    let result = try GlobalFit(3, 3, loss).run(on: ExactSamples([[1, 0, 2], [0, 4, 1], [2, 2, -5]], [3, -1, 8]))
    expectSolved(result, "\(loss)")
    #expect(result.exactLoss == 0, "\(loss): \(result.summary)")
  }

  @Test func numbersOfVeryDifferentSize() throws {
    let x = [-3, -2, 0, 1, 2, 4]
    let y = [1, -2, 3, 0, 2, -1]
    var samples = ExactSamples(x.map { [$0] }, y)
    samples.inputs = samples.inputs.map { [$0[0] * Rational("1e-9")! + Rational("1e6")!] }
    samples.targets = samples.targets.map { $0 * Rational("1e12")! }
    let result = try GlobalFit(1, 1).run(on: samples)
    expectSolved(result, "sizes")
    #expect(result.exactLoss == Rational(74, 5) * Rational("1e24")!, "\(result.summary)")
  }

  @Test(arguments: 0..<6 as Range<UInt64>) func logisticAndHuberAreCertified(_ seed: UInt64) throws {
    var source = RandomSource(seed: 1100 + seed)
    let loss: Loss = seed % 2 == 0 ? .logistic : .huber(delta: Rational(1, 2))
    let inputs = 1 + Int(seed / 2) % 2
    var samples = ExactSamples.random(
      &source, count: 8, inputs: inputs, isLabelled: loss.isClassification, isWeighted: true)
    // Both labels at every point: separable labels have an infimum that nothing attains.
    samples.inputs += samples.inputs
    samples.targets += samples.targets.map { -$0 }
    samples.weights += samples.weights.map { _ in 1 }
    let result = try GlobalFit(inputs, 1, loss).run(on: samples)
    expectSolved(result, "seed \(seed), \(loss)")
    #expect(result.gap <= 1e-9, "seed \(seed), \(loss): \(result.summary)")
  }

  @Test func separableLabelsHaveAnInfimum() throws {
    let result = try GlobalFit(1, 1, .logistic).run(on: ExactSamples([[0], [1], [2], [3]], [-1, -1, 1, 1]))
    #expect(result.isCertified && result.lowerBound >= 0 && result.loss < 1e-3, "\(result.summary)")
  }

  @Test func refusals() {
    let samples = ExactSamples([[1], [2]], [1, 2])
    func expectRefusal(_ fit: GlobalFit, _ samples: ExactSamples, _ words: String) {
      let error = #expect(throws: FitError.self) { try fit.run(on: samples) }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "no error"): \(words)")
    }
    expectRefusal(GlobalFit(1, 1), ExactSamples([], []), "no samples")
    expectRefusal(GlobalFit(2, 1), samples, "2 inputs")
    expectRefusal(GlobalFit(1, 1), ExactSamples([[1], [2]], [1, 2], weights: [1, 0]), "positive")
    expectRefusal(GlobalFit(1, 1), ExactSamples([[1], [2]], [1, 2], weights: [-1, 1]), "sample 1 is -1")
    expectRefusal(GlobalFit(1, 1, .hinge), ExactSamples([[1], [2]], [1, 0]), "sample 2 has 0")
    expectRefusal(GlobalFit(1, 13), samples, "at most 12")
  }

  @Test func aLimitLeavesAValidResult() throws {
    var source = RandomSource(seed: 1200)
    let samples = ExactSamples.noisy(&source, count: 150, inputs: 3)
    let start = Cancellation.now
    let result = try GlobalFit(3, 3).run(on: samples, cancellation: Cancellation(timeLimit: 0.5))
    #expect(Cancellation.now - start < 20)
    #expect(
      result.status == .feasible && result.lowerBound >= 0 && result.lowerBound <= result.loss, "\(result.summary)")
    #expect(throws: Never.self) { try CertificateChecker().check(result.certificate) }
    let cancelled = Cancellation()
    cancelled.cancel()
    let stopped = try GlobalFit(3, 3).run(on: samples, cancellation: cancelled)
    #expect(stopped.status == .interrupted && stopped.lowerBound <= stopped.loss, "\(stopped.summary)")
  }

  @Test func manySamplesGiveABoundFromParts() throws {
    var source = RandomSource(seed: 1300)
    let samples = ExactSamples.noisy(&source, count: 4200, inputs: 2)
    let fit = GlobalFit(2, 1)
    #expect(fit.isTooLarge(samples))
    let result = try fit.run(on: samples, cancellation: Cancellation(timeLimit: 2))
    #expect(result.status == .feasible && result.isCertified, "\(result.summary)")
    #expect(result.lowerBound > 0.2 * result.loss && result.lowerBound <= result.loss, "\(result.summary)")
    #expect(result.certificate.parts.count > 1)
  }
}
