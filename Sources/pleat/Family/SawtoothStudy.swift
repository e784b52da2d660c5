import Exact
import Networks
import PiecewiseLinear
import Representation

/// A sawtooth as its network: what was predicted and what was counted.
struct SawtoothStudy {
  /// Up to so many pieces times units of a layer, networks are composed exactly, layer by layer.
  private static let largestEffort = 1 << 20
  /// Up to so many pieces times units, breakpoints are counted: about a second.
  private static let largestCount = 1 << 26

  let sawtooth: Sawtooth
  let rounded: RoundedNetwork
  /// By exact breakpoints; nil where there are too many.
  let counted: (total: Int, inside: Int)?
  /// Of the exact function of the network as written, on ℝ; nil where that is too much.
  let roundedPieces: Int?
  /// The largest |network as written − H| on [0, M], exactly.
  let difference: Rational?
  /// The network as written, enumerated.
  let census: RegionCensus?
  let lowerBounds: [ShallowBounds]

  init(_ sawtooth: Sawtooth, precision: WeightPrecision) throws {
    self.sawtooth = sawtooth
    let network = try sawtooth.network
    rounded = try RoundedNetwork(network, precision)
    let isCountable =
      sawtooth.piecesInside <= Rational(Sawtooth.largestEnumeration)
      && sawtooth.piecesInside * Rational(sawtooth.size) <= Rational(Self.largestCount)
    counted = isCountable ? try sawtooth.enumeratedPieces() : nil
    (roundedPieces, difference) = try Self.comparison(sawtooth, rounded)
    census = try rounded.census(expected: sawtooth.pieces)
    lowerBounds = ShallowBounds.all(upTo: sawtooth.layers) { try sawtooth.sizeBounds(layers: $0) }
  }

  /// The pieces of the network as written, and how far it is from H on [0, M]; nil where that is too much.
  static func comparison(
    _ sawtooth: Sawtooth, _ rounded: RoundedNetwork
  ) throws -> (pieces: Int?, difference: Rational?) {
    if rounded.isExact { return (Int(sawtooth.pieces.description), .zero) }
    guard sawtooth.pieces * Rational(sawtooth.width) <= Rational(largestEffort) else { return (nil, nil) }
    let exact = try BrokenLine(sawtooth.network)
    let written = try BrokenLine(RationalNetwork(rounded.network))
    return (written.pieces, exact.largestDistance(to: written, on: .zero...sawtooth.extent))
  }
}

/// What every network with fewer layers needs.
struct ShallowBounds {
  let layers: Int
  let bounds: [SizeBound]

  var strongest: SizeBound? { SizeBound.best(bounds) }

  /// For 1, 2, … layers; from 8 on for powers of two, and for `most`. None where there is no bound to be had.
  static func all(upTo most: Int, _ bounds: (Int) throws -> [SizeBound]) -> [ShallowBounds] {
    (1...most).filter { $0 <= 8 || $0 == most || $0 & ($0 - 1) == 0 }.compactMap { layers in
      (try? bounds(layers)).map { ShallowBounds(layers: layers, bounds: $0) }
    }
  }

  static func json(_ all: [ShallowBounds]) -> JSONText {
    .array(
      all.map { row in
        .object([
          ("layers", .integer(row.layers)), ("units", .optional(row.strongest?.units)),
          ("bounds", SizeBoundTable(row.bounds, layers: row.layers).json),
        ])
      })
  }

  /// A row for each number of layers, the strongest bound beside what the paper says.
  ///
  /// - Parameter theorem: what the names of the paper's bounds begin with, and what its column is called.
  static func text(_ all: [ShallowBounds], theorem: String) -> String {
    var table = ColumnTable([
      ("hidden layers", .right), ("units at least", .right), ("by", .left), (theorem, .right), ("", .left),
    ])
    for row in all {
      let printed = row.bounds.filter { $0.name.hasPrefix(theorem) }.max { $0.value < $1.value }
      table.add([
        NumberFormat.grouped(row.layers), row.strongest.map { NumberFormat.natural($0.units) } ?? "-",
        row.strongest?.name ?? "", printed.map { NumberFormat.short(max($0.value, 0)) } ?? "-",
        printed.map { $0.standing == .proved ? "" : $0.standing.rawValue } ?? "",
      ])
    }
    return table.text
  }
}
