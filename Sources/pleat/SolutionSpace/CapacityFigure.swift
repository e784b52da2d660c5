import Figures
import SolutionSpace

/// Capacities against what was varied: the margin, the hidden units, or the activation by its slope A.
struct CapacityFigure {
  let table: NumberTable
  let weights: WeightSpace

  private struct Point {
    var activation: String
    var hidden: String
    var margin: Double
    var ansatz: String
    var capacity: Double
    var error: Double
    var slope: Double
  }

  private var points: [Point] {
    table.rows.compactMap { row in
      guard case .text(let activation) = row[0], case .number(let margin) = row[2], case .text(let ansatz) = row[3],
        case .number(let capacity) = row[4], capacity.isFinite, case .number(let slope) = row[6]
      else { return nil }
      var hidden = "inf"
      if case .integer(let count) = row[1] { hidden = "\(count)" }
      var error = 0.0
      if case .number(let value) = row[5] { error = value }
      return Point(
        activation: activation, hidden: hidden, margin: margin, ansatz: ansatz, capacity: capacity, error: error,
        slope: slope)
    }
  }

  var chart: Chart {
    let points = points
    let title = "Capacity of tree committee machines, \(weights.rawValue) weights"
    let yAxis = Axis("Patterns per weight, α")
    if Set(points.map(\.margin)).count > 1 {
      return Chart(
        title: title, xAxis: Axis("Margin κ / √Var g"), yAxis: yAxis,
        marks: series(points) { "\($0.activation), \($0.ansatz)\($0.hidden == "inf" ? "" : ", K = \($0.hidden)")" }
          .enumerated()
          .map { index, group in
            .line(
              x: group.points.map(\.margin), y: group.points.map(\.capacity),
              style: LineStyle(color: Palette.categorical(index)), name: group.name)
          })
    }
    if points.contains(where: { $0.hidden != "inf" }) {
      var marks: [Mark] = []
      for (index, group) in series(points, name: { "\($0.activation), \($0.ansatz)" }).enumerated() {
        let color = Palette.categorical(index)
        let finite = group.points.filter { $0.hidden != "inf" }
        marks += TheoryOption.errorBars(
          x: finite.compactMap { Double($0.hidden) }, y: finite.map(\.capacity), errors: finite.map(\.error),
          color: color,
          name: group.name)
        if let limit = group.points.first(where: { $0.hidden == "inf" }) {
          marks.append(.horizontalRules([limit.capacity], style: LineStyle(color: color, width: 1.2, dash: .dashed)))
        }
      }
      return Chart(
        title: title, subtitle: "Dashed: infinitely many hidden units",
        xAxis: Axis("Hidden units, K", scaling: .logarithmic), yAxis: yAxis, marks: marks)
    }
    var marks: [Mark] = []
    for (index, group) in series(points, name: \.ansatz).enumerated() {
      // Activations that jump have no finite slope and no place.
      let placed = group.points.filter(\.slope.isFinite)
      marks.append(
        .markers(
          x: placed.map(\.slope), y: placed.map(\.capacity), labels: index == 0 ? placed.map(\.activation) : [],
          style: PointStyle(shape: .circle, color: Palette.categorical(index), radius: 5, opacity: 1), name: group.name)
      )
    }
    return Chart(
      title: title, subtitle: "Infinitely many hidden units", xAxis: Axis("A = Q′(1) = E g′² / Var g"), yAxis: yAxis,
      marks: marks)
  }

  private func series(_ points: [Point], name: (Point) -> String) -> [(name: String, points: [Point])] {
    var groups: [(name: String, points: [Point])] = []
    for point in points {
      if let place = groups.firstIndex(where: { $0.name == name(point) }) {
        groups[place].points.append(point)
      } else {
        groups.append((name(point), [point]))
      }
    }
    return groups
  }
}
