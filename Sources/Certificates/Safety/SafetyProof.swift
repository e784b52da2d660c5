/// Why no point satisfies a case of a query: a tree over boxes and phases, written down in the order of a depth-first
/// walk.
///
/// **What a node knows.** A box for the inputs; for each unit of the network the range of its form z; nothing else. The
/// root of a case has the case's box and no ranges. A step adds knowledge, or splits the node in two, whose steps
/// follow one after the other, or closes it. A unit whose range lies on one side of 0 is *linear* there; any other is
/// bounded by two lines over its range: the chord on one side, on the other the line through the origin whose slope the
/// proof chooses.
///
/// **How an upper bound is had.** An affine form over the network's values is written as one of the inputs by replacing
/// every unit, last to first, by the line above or below it that its coefficient asks for; over the box that has a
/// largest value. A claim adds to its form what is not negative for the points in question: requirements of the case,
/// and forms of units that have been split or fixed, each times a multiplier ≥ 0. These multipliers, the slopes and the
/// chords are the dual solution of the linear relaxation of the network (Salman et al., 2019; Wang et al., β-CROWN,
/// 2021).
///
/// **What the checker needs no proof for.** Where a step leaves no number for an input or for a unit's form, the node
/// is empty and every claim holds; its steps still have to close it. A range without an end admits the lines that are
/// parallel to the hinge there, and through the origin. A product in a requirement is bounded by interval arithmetic
/// over the values' ranges.
public struct SafetyProof: Sendable, Hashable {
  public enum Step: Sendable, Hashable {
    /// Computes the range of every unit's form, in order: what is known already, intersected with interval arithmetic,
    /// and where 0 is still inside with the bounds by substitution of the units before it. The slopes stay in use until
    /// the next such step below this node; before the first they are all 0. Forms of inputs alone are not substituted,
    /// as their intervals are exact.
    case ranges(Slopes)
    case claim(Claim)
    /// Two nodes follow: where the input is at most the value, then where it is at least the value.
    case splitInput(Int, at: Double)
    /// Two nodes follow: where the unit's form is at most 0, then where it is at least 0.
    case splitUnit(Int)
  }

  /// The slope of the free line of each unit of the network, in 1/128 of the way from the slope below to the slope
  /// above 0: one number from 0 to 128 for each unit, bending or not.
  public struct Slopes: Sendable, Hashable {
    public var fractions: [UInt8]

    public init(_ fractions: [UInt8]) { self.fractions = fractions }
  }

  /// What holds for all points of the node that satisfy the case.
  public enum Goal: Sendable, Hashable {
    /// There are none: the node is closed.
    case nothing
    case inputAtMost(Int, Double)
    case inputAtLeast(Int, Double)
    /// The same of the form of a unit.
    case unitAtMost(Int, Double)
    case unitAtLeast(Int, Double)
  }

  /// ≥ 0 times something that is not negative for the points in question.
  public struct Multiplier: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
      /// A requirement of the case.
      case requirement(Int)
      /// The form of a unit known to be ≥ 0, or else minus the form of one known to be ≤ 0.
      case unit(Int)
    }

    public var source: Source
    public var factor: Double

    public init(_ source: Source, _ factor: Double) {
      self.source = source
      self.factor = factor
    }
  }

  /// A goal and why it holds: the negated goal's form plus the multipliers' forms has a negative upper bound.
  ///
  /// In full: `nothing`: Σ < 0; `inputAtMost(i, t)`: (xᵢ − t) + Σ ≤ 0; `inputAtLeast(i, t)`: (t − xᵢ) + Σ ≤ 0;
  /// `unitAtMost(u, t)`: (z − t) + Σ ≤ 0 for the form z of unit u; `unitAtLeast(u, t)`: (t − z) + Σ ≤ 0.
  public struct Claim: Sendable, Hashable {
    public var goal: Goal
    public var multipliers: [Multiplier]
    /// The slopes for this claim alone; nil for those of the last `ranges`.
    public var slopes: Slopes?

    public init(_ goal: Goal, _ multipliers: [Multiplier], slopes: Slopes? = nil) {
      self.goal = goal
      self.multipliers = multipliers
      self.slopes = slopes
    }
  }

  /// The walk through the tree. Empty for a case whose box is empty.
  public var steps: [Step]

  public init(steps: [Step]) { self.steps = steps }
}
