import Exact
import Foundation
import Representation

/// How many pieces networks of given widths can have.
struct PieceReport: BoundsReport {
  let inputs: Int
  let widths: [Int]
  let bounds: [PieceBound]

  /// The most products of machine words that the bounds may take, about a second.
  private static let largestEffort = 0x1p27

  init(inputs: Int, widths: [Int]) throws {
    let bits = widths.reduce(0.0) { $0 + Double(min(inputs, $1)) * log2(Double($1) + 1) }
    let effort = Double(widths.count) * Double(inputs) * Double(inputs) * (1 + bits / 64)
    guard effort <= Self.largestEffort else {
      throw Failure.usage(
        "\(ModelFile.count(widths.count, "hidden layer")) of such widths on \(ModelFile.count(inputs, "input")) give "
          + "numbers too large to write down; take fewer layers or inputs")
    }
    self.inputs = inputs
    self.widths = widths
    bounds = try PieceBound.table(inputs: inputs, widths: widths)
  }

  /// The proved bound on one side that says most, the first of equals.
  private func strongest(_ side: PieceBound.Side) -> PieceBound? {
    bounds.filter { $0.side == side && $0.standing == .proved }.reduce(nil) { best, bound in
      guard let best else { return bound }
      return (side == .upper ? bound.pieces < best.pieces : bound.pieces > best.pieces) ? bound : best
    }
  }

  private func isStrongest(_ bound: PieceBound) -> Bool { bound == strongest(bound.side) }

  var text: String {
    var rows = ReportRows()
    let list = widths.prefix(20).map(NumberFormat.grouped).joined(separator: ", ") + (widths.count > 20 ? ", …" : "")
    rows.add("networks", "of \(ModelFile.count(inputs, "input")), hidden widths \(list)")
    if let upper = strongest(.upper) { rows.add("none has", "more than \(NumberFormat.natural(upper.pieces)) pieces") }
    if let lower = strongest(.lower) { rows.add("some have", "\(NumberFormat.natural(lower.pieces)) pieces or more") }
    var table = ColumnTable([("pieces", .right), ("side", .left), ("standing", .left), ("bound", .left)])
    var sources = SourceList()
    for bound in bounds {
      table.add([
        NumberFormat.natural(bound.pieces), bound.side == .upper ? "at most" : "at least", bound.standing.rawValue,
        "\(bound.name) \(sources.mark(bound.source))\(isStrongest(bound) ? "  <- strongest" : "")",
      ])
    }
    return [rows.text, table.text, sources.text].joined(separator: "\n\n")
  }

  var json: JSONText {
    .object([
      ("widths", .array(widths.map { .integer($0) })), ("inputs", .integer(inputs)),
      ("upper", .optional(strongest(.upper)?.pieces)), ("lower", .optional(strongest(.lower)?.pieces)),
      (
        "bounds",
        .array(
          bounds.map { bound in
            .object([
              ("name", .string(bound.name)), ("side", .string(bound.side.rawValue)),
              ("pieces", .digits(bound.pieces)), ("standing", .string(bound.standing.rawValue)),
              ("source", .string(bound.source)), ("strongest", .bool(isStrongest(bound))),
            ])
          })
      ),
    ])
  }
}
