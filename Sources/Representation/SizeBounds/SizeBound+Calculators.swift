import Exact

private let paper = "Arora, Basu, Mianjy, Mukherjee 2018"

/// The numbers a bound is asked for.
enum BoundQuestion {
  /// The most layers that are accepted.
  static let largestLayers = 4096
  /// The most inputs that are accepted.
  static let largestInputs = 256
  /// The most binary digits of a number of pieces that are accepted.
  static let largestDigits = 1 << 16

  static func check(pieces: Rational) throws {
    guard NaturalArithmetic.isNatural(pieces), pieces.signum > 0 else {
      throw RepresentationError("\(pieces) is no number of pieces; accepted are natural numbers from 1")
    }
    guard pieces.approximateExponent <= largestDigits else {
      throw RepresentationError("the number of pieces has more than \(largestDigits) binary digits")
    }
  }

  static func check(layers: Int) throws {
    guard (1...largestLayers).contains(layers) else {
      throw RepresentationError("\(layers) hidden layers; accepted are 1 to \(largestLayers)")
    }
  }

  static func check(inputs: Int) throws {
    guard (1...largestInputs).contains(inputs) else {
      throw RepresentationError("\(inputs) inputs; accepted are 1 to \(largestInputs)")
    }
  }
}

/// Bounds for functions of one variable with p pieces. All throw `RepresentationError` unless p is a natural number from 1
/// with at most 2¹⁶ binary digits, and k′, the number of hidden layers, is from 1 to 4096.
extension SizeBound {
  /// Lemma D.6: ½ k′ p^(1/k′) − 1.
  public static func pieceRoot(pieces: Rational, layers: Int) throws -> SizeBound {
    try BoundQuestion.check(pieces: pieces)
    try BoundQuestion.check(layers: layers)
    return halfRoot(
      "half root ½k′p^(1/k′) − 1", source: "\(paper), Lemma D.6", radicand: pieces, degree: layers, layers: layers)
  }

  /// ½ k′ (2p)^(1/k′) − 1: Lemma D.5 by the inequality of the means, Σ wᵢ + 1 ≥ k′ (p / 2^(k′−1))^(1/k′), without what the
  /// printed Lemma D.6 gives away.
  public static func improvedPieceRoot(pieces: Rational, layers: Int) throws -> SizeBound {
    try BoundQuestion.check(pieces: pieces)
    try BoundQuestion.check(layers: layers)
    return halfRoot(
      "improved half root ½k′(2p)^(1/k′) − 1", source: "\(paper), Lemma D.5 and the inequality of the means",
      radicand: 2 * pieces, degree: layers, layers: layers)
  }

  /// The least Σ wᵢ with 2^(k′−1) (w₁ + 1) w₂ ⋯ w_{k′} ≥ p, wᵢ ≥ 1, over at most k′ layers: Lemma D.5 in integers.
  ///
  /// Splitting a layer of two or more units does not lower the product, so that fewer layers are of use only where one
  /// unit in each is too much.
  public static func layerProduct(pieces: Rational, layers: Int) throws -> SizeBound {
    try BoundQuestion.check(pieces: pieces)
    try BoundQuestion.check(layers: layers)
    var used = layers
    if pieces <= Rational(powerOfTwo: layers) {
      used = 1
      while pieces > Rational(powerOfTwo: used) { used += 1 }
    }
    let rest = NaturalArithmetic.ceiling(pieces / Rational(powerOfTwo: used - 1))
    // Two pieces or more leave at least 2 for the factors, so that one of them can be w₁ + 1.
    let units = pieces == .one ? .zero : NaturalArithmetic.leastSum(product: rest, factors: used) - 1
    return integer("layer product 2^(k′−1)(w₁+1)w₂⋯ ≥ p", source: "\(paper), Lemma D.5", units: units)
  }

  /// The least Σ wᵢ with Π (wᵢ + 1) ≥ p over at most k′ layers: a layer of w units puts at most w new breakpoints on each
  /// piece.
  ///
  /// For one layer this is p − 1.
  public static func product(pieces: Rational, layers: Int) throws -> SizeBound {
    try BoundQuestion.check(pieces: pieces)
    try BoundQuestion.check(layers: layers)
    return integer(
      "product bound Π(wᵢ+1) ≥ p",
      source: "Serra, Tjandraatmadja, Ramalingam 2018; proof in the documentation",
      units: leastUnits(pieces: pieces, layers: layers))
  }

  /// The least Σ wᵢ, wᵢ ≥ 0, with Π (wᵢ + 1) ≥ pieces.
  static func leastUnits(pieces: Rational, layers: Int) -> Rational {
    NaturalArithmetic.leastSum(product: pieces, factors: layers) - Rational(layers)
  }
}

extension SizeBound {
  /// The least Σ wₗ over at most k′ layers for which the upper bound of Serra et al., `PieceBound.serra`, reaches p.
  ///
  /// Holds for any number of inputs n. The least size is found by search over all widths (`SerraSearch`); where that is too
  /// much the bound is that of Montúfar's product Π Σ_{j ≤ n} C(wₗ, j) ≥ p, which is weaker, or the size up to which the
  /// search excluded all widths; the remark says so.
  ///
  /// - Throws: `RepresentationError` unless p is a natural number from 1, n from 1 to 256, k′ from 1 to 4096.
  public static func serra(pieces: Rational, inputs: Int, layers: Int) throws -> SizeBound {
    try BoundQuestion.check(pieces: pieces)
    try BoundQuestion.check(inputs: inputs)
    try BoundQuestion.check(layers: layers)
    let result = SerraMinimum(pieces: pieces, inputs: inputs, layers: layers)
    return integer(
      "Serra's bound on pieces ≥ p", source: "Serra, Tjandraatmadja, Ramalingam 2018, Theorem 1",
      units: result.units, remark: result.remark)
  }

  /// The bounds for a function of n inputs with p pieces and networks of k′ hidden layers.
  ///
  /// For one input: `pieceRoot`, `improvedPieceRoot`, `layerProduct`, `product` and `serra`; else `serra` alone.
  ///
  /// - Throws: as `serra`.
  public static func table(pieces: Rational, inputs: Int, layers: Int) throws -> [SizeBound] {
    let general = try serra(pieces: pieces, inputs: inputs, layers: layers)
    guard inputs == 1 else { return [general] }
    return [
      try pieceRoot(pieces: pieces, layers: layers), try improvedPieceRoot(pieces: pieces, layers: layers),
      try layerProduct(pieces: pieces, layers: layers), try product(pieces: pieces, layers: layers), general,
    ]
  }
}
