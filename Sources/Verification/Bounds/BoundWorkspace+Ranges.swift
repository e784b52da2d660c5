import Exact
import Networks

extension BoundWorkspace {
  /// The ranges of all units over the box of `ranges`, within those that are known already, by interval arithmetic and, where 0
  /// is still inside, by backward substitution: what a proof's step `ranges` computes.
  ///
  /// - Parameters:
  ///   - fractions: the slopes used.
  ///   - choosesSlopes: whether they are set to those with the smaller area between the lines; else they are as given.
  /// - Returns: false when some range is empty: no point of the box fits what was assumed.
  /// - Complexity: O(open units · parameters).
  func computeRanges(_ ranges: inout UnitRanges, fractions: inout [UInt8], choosesSlopes: Bool = true) -> Bool {
    enter(ranges)
    var open: [Int] = []
    for (index, stage) in program.stages.enumerated() {
      applyIntervals(stage: index, &ranges)
      let firstUnit = stage.first - program.inputCount
      open.removeAll(keepingCapacity: true)
      for k in 0..<stage.count {
        let unit = firstUnit + k
        guard settle(unit, &ranges) else { return false }
        if stage.below[k] != stage.above[k], ranges.isOpen(unit) { open.append(unit) }
      }
      if index > 0 || !influences.isEmpty {
        var start = 0
        while start < open.count {
          let end = min(open.count, start + rowLimit / 2)
          guard narrow(open[start..<end], stage: index, &ranges) else { return false }
          start = end
        }
      }
      for k in 0..<stage.count where choosesSlopes {
        let unit = firstUnit + k
        fractions[unit] = Self.fraction(
          ranges.lower[unit], ranges.upper[unit], isConvex: stage.above[k] >= stage.below[k])
      }
      makeLines(stage: index, ranges, fractions: fractions)
    }
    return true
  }

  /// How much the lines of an open unit can be away from the unit, times its coefficient in a form bounded from above.
  func loss(ofUnit unit: Int, coefficient: Double, _ ranges: UnitRanges) -> Double {
    let (low, high) = (ranges.lower[unit], ranges.upper[unit])
    let area = -low * high / (high - low)
    let isChord = coefficient > 0 ? upperShift[unit] != 0 : lowerShift[unit] != 0
    return abs(coefficient) * (isChord ? area : min(-low, high))
  }

  /// The free line that leaves the smaller area to the chord.
  static func fraction(_ lower: Double, _ upper: Double, isConvex: Bool) -> UInt8 {
    (upper > -lower) == isConvex ? 128 : 0
  }

  private func narrow(_ units: ArraySlice<Int>, stage: Int, _ ranges: inout UnitRanges) -> Bool {
    beginRows(2 * units.count)
    for (position, unit) in units.enumerated() {
      addForm(ofUnit: unit, factor: 1, toRow: 2 * position)
      addForm(ofUnit: unit, factor: -1, toRow: 2 * position + 1)
    }
    let bounds = substitute(rows: 2 * units.count, stageCount: stage)
    for (position, unit) in units.enumerated() {
      let high = largestValue(ofRow: 2 * position, constant: bounds[2 * position], ranges)
      let low = -largestValue(ofRow: 2 * position + 1, constant: bounds[2 * position + 1], ranges)
      if high < ranges.upper[unit] { ranges.upper[unit] = high }
      if low > ranges.lower[unit] { ranges.lower[unit] = low }
      guard settle(unit, &ranges) else { return false }
      noteInfluences(unit, rows: 2 * position, ranges)
    }
    return true
  }

  private func noteInfluences(_ unit: Int, rows: Int, _ ranges: UnitRanges) {
    guard !influences.isEmpty else { return }
    let count = program.inputCount
    let (one, two) = (row(rows), row(rows + 1))
    let scale = 0.5 / max(ranges.upper[unit] - ranges.lower[unit], 1e-300)
    for j in 0..<count {
      influences[unit * count + j] =
        scale * (abs(one[j]) + abs(two[j])) * (ranges.boxUpper[j] - ranges.boxLower[j])
    }
  }

  /// Adds factor · the shares of the inputs in the range of an open unit's form.
  func addInfluences(ofUnit unit: Int, factor: Double, to sums: inout [Double]) {
    guard !influences.isEmpty else { return }
    let count = program.inputCount
    for j in 0..<count { sums[j] += factor * influences[unit * count + j] }
  }

  /// The range of a form over the values of the network, by interval arithmetic.
  func range(of form: AffineForm) -> Interval {
    form.terms.reduce(Interval(form.constant)) { sum, term in
      let (centre, reach) = (
        Interval(middle[term.value]), Interval(lower: -radius[term.value], upper: radius[term.value])
      )
      return sum + Interval(term.weight) * (centre + reach)
    }
  }

  /// False for an empty range; one that is empty by no more than rounding becomes a point.
  private func settle(_ unit: Int, _ ranges: inout UnitRanges) -> Bool {
    guard ranges.lower[unit] > ranges.upper[unit] else { return true }
    if ranges.lower[unit] - ranges.upper[unit] > 1e-9 * (1 + formMagnitude[unit]) { return false }
    ranges.lower[unit] = ranges.upper[unit]
    return true
  }
}
