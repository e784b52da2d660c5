import Certificates

/// A part of a case that is still open: the units that were split on the way, the ranges that are known, and the parameters of
/// its bound.
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
  /// The range of the form of each open unit.
  var lower: [Float]
  var upper: [Float]
  /// What narrowed the ranges since the last split, as steps of a proof.
  var claims: [SafetyProof.Step] = []
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

  /// Whether a unit can be on either side of 0.
  func isOpen(_ open: Int) -> Bool { lower[open] < 0 && upper[open] > 0 }

  /// Takes the best parameters of a lane, the slopes rounded as a proof has them.
  mutating func takeParameters(of lane: Int, _ batch: DualBatch) {
    for open in fractions.indices {
      fractions[open] = UInt8(max(0, min(128, (batch.parameter(open, lane: lane) * 128).rounded())))
    }
    for index in splits.indices {
      splits[index].multiplier = batch.parameter(splits[index].open, lane: lane)
      fractions[splits[index].open] = 0
    }
  }
}
