import Exact
import Representation

/// Theorem 3.5 for one sawtooth: how far every shallow network is from it.
struct GapReport: BoundsReport {
  private struct Row {
    let delta: Rational
    let threshold: ApproximationGap.Threshold?
    let largestSize: Rational?
  }

  private let gap: ApproximationGap
  private let sawtooth: Sawtooth
  private let rows: [Row]
  private let answer: (units: Int, distance: Rational)?

  /// The table for δ, or for some, or the distance that a number of units leaves.
  init(_ gap: ApproximationGap, delta: Rational?, units: Int?) throws {
    self.gap = gap
    sawtooth = try gap.sawtooth
    answer = try units.map { ($0, try gap.distance(units: $0)) }
    let deltas = delta.map { [$0] } ?? [Rational(1, 20), Rational(1, 10), Rational(3, 20), Rational(1, 5)]
    let asked = units == nil ? deltas : []
    rows = try asked.map {
      Row(delta: $0, threshold: try gap.threshold(delta: $0), largestSize: try gap.largestSize(delta: $0))
    }
  }

  var text: String {
    var head = ReportRows()
    head.add(
      "sawtooth f",
      "\(ModelFile.count(gap.layers, "hidden layer")) of \(gap.width) units, M = 1, equal teeth: "
        + "\(NumberFormat.natural(sawtooth.piecesInside)) pieces in (0, 1)")
    head.add("networks g", "at most \(ModelFile.count(gap.shallowLayers, "hidden layer"))")
    if let answer {
      let units = "\(ModelFile.count(answer.units, "unit"))"
      head.add(
        "with \(units)",
        answer.distance.signum == 0
          ? "nothing is excluded" : "∫₀¹ |f − g| is at least \(NumberFormat.fraction(answer.distance))")
      return head.text
    }
    var table = ColumnTable([
      ("δ", .right), ("∫₀¹ |f − g| > δ up to this size", .right), ("by the paper", .right), ("", .left),
    ])
    for row in rows {
      table.add([
        NumberFormat.short(row.delta.doubleValue), row.largestSize.map(NumberFormat.natural) ?? "-",
        row.threshold.map { "\(NumberFormat.natural($0.units)) (\(NumberFormat.short($0.value)))" } ?? "-",
        row.threshold.map { $0.standing == .proved ? "" : $0.standing.rawValue } ?? "",
      ])
    }
    return """
      \(head.text)

      \(table.text)

      Every g with so many units or fewer differs from f by more than δ. First column: by the pieces that Π(wᵢ+1) allows; second:
      k′w^(k/k′)(1 − 4δ)^(1/k′) / 2^(1 + 1/k′) (Arora, Basu, Mianjy, Mukherjee 2018, Theorem 3.5).
      """
  }

  var json: JSONText {
    let head: [(String, JSONText)] = [
      ("width", .integer(gap.width)), ("layers", .integer(gap.layers)), ("shallow_layers", .integer(gap.shallowLayers)),
      ("pieces", .digits(sawtooth.piecesInside)),
    ]
    if let answer {
      return .object(
        head + [
          ("units", .integer(answer.units)), ("distance", .number(answer.distance.doubleValue)),
          ("distance_exact", .digits(answer.distance)),
        ])
    }
    let rows = rows.map { row in
      JSONText.object([
        ("delta", .number(row.delta.doubleValue)), ("paper_value", row.threshold.map { .number($0.value) } ?? .null),
        ("paper_units", .optional(row.threshold?.units)),
        ("paper_standing", row.threshold.map { .string($0.standing.rawValue) } ?? .null),
        ("units", .optional(row.largestSize)),
      ])
    }
    return .object(head + [("rows", .array(rows))])
  }
}
