import Exact

/// The largest or the smallest value of an output over a domain, and where it is taken.
public struct OutputExtremum: Sendable {
  /// The value, exactly; nil when there is none, the output growing (or falling) for ever along `direction`.
  public var value: Rational?
  /// A point of the domain's closure that takes it, exactly: a vertex of a region. Without a value, a point from which
  /// `direction` leads on.
  public var point: [Rational]
  /// Where there is no value: a direction of the domain along which the output, affine there, grows (or falls). Else
  /// empty.
  public var direction: [Rational]
  /// The region that the point, or the way along the direction, belongs to.
  public var pattern: ActivationPattern

  /// Whether there is no value.
  public var isUnbounded: Bool { value == nil }
}

/// The exact range of an output over the regions that were seen: all of them when the summary says `isComplete`, else a
/// part of the true range.
public struct OutputRange: Sendable {
  public var minimum: OutputExtremum
  public var maximum: OutputExtremum

  /// The ends as the doubles nearest to them, ±∞ where the output is unbounded.
  public var approximation: (lower: Double, upper: Double) {
    (minimum.value?.doubleValue ?? -.infinity, maximum.value?.doubleValue ?? .infinity)
  }
}

extension RegionEnumeration {
  /// The exact minimum and maximum of every output over the closed domain, with the points that take them. For other
  /// linear combinations of the outputs ask `network.combined(outputs:constants:)`.
  ///
  /// An affine function takes its extremes over a region at vertices, unless it is unbounded along a ray. Doubles with
  /// proved error bounds find the few vertices that come into question, rational arithmetic decides between them. Of
  /// equal values the one in the first region counts, whatever the number of threads.
  ///
  /// - Returns: one range for each output; empty when no region was seen.
  /// - Complexity: O(outputs · vertices · inputs) for each region. Memory does not grow with their number.
  public func outputRanges() throws -> (ranges: [OutputRange], summary: Summary) {
    var search = ExtremumSearch(self)
    let filter = search.filter
    let summary = try forEach(detail: .all, transform: { filter.candidate($0) }, receive: { search.receive($0) })
    return (search.finish(), summary)
  }
}
