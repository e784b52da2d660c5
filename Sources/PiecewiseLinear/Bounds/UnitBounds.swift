import Exact

/// What is proved about every unit of a network on a box: ranges of its forms and of its output, and the choices that it
/// may make there.
///
/// A *choice* is which of its affine functions a unit follows: for a hinge 0 (below) or 1 (above), for a maximum the index
/// of a form. A unit with a single choice left is *stable*: on the whole box it equals that affine function. (A form that
/// vanishes identically fits both choices; then either may be the one that is left.)
public struct UnitBounds: Sendable {
  /// The ranges of all values: the inputs, which are the box, then the outputs of the units.
  public internal(set) var values: [Interval]
  /// For every unit the ranges of its forms.
  public internal(set) var forms: [[Interval]]
  /// For every unit the choices that are not ruled out, in increasing order.
  public internal(set) var choices: [[Int]]
  /// The ranges of the network's outputs.
  public internal(set) var outputs: [Interval]
  /// For every unit an affine function below its output and one above it.
  var relaxations: [Relaxation]

  /// Whether a unit, counted from 0, equals one affine function of its inputs on the whole box.
  public func isStable(_ unit: Int) -> Bool { choices[unit].count == 1 }

  /// Whether a unit is proved to have the output 0 on the whole box: it is *dead*.
  public func isDead(_ unit: Int) -> Bool {
    values[values.count - choices.count + unit] == .zero
  }
}

/// Two affine functions between which a unit's output stays on the box.
struct Relaxation: Sendable {
  /// A combination of at most two of the unit's forms, and a constant.
  struct Line: Sendable {
    var form: Int
    var slope: Double
    var otherForm = 0
    var otherSlope = 0.0
    var shift = 0.0
  }

  var below: Line
  var above: Line

  init(below: Line, above: Line) {
    self.below = below
    self.above = above
  }

  init(exactly line: Line) { self.init(below: line, above: line) }
}
