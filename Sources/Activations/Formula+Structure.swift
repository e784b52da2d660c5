import Foundation

/// Where the function stops being analytic off the real line.
public enum Analyticity: Sendable, Hashable {
  /// Analytic in the whole complex plane: sin, exp, erf, GELU, polynomials.
  case entire
  /// Analytic for |Im x| below this, and not beyond: π/2 for tanh, π for the logistic function.
  case strip(Double)
  /// Pieces that meet with a jump in some derivative.
  case piecewise
  /// Smooth on the line as far as the formula shows; how far into the plane is not known.
  case unknown
}

extension Formula {
  /// The coefficients of a polynomial, from the constant on; nil for other functions. Structural, so "nil" is also said
  /// of formulas that only happen to simplify.
  public var polynomialCoefficients: [Double]? {
    func product(_ a: [Double], _ b: [Double]) -> [Double]? {
      guard a.count + b.count <= 130 else { return nil }
      var result = [Double](repeating: 0, count: a.count + b.count - 1)
      for i in a.indices { for j in b.indices { result[i + j] += a[i] * b[j] } }
      return result
    }
    switch self {
    case .variable: return [0, 1]
    case .constant(let value): return [value]
    case .sum(let a, let b):
      guard let a = a.polynomialCoefficients, let b = b.polynomialCoefficients else { return nil }
      var result = (0..<max(a.count, b.count)).map { ($0 < a.count ? a[$0] : 0) + ($0 < b.count ? b[$0] : 0) }
      while result.count > 1, result.last == 0 { result.removeLast() }
      return result
    case .product(let a, let b):
      guard let a = a.polynomialCoefficients, let b = b.polynomialCoefficients else { return nil }
      return product(a, b)
    case .quotient(let a, .constant(let value)): return a.polynomialCoefficients?.map { $0 / value }
    case .power(let base, let exponent) where exponent >= 0:
      guard let base = base.polynomialCoefficients else { return nil }
      var result: [Double]? = [1]
      for _ in 0..<exponent { result = result.flatMap { product($0, base) } }
      return result
    default: return nil
    }
  }

  /// Slope and intercept of an affine function.
  var affineCoefficients: (slope: Double, intercept: Double)? {
    guard let coefficients = polynomialCoefficients, coefficients.count <= 2 else { return nil }
    return (coefficients.count == 2 ? coefficients[1] : 0, coefficients[0])
  }

  /// Whether the derivative is constant between breakpoints, as far as the formula shows.
  var isPiecewisePolynomial: Bool {
    switch self {
    case .variable, .constant: true
    case .sum(let a, let b), .product(let a, let b): a.isPiecewisePolynomial && b.isPiecewisePolynomial
    case .quotient(let a, .constant): a.isPiecewisePolynomial
    case .power(let base, let exponent): exponent >= 0 && base.isPiecewisePolynomial
    case .choice(let test, let then, let otherwise):
      test.isPiecewisePolynomial && then.isPiecewisePolynomial && otherwise.isPiecewisePolynomial
    case .quotient, .function: false
    }
  }

  /// The tests on which choices depend.
  var tests: Set<Formula> {
    switch self {
    case .variable, .constant: []
    case .sum(let a, let b), .product(let a, let b), .quotient(let a, let b): a.tests.union(b.tests)
    case .power(let a, _), .function(_, let a): a.tests
    case .choice(let test, let then, let otherwise):
      test.tests.union(then.tests).union(otherwise.tests).union([test])
    }
  }

  /// The formula in which every choice is made as at `x`: analytic, and equal to this one near `x` unless a test
  /// changes there.
  func piece(at x: Double) -> Formula {
    switch self {
    case .variable, .constant: self
    case .sum(let a, let b): a.piece(at: x) + b.piece(at: x)
    case .product(let a, let b): a.piece(at: x) * b.piece(at: x)
    case .quotient(let a, let b): a.piece(at: x) / b.piece(at: x)
    case .power(let a, let exponent): a.piece(at: x).raised(to: exponent)
    case .function(let function, let a): a.piece(at: x).applying(function)
    case .choice(let test, let then, let otherwise): test(x) > 0 ? then.piece(at: x) : otherwise.piece(at: x)
    }
  }

  /// The distance from the real line to the nearest complex singularity of a formula without choices.
  var analyticity: Analyticity {
    func nearer(_ a: Analyticity, _ b: Analyticity) -> Analyticity {
      switch (a, b) {
      case (.piecewise, _), (_, .piecewise): .piecewise
      case (.unknown, _), (_, .unknown): .unknown
      case (.strip(let s), .strip(let t)): .strip(min(s, t))
      case (.strip, .entire): a
      default: b
      }
    }
    switch self {
    case .variable, .constant: return .entire
    case .sum(let a, let b), .product(let a, let b): return nearer(a.analyticity, b.analyticity)
    case .quotient(let a, .constant(let value)) where value != 0: return a.analyticity
    case .quotient: return .unknown
    case .power(let a, let exponent): return exponent >= 0 ? a.analyticity : .unknown
    case .choice: return .piecewise
    case .function(let function, let argument):
      switch function {
      case .exp, .expm1, .sin, .cos, .erf, .erfSlope, .normalCDF, .normalDensity: return argument.analyticity
      case .tanh, .sigmoid, .softplus, .atan:
        guard let slope = argument.affineCoefficients?.slope else { return .unknown }
        let distance: Double = function == .tanh ? .pi / 2 : function == .atan ? 1 : .pi
        return slope == 0 ? .entire : .strip(distance / abs(slope))
      case .log, .log1p, .sqrt: return .unknown
      }
    }
  }

  /// The even and the odd part, exactly; nil where the formula does not show them.
  public var parts: (even: Formula, odd: Formula)? {
    let zero = Formula.constant(0)
    switch self {
    case .variable: return (zero, self)
    case .constant: return (self, zero)
    case .sum(let a, let b):
      guard let a = a.parts, let b = b.parts else { return nil }
      return (a.even + b.even, a.odd + b.odd)
    case .product(let a, let b):
      guard let a = a.parts, let b = b.parts else { return nil }
      return (a.even * b.even + a.odd * b.odd, a.even * b.odd + a.odd * b.even)
    case .quotient(let a, let b):
      guard let a = a.parts, let b = b.parts else { return nil }
      if b.odd == zero { return (a.even / b.even, a.odd / b.even) }
      return b.even == zero ? (a.odd / b.odd, a.even / b.odd) : nil
    case .power(let base, let exponent):
      guard let parts = base.parts else { return nil }
      if parts.odd == zero || (parts.even == zero && exponent % 2 == 0) { return (self, zero) }
      if parts.even == zero { return (zero, self) }
      guard exponent > 0, exponent <= 16, size <= 200 else { return nil }
      return (1..<exponent).reduce(Optional(base)) { result, _ in result.map { .product($0, base) } }?.parts
    case .function(let function, let argument):
      guard let inner = argument.parts else { return nil }
      if inner.odd == zero { return (self, zero) }
      guard inner.even == zero else { return nil }
      switch function {
      case .sin, .tanh, .atan, .erf: return (zero, self)
      case .cos, .erfSlope, .normalDensity: return (self, zero)
      case .sigmoid: return (.constant(0.5), .constant(0.5) * (.constant(0.5) * argument).applying(.tanh))
      case .normalCDF:
        return (.constant(0.5), .constant(0.5) * (.constant(0.5.squareRoot()) * argument).applying(.erf))
      case .softplus: return (self - .constant(0.5) * argument, .constant(0.5) * argument)
      default: return nil
      }
    case .choice(let test, let then, let otherwise):
      guard let test = test.parts, let then = then.parts, let otherwise = otherwise.parts else { return nil }
      let half = Formula.constant(0.5)
      if test.odd == zero {
        return (
          self == .choice(test: test.even, then: then.even, otherwise: otherwise.even)
            ? self : test.even.choosing(then: then.even, otherwise: otherwise.even),
          test.even.choosing(then: then.odd, otherwise: otherwise.odd)
        )
      }
      guard test.even == zero else { return nil }
      // With s = ±1 the sign of the test: f = (t + o)/2 + s (t − o)/2.
      let sum = (even: half * (then.even + otherwise.even), odd: half * (then.odd + otherwise.odd))
      let difference = (even: half * (then.even - otherwise.even), odd: half * (then.odd - otherwise.odd))
      func signed(_ f: Formula) -> Formula { test.odd.choosing(then: f, otherwise: -f) }
      return (sum.even + signed(difference.odd), sum.odd + signed(difference.even))
    }
  }
}
