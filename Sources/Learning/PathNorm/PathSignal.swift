import Foundation

/// Path sums at the boundary between two layers: a row of non-negative numbers for each time step, or one row that stands
/// for all of them. Each row has a power of two of its own, so that no number of steps overflows.
final class PathSignal {
  let steps: Int
  let width: Int
  /// One row, or `steps` of them.
  let rows: Int
  private let values: UnsafeMutablePointer<Double>
  var exponents: [Int]

  init(steps: Int, width: Int, rows: Int) {
    self.steps = steps
    self.width = width
    self.rows = rows
    values = .allocate(capacity: max(1, rows * width))
    values.initialize(repeating: 0, count: max(1, rows * width))
    exponents = Array(repeating: 0, count: rows)
  }

  deinit { values.deallocate() }

  /// Whether one row stands for all steps.
  var isConstant: Bool { rows == 1 }

  subscript(row: Int) -> UnsafeMutablePointer<Double> { values + row * width }

  /// Makes a row's power of two at least `exponent`, the numbers being divided accordingly.
  func raise(_ row: Int, to exponent: Int) {
    guard exponent > exponents[row] else { return }
    scale(row, scalbn(1, Int32(clamping: exponents[row] - exponent)))
    exponents[row] = exponent
  }

  /// Divides a row that has grown by a power of two, long before it overflows.
  func normalise(_ row: Int) {
    var largest = 0.0
    for place in 0..<width { largest = max(largest, self[row][place]) }
    guard largest > 0x1p200, largest.isFinite else { return }
    raise(row, to: exponents[row] + Int(largest.exponent))
  }

  private func scale(_ row: Int, _ factor: Double) {
    for place in 0..<width { self[row][place] *= factor }
  }

  /// A row becomes a copy of another signal's, times `factor`.
  func copy(_ row: Int, from source: PathSignal, _ sourceRow: Int, factor: Double = 1) {
    for place in 0..<width { self[row][place] = source[sourceRow][place] * factor }
    exponents[row] = source.exponents[sourceRow]
  }

  func clear() {
    values.update(repeating: 0, count: rows * width)
    for row in 0..<rows { exponents[row] = 0 }
  }

  /// Whether a row repeats its neighbour, up to roundings that stay below 10⁻¹² over a thousand steps.
  func isSettled(_ row: Int, like other: Int) -> Bool {
    guard exponents[row] == exponents[other] else { return false }
    for place in 0..<width where abs(self[row][place] - self[other][place]) > 4e-16 * self[row][place] { return false }
    return true
  }

  /// The sum of the rows over all steps, into the `width` numbers of `sums`; returns its power of two.
  func addSteps(into sums: UnsafeMutablePointer<Double>) -> Int {
    let exponent = exponents.max() ?? 0
    let repeated = rows == 1 ? Double(steps) : 1
    for place in 0..<width { sums[place] = 0 }
    for row in 0..<rows {
      let factor = repeated * scalbn(1, Int32(clamping: exponents[row] - exponent))
      for place in 0..<width { sums[place] += factor * self[row][place] }
    }
    return exponent
  }

  /// The sum of everything.
  var total: ScaledNumber {
    var sum = ScaledNumber(0)
    for row in 0..<rows {
      sum = sum + ScaledNumber((0..<width).reduce(0) { $0 + self[row][$1] }, exponent: exponents[row])
    }
    return rows == 1 ? sum * ScaledNumber(Double(steps)) : sum
  }
}
