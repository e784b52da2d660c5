import Certificates
import Exact
import Fitting
import Probability

extension ExactSamples {
  /// Samples of integers, all weights 1 unless said otherwise.
  init(_ inputs: [[Int]], _ targets: [Int], weights: [Int]? = nil) {
    self.init(
      inputNames: (1...max(inputs.first?.count ?? 1, 1)).map { "x\($0)" }, targetName: "y",
      inputs: inputs.map { $0.map { Rational($0) } }, targets: targets.map { Rational($0) },
      weights: weights?.map { Rational($0) } ?? Array(repeating: .one, count: targets.count))
  }

  /// Small integers, so that points, targets and hyperplanes coincide often.
  static func random(
    _ source: inout RandomSource, count: Int, inputs: Int, range: Int = 3, isLabelled: Bool = false,
    isWeighted: Bool = false
  ) -> ExactSamples {
    ExactSamples(
      (0..<count).map { _ in (0..<inputs).map { _ in Int.random(in: -range...range, using: &source) } },
      (0..<count).map { _ in
        isLabelled ? (Bool.random(using: &source) ? 1 : -1) : Int.random(in: -range...range, using: &source)
      },
      weights: isWeighted ? (0..<count).map { _ in Int.random(in: 1...3, using: &source) } : nil)
  }

  /// Normal noise around a function with kinks, to three decimals: no ties.
  static func noisy(_ source: inout RandomSource, count: Int, inputs: Int) -> ExactSamples {
    func decimal(_ value: Double) -> Rational { Rational(Int((value * 1000).rounded()), 1000) }
    var rows: [[Rational]] = []
    var targets: [Rational] = []
    for _ in 0..<count {
      let x = (0..<inputs).map { _ in source.normal() }
      rows.append(x.map(decimal))
      targets.append(decimal(abs(x[0]) - 0.5 * (x.last ?? 0) + 0.3 * source.normal()))
    }
    return ExactSamples(
      inputNames: (1...inputs).map { "x\($0)" }, targetName: "y", inputs: rows, targets: targets,
      weights: Array(repeating: .one, count: count))
  }
}

extension GlobalFit {
  /// A fit on one thread, as tests run side by side already.
  init(_ inputs: Int, _ hidden: Int, _ loss: Loss = .squared, outputBias: Bool = true, skip: Bool = false) {
    self.init(
      model: HiddenLayerModel(inputs: inputs, hidden: hidden, outputBias: outputBias, skip: skip), loss: loss,
      threads: 1)
  }
}

extension FitResult {
  var summary: String { "\(status) \(isCertified ? "certified" : "not certified") \(exactLoss) >= \(lowerBound)" }
}

func agree(_ first: Double, _ second: Double, to tolerance: Double = 1e-9, size: Double = 1) -> Bool {
  abs(first - second) <= tolerance * max(abs(first), abs(second), 1e-3 * size)
}
