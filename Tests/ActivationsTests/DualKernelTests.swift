import Foundation
import Probability
import Testing

@testable import Activations

@Suite struct DualKernelTests {
  /// q₁, q₂, c, K, D to twenty digits, from closed forms and two-dimensional quadrature in high precision.
  @Test(arguments: [
    ("relu", 4.0, 4.0, 3.96, 1.980600511466308666, 0.477473293177793938),
    ("relu", 1.0, 4.0, -1.2, 0.077547567766512614, 0.147583617650433278),
    ("abs", 1.0, 1.0, 0.9999999998835847, 0.999999999883585432, 0.999990285953180332),
    ("leaky-relu:0.2", 1.0, 4.0, -1.2, -0.19036955662943191, 0.294453515296277298),
    ("relu2", 1.0, 1.0, 0.5, 0.706748335783172018, 1.217995562088458716),
    ("relu3", 1.0, 1.0, 0.9999999998835847, 7.499999998428393155, 13.49999999790452420),
    ("elu", 1.0, 1.0, -1.0, -0.52315658373024674, 0.523156583730246743),
    ("elu:0.5", 4.0, 4.0, 3.96, 2.043809995132070987, 0.515427641891131229),
    ("selu", 1.0, 1.0, 0.9999999998835847, 0.999999999875252346, 1.071573777195626537),
    ("erf", 1.0, 1.0, -1.0, -0.46455905439753997, 0.569410034733741646),
    ("gelu", 4.0, 4.0, 3.96, 1.909740661045871078, 0.500222293250134195),
    ("cos", 4.0, 4.0, 3.96, 0.480569296134891500, 0.480220143017431674),
    ("gaussian", 1.0, 1.0, -1.0, 0.577350269189625764, -0.19245008972987525),
    ("rbf:0.5", 1.0, 1.0, 0.9999999998835847, 0.999999999883584678, 0.999999999883584678),
    ("exp", 1.0, 1.0, 0.9999999998835847, 7.389056098070450883, 7.389056098070450883),
    ("cube", 1.0, 1.0, -1.0, -15.0, 27.0),
    ("polynomial:1:1:0.5:0.25", 4.0, 4.0, 3.96, 103.4879759999999986, 37.60179999999999964),
    ("tanh", 1.0, 1.0, 0.5, 0.186324413203448086, 0.384747028441038901),
    ("sigmoid", 1.0, 1.0, -1.0, 0.206620964141907037, 0.044836241350194371),
    ("silu", 1.0, 1.0, 0.9999999998835847, 0.355775519773174596, 0.379482351616084868),
    ("softplus", 1.0, 1.0, 0.5, 0.780078165206943515, 0.271428325631705280),
  ])
  func references(_ name: String, _ q1: Double, _ q2: Double, _ c: Double, _ value: Double, _ slope: Double) throws {
    let found = try DualKernel(Activation(named: name)).values(variance: q1, q2, covariance: c)
    #expect(abs(found.value - value) <= 1e-13 * max(1, abs(value)), "\(found.value)")
    #expect(abs(found.derivative - slope) <= 1e-13 * max(1, abs(slope)), "\(found.derivative)")
  }

  /// Panels in two dimensions know no closed form, and do for everything.
  @Test func waysAgree() throws {
    let seed: UInt64 = 71
    var source = RandomSource(seed: seed)
    for name in [
      "relu", "leaky-relu:0.3", "relu2", "hard-tanh", "relu6", "elu", "selu", "softsign", "tanh", "gelu", "sin",
    ] {
      let activation = try Activation(named: name)
      let kernel = DualKernel(activation)
      for _ in 0..<3 {
        let (q1, q2) = (0.3 + 2 * source.uniform(), 0.3 + 2 * source.uniform())
        let angle = .pi * source.uniform()
        let fast = kernel.values(q1, q2, angle: angle)
        let plain = PanelQuadrature.values(activation, q1, q2, angle: angle)
        #expect(abs(fast.value - plain.value) < 2e-13, "\(name), seed \(seed): \(q1) \(q2) \(angle)")
        #expect(abs(fast.derivative - plain.derivative) < 2e-13, "\(name), seed \(seed): \(q1) \(q2) \(angle)")
      }
    }
  }

  @Test(arguments: ["relu", "elu", "tanh", "silu", "hard-tanh", "relu3"])
  func tablesHoldTheirError(_ name: String) throws {
    let activation = try Activation(named: name)
    let kernel = DualKernel(activation)
    for q in [0.5, 1, 3] {
      let table = try AngularTable(activation, variance: q)
      for angle in [0, 1e-6, 1e-3, 0.3, 1.2, 2.5, 3.14, Double.pi] {
        let (fast, plain) = (table.values(angle: angle), kernel.values(q, q, angle: angle))
        // What the plain value itself is off is of the order of the rounding of K(0).
        #expect(abs(fast.value - plain.value) <= table.valueError + 4e-14 * table.valueAtZero, "\(q) \(angle)")
        #expect(abs(fast.derivative - plain.derivative) <= table.derivativeError + 4e-14, "\(q) \(angle)")
      }
    }
  }

  @Test func nearEqualInputsKeepTheirDigits() throws {
    // K(0) − K(θ) → q D(0) θ²/2.
    let table = try AngularTable(Activation(named: "tanh"), variance: 1)
    for angle in [1e-8, 1e-6, 1e-5] {
      let expected = 0.5 * table.derivativeAtZero * angle * angle
      #expect(abs(table.drop(angle: angle) / expected - 1) < 1e-9)
    }
  }

  @Test func vectorsAreTheSame() throws {
    let table = try AngularTable(Activation(named: "selu"), variance: 1.5)
    let angles = (0...100).map { Double.pi * Double($0) / 100 }
    var (values, slopes) = (angles, angles)
    table.evaluate(angles: angles, count: angles.count, values: &values, derivatives: &slopes)
    for (i, angle) in angles.enumerated() {
      let one = table.values(angle: angle)
      #expect(abs(values[i] - one.value) < 1e-14 && abs(slopes[i] - one.derivative) < 1e-14)
    }
  }

  @Test func refusals() throws {
    let kernel = DualKernel(try Activation(named: "tanh"))
    #expect(throws: ActivationError.self) { try kernel.values(variance: 0, 1, covariance: 0) }
    #expect(throws: ActivationError.self) { try kernel.values(variance: 1, 1, covariance: 1.1) }
    #expect(throws: ActivationError.self) { try kernel.values(variance: .nan, 1, covariance: 0) }
    #expect(throws: ActivationError.self) { try AngularTable(kernel.activation, variance: .infinity) }
  }

  @Test(arguments: [
    (-8.0, -5.0, 0.3, 2.2536001939308815681e-18), (-3.0, 0.0, 0.9999, 0.0013498980316300945267),
    (-0.25, -1.0, 0.9999, 0.15865525393145705141), (0.0, 3.0, -0.999, 0.49865010196836990547), (2.0, 0.0, 0.9999, 0.5),
    (0.0, 0.0, 0.5, 1.0 / 3), (1.0, 1.0, 1.0, 0.84134474606854294859), (1.0, -1.0, -1.0, 0.0),
  ])
  func bivariateNormal(_ h: Double, _ k: Double, _ rho: Double, _ expected: Double) {
    #expect(abs(BivariateNormal(correlation: rho).lowerProbability(h, k) - expected) < 4e-16)
  }
}

@Suite struct HermiteExpansionTests {
  /// a_k for k = 0, 1, 3, 10, 41, 80 at variance 1.
  @Test(arguments: [
    ("tanh", [0, 0.60570550960215882558354, -0.148437190787272704045251, 0, 0.0000639917877291186084659939, 0]),
    (
      "elu",
      [
        0.16052057226655604962179, 0.761578291865123371681844, -0.056078613491245951253503,
        0.00265041584237746878353144,
        0.000550790880959806861127512, -0.0000193001615379361130221172,
      ]
    ), ("gelu", [0.28209479177387814347404, 0.5, 0, 0.00534497351366050690827911, 0, -7.84462405892735476145811e-14]),
  ])
  func references(_ name: String, _ expected: [Double]) throws {
    let expansion = HermiteExpansion(try Activation(named: name), variance: 1, order: 80)
    for (k, value) in zip([0, 1, 3, 10, 41, 80], expected) {
      #expect(abs(expansion.coefficients[k] - value) < 1e-14, "\(name), \(k)")
    }
  }

  @Test func slopesAndTails() throws {
    for name in ["relu", "tanh", "elu", "hard-tanh", "sin"] {
      let expansion = HermiteExpansion(try Activation(named: name), variance: 2, order: 60)
      // √q b_k = √(k + 1) a_{k+1}.
      for k in 0..<60 {
        let fromValues = Double(k + 1).squareRoot() * expansion.coefficients[k + 1] / 2.0.squareRoot()
        #expect(abs(expansion.derivativeCoefficients[k] - fromValues) < 1e-13, "\(name), \(k)")
      }
      let known = expansion.coefficients.reduce(0) { $0 + $1 * $1 }
      let rest = expansion.secondMoment - known
      #expect(abs(expansion.remainder - rest) < 1e-13, "\(name)")
      #expect(expansion.tail(from: 10) >= expansion.tail(from: 20))
    }
  }

  @Test func reluHasItsTail() throws {
    // T_K ~ Δ²/(2√2 π^{3/2} (r − ½)) K^{−(r − ½)} with r = 1, Δ = 1.
    let expansion = HermiteExpansion(try Activation(named: "relu"), variance: 1, order: 400)
    let tail = expansion.derivativeTail(from: 401)
    let law = 1 / (2 * 2.0.squareRoot() * pow(.pi, 1.5) * 0.5) / 401.0.squareRoot()
    #expect(abs(tail / law - 1) < 0.02)
  }
}
