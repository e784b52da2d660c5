import Exact

/// A continuous piecewise-linear function ℝⁿ → ℝ as a maximum of minima of affine functions:
///
///     f(x) = max over clauses K of  min over j ∈ K of  functions[j](x)
///
/// Every continuous piecewise-linear function has this form, with its own affine pieces as the functions.
///
/// Source: J. Tarela, M. Martínez, *Region configurations for realizability of lattice piecewise-linear models* (1999); S.
/// Ovchinnikov, *Max-min representation of piecewise linear functions* (2002).
public struct LatticeForm: Sendable, Equatable {
  public var functions: [AffineFunction]
  /// Indices of functions, each clause sorted, without repetition, not empty; at least one clause.
  public var clauses: [[Int]]

  public init(functions: [AffineFunction], clauses: [[Int]]) {
    self.functions = functions
    self.clauses = clauses.map { Array(Set($0)).sorted() }
  }

  public var inputs: Int { functions[0].inputs }

  /// O(clause lengths + functions · n).
  public func callAsFunction(_ point: [Rational]) -> Rational {
    let values = functions.map { $0(point) }
    let minima = clauses.map { clause in clause.dropFirst().reduce(values[clause[0]]) { min($0, values[$1]) } }
    return minima.dropFirst().reduce(minima[0], max)
  }
}
