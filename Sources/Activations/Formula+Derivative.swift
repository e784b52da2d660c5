extension Formula {
  /// The derivative with respect to x, almost everywhere: jumps leave no trace. At most a constant times the nodes of
  /// the formula for each level of products.
  public var derivative: Formula {
    switch self {
    case .variable: .constant(1)
    case .constant: .constant(0)
    case .sum(let a, let b): a.derivative + b.derivative
    case .product(let a, let b): a.derivative * b + a * b.derivative
    case .quotient(let a, .constant(let b)): a.derivative / .constant(b)
    case .quotient(let a, let b): (a.derivative * b - a * b.derivative) / b.raised(to: 2)
    case .power(let base, let exponent):
      .constant(Double(exponent)) * base.raised(to: exponent - 1) * base.derivative
    case .function(let function, let argument): Self.derivative(of: function, at: argument) * argument.derivative
    case .choice(let test, let then, let otherwise):
      test.choosing(then: then.derivative, otherwise: otherwise.derivative)
    }
  }

  private static func derivative(of function: Function, at u: Formula) -> Formula {
    let one = Formula.constant(1)
    switch function {
    case .exp: return u.applying(.exp)
    case .expm1: return u.applying(.exp)
    case .log: return one / u
    case .log1p: return one / (one + u)
    case .sqrt: return .constant(0.5) / u.applying(.sqrt)
    case .sin: return u.applying(.cos)
    case .cos: return -u.applying(.sin)
    case .tanh: return one - u.applying(.tanh).raised(to: 2)
    case .atan: return one / (one + u.raised(to: 2))
    // σ(u)σ(−u) keeps its digits where σ(u)(1 − σ(u)) loses them.
    case .sigmoid: return u.applying(.sigmoid) * (-u).applying(.sigmoid)
    case .softplus: return u.applying(.sigmoid)
    // A function of its own, so that no rounded constant stands before it.
    case .erf: return u.applying(.erfSlope)
    case .erfSlope: return .constant(-2) * u * u.applying(.erfSlope)
    case .normalCDF: return u.applying(.normalDensity)
    case .normalDensity: return -u * u.applying(.normalDensity)
    }
  }
}
