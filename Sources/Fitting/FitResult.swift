import Certificates
import Exact

/// What a global fit found and proved.
public struct FitResult: Sendable {
  public enum Status: String, Sendable {
    /// No network of the model is better, up to the gap asked for.
    case optimal
    /// A limit came first: the network and the bound are valid, the gap is open.
    case feasible
    /// A person stopped the search: the network and the bound are valid, the gap is open.
    case interrupted
  }

  public var status: Status
  /// Whether the exact checker accepted the network's loss and the lower bound.
  public var isCertified: Bool
  /// The network's total loss on the samples, exactly (from above for the logistic loss).
  public var exactLoss: Rational
  /// No network of the model has a smaller loss.
  public var lowerBound: Double
  /// (loss − lower bound) / loss.
  public var gap: Double
  public var nodes: Int
  public var programsSolved: Int
  /// Seconds for the search.
  public var seconds: Double
  /// Seconds for the exact check.
  public var checkSeconds: Double
  /// The claim with its proof; where nothing was certified, only that losses are not negative.
  public var certificate: FitCertificate

  public var loss: Double { exactLoss.doubleValue }
  public var network: ExactNetwork { certificate.network }
}

/// Samples that cannot be fitted, or a model that cannot be searched.
public enum FitError: Error, CustomStringConvertible, Sendable {
  case noSamples
  case wrongInputs(Int)
  case tooWide(Int, Int)
  case weight(Int, Rational)
  case label(Int, Rational, Loss)
  case unsupported(String)

  public var description: String {
    switch self {
    case .noSamples: "there are no samples to fit"
    case .wrongInputs(let count): "every sample needs \(count) inputs"
    case .tooWide(let hidden, let limit):
      "\(hidden) hidden units are beyond an exact search, which takes at most \(limit); one input with --model pwl takes more"
    case .weight(let index, let weight): "the weight of sample \(index + 1) is \(weight); weights must be positive"
    case .label(let index, let value, let loss):
      "the \(loss) loss needs targets -1 and +1; sample \(index + 1) has \(value)"
    case .unsupported(let reason): reason
    }
  }
}
