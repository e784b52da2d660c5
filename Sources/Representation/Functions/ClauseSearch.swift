import Exact
import Polyhedra

/// Finds clauses whose minima are nowhere above a function and together reach it everywhere.
struct ClauseSearch {
  private(set) var functions: [AffineFunction] = []
  private(set) var clauses: [FunctionSet] = []
  private let cones: [CellCone]
  /// For each cell, its own function.
  private let own: [Int]
  private let order: FunctionOrder
  private let tolerance: Rational
  /// For each cell, the functions that are above its own by more than the tolerance somewhere on it.
  private let rising: [FunctionSet]
  private let limit: Int
  private var sets = 0

  init(_ function: PolyhedralFunction, output: Int, tolerance: Rational, limit: Int) {
    var numbers: [AffineFunction: Int] = [:]
    var functions: [AffineFunction] = []
    own = function.cells.map { cell in
      let piece = cell.map[output]
      if let known = numbers[piece] { return known }
      numbers[piece] = functions.count
      functions.append(piece)
      return functions.count - 1
    }
    cones = function.cells.map { CellCone($0.polyhedron) }
    let order = FunctionOrder(functions, tolerance: tolerance)
    let count = functions.count
    rising = zip(cones, own).map { cone, own in
      let points = FunctionOrder.Generators(cone)
      return FunctionSet((0..<count).filter { !order.isNotBelow(own, $0, on: points) }, capacity: count)
    }
    self.functions = functions
    self.order = order
    self.tolerance = tolerance
    self.limit = limit
  }

  /// Adds clauses that together reach the function on a cell.
  mutating func addClauses(of cell: Int) throws(RepresentationError) {
    var open = [cones[cell]]
    while let set = open.popLast() {
      sets += 1
      guard sets <= limit else {
        throw RepresentationError("the max–min form takes more than \(limit) sets; the limit is \(limit)")
      }
      let points = FunctionOrder.Generators(set)
      let members = functions.indices.filter { $0 == own[cell] || order.isNotBelow($0, own[cell], on: points) }
      let clause = FunctionSet(members, capacity: functions.count)
      // A clause with more functions than one that is nowhere above f is not above it either, and adds nothing.
      if clauses.contains(where: { $0.isSubset(of: clause) }) { continue }
      guard let (other, place) = excess(of: clause, members) else {
        clauses.append(clause)
        continue
      }
      let split = try splitting(set, cell, members, excessIn: other, at: place)
      open += [set.cut(notNegative: -split), set.cut(notNegative: split)]
    }
  }

  /// A cell, and a point inside it, where a clause's minimum is above the cell's function by more than the tolerance.
  private func excess(of clause: FunctionSet, _ members: [Int]) -> (cell: Int, point: [Rational])? {
    for cell in cones.indices where clause.isSubset(of: rising[cell]) {
      let base = functions[own[cell]] + AffineFunction(constant: tolerance, inputs: functions[0].inputs)
      var part: CellCone? = cones[cell]
      for member in members {
        guard let rest = part else { break }
        let lead = functions[member] - base
        let form = CellCone.form(lead)
        switch rest.side(of: form) {
        case .inside: part = lead.isZero ? nil : rest
        case .outside, .touching: part = nil
        case .both: part = rest.cut(ExactHalfSpace(notNegative: lead), form)
        }
      }
      if let point = part?.innerPoint { return (cell, point) }
    }
    return nil
  }

  /// A function that changes its sign on a set: what one of the pieces leads the set's own by. On the segment from the set
  /// to the place of the excess, some piece starts at or above f and ends at or below it.
  private func splitting(
    _ set: CellCone, _ cell: Int, _ members: [Int], excessIn other: Int, at place: [Rational]
  ) throws(RepresentationError) -> AffineFunction {
    let start = functions[own[cell]]
    let least = functions[own[other]](place) + tolerance
    if let point = set.innerPoint {
      let value = start(point) - tolerance
      let held = Set(members)
      let found = functions.indices.first {
        !held.contains($0) && functions[$0](point) >= value && functions[$0](place) <= least
      }
      if let found {
        return functions[found] - start + AffineFunction(constant: tolerance, inputs: start.inputs)
      }
    }
    throw RepresentationError(
      "no max–min form within \(wording(tolerance)): the gaps between the cells add up to more from cell \(cell) to cell "
        + "\(other) at \(wording(place))")
  }
}

/// Compares affine functions on polyhedra: in intervals, and exactly where these overlap.
struct FunctionOrder {
  /// The vertices and directions of a polyhedron, each with intervals around its coordinates.
  struct Generators {
    let vertices: [(exact: [Rational], near: [Interval])]
    /// Lines both ways.
    let directions: [(exact: [Rational], near: [Interval])]

    init(_ cone: CellCone) {
      vertices = cone.vertices.map { ($0, $0.map { Interval($0) }) }
      let opposite = cone.directions.suffix(cone.cone.lines.count).map { $0.map { -$0 } }
      directions = (cone.directions + opposite).map { ($0, $0.map { Interval($0) }) }
    }
  }

  private let functions: [AffineFunction]
  private let tolerance: Rational
  private let constants: [Interval]
  private let gradients: [[Interval]]
  private let allowance: Interval

  init(_ functions: [AffineFunction], tolerance: Rational) {
    self.functions = functions
    self.tolerance = tolerance
    constants = functions.map { Interval($0.constant) }
    gradients = functions.map { $0.gradient.map { Interval($0) } }
    allowance = Interval(tolerance)
  }

  /// Whether a function is nowhere on a polyhedron below another by more than the tolerance. O(generators · n).
  func isNotBelow(_ first: Int, _ second: Int, on generators: Generators) -> Bool {
    generators.vertices.allSatisfy { vertex in
      let difference = slope(first, second, vertex.near) + (constants[first] - constants[second]) + allowance
      if difference.lower >= 0 { return true }
      if difference.upper < 0 { return false }
      return (functions[first](vertex.exact) - functions[second](vertex.exact) + tolerance).signum >= 0
    }
      && generators.directions.allSatisfy { direction in
        let difference = slope(first, second, direction.near)
        if difference.lower >= 0 { return true }
        if difference.upper < 0 { return false }
        return functions[first].slope(along: direction.exact) >= functions[second].slope(along: direction.exact)
      }
  }

  private func slope(_ first: Int, _ second: Int, _ near: [Interval]) -> Interval {
    var sum = Interval.zero
    for axis in near.indices { sum = sum + (gradients[first][axis] - gradients[second][axis]) * near[axis] }
    return sum
  }
}
