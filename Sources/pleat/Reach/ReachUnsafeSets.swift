import Exact
import Figures
import Queries
import Verification

/// What a property's unsafe sets say of the outputs that are drawn.
struct ReachUnsafeSets {
  /// Σ weight · output ≤ bound, over the drawn outputs.
  struct HalfPlane: Hashable {
    var weights: [Double]
    var bound: Double
  }

  /// Of each case, the half-planes of the drawn outputs alone.
  private(set) var sets: [[HalfPlane]] = []
  /// Whether the cases speak of nothing else; or else the sets drawn are larger than the unsafe ones.
  private(set) var areWhole = true

  /// Cases that say nothing of the drawn outputs alone are left out.
  init(_ question: ReachQuestion?, _ part: ReachQuestion.Part?, outputs: [Int]) {
    guard let question, let part else { return }
    let places = question.problem.places
    var known: Set<[HalfPlane]> = []
    for item in part.cases {
      var halfPlanes: [HalfPlane] = []
      for constraint in item.exact.constraints {
        var weights = Array(repeating: 0.0, count: outputs.count)
        var isDrawn = true
        for term in constraint.polynomial.linear {
          guard case .output(let output) = places[term.element], let position = outputs.firstIndex(of: output) else {
            isDrawn = false
            break
          }
          weights[position] += term.coefficient.doubleValue
        }
        guard isDrawn else {
          areWhole = false
          continue
        }
        if let upper = constraint.range.upper {
          halfPlanes.append(HalfPlane(weights: weights, bound: upper.value.doubleValue))
        }
        if let lower = constraint.range.lower {
          halfPlanes.append(HalfPlane(weights: weights.map { -$0 }, bound: -lower.value.doubleValue))
        }
      }
      if !halfPlanes.isEmpty, known.insert(halfPlanes).inserted { sets.append(halfPlanes) }
    }
  }

  /// The sets of one output as intervals, whose ends may be infinite.
  var ranges: [(lower: Double, upper: Double)] {
    sets.map { halfPlanes in
      var (lower, upper) = (-Double.infinity, Double.infinity)
      for halfPlane in halfPlanes where halfPlane.weights.count == 1 && halfPlane.weights[0] != 0 {
        let end = halfPlane.bound / halfPlane.weights[0]
        if halfPlane.weights[0] > 0 { upper = min(upper, end) } else { lower = max(lower, end) }
      }
      return (lower, upper)
    }
  }

  /// The sets of two outputs within a frame.
  func polygons(in frame: ConvexPolygon) -> [ConvexPolygon] {
    sets.map { halfPlanes in
      halfPlanes.reduce(frame) { $0.clipped(a: $1.weights[0], b: $1.weights[1], c: $1.bound) }
    }
    .filter { $0.doubleArea > 0 }
  }
}
