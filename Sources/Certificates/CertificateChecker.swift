import Exact

/// Decides whether a ``FitCertificate`` proves its claim, in exact arithmetic and without any code of the solver.
///
/// Checked are the form of the data and its digest, that the network belongs to the model, its loss on the samples, and
/// the lower bound of every part.
public struct CertificateChecker: Sendable {
  /// What was checked, for the report.
  public struct Report: Sendable {
    public var samples: Int
    public var leaves: Int
    public var knotProofs: Int
  }

  /// The largest number of units whose 2ʷ activation masks a tree may branch on.
  public static let largestTreeWidth = 12

  public init() {}

  /// - Throws: ``CertificateError`` with the place and the reason when the certificate does not prove its claim.
  public func check(_ certificate: FitCertificate) throws -> Report {
    var report = Report(samples: certificate.samples.targets.count, leaves: 0, knotProofs: 0)
    let proved = try proved(certificate, &report)
    for (number, part) in certificate.parts.enumerated() where proved.parts[number].lowerBound < part.lowerBound {
      throw CertificateError(
        at: "part \(number)",
        "proves only \(proved.parts[number].lowerBound.doubleValue), less than the claimed \(part.lowerBound.doubleValue)"
      )
    }
    guard proved.lowerBound >= certificate.lowerBound else {
      throw CertificateError(
        at: "lower_bound",
        "the parts prove \(proved.lowerBound.doubleValue), less than the claimed \(certificate.lowerBound.doubleValue)")
    }
    return report
  }

  /// The certificate with the largest lower bounds that its proofs give, which may be more or less than it claims.
  ///
  /// - Throws: ``CertificateError`` when something else than a bound is wrong.
  public func proved(_ certificate: FitCertificate) throws -> FitCertificate {
    var report = Report(samples: 0, leaves: 0, knotProofs: 0)
    return try proved(certificate, &report)
  }

  private func proved(_ certificate: FitCertificate, _ report: inout Report) throws -> FitCertificate {
    try checkForm(certificate)
    let data = certificate.samples
    guard data.digest == certificate.digest else {
      throw CertificateError(at: "data", "the digest of the samples is \(data.digest), not \(certificate.digest)")
    }
    try checkNetwork(certificate)
    var result = certificate
    var used = Array(repeating: false, count: data.targets.count)
    var sum = Rational.zero
    for (number, part) in certificate.parts.enumerated() {
      let place = "part \(number)"
      let indices = part.samples ?? Array(data.targets.indices)
      guard !indices.isEmpty else { throw CertificateError(at: place, "a part needs at least one sample") }
      for index in indices {
        guard used.indices.contains(index), !used[index] else {
          throw CertificateError(at: place, "sample \(index) does not exist or is used twice")
        }
        used[index] = true
      }
      let bound = try bound(of: part, in: certificate, indices: indices, place: place, &report)
      // A bound as long as the data's denominators would tire every reader: a Double below it says the same.
      result.parts[number].lowerBound = Rational(exactly: max(bound, .zero).roundedDown)
      sum += result.parts[number].lowerBound
    }
    result.lowerBound = min(Rational(exactly: sum.roundedDown), certificate.claimedLoss)
    return result
  }

  /// Whether the claims of certificates over the same samples, all with one knot proof of all samples, hold; in one run
  /// of the dynamic programme for all numbers of knots.
  public func provesKnotBounds(_ certificates: [FitCertificate]) -> [Bool] {
    guard let first = certificates.first else { return [] }
    let sound = certificates.map { certificate in
      certificate.digest == first.digest && certificate.parts.count == 1 && certificate.parts[0].samples == nil
        && certificate.parts[0].proof == .knots && certificate.lowerBound <= certificate.parts[0].lowerBound
        && (try? checkForm(certificate)) != nil && (try? checkKnotModel(certificate, place: "part 0")) != nil
        && (try? checkNetwork(certificate)) != nil
    }
    guard first.samples.digest == first.digest, certificates.allSatisfy({ $0.samples == first.samples }) else {
      return sound.map { _ in false }
    }
    // A number of knots that nobody claims a bound for has the bound 0.
    var bounds = Array(repeating: Rational.zero, count: (certificates.map(\.model.hidden).max() ?? 0) + 1)
    for (certificate, isSound) in zip(certificates, sound) where isSound {
      bounds[certificate.model.hidden] = certificate.parts[0].lowerBound
    }
    let check = KnotBoundCheck(
      x: first.samples.inputs.map { $0[0] }, y: first.samples.targets, weights: first.samples.weights)
    let proved = check.proves(bounds: bounds)
    return zip(certificates, sound).map { $1 && proved[$0.model.hidden] }
  }

  private func checkKnotModel(_ certificate: FitCertificate, place: String) throws {
    let model = certificate.model
    guard model.inputs == 1, model.skip, model.outputBias, !model.convex, certificate.loss == .squared else {
      throw CertificateError(
        at: place, "the proof by knots is for one input, squared loss, skip term, output bias and free signs")
    }
  }

  private func checkForm(_ certificate: FitCertificate) throws {
    let data = certificate.samples
    let model = certificate.model
    guard model.inputs >= 1, model.hidden >= 0, data.inputNames.count == model.inputs,
      data.inputs.allSatisfy({ $0.count == model.inputs })
    else { throw CertificateError(at: "data", "every sample needs \(model.inputs) inputs") }
    guard !data.targets.isEmpty, data.targets.count == data.inputs.count, data.weights.count == data.inputs.count else {
      throw CertificateError(at: "data", "inputs, targets and weights must be equally many, at least one")
    }
    guard data.weights.allSatisfy({ $0.signum > 0 }) else {
      throw CertificateError(at: "data", "weights must be positive")
    }
    if certificate.loss.isClassification {
      guard data.targets.allSatisfy({ $0.magnitude == 1 }) else {
        throw CertificateError(at: "data", "the \(certificate.loss) loss needs targets -1 and +1")
      }
    }
  }

  private func checkNetwork(_ certificate: FitCertificate) throws {
    let network = certificate.network
    let model = certificate.model
    guard network.units.count <= model.hidden, network.skip.count == model.inputs,
      network.units.allSatisfy({ $0.weights.count == model.inputs && ($0.sign == 1 || $0.sign == -1) })
    else { throw CertificateError(at: "network", "the network does not have the shape of the model") }
    guard model.outputBias || network.outputBias.signum == 0 else {
      throw CertificateError(at: "network", "the model has no output bias, the network has one")
    }
    guard model.skip || network.skip.allSatisfy({ $0.signum == 0 }) else {
      throw CertificateError(at: "network", "the model has no skip term, the network has one")
    }
    guard !model.convex || network.units.allSatisfy({ $0.sign == 1 }) else {
      throw CertificateError(at: "network", "the model is convex, the network has a unit of sign -1")
    }
    let value = Self.totalLoss(of: network, on: certificate.samples, loss: certificate.loss).upper
    let claimed = certificate.claimedLoss
    // The logistic loss is irrational: its claim is an upper bound. All others are equalities.
    guard certificate.loss == .logistic ? value <= claimed : value == claimed else {
      throw CertificateError(
        at: "loss",
        "the network's loss is \(value.doubleValue) (exactly computed), not the claimed \(claimed.doubleValue)")
    }
  }

  /// The weighted sum of losses, enclosed; exact but for the logistic loss.
  public static func totalLoss(
    of network: ExactNetwork, on data: ExactSamples, loss: Loss
  ) -> (lower: Rational, upper: Rational) {
    var lower = Rational.zero
    var upper = Rational.zero
    for index in data.targets.indices {
      let value = loss.value(prediction: network(data.inputs[index]), target: data.targets[index])
      lower += value.lower * data.weights[index]
      upper += value.upper * data.weights[index]
    }
    return (lower, upper)
  }

  /// What the proof of a part proves.
  private func bound(
    of part: FitCertificate.Part, in certificate: FitCertificate, indices: [Int], place: String, _ report: inout Report
  ) throws -> Rational {
    let data = certificate.samples
    let model = certificate.model
    switch part.proof {
    case .nonNegative:
      return .zero
    case .trees(let trees):
      guard model.hidden <= Self.largestTreeWidth else {
        throw CertificateError(at: place, "trees are read for at most \(Self.largestTreeWidth) hidden units")
      }
      let samples = ScaledSamples(
        inputs: indices.map { data.inputs[$0] }, targets: indices.map { data.targets[$0] },
        weights: indices.map { data.weights[$0] })
      var least: Rational?
      for positive in model.convex ? model.hidden...model.hidden : 0...model.hidden {
        guard let tree = trees.first(where: { $0.positive == positive }) else {
          throw CertificateError(at: place, "the tree for \(positive) positive units is missing")
        }
        let checker = TreeChecker(model: model, loss: certificate.loss, samples: samples, positive: positive)
        let outcome = try checker.check(tree.text, place: "\(place), tree for \(positive) positive units")
        report.leaves += outcome.leaves
        least = least.map { min($0, outcome.lowerBound) } ?? outcome.lowerBound
      }
      return least ?? .zero
    case .knots:
      try checkKnotModel(certificate, place: place)
      let check = KnotBoundCheck(
        x: indices.map { data.inputs[$0][0] }, y: indices.map { data.targets[$0] },
        weights: indices.map { data.weights[$0] })
      guard check.proves(knots: min(model.hidden, indices.count), lossAtLeast: part.lowerBound) else {
        throw CertificateError(
          at: place, "the dynamic programme over knots does not prove the bound \(part.lowerBound.doubleValue)")
      }
      report.knotProofs += 1
      return part.lowerBound
    }
  }
}
