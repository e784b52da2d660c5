import Exact
import Representation

/// How many units every network needs whose function has so many pieces.
struct SizeReport: BoundsReport {
  let pieces: Rational
  let inputs: Int
  let layers: Int
  let bounds: [SizeBound]

  init(pieces: Rational, inputs: Int, layers: Int) throws {
    self.pieces = pieces
    self.inputs = inputs
    self.layers = layers
    bounds = try SizeBound.table(pieces: pieces, inputs: inputs, layers: layers)
  }

  var text: String {
    var rows = ReportRows()
    rows.add("functions", "of \(ModelFile.count(inputs, "input")) with \(NumberFormat.natural(pieces)) pieces")
    rows.add("networks", "with at most \(ModelFile.count(layers, "hidden layer"))")
    if let best = SizeBound.best(bounds) {
      rows.add("they need", "at least \(NumberFormat.natural(best.units)) hidden units (the strongest bound below)")
    }
    return [rows.text, SizeBoundTable(bounds, layers: layers).text].joined(separator: "\n\n")
  }

  var json: JSONText {
    .object([
      ("pieces", .digits(pieces)), ("inputs", .integer(inputs)), ("layers", .integer(layers)),
      ("units", .optional(SizeBound.best(bounds)?.units)), ("bounds", SizeBoundTable(bounds, layers: layers).json),
    ])
  }
}

/// Lower bounds on the units of networks with one number of layers, the strongest marked.
struct SizeBoundTable {
  private let bounds: [SizeBound]
  private let layers: Int

  init(_ bounds: [SizeBound], layers: Int) {
    self.bounds = bounds
    self.layers = layers
  }

  private var strongest: SizeBound? { SizeBound.best(bounds) }

  var text: String {
    var table = ColumnTable([
      ("units", .right), ("value", .right), ("hidden layers", .left), ("standing", .left), ("bound", .left),
    ])
    var sources = SourceList()
    for bound in bounds {
      let mark = bound == strongest ? "  <- strongest" : ""
      let remark = bound.remark.map { "; \($0)" } ?? ""
      table.add([
        NumberFormat.natural(bound.units), bound.form == .real ? NumberFormat.short(bound.value) : "",
        bound.layers == .exactly ? "exactly \(layers)" : "at most \(layers)", bound.standing.rawValue,
        "\(bound.name) \(sources.mark(bound.source))\(remark)\(mark)",
      ])
    }
    return "\(table.text)\n\n\(sources.text)"
  }

  var json: JSONText {
    .array(
      bounds.map { bound in
        .object([
          ("name", .string(bound.name)), ("units", .digits(bound.units)), ("value", .number(bound.value)),
          ("form", .string(bound.form.rawValue)),
          ("layers", .string(bound.layers == .exactly ? "exactly" : "at_most")),
          ("standing", .string(bound.standing.rawValue)), ("source", .string(bound.source)),
          ("remark", bound.remark.map { .string($0) } ?? .null), ("strongest", .bool(bound == strongest)),
        ])
      })
  }
}
