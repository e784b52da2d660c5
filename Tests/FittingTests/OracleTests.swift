import Certificates
import Exact
import Fitting
import Probability
import Testing

/// The fast search against Algorithm 1 of the paper, on random tiny problems full of ties.
@Suite struct OracleTests {
  private struct Case {
    var fit: GlobalFit
    var samples: ExactSamples
    var name: String
  }

  private func make(_ seed: UInt64) -> Case {
    var source = RandomSource(seed: seed)
    let losses: [Loss] = [
      .squared, .absolute, .hinge, .huber(delta: 1), .huber(delta: Rational(1, 3)), .quantile(tau: Rational(3, 10)),
    ]
    let loss = losses[Int(seed) % losses.count]
    let inputs = 1 + source.index(below: 2)
    let hidden = 1 + source.index(below: 2)
    // Two units on the plane already mean thousands of programs.
    let largest = inputs == 2 && hidden == 2 ? 4 : 7
    let count = 2 + source.index(below: largest - 1)
    var fit = GlobalFit(
      inputs, hidden, loss, outputBias: Bool.random(using: &source), skip: source.index(below: 3) == 0)
    fit.model.convex = source.index(below: 4) == 0
    fit.seed = seed
    let samples = ExactSamples.random(
      &source, count: count, inputs: inputs, isLabelled: loss.isClassification, isWeighted: source.index(below: 3) == 0)
    return Case(
      fit: fit, samples: samples, name: "seed \(seed): \(fit.model), \(loss), \(samples.inputs) \(samples.targets)")
  }

  @Test(arguments: 0..<9 as Range<UInt64>) func agreesWithAlgorithmOne(_ block: UInt64) throws {
    for seed in (8 * block)..<(8 * block + 8) {
      let instance = make(seed)
      let result = try instance.fit.run(on: instance.samples)
      var slow = instance.fit
      slow.method = .enumerate
      let reference = try slow.run(on: instance.samples)
      #expect(
        agree(result.loss, reference.loss, to: 1e-6),
        "\(instance.name): \(result.summary), enumeration \(reference.loss)")
      #expect(result.status == .optimal && result.isCertified, "\(instance.name): \(result.summary)")
      // The enumeration proves nothing, and must not say that it does.
      #expect(!reference.isCertified, "\(instance.name)")
    }
  }
}
