import Exact
import Execution
import Polyhedra

/// Where and by how much a network misses an affine map on one cell, at most.
struct CellDifference: Sendable {
  /// For each output the value network − map that is largest in magnitude, and where; nil as value when it is unbounded.
  struct Extreme: Sendable {
    var value: Rational?
    var point: [Rational]
    /// When it is unbounded: where to, from the point; else empty.
    var direction: [Rational] = []
    /// How far from the true values those on the pieces may be, by the slack.
    var radius = Radius.zero
  }

  private(set) var extremes: [Extreme]
  /// The pieces into which the units divide the cell.
  private(set) var pieces = 0
  /// False when somebody wanted to stop before all pieces were seen.
  private(set) var isComplete = true

  private let network: CellNetwork
  private let slack: Double
  private let cancellation: Cancellation

  /// Looks at every piece of the cell. O(pieces · open units · n²) operations at most.
  ///
  /// - Parameter slack: a hinge may be taken for one of its sides where it leaves that by no more than this.
  init(
    _ network: CellNetwork, _ cell: PolyhedralFunction.Cell, slack: Double = 0, _ cancellation: Cancellation
  ) {
    self.network = network
    self.slack = slack
    self.cancellation = cancellation
    extremes = cell.map.map { _ in Extreme(value: .zero, point: cell.polyhedron.vertices[0]) }
    explore(NearCone(CellCone(cell.polyhedron).cone), OpenUnits(network, targets: cell.map))
  }

  /// Decides all units that keep their side on the piece, and divides it where one does not.
  private mutating func explore(_ cone: NearCone, _ open: consuming OpenUnits) {
    guard isComplete, !cancellation.shouldStop else {
      isComplete = false
      return
    }
    var bending: [Int] = []
    var undecided: [Int] = []
    for index in open.pending {
      guard let rows = open.rows(of: index) else {
        undecided.append(index)
        continue
      }
      if let (choice, excess) = choice(rows, on: cone, of: index, argument: { open.argument(of: index) }) {
        open.decide(index, choice, excess: excess)
      } else {
        undecided.append(index)
        bending.append(index)
      }
    }
    guard !bending.isEmpty else {
      record(cone, open)
      return
    }
    // One from the middle divides the others more evenly than one from the end.
    let index = bending[bending.count / 2]
    guard let rows = open.rows(of: index) else { return }
    open.pending = undecided.filter { $0 != index }
    let parts = (0..<network.units[index].choices).compactMap { choice in
      part(of: cone, where: choice, rows, of: index).map { (choice, $0) }
    }
    guard let (last, lastPart) = parts.last else { return }
    for (choice, part) in parts.dropLast() {
      var decided = copy open
      decided.decide(index, choice)
      explore(part, decided)
    }
    open.decide(index, last)
    explore(lastPart, open)
  }

  /// The one choice that holds on all of a piece: which form is the largest, or for a hinge 1 where it is not negative,
  /// else 0; and by how much a hinge leaves it. nil when there is none.
  private func choice(
    _ rows: [NearForm], on cone: NearCone, of index: Int, argument: () -> AffineFunction
  ) -> (choice: Int, excess: Double)? {
    let unit = network.units[index]
    guard case .maximum = unit.kind else {
      let sides = cone.sides(rows[0])
      guard sides.positive, sides.negative else { return (sides.positive ? 1 : 0, 0) }
      guard slack > 0, let range = cone.range(of: argument()) else { return nil }
      if -range.lower <= slack { return (1, -range.lower) }
      return range.upper <= slack ? (0, range.upper) : nil
    }
    let count = unit.forms.count
    let largest = (0..<count).first { candidate in
      (0..<count).allSatisfy { $0 == candidate || !cone.sides(rows[candidate * count + $0]).negative }
    }
    return largest.map { ($0, 0) }
  }

  /// The part of a piece on which a choice holds; nil when it has no interior.
  private func part(of cone: NearCone, where choice: Int, _ rows: [NearForm], of index: Int) -> NearCone? {
    let unit = network.units[index]
    guard case .maximum = unit.kind else { return cone.cut(rows[0], isPositive: choice == 1) }
    let count = unit.forms.count
    var part = cone
    for rival in 0..<count where rival != choice {
      let row = rows[choice * count + rival]
      let sides = part.sides(row)
      // Of equal forms the first is taken.
      guard sides.positive || (!sides.negative && choice < rival) else { return nil }
      if sides.negative { part = part.cut(row, isPositive: true) }
    }
    return part
  }

  private mutating func record(_ cone: NearCone, _ open: borrowing OpenUnits) {
    pieces += 1
    for (output, difference) in open.differences.enumerated() {
      extremes[output].radius.formMaximum(open.radiusOfDifference(output))
      guard !difference.isZero, let best = extremes[output].value else { continue }
      if let escape = cone.escape(of: difference) {
        extremes[output].value = nil
        (extremes[output].point, extremes[output].direction) = escape
      } else if let (corner, value) = cone.largestMagnitude(of: difference, above: best.magnitude) {
        (extremes[output].value, extremes[output].point) = (value, corner)
      }
    }
  }
}

/// What is known of a cell's units on a piece of it.
private struct OpenUnits {
  /// A form, by its number, that reads a unit.
  struct Reader {
    var form: Int
    var weight: Rational
  }

  let network: CellNetwork
  /// Those that are not decided, in order.
  var pending: [Int]
  /// For each unit the number of its first form, and of the first difference of the outputs at the end.
  private let firstForm: [Int]
  private let unitOfForm: [Int]
  private let readers: [[Reader]]
  /// All forms, as far as the units that they read are decided: those of the units, then output − target.
  private var forms: [AffineFunction]
  /// How far from the true ones they may be.
  private var radii: [Radius]
  /// For each unit how many readings of units that are not decided its forms contain.
  private var waiting: [Int]
  /// Where units may change that have nothing to wait for.
  private var known: [[NearForm]?]

  init(_ network: CellNetwork, targets: [AffineFunction]) {
    self.network = network
    pending = Array(network.units.indices)
    var firstForm: [Int] = []
    var unitOfForm: [Int] = []
    var forms: [AffineFunction] = []
    var radii: [Radius] = []
    var readers = [[Reader]](repeating: [], count: network.units.count)
    var waiting = [Int](repeating: 0, count: network.units.count)
    func read(_ form: OpenForm) {
      for (unit, weight) in form.open { readers[unit].append(Reader(form: forms.count, weight: weight)) }
    }
    for (index, unit) in network.units.enumerated() {
      firstForm.append(forms.count)
      for form in unit.forms {
        read(form)
        waiting[index] += form.open.count
        forms.append(form.affine)
        radii.append(form.radius)
        unitOfForm.append(index)
      }
    }
    firstForm.append(forms.count)
    for (output, target) in zip(network.outputs, targets) {
      read(output)
      forms.append(output.affine - target)
      radii.append(output.radius)
    }
    self.firstForm = firstForm
    self.unitOfForm = unitOfForm
    self.readers = readers
    self.forms = forms
    self.radii = radii
    self.waiting = waiting
    known = Array(repeating: nil, count: network.units.count)
  }

  /// output − target, once all units are decided.
  var differences: ArraySlice<AffineFunction> { forms[firstForm[network.units.count]...] }

  func radiusOfDifference(_ output: Int) -> Radius { radii[firstForm[network.units.count] + output] }

  /// A hinge's form, once the units that it reads are decided.
  func argument(of index: Int) -> AffineFunction { forms[firstForm[index]] }

  /// The forms whose signs decide a unit: a hinge's own, or a maximum's differences of each two of its forms. nil while a
  /// unit is open that it reads.
  mutating func rows(of index: Int) -> [NearForm]? {
    if let rows = known[index] { return rows }
    guard waiting[index] == 0 else { return nil }
    let own = forms[firstForm[index]..<firstForm[index + 1]]
    let rows: [NearForm]
    switch network.units[index].kind {
    case .hinge: rows = own.map { NearForm($0) }
    case .maximum: rows = own.flatMap { form in own.map { NearForm(form - $0) } }
    }
    known[index] = rows
    return rows
  }

  /// Puts a unit's value into all forms that read it.
  mutating func decide(_ index: Int, _ choice: Int, excess: Double = 0) {
    known[index] = nil
    let own = firstForm[index]..<firstForm[index + 1]
    var slope = Rational.one
    var form = own.lowerBound
    var radius = radii[form]
    switch network.units[index].kind {
    case .hinge(let below, let above):
      slope = choice == 1 ? above : below
      radius = radius.afterHinge(below: below, above: above, excess: excess)
    case .maximum:
      form += choice
      for other in own { radius.formMaximum(radii[other]) }
    }
    let value = forms[form]
    for reader in readers[index] {
      if slope.signum != 0 {
        forms[reader.form].add(value, times: slope == .one ? reader.weight : slope * reader.weight)
      }
      radii[reader.form].add(radius, times: reader.weight)
      if reader.form < unitOfForm.count { waiting[unitOfForm[reader.form]] -= 1 }
    }
  }
}
