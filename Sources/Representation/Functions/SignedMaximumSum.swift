import Exact

/// A function ℝⁿ → ℝ as a sum of maxima with integer coefficients:
///
///     f(x) = Σ over terms of  coefficient · max over j ∈ arguments of  functions[j](x)
///
/// Every continuous piecewise-linear function has this form with at most n + 1 arguments in a term. A term with one
/// argument is affine.
///
/// Source: S. Wang, X. Sun, *Generalization of hinging hyperplanes* (2005), Theorem 1; R. Arora et al., *Understanding
/// deep neural networks with rectified linear units* (2018), proof of Theorem 2.1.
public struct SignedMaximumSum: Sendable, Equatable {
  public struct Term: Sendable, Hashable {
    /// Not zero.
    public var coefficient: Int
    /// Indices of functions, sorted, without repetition, not empty.
    public var arguments: [Int]

    public init(coefficient: Int, arguments: [Int]) {
      self.coefficient = coefficient
      self.arguments = arguments
    }
  }

  public var functions: [AffineFunction]
  public var terms: [Term]

  public init(functions: [AffineFunction], terms: [Term]) {
    self.functions = functions
    self.terms = terms
  }

  public var inputs: Int { functions[0].inputs }

  /// The largest number of arguments of a term; 0 without terms.
  public var largestArity: Int { terms.map(\.arguments.count).max() ?? 0 }

  /// O(total arguments + functions · n).
  public func callAsFunction(_ point: [Rational]) -> Rational {
    let values = functions.map { $0(point) }
    return terms.reduce(.zero) { sum, term in
      let largest = term.arguments.dropFirst().reduce(values[term.arguments[0]]) { max($0, values[$1]) }
      return sum + Rational(term.coefficient) * largest
    }
  }
}
