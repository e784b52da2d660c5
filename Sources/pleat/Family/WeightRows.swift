import Exact
import PiecewiseLinear

/// What a report says of the network in the numbers of its file.
enum WeightRows {
  /// - Parameters:
  ///   - difference: the largest difference from the exact function, where it is known.
  ///   - place: where that is.
  static func add(
    _ rounded: RoundedNetwork, difference: Rational?, where place: String, to rows: inout ReportRows
  ) {
    rows.add("weights", rounded.title)
    guard !rounded.isExact else { return }
    if let difference {
      let exact = difference.description
      let fraction = exact.count <= 24 && difference.denominator != .one ? ", exactly \(exact)" : ""
      rows.add(
        "  difference",
        difference.signum == 0
          ? "none \(place): the function there is the same (exact)"
          : "at most \(NumberFormat.short(difference.doubleValue)) \(place)\(fraction), and reached")
    } else {
      rows.add("  difference", "not computed")
    }
  }

  static func add(_ census: RegionCensus?, of rounded: RoundedNetwork, to rows: inout ReportRows) {
    guard let census else {
      rows.add("  enumerated", "not: too much; 'pleat regions' on the file goes further")
      return
    }
    let pieces = census.pieces.map { "\(NumberFormat.grouped($0)) pieces" } ?? "pieces not decided"
    rows.add(
      "  enumerated",
      "\(pieces) in \(ModelFile.count(census.activationRegions, "activation region")) on all of space"
        + (rounded.isExact ? "" : ", as rounded"))
  }

  static func json(
    _ rounded: RoundedNetwork, difference: Rational?, census: RegionCensus?
  ) -> [(String, JSONText)] {
    [
      ("precision", .string(rounded.precision.rawValue)), ("exact", .bool(rounded.isExact)),
      ("largest_difference", difference.map { .number($0.doubleValue) } ?? .null),
      ("largest_difference_exact", .optional(difference)),
      ("regions", .optional(census?.activationRegions)), ("region_pieces", .optional(census?.pieces)),
    ]
  }
}
