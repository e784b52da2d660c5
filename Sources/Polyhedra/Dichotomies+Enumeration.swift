extension Dichotomies {
  /// All strict affine dichotomies of `points`, the two constant ones included, each once.
  ///
  /// Points are added one by one to a list of dichotomies with a separating `(a, b)` each. For every dichotomy this
  /// witness decides on which side it can put the new point; whether the other side is possible as well is a linear
  /// program in `n + 1` unknowns, or its certificate. Only dichotomies with point 0 on the positive side are kept; the
  /// others are their opposites. O(C · D) programs in the worst case, `C` the number found, and O(C · (D / 8 + 8n)) bytes.
  ///
  /// When the coordinates are integers (or decimals) the number found is checked against the exact ``count(points:)``: every
  /// dichotomy listed has a witness, so that a list of the right length is complete.
  ///
  /// - Parameters:
  ///   - points: `D` points of `n` coordinates each; repeated points are on the same side.
  ///   - limit: the most dichotomies to list.
  /// - Returns: the dichotomies, opposites next to each other, in an order that depends on the points alone.
  /// - Throws: ``DichotomiesError`` for points that are not accepted, more dichotomies than `limit`, and data for which
  ///   floating point did not find all.
  public static func enumerate(points: [[Double]], limit: Int = 5_000_000) throws(DichotomiesError) -> [Side] {
    let lifted = try Lifted(points)
    var search = CellSearch(lifted: lifted, limit: limit)
    for point in 1..<max(1, lifted.vectors.count) { try search.insert(point) }
    let found = 2 * search.cells.count
    guard found <= limit else { throw .tooMany(limit: limit) }
    if let exact = exactCount(lifted), exact != found { throw .inexact(found: found, exact: exact) }

    var sides: [Side] = []
    sides.reserveCapacity(found)
    for cell in search.cells {
      var positive = Side(pointCount: points.count)
      var negative = positive
      for (j, distinct) in lifted.index.enumerated() {
        if cell[distinct] { positive.insert(j) } else { negative.insert(j) }
      }
      sides.append(positive)
      sides.append(negative)
    }
    return sides
  }

  /// The cells of the arrangement of the points inserted so far that have point 0 on the positive side.
  private struct CellSearch: ~Copyable {
    private(set) var cells: [Side]
    private var witnesses: [Double]
    private let vectors: [[Double]]
    private let width: Int
    private let limit: Int
    private var program: BoundedSimplex

    init(lifted: Lifted, limit: Int) {
      vectors = lifted.vectors
      width = lifted.width
      self.limit = limit
      program = BoundedSimplex(rows: lifted.width, capacity: lifted.vectors.count)
      var first = Side(pointCount: lifted.vectors.count)
      first.insert(0)
      cells = [first]
      witnesses = [Double](repeating: 0, count: lifted.width - 1) + [1]
    }

    mutating func insert(_ point: Int) throws(DichotomiesError) {
      let cellCount = cells.count
      for cell in 0..<cellCount {
        let start = cell * width
        let side = clearSide(of: point, witness: witnesses[start..<start + width])
        if let side {
          let other = separate(cell: cell, point: point, positive: !side)
          if side { cells[cell].insert(point) }
          if let other { try append(cells[cell], point: point, positive: !side, witness: other) }
        } else {
          // The witness is on the new hyperplane, or too near it to tell; each side is a program of its own.
          let positive = separate(cell: cell, point: point, positive: true)
          let negative = separate(cell: cell, point: point, positive: false)
          let original = cells[cell]
          if let witness = positive ?? negative {
            witnesses.replaceSubrange(start..<start + width, with: witness)
            if positive != nil { cells[cell].insert(point) }
          }
          if positive != nil, let negative { try append(original, point: point, positive: false, witness: negative) }
        }
      }
    }

    private mutating func append(
      _ cell: Side, point: Int, positive: Bool, witness: [Double]
    ) throws(DichotomiesError) {
      guard 2 * cells.count < limit else { throw .tooMany(limit: limit) }
      var words = cell
      if positive { words.insert(point) } else { words.remove(point) }
      cells.append(words)
      witnesses.append(contentsOf: witness)
    }

    /// The side of a point on which a witness is without doubt, rounding errors considered.
    private func clearSide(of point: Int, witness: some Collection<Double>) -> Bool? {
      var sum = 0.0
      var size = 0.0
      for (weight, entry) in zip(witness, vectors[point]) {
        sum += weight * entry
        size += abs(weight * entry)
      }
      return abs(sum) > 1e-13 * Double(width) * size ? sum > 0 : nil
    }

    /// A witness for a cell with the new point on the given side, or nil if there is none.
    ///
    /// By Gordan's theorem either some θ has `σⱼ θ·vⱼ > 0` for all j, or some `z ≥ 0` other than 0 has `Σ zⱼ σⱼ vⱼ = 0`.
    /// With `z ≤ 1` the largest `Σ zⱼ` is 0 in the first case and at least 1 in the second, which leaves no doubt; and in
    /// the first case the multipliers are a θ with all products at least 1.
    private mutating func separate(cell: Int, point: Int, positive: Bool) -> [Double]? {
      program.removeAll()
      for j in 0...point {
        let isPositive = j == point ? positive : cells[cell][j]
        let column = isPositive ? vectors[j] : vectors[j].map { -$0 }
        // Finite entries and these bounds are always accepted.
        try? program.append(column: column, cost: -1, lower: 0, upper: 1)
      }
      guard program.solve(stopBelow: -0.5) == .optimal, program.objective > -0.5 else { return nil }
      let witness = program.multipliers.map { -$0 }
      for j in 0...point where clearSide(of: j, witness: witness) != (j == point ? positive : cells[cell][j]) {
        return nil
      }
      return witness
    }
  }
}
