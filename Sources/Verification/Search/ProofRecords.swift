import Certificates

/// The nodes of a proof in the order in which they were made.
struct ProofRecords {
  private struct Record {
    var steps: [SafetyProof.Step] = []
    var children: Range<Int> = 0..<0
  }

  private let isKept: Bool
  private var records: [Record] = [Record()]

  init(isKept: Bool) { self.isKept = isKept }

  /// The number of the first child's record.
  @discardableResult
  mutating func set(_ index: Int, _ steps: [SafetyProof.Step], children: Int) -> Int {
    guard isKept else { return 0 }
    let first = records.count
    records[index] = Record(steps: steps, children: first..<first + children)
    records += Array(repeating: Record(), count: children)
    return first
  }

  /// The walk through the tree.
  var proof: SafetyProof? {
    guard isKept else { return nil }
    var steps: [SafetyProof.Step] = []
    var pending = [0]
    while let index = pending.popLast() {
      steps += records[index].steps
      pending += records[index].children.reversed()
    }
    return SafetyProof(steps: steps)
  }
}
