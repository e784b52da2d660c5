/// Where a label of the programme came from.
struct LabelParent: BitwiseCopyable {
  enum Kind: Int32, BitwiseCopyable {
    /// The first segment: no join before it.
    case start
    /// A knot on a site: the parent is a ``ValuePiece``.
    case at
    /// One knot strictly inside a gap: the parent is a ``FreeEnd`` whose line is crossed there.
    case inside
    /// Two knots in a gap: the parent is the cheapest ``FreeEnd`` before it.
    case jump
  }

  var kind: Kind
  /// The site of the join, or the left site of its gap.
  var site: Int32
  /// The parent's index in its level.
  var index: Int32

  static let start = LabelParent(kind: .start, site: -1, index: -1)

  @inline(__always)
  func isSame(as other: LabelParent) -> Bool { index == other.index && site == other.site && kind == other.kind }
}

/// One piece of the function φ ↦ least cost of the sites up to a knot on a site, given the value φ there:
/// α (φ − m)² + c for `lower` ≤ φ ≤ `upper`.
struct ValuePiece: BitwiseCopyable {
  var curvature: Double
  var vertex: Double
  var cost: Double
  var lower: Double
  var upper: Double
  var parent: LabelParent

  @inline(__always)
  func value(_ phi: Double) -> Double {
    let offset = phi - vertex
    return cost + curvature * offset * offset
  }
}

extension ValuePiece {
  /// The least value on the piece's interval.
  @inline(__always)
  var least: Double { vertex < lower ? value(lower) : vertex > upper ? value(upper) : cost }
}

/// A best fit of the sites up to site j that ends in a line free of what follows.
struct FreeEnd: BitwiseCopyable {
  var cost: Double
  /// The line's value at x_j.
  var here: Double
  /// The line's value at x_{j+1}.
  var beyond: Double
  var parent: LabelParent
}

/// The labels of one stage at all sites, site after site in one pool.
final class LabelLevel<Label: BitwiseCopyable> {
  let pool = Pool<Label>()
  /// The labels of site j are `pool[start[j] ..< start[j + 1]]`.
  let start: UnsafeMutablePointer<Int>
  private var filled = 0

  init(siteCount: Int) {
    start = .allocate(capacity: siteCount + 1)
    start.initialize(repeating: 0, count: siteCount + 1)
  }

  deinit { start.deallocate() }

  /// Adds the labels of the next site.
  func close(with labels: UnsafeBufferPointer<Label>) {
    pool.append(labels)
    filled += 1
    start[filled] = pool.count
  }

  @inline(__always)
  subscript(site: Int) -> UnsafeBufferPointer<Label> {
    UnsafeBufferPointer(start: pool.base + start[site], count: start[site + 1] - start[site])
  }
}
