import Exact
import Execution
import Networks

/// What became of a function when its network was written in floating-point numbers: compared over the whole domain.
public struct SynthesisCheck: Sendable {
  /// The function against the network as it was written.
  public let written: FunctionComparison.Result
  /// The function against the network before its weights were rounded; nil when that is the same network, or when the
  /// written one is equal.
  public let exact: FunctionComparison.Result?
  /// A box and the comparison on it, when the written network parts without bound.
  public let boxed: (lower: [Rational], upper: [Rational], result: FunctionComparison.Result)?

  /// The box is so many times as wide as that of the function's vertices.
  public static let widening = 2

  /// - Parameters:
  ///   - function: on its domain.
  ///   - network: with the exact weights.
  ///   - written: the same as it was written, read back.
  ///   - isRounded: whether a weight changed.
  /// - Throws: `RepresentationError` when the numbers of inputs or outputs differ.
  /// - Complexity: that of up to three comparisons.
  public init(
    _ function: PolyhedralFunction, _ network: RationalNetwork, written: UnitNetwork, isRounded: Bool,
    threads: Int = defaultThreadCount, cancellation: Cancellation = Cancellation(),
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws {
    func run(_ comparison: FunctionComparison) -> FunctionComparison.Result {
      var comparison = comparison
      comparison.threads = threads
      comparison.cancellation = cancellation
      comparison.progress = progress
      return comparison.run()
    }
    self.written = run(try FunctionComparison(function, written))
    guard isRounded, !self.written.isEqual else {
      exact = nil
      boxed = nil
      return
    }
    exact = run(try FunctionComparison(function, network))
    guard self.written.largest == nil else {
      boxed = nil
      return
    }
    let (lower, upper) = function.widenedVertexBounds(times: Self.widening)
    let part = try function.clipped(toBox: lower, upper)
    boxed = (lower, upper, run(try FunctionComparison(part, written)))
  }
}

extension PolyhedralFunction {
  /// The box around the vertices, widened about its centre; an extent of 0 counts as 2.
  func widenedVertexBounds(times factor: Int) -> (lower: [Rational], upper: [Rational]) {
    let bounds = vertexBounds
    let half = Rational(1, 2)
    let centres = zip(bounds.lower, bounds.upper).map { half * ($0 + $1) }
    let reaches = zip(bounds.lower, bounds.upper).map { lower, upper in
      Rational(factor) * (upper > lower ? half * (upper - lower) : .one)
    }
    return (zip(centres, reaches).map { $0 - $1 }, zip(centres, reaches).map { $0 + $1 })
  }
}
