import Exact

/// A cone in exact integers: its rays, and the lines it contains.
///
/// The double description method with lines: a hyperplane that a line crosses turns it into a ray, and bends all other
/// generators into the hyperplane. Used where a cell has no vertex yet; simple rather than fast.
public final class ExactCone {
  public struct Ray {
    public var vector: IntegerVector
    /// The constraints that the ray lies on, by their numbers, in increasing order.
    public var tight: [Int]

    public init(vector: IntegerVector, tight: [Int]) {
      self.vector = vector
      self.tight = tight
    }
  }

  public let dimension: Int
  public let lines: [IntegerVector]
  public let rays: [Ray]
  /// All constraints that the cone was cut by.
  public let labels: [Int]

  public var isPointed: Bool { lines.isEmpty }

  /// The whole space.
  public init(dimension: Int) {
    self.dimension = dimension
    lines = (0..<dimension).map { index in
      let line = IntegerVector(count: dimension)
      line.set(index, to: 1)
      return line
    }
    rays = []
    labels = []
  }

  /// A cone that the caller knows the generators of.
  public init(dimension: Int, lines: [IntegerVector], rays: [Ray], labels: [Int]) {
    self.dimension = dimension
    self.lines = lines
    self.rays = rays
    self.labels = labels
  }

  private func value(_ form: IntegerVector, _ vector: IntegerVector) -> IntegerVector {
    let result = IntegerVector(count: 1)
    form.dot(vector, into: result)
    return result
  }

  /// On which sides of a form's hyperplane the cone has interior points. O(generators · d) products.
  public func sides(_ form: IntegerVector) -> (positive: Bool, negative: Bool) {
    if lines.contains(where: { value(form, $0).signum(0) != 0 }) { return (true, true) }
    var sides = (positive: false, negative: false)
    for ray in rays {
      let sign = value(form, ray.vector).signum(0)
      if sign > 0 { sides.positive = true }
      if sign < 0 { sides.negative = true }
    }
    return sides
  }

  /// The part on which a form is not negative (or not positive).
  ///
  /// - Parameter label: the constraint's number, larger than those before.
  public func cut(_ form: IntegerVector, isPositive: Bool, label: Int) -> ExactCone {
    let sign = isPositive ? 1 : -1
    let lineValues = lines.map { value(form, $0) }
    if let crossing = lineValues.firstIndex(where: { $0.signum(0) != 0 }) {
      return cut(along: crossing, lineValues, form, sign: sign, label: label)
    }
    let values = rays.map { value(form, $0.vector) }
    let signs = values.map { $0.signum(0) * sign }
    var result: [Ray] = []
    for (index, ray) in rays.enumerated() where signs[index] >= 0 {
      result.append(Ray(vector: ray.vector, tight: signs[index] == 0 ? ray.tight + [label] : ray.tight))
    }
    let tight = LabelSets(rays)
    for u in rays.indices where signs[u] > 0 {
      for v in rays.indices where signs[v] < 0 && tight.areAdjacent(u, v, atLeast: dimension - 2 - lines.count) {
        let vector = combine(rays[v].vector, values[v], rays[u].vector, values[u], sign: sign)
        result.append(Ray(vector: vector, tight: tight.common(u, v) + [label]))
      }
    }
    return ExactCone(dimension: dimension, lines: lines, rays: result, labels: labels + [label])
  }

  /// The cut by a hyperplane that a line crosses.
  private func cut(
    along crossing: Int, _ lineValues: [IntegerVector], _ form: IntegerVector, sign: Int, label: Int
  ) -> ExactCone {
    let line = lines[crossing]
    let height = lineValues[crossing]
    // The line as a ray on the wanted side.
    let ray = IntegerVector(count: dimension)
    let turn = height.signum(0) * sign
    for j in 0..<dimension { ray.set(j, to: line, j, times: turn, shiftedBy: 0) }
    var others: [IntegerVector] = []
    for (index, other) in lines.enumerated() where index != crossing {
      others.append(combine(other, lineValues[index], line, height, sign: height.signum(0)))
    }
    let bent = rays.map { old in
      Ray(
        vector: combine(old.vector, value(form, old.vector), line, height, sign: height.signum(0)),
        tight: old.tight + [label])
    }
    // A line lies on every hyperplane so far.
    return ExactCone(
      dimension: dimension, lines: others, rays: bent + [Ray(vector: ray, tight: labels)], labels: labels + [label])
  }

  /// sign · (height · vector − value · line), without common factor: on the hyperplane where `value` and `height` are the
  /// form's values.
  private func combine(
    _ vector: IntegerVector, _ value: IntegerVector, _ line: IntegerVector, _ height: IntegerVector, sign: Int
  ) -> IntegerVector {
    let result = IntegerVector(count: dimension)
    for j in 0..<dimension {
      result.addProduct(j, vector, j, height, 0)
      result.subtractProduct(j, line, j, value, 0)
      if sign < 0 { result.negate(j) }
    }
    result.removeContent()
    return result
  }
}

/// The constraints that each ray lies on, as bit sets.
private struct LabelSets {
  private let words: Int
  private let count: Int
  private let bits: [UInt64]

  init(_ rays: [ExactCone.Ray]) {
    words = (rays.reduce(0) { max($0, $1.tight.last ?? 0) } + 64) / 64
    count = rays.count
    var bits = [UInt64](repeating: 0, count: words * rays.count)
    for (index, ray) in rays.enumerated() {
      for label in ray.tight { bits[index * words + label / 64] |= 1 << UInt64(label % 64) }
    }
    self.bits = bits
  }

  /// Whether two rays span a face: they have enough constraints in common, and no third ray lies on all of these.
  func areAdjacent(_ first: Int, _ second: Int, atLeast least: Int) -> Bool {
    bits.withUnsafeBufferPointer { bits in
      var size = 0
      for word in 0..<words { size += (bits[first * words + word] & bits[second * words + word]).nonzeroBitCount }
      guard size >= least else { return false }
      for third in 0..<count where third != first && third != second {
        var isOnAll = true
        for word in 0..<words where isOnAll {
          let common = bits[first * words + word] & bits[second * words + word]
          isOnAll = common & ~bits[third * words + word] == 0
        }
        if isOnAll { return false }
      }
      return true
    }
  }

  /// The constraints that both lie on, in increasing order.
  func common(_ first: Int, _ second: Int) -> [Int] {
    var labels: [Int] = []
    for word in 0..<words {
      var rest = bits[first * words + word] & bits[second * words + word]
      while rest != 0 {
        labels.append(word * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return labels
  }
}
