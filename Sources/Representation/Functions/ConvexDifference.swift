import Exact

/// A function ℝⁿ → ℝ as the difference of two convex ones: max of `convex` − max of `subtracted`.
public struct ConvexDifference: Sendable, Equatable {
  /// At least one.
  public var convex: [AffineFunction]
  /// At least one.
  public var subtracted: [AffineFunction]

  public init(convex: [AffineFunction], subtracted: [AffineFunction]) {
    self.convex = convex
    self.subtracted = subtracted
  }

  public var inputs: Int { convex[0].inputs }

  /// O(functions · n).
  public func callAsFunction(_ point: [Rational]) -> Rational { signedMaxima(point) }

  /// The same function as a signed sum of two maxima.
  public var signedMaxima: SignedMaximumSum {
    SignedMaximumSum(
      functions: convex + subtracted,
      terms: [
        SignedMaximumSum.Term(coefficient: 1, arguments: Array(convex.indices)),
        SignedMaximumSum.Term(coefficient: -1, arguments: Array(convex.count..<convex.count + subtracted.count)),
      ])
  }
}
