import Activations
import CGMP
import Foundation

/// Squared Hermite coefficients of a smooth activation to some hundred digits.
///
/// The trapezoidal rule on the whole line, which for functions analytic in a strip errs by e^(−2πa/h): two rules whose
/// nodes lie between each other's give the value (their mean) and the error (16 times their difference).
struct PreciseHermite {
  /// a_k² and b_k² for k = 0 …, as E[φ(√q z) he_k]² and E[φ′(√q z) he_k]².
  let value: PreciseVector
  let derivative: PreciseVector
  /// E φ².
  let secondMoment: PreciseNumber
  /// Bounds on Σ a_k² and Σ b_k² beyond the last coefficient here.
  let valueTail: Double
  let derivativeTail: Double
  /// Bounds on the sum of what all squares are off.
  let valueError: Double
  let derivativeError: Double

  /// What is left of the sums is brought below this, where the order suffices.
  private static let target = 1e-46
  static let largestOrder = 3000

  /// - Parameter shouldStop: asked now and then; an answer of true ends the work with nil.
  init?(_ activation: Activation, variance: Double, shouldStop: () -> Bool) {
    let scale = variance.squareRoot()
    var strip = Double.infinity
    var order = 700
    switch activation.smoothness.analyticity {
    case .entire: break
    case .strip(let distance):
      strip = distance / scale
      order = min(Self.largestOrder, Int(1.15 * pow(53 / strip, 2)) + 60)
    case .unknown:
      strip = 1 / scale
      order = 1500
    case .piecewise: return nil
    }
    if let degree = activation.smoothness.polynomial?.count { order = degree }
    let spacing = 2 * Double.pi / (Double(order).squareRoot() + max(24, 110 / strip))
    // Nodes ±j h/2: even j are one rule, odd j the other.
    var reach = 22.0
    while reach < 80 {
      let size = max(abs(activation.value(scale * reach)), abs(activation.value(-scale * reach)), 1)
      if log(size) - reach * reach / 4 < -125 { break }
      reach += 1
    }
    let step = 0.5 * spacing
    let count = Int(reach / step) + 2
    let root = PreciseNumber(variance).squareRoot
    let norm = PreciseNumber(step) / PreciseFunctions.pi.scaled(by: 1).squareRoot

    // w f(z) and w f(−z), w the weights of the mean of the rules; the squares of each for the second moments.
    let (sums, differences) = (PreciseVector(count: count), PreciseVector(count: count))
    let (nodes, last, this) = (PreciseVector(count: count), PreciseVector(count: count), PreciseVector(count: count))
    var moment = PreciseNumber()
    var slopeMoment = PreciseNumber()
    for j in 0..<count {
      if shouldStop() { return nil }
      let z = PreciseNumber(Double(j)) * PreciseNumber(step)
      // The node 0 is its own mirror image and would count twice.
      let weight = norm.scaled(by: j == 0 ? -1 : 0) * PreciseFunctions.exp(-(z * z).scaled(by: -1))
      let x = root * z
      let (right, left) = (activation.formula.preciseValue(x), activation.formula.preciseValue(-x))
      let (rightSlope, leftSlope) = (
        activation.derivativeFormula.preciseValue(x), activation.derivativeFormula.preciseValue(-x)
      )
      moment = moment + weight * (right * right + left * left)
      slopeMoment = slopeMoment + weight * (rightSlope * rightSlope + leftSlope * leftSlope)
      nodes.set(j, z)
      this.set(j, PreciseNumber(1))
      sums.set(j, weight * (right + left))
      differences.set(j, weight * (right - left))
    }

    let value = PreciseVector(count: order + 1)
    let derivative = PreciseVector(count: order + 1)
    var rest = moment
    var slopeRest = slopeMoment
    var used = 0
    var (error, slopeError) = (0.0, 0.0)
    let inverse = PreciseNumber(1) / PreciseNumber(variance)
    let (even, odd, term, other) = (PreciseNumber(), PreciseNumber(), PreciseNumber(), PreciseNumber())
    for k in 0...(order + 1) {
      if shouldStop() { return nil }
      __gmpf_set_ui(even.pointer, 0)
      __gmpf_set_ui(odd.pointer, 0)
      let f = k % 2 == 0 ? sums : differences
      for j in 0..<count {
        __gmpf_mul(term.pointer, this.elements + j, f.elements + j)
        let target = j % 2 == 0 ? even.pointer : odd.pointer
        __gmpf_add(target, target, term.pointer)
      }
      let degree = k % 2 == 0 ? activation.smoothness.evenDegree : activation.smoothness.oddDegree
      let isZero = degree.map { k > $0 } ?? false
      let coefficient = isZero ? PreciseNumber() : even + odd
      let off = isZero ? 0 : 16 * abs((even - odd).doubleValue) + 0x1p-320 * max(1, moment.doubleValue)
      let squared = coefficient * coefficient
      if k <= order {
        value.set(k, squared)
        rest = rest - squared
        error += (2 * abs(coefficient.doubleValue) + off) * off
      }
      if k >= 1 {
        let slope = squared * PreciseNumber(Double(k)) * inverse
        derivative.set(k - 1, slope)
        slopeRest = slopeRest - slope
        slopeError += Double(k) / variance * (2 * abs(coefficient.doubleValue) + off) * off
      }
      used = k
      let isEnough = rest.doubleValue < Self.target && slopeRest.doubleValue < Self.target
      if isEnough && k >= 8 { break }
      // √(k + 1) he_{k+1} = z he_k − √k he_{k−1}.
      let next = PreciseNumber(1) / PreciseNumber(Double(k + 1)).squareRoot
      let back = PreciseNumber(Double(k)).squareRoot
      for j in 0..<count {
        __gmpf_mul(term.pointer, nodes.elements + j, this.elements + j)
        __gmpf_mul(other.pointer, back.pointer, last.elements + j)
        __gmpf_sub(term.pointer, term.pointer, other.pointer)
        __gmpf_swap(last.elements + j, this.elements + j)
        __gmpf_mul(this.elements + j, term.pointer, next.pointer)
      }
    }
    // The vectors are as long as was planned; what was not reached is zero.
    self.value = value
    self.derivative = derivative
    secondMoment = moment
    valueError = error + 0x1p-320 * moment.doubleValue
    derivativeError = slopeError + 0x1p-320 * slopeMoment.doubleValue
    valueTail = abs(rest.doubleValue) + valueError
    derivativeTail = abs(slopeRest.doubleValue) + derivativeError
    terms = used
  }

  /// How many orders were used.
  let terms: Int
}
