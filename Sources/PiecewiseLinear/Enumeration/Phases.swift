/// The decisions of all units on the present path: 0 or 1 for a hinge (its form is ≤ 0 or > 0), the winner's position
/// for a maximum.
final class Phases {
  private let base: UnsafeMutablePointer<Int32>
  private let offsets: [Int]
  let count: Int

  init(_ network: CompiledNetwork) {
    var offsets: [Int] = []
    var count = 0
    for stage in network.stages {
      offsets.append(count)
      count += stage.units.count
    }
    self.offsets = offsets
    self.count = count
    base = .allocate(capacity: max(count, 1))
    base.initialize(repeating: 0, count: count)
    // A unit that never bends counts as decided from the beginning.
    for (stage, content) in network.stages.enumerated() {
      for (unit, value) in content.units.enumerated() where !value.bends && !value.isMaximum { self[stage, unit] = 1 }
    }
  }

  deinit { base.deallocate() }

  subscript(stage: Int, unit: Int) -> Int32 {
    @inline(__always) get { base[offsets[stage] + unit] }
    @inline(__always) set { base[offsets[stage] + unit] = newValue }
  }
}
