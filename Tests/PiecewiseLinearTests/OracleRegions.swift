import Exact
import Networks

/// All activation regions of a small network, by brute force in rational arithmetic, from the definition alone.
///
/// A pattern holds one number for each unit: for a hinge 1 where its form is positive and 0 where it is negative, for a
/// maximum the index of the form that wins. A region is a pattern whose open cell inside the open domain is not empty. A
/// form that vanishes identically on a cell counts as inactive; forms of a maximum that agree identically on a cell count
/// as the first of them; a unit that never bends is always 0.
struct OracleRegions {
  struct Cell {
    var pattern: [Int]
    /// The cell is where all of these are positive; the domain's come first.
    var rows: [ExactForm]
    var interiorPoint: [Rational]
    /// All values of the network on the cell: inputs, then units.
    var values: [ExactForm]
    var outputs: [ExactForm]
  }

  let inputCount: Int
  let cells: [Cell]
  /// The number of regions that the units of the first k + 1 stages make.
  let countsByStage: [Int]

  /// - Parameter domain: affine functions that are positive on the open domain; none for all of ℝⁿ.
  init(_ network: UnitNetwork, domain: [ExactForm] = []) {
    let n = network.inputCount
    inputCount = n
    let inputs = (0..<n).map { input in ExactForm(unit: input + 1, count: n + 1) }
    var cells: [Cell] = []
    if let point = OracleProgram.interiorPoint(domain, inputCount: n) {
      cells = [Cell(pattern: [], rows: domain, interiorPoint: point, values: inputs, outputs: [])]
    }
    var counts: [Int] = []
    for stage in network.stages {
      for unit in stage.units { cells = cells.flatMap { Self.split($0, by: unit) } }
      counts.append(cells.count)
    }
    countsByStage = counts
    self.cells = cells.map { cell in
      var cell = cell
      cell.outputs = network.outputs.map { $0.exact(over: cell.values) }
      return cell
    }
  }

  /// The open box Π (lower, upper) in ℝⁿ.
  static func box(_ lower: Rational, _ upper: Rational, inputCount: Int) -> [ExactForm] {
    (0..<inputCount).flatMap { input -> [ExactForm] in
      let coordinate = ExactForm(unit: input + 1, count: inputCount + 1)
      var above = coordinate
      above[0] = -lower
      var below = coordinate.map { -$0 }
      below[0] = upper
      return [above, below]
    }
  }

  private static func split(_ cell: Cell, by unit: UnitNetwork.Unit) -> [Cell] {
    let forms = unit.forms.map { $0.exact(over: cell.values) }
    switch unit.kind {
    case .hinge(let below, let above):
      let form = forms[0]
      let sides: [(choice: Int, row: ExactForm, slope: Double)] =
        below == above ? [] : [(0, form.map { -$0 }, below), (1, form, above)]
      if sides.isEmpty || form.allSatisfy({ $0.signum == 0 }) {
        return [cell.with(choice: 0, rows: [], value: form.map { Rational(exactly: below) * $0 })].compactMap { $0 }
      }
      return sides.compactMap { side in
        cell.with(choice: side.choice, rows: [side.row], value: form.map { Rational(exactly: side.slope) * $0 })
      }
    case .maximum:
      return forms.indices.filter { forms.firstIndex(of: forms[$0]) == $0 }.compactMap { winner in
        let others = forms.filter { $0 != forms[winner] }
        return cell.with(
          choice: winner, rows: others.map { zip(forms[winner], $0).map { $0 - $1 } }, value: forms[winner])
      }
    }
  }

  /// The number of distinct affine maps.
  var affineComponents: Int { Set(cells.map(\.outputs)).count }

  /// The number of pieces: maximal sets of closed cells with one affine map that touch, be it in a single point.
  var pieces: Int {
    var leader = Array(cells.indices)
    func find(_ cell: Int) -> Int { leader[cell] == cell ? cell : find(leader[cell]) }
    for (_, group) in Dictionary(grouping: cells.indices, by: { cells[$0].outputs }) {
      for (position, first) in group.enumerated() {
        for second in group[(position + 1)...] where find(first) != find(second) {
          let common = cells[first].rows + cells[second].rows
          if OracleProgram.isFeasible(common, inputCount: inputCount) { leader[find(first)] = find(second) }
        }
      }
    }
    return leader.indices.count { leader[$0] == $0 }
  }
}

extension OracleRegions.Cell {
  /// The part of the cell where the rows are positive, with one more value; nil when it is empty.
  fileprivate func with(choice: Int, rows more: [ExactForm], value: ExactForm) -> Self? {
    var part = self
    part.pattern.append(choice)
    part.values.append(value)
    // A row that is constant on the cell is decided without a program and bounds nothing.
    let varying = more.filter { row in row.dropFirst().contains { $0.signum != 0 } }
    guard more.allSatisfy({ row in varying.contains(row) || row[0].signum > 0 }) else { return nil }
    part.rows += varying
    if varying.allSatisfy({ $0.value(at: interiorPoint).signum > 0 }) { return part }
    guard let point = OracleProgram.interiorPoint(part.rows, inputCount: interiorPoint.count) else { return nil }
    part.interiorPoint = point
    return part
  }
}

extension ExactForm {
  /// The form with a single coefficient, 1.
  init(unit: Int, count: Int) {
    self = (0..<count).map { $0 == unit ? 1 : 0 }
  }

  func value(at point: [Rational]) -> Rational {
    zip(dropFirst(), point).reduce(self[0]) { $0 + $1.0 * $1.1 }
  }
}

extension AffineForm {
  /// The form as a function of the inputs, from those of the values that it reads.
  func exact(over values: [ExactForm]) -> ExactForm {
    var sum = values[0].map { _ in Rational.zero }
    sum[0] = Rational(exactly: constant)
    for term in terms {
      let weight = Rational(exactly: term.weight)
      for index in sum.indices { sum[index] += weight * values[term.value][index] }
    }
    return sum
  }
}

extension UnitNetwork {
  /// All values at a point, by the forward pass in rational arithmetic: inputs, then units.
  func exactValues(_ input: [Rational]) -> [Rational] {
    var values = input
    for unit in stages.flatMap(\.units) {
      let forms = unit.forms.map { $0.exactValue(values) }
      switch unit.kind {
      case .hinge(let below, let above):
        values.append(Rational(exactly: forms[0].signum > 0 ? above : below) * forms[0])
      case .maximum: values.append(forms.max()!)
      }
    }
    return values
  }
}

extension AffineForm {
  /// The form's value, by the values, in rational arithmetic.
  func exactValue(_ values: [Rational]) -> Rational {
    terms.reduce(Rational(exactly: constant)) { $0 + Rational(exactly: $1.weight) * values[$1.value] }
  }
}
