import Exact
import Polyhedra

/// Where and by how much a network misses an affine map on one cell, at most.
struct CellDifference: Sendable {
  /// For each output the value network − map that is largest in magnitude, and where; nil as value when it is unbounded.
  struct Extreme: Sendable {
    var value: Rational?
    var point: [Rational]
  }

  private(set) var extremes: [Extreme]
  /// The pieces into which the units divide the cell.
  private(set) var pieces = 0

  private let network: CellNetwork
  private let targets: [AffineFunction]
  private let dimension: Int

  /// Looks at every piece of the cell. O(pieces · open units · n²) rational operations at most.
  init(_ network: CellNetwork, _ cell: PolyhedralFunction.Cell) {
    self.network = network
    targets = cell.map
    dimension = cell.polyhedron.dimension
    extremes = targets.map { _ in Extreme(value: .zero, point: cell.polyhedron.vertices[0]) }
    let open = OpenUnits(pending: Array(network.units.indices), values: Array(repeating: nil, count: network.units.count))
    explore(CellCone(cell.polyhedron).cone, open)
  }

  /// What is known of the units on a piece.
  private struct OpenUnits {
    /// Those that are not decided, in order.
    var pending: [Int]
    /// The values of those that are.
    var values: [AffineFunction?]
    /// Where units that are not decided may change, for those whose forms are known.
    var rows: [Int: [IntegerVector]] = [:]
  }

  /// Decides all units that keep their side on the piece, and divides it where one does not.
  private mutating func explore(_ cone: ExactCone, _ open: OpenUnits) {
    var open = open
    var bending: [Int] = []
    var undecided: [Int] = []
    for index in open.pending {
      guard let rows = rows(of: index, &open) else {
        undecided.append(index)
        continue
      }
      if let choice = choice(rows, on: cone, of: index) {
        open.values[index] = value(of: index, choice, open.values)
        open.rows[index] = nil
      } else {
        undecided.append(index)
        bending.append(index)
      }
    }
    guard !bending.isEmpty else {
      record(cone, open.values.map { $0! })
      return
    }
    // One from the middle divides the others more evenly than one from the end.
    let index = bending[bending.count / 2]
    let rows = open.rows[index]!
    open.rows[index] = nil
    open.pending = undecided.filter { $0 != index }
    for choice in 0..<network.units[index].choices {
      guard let part = part(of: cone, where: choice, rows, of: index) else { continue }
      open.values[index] = value(of: index, choice, open.values)
      explore(part, open)
    }
  }

  /// The integer forms whose signs decide a unit: a hinge's own, or a maximum's differences of each two of its forms. nil
  /// while a unit is open that it reads.
  private func rows(of index: Int, _ open: inout OpenUnits) -> [IntegerVector]? {
    if let known = open.rows[index] { return known }
    let unit = network.units[index]
    guard unit.forms.allSatisfy({ $0.open.keys.allSatisfy { open.values[$0] != nil } }) else { return nil }
    let forms = unit.forms.map { $0.closed(open.values) }
    let rows: [IntegerVector]
    switch unit.kind {
    case .hinge: rows = [CellCone.form(forms[0])]
    case .maximum: rows = forms.flatMap { form in forms.map { CellCone.form(form - $0) } }
    }
    open.rows[index] = rows
    return rows
  }

  /// The one choice that holds on all of a piece: which form is the largest, or for a hinge 1 where it is not negative,
  /// else 0. nil when there is none.
  private func choice(_ rows: [IntegerVector], on cone: ExactCone, of index: Int) -> Int? {
    let unit = network.units[index]
    guard case .maximum = unit.kind else {
      let sides = cone.sides(rows[0])
      return sides.positive && sides.negative ? nil : sides.positive ? 1 : 0
    }
    let count = unit.forms.count
    return (0..<count).first { candidate in
      (0..<count).allSatisfy { $0 == candidate || !cone.sides(rows[candidate * count + $0]).negative }
    }
  }

  /// The part of a piece on which a choice holds; nil when it has no interior.
  private func part(of cone: ExactCone, where choice: Int, _ rows: [IntegerVector], of index: Int) -> ExactCone? {
    let unit = network.units[index]
    guard case .maximum = unit.kind else {
      return cone.cut(rows[0], isPositive: choice == 1, label: cone.labels.count)
    }
    let count = unit.forms.count
    var part = cone
    for rival in 0..<count where rival != choice {
      let row = rows[choice * count + rival]
      let sides = part.sides(row)
      // Of equal forms the first is taken.
      guard sides.positive || (!sides.negative && choice < rival) else { return nil }
      if sides.negative { part = part.cut(row, isPositive: true, label: part.labels.count) }
    }
    return part
  }

  private func value(of index: Int, _ choice: Int, _ values: [AffineFunction?]) -> AffineFunction {
    let unit = network.units[index]
    switch unit.kind {
    case .hinge(let below, let above):
      let slope = choice == 1 ? above : below
      if slope.signum == 0 { return AffineFunction(constant: .zero, inputs: dimension) }
      let form = unit.forms[0].closed(values)
      return slope == .one ? form : slope * form
    case .maximum: return unit.forms[choice].closed(values)
    }
  }

  private mutating func record(_ cone: ExactCone, _ values: [AffineFunction]) {
    pieces += 1
    for (output, target) in targets.enumerated() {
      let difference = network.outputs[output].closed(values) - target
      guard !difference.isZero, extremes[output].value != nil else { continue }
      let corners = cone.rays.filter { $0.vector.signum(0) > 0 }.map { Self.point($0.vector, dimension) }
      let directions = cone.rays.filter { $0.vector.signum(0) == 0 }.map(\.vector) + cone.lines
      let grows = directions.contains { direction in
        difference.slope(along: (1...dimension).map { direction.rational($0) }).signum != 0
      }
      for corner in corners {
        if grows {
          extremes[output] = Extreme(value: nil, point: corner)
          break
        }
        let value = difference(corner)
        if value.magnitude > extremes[output].value?.magnitude ?? .zero {
          extremes[output] = Extreme(value: value, point: corner)
        }
      }
    }
  }

  private static func point(_ vector: IntegerVector, _ dimension: Int) -> [Rational] {
    let height = vector.rational(0)
    return (1...dimension).map { vector.rational($0) / height }
  }
}
