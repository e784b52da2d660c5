import Certificates
import Foundation

extension FitProblem {
  /// Huber's δ in standardised units.
  var huberDelta: Double {
    if case .huber(let delta) = loss { return delta.doubleValue / targetScale }
    return .infinity
  }

  /// w ℓ(prediction, target) of one sample, standardised.
  func sampleLoss(_ sample: Int, _ prediction: Double) -> Double {
    let target = targets[sample], weight = weights[sample]
    let difference = prediction - target
    switch loss {
    case .squared: return weight * difference * difference
    case .absolute: return weight * abs(difference)
    case .huber:
      let delta = huberDelta, size = abs(difference)
      return weight * (size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta))
    case .quantile(let tau):
      return weight * (difference < 0 ? -tau.doubleValue * difference : (1 - tau.doubleValue) * difference)
    case .hinge: return weight * max(0, 1 - target * prediction)
    case .logistic:
      let margin = -target * prediction
      return weight * (margin > 30 ? margin + log1p(exp(-margin)) : log1p(exp(margin)))
    }
  }

  /// w ℓ*(ν / w) for the multiplier ν of a sample, standardised; nil outside the range where it is finite.
  func conjugate(_ multiplier: Double, _ sample: Int) -> Double? {
    let target = targets[sample], weight = weights[sample]
    let t = multiplier / weight
    switch loss {
    case .squared: return multiplier * (target + t / 4)
    case .absolute: return abs(t) <= 1 ? multiplier * target : nil
    case .huber: return abs(t) <= huberDelta ? multiplier * (target + t / 2) : nil
    case .quantile(let tau):
      let tau = tau.doubleValue
      return t >= -tau && t <= 1 - tau ? multiplier * target : nil
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
    case .quantile(let tau): return (-weight * tau.doubleValue, weight * (1 - tau.doubleValue))
    case .hinge, .logistic: return targets[sample] > 0 ? (-weight, 0) : (0, weight)
    case .huber: return (-weight * huberDelta, weight * huberDelta)
    case .squared: return (-.infinity, .infinity)
    }
  }

  /// The first derivative of a smooth loss at a prediction, and a curvature that never undercuts the second.
  func derivatives(_ sample: Int, _ prediction: Double) -> (slope: Double, curvature: Double) {
    let target = targets[sample], weight = weights[sample]
    switch loss {
    case .huber:
      let difference = prediction - target, delta = huberDelta
      guard abs(difference) > delta else { return (weight * difference, weight) }
      return (weight * (difference < 0 ? -delta : delta), weight * delta / abs(difference))
    case .logistic:
      let share = 1 / (1 + exp(target * prediction))
      return (-weight * target * share, weight * max(share * (1 - share), 1e-12))
    default:
      return (2 * weight * (prediction - target), 2 * weight)
    }
  }
}
