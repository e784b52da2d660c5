/// A pointed polyhedral cone { θ ∈ Rᵈ : gᵢ · θ ≥ 0 } by its extreme rays, cut by one half-space after another.
///
/// In the dual arrangement of data points each point is a hyperplane through the origin, and the parameters of a hidden
/// unit whose activation is decided at some points form such a cone. A further point whose product with every ray has
/// one sign is decided too.
///
/// Rays are kept in `Double`: what is read off them is a conjecture that an exact check must confirm.
///
/// Complexity: cutting is O(p q r) for p rays kept, q rays cut off and r = p + q.
///
/// Source: T. Motzkin and others, The double description method, 1953; K. Fukuda and A. Prodon, Double description
/// method revisited, 1996 (the combinatorial adjacency test).
public struct RayCone: Sendable {
  public let dimension: Int
  /// The generators gᵢ that have cut the cone so far, one row after another.
  public private(set) var generators: [Double]
  /// The extreme rays, one row of `dimension` numbers of unit length after another; empty while the cone has lines.
  public private(set) var rays: [Double]
  /// The caller's name for each generator.
  public private(set) var labels: [Int]
  /// For each ray, the generators it lies on, one bit each.
  private var incidence: [UInt128]
  private var basis: [Int]

  /// All of Rᵈ.
  public init(dimension: Int) {
    self.dimension = dimension
    generators = []
    rays = []
    labels = []
    incidence = []
    basis = []
  }

  public var rayCount: Int { incidence.count }

  /// The number of half-spaces that have cut the cone.
  public var generatorCount: Int { generators.count / dimension }

  /// Whether the cone has no line, so that its rays are known.
  public var isPointed: Bool { basis.count == dimension }

  /// The largest number of half-spaces; beyond it a cut is not made (the cone stays larger than it could be).
  public static let capacity = 128

  private static let tolerance = 1e-10

  /// Cuts the cone with { θ : sign · (vector · θ) ≥ 0 }.
  ///
  /// - Parameters:
  ///   - vector: `dimension` numbers, of unit length.
  ///   - label: the caller's name for the half-space.
  /// - Returns: false when the cut leaves nothing of full dimension; the cone is then unchanged.
  public mutating func cut(_ vector: UnsafePointer<Double>, sign: Double, label: Int) -> Bool {
    guard generatorCount < Self.capacity else { return true }
    guard isPointed else {
      append(vector, sign, label)
      extendBasis()
      return true
    }
    var values = [Double](repeating: 0, count: rayCount)
    var positive = 0
    var negative = 0
    for ray in 0..<rayCount {
      var sum = 0.0
      for k in 0..<dimension { sum += rays[ray * dimension + k] * vector[k] }
      sum *= sign
      if abs(sum) <= Self.tolerance { sum = 0 }
      values[ray] = sum
      if sum > 0 { positive += 1 } else if sum < 0 { negative += 1 }
    }
    guard positive > 0 else { return false }
    let mark = UInt128(1) << UInt128(generatorCount)
    append(vector, sign, label)
    if negative == 0 {
      for ray in 0..<rayCount where values[ray] == 0 { incidence[ray] |= mark }
      return true
    }
    var newRays: [Double] = []
    var newIncidence: [UInt128] = []
    newRays.reserveCapacity(rays.count + dimension * 4)
    for ray in 0..<rayCount where values[ray] >= 0 {
      newRays.append(contentsOf: rays[ray * dimension..<(ray + 1) * dimension])
      newIncidence.append(values[ray] == 0 ? incidence[ray] | mark : incidence[ray])
    }
    for above in 0..<rayCount where values[above] > 0 {
      for below in 0..<rayCount where values[below] < 0 && adjacent(above, below) {
        var length = 0.0
        let start = newRays.count
        for k in 0..<dimension {
          let coordinate =
            values[above] * rays[below * dimension + k] - values[below] * rays[above * dimension + k]
          newRays.append(coordinate)
          length += coordinate * coordinate
        }
        let scale = 1 / length.squareRoot()
        for k in start..<newRays.count { newRays[k] *= scale }
        newIncidence.append((incidence[above] & incidence[below]) | mark)
      }
    }
    rays = newRays
    incidence = newIncidence
    return true
  }

  private mutating func append(_ vector: UnsafePointer<Double>, _ sign: Double, _ label: Int) {
    for k in 0..<dimension { generators.append(vector[k] * sign) }
    labels.append(label)
  }

  /// The smallest and the largest product of a vector with the rays.
  @inlinable
  public func range(of vector: UnsafePointer<Double>) -> (lower: Double, upper: Double) {
    var lower = Double.infinity
    var upper = -Double.infinity
    rays.withUnsafeBufferPointer { rays in
      var start = 0
      while start < rays.count {
        var sum = 0.0
        for k in 0..<dimension { sum += rays[start + k] * vector[k] }
        lower = min(lower, sum)
        upper = max(upper, sum)
        start += dimension
      }
    }
    return (lower, upper)
  }

  /// Two rays span a two-dimensional face exactly when no third ray lies on all the generators that both lie on.
  private func adjacent(_ first: Int, _ second: Int) -> Bool {
    let common = incidence[first] & incidence[second]
    guard common.nonzeroBitCount >= dimension - 2 else { return false }
    for other in 0..<rayCount where other != first && other != second && incidence[other] & common == common {
      return false
    }
    return true
  }

  /// Adds the last generator to the basis when it is independent; a full basis gives the first rays.
  private mutating func extendBasis() {
    let last = generatorCount - 1
    // Gram–Schmidt against the basis; the few rows make a second pass for accuracy unnecessary.
    var orthogonal: [[Double]] = []
    for row in basis + [last] {
      var vector = Array(generators[row * dimension..<(row + 1) * dimension])
      for previous in orthogonal {
        var product = 0.0
        for k in 0..<dimension { product += previous[k] * vector[k] }
        for k in 0..<dimension { vector[k] -= product * previous[k] }
      }
      var length = 0.0
      for k in 0..<dimension { length += vector[k] * vector[k] }
      length = length.squareRoot()
      if row == last && length < 1e-7 { return }
      orthogonal.append(vector.map { $0 / length })
    }
    basis.append(last)
    if isPointed { makeFirstRays() }
  }

  /// The rays of a simplicial cone are the columns of the inverse of its generators; then the dependent generators cut.
  private mutating func makeFirstRays() {
    let d = dimension
    var matrix = [Double](repeating: 0, count: d * 2 * d)
    for row in 0..<d {
      for k in 0..<d { matrix[row * 2 * d + k] = generators[basis[row] * d + k] }
      matrix[row * 2 * d + d + row] = 1
    }
    for column in 0..<d {
      let pivot = (column..<d).max { abs(matrix[$0 * 2 * d + column]) < abs(matrix[$1 * 2 * d + column]) } ?? column
      if pivot != column { for k in 0..<2 * d { matrix.swapAt(pivot * 2 * d + k, column * 2 * d + k) } }
      let inverse = 1 / matrix[column * 2 * d + column]
      for k in 0..<2 * d { matrix[column * 2 * d + k] *= inverse }
      for row in 0..<d where row != column {
        let factor = matrix[row * 2 * d + column]
        for k in 0..<2 * d { matrix[row * 2 * d + k] -= factor * matrix[column * 2 * d + k] }
      }
    }
    let all = generators
    let names = labels
    let dependent = (0..<generatorCount).filter { !basis.contains($0) }
    var everyBasis: UInt128 = 0
    generators = []
    labels = []
    for (position, row) in basis.enumerated() {
      generators += all[row * d..<(row + 1) * d]
      labels.append(names[row])
      everyBasis |= UInt128(1) << UInt128(position)
    }
    for ray in 0..<d {
      var length = 0.0
      for k in 0..<d { length += matrix[k * 2 * d + d + ray] * matrix[k * 2 * d + d + ray] }
      length = length.squareRoot()
      for k in 0..<d { rays.append(matrix[k * 2 * d + d + ray] / length) }
      incidence.append(everyBasis & ~(UInt128(1) << UInt128(ray)))
    }
    basis = Array(0..<d)
    for row in dependent {
      let vector = Array(all[row * d..<(row + 1) * d])
      _ = vector.withUnsafeBufferPointer { cut($0.baseAddress!, sign: 1, label: names[row]) }
    }
  }
}
