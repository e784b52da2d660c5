/// The lower envelope of quadratics, each on an interval: disjoint pieces in increasing order, +∞ outside all of them.
///
/// Pieces are gathered in envelopes of 1, 2, 4, … insertions that merge like the digits of a binary counter, so that a
/// piece meets the others O(log N) times and not each of them.
///
/// - Complexity: N insertions cost O(N log N) comparisons of pieces when the envelopes are no larger than what went in.
final class PieceEnvelope {
  /// The envelope, after ``finish()``.
  let pieces = Pool<ValuePiece>()
  /// `digits[k]` is the envelope of 2^k insertions where bit k of `inserted` is set, else empty.
  private let digits: [Pool<ValuePiece>]
  private let spare = Pool<ValuePiece>()
  private var inserted = 0

  init() { digits = (0..<48).map { _ in Pool<ValuePiece>(capacity: 8) } }

  /// Starts anew.
  func removeAll() {
    pieces.removeAll()
    inserted = 0
  }

  /// Replaces the envelope by its minimum with `new`.
  @inline(__always)
  func insert(_ new: ValuePiece) {
    pieces.removeAll()
    pieces.append(new)
    var position = 0
    var bits = inserted
    while bits & 1 == 1 {
      merge(digits[position], pieces, into: spare)
      pieces.swapContents(with: spare)
      position += 1
      bits >>= 1
    }
    pieces.swapContents(with: digits[position])
    inserted += 1
  }

  /// Gathers all insertions in ``pieces``.
  func finish() {
    pieces.removeAll()
    var position = 0
    var bits = inserted
    while bits > 0 {
      if bits & 1 == 1 {
        merge(digits[position], pieces, into: spare)
        pieces.swapContents(with: spare)
      }
      position += 1
      bits >>= 1
    }
  }

  /// Writes the minimum of two envelopes.
  private func merge(_ left: Pool<ValuePiece>, _ right: Pool<ValuePiece>, into output: Pool<ValuePiece>) {
    output.removeAll()
    let leftBase = left.base
    let rightBase = right.base
    let leftCount = left.count
    let rightCount = right.count
    var i = 0
    var j = 0
    var cursor = -Double.infinity
    while i < leftCount && j < rightCount {
      let p = leftBase + i
      let q = rightBase + j
      let pStart = max(p.pointee.lower, cursor)
      let qStart = max(q.pointee.lower, cursor)
      if pStart < qStart {
        cursor = min(p.pointee.upper, qStart)
        emit(p, pStart, cursor, output)
      } else if qStart < pStart {
        cursor = min(q.pointee.upper, pStart)
        emit(q, qStart, cursor, output)
      } else {
        cursor = min(p.pointee.upper, q.pointee.upper)
        split(p, q, pStart, cursor, output)
      }
      if p.pointee.upper <= cursor { i += 1 }
      if q.pointee.upper <= cursor { j += 1 }
    }
    while i < leftCount {
      emit(leftBase + i, max(leftBase[i].lower, cursor), leftBase[i].upper, output)
      i += 1
    }
    while j < rightCount {
      emit(rightBase + j, max(rightBase[j].lower, cursor), rightBase[j].upper, output)
      j += 1
    }
  }

  /// Adds a part of a piece, to the last one where it continues it.
  @inline(__always)
  private func emit(
    _ piece: UnsafeMutablePointer<ValuePiece>, _ lower: Double, _ upper: Double, _ output: Pool<ValuePiece>
  ) {
    guard lower < upper else { return }
    if output.count > 0 {
      let last = output.base + (output.count - 1)
      if last.pointee.upper == lower && last.pointee.vertex == piece.pointee.vertex
        && last.pointee.cost == piece.pointee.cost && last.pointee.parent.isSame(as: piece.pointee.parent)
      {
        last.pointee.upper = upper
        return
      }
    }
    var part = piece.pointee
    part.lower = lower
    part.upper = upper
    output.append(part)
  }

  /// Adds the lower of two pieces on an interval that both cover.
  @inline(__always)
  private func split(
    _ p: UnsafeMutablePointer<ValuePiece>, _ q: UnsafeMutablePointer<ValuePiece>, _ lower: Double, _ upper: Double,
    _ output: Pool<ValuePiece>
  ) {
    // The difference q − p around the middle of the interval: a t² + 2 b t + c, |t| ≤ half.
    let middle = 0.5 * (lower + upper)
    let half = 0.5 * (upper - lower)
    let pOffset = middle - p.pointee.vertex
    let qOffset = middle - q.pointee.vertex
    let a = q.pointee.curvature - p.pointee.curvature
    let pTurn = p.pointee.curvature * pOffset
    let qTurn = q.pointee.curvature * qOffset
    let b = qTurn - pTurn
    let c = q.pointee.cost - p.pointee.cost + qTurn * qOffset - pTurn * pOffset
    let even = a * half * half + c
    let odd = 2 * b * half
    let atLower = even - odd
    let atUpper = even + odd
    let low = atLower < 0 ? q : p
    let high = atUpper < 0 ? q : p
    if low == high {
      // The other piece is lower in the middle only if the difference turns inside the interval and crosses zero.
      let sign = low == q ? -1.0 : 1.0
      let discriminant = b * b - a * c
      guard a * sign > 0, abs(b) < abs(a) * half, discriminant > 0 else {
        emit(low, lower, upper, output)
        return
      }
      let root = discriminant.squareRoot() / abs(a)
      let turn = middle - b / a
      let first = max(lower, turn - root)
      let second = min(upper, turn + root)
      emit(low, lower, first, output)
      emit(low == q ? p : q, first, second, output)
      emit(low, second, upper, output)
      return
    }
    // One sign change. The difference rises through the wanted root when q is lower at the start, and falls otherwise.
    let root = max(0, b * b - a * c).squareRoot() * (low == q ? 1 : -1)
    let t = b * root > 0 ? -c / (b + root) : (root - b) / a
    let change = t.isFinite ? min(upper, max(lower, middle + t)) : middle
    emit(low, lower, change, output)
    emit(high, change, upper, output)
  }
}
