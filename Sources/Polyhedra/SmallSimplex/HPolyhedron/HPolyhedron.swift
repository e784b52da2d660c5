/// A polyhedron as the intersection of half-spaces, { x ∈ ℝⁿ : aᵢ · x ≤ bᵢ for all i }; it may be empty, flat or unbounded.
///
/// ```swift
/// let triangle = try HPolyhedron(
///   dimension: 2,
///   halfSpaces: [
///     HalfSpace(normal: [-1, 0], offset: 0), HalfSpace(normal: [0, -1], offset: 0),
///     HalfSpace(normal: [1, 1], offset: 1), HalfSpace(normal: [1, 1], offset: 2),
///   ])
/// triangle.irredundantRows()                        // [0, 1, 2]
/// triangle.chebyshevBall()?.radius                  // 1 / (2 + √2)
/// ```
public struct HPolyhedron: Sendable, Equatable {
  /// The dimension of the space, `n`.
  public let dimension: Int
  /// The normals, one row of `dimension` numbers after another.
  public private(set) var normals: [Double] = []
  /// The offsets bᵢ.
  public private(set) var bounds: [Double] = []

  /// The intersection of some half-spaces; all of ℝⁿ without any. A dimension less than 1 counts as 1.
  ///
  /// - Throws: ``SmallSimplexError`` when a normal does not have `dimension` entries or a number is not finite.
  public init(dimension: Int, halfSpaces: [HalfSpace] = []) throws(SmallSimplexError) {
    self.dimension = max(1, dimension)
    for halfSpace in halfSpaces { try append(halfSpace) }
  }

  /// The number of half-spaces.
  public var rowCount: Int { bounds.count }

  /// The normal aᵢ.
  public func normal(_ row: Int) -> [Double] { Array(normals[row * dimension..<(row + 1) * dimension]) }

  /// The half-space of a row.
  public func halfSpace(_ row: Int) -> HalfSpace { HalfSpace(normal: normal(row), offset: bounds[row]) }

  /// Cuts the polyhedron with a half-space, which becomes the last row.
  ///
  /// - Throws: ``SmallSimplexError`` when the normal does not have `dimension` entries or a number is not finite.
  public mutating func append(_ halfSpace: HalfSpace) throws(SmallSimplexError) {
    guard halfSpace.normal.count == dimension else {
      throw .wrongLength(what: "row \(rowCount)", length: halfSpace.normal.count, dimension: dimension)
    }
    for (column, value) in halfSpace.normal.enumerated() where !value.isFinite {
      throw .badEntry(row: rowCount, column: column, value: value)
    }
    guard halfSpace.offset.isFinite else { throw .badBound(row: rowCount, value: halfSpace.offset) }
    normals += halfSpace.normal
    bounds.append(halfSpace.offset)
  }

  /// The rows, as a program without objective in exact arithmetic.
  public func exactProgram() -> ExactLinearProgram {
    var program = ExactLinearProgram(dimension: dimension)
    for row in 0..<rowCount { program.rows.append(.init(normal(row) + [bounds[row]])) }
    return program
  }

  /// Whether the polyhedron is full-dimensional, decided exactly. See ``ExactLinearProgram/interiorPoint()``.
  public var hasInterior: Bool { exactProgram().hasInterior }

  /// bᵢ − aᵢ · x and |bᵢ| + Σⱼ |aᵢⱼ xⱼ|, in units of which the first is uncertain.
  func slack(_ row: Int, at x: [Double]) -> (value: Double, size: Double) {
    var value = bounds[row]
    var size = abs(bounds[row])
    for j in 0..<dimension {
      let term = normals[row * dimension + j] * x[j]
      value -= term
      size += abs(term)
    }
    return (value, size)
  }

  func product(_ row: Int, with direction: [Double]) -> Double {
    var sum = 0.0
    for j in 0..<dimension { sum += normals[row * dimension + j] * direction[j] }
    return sum
  }

  func length(_ row: Int) -> Double {
    var largest = 0.0
    for j in 0..<dimension { largest = max(largest, abs(normals[row * dimension + j])) }
    guard largest > 0 else { return 0 }
    var square = 0.0
    for j in 0..<dimension {
      let ratio = normals[row * dimension + j] / largest
      square += ratio * ratio
    }
    return largest * square.squareRoot()
  }
}
