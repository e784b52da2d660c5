import CKernels
import COpenBLAS

/// Bounds the units of a network over boxes, and affine forms over its values, by lines and backward substitution: the memory
/// for that, and the lines of the box that was looked at last.
///
/// Rows of coefficients over all values are carried backwards stage by stage, many at a time as one matrix product; sums of
/// roundings are bounded with the magnitudes of the units' forms: a row whose coefficients at a stage are c changes by at most
/// γ Σ |c_k| m_k in the step, where m_k bounds the sum of the magnitudes of the terms of form k over the box.
///
/// Sources: H. Zhang et al., *Efficient neural network robustness certification with general activation functions* (CROWN),
/// NeurIPS 2018; G. Singh et al., *An abstract domain for certifying neural networks* (DeepPoly), POPL 2019.
final class BoundWorkspace {
  let program: StageProgram

  // Of each unit, for the present box: the line above and below its value, and the magnitude of its form's terms.
  @exclusivity(unchecked) private(set) var upperSlope: [Double]
  @exclusivity(unchecked) private(set) var lowerSlope: [Double]
  @exclusivity(unchecked) private(set) var upperShift: [Double]
  @exclusivity(unchecked) private(set) var lowerShift: [Double]
  @exclusivity(unchecked) private(set) var formMagnitude: [Double]
  /// Of each value: the middle, the radius and the largest magnitude of its range.
  @exclusivity(unchecked) private(set) var middle: [Double]
  @exclusivity(unchecked) private(set) var radius: [Double]
  @exclusivity(unchecked) private(set) var magnitude: [Double]

  /// Of each open unit and input: the share of the range of the unit's form that is owed to the input. Empty for networks of
  /// very many inputs, which nobody splits.
  @exclusivity(unchecked) var influences: [Double]
  private static let influenceLimit = 1 << 22

  /// Of each stage: the units that are not constantly zero, their lines one after the other for the kernel, and the rows of
  /// their weights, block after block.
  @exclusivity(unchecked) private var active: [[Int32]]
  @exclusivity(unchecked) private var packedLines: [[Double]]
  @exclusivity(unchecked) private var packedWeights: [[[Double]]]
  @exclusivity(unchecked) private var arePacked: [Bool]

  /// The most rows that are carried at a time.
  let rowLimit: Int
  private let coefficients: UnsafeMutablePointer<Double>
  private let gathered: UnsafeMutablePointer<Double>
  private let products: UnsafeMutablePointer<Double>
  @exclusivity(unchecked) private var constants: [Double]
  @exclusivity(unchecked) private var sizes: [Double]
  /// What rounding errors added to the bound of each row.
  @exclusivity(unchecked) private var errors: [Double]

  init(_ program: StageProgram) {
    self.program = program
    let units = program.unitCount
    upperSlope = Array(repeating: 0, count: units)
    lowerSlope = upperSlope
    upperShift = upperSlope
    lowerShift = upperSlope
    formMagnitude = upperSlope
    middle = Array(repeating: 0, count: program.valueCount)
    radius = middle
    magnitude = middle
    active = Array(repeating: [], count: program.stages.count)
    packedLines = Array(repeating: [], count: program.stages.count)
    packedWeights = program.stages.map { $0.blocks.map { _ in [] } }
    arePacked = program.stages.map { _ in false }
    influences = Array(
      repeating: 0, count: units * program.inputCount <= Self.influenceLimit ? units * program.inputCount : 0)
    rowLimit = max(8, min(1024, (1 << 22) / max(program.valueCount, 1)))
    let widest = program.stages.map(\.count).max() ?? 0
    coefficients = .allocate(capacity: rowLimit * program.valueCount)
    gathered = .allocate(capacity: max(widest, 1))
    products = .allocate(capacity: rowLimit * max(widest, 1))
    constants = Array(repeating: 0, count: rowLimit)
    sizes = constants
    errors = constants
  }

  /// A bound of the relative error of a sum of products.
  var gamma: Double { program.gamma }

  deinit {
    coefficients.deallocate()
    gathered.deallocate()
    products.deallocate()
  }

  // MARK: Rows

  /// Begins with `count` rows of zeros.
  ///
  /// - Precondition: at most ``rowLimit``.
  func beginRows(_ count: Int) {
    precondition(count <= rowLimit)
    coefficients.update(repeating: 0, count: count * program.valueCount)
    for row in 0..<count {
      constants[row] = 0
      sizes[row] = 0
    }
  }

  /// The coefficients of a row, one for each value.
  func row(_ index: Int) -> UnsafeMutablePointer<Double> { coefficients + index * program.valueCount }

  /// Adds factor · form of a unit to a row.
  func addForm(ofUnit unit: Int, factor: Double, toRow index: Int) {
    let stage = program.stages[program.stageOfUnit[unit]]
    let k = unit + program.inputCount - stage.first
    let target = row(index)
    for block in stage.blocks {
      switch block.storage {
      case .dense(let weights, _):
        weights.withUnsafeBufferPointer { weights in
          for j in 0..<block.count { target[block.first + j] += factor * weights[k * block.count + j] }
        }
      case .sparse(let starts, let columns, let entries):
        for i in Int(starts[k])..<Int(starts[k + 1]) { target[block.first + Int(columns[i])] += factor * entries[i] }
      }
    }
    constants[index] += factor * stage.constants[k]
    sizes[index] += abs(factor) * formMagnitude[unit]
  }

  func addConstant(_ value: Double, toRow index: Int) {
    constants[index] += value
    sizes[index] += abs(value)
  }

  /// Adds weight · value to a row.
  func add(_ weight: Double, value: Int, toRow index: Int) {
    row(index)[value] += weight
    sizes[index] += abs(weight) * magnitude[value]
  }

  /// Adds to a bound without the error's share: for what has been rounded upwards already.
  func addError(_ value: Double, toRow index: Int) { sizes[index] += value / gamma }

  /// Carries the rows back to the inputs: row r becomes a · x + b, an upper bound of what it was wherever the ranges of the
  /// present box hold, with a in the first entries of ``row(_:)``.
  ///
  /// - Parameters:
  ///   - stageCount: the rows read values of the inputs and of this many stages.
  ///   - visit: called with each stage before its units are replaced.
  /// - Returns: b for each row, rounded upwards; +∞ when nothing is known.
  func substitute(rows count: Int, stageCount: Int, visit: ((Int) -> Void)? = nil) -> [Double] {
    let width = program.valueCount
    for index in stride(from: stageCount - 1, through: 0, by: -1) {
      let stage = program.stages[index]
      visit?(index)
      let columns = active[index]
      let activeCount = columns.count
      guard activeCount > 0 else { continue }
      packedLines[index].withUnsafeBufferPointer { lines in
        columns.withUnsafeBufferPointer { columns in
          for r in 0..<count {
            let source = coefficients + r * width + stage.first
            if activeCount == stage.count {
              pleat_lines_substitute(
                source, lines.baseAddress!, activeCount, products + r * activeCount, &constants[r], &sizes[r])
            } else {
              for k in 0..<activeCount { gathered[k] = source[Int(columns[k])] }
              pleat_lines_substitute(
                gathered, lines.baseAddress!, activeCount, products + r * activeCount, &constants[r], &sizes[r])
            }
          }
        }
      }
      for (number, block) in stage.blocks.enumerated() {
        let target = coefficients + block.first
        switch block.storage {
        case .dense(let weights, _):
          if count <= Self.fewRows {
            for r in 0..<count {
              pleat_lines_add_dense(
                products + r * activeCount, columns, activeCount, weights, block.count, target + r * width)
            }
          } else {
            if activeCount < stage.count { packWeights(ofStage: index) }
            let packed = activeCount == stage.count ? weights : packedWeights[index][number]
            cblas_dgemm(
              CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(count), Int32(block.count), Int32(activeCount), 1,
              products, Int32(activeCount), packed, Int32(block.count), 1, target, Int32(width))
          }
        case .sparse(let starts, let sparseColumns, let entries):
          for r in 0..<count {
            pleat_lines_add_sparse(
              products + r * activeCount, columns, activeCount, starts, sparseColumns, entries, target + r * width)
          }
        }
      }
    }
    return (0..<count).map { r in
      let source = row(r)
      var size = sizes[r]
      for j in 0..<program.inputCount { size += abs(source[j]) * magnitude[j] }
      // Twice: the sizes are sums with rounding errors themselves.
      errors[r] = 2 * gamma * size
      let bound = constants[r] + errors[r]
      return bound.isFinite ? bound.nextUp : .infinity
    }
  }

  /// An upper bound over the box of what ``substitute(rows:stageCount:visit:)`` left in a row.
  func largestValue(ofRow index: Int, constant: Double, _ ranges: UnitRanges) -> Double {
    largestValue(ofRow: index, constant: constant, lower: ranges.boxLower, upper: ranges.boxUpper)
  }

  /// The same over a part of the box.
  func largestValue(ofRow index: Int, constant: Double, lower: [Double], upper: [Double]) -> Double {
    let source = row(index)
    var sum = constant
    var size = abs(constant)
    for j in 0..<program.inputCount where source[j] != 0 {
      let term = source[j] * (source[j] > 0 ? upper[j] : lower[j])
      sum += term
      size += abs(term)
    }
    let bound = sum + 2 * gamma * size
    return bound.isNaN ? .infinity : bound.nextUp
  }

  /// A distance that another way of rounding, with errors as large as here in each of its steps, does not exceed.
  func doubt(ofRow index: Int) -> Double { max(1e-9, 32 * errors[index]) }

  // MARK: Values and lines

  /// Takes the inputs' ranges from a box.
  func enter(_ ranges: UnitRanges) {
    for j in 0..<program.inputCount { setRange(ofValue: j, ranges.boxLower[j], ranges.boxUpper[j]) }
  }

  private func setRange(ofValue value: Int, _ low: Double, _ high: Double) {
    let centre = low == high ? low : low / 2 + high / 2
    middle[value] = centre
    radius[value] = low == high ? 0 : max(high - centre, centre - low).nextUp
    magnitude[value] = max(-low, high)
  }

  /// The ranges of the forms of a stage by interval arithmetic, intersected with what is known.
  func applyIntervals(stage index: Int, _ ranges: inout UnitRanges) {
    let stage = program.stages[index]
    let count = stage.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * count) { memory in
      let (centres, radii, sizes) = (memory.baseAddress!, memory.baseAddress! + count, memory.baseAddress! + 2 * count)
      for k in 0..<count {
        centres[k] = stage.constants[k]
        radii[k] = 0
        sizes[k] = abs(stage.constants[k])
      }
      for block in stage.blocks {
        switch block.storage {
        case .dense(let weights, let magnitudes):
          func multiply(_ matrix: [Double], _ vector: [Double], _ result: UnsafeMutablePointer<Double>) {
            vector.withUnsafeBufferPointer { vector in
              cblas_dgemv(
                CblasRowMajor, CblasNoTrans, Int32(count), Int32(block.count), 1, matrix, Int32(block.count),
                vector.baseAddress! + block.first, 1, 1, result, 1)
            }
          }
          multiply(weights, middle, centres)
          multiply(magnitudes, radius, radii)
          multiply(magnitudes, magnitude, sizes)
        case .sparse(let starts, let columns, let entries):
          for k in 0..<count {
            for i in Int(starts[k])..<Int(starts[k + 1]) {
              let value = block.first + Int(columns[i])
              centres[k] += entries[i] * middle[value]
              radii[k] += abs(entries[i]) * radius[value]
              sizes[k] += abs(entries[i]) * magnitude[value]
            }
          }
        }
      }
      let firstUnit = stage.first - program.inputCount
      for k in 0..<count {
        let unit = firstUnit + k
        formMagnitude[unit] = sizes[k] * (1 + 4 * gamma)
        let error = 4 * gamma * sizes[k]
        let low = (centres[k] - radii[k] - error).nextDown
        let high = (centres[k] + radii[k] + error).nextUp
        if low > ranges.lower[unit] { ranges.lower[unit] = low }
        if high < ranges.upper[unit] { ranges.upper[unit] = high }
      }
    }
  }

  /// Makes the lines and the values' ranges of a stage from the ranges of its forms.
  ///
  /// - Parameter fractions: the slope of the free line of each unit, in 1/128 of the way from the slope below to that above.
  func makeLines(stage index: Int, _ ranges: UnitRanges, fractions: [UInt8]) {
    let stage = program.stages[index]
    let firstUnit = stage.first - program.inputCount
    for k in 0..<stage.count {
      let unit = firstUnit + k
      setLines(
        unit, below: stage.below[k], above: stage.above[k], low: ranges.lower[unit], high: ranges.upper[unit],
        fraction: fractions[unit])
    }
    pack(stage: index)
  }

  private func setLines(
    _ unit: Int, below: Double, above: Double, low: Double, high: Double, fraction: UInt8
  ) {
    let value = unit + program.inputCount
    if below == above || low >= 0 || high <= 0 || low > high {
      let slope = below == above || low >= 0 ? above : below
      (upperSlope[unit], lowerSlope[unit], upperShift[unit], lowerShift[unit]) = (slope, slope, 0, 0)
      let (one, two) = (slope * low, slope * high)
      let exact = slope == 1 || slope == 0
      let (least, most) = slope == 0 ? (0, 0) : (min(one, two), max(one, two))
      setRange(ofValue: value, exact ? least : least.nextDown, exact ? most : most.nextUp)
      return
    }
    let (atLow, atHigh) = (below * low, above * high)
    let least = min(atLow, atHigh, 0)
    let most = max(atLow, atHigh, 0)
    setRange(ofValue: value, below == 0 || below == 1 ? least : least.nextDown, most.nextUp)
    let between = below + (above - below) * (Double(fraction) / 128)
    let free = min(max(between, min(below, above)), max(below, above))
    let chord = (atHigh - atLow) / (high - low)
    guard chord.isFinite else {
      (upperSlope[unit], lowerSlope[unit], upperShift[unit], lowerShift[unit]) = (0, 0, most.nextUp, least.nextDown)
      return
    }
    // h(z) − chord · z takes its extremes at the ends or at 0, whatever the chord.
    let (restAtLow, restAtHigh) = (atLow - chord * low, atHigh - chord * high)
    let slack = 4 * 0x1p-53 * (abs(atLow) + abs(atHigh) + abs(chord) * (high - low)) + 0x1p-1000
    if above > below {
      (upperSlope[unit], upperShift[unit]) = (chord, (max(restAtLow, restAtHigh) + slack).nextUp)
      (lowerSlope[unit], lowerShift[unit]) = (free, 0)
    } else {
      (lowerSlope[unit], lowerShift[unit]) = (chord, (min(restAtLow, restAtHigh) - slack).nextDown)
      (upperSlope[unit], upperShift[unit]) = (free, 0)
    }
  }

  private func pack(stage index: Int) {
    let stage = program.stages[index]
    let firstUnit = stage.first - program.inputCount
    var columns: [Int32] = []
    columns.reserveCapacity(stage.count)
    for k in 0..<stage.count {
      let unit = firstUnit + k
      if upperSlope[unit] != 0 || lowerSlope[unit] != 0 || upperShift[unit] != 0 || lowerShift[unit] != 0 {
        columns.append(Int32(k))
      }
    }
    let count = columns.count
    var lines = Array(repeating: 0.0, count: 6 * count)
    for (position, column) in columns.enumerated() {
      let unit = firstUnit + Int(column)
      lines[position] = upperSlope[unit]
      lines[count + position] = lowerSlope[unit]
      lines[2 * count + position] = upperShift[unit]
      lines[3 * count + position] = lowerShift[unit]
      lines[4 * count + position] = stage.constants[Int(column)]
      lines[5 * count + position] = formMagnitude[unit]
    }
    active[index] = columns
    packedLines[index] = lines
    arePacked[index] = false
  }

  /// Up to this many rows are added row by row; for more, the weights of the active units are brought together for one product.
  private static let fewRows = 4

  private func packWeights(ofStage index: Int) {
    guard !arePacked[index] else { return }
    arePacked[index] = true
    for (number, block) in program.stages[index].blocks.enumerated() {
      guard case .dense(let weights, _) = block.storage else { continue }
      packedWeights[index][number].removeAll(keepingCapacity: true)
      packedWeights[index][number].reserveCapacity(active[index].count * block.count)
      for column in active[index] {
        packedWeights[index][number] += weights[Int(column) * block.count..<(Int(column) + 1) * block.count]
      }
    }
  }
}
