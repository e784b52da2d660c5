import Activations

/// Which infinitely wide network, and which of its parts is trained.
///
/// Layers are scaled as in the neural tangent kernel: z = σ_w W h/√width + σ_b b with standard normal W and b. With one
/// hidden layer, σ_w = 1 and no bias this is F(x) = 1/√m Σ a_k φ(w_k·x) with w_k ~ N(0, I) and a_k = ±1.
public struct KernelSetting: Sendable, Hashable {
  /// The weights that gradient descent may move.
  public enum TrainedPart: String, Sendable, Hashable, CaseIterable {
    /// Those of the first layer: the G-matrix, (x·x′) E[φ′φ′] for one hidden layer.
    case input
    /// Those of the last layer: E[φφ].
    case output
    /// All: the neural tangent kernel.
    case both
  }

  public enum Bias: Sendable, Hashable {
    case none
    /// Trained from zero: adds a constant feature.
    case zero
    /// Random of this variance, and trained.
    case random(Double)
    /// Random of this variance, not trained.
    case frozen(Double)

    /// What it adds to the covariance of pre-activations.
    var variance: Double {
      switch self {
      case .none, .zero: 0
      case .random(let variance), .frozen(let variance): variance
      }
    }

    /// What its training adds to the kernel of a layer.
    var gradient: Double {
      switch self {
      case .none, .frozen: 0
      case .zero: 1
      case .random(let variance): variance
      }
    }
  }

  public var activation: Activation
  public var trained: TrainedPart
  /// The number of hidden layers.
  public var depth: Int
  /// σ_w².
  public var weightVariance: Double
  public var bias: Bias
  /// Whether what each hidden layer puts out is multiplied by c_φ = (E φ²)^(−1/2), so that all layers have one variance.
  public var isRescaled: Bool

  public init(
    activation: Activation, trained: TrainedPart = .input, depth: Int = 1, weightVariance: Double = 1,
    bias: Bias = .none,
    isRescaled: Bool = false
  ) {
    self.activation = activation
    self.trained = trained
    self.depth = depth
    self.weightVariance = weightVariance
    self.bias = bias
    self.isRescaled = isRescaled
  }

  func check() throws {
    guard (1...10_000).contains(depth) else {
      throw SpectrumError("depth \(depth): accepted are 1 to 10000 hidden layers")
    }
    guard weightVariance > 0, weightVariance.isFinite else {
      throw SpectrumError("a weight variance of \(weightVariance): a positive number is needed")
    }
    guard bias.variance >= 0, bias.variance.isFinite else {
      throw SpectrumError("a bias variance of \(bias.variance): a number from 0 on is needed")
    }
    guard trained == .output || activation.smoothness.jumpOrder != 0 else {
      throw SpectrumError(
        "\(activation.name) jumps, so that its slope is no function and gradients do not train what is below it; train the "
          + "output layer")
    }
  }
}
