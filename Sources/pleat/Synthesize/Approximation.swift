import Exact
import Representation

/// A best approximation by a continuous function with few affine pieces, and what is proved about it.
struct Approximation {
  /// How a claim of optimality is backed.
  enum Proof {
    /// Exact obstacles to every smaller error, or to fewer pieces.
    case obstacles([UniformObstacle])
    /// Two samples at one input.
    case ambiguousInput(Rational)
    /// The checker accepted a certificate of the lower bound.
    case certificate
    /// Nobody did.
    case none
  }

  var function: BrokenLine
  /// In the norm asked for, at the samples or over the interval; exact for the uniform norm and for l1, and for l2 the
  /// square is.
  var error: Double
  /// The error as a fraction; of l2 the square.
  var exact: Rational
  /// No function with as many pieces has a smaller error.
  var lowerBound: Double
  var proof: Proof
  /// Whether no function with fewer pieces is within the error asked for: proved; nil when pieces were given.
  var hasFewestPieces: Bool?
  /// False when the search was stopped.
  var isComplete: Bool
  /// Of how many points of the function it is the best approximation, when not the function itself was approximated: the
  /// error is then that of the function, and no lower bound is known.
  var pointCount: Int?

  init(_ best: UniformApproximation) {
    function = best.function
    error = best.error.doubleValue
    exact = best.error
    lowerBound = best.lowerBound.doubleValue
    proof = best.ambiguousInput.map { .ambiguousInput($0) } ?? .obstacles(best.obstacles)
    hasFewestPieces = nil
    isComplete = true
  }

  init(_ fewest: FewestPieces) {
    function = fewest.function
    error = fewest.error.doubleValue
    exact = fewest.error
    lowerBound = 0
    proof = .obstacles(fewest.obstacles)
    hasFewestPieces = true
    isComplete = true
  }

  init(
    function: BrokenLine, error: Double, exact: Rational, lowerBound: Double, isCertified: Bool, isComplete: Bool
  ) {
    self.function = function
    self.error = error
    self.exact = exact
    self.lowerBound = lowerBound
    proof = isCertified ? .certificate : .none
    hasFewestPieces = nil
    self.isComplete = isComplete
  }
}
