import Certificates
import Foundation

extension FitProblem {
  /// w ℓ(prediction, target) of one sample, standardised.
  func sampleLoss(_ sample: Int, _ prediction: Double) -> Double {
    let target = targets[sample]
    let weight = weights[sample]
    let difference = prediction - target
    switch loss {
    case .squared: return weight * difference * difference
    case .absolute: return weight * abs(difference)
    case .huber:
      let delta = huberDelta
      let size = abs(difference)
      return weight * (size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta))
    case .quantile: return weight * (difference < 0 ? -quantileTau * difference : (1 - quantileTau) * difference)
    case .hinge: return weight * max(0, 1 - target * prediction)
    case .logistic:
      let margin = -target * prediction
      return weight * (margin > 30 ? margin + log1p(exp(-margin)) : log1p(exp(margin)))
    }
  }

  /// w ℓ*(ν / w) for the multiplier ν of a sample, standardised; nil outside the range where it is finite.
  func conjugate(_ multiplier: Double, _ sample: Int) -> Double? {
    let target = targets[sample]
    let weight = weights[sample]
    let t = multiplier / weight
    switch loss {
    case .squared: return multiplier * (target + t / 4)
    case .absolute: return abs(t) <= 1 ? multiplier * target : nil
    case .huber: return abs(t) <= huberDelta ? multiplier * (target + t / 2) : nil
    case .quantile: return t >= -quantileTau && t <= 1 - quantileTau ? multiplier * target : nil
    case .hinge: return t * target <= 0 && t * target >= -1 ? multiplier * target : nil
    case .logistic:
      let share = -t * target
      guard share >= 0, share <= 1 else { return nil }
      func term(_ a: Double) -> Double { a > 0 ? a * log(a) : 0 }
      return weight * (term(share) + term(1 - share))
    }
  }
}

extension FitProblem {
  /// The multipliers for which the conjugate of a piecewise-linear loss is finite.
  func multiplierRange(_ sample: Int) -> (lower: Double, upper: Double) {
    let weight = weights[sample]
    switch loss {
    case .absolute: return (-weight, weight)
    case .quantile: return (-weight * quantileTau, weight * (1 - quantileTau))
    case .hinge, .logistic: return targets[sample] > 0 ? (-weight, 0) : (0, weight)
    case .huber: return (-weight * huberDelta, weight * huberDelta)
    case .squared: return (-.infinity, .infinity)
    }
  }

  /// The derivative of a smooth loss at a prediction, and a positive curvature for a quadratic model around it.
  ///
  /// - Parameter majorizes: far out on the Huber loss, take the curvature of the parabola that touches the loss here and
  ///   lies above it everywhere, rather than the second derivative, which is 0 there.
  func derivatives(_ sample: Int, _ prediction: Double, majorizes: Bool = false) -> (slope: Double, curvature: Double) {
    let target = targets[sample]
    let weight = weights[sample]
    if case .huber = loss {
      let difference = prediction - target
      let delta = huberDelta
      guard abs(difference) > delta else { return (weight * difference, weight) }
      let curvature = majorizes ? weight * delta / abs(difference) : 1e-6 * weight
      return (weight * (difference < 0 ? -delta : delta), curvature)
    }
    let share = 1 / (1 + exp(target * prediction))
    return (-weight * target * share, weight * max(share * (1 - share), 1e-14))
  }
}
