import Polyhedra
import Probability

/// A program max c · x, A x ≤ b of one of the kinds that have broken simplex methods before.
struct RandomProgram {
  enum Kind: CaseIterable {
    /// Gaussian rows around the origin: a bounded polytope, or not when there are few rows.
    case generic
    /// A box and Gaussian cuts, some of them empty.
    case box
    /// Entries and bounds from −2 … 2: ties, parallel rows, zero rows, flat or empty polyhedra.
    case integers
    /// Many rows through one point, which is not the origin.
    case star
    /// A cone: all bounds zero.
    case cone
    /// Each row once, twice or more, some scaled or reversed.
    case repeated
    /// Bounds of both signs at random: mostly empty.
    case empty
    /// Rows and columns scaled by 1e−6 … 1e6.
    case scaled
    /// A hypercube whose corners are cut through its vertices and faces.
    case degenerateBox
  }

  var dimension: Int
  var rows: [[Double]] = []
  var bounds: [Double] = []
  var objective: [Double] = []

  init(kind: Kind, dimension n: Int, rowCount: Int, source: inout RandomSource) {
    dimension = n
    func bell() -> Double { (0..<6).reduce(0.0) { sum, _ in sum + source.uniform() } - 3 }
    func small() -> Double { Double(source.index(below: 5) - 2) }
    func add(_ row: [Double], _ bound: Double) {
      rows.append(row)
      bounds.append(bound)
    }
    func addBox() {
      for j in 0..<n where rows.count + 1 < rowCount {
        for sign in [1.0, -1] { add((0..<n).map { $0 == j ? sign : 0 }, 1) }
      }
    }
    objective = (0..<n).map { _ in bell() }
    switch kind {
    case .generic:
      while rows.count < rowCount { add((0..<n).map { _ in bell() }, 0.2 + source.uniform()) }
    case .box:
      addBox()
      while rows.count < rowCount { add((0..<n).map { _ in bell() }, bell() + 0.5) }
    case .integers:
      objective = (0..<n).map { _ in small() }
      while rows.count < rowCount { add((0..<n).map { _ in small() }, small() + 1) }
    case .star:
      let center = (0..<n).map { _ in bell() }
      while rows.count < rowCount {
        let row = (0..<n).map { _ in bell() }
        let value = zip(row, center).reduce(0) { $0 + $1.0 * $1.1 }
        add(row, source.index(below: 4) == 0 ? value + source.uniform() : value)
      }
    case .cone:
      while rows.count < rowCount {
        var row = (0..<n).map { _ in source.index(below: 3) == 0 ? small() : bell() }
        // Mostly around one side, so that neither the whole space nor the origin is all that is left.
        if row[0] < 0, source.index(below: 8) != 0 { row[0] = -row[0] }
        add(row, 0)
      }
    case .repeated:
      while rows.count < rowCount {
        if rows.isEmpty || source.index(below: 2) == 0 {
          add((0..<n).map { _ in bell() }, 0.1 + source.uniform())
        } else {
          let other = source.index(below: rows.count)
          let factor = [1.0, 2, 0.1, 1, -1][source.index(below: 5)]
          add(rows[other].map { $0 * factor }, factor < 0 ? -factor * bounds[other] : factor * bounds[other])
        }
      }
      objective = source.index(below: 3) == 0 && !rows.isEmpty ? rows[0] : objective
    case .empty:
      while rows.count < rowCount { add((0..<n).map { _ in bell() }, bell()) }
    case .scaled:
      let columns = (0..<n).map { _ in Self.power(&source) }
      addBox()
      while rows.count < rowCount { add((0..<n).map { _ in bell() }, bell() + 1) }
      for i in rows.indices {
        let scale = Self.power(&source)
        rows[i] = zip(rows[i], columns).map { $0 * $1 * scale }
        bounds[i] *= scale
      }
      objective = zip(objective, columns).map { $0 * $1 }
    case .degenerateBox:
      addBox()
      while rows.count < rowCount {
        let row = (0..<n).map { _ in Double(source.index(below: 3) - 1) }
        let corner = (0..<n).map { _ in Double(2 * source.index(below: 2) - 1) }
        add(row, zip(row, corner).reduce(0) { $0 + $1.0 * $1.1 })
      }
      if source.index(below: 2) == 0 { objective = (0..<n).map { _ in small() } }
    }
    rows = Array(rows.prefix(rowCount))
    bounds = Array(bounds.prefix(rowCount))
  }

  /// Log-uniform in 1e−6 … 1e6.
  private static func power(_ source: inout RandomSource) -> Double {
    var value = 1.0
    let exponent = source.index(below: 13) - 6
    for _ in 0..<abs(exponent) { value *= exponent < 0 ? 0.1 : 10 }
    return value * (0.5 + source.uniform())
  }

  /// The same program for HiGHS, which minimises −c · x.
  func reference(rowCount: Int, objective: [Double]) -> LinearProgram {
    var program = LinearProgram()
    for value in objective { program.addColumn(cost: -value) }
    for i in 0..<rowCount { program.addRow(dense: rows[i], upper: bounds[i]) }
    return program
  }
}
