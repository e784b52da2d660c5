import Certificates
import Exact
import Fitting
import Probability

extension ExactSamples {
  /// Samples of integers, all weights 1 unless said otherwise.
  init(_ inputs: [[Int]], _ targets: [Int], weights: [Int]? = nil) {
    self.init(
      inputNames: (1...(inputs.first?.count ?? 1)).map { "x\($0)" }, targetName: "y",
      inputs: inputs.map { $0.map { Rational($0) } }, targets: targets.map { Rational($0) },
      weights: weights?.map { Rational($0) } ?? Array(repeating: .one, count: targets.count))
  }
}

/// Certificates to read, alter and attack: one for each kind of proof.
enum Example: String, CaseIterable, Sendable {
  case squared, absolute, logistic, twoInputs, knots, parts

  static let samples = ExactSamples([-2, -2, -1, 0, 0, 1, 3, 3].map { [$0] }, [1, 3, 0, 2, -1, -2, 4, 2])
  static let plane = ExactSamples(
    [[0, 1], [2, 3], [-2, 1], [3, -1], [-1, -3], [1, -2], [-3, 4]], [2, -1, 0, 3, -2, 1, 1],
    weights: [1, 2, 1, 1, 3, 1, 1])
  static let labels = ExactSamples((0...6).map { [$0] }, [1, -1, 1, -1, 1, -1, 1])

  private static let made: [Example: FitCertificate] = {
    var result: [Example: FitCertificate] = [:]
    for example in allCases { result[example] = try? example.make() }
    return result
  }()

  var certificate: FitCertificate? { Self.made[self] }

  private func make() throws -> FitCertificate {
    func fit(_ inputs: Int, _ hidden: Int, _ loss: Loss, skip: Bool = false, on samples: ExactSamples) throws
      -> FitCertificate
    {
      let model = HiddenLayerModel(inputs: inputs, hidden: hidden, skip: skip)
      return try GlobalFit(model: model, loss: loss, threads: 1).run(on: samples).certificate
    }
    switch self {
    case .squared: return try fit(1, 2, .squared, on: Self.samples)
    case .absolute: return try fit(1, 2, .absolute, on: Self.samples)
    case .logistic: return try fit(1, 1, .logistic, on: Self.labels)
    case .twoInputs: return try fit(2, 1, .squared, on: Self.plane)
    case .knots: return try fit(1, 1, .squared, skip: true, on: Self.samples)
    case .parts:
      var whole = try fit(1, 1, .squared, on: Self.samples)
      whole.parts = []
      whole.lowerBound = 0
      for indices in [[0, 2, 4, 6], [1, 3, 5, 7]] {
        let part = try fit(1, 1, .squared, on: Self.samples.subset(indices))
        whole.parts.append(.init(samples: indices, lowerBound: part.lowerBound, proof: part.parts[0].proof))
        whole.lowerBound += part.lowerBound
      }
      return whole
    }
  }
}

/// Why a certificate is refused; nil when it is accepted.
func refusal(_ certificate: FitCertificate) -> CertificateError? {
  do {
    _ = try CertificateChecker().check(certificate)
    return nil
  } catch {
    return error as? CertificateError ?? CertificateError(at: "test", "the checker threw \(error)")
  }
}
