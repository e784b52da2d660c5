/// What Adam's rule divides its running means by after a number of steps, since they begin at 0.
///
/// Source: D. P. Kingma and J. Ba, *Adam*, ICLR 2015, section 3.
struct AdamCorrection {
  /// Of the mean of the derivatives, and of the mean of their squares.
  let mean: Float
  let square: Float

  /// - Parameter step: from 1.
  init(step: Int) {
    mean = 1 / (1 - Self.power(0.9, step))
    square = 1 / (1 - Self.power(0.999, step))
  }

  private static func power(_ base: Float, _ exponent: Int) -> Float {
    var result: Float = 1
    for _ in 0..<min(exponent, 20_000) { result *= base }
    return result
  }
}
