import Activations
import Foundation

/// Elementary functions to the full precision, absolutely: error at most 2⁻³³⁰ (1 + |f|) for arguments up to some
/// hundreds.
enum PreciseFunctions {
  private static let bits = Int(PreciseNumber.precision)

  /// e^x = (e^(x/2ˢ))^(2ˢ), by the Taylor series of the root.
  static func exp(_ x: PreciseNumber) -> PreciseNumber {
    guard x.doubleValue > -1e5 else { return PreciseNumber() }
    let size = Swift.abs(x.doubleValue)
    let halvings = 16 + max(0, size > 0 ? Int(size.exponent) + 1 : 0)
    let t = x.scaled(by: -halvings)
    // e^t − 1, which squaring as (1 + y)² − 1 = y (2 + y) keeps to its own last bits.
    var term = t
    var sum = t
    var order = 2.0
    while term.signum != 0, Swift.abs(term.doubleValue) > 0, log2(of: term) > -bits {
      term = term * t / PreciseNumber(order)
      sum = sum + term
      order += 1
    }
    for _ in 0..<halvings { sum = sum * (PreciseNumber(2) + sum) }
    return PreciseNumber(1) + sum
  }

  /// log x by Newton's method for e^y = x, which triples the digits of a double, three times.
  static func log(_ x: PreciseNumber) -> PreciseNumber {
    guard x.signum > 0 else { return PreciseNumber() }
    let (mantissa, exponent) = x.parts
    var y = PreciseNumber(Foundation.log(mantissa) + Double(exponent) * M_LN2)
    for _ in 0..<3 {
      let quotient = x * exp(-y)
      // log(1 + r) = r − r²/2 + …: two terms triple the digits.
      let r = quotient - PreciseNumber(1)
      y = y + r - (r * r).scaled(by: -1)
    }
    return y
  }

  /// sin and cos from a 2⁻ˢ-th of the argument, by doubling.
  static func sineAndCosine(_ x: PreciseNumber) -> (sine: PreciseNumber, cosine: PreciseNumber) {
    let size = Swift.abs(x.doubleValue)
    let halvings = 10 + max(0, size > 0 ? Int(size.exponent) + 1 : 0)
    let t = x.scaled(by: -halvings)
    let square = t * t
    var sine = t
    var rest = PreciseNumber()
    var term = t
    var order = 2.0
    var even = PreciseNumber(1)
    // sin t and 1 − cos t.
    while term.signum != 0, log2(of: term) > -bits - 20 {
      even = -(even * square) / PreciseNumber(order * (order - 1))
      rest = rest - even
      term = -(term * square) / PreciseNumber(order * (order + 1))
      sine = sine + term
      order += 2
    }
    for _ in 0..<halvings {
      // 1 − cos 2t = 2 sin² t, sin 2t = 2 sin t cos t.
      let next = (sine * (PreciseNumber(1) - rest)).scaled(by: 1)
      rest = (sine * sine).scaled(by: 1)
      sine = next
    }
    return (sine, PreciseNumber(1) - rest)
  }

  /// erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1)/(2n+1)!!, all terms of one sign.
  static func erf(_ x: PreciseNumber) -> PreciseNumber {
    let size = x.doubleValue
    guard size * size < 0.7 * Double(bits) else { return PreciseNumber(size < 0 ? -1 : 1) }
    guard x.signum != 0 else { return PreciseNumber() }
    let double = (x * x).scaled(by: 1)
    var term = x
    var sum = x
    var order = 3.0
    while log2(of: term) > log2(of: sum) - bits {
      term = term * double / PreciseNumber(order)
      sum = sum + term
      order += 2
    }
    return PreciseNumber(2) / pi.squareRoot * exp(-(x * x)) * sum
  }

  /// arctan x, after three halvings of the angle by arctan x = 2 arctan(x/(1 + √(1 + x²))).
  static func arctan(_ x: PreciseNumber) -> PreciseNumber {
    var t = x
    for _ in 0..<4 { t = t / (PreciseNumber(1) + (PreciseNumber(1) + t * t).squareRoot) }
    return arctanSeries(t).scaled(by: 4)
  }

  private static func arctanSeries(_ t: PreciseNumber) -> PreciseNumber {
    let square = -(t * t)
    var power = t
    var sum = t
    var order = 3.0
    while power.signum != 0, log2(of: power) > -bits {
      power = power * square
      sum = sum + power / PreciseNumber(order)
      order += 2
    }
    return sum
  }

  /// Machin: π = 16 arctan 1/5 − 4 arctan 1/239.
  static var pi: PreciseNumber {
    arctanSeries(PreciseNumber(1) / PreciseNumber(5)).scaled(by: 4)
      - arctanSeries(PreciseNumber(1) / PreciseNumber(239)).scaled(by: 2)
  }

  /// The exponent of the leading bit, or a large negative number for 0.
  static func log2(of x: PreciseNumber) -> Int {
    guard x.signum != 0 else { return -1_000_000 }
    return x.parts.exponent
  }
}

extension Formula {
  /// The value at a number of many digits; constants are the doubles they are written as.
  func preciseValue(_ x: PreciseNumber) -> PreciseNumber {
    let one = PreciseNumber(1)
    switch self {
    case .variable: return x
    case .constant(let value): return PreciseNumber(value)
    case .sum(let a, let b): return a.preciseValue(x) + b.preciseValue(x)
    case .product(let a, let b): return a.preciseValue(x) * b.preciseValue(x)
    case .quotient(let a, let b): return a.preciseValue(x) / b.preciseValue(x)
    case .power(let base, let exponent):
      let value = base.preciseValue(x)
      var result = one
      for _ in 0..<exponent.magnitude { result = result * value }
      return exponent < 0 ? one / result : result
    case .choice(let test, let then, let otherwise):
      return test.preciseValue(x).signum > 0 ? then.preciseValue(x) : otherwise.preciseValue(x)
    case .function(let function, let argument):
      let u = argument.preciseValue(x)
      switch function {
      case .exp: return PreciseFunctions.exp(u)
      case .expm1: return PreciseFunctions.exp(u) - one
      case .log: return PreciseFunctions.log(u)
      case .log1p: return PreciseFunctions.log(one + u)
      case .sqrt: return u.signum > 0 ? u.squareRoot : PreciseNumber()
      case .sin: return PreciseFunctions.sineAndCosine(u).sine
      case .cos: return PreciseFunctions.sineAndCosine(u).cosine
      case .atan: return PreciseFunctions.arctan(u)
      case .sigmoid: return one / (one + PreciseFunctions.exp(-u))
      case .tanh: return one - PreciseNumber(2) / (one + PreciseFunctions.exp(u.scaled(by: 1)))
      case .softplus: return PreciseFunctions.log(one + PreciseFunctions.exp(u))
      case .erf: return PreciseFunctions.erf(u)
      case .erfSlope: return PreciseFunctions.exp(-(u * u)).scaled(by: 1) / PreciseFunctions.pi.squareRoot
      case .normalCDF:
        return (one + PreciseFunctions.erf(u / PreciseNumber(2).squareRoot)).scaled(by: -1)
      case .normalDensity:
        return PreciseFunctions.exp(-(u * u).scaled(by: -1)) / PreciseFunctions.pi.scaled(by: 1).squareRoot
      }
    }
  }
}
