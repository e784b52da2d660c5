import Exact

/// Units that hand affine forms on to the next layer, and rows that read the forms back from them.
///
/// A form t needs σ(t) and σ(−t), of which it is the difference; one unit when its sign is known, none for a constant.
/// Forms that agree up to sign and a constant share their units.
struct RationalCarry {
  private(set) var units: [RationalNetwork.Row] = []
  private let isNonNegative: Bool
  private var carried: [RationalNetwork.Row: RationalNetwork.Row] = [:]

  /// - Parameter isNonNegative: whether the values that the forms read are known not to be negative, as behind a ReLU.
  init(overNonNegativeValues isNonNegative: Bool) { self.isNonNegative = isNonNegative }

  /// The form over the values of ``units``; another form of the same layer may only add units.
  mutating func carry(_ form: RationalNetwork.Row) -> RationalNetwork.Row {
    let linear = form.linearPart
    if linear.isConstant { return form }
    if let known = carried[linear] { return known.adding(form.constant) }
    if let known = carried[-linear] { return (-known).adding(form.constant) }
    let first = RationalNetwork.Row(column: units.count)
    let reading: RationalNetwork.Row
    switch isNonNegative ? linear.evidentSign : 0 {
    case 1:
      units.append(linear)
      reading = first
    case -1:
      units.append(-linear)
      reading = -first
    default:
      units += [linear, -linear]
      reading = first - RationalNetwork.Row(column: units.count - 1)
    }
    carried[linear] = reading
    return reading.adding(form.constant)
  }
}
