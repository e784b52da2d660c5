extension Dichotomies {
  /// The number of strict affine dichotomies of `points`, without listing them.
  ///
  /// A hyperplane added to a central arrangement cuts as many cells in two as the arrangement has on that hyperplane, so
  /// that the number is found by recursion on the dimension: O(Dⁿ / n!) and O(D n) memory. In general position the
  /// closed form ``upperBound(points:dimension:)`` is the answer, and the better estimate where this takes too long.
  ///
  /// - Parameter points: `D` points of `n` coordinates each; repeated points count once.
  /// - Returns: twice the number of distinct points when `n` is 1.
  /// - Throws: ``DichotomiesError`` for no points, different numbers of coordinates, coordinates that are not finite.
  public static func count(points: [[Double]]) throws(DichotomiesError) -> Int {
    let lifted = try Lifted(points)
    return exactCount(lifted) ?? cells(lifted.vectors, width: lifted.width)
  }

  /// The number in integer arithmetic; nil if coordinates are not integers or grow beyond 64 bits.
  static func exactCount(_ lifted: Lifted) -> Int? {
    lifted.integers.flatMap { exactCells($0, width: lifted.width) }
  }

  /// The cells of the central arrangement with these normals in `ℝʷⁱᵈᵗʰ`, none zero and no two parallel.
  private static func exactCells(_ normals: [[Int]], width: Int) -> Int? {
    if normals.isEmpty { return 1 }
    if width == 1 { return 2 }
    if width == 2 { return 2 * normals.count }
    // One hyperplane makes two cells; each further one adds the cells of what it meets.
    var total = 2
    for j in 1..<normals.count {
      let normal = normals[j]
      guard let pivot = normal.firstIndex(where: { $0 != 0 }) else { continue }
      var distinct: Set<[Int]> = []
      for i in 0..<j {
        // The hyperplane of normal i within that of normal j, in coordinates without the pivot one.
        guard let restricted = eliminate(normals[i], by: normal, pivot: pivot) else { return nil }
        distinct.insert(restricted)
      }
      guard let added = exactCells(Array(distinct), width: width - 1) else { return nil }
      total += added
    }
    return total
  }

  /// `vector · normal[pivot] − normal · vector[pivot]` without its zero at `pivot`, divided by its divisor and with its
  /// first entry positive: parallel results are equal. Nil on overflow.
  private static func eliminate(_ vector: [Int], by normal: [Int], pivot: Int) -> [Int]? {
    var result: [Int] = []
    result.reserveCapacity(vector.count - 1)
    var divisor = 0
    for k in vector.indices where k != pivot {
      let (left, leftOverflow) = vector[k].multipliedReportingOverflow(by: normal[pivot])
      let (right, rightOverflow) = normal[k].multipliedReportingOverflow(by: vector[pivot])
      let (difference, overflow) = left.subtractingReportingOverflow(right)
      // The least integer has no opposite.
      if leftOverflow || rightOverflow || overflow || difference == .min { return nil }
      result.append(difference)
      divisor = greatestCommonDivisor(divisor, difference)
    }
    guard let leading = result.first(where: { $0 != 0 }) else { return result }
    let unit = leading > 0 ? divisor : -divisor
    for k in result.indices { result[k] /= unit }
    return result
  }

  /// The same in floating point: restricted normals are scaled to size 1 and equal when they differ by less than 1e-9.
  private static func cells(_ normals: [[Double]], width: Int) -> Int {
    if normals.isEmpty { return 1 }
    if width == 1 { return 2 }
    if width == 2 { return 2 * normals.count }
    var total = 2
    for j in 1..<normals.count {
      let normal = normals[j]
      guard let pivot = normal.indices.max(by: { abs(normal[$0]) < abs(normal[$1]) }) else { continue }
      let restricted = (0..<j).map { i in
        let factor = normals[i][pivot] / normal[pivot]
        return normalised(normal.indices.filter { $0 != pivot }.map { normals[i][$0] - factor * normal[$0] })
      }
      total += cells(distinct(restricted), width: width - 1)
    }
    return total
  }

  /// Divided by the entry of largest size; of entries nearly as large, the first, so that parallel vectors agree.
  private static func normalised(_ vector: [Double]) -> [Double] {
    let size = vector.reduce(0) { max($0, abs($1)) }
    guard let leading = vector.first(where: { abs($0) > 0.9 * size }) else { return vector }
    return vector.map { $0 / leading }
  }

  /// One of each group of nearly equal vectors. O(m log m) unless many agree in the sum that they are sorted by.
  private static func distinct(_ vectors: [[Double]]) -> [[Double]] {
    let tolerance = 1e-9
    // Irregular weights, powers of the golden ratio, so that the sums of vectors on a grid differ.
    let weights = (vectors.first ?? []).indices.reduce(into: [1.0]) { weights, _ in
      weights.append((weights.last ?? 1) * 0.618_033_988_749_894_9)
    }
    let keyed = vectors.map { vector in
      (key: zip(vector, weights).reduce(0.0) { $0 + $1.0 * $1.1 }, vector: vector)
    }
    let sorted = keyed.sorted { $0.key < $1.key }
    let reach = 2 * tolerance * weights.reduce(0, +)
    var kept: [(key: Double, vector: [Double])] = []
    for candidate in sorted {
      var isNew = true
      for other in kept.reversed() {
        if candidate.key - other.key > reach { break }
        if zip(candidate.vector, other.vector).allSatisfy({ abs($0 - $1) <= tolerance }) {
          isNew = false
          break
        }
      }
      if isNew { kept.append(candidate) }
    }
    return kept.map(\.vector)
  }
}
