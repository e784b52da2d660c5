import Exact

extension Loss {
  /// Bits behind the binary point that enclosures of logarithms keep.
  private static let precision = 100

  /// The loss of one sample, enclosed; both bounds are the exact value but for the logistic loss.
  public func value(prediction: Rational, target: Rational) -> (lower: Rational, upper: Rational) {
    let difference = prediction - target
    let value: Rational
    switch self {
    case .squared: value = difference * difference
    case .absolute: value = difference.magnitude
    case .huber(let delta):
      value =
        difference.magnitude <= delta
        ? difference * difference / 2 : delta * (difference.magnitude - delta / 2)
    case .quantile(let tau):
      value = difference.signum < 0 ? -difference * tau : difference * (1 - tau)
    case .hinge:
      let margin = 1 - target * prediction
      value = margin.signum > 0 ? margin : 0
    case .logistic:
      // Rounding the argument outwards keeps the numbers small; the loss is monotone in it.
      let argument = -target * prediction
      return (
        Elementary.log1pExp(argument.roundedDown(bits: Self.precision), bits: Self.precision).lower,
        Elementary.log1pExp(argument.roundedUp(bits: Self.precision), bits: Self.precision).upper
      )
    }
    return (value, value)
  }

  /// An upper bound on w ℓ*(ν / w), where ℓ*(t) = sup over z of t z − ℓ(z, y); nil where that is infinite.
  ///
  /// Exact but for the logistic loss.
  public func conjugate(_ multiplier: Rational, target: Rational, weight: Rational) -> Rational? {
    let t = multiplier / weight
    switch self {
    case .squared: return weight * t * (target + t / 4)
    case .absolute: return t.magnitude <= 1 ? multiplier * target : nil
    case .huber(let delta): return t.magnitude <= delta ? weight * t * (target + t / 2) : nil
    case .quantile(let tau): return t >= -tau && t <= 1 - tau ? multiplier * target : nil
    case .hinge: return t * target <= 0 && t * target >= -1 ? multiplier * target : nil
    case .logistic:
      let share = -t * target
      guard share >= 0, share <= 1 else { return nil }
      guard let first = Self.entropyTerm(share), let second = Self.entropyTerm(1 - share) else { return nil }
      return weight * (first + second)
    }
  }

  /// An upper bound on a log a for 0 ≤ a ≤ 1, 0 at a = 0.
  private static func entropyTerm(_ a: Rational) -> Rational? {
    guard a.signum != 0 else { return .zero }
    return (try? Elementary.log(a, bits: precision)).map { a * $0.upper }
  }
}
