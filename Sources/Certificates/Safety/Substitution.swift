import CKernels
import Exact

/// Upper bounds of affine forms over a network's values, in doubles with a proved bound on the rounding: the units are
/// replaced by lines over their forms, last to first, until a form of the inputs is left.
///
/// **The error.** Every number here is a sum of at most n products, in some order. With ε = 2⁻⁵³ it is off by less than
/// 1.01 nε times the sum of its terms' magnitudes (N. J. Higham, *Accuracy and Stability of Numerical Algorithms*,
/// 2002, §3.1). An error δ in the coefficient of vⱼ changes the form by at most δ max |vⱼ|. Where unit k leaves with
/// its form times g, it adds g wₖⱼ to the coefficient of each vⱼ; these terms' magnitudes times max |vⱼ| sum up to |g|
/// Σⱼ |wₖⱼ| max |vⱼ|, and a bound of that last sum, `sizes[k]`, is known since the node's last `ranges`. So one sum of
/// magnitudes, carried along with the form's constant, bounds the error of everything. It is multiplied by 2nε, which
/// leaves room for its own rounding and that of the factors g; and what underflow loses is below 2⁻¹⁰⁰⁰ of the largest
/// magnitude.
struct Substitution {
  /// A number that is off by at most `error`; that is infinite when nothing is known.
  struct Estimate {
    let value: Double
    let error: Double

    init(_ value: Double, error: Double) {
      self.value = value
      self.error = value.isFinite && error.isFinite ? error : .infinity
    }

    var upper: Double { error.isFinite ? (value + error).nextUp : .infinity }
    var lower: Double { error.isFinite ? (value - error).nextDown : -.infinity }
  }

  /// A constant, and the sum of the magnitudes of all terms so far.
  typealias Sums = (constant: Double, size: Double)

  let network: FlatNetwork
  /// Rows of coefficients of all values, with room for what is added to them in groups of eight.
  private var rows: [Double]
  private let rowLength: Int
  /// How many rows there are: some megabytes.
  private let rowLimit: Int
  /// For each row its ``Sums``, one after the other.
  private var sums: [Double]
  private var factors: [Double]
  /// The lines of all units, their forms' constants and sizes, as `pleat_take_lines` wants them.
  private var lines: [Double]

  init(_ network: FlatNetwork) {
    self.network = network
    rowLength = network.valueCount + 7
    rowLimit = max(2, min(64, (1 << 19) / rowLength))
    rows = Array(repeating: 0, count: rowLength * rowLimit)
    sums = Array(repeating: 0, count: 2 * rowLimit)
    factors = Array(repeating: 0, count: network.stages.map(\.units.count).max() ?? 0)
    lines = Array(repeating: 0, count: 6 * network.unitCount)
    for (unit, constant) in network.constants.enumerated() { lines[4 * network.unitCount + unit] = constant }
  }

  /// The error of a number of at most one term for each value and unit, and `summands` more, from their magnitudes.
  func error(size: Double, largest: Double, summands: Int = 0) -> Double {
    0x1p-52 * Double(2 * network.valueCount + summands + 16) * size + 0x1p-1000 * (1 + largest)
  }

  /// Sets the lines of some units by the ranges of their forms.
  mutating func setLines(_ units: Range<Int>, _ node: ProofNode, fractions: [UInt8]) {
    let count = network.unitCount
    for unit in units {
      let index = network.inputCount + unit
      let lines = HingeLines(
        below: network.below[unit], above: network.above[unit], lower: node.lower[index], upper: node.upper[index],
        fraction: fractions[unit])
      self.lines[unit] = lines.above.slope
      self.lines[count + unit] = lines.above.offset
      self.lines[2 * count + unit] = lines.below.slope
      self.lines[3 * count + unit] = lines.below.offset
      self.lines[5 * count + unit] = node.sizes[unit]
    }
  }

  func line(_ unit: Int, isAbove: Bool) -> HingeLines.Line {
    let plane = (isAbove ? 0 : 2) * network.unitCount
    return HingeLines.Line(slope: lines[plane + unit], offset: lines[plane + network.unitCount + unit])
  }

  /// An upper bound of a form over all values, by the lines that are set.
  ///
  /// - Parameters:
  ///   - summands: at most so many terms were added to any of its numbers.
  ///   - fill: puts the coefficients into a row of zeros and returns their ``Sums``.
  mutating func bound(_ node: ProofNode, summands: Int, fill: (UnsafeMutablePointer<Double>) -> Sums) -> Estimate {
    rows.withUnsafeMutableBufferPointer { rows in
      let row = rows.baseAddress!
      row.update(repeating: 0, count: network.valueCount)
      (sums[0], sums[1]) = fill(row)
    }
    substitute(network.stages[...], rowCount: 1)
    return estimate(row: 0, node, summands: summands)
  }

  /// The ranges of the forms of some units of a stage, by the lines of the stages before it.
  mutating func bounds(of units: [Int], before stage: Int, _ node: ProofNode) -> [(lower: Double, upper: Double)] {
    let end = network.inputCount + network.stages[stage].units.lowerBound
    var ranges: [(lower: Double, upper: Double)] = []
    for start in stride(from: 0, to: units.count, by: rowLimit / 2) {
      let chunk = units[start..<min(start + rowLimit / 2, units.count)]
      for (index, unit) in chunk.enumerated() {
        for (row, sign) in [(2 * index, 1.0), (2 * index + 1, -1.0)] {
          let base = row * rowLength
          for position in base..<base + end { rows[position] = 0 }
          for term in network.starts[unit]..<network.starts[unit + 1] {
            rows[base + network.columns[term]] = sign * network.weights[term]
          }
          sums[2 * row] = sign * network.constants[unit]
          sums[2 * row + 1] = node.sizes[unit]
        }
      }
      substitute(network.stages[..<stage], rowCount: 2 * chunk.count)
      for index in chunk.indices {
        let row = 2 * (index - start)
        ranges.append((-estimate(row: row + 1, node, summands: 0).upper, estimate(row: row, node, summands: 0).upper))
      }
    }
    return ranges
  }

  /// Replaces the units of some stages, the last first, in the first rows.
  private mutating func substitute(_ stages: ArraySlice<FlatNetwork.Stage>, rowCount: Int) {
    let network = network
    for stage in stages.reversed() {
      let first = stage.units.lowerBound
      let count = stage.units.count
      for index in 0..<rowCount {
        rows.withUnsafeMutableBufferPointer { rows in
          let row = rows.baseAddress! + index * rowLength
          lines.withUnsafeBufferPointer { lines in
            sums.withUnsafeMutableBufferPointer { sums in
              pleat_take_lines(
                row + network.inputCount + first, count, lines.baseAddress! + first, network.unitCount, &factors,
                sums.baseAddress! + 2 * index)
            }
          }
          if stage.block.isEmpty {
            network.starts.withUnsafeBufferPointer { starts in
              pleat_add_sparse_rows(row, starts.baseAddress! + first, network.columns, network.weights, factors, count)
            }
          } else {
            pleat_add_dense_rows(row + stage.window.lowerBound, stage.block, stage.blockWidth, factors, count)
          }
        }
      }
    }
  }

  /// The largest value over the box of what is left of a row.
  private func estimate(row: Int, _ node: ProofNode, summands: Int) -> Estimate {
    var value = sums[2 * row]
    var size = sums[2 * row + 1]
    for input in 0..<network.inputCount {
      let coefficient = rows[row * rowLength + input]
      guard coefficient != 0 else { continue }
      value += coefficient * (coefficient > 0 ? node.upper[input] : node.lower[input])
      size += abs(coefficient) * max(-node.lower[input], node.upper[input])
    }
    return Estimate(value, error: error(size: size, largest: node.largest, summands: summands))
  }
}
