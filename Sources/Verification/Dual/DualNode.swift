/// A part of a case that is still open: the units that were split on the way, and the parameters of its bound.
struct DualNode: Sendable {
  struct Split: Sendable {
    /// The number among the open units.
    var open: Int
    /// Whether the unit's form is at least 0 here.
    var isAbove: Bool
    var multiplier: Float
    /// In what the multiplier is measured: the unit's coefficient when it was split.
    var scale: Float

    var sign: Float { isAbove ? 1 : -1 }
  }

  var splits: [Split] = []
  /// The slope of each open unit's free line, in 1/128.
  var fractions: [UInt8]
  /// Of each requirement.
  var weights: [Float]
  var bound = Float.infinity
  /// The open units whose split promises most, the best first, and their coefficients.
  var candidates: [(open: Int, coefficient: Float)] = []
  var share = 1.0
  /// Its place among the proof's nodes.
  var record = 0
}
