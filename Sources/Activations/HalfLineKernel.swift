import Foundation
import Probability

/// Dual kernels of a function that is one polynomial for x > 0 and another for x < 0.
///
/// With m(a, b; θ) = E[u₊ᵃ v₊ᵇ] for standard normal u, v of correlation ρ = cos θ, integration by parts gives
///
///     m(a, b) = (a − 1) m(a − 2, b) + ρ b m(a − 1, b − 1)                        a ≥ 2
///     m(1, b) = n(0) sinᵇθ E[z₊ᵇ] + ρ b m(0, b − 1)
///     m(0, 0) = (π − θ)/(2π)
///
/// The diagonal m(k, k) is the arc-cosine kernel J_k/(2π) of Cho and Saul.
struct HalfLineKernel: Sendable {
  /// Coefficients of uᵃ for u > 0, and of |u|ᵃ for u < 0.
  let right: [Double]
  let left: [Double]

  init?(_ activation: Activation) {
    guard activation.breakpoints == [0],
      let right = activation.formula.piece(at: 1).polynomialCoefficients,
      let left = activation.formula.piece(at: -1).polynomialCoefficients, max(right.count, left.count) <= 9
    else { return nil }
    self.init(right: right, left: left.enumerated().map { $0 % 2 == 0 ? $1 : -$1 })
  }

  private init(right: [Double], left: [Double]) {
    let count = max(right.count, left.count)
    self.right = right + [Double](repeating: 0, count: count - right.count)
    self.left = left + [Double](repeating: 0, count: count - left.count)
  }

  /// φ′, for a function without a jump.
  var derivative: HalfLineKernel? {
    guard right[0] == left[0] else { return nil }
    func differentiated(_ p: [Double], _ sign: Double) -> [Double] {
      p.count == 1 ? [0] : (1..<p.count).map { sign * Double($0) * p[$0] }
    }
    return HalfLineKernel(right: differentiated(right, 1), left: differentiated(left, -1))
  }

  /// The degree when all terms have the same one, so that K(q₁, q₂) = (q₁q₂)^(degree/2) K(1, 1); else nil.
  var homogeneousDegree: Int? {
    let used = right.indices.filter { right[$0] != 0 || left[$0] != 0 }
    return used.count == 1 ? used[0] : nil
  }

  func values(_ q1: Double, _ q2: Double, angle: Double) -> DualValues {
    DualValues(
      value: value(q1, q2, angle: angle), derivative: derivative?.value(q1, q2, angle: angle) ?? .nan)
  }

  private func value(_ q1: Double, _ q2: Double, angle: Double) -> Double {
    let (s1, s2) = (q1.squareRoot(), q2.squareRoot())
    let same = HalfLineMoments(angle: angle, degree: right.count - 1)
    let opposite = HalfLineMoments(angle: .pi - angle, degree: right.count - 1)
    var sum = 0.0
    for a in right.indices {
      for b in right.indices {
        let scale = Formula.power(s1, a) * Formula.power(s2, b)
        let equalSigns = right[a] * right[b] + left[a] * left[b]
        let otherSigns = right[a] * left[b] + left[a] * right[b]
        if equalSigns != 0 { sum += scale * equalSigns * same[a, b] }
        if otherSigns != 0 { sum += scale * otherSigns * opposite[a, b] }
      }
    }
    return sum
  }
}

/// E[u₊ᵃ v₊ᵇ] for a, b ≤ degree.
private struct HalfLineMoments {
  private let degree: Int
  private var moments: [Double]

  subscript(a: Int, b: Int) -> Double { moments[a * (degree + 1) + b] }

  init(angle: Double, degree: Int) {
    self.degree = degree
    let (rho, sine) = (cos(angle), sin(angle))
    let peak = normalDensity(0)
    // E z₊ᵇ
    var halfMoments = [0.5, peak]
    for b in stride(from: 2, through: degree, by: 1) { halfMoments.append(Double(b - 1) * halfMoments[b - 2]) }
    var m = [Double](repeating: 0, count: (degree + 1) * (degree + 1))
    let width = degree + 1
    for a in 0...degree {
      for b in a...degree {
        let value: Double
        if b == 0 {
          value = (.pi - angle) / (2 * .pi)
        } else if a == 0 {
          // E[v₊ᵇ 1{u > 0}]
          let before = b >= 2 ? Double(b - 1) * m[b - 2] : 0
          value =
            b == 1 ? 0.5 * peak * (1 + rho) : before + rho * peak * Formula.power(sine, b - 1) * halfMoments[b - 1]
        } else if a == 1 {
          value = peak * Formula.power(sine, b) * halfMoments[b] + rho * Double(b) * m[b - 1]
        } else {
          value = Double(a - 1) * m[(a - 2) * width + b] + rho * Double(b) * m[(a - 1) * width + b - 1]
        }
        m[a * width + b] = value
        m[b * width + a] = value
      }
    }
    moments = m
  }
}

extension DualKernel {
  /// The degree r with φ(t x) = tʳ φ(x) for t > 0, for functions that are so; then K(q₁, q₂) = (q₁q₂)^(r/2) K(1, 1) at
  /// equal angles. Nil for others.
  public var homogeneousDegree: Int? {
    if case .halfLines(let kernel) = route { return kernel.homogeneousDegree }
    return nil
  }
}
