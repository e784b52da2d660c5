extension BoundedSimplex {
  /// The memory of the simplex method, in two blocks.
  ///
  /// Numbers per column are kept in lanes of `capacity` doubles, the rows of `A` first: pricing walks along rows, eight
  /// columns at a time, and every lane is long enough for the last eight. Numbers per row are kept apart.
  struct Workspace {
    /// What a column has besides its entries in `A`.
    private enum Lane: Int, CaseIterable {
      case cost, lower, upper, value, reducedCost, weight, mayRise, mayFall, score, gain
    }

    private(set) var rows: Int
    private(set) var capacity: Int
    private var lanes: UnsafeMutablePointer<Double>
    private var laneDoubles: Int
    private var rowBlock: UnsafeMutablePointer<Double>
    private var rowDoubles: Int
    private var basisBlock: UnsafeMutablePointer<Int>
    private var basisSize: Int

    /// The basic column of each position; `−1 − i` is the artificial column of row `i`.
    var basis: UnsafeMutablePointer<Int> { basisBlock }
    /// The row on which elimination pivoted for each position.
    var pivotRow: UnsafeMutablePointer<Int> { basisBlock + rows }

    init(rows: Int, capacity: Int) {
      self.rows = rows
      self.capacity = Self.rounded(min(max(8, capacity), 1 << 20))
      laneDoubles = self.capacity * (rows + Lane.allCases.count)
      lanes = .allocate(capacity: laneDoubles)
      rowDoubles = Self.rowDoubles(rows)
      rowBlock = .allocate(capacity: rowDoubles)
      basisSize = max(1, 2 * rows)
      basisBlock = .allocate(capacity: basisSize)
      orderSize = self.capacity
      order = .allocate(capacity: orderSize)
      clear()
    }

    func deallocate() {
      lanes.deallocate()
      rowBlock.deallocate()
      basisBlock.deallocate()
      order.deallocate()
    }

    /// The entries of one row of `A`.
    func lane(_ row: Int) -> UnsafeMutablePointer<Double> { lanes + row * capacity }

    private func lane(_ lane: Lane) -> UnsafeMutablePointer<Double> { lanes + (rows + lane.rawValue) * capacity }

    var cost: UnsafeMutablePointer<Double> { lane(.cost) }
    var lower: UnsafeMutablePointer<Double> { lane(.lower) }
    var upper: UnsafeMutablePointer<Double> { lane(.upper) }
    /// `z`; 0 for basic columns while the method runs.
    var value: UnsafeMutablePointer<Double> { lane(.value) }
    var reducedCost: UnsafeMutablePointer<Double> { lane(.reducedCost) }
    /// The Devex reference weight.
    var weight: UnsafeMutablePointer<Double> { lane(.weight) }
    /// 1 for a nonbasic column below its upper bound, 0 otherwise.
    var mayRise: UnsafeMutablePointer<Double> { lane(.mayRise) }
    /// 1 for a nonbasic column above its lower bound, 0 otherwise.
    var mayFall: UnsafeMutablePointer<Double> { lane(.mayFall) }
    /// The gain promised by entering the column; 0 when it may not enter.
    var score: UnsafeMutablePointer<Double> { lane(.score) }

    /// A row of `B⁻¹ A`, during the descent; the primal method keeps weights there.
    var row: UnsafeMutablePointer<Double> { lane(.weight) }
    /// The steps at which reduced costs change sign, during the descent; the primal method keeps scores there.
    var breakpoint: UnsafeMutablePointer<Double> { lane(.score) }
    /// What passing a column's breakpoint adds to the slope of the objective, during the descent.
    var gain: UnsafeMutablePointer<Double> { lane(.gain) }
    /// Columns in the order of their breakpoints, as far as the line search cares.
    private(set) var order: UnsafeMutablePointer<Int>
    private var orderSize: Int

    /// The length of a vector over rows, padded for blocks of four.
    var stride: Int { Self.stride(rows) }
    /// The inverse of the basis by columns, each `stride` long.
    var inverse: UnsafeMutablePointer<Double> { rowBlock }
    private func vector(_ index: Int) -> UnsafeMutablePointer<Double> { rowBlock + stride * (rows + index) }
    /// The entering column in terms of the basis.
    var direction: UnsafeMutablePointer<Double> { vector(0) }
    var basicValue: UnsafeMutablePointer<Double> { vector(1) }
    var basicLower: UnsafeMutablePointer<Double> { vector(2) }
    var basicUpper: UnsafeMutablePointer<Double> { vector(3) }
    var multipliers: UnsafeMutablePointer<Double> { vector(4) }
    /// A row of the inverse, or a sum of columns of `A`.
    var scratch: UnsafeMutablePointer<Double> { vector(5) }
    /// The one entry of each row's artificial column, about the size of the row.
    var artificialScale: UnsafeMutablePointer<Double> { vector(6) }
    /// The basis and, beside it, its inverse during elimination: `rows` rows of `2 · rows`.
    var elimination: UnsafeMutablePointer<Double> { vector(7) }

    /// Changes the number of rows; the contents are lost.
    mutating func reshape(rows newRows: Int) {
      guard newRows != rows else { return }
      rows = newRows
      capacity = Self.capacity(doubles: laneDoubles, lanes: newRows + Lane.allCases.count)
      if capacity < 8 {
        capacity = 8
        lanes.deallocate()
        laneDoubles = capacity * (newRows + Lane.allCases.count)
        lanes = .allocate(capacity: laneDoubles)
      }
      fitOrder()
      fitRows()
      clear()
    }

    /// Doubles the capacity and keeps the first `count` columns.
    mutating func grow(count: Int) {
      let old = self
      capacity = Self.rounded(2 * old.capacity)
      laneDoubles = capacity * (rows + Lane.allCases.count)
      lanes = .allocate(capacity: laneDoubles)
      lanes.initialize(repeating: 0, count: laneDoubles)
      copyLanes(from: old, count: count)
      old.lanes.deallocate()
      fitOrder()
    }

    /// Takes over the contents of another workspace.
    mutating func copy(from other: Workspace, count: Int) {
      if rows != other.rows || capacity < count {
        rows = other.rows
        let laneCount = rows + Lane.allCases.count
        if Self.capacity(doubles: laneDoubles, lanes: laneCount) < max(8, count) {
          lanes.deallocate()
          laneDoubles = other.capacity * laneCount
          lanes = .allocate(capacity: laneDoubles)
        }
        capacity = Self.capacity(doubles: laneDoubles, lanes: laneCount)
        fitOrder()
        fitRows()
        clear()
      }
      copyLanes(from: other, count: count)
      rowBlock.update(from: other.rowBlock, count: stride * (rows + 7))
      basisBlock.update(from: other.basisBlock, count: rows)
    }

    private func copyLanes(from other: Workspace, count: Int) {
      for index in 0..<rows + Lane.allCases.count {
        (lanes + index * capacity).update(from: other.lanes + index * other.capacity, count: count)
      }
    }

    private mutating func fitOrder() {
      guard orderSize < capacity else { return }
      order.deallocate()
      orderSize = capacity
      order = .allocate(capacity: orderSize)
    }

    private mutating func fitRows() {
      if rowDoubles < Self.rowDoubles(rows) {
        rowBlock.deallocate()
        rowDoubles = Self.rowDoubles(rows)
        rowBlock = .allocate(capacity: rowDoubles)
      }
      if basisSize < 2 * rows {
        basisBlock.deallocate()
        basisSize = 2 * rows
        basisBlock = .allocate(capacity: basisSize)
      }
    }

    /// Zeros everywhere: the paddings are read, and must stay finite.
    private func clear() {
      lanes.initialize(repeating: 0, count: laneDoubles)
      rowBlock.initialize(repeating: 0, count: rowDoubles)
      basisBlock.initialize(repeating: -1, count: basisSize)
    }

    /// An odd number of blocks of eight, so that a column's entries do not all fall into one set of the cache.
    private static func rounded(_ count: Int) -> Int { ((count + 7) / 8 | 1) * 8 }

    private static func capacity(doubles: Int, lanes: Int) -> Int {
      let blocks = doubles / lanes / 8
      return (blocks % 2 == 0 ? max(0, blocks - 1) : blocks) * 8
    }

    private static func stride(_ rows: Int) -> Int { (rows + 3) / 4 * 4 }

    private static func rowDoubles(_ rows: Int) -> Int { stride(rows) * (rows + 7) + 2 * rows * rows + 4 }
  }
}
