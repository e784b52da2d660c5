/// What is known about the depth and the size that piecewise-linear functions need, with its source.
public struct DepthFact: Sendable, Equatable {
  public let topic: String
  public let statement: String
  public let source: String
  public let standing: Standing

  private init(_ topic: String, _ statement: String, source: String, _ standing: Standing) {
    self.topic = topic
    self.statement = statement
    self.source = source
    self.standing = standing
  }

  private static let paper = "Arora, Basu, Mianjy, Mukherjee 2018"
  private static let here = "proof in the documentation"

  /// The facts that are proved, then those taken from the literature. Layers are hidden layers; n is the number of inputs, p
  /// of pieces.
  public static let all: [DepthFact] = proved + literature

  private static let proved: [DepthFact] = [
    DepthFact(
      "depth, upper", "⌈log₂(n + 1)⌉ layers suffice for every continuous piecewise-linear function on ℝⁿ",
      source: "\(paper), Theorem 2.1", .proved),
    DepthFact(
      "depth, upper", "the maximum of N_L numbers takes L layers, N = 2, 5, 12, 30, 75, N_{L+1} = ⌊5 N_L / 2⌋",
      source: here, .proved),
    DepthFact(
      "depth, upper", "2 layers suffice on ℝⁿ for n ≤ 4, and 3 for n ≤ 11", source: here, .proved),
    DepthFact(
      "size, one input", "one layer of p units with an output bias suffices for p ≥ 2 pieces, and p − 1 are needed",
      source: "\(paper), Theorem 2.2, with the output bias that its proof uses", .proved),
    DepthFact(
      "size, one input", "a network of layers of w₁ … w_L units has at most Π (wₗ + 1) pieces", source: here, .proved),
    DepthFact(
      "depth against size",
      "a function of k layers of w units needs at least ½ k′ w^(k/k′) − 1 units in k′ ≤ k layers",
      source: "\(paper), Theorem 3.1", .proved),
    DepthFact(
      "depth against size", "k² layers and k³ units against ½ k^(k+1) − 1 units in k layers, k ≥ 2",
      source: "\(paper), Corollary 3.4", .proved),
    DepthFact(
      "pieces", "a zonotope of m generators in ℝⁿ has at most 2 Σ_{i<n} C(m − 1, i) vertices, most have as many",
      source: "\(paper), Theorem 3.6, with the factor 2 that the paper leaves out", .proved),
    DepthFact(
      "pieces", "layers of w₁ … w_L units make at most Σ Π C(wₗ, jₗ), jₗ ≤ min(n, w₁ − j₁, …, wₗ₋₁ − jₗ₋₁, wₗ)",
      source: "Serra, Tjandraatmadja, Ramalingam 2018, Theorem 1; \(here)", .proved),
  ]

  private static let literature: [DepthFact] = [
    DepthFact(
      "depth, upper", "⌈log₃(n − 1)⌉ + 1 layers suffice on ℝⁿ; the maximum of m ≥ 4 numbers takes ⌈log₃(m − 2)⌉ + 1",
      source: "Bakaev, Brunck, Hertrich, Stade, Yehudayoff 2025, arXiv 2505.14338", .literature),
    DepthFact(
      "depth, lower", "max(0, x₁, x₂) is no network of one layer; no more than 2 layers are known to be necessary",
      source: "Mukherjee, Basu 2017", .literature),
    DepthFact(
      "depth, integer weights", "max(0, x₁, …, xₙ) needs ⌈log₂(n + 1)⌉ layers",
      source: "Haase, Hertrich, Loho 2023", .literature),
    DepthFact(
      "depth, N-ary weights", "max(0, x₁, …, xₙ) needs ⌈log_q(n + 1)⌉ layers for a prime q that does not divide N",
      source: "Averkov, Hojny, Merkert 2025", .literature),
    DepthFact(
      "depth, braid-compatible", "Ω(log log d) layers for the maximum of d numbers; 5 numbers need 3 layers",
      source: "Grillo, Hertrich, Loho 2025, arXiv 2502.09324", .literature),
    DepthFact(
      "size at small depth",
      "the maximum of d numbers at depth k needs width Ω(d^(1 + 1/(2^(k−2) − 1))), 3 ≤ k ≤ log₂ log₂ d",
      source: "Safran 2026", .literature),
    DepthFact(
      "arity",
      "a signed sum of maxima of at most n + 1 of the function's own pieces; n + 1 is needed for max(0, x₁, …, xₙ)",
      source: "Koutschan, Moser, Ponomarchuk, Schicho 2023", .literature),
    DepthFact(
      "size", "units quadratic in the number of convex pieces, at ⌈log₂⌉ depth of pieces and components",
      source: "Chen, Garudadri, Rao 2022", .literature),
    DepthFact(
      "size, two inputs", "two layers of O(p) units", source: "Zanotti 2025, arXiv 2503.13001", .literature),
    DepthFact(
      "pieces and components", "p = O(q^(n+1)) pieces for q affine components, nearly attained",
      source: "Zanotti 2025, arXiv 2503.09525", .literature),
    DepthFact(
      "convex networks", "input-convex networks need unbounded depth for convex functions of n ≥ 4 inputs",
      source: "Valerdi 2024, arXiv 2402.15315", .literature),
    DepthFact(
      "counting pieces", "#P- and NP-hard already for one layer",
      source: "Stargalla, Hertrich, Reichman 2025, arXiv 2505.16716", .literature),
    DepthFact(
      "bounded width", "width n + 1 (convex) or n + 3 suffices on a cube at larger depth", source: "Hanin 2017",
      .literature),
  ]
}
