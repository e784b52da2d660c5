extension BoundWorkspace {
  /// Takes the lines of a node whose ranges lie within those of a box: the magnitudes of forms by interval arithmetic, the
  /// lines by the given fractions. O(parameters).
  func prepare(_ ranges: UnitRanges, fractions: [UInt8]) {
    enter(ranges)
    var widened = ranges
    for index in program.stages.indices {
      applyIntervals(stage: index, &widened)
      makeLines(stage: index, ranges, fractions: fractions)
    }
  }

  /// Makes all lines anew for ranges within those of ``prepare(_:fractions:)``.
  func makeLines(_ ranges: UnitRanges, fractions: [UInt8]) {
    for index in program.stages.indices { makeLines(stage: index, ranges, fractions: fractions) }
  }
}
