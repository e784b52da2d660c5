import Exact
import Probability

/// The box in which points are looked for, and the inputs that are free in it.
struct SearchBox: Sendable {
  let lower: [Double]
  let upper: [Double]
  let free: [Int]

  /// An end beyond 2⁶⁴ counts as none: from the other end a length of 2⁷ is searched, without ends from −2⁶ to 2⁶.
  init(_ box: [Interval]) {
    let ends = box.map { Self.finiteEnds($0) }
    let lower = ends.map(\.0)
    let upper = ends.map(\.1)
    self.lower = lower
    self.upper = upper
    free = lower.indices.filter { lower[$0] < upper[$0] }
  }

  private static func finiteEnds(_ range: Interval) -> (Double, Double) {
    switch (range.lower > -0x1p64, range.upper < 0x1p64) {
    case (true, true): (range.lower, range.upper)
    case (true, false): (range.lower, range.lower + 128)
    case (false, true): (range.upper - 128, range.upper)
    case (false, false): (-64, 64)
    }
  }

  var middle: [Double] { zip(lower, upper).map { $0 + ($1 - $0) / 2 } }

  func width(_ input: Int) -> Double { upper[input] - lower[input] }

  func clamped(_ value: Double, input: Int) -> Double { min(max(value, lower[input]), upper[input]) }

  func clamped(_ point: [Double]) -> [Double] { point.enumerated().map { clamped($1, input: $0) } }

  /// A point with independent uniform coordinates, or one of the corners.
  func random(corner: Bool, _ source: inout RandomSource) -> [Double] {
    lower.indices.map { input in
      let share = source.uniform()
      return clamped(lower[input] + (corner ? share.rounded() : share) * width(input), input: input)
    }
  }
}
