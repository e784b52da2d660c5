import Certificates
import Exact
import Fitting
import Probability
import Testing

/// What must hold for every data set, on random ones.
@Suite struct PropertyTests {
  @Test(arguments: 0..<10 as Range<UInt64>) func theOptimumFallsWithWidthAndBias(_ seed: UInt64) throws {
    var source = RandomSource(seed: seed)
    let inputs = 1 + Int(seed % 2)
    let samples = ExactSamples.random(&source, count: inputs == 1 ? 9 : 7, inputs: inputs)
    let loss: Loss = seed % 4 < 2 ? .squared : .absolute
    var last: [Rational?] = [nil, nil]
    for hidden in 0...(inputs == 1 ? 3 : 2) {
      let results = try [false, true].map { try GlobalFit(inputs, hidden, loss, outputBias: $0).run(on: samples) }
      #expect(results[1].exactLoss <= results[0].exactLoss, "seed \(seed), width \(hidden)")
      for (column, result) in results.enumerated() {
        #expect(result.status == .optimal && result.isCertified, "seed \(seed), width \(hidden): \(result.summary)")
        if let before = last[column] { #expect(result.exactLoss <= before, "seed \(seed), width \(hidden)") }
        last[column] = result.exactLoss
      }
      // A linear term adds to the model, convexity takes away from it.
      var fit = GlobalFit(inputs, hidden, loss)
      fit.model.skip = true
      #expect(try fit.run(on: samples).exactLoss <= results[1].exactLoss, "seed \(seed), width \(hidden)")
      fit.model.skip = false
      fit.model.convex = true
      #expect(try fit.run(on: samples).exactLoss >= results[1].exactLoss, "seed \(seed), width \(hidden)")
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>) func affineMapsOfTheInputsChangeNothing(_ seed: UInt64) throws {
    var source = RandomSource(seed: 100 + seed)
    let inputs = 1 + Int(seed % 2)
    let samples = ExactSamples.random(&source, count: 7, inputs: inputs)
    let fit = GlobalFit(
      inputs, 1 + source.index(below: 2), seed % 3 == 0 ? .absolute : .squared, outputBias: seed % 4 < 2)
    let expected = try fit.run(on: samples)
    // Invertible by construction: a triangular matrix with a diagonal without zeros, of very different scales.
    let scale = Rational([1, -3, 1000][source.index(below: 3)], 7)
    let shear = Rational(Int.random(in: -4...4, using: &source), 3)
    let shift = Rational(Int.random(in: -1000...1000, using: &source), 11)
    var mapped = samples
    mapped.inputs = samples.inputs.map { x in
      inputs == 1 ? [scale * x[0] + shift] : [scale * x[0] + shear * x[1] + shift, Rational(5) * x[1] - shift]
    }
    let result = try fit.run(on: mapped)
    #expect(result.exactLoss == expected.exactLoss, "seed \(seed): \(expected.summary), mapped \(result.summary)")
    #expect(result.isCertified && expected.isCertified, "seed \(seed): \(expected.summary), mapped \(result.summary)")
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func theLossScalesWithTheTarget(_ seed: UInt64) throws {
    var source = RandomSource(seed: 200 + seed)
    let inputs = 1 + Int(seed % 2)
    let samples = ExactSamples.random(&source, count: 7, inputs: inputs)
    let factor = Rational([1000, -2, -1, 3][Int(seed) % 4], [1, 7, 1, 100_000][Int(seed / 2) % 4])
    var scaled = samples
    scaled.targets = samples.targets.map { factor * $0 }
    for (loss, power) in [(Loss.squared, factor * factor), (.absolute, factor.magnitude)] {
      let fit = GlobalFit(inputs, 2, loss, outputBias: seed % 2 == 0)
      let first = try fit.run(on: samples)
      let second = try fit.run(on: scaled)
      #expect(
        second.exactLoss == power * first.exactLoss, "seed \(seed), \(loss): \(first.summary), scaled \(second.summary)"
      )
      #expect(first.isCertified && second.isCertified, "seed \(seed), \(loss): \(first.summary), \(second.summary)")
    }
  }

  /// A weight of k is k copies; equal weights scale the loss.
  @Test(arguments: 0..<6 as Range<UInt64>) func weightsAreCopies(_ seed: UInt64) throws {
    var source = RandomSource(seed: 300 + seed)
    let samples = ExactSamples.random(&source, count: 6, inputs: 1 + Int(seed % 2), isWeighted: true)
    let copies = samples.weights.indices.flatMap { index in
      Array(repeating: index, count: Int(samples.weights[index].doubleValue))
    }
    var repeated = samples.subset(copies)
    repeated.weights = copies.map { _ in .one }
    for loss in [Loss.squared, .absolute] {
      let fit = GlobalFit(samples.inputNames.count, 2, loss)
      let first = try fit.run(on: samples)
      let second = try fit.run(on: repeated)
      #expect(first.exactLoss == second.exactLoss, "seed \(seed), \(loss): \(first.summary), \(second.summary)")
      #expect(first.isCertified && second.isCertified, "seed \(seed), \(loss)")
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func aUnitForEveryPointFitsExactly(_ seed: UInt64) throws {
    var source = RandomSource(seed: 400 + seed)
    let samples = ExactSamples.random(&source, count: 3, inputs: 1 + Int(seed % 2))
    // Repeated points with one target, so that an exact fit exists.
    var targets: [[Rational]: Rational] = [:]
    var consistent = samples
    for index in samples.targets.indices {
      targets[samples.inputs[index]] = targets[samples.inputs[index]] ?? samples.targets[index]
      consistent.targets[index] = targets[samples.inputs[index]] ?? 0
    }
    for loss in [Loss.squared, .absolute, .quantile(tau: Rational(1, 4)), .huber(delta: 1)] {
      let result = try GlobalFit(samples.inputNames.count, targets.count, loss, outputBias: false).run(on: consistent)
      #expect(
        result.exactLoss == 0 && result.status == .optimal && result.isCertified,
        "seed \(seed), \(loss): \(result.summary)")
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func threadsDoNotMatter(_ seed: UInt64) throws {
    var source = RandomSource(seed: 500 + seed)
    let samples = ExactSamples.noisy(&source, count: seed < 2 ? 26 : 12, inputs: 2)
    var fit = GlobalFit(2, 2, seed % 2 == 0 ? .squared : .absolute)
    fit.seed = seed
    let one = try fit.run(on: samples)
    let again = try fit.run(on: samples)
    fit.threads = 2
    let two = try fit.run(on: samples)
    #expect(one.certificate == again.certificate, "seed \(seed): \(one.summary), again \(again.summary)")
    #expect(one.certificate == two.certificate, "seed \(seed): \(one.summary), two threads \(two.summary)")
    #expect(one.nodes == two.nodes && one.isCertified, "seed \(seed): \(one.nodes) and \(two.nodes) nodes")
  }

  @Test(arguments: 0..<6 as Range<UInt64>) func seedsDoNotChangeTheOptimum(_ seed: UInt64) throws {
    var source = RandomSource(seed: 600 + seed)
    let samples = ExactSamples.noisy(&source, count: seed < 4 ? 15 : 8, inputs: 1 + Int(seed % 2))
    var fit = GlobalFit(
      samples.inputNames.count, 2, [.squared, .absolute, .huber(delta: Rational(1, 5))][Int(seed / 2)])
    let first = try fit.run(on: samples)
    fit.seed = 12345
    let second = try fit.run(on: samples)
    #expect(agree(first.loss, second.loss), "seed \(seed): \(first.summary), \(second.summary)")
    #expect(first.isCertified && second.isCertified, "seed \(seed): \(first.summary), \(second.summary)")
  }

  /// The two methods for one input: the dynamic programme over knots, and the search over patterns through a model that
  /// the programme does not take.
  @Test(arguments: 0..<6 as Range<UInt64>) func knotsAgreeWithEnumeration(_ seed: UInt64) throws {
    var source = RandomSource(seed: 700 + seed)
    let samples = ExactSamples.random(&source, count: 7, inputs: 1, range: 4, isWeighted: seed % 2 == 0)
    var fit = GlobalFit(1, 1 + Int(seed % 2), skip: true)
    #expect(fit.isKnotProblem)
    let result = try fit.run(on: samples)
    fit.method = .enumerate
    let reference = try fit.run(on: samples)
    #expect(
      agree(result.loss, reference.loss, to: 1e-6), "seed \(seed): \(result.summary), enumerated \(reference.loss)")
    #expect(result.status == .optimal && result.isCertified, "seed \(seed): \(result.summary)")
  }

  @Test func aPathIsTheSameAsItsWidths() throws {
    var source = RandomSource(seed: 800)
    let samples = ExactSamples.noisy(&source, count: 20, inputs: 1)
    for skip in [true, false] {
      let fit = GlobalFit(1, 1, skip: skip)
      let path = try fit.runPath(0...3, on: samples)
      #expect(path.count == 4)
      for (hidden, result) in path.enumerated() {
        var single = fit
        single.model.hidden = hidden
        let expected = try single.run(on: samples)
        #expect(agree(result.loss, expected.loss), "\(hidden): \(result.summary), alone \(expected.summary)")
        #expect(result.isCertified && result.certificate.model.hidden == hidden, "\(hidden): \(result.summary)")
        #expect(throws: Never.self) { try CertificateChecker().check(result.certificate) }
      }
    }
  }
}
