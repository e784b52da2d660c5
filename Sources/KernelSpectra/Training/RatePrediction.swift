import Foundation
import LinearAlgebra

/// How gradient descent on ½ Σ (F(x_i) − y_i)² proceeds while the kernel stays what it is: mode by mode.
///
/// With G = V Λ Vᵀ and c = Vᵀ r₀ the residual after t steps of size η is V (1 − ηΛ)ᵗ c. For a loss that is a mean
/// instead of a sum, divide the eigenvalues by n.
public struct RatePrediction: Sendable {
  /// λ_i, ascending; their lower ends where only an upper bound is known.
  public let eigenvalues: [Double]
  /// The share of |r₀|² in each mode; they sum to 1.
  public let energies: [Double]
  /// ½|r₀|².
  public let startingLoss: Double
  /// η.
  public let stepSize: Double

  /// - Parameters:
  ///   - residual: r₀ = F₀(X) − y; nil for labels of independent random signs, whose expected energy is the same in
  ///     each mode.
  ///   - stepSize: η; nil for 1/λ_max, for which no mode overshoots.
  public init(_ spectrum: GramSpectrum, residual: [Double]?, stepSize: Double? = nil) {
    let values = spectrum.eigenvalues.map { $0.isResolved ? $0.value : $0.lower }
    let n = values.count
    if let residual, residual.contains(where: { $0 != 0 }) {
      let total = residual.reduce(0) { $0 + $1 * $1 }
      energies = (0..<n).map { k in
        let c = zip(spectrum.eigenvectors.row(k), residual).reduce(0) { $0 + $1.0 * $1.1 }
        return c * c / total
      }
      startingLoss = 0.5 * total
    } else {
      energies = [Double](repeating: 1 / Double(n), count: n)
      startingLoss = 0.5 * Double(n)
    }
    eigenvalues = values
    self.stepSize = stepSize ?? (values.last.map { $0 > 0 ? 1 / $0 : 1 } ?? 1)
  }

  private var largest: Double { eigenvalues.last ?? 0 }
  private var smallest: Double { eigenvalues.first ?? 0 }

  /// Below this step size the loss falls in every mode: 2/λ_max.
  public var largestStableStep: Double { 2 / largest }

  /// 2/(λ_max + λ_min), the step size of the fastest guaranteed decrease.
  public var bestStep: Double { 2 / (largest + smallest) }

  public var isStable: Bool { stepSize < largestStableStep }

  /// The share of the starting loss left after `steps` steps.
  public func remaining(after steps: Double) -> Double {
    zip(eigenvalues, energies).reduce(0) { sum, mode in
      let factor = abs(1 - stepSize * mode.0)
      return sum
        + (factor == 0 ? (steps == 0 ? mode.1 : 0) : mode.1 * exp(2 * steps * Self.logarithm(stepSize * mode.0)))
    }
  }

  /// ln|1 − x|, without cancellation for small x.
  private static func logarithm(_ x: Double) -> Double { x < 1 ? log1p(-x) : log(x - 1) }

  /// The loss after `steps` steps.
  public func loss(after steps: Double) -> Double { startingLoss * remaining(after: steps) }

  /// The steps until the loss is `fraction` of its start; infinity where the modes of eigenvalue 0 hold more than that,
  /// or the step size is too large.
  public func steps(toFraction fraction: Double) -> Double {
    guard isStable else { return .infinity }
    if remaining(after: 0) <= fraction { return 0 }
    var high = 1.0
    while remaining(after: high) > fraction {
      high *= 2
      guard high < 1e300 else { return .infinity }
    }
    var low = high / 2
    for _ in 0..<200 where high - low > 0.5 && high - low > 1e-12 * high {
      let middle = 0.5 * (low + high)
      if remaining(after: middle) > fraction { low = middle } else { high = middle }
    }
    return high.rounded(.up)
  }

  /// The number of steps in which a mode falls by the factor e: 1/(η λ).
  public func timeConstant(_ mode: Int) -> Double {
    -1 / Self.logarithm(min(stepSize * eigenvalues[mode], 0.999_999_9))
  }

  /// The share of the label energy in modes whose time constant is longer than `budget` steps.
  public func stuckShare(budget: Double) -> Double {
    eigenvalues.indices.reduce(0) { $0 + (timeConstant($1) > budget ? energies[$1] : 0) }
  }

  /// How many modes those are.
  public func stuckModes(budget: Double) -> Int { eigenvalues.indices.count { timeConstant($0) > budget } }

  /// Momentum of the heavy ball with its best step size 4/(√λ_max + √λ_min)²: ((√κ − 1)/(√κ + 1))².
  public var bestMomentum: (momentum: Double, stepSize: Double) {
    let (a, b) = (largest.squareRoot(), smallest.squareRoot())
    let ratio = (a - b) / (a + b)
    return (ratio * ratio, 4 / ((a + b) * (a + b)))
  }

  /// The share of the loss left after `steps` steps of the heavy ball e_{t+1} = (1 + β − ηλ) e_t − β e_{t−1} from rest.
  public func heavyBallRemaining(after steps: Int, momentum: Double, stepSize: Double) -> Double {
    zip(eigenvalues, energies).reduce(0) { sum, mode in
      var (before, now) = (1.0, 1.0)
      for _ in 0..<steps { (before, now) = (now, (1 + momentum - stepSize * mode.0) * now - momentum * before) }
      return sum + mode.1 * now * now
    }
  }

  /// The share of the loss left under gradient flow at time t.
  public func flowRemaining(at time: Double) -> Double {
    zip(eigenvalues, energies).reduce(0) { $0 + $1.1 * exp(-2 * time * $1.0) }
  }

  /// (Σ λ)²/Σ λ².
  public var effectiveDimension: Double {
    let (sum, squares) = eigenvalues.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return squares > 0 ? sum * sum / squares : 0
  }
}
