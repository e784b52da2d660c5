import Exact
import Networks

/// Proves bounds of all units of a network over a box, and so which units are stable there.
///
/// Two ways: interval arithmetic, which is fast and loose, and linear relaxations with back-substitution, which is never
/// looser. Both hold for the function of real arithmetic on the network's weights: every rounding error is accounted for.
/// Made once for a network, then used for many boxes, with or without units whose choice is given (the nodes of a branch
/// and bound).
///
/// Sources: R. Moore, Interval analysis (1966); Singh, Gehr, Püschel, Vechev (DeepPoly), POPL 2019; H. Zhang, T. Weng,
/// P. Chen, C. Hsieh, L. Daniel, Efficient neural network robustness certification with general activation functions
/// (CROWN), NeurIPS 2018.
public struct BoundPropagation: Sendable {
  public enum Method: Sendable {
    /// O(parameters).
    case intervals
    /// O(parameters) for each form of a unit that interval arithmetic leaves open, so O(units · parameters) at most.
    case relaxations
  }

  let inputCount: Int
  let units: [UnitNetwork.Unit]
  let outputs: [AffineForm]
  let allChoices: [[Int]]

  /// O(units).
  public init(_ network: UnitNetwork) {
    inputCount = network.inputCount
    units = network.stages.flatMap(\.units)
    outputs = network.outputs
    allChoices = network.allChoices
  }

  /// The bounds over a closed box, restricted to where the given choices hold.
  ///
  /// - Parameters:
  ///   - box: one interval for each input; its ends may be infinite.
  ///   - choices: for each unit the choices that it may make, increasing; nil for all.
  ///   - method: the default is the tight one.
  /// - Returns: nil when no point of the box fits the choices, which is proved then.
  public func bounds(
    over box: [Interval], choices: [[Int]]? = nil, method: Method = .relaxations
  ) -> UnitBounds? {
    precondition(box.count == inputCount, "\(box.count) intervals for \(inputCount) inputs")
    let given = choices ?? allChoices
    precondition(given.count == units.count, "choices for \(given.count) units of \(units.count)")
    var bounds = UnitBounds(values: box, forms: [], choices: [], outputs: [], relaxations: [])
    bounds.values.reserveCapacity(inputCount + units.count)
    var substitution = BackSubstitution(valueCount: inputCount + units.count)
    for (index, unit) in units.enumerated() {
      guard !given[index].isEmpty else { return nil }
      var ranges = unit.forms.map { $0.range(bounds.values) }
      let known: (choices: [Int], output: Interval, relaxation: Relaxation)
      switch unit.kind {
      case .hinge(let below, let above):
        if method == .relaxations, unit.bends, ranges[0].lower < 0, ranges[0].upper > 0 {
          guard let range = substitution.range(of: unit.forms[0], self, bounds, known: ranges[0]) else { return nil }
          ranges[0] = range
        }
        guard let hinge = Self.hinge(below, above, range: &ranges[0], choices: given[index]) else { return nil }
        known = hinge
      case .maximum:
        let open = Self.contenders(given[index], ranges)
        if method == .relaxations, open.count > 1 {
          for form in open {
            guard let range = substitution.range(of: unit.forms[form], self, bounds, known: ranges[form]) else {
              return nil
            }
            ranges[form] = range
          }
        }
        known = Self.maximum(ranges: ranges, choices: given[index]) { first, second in
          let difference = ranges[first] - ranges[second]
          guard method == .relaxations else { return difference }
          let narrowed = substitution.range(
            ofDifference: unit.forms[first], unit.forms[second], self, bounds, known: difference)
          return narrowed ?? difference
        }
      }
      bounds.forms.append(ranges)
      bounds.choices.append(known.choices)
      bounds.values.append(known.output)
      bounds.relaxations.append(known.relaxation)
    }
    for output in outputs {
      let known = output.range(bounds.values)
      let range = method == .relaxations ? substitution.range(of: output, self, bounds, known: known) : known
      guard let range else { return nil }
      bounds.outputs.append(range)
    }
    return bounds
  }

  /// The range of an affine form over the values of the network, by back-substitution: an objective of one's own.
  ///
  /// - Parameter bounds: what `bounds(over:choices:method:)` gave for this network.
  /// - Returns: nil when it turns out that no point of the box fits the choices.
  /// - Complexity: O(parameters).
  public func range(of form: AffineForm, given bounds: UnitBounds) -> Interval? {
    var substitution = BackSubstitution(valueCount: bounds.values.count)
    return substitution.range(of: form, self, bounds, known: form.range(bounds.values))
  }

  /// What is known of a hinge from the range of its form, which is cut to the choices; nil when it then is empty.
  private static func hinge(
    _ below: Double, _ above: Double, range: inout Interval, choices: [Int]
  ) -> (choices: [Int], output: Interval, relaxation: Relaxation)? {
    guard below != above else {
      return ([0], Interval(above) * range, Relaxation(exactly: .init(form: 0, slope: above)))
    }
    let low = choices == [1] ? max(range.lower, 0) : range.lower
    let high = choices == [0] ? min(range.upper, 0) : range.upper
    guard low <= high else { return nil }
    range = Interval(lower: low, upper: high)
    let output = Relaxation.hingeRange(below: below, above: above, range: range)
    guard choices.count == 1 || low >= 0 || high <= 0 else {
      return ([0, 1], output, .hinge(below: below, above: above, range: range))
    }
    let choice = choices.count == 1 ? choices[0] : low >= 0 ? 1 : 0
    return ([choice], output, Relaxation(exactly: .init(form: 0, slope: choice == 1 ? above : below)))
  }

  /// The forms that may be the largest, by their ranges alone.
  private static func contenders(_ choices: [Int], _ ranges: [Interval]) -> [Int] {
    let best = choices.map { ranges[$0].lower }.max() ?? -.infinity
    return choices.filter { ranges[$0].upper >= best }
  }

  /// What is known of a maximum from the ranges of its forms.
  ///
  /// - Parameter difference: the range of the first form minus the second.
  private static func maximum(
    ranges: [Interval], choices: [Int], difference: (Int, Int) -> Interval
  ) -> (choices: [Int], output: Interval, relaxation: Relaxation) {
    let open = contenders(choices, ranges)
    // The form with the largest lower bound is the reference: the others are measured by what they exceed it.
    let leader = open.max { ranges[$0].lower < ranges[$1].lower } ?? choices[0]
    let rivals = open.filter { $0 != leader }.map { (form: $0, excess: difference($0, leader)) }
      .filter { $0.excess.upper > 0 }
    if rivals.count == 1, rivals[0].excess.lower >= 0 {
      let winner = rivals[0].form
      return ([winner], ranges[winner], Relaxation(exactly: .init(form: winner, slope: 1)))
    }
    let remaining = (rivals.map(\.form) + [leader]).sorted()
    let top = rivals.reduce(ranges[leader].upper) { max($0, ranges[$1.form].upper) }
    let output = Interval(lower: ranges[leader].lower, upper: top)
    var relaxation = Relaxation(exactly: .init(form: leader, slope: 1))
    if rivals.count == 1, rivals[0].excess.upper < .infinity, rivals[0].excess.lower > -.infinity {
      relaxation.above = above(rivals[0].form, leader, excess: rivals[0].excess, leaderRange: ranges[leader])
    } else if let excess = rivals.map(\.excess.upper).max() {
      let isConstantBetter = (Interval(ranges[leader].upper) + Interval(excess)).upper >= top
      relaxation.above =
        isConstantBetter
        ? .init(form: leader, slope: 0, shift: top) : .init(form: leader, slope: 1, shift: excess)
    }
    return (remaining, output, relaxation)
  }

  /// A line above max(f, g) = f + max(g − f, 0): the hinge lies under its chord λ (g − f) + μ.
  private static func above(
    _ rival: Int, _ leader: Int, excess: Interval, leaderRange: Interval
  ) -> Relaxation.Line {
    let chord = Relaxation.hinge(below: 0, above: 1, range: excess).above
    let rest = 1 - chord.slope
    // λ g + (1 − λ) f, where 1 − λ may have been rounded.
    let rounding = (Interval(1) - Interval(chord.slope) - Interval(rest)) * leaderRange
    return .init(
      form: rival, slope: chord.slope, otherForm: leader, otherSlope: rest,
      shift: (Interval(chord.shift) + rounding).upper)
  }
}

extension AffineForm {
  /// The range by interval arithmetic, from the ranges of the values.
  func range(_ values: [Interval]) -> Interval {
    terms.reduce(Interval(constant)) { $0 + Interval($1.weight) * values[$1.value] }
  }
}
