extension RayCone {
  /// Finds at most `dimension` generators of which a vector is a non-negative combination.
  ///
  /// - Parameters:
  ///   - vector: `dimension` numbers, of unit length.
  ///   - sign: the vector counts times this sign.
  ///   - members: receives the generators' indices.
  /// - Returns: false when there are none to within rounding: the half-space of the vector does not contain the cone.
  ///
  /// Source: C. Lawson and R. Hanson, Solving Least Squares Problems, 1974, chapter 23 (non-negative least squares).
  public func combination(of vector: UnsafePointer<Double>, sign: Double, into members: inout [Int]) -> Bool {
    let d = dimension
    members.removeAll(keepingCapacity: true)
    return generators.withUnsafeBufferPointer { generators in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * d * d + 4 * d) { work in
        var solver = NonNegativeCombination(
          dimension: d, count: generatorCount, generators: generators, vector: vector, sign: sign, work: work)
        return solver.run(&members)
      }
    }
  }
}

/// One run of non-negative least squares on borrowed memory.
private struct NonNegativeCombination {
  let d: Int
  let count: Int
  let generators: UnsafeBufferPointer<Double>
  let vector: UnsafePointer<Double>
  let sign: Double
  /// d numbers each: what is left of the vector, the weights of the members, their least-squares weights, a column.
  let residual: UnsafeMutablePointer<Double>
  let weights: UnsafeMutablePointer<Double>
  let solution: UnsafeMutablePointer<Double>
  let column: UnsafeMutablePointer<Double>
  /// Orthonormal columns, and the triangle R.
  let orthonormal: UnsafeMutablePointer<Double>
  let upper: UnsafeMutablePointer<Double>

  /// Coefficients below this are zero: the vector is of unit length.
  private static let smallest = 1e-13

  init(
    dimension: Int, count: Int, generators: UnsafeBufferPointer<Double>, vector: UnsafePointer<Double>, sign: Double,
    work: UnsafeMutableBufferPointer<Double>
  ) {
    d = dimension
    self.count = count
    self.generators = generators
    self.vector = vector
    self.sign = sign
    let base = work.baseAddress.unsafelyUnwrapped
    base.initialize(repeating: 0, count: work.count)
    residual = base
    weights = base + d
    solution = base + 2 * d
    column = base + 3 * d
    orthonormal = base + 4 * d
    upper = base + 4 * d + d * d
  }

  mutating func run(_ members: inout [Int]) -> Bool {
    for _ in 0..<4 * d {
      var square = 0.0
      for k in 0..<d {
        var value = sign * vector[k]
        for (position, index) in members.enumerated() { value -= weights[position] * generators[index * d + k] }
        residual[k] = value
        square += value * value
      }
      guard square > 1e-22 else { return true }
      guard members.count < d, let entering = steepest(members) else { return false }
      members.append(entering)
      weights[members.count - 1] = 0
      guard settle(&members) else { return false }
    }
    return false
  }

  /// The generator that makes the smallest angle with the residual.
  private func steepest(_ members: [Int]) -> Int? {
    var entering: Int?
    var best = 1e-12
    for index in 0..<count where !members.contains(index) {
      var product = 0.0
      for k in 0..<d { product += residual[k] * generators[index * d + k] }
      if product > best {
        best = product
        entering = index
      }
    }
    return entering
  }

  /// Steps towards the members' least-squares weights; a member whose weight reaches zero leaves.
  private mutating func settle(_ members: inout [Int]) -> Bool {
    while !members.isEmpty {
      solveLeastSquares(members)
      var step = 1.0
      for position in members.indices where solution[position] <= Self.smallest {
        step = min(step, weights[position] / max(weights[position] - solution[position], 1e-300))
      }
      for position in members.indices { weights[position] += step * (solution[position] - weights[position]) }
      guard step < 1 else { return true }
      var kept = 0
      for position in members.indices where weights[position] > Self.smallest {
        weights[kept] = weights[position]
        members[kept] = members[position]
        kept += 1
      }
      guard kept < members.count else { return false }
      members.removeLast(members.count - kept)
    }
    return true
  }

  /// Gram–Schmidt, twice over for accuracy, then back substitution.
  private mutating func solveLeastSquares(_ members: [Int]) {
    for (position, index) in members.enumerated() {
      for k in 0..<d { column[k] = generators[index * d + k] }
      for row in 0..<position { upper[row * d + position] = 0 }
      for _ in 0..<2 {
        for row in 0..<position {
          var product = 0.0
          for k in 0..<d { product += orthonormal[row * d + k] * column[k] }
          upper[row * d + position] += product
          for k in 0..<d { column[k] -= product * orthonormal[row * d + k] }
        }
      }
      var square = 0.0
      for k in 0..<d { square += column[k] * column[k] }
      let length = max(square.squareRoot(), 1e-150)
      upper[position * d + position] = length
      for k in 0..<d { orthonormal[position * d + k] = column[k] / length }
    }
    for row in members.indices.reversed() {
      var value = 0.0
      for k in 0..<d { value += orthonormal[row * d + k] * sign * vector[k] }
      for later in row + 1..<max(members.count, row + 1) { value -= upper[row * d + later] * solution[later] }
      solution[row] = value / upper[row * d + row]
    }
  }
}
