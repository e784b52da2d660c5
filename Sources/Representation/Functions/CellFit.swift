import Exact
import Foundation

/// How the cells of a ``PolyhedralFunction`` fit together: the worst gap in value, overlaps, and what is left out.
public struct CellFit: Sendable {
  /// Two cells that meet in a point at which their maps differ.
  public struct Gap: Sendable {
    /// The cells, by their indices.
    public var first: Int
    public var second: Int
    public var output: Int
    public var point: [Rational]
    /// A direction in which both cells go on from the point and the difference grows without bound; nil when it is largest
    /// at the point.
    public var direction: [Rational]?
    /// What the two maps say at the point.
    public var firstValue: Rational
    public var secondValue: Rational

    /// The largest difference where the two cells meet; nil when it is unbounded.
    public var magnitude: Rational? { direction == nil ? (firstValue - secondValue).magnitude : nil }

    func exceeds(_ tolerance: Rational) -> Bool { magnitude.map { $0 > tolerance } ?? true }

    func exceeds(_ other: Gap) -> Bool { other.magnitude.map { exceeds($0) } ?? false }
  }

  /// Two cells with common interior points. Where their maps agree, that does no harm.
  public struct Overlap: Sendable {
    public var first: Int
    public var second: Int
    /// An interior point of both.
    public var point: [Rational]
    /// The largest difference of the maps where the cells overlap; nil when there is none.
    public var gap: Gap?
  }

  /// A point that no cell covers, though it lies between points of two cells.
  public struct Missing: Sendable {
    public var first: Int
    public var second: Int
    public var point: [Rational]
  }

  /// The largest difference in value that counts as continuous.
  public var tolerance: Rational
  /// The width, in units of the inputs, of gaps between cells that count as closed.
  public var slack: Rational
  /// The worst gap over all cells that meet (or come within the slack); nil when all maps agree exactly.
  public var largestGap: Gap?
  /// The number of pairs of cells whose maps differ by more than the tolerance.
  public var discontinuities = 0
  public var overlaps: [Overlap] = []
  /// nil when the cells cover a convex set.
  public var missing: Missing?

  init(tolerance: Rational, slack: Rational, overlaps: [Overlap]) {
    self.tolerance = tolerance
    self.slack = slack
    self.overlaps = overlaps
  }

  public var isContinuous: Bool { discontinuities == 0 }

  /// Whether the cells cover a convex set.
  public var isConvex: Bool { missing == nil }

  /// Whether the cells are those of a continuous function on a convex domain.
  public var isAccepted: Bool { isContinuous && isConvex }

  /// Throws `RepresentationError`, which says where, unless the function is continuous on a convex domain.
  public func check() throws(RepresentationError) {
    guard isAccepted else { throw RepresentationError(description) }
  }
}

extension CellFit: CustomStringConvertible {
  /// The findings in one or more sentences' worth of words.
  public var description: String {
    var parts = [continuity]
    if let missing {
      parts.append(
        "the cells do not cover a convex set: the point \(wording(missing.point)), between the cells "
          + "\(missing.first) and \(missing.second), lies in no cell")
    }
    return parts.joined(separator: "; ")
  }

  private var continuity: String {
    guard let gap = largestGap else { return "continuous" }
    if isContinuous, let magnitude = gap.magnitude { return "continuous up to \(wording(magnitude))" }
    let isOverlap = overlaps.contains { $0.first == gap.first && $0.second == gap.second }
    var text = "not continuous: the cells \(gap.first) and \(gap.second) \(isOverlap ? "overlap" : "meet"), and "
    if let direction = gap.direction {
      text += "their maps part without bound from \(wording(gap.point)) in the direction \(wording(direction))"
    } else {
      text += "at \(wording(gap.point)) output \(gap.output) is \(wording(gap.firstValue)) in one and "
      text += "\(wording(gap.secondValue)) in the other"
      if let magnitude = gap.magnitude { text += ", \(wording(magnitude)) apart" }
    }
    if discontinuities > 1 { text += " (the worst of \(discontinuities) pairs of cells)" }
    if tolerance.signum > 0 { text += "; the tolerance is \(wording(tolerance))" }
    return text
  }
}

/// A number for messages: exactly when that is short, else to six digits.
func wording(_ number: Rational) -> String {
  let exact = number.description
  if exact.utf8.count <= 8 { return exact }
  let value = number.doubleValue
  guard value.isFinite else { return "beyond 1e308" }
  return String(format: "%.6g", value)
}

func wording(_ point: [Rational]) -> String { "(" + point.map(wording).joined(separator: ", ") + ")" }
