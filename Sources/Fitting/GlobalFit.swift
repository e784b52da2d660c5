import Certificates
import Exact
import Execution

/// Trains a one-hidden-layer ReLU network to global optimality, with a proof.
///
/// ```swift
/// let fit = GlobalFit(model: HiddenLayerModel(inputs: 1, hidden: 2), loss: .squared)
/// let result = try fit.run(on: samples)
/// print(result.loss, result.isCertified)
/// ```
///
/// The problem is the empirical risk minimisation of Arora et al. (ICLR 2018), section 4: minimise Σ wₛ ℓ(f(xₛ), yₛ) over
/// all f of a ``Certificates/HiddenLayerModel``. It is NP-hard when the width or the number of inputs grow; for few of both
/// the search here is exact. Methods:
///
/// - one input, squared loss, free affine part: the dynamic programme over knots (``KnotPath``);
/// - everything else: branch and bound over activation patterns (``PatternSearch``);
/// - ``Method/enumerate``: Algorithm 1 of the paper, the slow reference.
public struct GlobalFit: Sendable {
  public enum Method: String, Sendable, CaseIterable {
    /// The fastest exact method for the problem.
    case automatic
    /// Algorithm 1 of Arora et al.: one convex program for every choice of signs and dichotomies. Not certified.
    case enumerate
  }

  public var model: HiddenLayerModel
  public var loss: Loss
  public var method: Method
  public var seed: UInt64
  public var threads: Int
  /// The optimum counts as reached when (loss − bound) / loss is at most this.
  public var relativeGap: Double
  /// Seconds for a problem too large to be solved exactly, when no time limit is given.
  static let patience = 60.0

  public init(
    model: HiddenLayerModel, loss: Loss = .squared, method: Method = .automatic, seed: UInt64 = 0,
    threads: Int = defaultThreadCount, relativeGap: Double = 1e-9
  ) {
    self.model = model
    self.loss = loss
    self.method = method
    self.seed = seed
    self.threads = threads
    self.relativeGap = relativeGap
  }

  /// Fits the model.
  ///
  /// - Throws: ``FitError`` when the samples cannot be fitted with this model and loss.
  public func run(
    on samples: ExactSamples, progress: any ProgressReporter = SilentProgress(),
    cancellation: Cancellation = Cancellation()
  ) throws -> FitResult {
    try validate(samples)
    let start = Cancellation.now
    let search: FitSearch
    if method == .enumerate {
      search = try enumerate(samples, progress, cancellation)
    } else if isKnotProblem {
      search = fitKnots(samples, progress, cancellation)
    } else if isTooLarge(samples) {
      search = fitInParts(samples, progress, cancellation)
    } else {
      search = fitTree(samples, progress, cancellation)
    }
    return conclude(search, samples, seconds: Cancellation.now - start, cancellation)
  }

  /// What a method hands over to be certified.
  struct FitSearch {
    var network: ExactNetwork
    var loss: Rational
    /// The bound that the search believes in, in the user's units.
    var lowerBound: Double
    /// Nil for a method that leaves no proof.
    var parts: [FitCertificate.Part]?
    var nodes: Int
    var programs: Int
    /// Whether the search ended by itself.
    var isComplete: Bool
  }

  /// Whether the model is the continuous piecewise-linear functions with squared loss.
  public var isKnotProblem: Bool {
    model.inputs == 1 && model.skip && model.outputBias && !model.convex && loss == .squared && model.hidden > 0
  }

  func validate(_ samples: ExactSamples) throws {
    guard !samples.targets.isEmpty else { throw FitError.noSamples }
    guard samples.inputs.allSatisfy({ $0.count == model.inputs }) else { throw FitError.wrongInputs(model.inputs) }
    guard model.hidden <= CertificateChecker.largestTreeWidth || isKnotProblem else {
      throw FitError.tooWide(model.hidden, CertificateChecker.largestTreeWidth)
    }
    if let index = samples.weights.firstIndex(where: { $0.signum <= 0 }) {
      throw FitError.weight(index, samples.weights[index])
    }
    if loss.isClassification, let index = samples.targets.firstIndex(where: { $0.magnitude != 1 }) {
      throw FitError.label(index, samples.targets[index], loss)
    }
  }

  // MARK: Branch and bound

  private func fitTree(
    _ samples: ExactSamples, _ progress: any ProgressReporter, _ cancellation: Cancellation
  ) -> FitSearch {
    let problem = FitProblem(model: model, loss: loss, samples: samples)
    let outcome = TreeFit(
      problem: problem, seed: seed, threads: threads, relativeGap: relativeGap,
      starts: samples.targets.count <= 200 ? 150 : 40, cancellation: cancellation,
      progress: progress
    ).run()
    let (network, exactLoss) = ExactSolution(problem: problem).network(for: outcome.best)
    return FitSearch(
      network: network, loss: exactLoss, lowerBound: outcome.lowerBound * problem.lossScale,
      parts: [.init(samples: nil, lowerBound: 0, proof: .trees(outcome.trees))], nodes: outcome.nodes,
      programs: outcome.nodes, isComplete: outcome.isComplete)
  }

  // MARK: Certifying

  /// Lets the exact checker decide what a search has proved.
  private func conclude(
    _ search: FitSearch, _ samples: ExactSamples, seconds: Double, _ cancellation: Cancellation
  ) -> FitResult {
    let began = Cancellation.now
    var certificate = claim(search, samples)
    var isCertified = false
    // A tree says which bound it proves; the dynamic programme over knots confirms a bound that it is given.
    let attempts = certificate.parts.count == 1 && certificate.parts[0].proof == .knots ? knotBounds(search) : [0]
    for bound in attempts where !isCertified {
      if bound > 0 { certificate.parts[0].lowerBound = Rational(exactly: bound) }
      if let proved = try? CertificateChecker().proved(certificate) {
        certificate = proved
        isCertified = search.parts != nil
      }
    }
    return result(
      search, certificate, isCertified: isCertified, seconds: seconds, checkSeconds: Cancellation.now - began,
      cancellation)
  }

  /// The certificate of a search before its bound is known.
  func claim(_ search: FitSearch, _ samples: ExactSamples) -> FitCertificate {
    FitCertificate(
      model: model, loss: loss, samples: samples, network: search.network, claimedLoss: search.loss, lowerBound: 0,
      parts: search.parts ?? [.init(samples: nil, lowerBound: 0, proof: .nonNegative)])
  }

  func result(
    _ search: FitSearch, _ claimed: FitCertificate, isCertified: Bool, seconds: Double, checkSeconds: Double,
    _ cancellation: Cancellation
  ) -> FitResult {
    var certificate = claimed
    if !isCertified {
      certificate.parts = [.init(samples: nil, lowerBound: 0, proof: .nonNegative)]
      certificate.lowerBound = 0
    }
    let upper = search.loss.doubleValue
    let bound = max(0, min(isCertified ? certificate.lowerBound.roundedDown : search.lowerBound, upper))
    let gap = upper > 0 ? (upper - bound) / upper : 0
    // The bound that a knot proof aims at lies on the gap itself, a rounding away.
    let isClosed = gap <= relativeGap * 1.001 || upper - bound <= absoluteTolerance(certificate.samples)
    let status: FitResult.Status =
      isClosed && (isCertified || search.isComplete)
      ? .optimal : cancellation.isRequested ? .interrupted : .feasible
    return FitResult(
      status: status, isCertified: isCertified, exactLoss: search.loss, lowerBound: bound, gap: gap,
      nodes: search.nodes, programsSolved: search.programs, seconds: seconds, checkSeconds: checkSeconds,
      certificate: certificate)
  }

  /// The bounds to try on the checker's own programme: the one aimed at, then weaker ones.
  func knotBounds(_ search: FitSearch) -> [Double] {
    guard search.isComplete else { return [search.lowerBound, 0.99 * search.lowerBound].map { max($0, 0) } }
    return [relativeGap, 1e-8, 1e-6, 1e-4, 1e-2].filter { $0 >= relativeGap }.map {
      (search.loss * (1 - Rational(exactly: $0))).roundedDown
    }
  }

  /// Losses closer than this share of the data's own variation are equal for every purpose.
  private func absoluteTolerance(_ samples: ExactSamples) -> Double {
    let targets = samples.targets.map(\.doubleValue)
    let weights = samples.weights.map(\.doubleValue)
    let total = weights.reduce(0, +)
    let mean = model.outputBias ? zip(targets, weights).reduce(0) { $0 + $1.0 * $1.1 } / total : 0
    let size = zip(targets, weights).reduce(0.0) { sum, sample in
      let difference = abs(sample.0 - mean)
      return sum + sample.1 * (loss == .squared ? difference * difference : difference)
    }
    return 1e-11 * (loss.isClassification ? total : size)
  }
}
