import Foundation
import Probability
import Testing

@Suite struct QuadratureTests {
  @Test(arguments: [1, 2, 5, 16, 64]) func legendreIsExactForPolynomials(_ count: Int) {
    let rule = QuadratureRule.gaussLegendre(count)
    #expect(rule.nodes == rule.nodes.sorted() && abs(rule.weights.reduce(0, +) - 2) < 1e-14)
    for degree in 0..<2 * count {
      let expected = degree % 2 == 0 ? 2 / Double(degree + 1) : 0
      #expect(abs(rule.integral { pow($0, Double(degree)) } - expected) < 1e-14, "degree \(degree)")
    }
  }

  @Test(arguments: [1, 2, 3, 7, 20, 64, 159]) func hermiteIsExactForPolynomials(_ count: Int) {
    let rule = QuadratureRule.gaussHermite(count)
    #expect(rule.nodes == rule.nodes.sorted() && abs(rule.weights.reduce(0, +) - 1) < 1e-13)
    var moment = 1.0
    for degree in stride(from: 0, to: min(2 * count, 30), by: 2) {
      if degree > 0 { moment *= Double(degree - 1) }
      #expect(abs(rule.integral { pow($0, Double(degree)) } / moment - 1) < 1e-12, "degree \(degree)")
      #expect(abs(rule.integral { pow($0, Double(degree + 1)) }) < 1e-9 * moment * Double(degree + 1))
    }
  }

  /// E Φ((z − c)/s) = Φ(−c/√(1 + s²)), however sharp the step.
  @Test func trapezoidResolvesSteps() {
    for seed in 0..<60 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let scale = exp(-16 * source.uniform())
      let centre = 3 * source.normal()
      let rule = QuadratureRule.normalTrapezoid(centre: centre, scale: scale)
      #expect(abs(rule.weights.reduce(0, +) - 1) < 1e-13, "seed \(seed)")
      let expected = normalCDF(-centre / (1 + scale * scale).squareRoot())
      #expect(abs(rule.integral { normalCDF(($0 - centre) / scale) } - expected) < 2e-13, "seed \(seed)")
    }
  }

  @Test func adaptiveIntegralsSayHowGoodTheyAre() {
    let root = adaptiveIntegral(from: 0, to: 1) { $0.squareRoot() }
    #expect(abs(root.value - 2.0 / 3) < 1e-12 && root.error >= abs(root.value - 2.0 / 3))
    let kink = adaptiveIntegral(from: -1, to: 2, breakpoints: [0.3]) { abs($0 - 0.3) }
    #expect(abs(kink.value - (1.3 * 1.3 + 1.7 * 1.7) / 2) < 1e-14 && kink.evaluations == 30)
    let limited = adaptiveIntegral(from: 0, to: 1, mostIntervals: 5) { 1 / ($0 * $0 + 1e-8) }
    #expect(limited.error > 1 && limited.evaluations <= 200)
  }
}
