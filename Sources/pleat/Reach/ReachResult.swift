import Exact
import PiecewiseLinear
import Verification

/// What `pleat reach` found.
struct ReachResult {
  enum Answer: String {
    case safe, unsafe, unknown
  }

  /// A piece that meets an unsafe set.
  struct Violation {
    var part: Int
    var found: ReachSafety.Violation
    /// The pattern as text.
    var pattern: String
  }

  /// The least and the largest value of an output.
  struct Range {
    var lower: Double
    var upper: Double
    /// The ends as they are, where they were computed in rationals.
    var exact: (lower: Rational, upper: Rational)?
  }

  /// What is kept of the enclosure of a box's outputs.
  struct Enclosure {
    var ranges: [Interval]
    var zonotope: OutputEnclosure.Zonotope?
    /// In the plane of the outputs that are drawn; nil without a picture of two.
    var outline: ConvexPolygon?
  }

  /// The enclosures of all boxes by one method.
  struct Enclosures {
    var method: OutputEnclosure.Method
    var parts: [Enclosure]
    /// For each output what holds the ranges over all boxes.
    var ranges: [Interval]
    /// The cases that it leaves open, as (part, case).
    var openCases: [(Int, Int)]
  }

  /// All pieces when `isComplete`, else those seen; nil without an exact method.
  var pieces: Int?
  var isComplete = true
  /// nil without a property.
  var answer: Answer?
  var violations: [Violation] = []
  /// For each output; empty without an exact method, or when there was no piece.
  var ranges: [Range] = []
  var enclosures: [Enclosures] = []
  /// What was written, as (what, path).
  var files: [(String, String)] = []
  /// What a person should know about the above.
  var remarks: [String] = []
  var seconds = 0.0
}
