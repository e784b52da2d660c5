import Certificates
import Exact

/// The answer to a query.
public enum Verdict: Sendable {
  /// No point satisfies it. The proofs, one for each case, when they were asked for.
  case unsatisfiable(proofs: [SafetyProof]?)
  case satisfiable(Witness)
  /// Neither was shown, for a reason that is told.
  case unknown(String)
  /// The time limit came first, or a person stopped the work.
  case stopped
}

/// A point that satisfies a query.
public struct Witness: Sendable, Hashable {
  /// A value for each input of the problem's network, for which the query holds over the real numbers: that was decided in
  /// exact arithmetic.
  public var point: [Rational]
  /// Whether every coordinate is a number of the element type that the query declares for it.
  public var isRepresentable: Bool
  /// Whether the query also holds for the outputs that single precision arithmetic gives, node after node.
  public var singlePrecision: SinglePrecisionAgreement

  public init(point: [Rational], isRepresentable: Bool, singlePrecision: SinglePrecisionAgreement) {
    self.point = point
    self.isRepresentable = isRepresentable
    self.singlePrecision = singlePrecision
  }

  /// Whether nothing is left to be wished: a point of the declared element types that satisfies the query in any single
  /// precision arithmetic too.
  public var isStrict: Bool { isRepresentable && singlePrecision == .always }

  /// How much is shown of it.
  var rank: Int {
    (isRepresentable ? 4 : 0) + (singlePrecision == .always ? 2 : singlePrecision == .inNaturalOrder ? 1 : 0)
  }
}
