import Exact

/// A best approximation in the uniform norm by a continuous function with few affine pieces, which a network with one hidden
/// layer then is (``BrokenLine/minimalTwoLayerNetwork(outputBias:)``), and the proof that none is better.
public struct UniformApproximation: Sendable, Equatable {
  public let function: BrokenLine
  /// The largest distance of the function from what it approximates: at the samples, or over the whole interval.
  public let error: Rational
  /// No function with as many pieces has a smaller error.
  public let lowerBound: Rational
  /// The proof of a bound other than 0: obstacles to every smaller error, as many as pieces were allowed. Empty when
  /// ``ambiguousInput`` is the reason.
  public let obstacles: [UniformObstacle]
  /// An input that has samples twice the lower bound apart, when that is the reason for the bound.
  public let ambiguousInput: Rational?

  static func check(pieces: Int) throws {
    guard pieces > 0 else { throw RepresentationError("a function has at least one piece, not \(pieces)") }
  }

  static func check(error: Rational) throws {
    guard error.signum >= 0 else { throw RepresentationError("an error is not negative, as \(error) is") }
  }

  /// A number strictly between two others, near the middle, with few digits.
  static func between(_ low: Rational, _ high: Rational) -> Rational {
    let middle = (low + high) / 2
    let width = (high - low).doubleValue
    guard width.isFinite, width > .leastNormalMagnitude else { return middle }
    // Rounded down by less than a quarter of the width.
    return middle.roundedDown(bits: 3 - Int(width.exponent))
  }
}
