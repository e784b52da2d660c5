extension SmallSimplex {
  /// Appends the row `row · x ≤ bound`; the vertex stays. O(n), amortised over doublings of the memory.
  ///
  /// - Parameters:
  ///   - row: `dimension` finite numbers; all may be zero.
  ///   - bound: finite.
  public mutating func append(row: UnsafePointer<Double>, bound: Double) throws(SmallSimplexError) {
    let n = dimension
    let i = rowCount
    for j in 0..<n where !row[j].isFinite { throw .badEntry(row: i, column: j, value: row[j]) }
    guard bound.isFinite else { throw .badBound(row: i, value: bound) }
    if i == workspace.capacity { workspace.reserve(2 * i, count: i) }
    let original = workspace.originals + i * (n + 1)
    original.update(from: row, count: n)
    original[n] = bound
    rowCount = i + 1
    state.rowsChanged = true
    scaleRow(i)
    if i % 8 == 0 { workspace.clear(from: i + 1) }
    workspace.rates[i] = 0
    guard state.isStarted, state.hasSlacks else { return }
    let slack = slack(of: i)
    workspace.slacks[i] = slack
    if slack < state.leastSlack {
      state.leastSlack = slack
      state.leastRow = i
    }
  }

  /// Appends a row from an array of `dimension` numbers.
  public mutating func append(row: [Double], bound: Double) throws(SmallSimplexError) {
    guard row.count == dimension else {
      throw .wrongLength(what: "row \(rowCount)", length: row.count, dimension: dimension)
    }
    try row.withUnsafeBufferPointer { buffer throws(SmallSimplexError) in
      if let base = buffer.baseAddress { try append(row: base, bound: bound) }
    }
  }

  /// Removes the last rows, down to `newCount`. The point stays; the slots of removed rows become free. O(n).
  public mutating func truncate(to newCount: Int) {
    guard newCount < rowCount else { return }
    rowCount = max(0, newCount)
    state.rowsChanged = true
    workspace.clear(from: rowCount)
    for slot in 0..<dimension where workspace.tight[slot] >= rowCount {
      workspace.tight[slot] = -1
      state.freeCount += 1
    }
    if state.leastRow >= rowCount { state.hasSlacks = false }
    if state.farkasRow >= rowCount { state.farkasRow = -1 }
  }

  @inline(__always)
  func slack(of row: Int) -> Double {
    let entries = workspace.entries(row)
    var slack = workspace.bounds[row]
    for j in 0..<dimension { slack -= entries[8 * j] * workspace.point[j] }
    return slack
  }

  /// Writes the scaled row i from the original: the largest entry comes to lie in 1 ..< 2.
  private mutating func scaleRow(_ i: Int) {
    let n = dimension
    let original = workspace.originals + i * (n + 1)
    var largest = 0.0
    var least = Double.infinity
    for j in 0..<n {
      let size = abs(original[j] * workspace.columnScale[j])
      largest = max(largest, size)
      least = size > 0 ? min(least, size) : least
    }
    // A row without entries is satisfied or not whatever the point: its bound decides, and shall not seem small.
    let scale = Self.scale(of: largest > 0 ? largest : abs(original[n]))
    let entries = workspace.entries(i)
    for j in 0..<n { entries[8 * j] = original[j] * workspace.columnScale[j] * scale }
    workspace.bounds[i] = original[n] * scale
    workspace.rowScale[i] = scale
    guard largest > 0 else { return }
    state.leastEntry = min(state.leastEntry, least * scale)
    if least * scale < 0x1p-20 { state.wantsScaling = true }
    guard original[n] != 0 else { return }
    state.leastBound = min(state.leastBound, abs(original[n] * scale))
    state.largestBound = max(state.largestBound, abs(original[n] * scale))
    if state.leastBound < 0x1p-20 * state.largestBound { state.wantsScaling = true }
  }

  /// The power of two that brings a number into 1 ..< 2, as far as there is one.
  @inline(__always)
  private static func scale(of value: Double) -> Double {
    guard value.isNormal else { return 1 }
    let exponent = min(max(Int(value.bitPattern >> 52), 23), 2023)
    return Double(bitPattern: UInt64(2046 - exponent) << 52)
  }

  mutating func rescaleObjective() {
    var largest = 0.0
    for j in 0..<dimension {
      workspace.objective[j] = workspace.originalObjective[j] * workspace.columnScale[j]
      largest = max(largest, abs(workspace.objective[j]))
    }
    state.objectiveScale = Self.scale(of: largest)
    for j in 0..<dimension { workspace.objective[j] *= state.objectiveScale }
  }

  private var looksBadlyScaled: Bool {
    state.leastEntry < 0x1p-20 || state.leastBound < 0x1p-20 * state.largestBound
  }

  /// Whether rows have come or gone since the columns were scaled, in a program for which that matters.
  var hasDoubtfulScaling: Bool { state.rowsChanged && looksBadlyScaled }

  /// Scales columns by powers of two when the program looks badly scaled: column and row factors are chosen in turn, each
  /// the inverse geometric mean of what it multiplies, bounds included. O(m n), little if the program looks well.
  ///
  /// Source: Fulkerson and Wolfe, *An algorithm for scaling matrices* (1962), with means for extremes.
  mutating func equilibrate() {
    state.rowsChanged = false
    state.wantsScaling = false
    guard looksBadlyScaled else { return }
    let n = dimension
    let exponents = workspace.direction
    let rowExponents = workspace.rates
    for j in 0..<n { exponents[j] = 0 }
    for _ in 0..<4 {
      for i in 0..<rowCount {
        let original = workspace.originals + i * (n + 1)
        var mean = Mean()
        for j in 0..<n { mean.add(original[j], exponents[j]) }
        mean.add(original[n], 0)
        rowExponents[i] = -mean.value
      }
      for j in 0..<n {
        var mean = Mean()
        for i in 0..<rowCount { mean.add(workspace.originals[i * (n + 1) + j], rowExponents[i]) }
        exponents[j] = -mean.value
      }
    }
    var least = Double.infinity
    var largest = -Double.infinity
    for j in 0..<n {
      least = min(least, exponents[j])
      largest = max(largest, exponents[j])
    }
    guard largest > least + 4 else { return }
    // The point stays where it is, and its tight rows; the edges are formed again.
    for j in 0..<n {
      let exponent = Int(min(max(exponents[j].rounded(), -900), 900))
      let scale = Double(sign: .plus, exponent: exponent, significand: 1)
      workspace.point[j] *= workspace.columnScale[j] / scale
      workspace.columnScale[j] = scale
    }
    for row in 0..<rowCount { scaleRow(row) }
    state.wantsScaling = false
    state.hasSlacks = false
    if state.isStarted { refactor() }
    rescaleObjective()
  }

  /// The mean of exponent and offset over numbers that are not zero.
  private struct Mean {
    private var sum = 0.0
    private var count = 0.0

    @inline(__always)
    mutating func add(_ number: Double, _ offset: Double) {
      guard number != 0 else { return }
      sum += Double(number.exponent) + offset
      count += 1
    }

    var value: Double { count == 0 ? 0 : sum / count }
  }
}
