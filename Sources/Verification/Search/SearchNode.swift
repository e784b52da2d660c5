import Certificates
import Exact

/// A part of a case that is still open.
struct SearchNode: Sendable {
  var ranges: UnitRanges
  /// The units that were split above this node.
  var cuts: [Int] = []
  /// Its share of the case's volume, a split unit halving it.
  var share = 1.0
  /// The slack of its parent.
  var slack = 0.0
  /// Its place among the proof's nodes.
  var record = 0

  /// The root of a case.
  init(box: [Interval], unitCount: Int) {
    ranges = UnitRanges(boxLower: box.map(\.lower), boxUpper: box.map(\.upper), unitCount: unitCount)
  }

  /// A child before it is told what it knows more.
  var half: SearchNode {
    var child = self
    child.share /= 2
    return child
  }
}

/// What became of a node.
struct NodeOutcome: Sendable {
  enum Ending: Sendable {
    case closed
    /// Its box is a point, or as narrow as doubles allow.
    case stuck
    case split([SearchNode])
  }

  var steps: [SafetyProof.Step]
  var ending: Ending
  /// Points of the node's box that the doubles say satisfy the case, to be judged exactly.
  var candidates: [[Double]] = []
  /// The point at which the relaxed requirements have most slack, and the least value of the true ones there.
  var nearest: Near?
  /// The largest slack of the relaxed requirements, where it was computed: how far the node is from being closed.
  var slack = 0.0
  /// By how much the bound that closed the node is below 0.
  var margin = Double.infinity

  /// A point and the least value that a requirement has there: where that is not negative, the point satisfies the case.
  struct Near: Sendable {
    var point: [Double]
    var least: Double
  }

  mutating func close(_ claim: SafetyProof.Claim, margin: Double) {
    steps.append(.claim(claim))
    self.margin = margin
    ending = .closed
  }
}
