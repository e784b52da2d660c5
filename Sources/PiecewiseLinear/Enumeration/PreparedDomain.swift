import Exact
import Networks
import Polyhedra

/// A domain in the coordinates of a `CompiledNetwork`: homogeneous, over the kept inputs, scaled by powers of two.
final class PreparedDomain: @unchecked Sendable {
  // Immutable once made; the integers are only read.

  /// The domain's constraints, row · (x₀, x) ≥ 0.
  let rows: [[Double]]
  /// The same in integers, times 2^rowBits.
  let exactRows: [IntegerVector]
  let rowBits: Int
  /// A bound on the rounding in the value of each row at a point of max-norm at most 1.
  let rowErrors: [Double]
  /// The domain as a cone; the rays lie on the rows that they are labelled with. nil in dimensions in which cells are not
  /// kept by their vertices.
  let cone: ExactCone?
  let isBounded: Bool
  /// Which rows bound x₀ from below rather than x: of them there is one, in front, when the domain is unbounded.
  let heightRow: Int?
  /// Directions along which the domain and the network are constant: for each dropped input one, with a 1 there and a 0
  /// at the other dropped ones.
  let lines: [[Double]]
  private let dropped: [Int]
  /// The domain's half-spaces as they were given, by row.
  private let halfSpaces: [HalfSpace?]
  /// The inputs kept, and the powers of two by which they are divided.
  let inputs: [Int]
  let scales: [Double]

  private init(
    rows: [[Double]], halfSpaces: [HalfSpace?], heightRow: Int?, essential: EssentialInputs, scales: [Double],
    isBounded: Bool, cone: (Int, [IntegerVector]) -> ExactCone
  ) {
    self.rows = rows
    self.halfSpaces = halfSpaces
    lines = essential.lines
    dropped = essential.dropped
    inputs = essential.inputs
    self.heightRow = heightRow
    self.scales = scales
    (exactRows, rowBits) = Self.integers(rows)
    rowErrors = rows.map { row in row.reduce(0) { $0 + abs($1) } * Double(row.count + 4) * Double.ulpOfOne }
    self.isBounded = isBounded
    self.cone = Self.keepsVertices(inputs.count) ? cone(inputs.count + 1, exactRows) : nil
  }

  /// Whether cells of so many dimensions have few enough vertices to be kept by them.
  static func keepsVertices(_ dimension: Int) -> Bool { dimension <= 6 }

  /// The facet that a row stands for.
  func facet(_ row: Int) -> LinearRegion.Facet? {
    halfSpaces[row].map { LinearRegion.Facet(halfSpace: $0, source: .domain(heightRow == nil ? row : row - 1)) }
  }

  /// Fills in a linear form's coefficients of the dropped inputs, the form being constant along `lines`.
  ///
  /// - Parameter row: which block of as many coefficients as the network has inputs.
  func complete(_ coefficients: inout [Double], row: Int) {
    guard let count = lines.first?.count else { return }
    for (line, input) in zip(lines, dropped) {
      coefficients[row * count + input] = -inputs.reduce(0) { $0 + coefficients[row * count + $1] * line[$1] }
    }
  }

  static func integers(_ rows: [[Double]]) -> ([IntegerVector], Int) {
    let bits = rows.joined().reduce(0) { max($0, Dyadic($1).fractionBits) }
    let vectors = rows.map { row in
      let vector = IntegerVector(count: row.count)
      for (j, entry) in row.enumerated() {
        let value = Dyadic(entry)
        if value.mantissa != 0 { vector.set(j, to: value.mantissa, shiftedBy: value.exponent + bits) }
      }
      return vector
    }
    return (vectors, bits)
  }

  /// The power of two next above a size; 1 for sizes that are 0 or out of range.
  private static func scale(_ size: Double) -> Double {
    guard size.isNormal, size > 1e-60, size < 1e60 else { return 1 }
    return Double(sign: .plus, exponent: size.exponent + (size.significand > 1 ? 1 : 0), significand: 1)
  }

  static func make(_ domain: RegionDomain, for network: UnitNetwork) throws -> PreparedDomain {
    switch domain {
    case .box(let lower, let upper): try box(lower, upper, network)
    case .polyhedron(let halfSpaces): try polyhedron(halfSpaces, network)
    case .space: try polyhedron([], network)
    }
  }

  private static func box(_ lower: [Double], _ upper: [Double], _ network: UnitNetwork) throws -> PreparedDomain {
    let count = network.inputCount
    guard lower.count == count, upper.count == count else {
      throw RegionError(
        "the box has \(lower.count) lower and \(upper.count) upper bounds; the network has \(count) inputs")
    }
    for (index, (low, high)) in zip(lower, upper).enumerated() {
      guard low.isFinite, high.isFinite else {
        throw RegionError(
          "the bounds of input \(index), \(low) and \(high), are not both finite; without a box, regions are counted in"
            + " all of space")
      }
      guard low < high else {
        throw RegionError(
          "the box is empty or flat at input \(index): its lower bound \(low) is not below its upper bound \(high)")
      }
    }
    let scales = zip(lower, upper).map { scale(max(abs($0), abs($1))) }
    var rows: [[Double]] = []
    for index in 0..<count {
      var low = Array(repeating: 0.0, count: count + 1)
      low[0] = -lower[index] / scales[index]
      low[index + 1] = 1
      var high = Array(repeating: 0.0, count: count + 1)
      high[0] = upper[index] / scales[index]
      high[index + 1] = -1
      rows += [low, high]
    }
    return PreparedDomain(
      rows: rows, halfSpaces: halfSpaces(lower, upper), heightRow: nil, essential: .all(count), scales: scales,
      isBounded: true
    ) { dimension, _ in boxCone(dimension, rows) }
  }

  private static func halfSpaces(_ lower: [Double], _ upper: [Double]) -> [HalfSpace] {
    lower.indices.flatMap { index in
      var normal = lower.map { _ in 0.0 }
      normal[index] = -1
      let low = HalfSpace(normal: normal, offset: -lower[index])
      normal[index] = 1
      return [low, HalfSpace(normal: normal, offset: upper[index])]
    }
  }

  private static func boxCone(_ dimension: Int, _ rows: [[Double]]) -> ExactCone {
    let bits = rows.reduce(0) { max($0, Dyadic($1[0]).fractionBits) }
    let rays = (0..<1 << (dimension - 1)).map { corner in
      let vector = IntegerVector(count: dimension)
      vector.set(0, to: 1, shiftedBy: bits)
      var tight: [Int] = []
      for j in 1..<dimension {
        let row = 2 * (j - 1) + (corner >> (j - 1) & 1)
        let value = Dyadic(rows[row][0])
        tight.append(row)
        if value.mantissa != 0 {
          vector.set(j, to: row & 1 == 0 ? -value.mantissa : value.mantissa, shiftedBy: value.exponent + bits)
        }
      }
      return ExactCone.Ray(vector: vector, tight: tight)
    }
    return ExactCone(dimension: dimension, lines: [], rays: rays, labels: Array(rows.indices))
  }

  private static func polyhedron(_ halfSpaces: [HalfSpace], _ network: UnitNetwork) throws -> PreparedDomain {
    let count = network.inputCount
    for (index, halfSpace) in halfSpaces.enumerated() {
      guard halfSpace.normal.count == count else {
        throw RegionError(
          "half-space \(index) has \(halfSpace.normal.count) coefficients; the network has \(count) inputs")
      }
      guard halfSpace.offset.isFinite, halfSpace.normal.allSatisfy(\.isFinite) else {
        throw RegionError("half-space \(index) has a number that is not finite")
      }
      if halfSpace.normal.allSatisfy({ $0 == 0 }) && halfSpace.offset <= 0 {
        throw RegionError("half-space \(index) is 0 · x ≤ \(halfSpace.offset), which leaves nothing of full dimension")
      }
    }
    let essential = EssentialInputs(network, halfSpaces)
    let units = Array(repeating: 1.0, count: essential.inputs.count)
    let plain = rows(halfSpaces, essential.inputs, units)
    guard let sizes = try extent(plain) else {
      return PreparedDomain(
        rows: plain, halfSpaces: [nil] + halfSpaces, heightRow: 0, essential: essential, scales: units, isBounded: false
      ) { cone(dimension: $0, rows: $1) }
    }
    // Scaled into the unit box; x₀ ≥ 0 is implied then.
    let scales = sizes.map(scale)
    let scaled = Array(rows(halfSpaces, essential.inputs, scales).dropFirst())
    return PreparedDomain(
      rows: scaled, halfSpaces: halfSpaces, heightRow: nil, essential: essential, scales: scales, isBounded: true
    ) { dimension, exact in
      let height = IntegerVector(count: dimension)
      height.set(0, to: 1)
      let full = cone(dimension: dimension, rows: [height] + exact)
      let rays = full.rays.map { ray in
        ExactCone.Ray(vector: ray.vector, tight: ray.tight.filter { $0 > 0 }.map { $0 - 1 })
      }
      return ExactCone(dimension: dimension, lines: [], rays: rays, labels: Array(exact.indices))
    }
  }

  /// How far a polyhedron reaches in each coordinate, in magnitude, decided exactly; nil when it is unbounded.
  ///
  /// - Parameter rows: x₀ ≥ 0, and then the half-spaces, homogeneous.
  /// - Throws: `RegionError` when it has no interior.
  private static func extent(_ rows: [[Double]]) throws -> [Double]? {
    let count = rows[0].count - 1
    var program = ExactLinearProgram(dimension: count)
    for row in rows.dropFirst() { try program.append(row: row.dropFirst().map { -$0 }, bound: row[0]) }
    guard program.hasInterior else { throw RegionError("the polytope is empty, or flat: it has no interior points") }
    var sizes: [Double] = []
    for j in 0..<count {
      var size = 0.0
      for sign in [1.0, -1] {
        var objective = Array(repeating: 0.0, count: count)
        objective[j] = sign
        let solution = try program.maximise(objective)
        guard solution.status == .optimal else { return nil }
        size = max(size, solution.objective.magnitude.roundedUp)
      }
      sizes.append(size)
    }
    return sizes
  }

  /// x₀ ≥ 0 and then the half-spaces, homogeneous.
  private static func rows(_ halfSpaces: [HalfSpace], _ inputs: [Int], _ scales: [Double]) -> [[Double]] {
    [[1] + inputs.map { _ in 0 }]
      + halfSpaces.map { halfSpace in
        [halfSpace.offset] + zip(inputs, scales).map { -halfSpace.normal[$0] * $1 }
      }
  }

  private static func cone(dimension: Int, rows: [IntegerVector]) -> ExactCone {
    var cone = ExactCone(dimension: dimension)
    for (label, row) in rows.enumerated() {
      if cone.sides(row).negative { cone = cone.cut(row, isPositive: true, label: label) }
    }
    return cone
  }
}
