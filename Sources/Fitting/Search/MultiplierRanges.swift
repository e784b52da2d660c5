import Certificates
import Exact

/// The exact ends of the ranges that a piecewise-linear loss leaves to its multipliers, and a unit of which all ends are multiples.
///
/// In a degenerate program many multipliers lie on such an end; the balance of an exact dual solution then needs them
/// there exactly.
struct MultiplierRanges {
  /// Units are 1 / (divisor · 2ᵉ); 1 where the ends have no small common denominator.
  let divisor: Int
  /// For each sample the ends of its range times `divisor`; empty for the other losses.
  private let scaledEnds: [(lower: Rational, upper: Rational)]

  /// Beyond it the multiples would leave the range of `Int`.
  private static let largestDivisor = Rational(1 << 16)

  init(_ problem: FitProblem) {
    let isPiecewiseLinear =
      switch problem.loss {
      case .absolute, .quantile, .hinge: true
      case .squared, .huber, .logistic: false
      }
    guard isPiecewiseLinear else {
      divisor = 1
      scaledEnds = []
      return
    }
    let ends = problem.exact.targets.indices.map { sample -> (lower: Rational, upper: Rational) in
      let weight = problem.exact.weights[sample]
      return switch problem.loss {
      case .quantile(let tau): (-weight * tau, weight * (1 - tau))
      case .hinge: problem.exact.targets[sample] > 0 ? (-weight, 0) : (0, weight)
      default: (-weight, weight)
      }
    }
    var common = Rational.one
    for end in ends where common <= Self.largestDivisor {
      common *= (end.lower * common).denominator
      common *= (end.upper * common).denominator
    }
    let isSmall = common <= Self.largestDivisor
    divisor = isSmall ? Int(common.doubleValue) : 1
    let factor = isSmall ? common : .one
    scaledEnds = ends.map { ($0.lower * factor, $0.upper * factor) }
  }

  /// The end of a sample's range nearer to a value, in units; nil where it is no multiple of them.
  func steps(_ sample: Int, near value: Double, exponent: Int) -> Int? {
    guard scaledEnds.indices.contains(sample) else { return nil }
    let (lower, upper) = scaledEnds[sample]
    let middle = (lower.doubleValue + upper.doubleValue) / 2
    let end = (value * Double(divisor) > middle ? upper : lower) * Rational(powerOfTwo: exponent)
    guard end.denominator == 1 else { return nil }
    return Int(exactly: end.doubleValue)
  }
}
