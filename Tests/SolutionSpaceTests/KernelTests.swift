import Activations
import Foundation
import Testing

@testable import SolutionSpace

@Suite struct KernelTests {
  private func kernel(_ text: String) throws -> OrderParameterKernel {
    try OrderParameterKernel((try? Activation(named: text)) ?? Activation(expression: text))
  }

  /// Closed forms of kernels that come from tables here.
  @Test func tablesAgreeWithClosedForms() throws {
    let s = 2.0 / 3
    let forms: [(String, (Double) -> Double, (Double) -> Double)] = [
      ("erf", { asin(s * $0) / asin(s) }, { s / (1 - s * s * $0 * $0).squareRoot() / asin(s) }),
      ("square", { $0 * $0 }, { 2 * $0 }), ("x^3-3*x", { $0 * $0 * $0 }, { 3 * $0 * $0 }),
      ("sin", { sinh($0) / sinh(1) }, { cosh($0) / sinh(1) }),
    ]
    for (name, value, slope) in forms {
      let kernel = try kernel(name)
      for q in [0, 0.1, 0.3, 0.7, 0.99, 1 - 1e-6, 1] {
        let point = kernel.point(q)
        #expect(abs(point.value - value(q)) < 1e-12, "\(name) at \(q)")
        #expect(abs(point.slope - slope(q)) < 1e-11, "\(name) at \(q)")
        #expect(abs(point.value + point.complement - 1) < 1e-13)
      }
      #expect(abs(kernel.slopeAtOne - slope(1)) < 1e-11 && kernel.error < 1e-11)
    }
  }

  /// 1 − Q keeps its digits: near 1 it is A (1 − q) for all but the jumps.
  @Test(arguments: ["relu", "leaky-relu:0.2", "tanh", "gelu", "hard-tanh"]) func complementsNearOne(_ name: String)
    throws
  {
    let kernel = try kernel(name)
    for epsilon in [1e-6, 1e-9, 1e-12] {
      #expect(
        abs(kernel.point(complement: epsilon).complement / (kernel.slopeAtOne * epsilon) - 1) < 2 * epsilon.squareRoot()
      )
    }
    // The slope is the derivative.
    let step = 1e-5
    for q in [0.2, 0.6, 0.9] {
      let difference = (kernel.point(q + step).value - kernel.point(q - step).value) / (2 * step)
      #expect(abs(difference - kernel.point(q).slope) < 1e-8, "\(name) at \(q)")
      let bend = (kernel.point(q + step).slope - kernel.point(q - step).slope) / (2 * step)
      #expect(abs(bend / kernel.point(q).curvature - 1) < 1e-5, "\(name) at \(q)")
    }
  }

  @Test func knownNumbers() throws {
    let relu = try kernel("relu")
    #expect(abs(relu.slopeAtOne - Double.pi / (Double.pi - 1)) < 1e-14)
    #expect(abs(relu.mean - 1 / (2 * Double.pi).squareRoot()) < 1e-14)
    #expect(abs(relu.variance - (0.5 - 0.5 / Double.pi)) < 1e-14)
    #expect(try kernel("sign").slopeAtOne == .infinity && kernel("step").slopeAtOne == .infinity)
    #expect(abs(try kernel("tanh").slopeAtOne - 1.1778072323041782) < 1e-11)
    #expect(try kernel("abs").isEven && kernel("square").isEven && !kernel("relu").isEven)
  }

  @Test(arguments: ["0*x+2", "exp(x*x/4)"]) func activationsThatCannotBe(_ text: String) {
    #expect(throws: (any Error).self) { try kernel(text) }
  }
}
