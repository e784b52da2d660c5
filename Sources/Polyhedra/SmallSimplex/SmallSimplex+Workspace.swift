extension SmallSimplex {
  /// The memory of a solver: plain numbers in three blocks. The owner frees it.
  struct Workspace {
    let dimension: Int
    /// `dimension` rounded up to the width of the vectors, eight.
    let width: Int
    private(set) var capacity = 0

    // By rows; those beyond the row count, up to a multiple of eight, are zero with an infinite bound.

    /// The scaled entries in groups of eight rows, as the kernels want them; see ``entries(_:)``.
    private(set) var groups: UnsafeMutablePointer<Double>
    /// The scaled bounds.
    private(set) var bounds: UnsafeMutablePointer<Double>
    private(set) var slacks: UnsafeMutablePointer<Double>
    /// The rates at which the slacks fall along the present direction.
    private(set) var rates: UnsafeMutablePointer<Double>
    /// The power of two by which a row is scaled.
    private(set) var rowScale: UnsafeMutablePointer<Double>
    /// The rows as they were given, `dimension` entries and the bound.
    private(set) var originals: UnsafeMutablePointer<Double>

    // By coordinates or slots, `width` numbers each.

    /// E: coordinate j of the edge of slot k is at j · width + k.
    let edges: UnsafeMutablePointer<Double>
    /// Multipliers of the slots' rows for the objective in use.
    let multipliers: UnsafeMutablePointer<Double>
    let products: UnsafeMutablePointer<Double>
    let squares: UnsafeMutablePointer<Double>
    let objective: UnsafeMutablePointer<Double>
    let originalObjective: UnsafeMutablePointer<Double>
    /// x = columnScale · point.
    let columnScale: UnsafeMutablePointer<Double>
    let point: UnsafeMutablePointer<Double>
    let direction: UnsafeMutablePointer<Double>
    let row: UnsafeMutablePointer<Double>
    /// 2 n² numbers for the elimination.
    let elimination: UnsafeMutablePointer<Double>
    /// The row of each slot, −1 where the slot is free.
    let tight: UnsafeMutablePointer<Int>
    /// n numbers for the elimination.
    let pivotColumns: UnsafeMutablePointer<Int>

    init(dimension: Int, capacity: Int) {
      self.dimension = dimension
      width = Self.padded(dimension)
      edges = Self.zeros(dimension * width)
      multipliers = Self.zeros(width)
      products = Self.zeros(width)
      squares = Self.zeros(width)
      objective = Self.zeros(width)
      originalObjective = Self.zeros(width)
      columnScale = Self.zeros(width)
      point = Self.zeros(width)
      direction = Self.zeros(width)
      row = Self.zeros(width)
      elimination = Self.zeros(2 * dimension * dimension)
      tight = .allocate(capacity: dimension)
      tight.initialize(repeating: -1, count: dimension)
      pivotColumns = .allocate(capacity: dimension)
      pivotColumns.initialize(repeating: 0, count: dimension)
      for j in 0..<dimension { columnScale[j] = 1 }
      groups = Self.zeros(0)
      bounds = groups
      slacks = groups
      rates = groups
      rowScale = groups
      originals = groups
      reserve(max(1, capacity), count: 0)
    }

    func deallocate() {
      groups.deallocate()
      for pointer in [
        edges, multipliers, products, squares, objective, originalObjective, columnScale, point, direction, row,
        elimination,
      ] { pointer.deallocate() }
      tight.deallocate()
      pivotColumns.deallocate()
    }

    /// Makes room for at least `wanted` rows and keeps the first `count`.
    mutating func reserve(_ wanted: Int, count: Int) {
      let newCapacity = Self.padded(wanted)
      let kept = Self.padded(count)
      let block = Self.zeros((2 * dimension + 5) * newCapacity)
      let newBounds = block + dimension * newCapacity
      let newOriginals = newBounds + 4 * newCapacity
      block.update(from: groups, count: dimension * kept)
      for (position, old) in [bounds, slacks, rates, rowScale].enumerated() {
        (newBounds + position * newCapacity).update(from: old, count: kept)
      }
      newOriginals.update(from: originals, count: count * (dimension + 1))
      groups.deallocate()
      groups = block
      bounds = newBounds
      slacks = newBounds + newCapacity
      rates = newBounds + 2 * newCapacity
      rowScale = newBounds + 3 * newCapacity
      originals = newOriginals
      capacity = newCapacity
    }

    /// The scaled entries of a row, eight numbers apart.
    @inline(__always)
    func entries(_ row: Int) -> UnsafeMutablePointer<Double> { groups + (row & ~7) * dimension + (row & 7) }

    /// Makes the rows from `first` to the next multiple of eight neutral.
    func clear(from first: Int) {
      for row in first..<Self.padded(first) {
        for j in 0..<dimension { entries(row)[8 * j] = 0 }
        bounds[row] = .infinity
        slacks[row] = .infinity
        rates[row] = 0
      }
    }

    @inline(__always)
    static func padded(_ count: Int) -> Int { (count + 7) & ~7 }

    private static func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
      let bytes = max(count, 8) * MemoryLayout<Double>.stride
      let pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        .bindMemory(to: Double.self, capacity: max(count, 8))
      pointer.initialize(repeating: 0, count: max(count, 8))
      return pointer
    }
  }
}
