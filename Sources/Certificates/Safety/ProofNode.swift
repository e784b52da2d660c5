import Exact

/// What is known at a node of a proof: an interval for each input and for the form of each unit.
struct ProofNode: Sendable {
  /// The ends of the intervals: the inputs', then the units'. Only those of an empty node may be out of order.
  private(set) var lower: [Double]
  private(set) var upper: [Double]
  /// The slopes in use, one for each unit.
  var fractions: [UInt8]
  /// For each unit a bound of Σ |wⱼ vⱼ| + |c| over its form; infinite before the first `ranges`.
  private(set) var sizes: [Double]
  /// At least each of `sizes`, and each max |vⱼ|, that is finite.
  private(set) var largest = 0.0
  /// Whether the intervals contradict each other: no point is left.
  private(set) var isEmpty = false

  init(box: [Interval], unitCount: Int) {
    lower = box.map(\.lower) + Array(repeating: -.infinity, count: unitCount)
    upper = box.map(\.upper) + Array(repeating: .infinity, count: unitCount)
    fractions = Array(repeating: 0, count: unitCount)
    sizes = Array(repeating: .infinity, count: unitCount)
    for side in box { include(max(-side.lower, side.upper)) }
  }

  mutating func include(_ size: Double) {
    if size.isFinite { largest = max(largest, size) }
  }

  mutating func setSize(_ size: Double, of unit: Int) {
    sizes[unit] = size
    include(size)
  }

  mutating func raise(_ index: Int, to value: Double) {
    guard value > lower[index] else { return }
    lower[index] = value
    if value > upper[index] { isEmpty = true }
  }

  mutating func reduce(_ index: Int, to value: Double) {
    guard value < upper[index] else { return }
    upper[index] = value
    if value < lower[index] { isEmpty = true }
  }

  func interval(_ index: Int) -> Interval { Interval(lower: lower[index], upper: upper[index]) }
}
