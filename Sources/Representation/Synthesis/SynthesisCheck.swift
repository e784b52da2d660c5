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
  ///   - written: the same as it was written, read back; nil when it was written as it is.
  ///   - isRounded: whether a weight changed.
  ///   - unit: the relative error of a rounded weight, such as 2^−53.
  /// - Throws: `RepresentationError` when the numbers of inputs or outputs differ.
  /// - Complexity: that of up to three comparisons. Where there are many pieces the rounded network is not compared on them:
  ///   a bound follows from the changes of its weights.
  public init(
    _ function: PolyhedralFunction, _ network: RationalNetwork, written: UnitNetwork?, isRounded: Bool,
    unit: Double, threads: Int = defaultThreadCount, cancellation: Cancellation = Cancellation(),
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws {
    func run(_ comparison: FunctionComparison, isRounded: Bool) -> FunctionComparison.Result {
      var comparison = comparison
      comparison.threads = threads
      comparison.cancellation = cancellation
      comparison.progress = progress
      return isRounded ? comparison.runWithinRounding(unit: unit) : comparison.run()
    }
    func writtenComparison(_ function: PolyhedralFunction) throws -> FunctionComparison {
      try written.map { try FunctionComparison(function, $0) } ?? FunctionComparison(function, network)
    }
    guard isRounded else {
      self.written = run(try writtenComparison(function), isRounded: false)
      exact = nil
      boxed = nil
      return
    }
    let before = run(try FunctionComparison(function, network), isRounded: false)
    // Slivers between creases that were one before rounding: the many pieces become a multiple of that.
    if before.isEqual, before.pieces > FunctionComparison.fewPieces,
      let bounded = try writtenComparison(function).boundedByWeights(of: network)
    {
      self.written = bounded
      exact = before
      boxed = nil
      return
    }
    self.written = run(try writtenComparison(function), isRounded: true)
    exact = self.written.isEqual ? nil : before
    guard self.written.largest == nil else {
      boxed = nil
      return
    }
    let (lower, upper) = function.widenedVertexBounds(times: Self.widening)
    let part = try function.clipped(toBox: lower, upper)
    boxed = (lower, upper, run(try writtenComparison(part), isRounded: true))
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
