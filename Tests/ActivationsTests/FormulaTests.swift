import Activations
import Foundation
import Probability
import Testing

@Suite struct FormulaTests {
  @Test(arguments: [
    ("x + 2 * 3", 1.0, 7.0), ("-x^2", 3, -9), ("2^-1 * x", 3, 1.5), ("(1 + x) / (1 - x)", 0.5, 3),
    ("1e-3 * x", 2, 2e-3),
    ("max(x, 0) + min(x, 1)", -2, -2), ("clip(x, -1, 1)", 7, 1), ("where(x <= 0, 1, 2)", 0, 1),
    ("where(x < 0, 1, 2)", 0, 2),
    ("abs(x) * sign(x)", -3, -3), ("tan(x)", 0.5, 0.5463024898437905), ("sinh(x) + cosh(x)", 1, M_E),
    ("softplus(x)", 800, 800), ("sigmoid(x)", -700, 9.859676543759770e-305),
    ("relu(x) - step(x) + pi - e", 1, .pi - M_E),
    ("--x", 2, 2), ("x*-1", 2, -2),
  ])
  func values(_ text: String, _ x: Double, _ expected: Double) throws {
    let value = try Formula(parsing: text)(x)
    #expect(abs(value - expected) <= 1e-15 * max(1, abs(expected)), "\(text)")
  }

  @Test(arguments: [
    ("x +", 4), ("x+*2", 3), ("foo(x)", 1), ("where(x<0, 1", 13), ("x^2.5", 3), ("max(x)", 1), ("y", 1), ("x x", 3),
    ("", 1),
    ("(x", 3), ("where(x, 1, 2)", 8), ("1..2", 1), ("tanh", 1), ("x^99999999999999999999", 3), ("3 $ x", 3),
  ])
  func faultsHaveAPlace(_ text: String, _ position: Int) {
    do {
      _ = try Formula(parsing: text)
      Issue.record("'\(text)' was accepted")
    } catch let error as ActivationError {
      #expect(error.position == position, "\(error)")
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func nothingTraps() {
    #expect(throws: ActivationError.self) { try Formula(parsing: String(repeating: "(", count: 3000)) }
    #expect(throws: ActivationError.self) { try Formula(parsing: String(repeating: "x+", count: 3000)) }
    #expect(throws: ActivationError.self) { try Activation(expression: "log(x)") }
    #expect(throws: ActivationError.self) { try Activation(expression: "1/x") }
    #expect(throws: ActivationError.self) { try Activation(expression: "1/(x - 0.3)") }
    #expect(throws: ActivationError.self) { try Activation(named: "leaky-relu:a") }
    #expect(throws: ActivationError.self) { try Activation(named: "tanh:1") }
    #expect(throws: ActivationError.self) { try Activation(named: "") }
    // Characters of all kinds, drawn at random: an error or a formula, never a trap.
    let letters = Array("x+-*/^()., 0123456789eabsmaxwhere<>=pi\u{301}é")
    var source = RandomSource(seed: 5)
    for _ in 0..<600 {
      let text = String((0..<(1 + source.index(below: 12))).map { _ in letters[source.index(below: letters.count)] })
      _ = try? Activation(expression: text)
    }
  }

  @Test func nearestNames() {
    #expect(throws: ActivationError.self) { try Activation(named: "tnh") }
    do { _ = try Activation(named: "silo") } catch { #expect("\(error)".contains("did you mean silu?"), "\(error)") }
    do { _ = try Activation(expression: "tahn(x)") } catch {
      #expect("\(error)".contains("did you mean tanh?"), "\(error)")
    }
  }

  @Test(arguments: Activation.catalogue.map(\.name) + ["relu^5", "polynomial:1:0:2"])
  func slopesAreThoseOfDifferences(_ name: String) throws {
    let activation = try Activation(named: name)
    for x in [-3.1, -0.7, 0.31, 1.9, 4.3] {
      let h = 1e-5
      let difference = (activation.value(x + h) - activation.value(x - h)) / (2 * h)
      #expect(abs(activation.derivative(x) - difference) <= 1e-8 * max(1, abs(difference)), "\(name) at \(x)")
    }
    let points = [-2.0, -0.5, 0.25, 3]
    #expect(activation.formula.values(at: points) == points.map { activation.value($0) })
  }

  @Test func partsAddUp() throws {
    for entry in Activation.catalogue {
      let formula = try Activation(named: entry.name).formula
      guard let parts = formula.parts else { continue }
      for x in [-2.3, -0.4, 0.9, 3.1] {
        #expect(abs(parts.even(x) - parts.even(-x)) <= 1e-14 * max(1, abs(parts.even(x))), "\(entry.name)")
        #expect(abs(parts.odd(x) + parts.odd(-x)) <= 1e-14 * max(1, abs(parts.odd(x))), "\(entry.name)")
        #expect(abs(parts.even(x) + parts.odd(x) - formula(x)) <= 1e-14 * max(1, abs(formula(x))), "\(entry.name)")
      }
    }
  }

  @Test func smoothness() throws {
    func order(_ text: String) throws -> Int? { try Activation(named: text).smoothness.jumpOrder }
    #expect(try order("step") == 0)
    #expect(try order("relu") == 1)
    #expect(try order("elu") == 2)
    #expect(try order("elu:0.5") == 1)
    #expect(try order("selu") == 1)
    #expect(try order("relu^3") == 3)
    #expect(try order("tanh") == nil)
    #expect(try Activation(named: "relu").derivative(0) == 0)
    #expect(try Activation(named: "tanh").smoothness.analyticity == .strip(.pi / 2))
    #expect(try Activation(named: "silu:2").smoothness.analyticity == .strip(.pi / 2))
    #expect(try Activation(named: "gelu").smoothness.analyticity == .entire)
    let bent = try Activation(expression: "abs(x^2 - 2)")
    #expect(bent.breakpoints.count == 2 && abs(bent.breakpoints[1] - 2.0.squareRoot()) < 1e-14)
    #expect(try Activation(expression: "where(x > 0, sin(x), sin(x))").breakpoints.isEmpty)
    #expect(try Activation(named: "hard-tanh").smoothness.isPiecewiseLinear)
    #expect(try Activation(named: "silu").smoothness.oddDegree == 1)
    #expect(try Activation(named: "tanh").smoothness.evenDegree == -1)
  }
}
