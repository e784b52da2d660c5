import Foundation
import Probability
import Testing

@Suite struct SpecialFunctionTests {
  /// Computed to 30 digits.
  @Test(arguments: [
    (-5.0, 144009798674.66104), (-1, 5.0089800807622955), (0, 1), (0.5, 0.6156903441929259), (2, 0.25539567631050574),
    (8, 0.0699851662008809277), (11.999, 0.0468580991975262796), (12.001, 0.0468503434719975662),
    (30, 0.018795888861416751),
    (1e8, 5.6418958354775625e-9),
  ]) func scaledErrorFunction(_ x: Double, _ expected: Double) {
    #expect(abs(erfcx(x) / expected - 1) < 4e-15, "\(x): \(erfcx(x))")
  }

  @Test func scaledErrorFunctionAtItsEnds() {
    #expect(erfcx(-30) == .infinity)
    #expect(erfcx(1e308) > 0 && erfcx(.infinity) == 0)
  }

  @Test(arguments: [
    (-40.0, -804.6084420137538), (-10, -53.2312851505124706), (-1, -1.8410216450092635), (0, -0.6931471805599453),
    (2, -0.023012909328963488), (10, -7.619853024160527e-24), (40, 0),
  ]) func logarithmOfTheNormalDistribution(_ x: Double, _ expected: Double) {
    #expect(abs(logNormalCDF(x) - expected) <= 4e-15 * abs(expected), "\(x): \(logNormalCDF(x))")
  }

  @Test(arguments: [
    (-5.0, 1.48671994090490571e-6), (0, 0.7978845608028654), (3, 3.28309865493043651),
    (40, 40.0249688472072637),
  ]) func inverseMills(_ x: Double, _ expected: Double) {
    #expect(abs(inverseMillsRatio(x) - expected) <= 4e-15 * expected, "\(x): \(inverseMillsRatio(x))")
  }

  @Test func quantilesInvertTheDistribution() {
    for seed in 0..<300 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let p = exp(-60 * source.uniform()) * 0.5
      #expect(abs(normalCDF(normalQuantile(p)) / p - 1) < 1e-13, "seed \(seed)")
      #expect(normalQuantile(1 - source.uniform() * 0.5) >= 0, "seed \(seed)")
    }
    #expect(normalQuantile(0) == -.infinity && normalQuantile(1) == .infinity && normalQuantile(-0.1).isNaN)
    #expect(normalQuantile(0.5) == 0 || abs(normalQuantile(0.5)) < 1e-15)
  }

  @Test func hyperbolic() {
    for x in [-700.0, -3, -0.4, 0, 1e-9, 0.2, 0.6, 20, 1e300] {
      if abs(x) < 300 {
        #expect(abs(logCosh(x) - log(cosh(x))) <= 1e-15 * max(1, abs(x)))
        #expect(abs(logTwoCosh(x) - log(2 * cosh(x))) <= 1e-15 * max(1, abs(x)))
      }
      #expect(logCosh(x).isFinite && logCosh(x) == logCosh(-x))
    }
    // x²/2 where cosh x is 1 to rounding.
    #expect(abs(logCosh(1e-9) / 5e-19 - 1) < 1e-14)
    #expect(logSumExp(-1000, -1000) == -1000 + log(2.0) && logSumExp(-.infinity, 3) == 3)
    #expect(binaryEntropy(0.5) == log(2.0) && binaryEntropy(0) == 0 && binaryEntropy(1) == 0)
  }
}
