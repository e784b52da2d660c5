import Networks

/// A network of hinges laid out for passes over whole stages: the weights of a stage as one block for each earlier stage that
/// it reads, dense or sparse.
///
/// Values are numbered as in `UnitNetwork`: the inputs, then the units, whose number is that of their value less the number of
/// inputs.
struct StageProgram: Sendable {
  /// The weights of a stage on a run of consecutive values.
  struct Block: Sendable {
    enum Storage: Sendable {
      /// Row after row, and the magnitudes in the same order.
      case dense([Double], magnitudes: [Double])
      /// The entries of row k are those at starts[k] ..< starts[k + 1]; columns count from the first value of the block.
      case sparse(starts: [Int32], columns: [Int32], entries: [Double])
    }

    let first: Int
    let count: Int
    let storage: Storage
  }

  struct Stage: Sendable {
    /// The value of its first unit.
    let first: Int
    let count: Int
    let constants: [Double]
    /// The slopes of the hinges on either side of 0.
    let below: [Double]
    let above: [Double]
    let blocks: [Block]
  }

  let inputCount: Int
  let valueCount: Int
  let stages: [Stage]
  /// The stage of each unit.
  let stageOfUnit: [Int]

  var unitCount: Int { valueCount - inputCount }

  /// A bound of the relative error of a sum of products in doubles, over as many terms as a form can have or as forms can read a
  /// value.
  var gamma: Double { Double(valueCount + 64) * 0x1p-53 * 1.0001 }

  /// - Precondition: the network has hinges only.
  /// - Complexity: O(parameters).
  init(_ network: UnitNetwork) {
    inputCount = network.inputCount
    let offsets = network.stageOffsets
    valueCount = offsets.last ?? inputCount
    // The values that were made together: the inputs, then each stage.
    let groups = [0..<inputCount] + zip(offsets, offsets.dropFirst()).map { $0..<$1 }
    var stages: [Stage] = []
    var stageOfUnit: [Int] = []
    for (index, stage) in network.stages.enumerated() {
      let forms = stage.units.map { $0.forms[0] }
      var below: [Double] = []
      var above: [Double] = []
      for unit in stage.units {
        guard case .hinge(let low, let high) = unit.kind else { preconditionFailure("a maximum among the hinges") }
        below.append(low)
        above.append(high)
      }
      stages.append(
        Stage(
          first: offsets[index], count: forms.count, constants: forms.map(\.constant), below: below, above: above,
          blocks: Self.blocks(of: forms, groups: groups.prefix(index + 1))))
      stageOfUnit += Array(repeating: index, count: forms.count)
    }
    self.stages = stages
    self.stageOfUnit = stageOfUnit
  }

  private static func blocks(of forms: [AffineForm], groups: ArraySlice<Range<Int>>) -> [Block] {
    var starts = Array(repeating: 0, count: forms.count)
    return groups.compactMap { group in
      var rows: [ArraySlice<AffineForm.Term>] = []
      var low = Int.max
      var high = -1
      var termCount = 0
      for (row, form) in forms.enumerated() {
        var end = starts[row]
        while end < form.terms.count, form.terms[end].value < group.upperBound { end += 1 }
        let terms = form.terms[starts[row]..<end]
        starts[row] = end
        if let first = terms.first, let last = terms.last {
          low = min(low, first.value)
          high = max(high, last.value)
          termCount += terms.count
        }
        rows.append(terms)
      }
      guard low <= high else { return nil }
      let count = high - low + 1
      guard termCount * 4 < count * forms.count else { return dense(rows, first: low, count: count) }
      var rowStarts: [Int32] = [0]
      var columns: [Int32] = []
      var entries: [Double] = []
      for row in rows {
        for term in row {
          columns.append(Int32(term.value - low))
          entries.append(term.weight)
        }
        rowStarts.append(Int32(entries.count))
      }
      return Block(
        first: low, count: count, storage: .sparse(starts: rowStarts, columns: columns, entries: entries))
    }
  }

  private static func dense(_ rows: [ArraySlice<AffineForm.Term>], first: Int, count: Int) -> Block {
    var weights = Array(repeating: 0.0, count: rows.count * count)
    for (index, row) in rows.enumerated() {
      for term in row { weights[index * count + term.value - first] = term.weight }
    }
    return Block(
      first: first, count: count, storage: .dense(weights, magnitudes: weights.map { abs($0) }))
  }
}
