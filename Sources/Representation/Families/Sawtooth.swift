import Exact
import Probability

/// A sawtooth with wᵏ linear pieces in (0, M) that k hidden layers of w units compute: the hard function
/// H = h_{aᵏ} ∘ … ∘ h_{a¹}, a¹ applied first.
///
/// For knots 0 < a₁ < … < a_{w−1} < M, the map h_a is 0 for x ≤ 0, has the value M at a₁, a₃, … and 0 at a₂, a₄, …,
/// returns at M to the one of 0 and M that it has not at a_{w−1}, and goes on with its last slope beyond M. Each linear
/// piece of H within [0, M] maps onto [0, M].
///
/// ```swift
/// let hard = try Sawtooth(width: 3, layers: 4)
/// hard.pieces                                  // 82
/// hard(Rational(1, 162))                       // 1/2
/// try hard.network.hiddenWidths                // [3, 3, 3, 3]
/// ```
///
/// A tuple of knots lies below many M, and H depends on M, so that M is a parameter of its own.
///
/// Source: R. Arora, A. Basu, P. Mianjy, A. Mukherjee, *Understanding deep neural networks with rectified linear units*
/// (2018), Theorems 3.1 and 3.2, Definition 7; there M is the union index of the parameter set.
public struct Sawtooth: Sendable, Equatable {
  /// The most hidden units, w · k, that are accepted.
  public static let largestSize = 1 << 16

  /// M > 0.
  public let extent: Rational
  /// a¹ … aᵏ, `[k][w − 1]`, each increasing within (0, M).
  public let knots: [[Rational]]

  /// The sawtooth with these knots.
  ///
  /// - Parameters:
  ///   - extent: M.
  ///   - knots: a¹ … aᵏ, all of the same number w − 1 ≥ 1 of knots; k ≥ 1.
  /// - Throws: `RepresentationError`, which names the layer and the knot that breaks 0 < a₁ < … < a_{w−1} < M.
  public init(extent: Rational = .one, knots: [[Rational]]) throws {
    guard extent.signum > 0 else {
      throw RepresentationError("M is \(extent); a sawtooth needs a positive M")
    }
    guard let first = knots.first else {
      throw RepresentationError("a sawtooth needs at least one layer of knots")
    }
    for (layer, list) in knots.enumerated() {
      guard !list.isEmpty else {
        throw RepresentationError("layer \(layer + 1) has no knot; a layer of width w has w − 1 knots, w ≥ 2")
      }
      guard list.count == first.count else {
        throw RepresentationError(
          "layer \(layer + 1) has \(list.count) knots and layer 1 has \(first.count); all layers must have as many")
      }
      try Self.check(list, layer: layer, extent: extent)
    }
    try Self.checkSize(width: first.count + 1, layers: knots.count)
    self.extent = extent
    self.knots = knots
  }

  /// The sawtooth with equal teeth: every aⁱ is M/w, 2M/w, …, (w − 1)M/w. With M = 1 this is the function of Theorem 3.5.
  ///
  /// - Throws: `RepresentationError` unless w ≥ 2, k ≥ 1, M > 0 and w · k is at most `largestSize`.
  public init(width: Int, layers: Int, extent: Rational = .one) throws {
    try Self.checkSize(width: width, layers: layers)
    let list = (1..<width).map { extent * Rational($0, width) }
    try self.init(extent: extent, knots: Array(repeating: list, count: layers))
  }

  /// A sawtooth with random knots: each aⁱ is a uniformly chosen set of w − 1 of the multiples of M/q inside (0, M), where
  /// q is the least power of two that is at least 16 w.
  ///
  /// - Throws: `RepresentationError` unless w ≥ 2, k ≥ 1, M > 0 and w · k is at most `largestSize`.
  public static func random(
    width: Int, layers: Int, extent: Rational = .one, using source: inout RandomSource
  ) throws -> Sawtooth {
    try checkSize(width: width, layers: layers)
    var denominator = 16
    while denominator < 16 * width { denominator *= 2 }
    let knots = (0..<layers).map { _ in
      var chosen: Set<Int> = []
      while chosen.count < width - 1 { chosen.insert(1 + source.index(below: denominator - 1)) }
      return chosen.sorted().map { extent * Rational($0, denominator) }
    }
    return try Sawtooth(extent: extent, knots: knots)
  }

  /// w ≥ 2, the units of each hidden layer.
  public var width: Int { knots[0].count + 1 }

  /// k ≥ 1, the number of hidden layers.
  public var layers: Int { knots.count }

  /// w · k, the number of hidden units.
  public var size: Int { width * layers }

  private static func check(_ list: [Rational], layer: Int, extent: Rational) throws {
    let rule = "the knots of a layer must satisfy 0 < a₁ < … < M = \(extent)"
    for (index, knot) in list.enumerated() {
      let place = "knot \(index + 1) of layer \(layer + 1) is \(knot)"
      let previous = index == 0 ? Rational.zero : list[index - 1]
      guard knot > previous else {
        let lower = index == 0 ? "0" : "the knot before it, \(previous)"
        throw RepresentationError("\(place), not above \(lower); \(rule)")
      }
      guard knot < extent else { throw RepresentationError("\(place), not below M; \(rule)") }
    }
  }

  private static func checkSize(width: Int, layers: Int) throws {
    guard width >= 2 else { throw RepresentationError("the width is \(width); a sawtooth needs width 2 or more") }
    guard layers >= 1 else { throw RepresentationError("there are \(layers) layers; a sawtooth needs one or more") }
    let (size, overflow) = width.multipliedReportingOverflow(by: layers)
    guard !overflow, size <= largestSize else {
      throw RepresentationError("\(layers) layers of \(width) units are too many; accepted are \(largestSize) units")
    }
  }
}

extension Sawtooth {
  /// The slopes of h_a on (0, a₁), (a₁, a₂), …, (a_{w−1}, ∞), a the knots of a layer: alternating in sign, first positive.
  func slopes(_ layer: Int) -> [Rational] {
    let ends = [.zero] + knots[layer] + [extent]
    return (0..<width).map { index in
      let slope = extent / (ends[index + 1] - ends[index])
      return index.isMultiple(of: 2) ? slope : -slope
    }
  }

  /// H(x). O(w · k) rational operations.
  public func callAsFunction(_ x: Rational) -> Rational {
    knots.indices.reduce(x) { value($1, at: $0, slopes: slopes($1)) }
  }

  /// h_a(x) for the knots of a layer, whose slopes are known. O(w) comparisons.
  func value(_ layer: Int, at x: Rational, slopes: [Rational]) -> Rational {
    guard x.signum > 0 else { return .zero }
    let list = knots[layer]
    let segment = list.firstIndex { $0 >= x } ?? list.count
    let start = segment == 0 ? .zero : list[segment - 1]
    return (segment.isMultiple(of: 2) ? .zero : extent) + slopes[segment] * (x - start)
  }
}
