import Certificates
import Exact
import Execution
import Foundation
import Probability

/// Which width to choose: losses, information criteria and cross-validated errors side by side.
public struct WidthComparison: Sendable {
  public struct Row: Sendable {
    public var result: FitResult
    /// Free parameters, the noise's scale included.
    public var parameters: Int
    /// Akaike's and Schwarz' criteria; nil where the loss is no likelihood (huber, hinge) or the fit is perfect.
    public var aic: Double?
    public var bic: Double?
    /// The mean loss on samples left out, by five-fold cross-validation; nil when it was not reached.
    public var crossValidation: Double?
  }

  public var rows: [Row]

  /// The row with the least criterion of Schwarz, or the least cross-validated error where there is none.
  public var best: Row? {
    rows.filter { $0.bic != nil }.min { $0.bic! < $1.bic! }
      ?? rows.filter { $0.crossValidation != nil }.min { $0.crossValidation! < $1.crossValidation! }
  }

  /// Fits all widths to all samples, then to four fifths of them five times.
  ///
  /// - Throws: ``FitError`` when the samples cannot be fitted.
  public init(
    _ fit: GlobalFit, widths: ClosedRange<Int>, samples: ExactSamples, progress: any ProgressReporter,
    cancellation: Cancellation
  ) throws {
    let results = try fit.runPath(widths, on: samples, progress: progress, cancellation: cancellation)
    let errors = try Self.crossValidate(fit, widths, samples, cancellation)
    rows = results.enumerated().map { index, result in
      let parameters = result.certificate.model.parameterCount + (fit.loss == .logistic ? 0 : 1)
      let criterion = Self.twiceNegativeLogLikelihood(result.loss, samples: samples, loss: fit.loss)
      return Row(
        result: result, parameters: parameters, aic: criterion.map { $0 + 2 * Double(parameters) },
        bic: criterion.map { $0 + log(Double(samples.targets.count)) * Double(parameters) },
        crossValidation: index < errors.count ? errors[index] : nil)
    }
  }

  /// −2 log L at the most likely scale: normal noise for the squared loss, Laplace noise for the absolute one, asymmetric
  /// Laplace noise for quantiles, and the model's own probabilities for the logistic loss.
  private static func twiceNegativeLogLikelihood(_ total: Double, samples: ExactSamples, loss: Loss) -> Double? {
    let count = Double(samples.targets.count)
    let weightSum = samples.weights.reduce(0) { $0 + $1.doubleValue }
    // Weights count relative to their mean.
    let sum = total * count / weightSum
    switch loss {
    case .squared: return sum > 0 ? count * (log(2 * Double.pi * sum / count) + 1) : nil
    case .absolute: return sum > 0 ? 2 * count * (log(2 * sum / count) + 1) : nil
    case .quantile(let tau):
      let tau = tau.doubleValue
      return sum > 0 ? 2 * count * (log(sum / count / (tau * (1 - tau))) + 1) : nil
    case .logistic: return 2 * sum
    case .huber, .hinge: return nil
    }
  }

  private static func crossValidate(
    _ fit: GlobalFit, _ widths: ClosedRange<Int>, _ samples: ExactSamples, _ cancellation: Cancellation
  ) throws -> [Double] {
    let folds = 5
    let count = samples.targets.count
    guard count >= 2 * folds, !fit.isTooLarge(samples) else { return [] }
    var source = RandomSource(seed: fit.seed)
    let order = Array(0..<count).shuffled(using: &source)
    var totals = Array(repeating: 0.0, count: widths.count)
    var weight = 0.0
    for fold in 0..<folds {
      let held = Set(stride(from: fold, to: count, by: folds).map { order[$0] })
      let kept = (0..<count).filter { !held.contains($0) }
      let results = try fit.runPath(widths, on: samples.subset(kept), cancellation: cancellation)
      guard results.count == widths.count, !cancellation.shouldStop else { return [] }
      let rest = samples.subset(held.sorted())
      for (index, result) in results.enumerated() {
        totals[index] += CertificateChecker.totalLoss(of: result.network, on: rest, loss: fit.loss).upper.doubleValue
      }
      weight += rest.weights.reduce(0) { $0 + $1.doubleValue }
    }
    return totals.map { $0 / weight }
  }
}

extension ExactSamples {
  /// The samples with the given indices.
  public func subset(_ indices: [Int]) -> ExactSamples {
    ExactSamples(
      inputNames: inputNames, targetName: targetName, inputs: indices.map { inputs[$0] },
      targets: indices.map { targets[$0] }, weights: indices.map { weights[$0] })
  }
}
