import Activations
import Foundation
import LinearAlgebra

/// A bound on the smallest eigenvalue of a kernel matrix, and where it comes from.
public struct EigenvalueBound: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Gershgorin's discs of what the first terms of the series leave.
    case tailDominance = "L1"
    /// One term of the series: w_k λ_min(R^∘k).
    case singleDegree = "L2"
    /// T_K/2 with K = ⌈ln 2(n − 1)/ln(1/ρ)⌉.
    case closedForm = "L3"
    /// The closest pair: (G_ii + G_jj)/2 − |G_ij|.
    case pair = "U1"
    /// The rank of polynomials of degree p on the data, and the tail of the series beyond.
    case rankAndTail = "U2"
    /// A polynomial activation has a kernel of finite rank.
    case polynomialRank = "P"
  }

  public let kind: Kind
  public let value: Double
  /// The degree k or p that gives it, where there is one.
  public let degree: Int?
  /// The dimension of the polynomials, for U2 and P.
  public let dimension: Int?

  /// Whether it bounds from below.
  public var isLower: Bool {
    switch kind {
    case .tailDominance, .singleDegree, .closedForm: true
    case .pair, .rankAndTail, .polynomialRank: false
    }
  }
}

/// Two-sided bounds on λ_min of the kernel matrix of one hidden layer, without an eigenvalue of it.
///
/// The kernel is B ∘ Σ w_k R^∘k with w_k ≥ 0, R the cosines of the pre-activations and B the matrix of inner products
/// (or of ones, for the output layer): every term is positive semidefinite by Schur's product theorem. All numbers are
/// rounded in their safe direction by the error of the kernel's entries.
public struct EigenvalueBounds: Sendable {
  /// In the order L1, L2, L3, U1, U2, P; those that say nothing are missing.
  public let bounds: [EigenvalueBound]

  public var lower: Double { bounds.filter(\.isLower).map(\.value).max() ?? 0 }
  public var upper: Double { bounds.filter { !$0.isLower }.map(\.value).min() ?? .infinity }

  private static let terms = 80

  /// - Parameters:
  ///   - gram: the kernel matrix of `setting` on `rows`.
  ///   - largestCount: beyond this many rows L2, which needs eigenvalues of its own, is left out.
  /// - Complexity: O(n² · 80), and O(n³) for a few degrees of L2.
  public init(
    _ setting: KernelSetting, rows: SampleRows, gram: GramMatrix, diagnosis: DataDiagnosis, largestCount: Int = 500
  ) throws {
    guard setting.depth == 1, Set(rows.squaredLengths).count == 1, rows.count > 1 else {
      bounds = rows.count > 1 ? [Self.pair(gram)] : []
      return
    }
    let series = try BoundSeries(setting, rows: rows, terms: Self.terms)
    let n = rows.count
    let span = diagnosis.rank + (setting.bias.variance > 0 || setting.bias.gradient > 0 ? 1 : 0)
    var found = [Self.dominance(gram, series), Self.pair(gram)]
    if n <= largestCount, let bound = try Self.singleDegree(series, span: span, count: n) { found.append(bound) }
    if let bound = Self.closedForm(series, count: n) { found.append(bound) }
    if let bound = Self.rankAndTail(series, span: span, count: n) { found.append(bound) }
    if let degree = setting.activation.smoothness.polynomial?.count {
      // Degree of φ in x, or of x φ′: the same.
      let rank = Self.dimension(degree: degree - 1, span: span, parity: series.parity)
      if rank < n {
        found.append(EigenvalueBound(kind: .polynomialRank, value: 0, degree: degree - 1, dimension: rank))
      }
    }
    let order = EigenvalueBound.Kind.allCases
    bounds = found.sorted { (order.firstIndex(of: $0.kind) ?? 0) < (order.firstIndex(of: $1.kind) ?? 0) }
  }

  /// The dimension of the polynomials of degree ≤ p, or of those of degrees p, p − 2, …, on the unit sphere of `span`
  /// dimensions.
  static func dimension(degree p: Int, span: Int, parity: Int?) -> Int {
    func binomial(_ n: Int, _ k: Int) -> Double {
      guard k >= 0, n >= k else { return 0 }
      return (0..<min(k, n - k)).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }.rounded()
    }
    let top: Int
    if let parity { top = p % 2 == parity ? p : p - 1 } else { top = p }
    guard top >= 0 else { return 0 }
    let one = binomial(span + top - 1, top)
    let sum = parity == nil ? one + binomial(span + top - 2, top - 1) : one
    return sum < 1e9 ? Int(sum) : 1_000_000_000
  }

  private static func pair(_ gram: GramMatrix) -> EigenvalueBound {
    let n = gram.count
    var least = Double.infinity
    gram.matrix.elements.withUnsafeBufferPointer { g in
      for i in 0..<n {
        for j in 0..<i { least = min(least, 0.5 * (g[i * n + i] + g[j * n + j]) - abs(g[i * n + j])) }
      }
    }
    return EigenvalueBound(kind: .pair, value: max(0, least) + 2 * gram.entryError, degree: nil, dimension: nil)
  }

  /// max over p of min_i (H_ii − Σ_{j≠i} |H_ij|), H = G − Σ_{k<p} w_k B∘R^∘k; and Σ_k w_k max(0, least dominance of
  /// term k).
  private static func dominance(_ gram: GramMatrix, _ series: BoundSeries) -> EigenvalueBound {
    let n = gram.count
    var rest = gram.matrix.elements
    var power = series.base.elements
    let cosines = series.cosines.elements
    var best = (value: 0.0, degree: 0)
    var sum = 0.0
    let slack = Double(n) * (gram.entryError + 0x1p-50 * gram.matrix[0, 0] * Double(terms).squareRoot())
    for k in 0..<series.weights.count {
      let weight = series.weights[k]
      var (leastRest, leastPower) = (Double.infinity, Double.infinity)
      for i in 0..<n {
        var (offRest, offPower) = (0.0, 0.0)
        for j in 0..<n {
          offRest += abs(rest[i * n + j])
          offPower += abs(power[i * n + j])
        }
        let (r, p) = (rest[i * n + i], power[i * n + i])
        leastRest = min(leastRest, r + abs(r) - offRest)
        leastPower = min(leastPower, 2 * p - offPower)
      }
      if leastRest - slack > best.value { best = (leastRest - slack, k) }
      sum += weight * max(0, leastPower - Double(n) * 0x1p-50)
      for e in 0..<n * n {
        rest[e] -= weight * power[e]
        power[e] *= cosines[e]
      }
    }
    return sum > best.value
      ? EigenvalueBound(kind: .tailDominance, value: sum, degree: nil, dimension: nil)
      : EigenvalueBound(kind: .tailDominance, value: best.value, degree: best.degree, dimension: nil)
  }

  private static func singleDegree(_ series: BoundSeries, span: Int, count n: Int) throws -> EigenvalueBound? {
    var best: EigenvalueBound?
    var tried = 0
    for k in 0..<series.weights.count where series.weights[k] > 0 {
      let power = k + series.powerShift
      guard dimension(degree: power, span: span, parity: power % 2) >= n else { continue }
      // λ_min(R^∘k) ≤ 1: a term is worth a try only if its weight is above the best bound.
      guard tried < 8 else { break }
      guard series.weights[k] * series.diagonal > best?.value ?? 0 else { continue }
      tried += 1
      var matrix = series.base
      for e in matrix.elements.indices { matrix.elements[e] *= pow(series.cosines.elements[e], Double(k)) }
      let certified = try CertifiedEigen(&matrix)
      let rounding = Double(n) * Double(k + 4) * (GramComputation.angleError(dimension: series.dimension) + 0x1p-51)
      let value = series.weights[k] * ((certified.eigen.values.first ?? 0) - certified.error - rounding)
      if value > best?.value ?? 0 {
        best = EigenvalueBound(kind: .singleDegree, value: value, degree: k, dimension: nil)
      }
    }
    return best
  }

  private static func closedForm(_ series: BoundSeries, count n: Int) -> EigenvalueBound? {
    let rho = series.largestCosine
    guard series.isStandard, rho > 0, rho < 1 else { return nil }
    let order = (log(2 * Double(n - 1)) / log(1 / rho)).rounded(.up)
    guard order <= 4000 else { return nil }
    // Σ_{k≥K} w_k ≥ what the known coefficients sum to.
    let value = 0.5 * series.tailFromBelow(max(0, Int(order) - series.powerShift + 1))
    return value > 0 ? EigenvalueBound(kind: .closedForm, value: value, degree: Int(order), dimension: nil) : nil
  }

  private static func rankAndTail(_ series: BoundSeries, span: Int, count n: Int) -> EigenvalueBound? {
    guard series.hasWholeTail else { return nil }
    var best: EigenvalueBound?
    for p in 0..<series.tailCount {
      let rank = p == 0 ? 0 : dimension(degree: p - 1 + series.powerShift, span: span, parity: series.parity)
      guard rank < n else { break }
      let value = Double(n) * series.diagonal * series.tail(from: p) / Double(n - rank)
      if value < best?.value ?? .infinity {
        best = EigenvalueBound(kind: .rankAndTail, value: value, degree: p, dimension: rank)
      }
    }
    return best
  }
}

/// The kernel as B ∘ Σ w_k R^∘k.
private struct BoundSeries {
  /// w_k with their errors taken off, so that the terms are below the true ones.
  let weights: [Double]
  /// B.
  let base: Matrix
  /// R.
  let cosines: Matrix
  /// Powers of R in the k-th term beyond k: 1 where B = R.
  let powerShift: Int
  /// The parity of all powers that occur, where there is only one.
  let parity: Int?
  /// Whether B is R itself or all ones.
  let isStandard: Bool
  /// Whether the series is all of the kernel, so that its tail bounds from above.
  let hasWholeTail: Bool
  /// B_ii.
  let diagonal: Double
  let largestCosine: Double
  let dimension: Int
  private let upperWeights: [Double]
  private let remainder: Double

  var tailCount: Int { upperWeights.count }

  init(_ setting: KernelSetting, rows: SampleRows, terms: Int) throws {
    let n = rows.count
    let length = rows.squaredLengths[0]
    let (weight, shift, extra) = (setting.weightVariance, setting.bias.variance, setting.bias.gradient)
    let variance = weight * length + shift
    // Kinks have slow tails, which L3 and U2 need far out. The tails of smooth functions are tiny, and are known to all their
    // digits up to order 480.
    let order = setting.activation.breakpoints.isEmpty ? 480 : 1200
    let expansion = HermiteExpansion(setting.activation, variance: variance, order: order)
    let scale = weight / (setting.isRescaled ? expansion.secondMoment : 1)
    func squares(_ a: [Double], _ error: Double, _ sign: Double) -> [Double] {
      a.map { pow(max(0, abs($0) + sign * error), 2) }
    }
    var cosines = Matrix(rows: n, columns: n)
    var base = Matrix(rows: n, columns: n)
    var largest = 0.0
    for i in 0..<n {
      for j in 0...i {
        let angle = i == j ? 0 : rows.angle(i, j)
        let product = weight * length * cos(angle)
        let rho = (product + shift) / variance
        if i != j { largest = max(largest, abs(rho)) }
        (cosines[i, j], cosines[j, i]) = (rho, rho)
        let entry = setting.trained == .output ? 1 : product + extra
        (base[i, j], base[j, i]) = (entry, entry)
      }
    }
    let isPlain = shift == 0 && extra == 0
    hasWholeTail = isPlain || setting.trained != .both
    let (a, b) = (expansion.coefficients, expansion.derivativeCoefficients)
    func combined(_ sign: Double) -> [Double] {
      let values = squares(a, expansion.error, sign)
      let slopes = squares(b, expansion.derivativeError, sign)
      switch setting.trained {
      case .input: return slopes.map { scale * $0 }
      case .output: return values.map { scale * $0 }
      // Without a bias B = qR, so that K, but for its constant, is a series on B as well. With one, leaving K out is
      // safe below.
      case .both:
        guard isPlain else { return slopes.map { scale * $0 } }
        return slopes.enumerated().map { k, s in scale * (s + (k + 1 < values.count ? values[k + 1] / variance : 0)) }
      }
    }
    weights = Array(combined(-1).prefix(terms))
    upperWeights = combined(1)
    lowerWeights = combined(-1)
    remainder =
      scale
      * (setting.trained == .output
        ? expansion.remainder
        : expansion.derivativeRemainder
          + (setting.trained == .both ? expansion.remainder / variance : 0))
    isStandard = isPlain && variance == 1
    powerShift = setting.trained == .output ? 0 : 1
    let smoothness = setting.activation.smoothness
    parity =
      isStandard && setting.trained != .both
      ? (smoothness.evenDegree == -1 ? 1 : smoothness.oddDegree == -1 ? 0 : nil) : nil
    self.base = base
    self.cosines = cosines
    largestCosine = largest
    diagonal = setting.trained == .output ? 1 : weight * length + extra
    dimension = rows.dimension
  }

  private let lowerWeights: [Double]

  func tail(from order: Int) -> Double { upperWeights.dropFirst(order).reduce(remainder, +) }

  func tailFromBelow(_ order: Int) -> Double { lowerWeights.dropFirst(order).reduce(0, +) }
}
