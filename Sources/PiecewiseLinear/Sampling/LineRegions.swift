import Exact
import Networks

/// The activation regions of a network along a line, exactly: a sweep in rational arithmetic.
///
/// The network is restricted to the points origin + t · direction with t in an open interval; a region is a maximal
/// interval of t on which every unit keeps its choice. A form that vanishes identically on an interval counts as inactive,
/// and forms of a maximum that agree as the first of them, so that a line inside a hyperplane is no special case. For a
/// network of one input these are its regions.
///
/// Stage after stage, a sweep carries every form as an affine function of t, updates only what changes at a breakpoint and
/// keeps for each unit the time of its next change.
///
/// - Complexity: O(parameters + breakpoints · width²) operations on rationals for each stage at most, and O(breakpoints ·
///   width) when a few units change at each.
public struct LineRegions: Sendable {
  /// A place where units change their choices.
  public struct Breakpoint: Sendable {
    public let time: Rational
    /// The units, counted from 0 and increasing, and their choices just after.
    public let changes: [(unit: Int, choice: Int)]
  }

  /// By increasing time.
  public let breakpoints: [Breakpoint]
  /// The choices of all units in the first region.
  public let firstChoices: [Int]
  /// For each region, first to last, the outputs as functions of t.
  public let outputs: [[Motion]]

  /// The number of activation regions along the line.
  public var count: Int { breakpoints.count + 1 }

  /// The number of maximal intervals on which the outputs are affine.
  public var pieceCount: Int { 1 + zip(outputs, outputs.dropFirst()).count { $0 != $1 } }

  /// The regions along the open segment between two points, from t = 0 to t = 1.
  public init(_ network: UnitNetwork, from start: [Rational], to end: [Rational]) {
    self.init(network, origin: start, direction: zip(start, end).map { $1 - $0 }, lower: 0, upper: 1)
  }

  /// The regions along origin + t · direction for lower < t < upper; nil stands for no end.
  public init(_ network: UnitNetwork, origin: [Rational], direction: [Rational], lower: Rational?, upper: Rational?) {
    precondition(
      origin.count == network.inputCount && direction.count == network.inputCount,
      "\(origin.count) and \(direction.count) coordinates for \(network.inputCount) inputs")
    var line = Timeline(initial: zip(origin, direction).map(Motion.init), lower: lower, upper: upper)
    for stage in network.stages { line.pass(stage) }
    breakpoints = line.events.map { Breakpoint(time: $0.time, changes: $0.choices) }
    firstChoices = line.firstChoices
    outputs = line.motions(of: network.outputs)
  }

  /// The choices of all units in each region, first to last. O(regions · units).
  public var choices: [[Int]] {
    var current = firstChoices
    return [current]
      + breakpoints.map { breakpoint in
        for change in breakpoint.changes { current[change.unit] = change.choice }
        return current
      }
  }
}
