/// One link of an optimiser: it takes a direction, at first the gradient, and yields another.
///
/// A chain of them is an optimiser; what is left at the end is subtracted from the parameters.
///
/// ```swift
/// let pathMomentum: [GradientTransformation] = [
///   .clipByPathNorm(1), .precondition(PathPreconditioner()), .momentum(0.9), .learningRate(0.01),
/// ]
/// ```
public enum GradientTransformation: Sendable, Hashable {
  /// Every entry to the nearest number in [−limit, limit].
  case clipByValue(Double)
  /// Divided so that the Euclidean norm is at most the limit.
  case clipByNorm(Double)
  /// Divided so that √(Σ g² / κ) is at most the limit: the same in all networks that differ by rescaling.
  case clipByPathNorm(Double)
  /// Adds a multiple of the parameters: before the others the penalty ½ λ |w|², after Adam its decoupled decay.
  case addParameters(Double)
  /// Divides by κ, or its root.
  case precondition(PathPreconditioner)
  /// v ← µ v + g.
  case momentum(Double, nesterov: Bool = false)
  /// g / (√Σ g² + ε).
  case adagrad(epsilon: Double = 1e-10)
  /// g / (√r + ε) with the running mean r of g², which begins at `initial`.
  case rmsprop(decay: Double = 0.9, initial: Double = 0, epsilon: Double = 1e-8)
  /// The running mean of g over the root of that of g², both without their bias.
  case adam(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  case learningRate(Double, schedule: Schedule = .constant, warmup: Int = 0)
  /// Halves the step until the squared path norm grows by no more than this part.
  case limitGrowth(Double)

  var usesPathNorm: Bool {
    switch self {
    case .clipByPathNorm, .precondition, .limitGrowth: true
    default: false
    }
  }
}

/// Division by a power of κ.
public struct PathPreconditioner: Sendable, Hashable {
  /// How the whole step is scaled, since κ alone says nothing of its size.
  public enum Scale: String, Sendable, Hashable, CaseIterable {
    case none
    /// √(Σ over tensors of |g| / Σ over tensors of |g/κ|²) of the first step.
    case firstStepRatio = "first-step-ratio"
    /// γ².
    case pathNorm = "path-norm"
    /// γ / √(Σ g² / κ).
    case normalised
  }

  /// Divide by κ, or by its root: once before and once after Adam, that keeps Adam equivariant under rescaling.
  public enum Power: Sendable, Hashable {
    case whole
    case root

    var exponent: Double { self == .whole ? 1 : 0.5 }
  }

  public var options: PathNormOptions
  public var power: Power
  /// κ is computed at every so many steps, and kept in between.
  public var every: Int
  /// κ below this counts as this. Other than 0 it breaks the invariance under rescaling.
  public var floor: Double
  /// For the root, the root of the scale.
  public var scale: Scale

  public init(
    options: PathNormOptions = PathNormOptions(), power: Power = .whole, every: Int = 1, floor: Double = 0,
    scale: Scale = .none
  ) {
    self.options = options
    self.power = power
    self.every = every
    self.floor = floor
    self.scale = scale
  }
}
