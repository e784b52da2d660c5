/// A network over a box as the optimisation of dual bounds wants it: single precision, without the inputs that are fixed and
/// the units that are constantly zero there.
///
/// *Slots* number what is left: the free inputs, then the units, stage after stage. Units that the box leaves open have a
/// number among the open ones as well. Nothing that is computed here is a proof.
struct DualProgram: Sendable {
  struct Block: Sendable {
    enum Storage: Sendable {
      /// Row after row, one for each unit of the stage.
      case dense([Float])
      /// The entries of row k are those at starts[k] ..< starts[k + 1]; columns count from the block's first slot.
      case sparse(starts: [Int32], columns: [Int32], entries: [Float])
    }

    /// The first slot that is read, and how many follow.
    let first: Int
    let count: Int
    let storage: Storage
  }

  struct Stage: Sendable {
    /// The slot of its first unit.
    let first: Int
    /// The forms' constants, those of fixed inputs included.
    let constants: [Float]
    let blocks: [Block]

    var count: Int { constants.count }
  }

  /// A unit that the box leaves open.
  struct OpenUnit: Sendable {
    let unit: Int
    let slot: Int
    let below: Float
    let above: Float
    let chord: Float
    /// What the chord lies above, or below for a concave hinge, the unit at 0.
    let shift: Float

    var isConvex: Bool { above > below }

    /// The line that joins the ends of a hinge's graph over a range: its slope, and its value at 0.
    static func chord<Number: BinaryFloatingPoint>(
      below: Number, above: Number, lower: Number, upper: Number
    ) -> (slope: Number, shift: Number) {
      let slope = (above * upper - below * lower) / (upper - lower)
      return (slope, above * upper - slope * upper)
    }

    /// The slope of the free line that leaves the smaller area to the chord, in 1/128.
    func fraction(_ ranges: UnitRanges) -> UInt8 {
      BoundWorkspace.fraction(ranges.lower[unit], ranges.upper[unit], isConvex: isConvex)
    }
  }

  /// The inputs that are free, by number.
  let inputs: [Int]
  let middles: [Float]
  let radii: [Float]
  let stages: [Stage]
  let slotCount: Int
  /// The slot of each value of the network; −1 for what is left out.
  let slots: [Int]
  /// In order of their slots.
  let open: [OpenUnit]
  /// For each slot the number among the open units; −1 for the others.
  let openNumbers: [Int32]
  /// For each slot the slope of a unit that is not open.
  let slopes: [Float]
  /// For each value that is left out what it is.
  private let fixedValues: [Double]

  /// O(parameters).
  init(_ program: StageProgram, _ ranges: UnitRanges) {
    var slots = Array(repeating: -1, count: program.valueCount)
    var fixedValues = Array(repeating: 0.0, count: program.valueCount)
    var inputs: [Int] = []
    for input in 0..<program.inputCount {
      if ranges.boxLower[input] < ranges.boxUpper[input] {
        slots[input] = inputs.count
        inputs.append(input)
      } else {
        fixedValues[input] = ranges.boxLower[input]
      }
    }
    var stages: [Stage] = []
    var open: [OpenUnit] = []
    var openNumbers = Array(repeating: Int32(-1), count: inputs.count)
    var slopes = Array(repeating: Float(1), count: inputs.count)
    for stage in program.stages {
      let first = openNumbers.count
      var rows: [Int] = []
      for k in 0..<stage.count {
        let unit = stage.first + k - program.inputCount
        let (low, high) = (ranges.lower[unit], ranges.upper[unit])
        let (below, above) = (stage.below[k], stage.above[k])
        let isOpen = below != above && low < 0 && high > 0
        let slope = low >= 0 ? above : below
        guard isOpen || slope != 0 else { continue }
        slots[stage.first + k] = openNumbers.count
        if isOpen {
          let chord = OpenUnit.chord(below: below, above: above, lower: low, upper: high)
          openNumbers.append(Int32(open.count))
          open.append(
            OpenUnit(
              unit: unit, slot: slots[stage.first + k], below: Float(below), above: Float(above),
              chord: Float(chord.slope),
              shift: Float(chord.shift)))
        } else {
          openNumbers.append(-1)
        }
        slopes.append(Float(slope))
        rows.append(k)
      }
      stages.append(Self.stage(stage, rows: rows, first: first, slots, fixedValues))
    }
    self.inputs = inputs
    middles = inputs.map { Float(ranges.boxLower[$0] / 2 + ranges.boxUpper[$0] / 2) }
    radii = inputs.map { Float(ranges.boxUpper[$0] / 2 - ranges.boxLower[$0] / 2) }
    self.stages = stages
    slotCount = openNumbers.count
    self.slots = slots
    self.open = open
    self.openNumbers = openNumbers
    self.slopes = slopes
    self.fixedValues = fixedValues
  }

  /// A form over the network's values as one over slots.
  struct Form: Sendable {
    var terms: [(slot: Int, weight: Float)] = []
    var constant: Float = 0
  }

  func form(constant: Double, terms: some Sequence<(value: Int, weight: Double)>) -> Form {
    var form = Form()
    var sum = constant
    for term in terms {
      if slots[term.value] >= 0 {
        form.terms.append((slots[term.value], Float(term.weight)))
      } else {
        sum += term.weight * fixedValues[term.value]
      }
    }
    form.constant = Float(sum)
    return form
  }

  private static func stage(
    _ stage: StageProgram.Stage, rows: [Int], first: Int, _ slots: [Int], _ fixedValues: [Double]
  ) -> Stage {
    var constants = rows.map { stage.constants[$0] }
    var blocks: [Block] = []
    for block in stage.blocks {
      let kept = (block.first..<block.first + block.count).filter { slots[$0] >= 0 }
      switch block.storage {
      case .dense(let weights, _):
        var entries: [Float] = []
        entries.reserveCapacity(rows.count * kept.count)
        for (row, k) in rows.enumerated() {
          let start = k * block.count - block.first
          for value in kept { entries.append(Float(weights[start + value])) }
          for value in block.first..<block.first + block.count where fixedValues[value] != 0 {
            constants[row] += weights[start + value] * fixedValues[value]
          }
        }
        guard let start = kept.first else { continue }
        blocks.append(Block(first: slots[start], count: kept.count, storage: .dense(entries)))
      case .sparse(let starts, let columns, let weights):
        var newStarts: [Int32] = [0]
        var newColumns: [Int32] = []
        var entries: [Float] = []
        let firstSlot = kept.first.map { slots[$0] } ?? 0
        for (row, k) in rows.enumerated() {
          for i in Int(starts[k])..<Int(starts[k + 1]) {
            let value = block.first + Int(columns[i])
            if slots[value] >= 0 {
              newColumns.append(Int32(slots[value] - firstSlot))
              entries.append(Float(weights[i]))
            } else {
              constants[row] += weights[i] * fixedValues[value]
            }
          }
          newStarts.append(Int32(entries.count))
        }
        guard !kept.isEmpty else { continue }
        blocks.append(
          Block(
            first: firstSlot, count: kept.count,
            storage: .sparse(starts: newStarts, columns: newColumns, entries: entries)))
      }
    }
    return Stage(first: first, constants: constants.map { Float($0) }, blocks: blocks)
  }
}
