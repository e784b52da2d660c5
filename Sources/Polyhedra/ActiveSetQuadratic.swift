/// A small strictly convex quadratic program over a cone, solved by the dual active-set method:
///
///     minimise ½ xᵀ G x + cᵀ x   subject to   sᵢ · (vᵢ · x[oᵢ ..< oᵢ + k]) ≥ 0
///
/// Every constraint touches one block of `k` consecutive variables, which is how the half-space conditions of a hidden
/// unit look. The method starts at the unconstrained minimum and adds violated constraints one at a time; the objective
/// only rises, and at every moment it is a lower bound on the optimum with the multipliers as its proof, so a caller
/// that needs only a bound may stop early.
///
/// The work space is made once for `dimension` variables and never allocates again. Not for several threads at once.
///
/// Complexity: O(n³) to start, O(n² + m k) for each of the constraints added or dropped.
///
/// Source: D. Goldfarb and A. Idnani, A numerically stable dual method for solving strictly convex quadratic programs,
/// Mathematical Programming 27 (1983).
public final class ActiveSetQuadratic {
  /// One closed half-space through the origin, `sign · (vector · x[offset ..< offset + blockLength]) ≥ 0`.
  public struct Constraint {
    public var offset: Int
    public var sign: Double
    /// `blockLength` numbers that outlive the solve.
    public var vector: UnsafePointer<Double>

    @inline(__always)
    public init(offset: Int, sign: Double, vector: UnsafePointer<Double>) {
      self.offset = offset
      self.sign = sign
      self.vector = vector
    }
  }

  public enum Outcome {
    /// The minimum over the cone.
    case optimal
    /// The objective passed the threshold: `objective` is a lower bound on the minimum.
    case aboveThreshold
    /// Rounding errors stopped the method: `objective` is still a lower bound, up to rounding.
    case stalled
    /// The matrix G is not positive definite to working precision.
    case notPositiveDefinite
  }

  public let dimension: Int
  public let blockLength: Int
  /// G, `dimension × dimension`, symmetric, filled by the caller; destroyed by the factorisation.
  public let hessian: UnsafeMutablePointer<Double>
  /// c, `dimension` numbers, filled by the caller.
  public let linear: UnsafeMutablePointer<Double>
  /// The solution.
  public let x: UnsafeMutablePointer<Double>
  /// The constraints held with equality, by their index in the caller's list.
  public let active: UnsafeMutablePointer<Int>
  /// Their multipliers, non-negative: G x + c = Σ multiplier · sign · vector.
  public let multipliers: UnsafeMutablePointer<Double>
  public private(set) var activeCount = 0
  /// ½ xᵀ G x + cᵀ x.
  public private(set) var objective = 0.0

  private let j: UnsafeMutablePointer<Double>
  private let r: UnsafeMutablePointer<Double>
  private let d: UnsafeMutablePointer<Double>
  private let z: UnsafeMutablePointer<Double>
  private let step: UnsafeMutablePointer<Double>

  public init(dimension: Int, blockLength: Int) {
    self.dimension = dimension
    self.blockLength = blockLength
    func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
      let pointer = UnsafeMutablePointer<Double>.allocate(capacity: max(count, 1))
      pointer.initialize(repeating: 0, count: max(count, 1))
      return pointer
    }
    hessian = zeros(dimension * dimension)
    linear = zeros(dimension)
    x = zeros(dimension)
    multipliers = zeros(dimension + 1)
    active = .allocate(capacity: dimension + 1)
    active.initialize(repeating: 0, count: dimension + 1)
    j = zeros(dimension * dimension)
    r = zeros((dimension + 1) * (dimension + 1))
    d = zeros(dimension)
    z = zeros(dimension)
    step = zeros(dimension + 1)
  }

  deinit {
    for pointer in [hessian, linear, x, multipliers, j, r, d, z, step] { pointer.deallocate() }
    active.deallocate()
  }

  /// Solves for the current `hessian` and `linear`.
  ///
  /// - Parameters:
  ///   - constraints: each vector of length about one, so that violations compare.
  ///   - threshold: stop as soon as the objective is above this number.
  ///   - tolerance: a constraint counts as violated below −tolerance · (1 + ‖x‖∞).
  public func solve(
    constraints: UnsafeBufferPointer<Constraint>, threshold: Double = .infinity, tolerance: Double = 1e-10
  ) -> Outcome {
    guard factorise() else { return .notPositiveDefinite }
    startAtUnconstrainedMinimum()
    if objective > threshold { return .aboveThreshold }
    // Each pass adds one constraint for good; cycling is impossible in exact arithmetic, so a cap only guards rounding.
    for _ in 0..<(20 * (dimension + 4)) {
      guard let entering = mostViolated(constraints, tolerance: tolerance) else { return .optimal }
      switch enter(entering, constraints[entering], threshold: threshold) {
      case .optimal: continue
      case let ended: return ended
      }
    }
    return .stalled
  }

  /// Cholesky G = L Lᵀ in place (lower triangle), then J = L⁻ᵀ.
  private func factorise() -> Bool {
    let n = dimension
    for column in 0..<n {
      var pivot = hessian[column * n + column]
      for k in 0..<column { pivot -= hessian[column * n + k] * hessian[column * n + k] }
      guard pivot > 0, pivot.isFinite else { return false }
      let root = pivot.squareRoot()
      hessian[column * n + column] = root
      let inverse = 1 / root
      for row in column + 1..<max(n, column + 1) {
        var value = hessian[row * n + column]
        for k in 0..<column { value -= hessian[row * n + k] * hessian[column * n + k] }
        hessian[row * n + column] = value * inverse
      }
    }
    // Row i of L⁻¹ is column i of J; J is stored by columns, so that rotations touch contiguous memory.
    for i in 0..<n {
      for k in 0..<n { j[i * n + k] = 0 }
      j[i * n + i] = 1 / hessian[i * n + i]
    }
    for column in 0..<n {
      for row in column + 1..<max(n, column + 1) {
        var value = 0.0
        for k in column..<row { value -= hessian[row * n + k] * j[k * n + column] }
        j[row * n + column] = value / hessian[row * n + row]
      }
    }
    return true
  }

  private func startAtUnconstrainedMinimum() {
    let n = dimension
    activeCount = 0
    for k in 0..<n { x[k] = 0 }
    objective = 0
    for i in 0..<n {
      var t = 0.0
      for k in 0...i { t += j[i * n + k] * linear[k] }
      objective -= 0.5 * t * t
      for k in 0...i { x[k] -= t * j[i * n + k] }
    }
  }

  @inline(__always)
  private func value(_ constraint: Constraint) -> Double {
    var sum = 0.0
    let block = x + constraint.offset
    for k in 0..<blockLength { sum += constraint.vector[k] * block[k] }
    return sum * constraint.sign
  }

  private func mostViolated(_ constraints: UnsafeBufferPointer<Constraint>, tolerance: Double) -> Int? {
    var size = 1.0
    for k in 0..<dimension { size = max(size, abs(x[k])) }
    var worst = -tolerance * size
    var found: Int?
    for index in 0..<constraints.count {
      let slack = value(constraints[index])
      if slack < worst {
        worst = slack
        found = index
      }
    }
    // A constraint that is active already is violated only by rounding.
    if let index = found, (0..<activeCount).contains(where: { active[$0] == index }) { return nil }
    return found
  }

  /// Makes one violated constraint hold, dropping others whose multipliers would turn negative.
  private func enter(_ index: Int, _ constraint: Constraint, threshold: Double) -> Outcome {
    let n = dimension
    var slack = value(constraint)
    var multiplier = 0.0
    while true {
      // d = Jᵀ · normal, the step z in x, and the step −R⁻¹ d in the multipliers.
      for i in 0..<n {
        var sum = 0.0
        let column = j + i * n + constraint.offset
        for k in 0..<blockLength { sum += column[k] * constraint.vector[k] }
        d[i] = sum * constraint.sign
      }
      var curvature = 0.0
      for k in 0..<n { z[k] = 0 }
      for i in activeCount..<max(n, activeCount) {
        curvature += d[i] * d[i]
        let column = j + i * n
        for k in 0..<n { z[k] += column[k] * d[i] }
      }
      var normal = 0.0
      for i in 0..<n { normal += d[i] * d[i] }
      for i in stride(from: activeCount - 1, through: 0, by: -1) {
        var sum = d[i]
        for k in i + 1..<max(activeCount, i + 1) { sum -= r[k * n + i] * step[k] }
        step[i] = sum / r[i * n + i]
      }
      var dropStep = Double.infinity
      var dropped = -1
      for i in 0..<activeCount where step[i] > 0 {
        let ratio = multipliers[i] / step[i]
        if ratio < dropStep {
          dropStep = ratio
          dropped = i
        }
      }
      let fullStep = curvature > 1e-14 * normal ? -slack / curvature : .infinity
      let length = min(dropStep, fullStep)
      guard length.isFinite else { return .stalled }
      for i in 0..<activeCount { multipliers[i] -= length * step[i] }
      if fullStep.isFinite {
        for k in 0..<n { x[k] += length * z[k] }
        objective += length * curvature * (0.5 * length + multiplier)
        slack += length * curvature
      }
      multiplier += length
      if length == fullStep {
        add(index, multiplier)
        return objective > threshold ? .aboveThreshold : .optimal
      }
      drop(dropped)
      if objective > threshold {
        // The entering constraint carries its multiplier already: keep the pair, for the proof needs both.
        active[activeCount] = index
        multipliers[activeCount] = multiplier
        activeCount += 1
        return .aboveThreshold
      }
    }
  }

  /// Rotates J so that the new normal has components in the first `activeCount + 1` columns only.
  private func add(_ index: Int, _ multiplier: Double) {
    let n = dimension
    for i in stride(from: n - 1, to: activeCount, by: -1) where d[i] != 0 {
      let (c, s, length) = rotation(d[i - 1], d[i])
      d[i - 1] = length
      d[i] = 0
      rotateColumns(j + (i - 1) * n, j + i * n, c, s, count: n)
    }
    for i in 0...activeCount { r[activeCount * n + i] = d[i] }
    active[activeCount] = index
    multipliers[activeCount] = max(multiplier, 0)
    activeCount += 1
  }

  /// Removes an active constraint and makes R triangular again.
  private func drop(_ position: Int) {
    let n = dimension
    for column in position..<activeCount - 1 {
      active[column] = active[column + 1]
      multipliers[column] = multipliers[column + 1]
      for i in 0...column + 1 { r[column * n + i] = r[(column + 1) * n + i] }
    }
    activeCount -= 1
    for column in position..<max(activeCount, position) {
      let (c, s, length) = rotation(r[column * n + column], r[column * n + column + 1])
      r[column * n + column] = length
      r[column * n + column + 1] = 0
      for k in column + 1..<max(activeCount, column + 1) {
        let upper = r[k * n + column]
        let lower = r[k * n + column + 1]
        r[k * n + column] = c * upper + s * lower
        r[k * n + column + 1] = c * lower - s * upper
      }
      rotateColumns(j + column * n, j + (column + 1) * n, c, s, count: n)
    }
  }

  @inline(__always)
  private func rotation(_ a: Double, _ b: Double) -> (cosine: Double, sine: Double, length: Double) {
    let length = (a * a + b * b).squareRoot()
    guard length > 0 else { return (1, 0, 0) }
    return (a / length, b / length, length)
  }

  @inline(__always)
  private func rotateColumns(
    _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>, _ c: Double, _ s: Double, count: Int
  ) {
    for k in 0..<count {
      let a = first[k]
      let b = second[k]
      first[k] = c * a + s * b
      second[k] = c * b - s * a
    }
  }
}
