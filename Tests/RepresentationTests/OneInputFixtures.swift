import Exact
import Probability

@testable import Representation

extension RandomSource {
  /// numerator / denominator with |numerator| ≤ size and 1 ≤ denominator ≤ `denominators`.
  mutating func lineNumber(size: Int, denominators: Int = 1) -> Rational {
    Rational(index(below: 2 * size + 1) - size, 1 + index(below: denominators))
  }

  /// A broken line through `count` points with slopes that need not differ.
  mutating func brokenLine(count: Int, size: Int = 6, denominators: Int = 2) throws -> BrokenLine {
    var x = lineNumber(size: size, denominators: denominators)
    var points: [BrokenLine.Point] = []
    for _ in 0..<count {
      points.append(.init(x, lineNumber(size: size, denominators: denominators)))
      x += Rational(1 + index(below: 3), 1 + index(below: denominators))
    }
    return try BrokenLine(
      points: points, leftSlope: lineNumber(size: 3), rightSlope: lineNumber(size: 3))
  }
}

enum LineFixture {
  /// A number from a text, such as "-3/7".
  static func number(_ text: String) throws -> Rational {
    guard let value = Rational(text) else { throw RepresentationError("\(text) is no number") }
    return value
  }

  /// h_a: 0 to the left of 0, then up to M and down to 0 in turn at the a's and at M, where the last segment goes on.
  static func tooth(_ peaks: [Rational], height: Rational) throws -> BrokenLine {
    var points = [BrokenLine.Point(0, 0)]
    for (index, x) in (peaks + [height]).enumerated() { points.append(.init(x, index % 2 == 0 ? height : 0)) }
    return try BrokenLine(points: points, leftSlope: 0)
  }

  /// The composition of teeth, the first innermost.
  static func sawtooth(_ peaks: [[Rational]], height: Rational = 1) throws -> BrokenLine {
    try peaks.reduce(BrokenLine(slope: 1, constant: 0)) { try LineFixture.tooth($1, height: height).composed(with: $0) }
  }

  static func uniformSawtooth(width: Int, depth: Int) throws -> BrokenLine {
    try LineFixture.sawtooth(Array(repeating: (1..<width).map { Rational($0, width) }, count: depth))
  }
}
