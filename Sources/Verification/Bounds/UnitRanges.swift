/// What is known of a box: the box, and for each unit the range of its form there.
///
/// A unit whose range lies on one side of 0 is linear. A range that is empty, lower above upper, shows that no point of the box
/// fits what has been assumed.
struct UnitRanges: Sendable {
  var boxLower: [Double]
  var boxUpper: [Double]
  var lower: [Double]
  var upper: [Double]

  init(boxLower: [Double], boxUpper: [Double], unitCount: Int) {
    self.boxLower = boxLower
    self.boxUpper = boxUpper
    lower = Array(repeating: -.infinity, count: unitCount)
    upper = Array(repeating: .infinity, count: unitCount)
  }

  /// The inputs whose ranges are not points.
  var freeInputs: [Int] { boxLower.indices.filter { boxLower[$0] < boxUpper[$0] } }

  func isOpen(_ unit: Int) -> Bool { lower[unit] < 0 && upper[unit] > 0 }
}
