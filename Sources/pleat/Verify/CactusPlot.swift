import Figures

/// How many questions were solved within which time, each by itself: the picture in which solvers are compared.
struct CactusPlot {
  let rows: [ResultTable.Row]
  let title: String

  /// Times below this are all one: the start of the program and the clock.
  private static let leastSeconds = 0.001

  func svg() -> String {
    func curve(_ name: String, _ color: Color, _ width: Double, _ holds: (ResultTable.Row) -> Bool) -> Mark? {
      let times = rows.filter(holds).map { max(Self.leastSeconds, $0.prepareSeconds + $0.runSeconds) }.sorted()
      guard !times.isEmpty else { return nil }
      return .line(
        x: times.indices.map { Double($0 + 1) }, y: times, style: LineStyle(color: color, width: width),
        name: "\(name) (\(times.count))")
    }
    let marks = [
      curve("solved", Color(0x222222), 2.5) { $0.isSolved },
      curve("unsat", Palette.categorical(1), 1.8) { $0.result == "unsat" },
      curve("sat", Palette.categorical(0), 1.8) { $0.result == "sat" },
    ].compactMap { $0 }
    let solved = rows.count(where: \.isSolved)
    let seconds = rows.filter(\.isSolved).reduce(0) { $0 + $1.prepareSeconds + $1.runSeconds }
    return Chart(
      title: title,
      subtitle: "\(solved) of \(rows.count) solved in \(NumberFormat.seconds(seconds)) s together",
      xAxis: Axis("Solved, the quickest first", minimum: 0, integersOnly: true),
      yAxis: Axis("Seconds for one", scaling: .logarithmic), marks: marks
    ).svg()
  }
}
