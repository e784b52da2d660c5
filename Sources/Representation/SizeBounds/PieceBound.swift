import Exact
import Polyhedra

/// A bound on the number of pieces of the functions that networks of given hidden widths compute.
public struct PieceBound: Sendable, Equatable {
  public enum Side: String, Sendable, Codable {
    /// Some network with these widths has at least so many pieces.
    case lower
    /// No network with these widths has more.
    case upper
  }

  public let name: String
  public let source: String
  public let side: Side
  public let standing: Standing
  /// A natural number.
  public let pieces: Rational

  /// All bounds for networks of n inputs and hidden layers of widths w₁ … w_L.
  ///
  /// Upper: Serra et al. and, for one input, Π (wₗ + 1). Lower, when they apply: Montúfar et al. for wₗ ≥ n, sawtooths, and
  /// the zonotope family with its first layer in either form.
  ///
  /// - Complexity: O(L · n²) operations on integers.
  /// - Throws: `RepresentationError` unless n is from 1 to 256, L from 1 to 4096 and every width from 1 to 2⁴⁰.
  public static func table(inputs: Int, widths: [Int]) throws -> [PieceBound] {
    try BoundQuestion.check(inputs: inputs)
    try BoundQuestion.check(layers: widths.count)
    for (layer, width) in widths.enumerated() where !(1...(1 << 40)).contains(width) {
      throw RepresentationError("hidden layer \(layer + 1) has width \(width); accepted are 1 to 2^40")
    }
    var bounds = [
      PieceBound(
        name: "Serra et al.", source: "Serra, Tjandraatmadja, Ramalingam 2018, Theorem 1", side: .upper,
        standing: .proved, pieces: serra(inputs: inputs, widths: widths))
    ]
    if inputs == 1 {
      bounds.append(
        PieceBound(
          name: "product Π(wₗ+1)", source: "each piece gets at most wₗ new breakpoints in layer l", side: .upper,
          standing: .proved, pieces: widths.reduce(1) { $0 * Rational($1 + 1) }))
    }
    if let pieces = montufar(inputs: inputs, widths: widths) {
      bounds.append(
        PieceBound(
          name: "Montúfar et al.", source: "Montúfar, Pascanu, Cho, Bengio 2014, Theorem 4", side: .lower,
          standing: .literature, pieces: pieces))
    }
    bounds.append(
      PieceBound(
        name: "sawtooth Πwₗ", source: "Arora, Basu, Mianjy, Mukherjee 2018, Theorem 3.2; Telgarsky 2016", side: .lower,
        standing: .proved, pieces: widths.reduce(1) { $0 * Rational($1) }))
    let forms = [("⌊w₁/2⌋", widths[0] / 2), ("w₁ − 2", widths[0] - 2)]
    for (form, generators) in forms where generators >= 1 && widths.count > 1 {
      bounds.append(
        PieceBound(
          name: "zonotope, m = \(form)",
          source: "Arora, Basu, Mianjy, Mukherjee 2018, Theorem 3.9, with the factor 2 that the paper leaves out",
          side: .lower, standing: .proved,
          pieces: try zonotope(inputs: inputs, generators: generators, widths: widths)))
    }
    return bounds
  }

  /// Σ over (j₁ … j_L) of Π C(wₗ, jₗ), 0 ≤ jₗ ≤ min(n, w₁ − j₁, …, wₗ₋₁ − jₗ₋₁, wₗ).
  ///
  /// The w units of a layer cut a region whose image has dimension c into at most Σ_{j ≤ c} C(w, j) parts, of which at most
  /// C(w, j) have exactly j inactive units; the image of such a part has at most dimension min(c, w − j). The sum is largest
  /// when there are as many parts as possible with few inactive units.
  static func serra(inputs: Int, widths: [Int]) -> Rational {
    // counts[c]: the sum over the layers to come when at most c dimensions are left.
    var counts = Array(repeating: Rational.one, count: inputs + 1)
    for width in widths.reversed() {
      var binomials = [Rational.one]
      for index in 0..<min(inputs, width) {
        binomials.append(binomials[index] * Rational(width - index) / Rational(index + 1))
      }
      counts = (0...inputs).map { dimension in
        (0...min(dimension, width)).reduce(.zero) { $0 + binomials[$1] * counts[min(dimension, width - $1)] }
      }
    }
    return counts[inputs]
  }

  /// Π_{l < L} ⌊wₗ/n⌋ⁿ · Σ_{j ≤ n} C(w_L, j); nil unless all wₗ ≥ n.
  private static func montufar(inputs: Int, widths: [Int]) -> Rational? {
    guard let last = widths.last, widths.allSatisfy({ $0 >= inputs }) else { return nil }
    return widths.dropLast().reduce(NaturalArithmetic.binomialSum(Rational(last), upTo: inputs)) {
      $0 * NaturalArithmetic.power(Rational($1 / inputs), inputs)
    }
  }

  /// V(n, m) · w₂ ⋯ w_L.
  private static func zonotope(inputs: Int, generators: Int, widths: [Int]) throws -> Rational {
    let vertices = try Zonotope.genericVertexCount(dimension: inputs, count: generators)
    return widths.dropFirst().reduce(vertices) { $0 * Rational($1) }
  }
}
