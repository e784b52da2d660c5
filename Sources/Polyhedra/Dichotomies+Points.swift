#if canImport(Darwin)
  import Darwin
#else
  // For the linker: `round` is in the mathematical library.
  import Glibc
#endif

extension Dichotomies {
  /// Points made ready: repeated ones merged, a coordinate 1 added, coordinates brought to integers if that is possible.
  struct Lifted {
    /// `n + 1`.
    let width: Int
    /// The distinct points, `(x, 1)`, `width` numbers each, scaled per coordinate.
    private(set) var vectors: [[Double]] = []
    /// The same as integers, if all coordinates are decimals of at most six places and moderate size.
    private(set) var integers: [[Int]]?
    /// The distinct point that each given point is.
    private(set) var index: [Int] = []

    init(_ points: [[Double]]) throws(DichotomiesError) {
      guard let first = points.first else { throw .noPoints }
      for (j, point) in points.enumerated() {
        guard point.count == first.count else {
          throw .wrongDimension(point: j, coordinates: point.count, expected: first.count)
        }
        for (k, value) in point.enumerated() where !value.isFinite {
          throw .notFinite(point: j, coordinate: k, value: value)
        }
      }
      width = first.count + 1

      var distinct: [[Double]: Int] = [:]
      var representatives: [[Double]] = []
      for point in points {
        // −0 and 0 are the same coordinate and equal as doubles, so that they share a key.
        if let known = distinct[point] {
          index.append(known)
        } else {
          index.append(representatives.count)
          distinct[point] = representatives.count
          representatives.append(point)
        }
      }
      let columns = (0..<first.count).map { k in representatives.map { $0[k] } }
      let whole = columns.map(Self.wholeNumbers)
      if whole.allSatisfy({ $0 != nil }) {
        let whole = whole.compactMap { $0 }
        integers = representatives.indices.map { j in whole.map { $0[j] } + [1] }
      }
      let scaled = zip(columns, whole).map { values, whole in
        Self.centred(whole?.map(Double.init) ?? values, whole: whole != nil)
      }
      vectors = representatives.indices.map { j in scaled.map { $0[j] } + [1] }
    }

    /// The values times the least power of ten, up to a million, that makes them whole numbers below 2³¹, shifted to begin
    /// at 0 and divided by what they have in common. None of this changes a dichotomy.
    private static func wholeNumbers(_ values: [Double]) -> [Int]? {
      var scale = 1.0
      for _ in 0...6 {
        let whole = values.map { ($0 * scale).rounded() }
        if whole.allSatisfy({ abs($0) < 0x1p31 }), zip(whole, values).allSatisfy({ $0 / scale == $1 }) {
          let integers = whole.map { Int($0) }
          let least = integers.min() ?? 0
          let shifted = integers.map { $0 - least }
          let divisor = max(1, shifted.reduce(0, greatestCommonDivisor))
          return shifted.map { $0 / divisor }
        }
        scale *= 10
      }
      return nil
    }

    /// The values from about −2 to 2. Whole numbers are shifted by one of their kind, and every scale is a power of two, so
    /// that points of whole numbers on a common hyperplane remain on one, exactly.
    private static func centred(_ values: [Double], whole: Bool) -> [Double] {
      // Halves first: the sum of two large numbers may overflow.
      let middle = (values.min() ?? 0) / 2 + (values.max() ?? 0) / 2
      let shift = whole ? middle.rounded() : middle
      // A quarter of each, for the difference of two large numbers may overflow as well.
      let shifted = values.map { $0 / 4 - shift / 4 }
      let extent = shifted.reduce(0) { max($0, abs($1)) }
      return extent > 0 ? shifted.map { $0 / extent.binade } : shifted
    }
  }
}

/// The largest integer that divides both, at least 0.
func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a.magnitude, b.magnitude)
  while b != 0 { (a, b) = (b, a % b) }
  return Int(clamping: a)
}
