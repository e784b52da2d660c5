import Activations
import Foundation

/// What limits training, in a word and in a sentence.
public struct TrainingVerdict: Sendable {
  public enum Outcome: String, Sendable {
    /// The loss reaches its goal within the budget of steps.
    case trains
    /// It reaches the goal, but not within the budget.
    case slow
    /// It never reaches the goal, or not within 10¹² steps.
    case stuck
  }

  public enum Cause: String, Sendable {
    case duplicates
    case antipodes
    /// A polynomial kernel of too small a rank.
    case polynomialRank = "polynomial_rank"
    /// A smooth activation on data of few dimensions.
    case smoothness
    /// Two rows close together.
    case closePair = "close_pair"
    /// Nothing stands out.
    case spread
  }

  public let outcome: Outcome
  public let cause: Cause
  /// Steps of ``RatePrediction/stepSize`` until the loss is the goal's fraction of its start; infinite where it never
  /// is.
  public let steps: Double
  /// The share of label energy in modes whose time constant is above the budget, and their number.
  public let stuckShare: Double
  public let stuckModes: Int
  public let sentence: String

  /// - Parameters:
  ///   - fraction: the goal, as a fraction of the starting loss.
  ///   - budget: the steps somebody would wait.
  public init(
    _ setting: KernelSetting, spectrum: GramSpectrum, prediction: RatePrediction, diagnosis: DataDiagnosis,
    bounds: EigenvalueBounds, fraction: Double, budget: Double
  ) {
    let n = spectrum.eigenvalues.count
    steps = prediction.steps(toFraction: fraction)
    stuckShare = prediction.stuckShare(budget: budget)
    stuckModes = prediction.stuckModes(budget: budget)
    outcome = steps <= budget ? .trains : steps < 1e12 ? .slow : .stuck
    let isSingular = spectrum.smallest.lower <= 0 || spectrum.smallest.upper < 1e-30 * spectrum.largest.value
    let pair = bounds.bounds.first { $0.kind == .pair }?.value ?? .infinity
    let hasBias = setting.bias.gradient > 0 || setting.bias.variance > 0
    if diagnosis.duplicateCount > 0 {
      cause = .duplicates
    } else if isSingular, diagnosis.antipodeCount > 0, !hasBias {
      cause = .antipodes
    } else if bounds.bounds.contains(where: { $0.kind == .polynomialRank }) {
      cause = .polynomialRank
    } else if pair < 4 * spectrum.smallest.upper, diagnosis.separation < 0.1 {
      cause = .closePair
    } else if setting.activation.smoothness.jumpOrder == nil, spectrum.smallest.upper < 1e-6 * spectrum.largest.value {
      cause = .smoothness
    } else {
      cause = .spread
    }
    let reason: String
    switch cause {
    case .duplicates:
      reason = "\(Self.count(diagnosis.duplicateCount, "pair")) of rows have the same direction"
    case .antipodes:
      reason =
        "\(Self.count(diagnosis.antipodeCount, "pair")) of rows are opposite, and without a bias the kernel of "
        + "\(setting.activation.name) is singular on them: train a bias"
    case .polynomialRank:
      let rank = bounds.bounds.first { $0.kind == .polynomialRank }?.dimension ?? 0
      reason = "a polynomial's kernel has rank at most \(rank) here, for \(n) rows"
    case .smoothness:
      reason =
        "it is smooth and the rows span only \(Self.count(diagnosis.rank, "dimension")), so that eigenvalues fall exponentially"
    case .closePair:
      let place = diagnosis.closestPair.map { "rows \($0.first + 1) and \($0.second + 1)" } ?? "two rows"
      reason = "\(place) are only \(Self.short(diagnosis.separation)) apart"
    case .spread:
      reason = "the condition number is \(Self.short(spectrum.largest.value / max(spectrum.smallest.value, 1e-300)))"
    }
    let goal = "\(Self.short(100 * fraction)) % of the loss"
    let size = "of size \(Self.short(prediction.stepSize))"
    let energy =
      "\(Self.short(100 * stuckShare)) % of the label energy is in \(Self.count(stuckModes, "mode")) slower than "
      + "\(Self.short(budget)) steps"
    switch outcome {
    case .trains:
      sentence = "\(setting.activation.name) trains: \(goal) after \(Self.short(steps)) steps \(size); \(reason)."
    case .slow:
      sentence =
        "\(setting.activation.name) is slow: \(goal) only after \(Self.short(steps)) steps \(size); \(energy); \(reason)."
    case .stuck:
      let when =
        steps < 1e60
        ? "would take \(Self.short(steps)) steps \(size)"
        : Self.least(spectrum, prediction, fraction).map { "takes more than \(Self.short($0)) steps \(size)" }
          ?? "is never reached"
      sentence = "\(setting.activation.name) is stuck: \(goal) \(when); \(energy); \(reason)."
    }
  }

  /// A number of steps that is not enough, where modes of which only an upper bound u is known hold more than the goal: each keeps
  /// at least (1 − ηu)ᵗ of itself. Nil where u is nothing to speak of.
  private static func least(_ spectrum: GramSpectrum, _ prediction: RatePrediction, _ fraction: Double) -> Double? {
    let hidden = spectrum.eigenvalues.indices.filter { !spectrum.eigenvalues[$0].isResolved }
    let energy = hidden.reduce(0) { $0 + prediction.energies[$1] }
    let upper = hidden.reduce(0) { max($0, spectrum.eigenvalues[$1].upper) }
    guard energy > fraction, upper > 1e-60 else { return nil }
    return 0.5 * log(energy / fraction) / -log1p(-min(0.999, prediction.stepSize * upper))
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  private static func short(_ value: Double) -> String { String(format: "%.3g", value) }
}

/// How wide a network must be for its kernel to be near that of infinite width.
public enum WidthBound {
  /// A width m at which λ_min(G_m) ≥ λ_min/2 with probability 1 − `failure`, for a_k = ±1 and |φ′| ≤ L: the matrix
  /// Chernoff inequality gives m ≥ 8 L² ‖XXᵀ‖ ln(n/failure)/λ_min. Nil for a slope without bound, and where λ_min is 0
  /// as far as is proved.
  public static func sufficientWidth(
    _ setting: KernelSetting, spectrum: GramSpectrum, diagnosis: DataDiagnosis, failure: Double = 0.05
  ) -> Double? {
    guard setting.trained == .input, setting.depth == 1, setting.bias == .none, spectrum.smallest.lower > 0,
      let slope = largestSlope(setting.activation)
    else { return nil }
    let n = Double(spectrum.eigenvalues.count)
    return (8 * slope * slope * diagnosis.gramNorm * log(n / failure) / spectrum.smallest.lower).rounded(.up)
  }

  /// sup |φ′| over [−40, 40] on a grid of 1/256, or nil where it still grows at the ends.
  private static func largestSlope(_ activation: Activation) -> Double? {
    let x = (-10_240...10_240).map { Double($0) / 256 + 0x1p-20 }
    let slopes = activation.derivativeFormula.values(at: x).map(abs)
    let largest = slopes.max() ?? 0
    let ends = max(slopes[0], slopes[slopes.count - 1])
    let within = max(slopes[1024], slopes[slopes.count - 1025])
    return ends > 1.01 * within && ends >= 0.999 * largest ? nil : largest * 1.001
  }
}
