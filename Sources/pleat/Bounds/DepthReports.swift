import Exact
import Representation

/// The table of Corollary 3.4: k² layers and k³ units against at most k layers.
struct SeparationReport: BoundsReport {
  let rows: [DepthSeparation]

  init(largest: Int) throws {
    // The last row first: if it is too large, the others need not be made.
    _ = try DepthSeparation(k: largest)
    rows = try DepthSeparation.table(largest: largest)
  }

  var text: String {
    var table = ColumnTable([
      ("k", .right), ("layers k²", .right), ("units k³", .right), ("k layers need ½k^(k+1) − 1", .right),
      ("product bound", .right),
    ])
    for row in rows {
      table.add([
        String(row.k), NumberFormat.natural(row.deepLayers), NumberFormat.natural(row.deepSize), Self.half(row.bound),
        NumberFormat.natural(row.productBound),
      ])
    }
    return """
      Sawtooths of k² hidden layers of k units, and the units of networks with fewer layers that compute them.

      \(table.text)

      ½k^(k+1) − 1 holds for exactly k hidden layers (Arora, Basu, Mianjy, Mukherjee 2018, Corollary 3.4); the product bound
      Π(wᵢ+1) ≥ pieces, for the exact number of pieces, for at most k.
      """
  }

  /// A multiple of one half.
  private static func half(_ value: Rational) -> String {
    value.denominator == .one
      ? NumberFormat.natural(value) : NumberFormat.natural(value - Rational(1, 2)) + ".5"
  }

  var json: JSONText {
    .object([
      (
        "rows",
        .array(
          rows.map { row in
            .object([
              ("k", .integer(row.k)), ("layers", .digits(row.deepLayers)), ("units", .digits(row.deepSize)),
              ("bound", .digits(row.bound)), ("product_bound", .digits(row.productBound)),
            ])
          })
      )
    ])
  }
}

/// What is known of depth and size.
struct FactReport: BoundsReport {
  var text: String {
    let groups = Standing.allCases.compactMap { standing -> String? in
      let facts = DepthFact.all.filter { $0.standing == standing }
      guard !facts.isEmpty else { return nil }
      var rows = ReportRows()
      for fact in facts {
        rows.add("  \(fact.topic)", fact.statement)
        rows.add("", "[\(fact.source)]")
      }
      return "\(standing.description)\n\(rows.text)"
    }
    return (groups + ["Layers are hidden layers; n is the number of inputs, p of pieces."]).joined(separator: "\n\n")
  }

  var json: JSONText {
    .object([
      (
        "facts",
        .array(
          DepthFact.all.map { fact in
            .object([
              ("topic", .string(fact.topic)), ("statement", .string(fact.statement)), ("source", .string(fact.source)),
              ("standing", .string(fact.standing.rawValue)),
            ])
          })
      )
    ])
  }
}
