import Exact
import Foundation
import Representation

/// What `pleat family zonotope` tells its user.
struct ZonotopeReport {
  let study: ZonotopeStudy
  let out: String?
  let plot: String?
  let plotFunction: String?

  private var family: ZonotopeFamily { study.family }
  private var sawtooth: Sawtooth { study.family.sawtooth }

  /// Whether Z has as many vertices as there can be; nil when they were not counted.
  private var isGeneric: Bool? { study.vertexCount.map { $0 == study.genericVertexCount } }

  var text: String {
    var rows = ReportRows()
    zonotopeRows(&rows)
    rows.gap()
    networkRows(&rows)
    if let out { rows.add("network written", out) }
    if let plot { rows.add("zonotope drawn", plot) }
    if let plotFunction { rows.add("function drawn", plotFunction) }
    for note in study.notes { rows.add("note", note) }
    guard !study.lowerBounds.isEmpty else { return rows.text }
    return """
      \(rows.text)

      Networks with so many hidden layers that compute it need (this one has \(study.size(study.first)) units):

      \(ShallowBounds.text(study.lowerBounds, theorem: "theorem 3.9"))
      """
  }

  private func zonotopeRows(_ rows: inout ReportRows) {
    let (n, m) = (family.inputs, family.generators.count)
    let dropped = study.zonotope.generators.count - m
    let lost = dropped > 0 ? ", and \(dropped) that are zero" : ""
    let position = isGeneric.map { $0 ? "in general position" : "not in general position" } ?? "position not checked"
    rows.add(
      "zonotope",
      "\(ModelFile.count(m, "generator"))\(lost) (\(study.kind.rawValue)) in \(ModelFile.count(n, "dimension")), rank "
        + "\(study.rank), \(position)")
    let generic = "2 Σ C(m − 1, i), i < n: \(NumberFormat.natural(study.genericVertexCount))"
    let printed = "the paper's formula lacks the factor 2: \(NumberFormat.natural(study.genericVertexCount / 2))"
    rows.add(
      "vertices",
      study.vertexCount.map { "\(NumberFormat.natural($0)), counted exactly; at most \(generic)" }
        ?? "not counted; at most \(generic)")
    rows.add("", printed)
    if let facets = study.facetCount { rows.add("facets", NumberFormat.grouped(facets)) }
    if let volume = study.volume {
      let name = n <= 3 ? ["length", "area", "volume"][n - 1] : "volume"
      rows.add(name, NumberFormat.fraction(volume))
    }
  }

  private func networkRows(_ rows: inout ReportRows) {
    let folds = sawtooth.layers
    rows.add(
      "function",
      study.isFolded
        ? "H ∘ γ, γ the support function, H the sawtooth of \(ModelFile.count(folds, "layer")) of \(sawtooth.width) units, "
          + "M = \(NumberFormat.fraction(sawtooth.extent))"
        : "γ, the support function: Σ |⟨r, b⟩| over the generators")
    let widths = study.hiddenWidths.prefix(16).map(String.init).joined(separator: ", ")
    rows.add(
      "network",
      "\(ModelFile.count(study.hiddenWidths.count, "hidden layer")) of \(widths)"
        + "\(study.hiddenWidths.count > 16 ? ", …" : "") units (the paper's depth \(study.hiddenWidths.count + 1)), "
        + "\(NumberFormat.grouped(study.size(study.first))) in all")
    rows.add(
      "  first layer",
      "shared: \(NumberFormat.grouped(study.size(.shared))) units in all; as in the paper: "
        + NumberFormat.grouped(study.size(.paired)))
    let formula = study.isFolded ? Self.formula(study) : "one for each vertex"
    rows.add(
      "pieces",
      study.pieces.map { "\(NumberFormat.natural($0)) predicted, \(formula)" } ?? "not predicted: see the note")
    rows.add(
      "", "as the paper prints it, in general position: \(NumberFormat.natural(study.paperPieces))")
    WeightRows.add(
      study.rounded, difference: study.difference?.largest, where: study.difference?.place ?? "", to: &rows)
    WeightRows.add(study.census, of: study.rounded, to: &rows)
  }

  /// `V·w^k + e` with its numbers.
  private static func formula(_ study: ZonotopeStudy) -> String {
    guard let vertices = study.vertexCount, let pieces = study.pieces else { return "" }
    let sawtooth = study.family.sawtooth
    let extra = pieces - vertices * sawtooth.piecesInside
    let flat = extra.signum > 0 ? " + \(NumberFormat.natural(extra)) where γ > M" : ""
    return "V·w^k = \(NumberFormat.natural(vertices)) · \(sawtooth.width)^\(sawtooth.layers)\(flat)"
  }

  var json: JSONText {
    .object([
      ("inputs", .integer(family.inputs)),
      ("generators", .array(study.zonotope.generators.map { .array($0.map { .digits($0) }) })),
      ("rank", .integer(study.rank)), ("general_position", isGeneric.map { .bool($0) } ?? .null),
      ("vertices", .optional(study.vertexCount)), ("generic_vertices", .digits(study.genericVertexCount)),
      ("facets", .optional(study.facetCount)), ("volume", .optional(study.volume)),
      ("width", study.isFolded ? .integer(sawtooth.width) : .null),
      ("sawtooth_layers", .integer(study.isFolded ? sawtooth.layers : 0)),
      ("layers", .integer(study.hiddenWidths.count)), ("depth", .integer(study.hiddenWidths.count + 1)),
      ("widths", .array(study.hiddenWidths.map { .integer($0) })), ("size", .integer(study.size(study.first))),
      ("size_shared", .integer(study.size(.shared))), ("size_paper", .integer(study.size(.paired))),
      ("pieces", .optional(study.pieces)), ("paper_pieces", .digits(study.paperPieces)),
      (
        "weights",
        .object(
          WeightRows.json(study.rounded, difference: study.difference?.largest, census: study.census)
            + [("where", study.difference.map { .string($0.place) } ?? .null)])
      ),
      ("lower_bounds", ShallowBounds.json(study.lowerBounds)), ("out", out.map { .string($0) } ?? .null),
      ("plot", plot.map { .string($0) } ?? .null), ("plot_function", plotFunction.map { .string($0) } ?? .null),
      ("notes", .array(study.notes.map { .string($0) })),
    ])
  }
}
