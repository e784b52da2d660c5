import Foundation

/// A real function of one variable x, as a tree.
///
/// Trees are made by ``init(parsing:)``, by the operators, and by ``derivative``. Sums and products with constants are
/// folded when they are made. A function is defined for almost all x; at a point where a condition changes, the branch
/// "not greater than zero" counts.
public indirect enum Formula: Sendable, Hashable {
  case variable
  case constant(Double)
  case sum(Formula, Formula)
  case product(Formula, Formula)
  case quotient(Formula, Formula)
  /// A whole power, of any sign.
  case power(Formula, Int)
  case function(Function, Formula)
  /// `then` where the test is greater than zero, else `otherwise`.
  case choice(test: Formula, then: Formula, otherwise: Formula)

  /// The smooth functions a formula may call, by the names it calls them.
  public enum Function: String, Sendable, Hashable, CaseIterable {
    case exp
    case expm1
    case log
    case log1p
    case sqrt
    case sin
    case cos
    case tanh
    case atan
    /// 1/(1 + e⁻ˣ)
    case sigmoid
    /// log(1 + eˣ)
    case softplus
    case erf
    /// 2/√π e^(−x²), the slope of erf.
    case erfSlope = "erf_slope"
    /// The normal distribution function.
    case normalCDF = "Phi"
    /// The normal density.
    case normalDensity = "phi"

    /// The value at `x`, to a few units in the last place.
    public func callAsFunction(_ x: Double) -> Double {
      switch self {
      case .exp: Foundation.exp(x)
      case .expm1: Foundation.expm1(x)
      case .log: Foundation.log(x)
      case .log1p: Foundation.log1p(x)
      case .sqrt: x.squareRoot()
      case .sin: Foundation.sin(x)
      case .cos: Foundation.cos(x)
      case .tanh: Foundation.tanh(x)
      case .atan: Foundation.atan(x)
      case .sigmoid: x >= 0 ? 1 / (1 + Foundation.exp(-x)) : 1 - 1 / (1 + Foundation.exp(x))
      case .softplus: max(x, 0) + Foundation.log1p(Foundation.exp(-abs(x)))
      case .erf: Foundation.erf(x)
      case .erfSlope: 2 / Double.pi.squareRoot() * Foundation.exp(-x * x)
      case .normalCDF: 0.5 * Foundation.erfc(-x * 0.5.squareRoot())
      case .normalDensity: Foundation.exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
      }
    }
  }

  /// The value at `x`; NaN where the formula has none. O(nodes).
  public func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .variable: x
    case .constant(let value): value
    case .sum(let a, let b): a(x) + b(x)
    case .product(let a, let b): a(x) * b(x)
    case .quotient(let a, let b): a(x) / b(x)
    case .power(let base, let exponent): Self.power(base(x), exponent)
    case .function(let function, let argument): function(argument(x))
    case .choice(let test, let then, let otherwise): test(x) > 0 ? then(x) : otherwise(x)
    }
  }

  /// The number of nodes.
  var size: Int {
    switch self {
    case .variable, .constant: 1
    case .sum(let a, let b), .product(let a, let b), .quotient(let a, let b): 1 + a.size + b.size
    case .power(let a, _), .function(_, let a): 1 + a.size
    case .choice(let test, let then, let otherwise): 1 + test.size + then.size + otherwise.size
    }
  }

  static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent.magnitude)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return exponent < 0 ? 1 / result : result
  }
}

// Construction, with constants folded.
extension Formula {
  public static func + (a: Formula, b: Formula) -> Formula {
    switch (a, b) {
    case (.constant(let x), .constant(let y)): .constant(x + y)
    case (.constant(0), _): b
    case (_, .constant(0)): a
    default: .sum(a, b)
    }
  }

  public static func * (a: Formula, b: Formula) -> Formula {
    switch (a, b) {
    case (.constant(let x), .constant(let y)): .constant(x * y)
    case (.constant(0), _), (_, .constant(0)): .constant(0)
    case (.constant(1), _): b
    case (_, .constant(1)): a
    case (.constant(let x), .product(.constant(let y), let c)): .constant(x * y) * c
    case (_, .constant): .product(b, a)
    default: .product(a, b)
    }
  }

  public static func / (a: Formula, b: Formula) -> Formula {
    switch (a, b) {
    case (.constant(let x), .constant(let y)) where y != 0: .constant(x / y)
    case (.constant(0), _): .constant(0)
    case (_, .constant(1)): a
    // Powers of two have exact inverses, and a product is easier to take apart than a quotient.
    case (_, .constant(let y)) where y != 0 && y.significand == 1: .constant(1 / y) * a
    default: .quotient(a, b)
    }
  }

  public static prefix func - (a: Formula) -> Formula { .constant(-1) * a }

  public static func - (a: Formula, b: Formula) -> Formula { a + -b }

  public func raised(to exponent: Int) -> Formula {
    switch (self, exponent) {
    case (_, 0): .constant(1)
    case (_, 1): self
    case (.constant(let x), _): .constant(Self.power(x, exponent))
    default: .power(self, exponent)
    }
  }

  public func applying(_ function: Function) -> Formula {
    if case .constant(let x) = self { return .constant(function(x)) }
    return .function(function, self)
  }

  /// `then` where this is greater than zero, else `otherwise`.
  public func choosing(then: Formula, otherwise: Formula) -> Formula {
    if case .constant(let x) = self { return x > 0 ? then : otherwise }
    return then == otherwise ? then : .choice(test: self, then: then, otherwise: otherwise)
  }
}
