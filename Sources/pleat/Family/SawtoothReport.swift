import Exact
import Foundation
import Representation

/// What `pleat family sawtooth` tells its user.
struct SawtoothReport {
  let study: SawtoothStudy
  let out: String?
  let plot: String?

  private var sawtooth: Sawtooth { study.sawtooth }

  var text: String {
    let (width, layers) = (sawtooth.width, sawtooth.layers)
    var rows = ReportRows()
    rows.add("function", "sawtooth H on [0, M], M = \(NumberFormat.fraction(sawtooth.extent)); \(knotText)")
    rows.add(
      "network",
      "\(ModelFile.count(layers, "hidden layer")) of \(ModelFile.count(width, "unit")) "
        + "(the paper's depth \(layers + 1)), \(ModelFile.count(sawtooth.size, "unit")) in all, no output bias")
    rows.add(
      "pieces",
      "\(NumberFormat.natural(sawtooth.pieces)) on all of ℝ, "
        + "\(NumberFormat.natural(sawtooth.piecesInside)) = \(width)^\(layers) within (0, M), predicted")
    if let counted = study.counted {
      rows.add(
        "  counted",
        "\(NumberFormat.grouped(counted.total)) and \(NumberFormat.grouped(counted.inside)), "
          + "by the exact breakpoints of H")
    } else {
      rows.add("  counted", "not: too many")
    }
    rows.add(
      "integrals",
      "∫ H = \(NumberFormat.fraction(sawtooth.integral)) and ∫ |H − M/2| = "
        + "\(NumberFormat.fraction(sawtooth.distanceToMean)) over [0, M]")
    rows.gap()
    WeightRows.add(study.rounded, difference: study.difference, where: "on [0, M]", to: &rows)
    if !study.rounded.isExact, let pieces = study.roundedPieces {
      rows.add("  pieces", "\(NumberFormat.grouped(pieces)) on all of ℝ, as rounded (exact)")
    }
    WeightRows.add(study.census, of: study.rounded, to: &rows)
    if let out { rows.add("network written", out) }
    if let plot { rows.add("picture written", plot) }
    guard !study.lowerBounds.isEmpty else {
      rows.add("lower bounds", "not computed: numbers too large to write down")
      return rows.text
    }
    return """
      \(rows.text)

      Networks with so many hidden layers that compute H need (this one has \(NumberFormat.grouped(sawtooth.size)) units):

      \(ShallowBounds.text(study.lowerBounds, theorem: "theorem 3.1"))
      """
  }

  private var knotText: String {
    let equal = (1..<sawtooth.width).map { sawtooth.extent * Rational($0, sawtooth.width) }
    if sawtooth.knots.allSatisfy({ $0 == equal }) { return "equal teeth" }
    let lists = sawtooth.knots.prefix(6).map { list in
      list.prefix(8).map(\.description).joined(separator: ", ") + (list.count > 8 ? ", …" : "")
    }
    return "knots " + lists.joined(separator: "; ") + (sawtooth.layers > 6 ? "; …" : "")
  }

  var json: JSONText {
    .object([
      ("width", .integer(sawtooth.width)), ("layers", .integer(sawtooth.layers)),
      ("depth", .integer(sawtooth.layers + 1)), ("size", .integer(sawtooth.size)),
      ("extent", .digits(sawtooth.extent)),
      ("knots", .array(sawtooth.knots.map { .array($0.map { .digits($0) }) })), ("pieces", .digits(sawtooth.pieces)),
      ("pieces_inside", .digits(sawtooth.piecesInside)), ("counted_pieces", .optional(study.counted?.total)),
      ("counted_inside", .optional(study.counted?.inside)), ("integral", .digits(sawtooth.integral)),
      ("distance_to_mean", .digits(sawtooth.distanceToMean)),
      (
        "weights",
        .object(
          WeightRows.json(study.rounded, difference: study.difference, census: study.census)
            + [("pieces", .optional(study.roundedPieces))])
      ),
      ("lower_bounds", ShallowBounds.json(study.lowerBounds)), ("out", out.map { .string($0) } ?? .null),
      ("plot", plot.map { .string($0) } ?? .null),
    ])
  }
}
