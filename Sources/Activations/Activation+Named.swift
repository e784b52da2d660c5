import Datasets
import Foundation

extension Activation {
  /// A function that has a name.
  public struct Entry: Sendable {
    public let name: String
    public let aliases: [String]
    /// The names and usual values of the parameters that may follow the name, separated by colons.
    public let parameters: [(name: String, usual: Double)]
    /// The formula as people write it.
    public let text: String
    let formula: @Sendable ([Double]) -> Formula
  }

  /// An activation by its name, with parameters after colons where it has some: `tanh`, `leaky-relu:0.2`, `relu^3`,
  /// `polynomial:1:1:0.5` for 1 + x + x²/2.
  ///
  /// Names are read without regard to case, and `_` counts as `-`.
  ///
  /// - Throws: ``ActivationError`` for an unknown name, with the nearest one, and for parameters that do not fit.
  public init(named text: String) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = parts[0].trimmingCharacters(in: .whitespaces).lowercased().replacingOccurrences(of: "_", with: "-")
    let parameters = try parts.dropFirst().map { part in
      guard let value = Double(part), value.isFinite else {
        throw ActivationError("'\(part)' in '\(text)' is no number; parameters are numbers after colons")
      }
      return value
    }
    if name.hasPrefix("relu^"), let exponent = Int(name.dropFirst(5)) {
      guard (0...8).contains(exponent), parameters.isEmpty else {
        throw ActivationError("'\(text)': accepted are relu^0 to relu^8")
      }
      try self.init(name: text, formula: Self.ramp(exponent))
      return
    }
    if name == "polynomial" {
      guard (1...17).contains(parameters.count) else {
        throw ActivationError("'\(text)': write the coefficients from the constant on, as in polynomial:1:1:0.5")
      }
      let terms = parameters.enumerated().map { Formula.constant($1) * Formula.variable.raised(to: $0) }
      try self.init(name: text, formula: terms.reduce(.constant(0), +))
      return
    }
    guard let entry = Self.catalogue.first(where: { $0.name == name || $0.aliases.contains(name) }) else {
      let names = Self.catalogue.flatMap { [$0.name] + $0.aliases } + ["relu^3", "polynomial"]
      let nearest = nearestName(to: name, among: names).map { ", did you mean \($0)?" } ?? ";"
      throw ActivationError(
        "there is no activation '\(text)'\(nearest) there are "
          + "\(Self.catalogue.map(\.name).joined(separator: ", ")), relu^k, polynomial:c0:c1:…, and any formula of x")
    }
    guard parameters.count <= entry.parameters.count else {
      let accepted = entry.parameters.map { ":\($0.name)" }.joined()
      throw ActivationError("'\(text)' has too many parameters; accepted is \(entry.name)\(accepted)")
    }
    let usual = entry.parameters.map(\.usual).dropFirst(parameters.count)
    try self.init(name: text, formula: entry.formula(parameters + usual))
  }

  /// The functions that ``init(named:)`` knows, besides `relu^k` and `polynomial`.
  public static let catalogue: [Entry] = [
    entry("relu", "max(x, 0)") { _ in ramp(1) },
    entry("leaky-relu", ["lrelu"], [("slope", 0.01)], "max(x, slope x)") { leaky($0[0]) },
    entry("prelu", [], [("slope", 0.25)], "max(x, slope x)") { leaky($0[0]) },
    entry("elu", [], [("alpha", 1)], "x for x > 0, alpha (e^x − 1) else") { exponentialLinear(alpha: $0[0], scale: 1) },
    entry("selu", "scale · elu with mean 0 and variance 1 as a fixed point") { _ in
      exponentialLinear(alpha: 1.6732632423543772848, scale: 1.0507009873554804934)
    },
    entry("gelu", "x Φ(x)") { _ in x * x.applying(.normalCDF) },
    entry("silu", ["swish"], [("beta", 1)], "x σ(beta x)") { x * (.constant($0[0]) * x).applying(.sigmoid) },
    entry("mish", "x tanh(softplus(x))") { _ in x * x.applying(.softplus).applying(.tanh) },
    entry("softplus", [], [("beta", 1)], "log(1 + e^(beta x)) / beta") {
      (.constant($0[0]) * x).applying(.softplus) / .constant($0[0])
    },
    entry("sigmoid", ["logistic"], [], "1 / (1 + e^−x)") { _ in x.applying(.sigmoid) },
    entry("tanh", "tanh(x)") { _ in x.applying(.tanh) },
    entry("erf", "erf(x)") { _ in x.applying(.erf) },
    entry("arctan", ["atan"], [], "arctan(x)") { _ in x.applying(.atan) },
    entry("softsign", "x / (1 + |x|)") { _ in x / (.constant(1) + magnitude) },
    entry("sin", [], [("frequency", 1), ("phase", 0)], "sin(frequency x + phase)") {
      (.constant($0[0]) * x + .constant($0[1])).applying(.sin)
    },
    entry("cos", [], [("frequency", 1)], "cos(frequency x)") { (.constant($0[0]) * x).applying(.cos) },
    entry("rbf", [], [("gamma", 0.5)], "√2 sin(√(2 gamma) x + π/4)") {
      .constant(2.0.squareRoot())
        * (.constant((2 * $0[0]).squareRoot()) * x + .constant(.pi / 4)).applying(.sin)
    },
    entry("gaussian", [], [("gamma", 0.5)], "e^(−gamma x²)") { (.constant(-$0[0]) * x.raised(to: 2)).applying(.exp) },
    entry("exp", [], [("rate", 1)], "e^(rate x)") { (.constant($0[0]) * x).applying(.exp) },
    entry("identity", ["linear"], [], "x") { _ in x },
    entry("square", "x²") { _ in x.raised(to: 2) },
    entry("cube", "x³") { _ in x.raised(to: 3) },
    entry("abs", "|x|") { _ in magnitude },
    entry("step", ["heaviside"], [], "1 for x > 0, 0 else") { _ in ramp(0) },
    entry("sign", "−1, 0 or 1") { _ in sign },
    entry("relu2", ["requ"], [], "max(x, 0)²") { _ in ramp(2) },
    entry("relu3", ["recu"], [], "max(x, 0)³") { _ in ramp(3) },
    entry("relu6", "min(max(x, 0), 6)") { _ in clipped(x, 0, 6) },
    entry("hard-tanh", ["hardtanh"], [], "min(max(x, −1), 1)") { _ in clipped(x, -1, 1) },
    entry("hard-sigmoid", "min(max(x/6 + 1/2, 0), 1)") { _ in
      (x - .constant(3)).choosing(
        then: .constant(1),
        otherwise: (x + .constant(3)).choosing(then: x / .constant(6) + .constant(0.5), otherwise: .constant(0)))
    },
    entry("hard-swish", "x · hard-sigmoid(x)") { _ in
      (x - .constant(3)).choosing(
        then: x,
        otherwise: (x + .constant(3)).choosing(then: x * (x + .constant(3)) / .constant(6), otherwise: .constant(0)))
    },
  ]

  private static func entry(
    _ name: String, _ text: String, _ formula: @escaping @Sendable ([Double]) -> Formula
  ) -> Entry { Entry(name: name, aliases: [], parameters: [], text: text, formula: formula) }

  private static func entry(
    _ name: String, _ aliases: [String], _ parameters: [(String, Double)], _ text: String,
    _ formula: @escaping @Sendable ([Double]) -> Formula
  ) -> Entry { Entry(name: name, aliases: aliases, parameters: parameters, text: text, formula: formula) }

  private static let x = Formula.variable
  private static let magnitude = x.choosing(then: x, otherwise: -x)
  private static let sign = x.choosing(
    then: .constant(1), otherwise: (-x).choosing(then: .constant(-1), otherwise: .constant(0)))

  private static func ramp(_ exponent: Int) -> Formula {
    x.choosing(then: x.raised(to: exponent), otherwise: .constant(0))
  }

  private static func leaky(_ slope: Double) -> Formula { x.choosing(then: x, otherwise: .constant(slope) * x) }

  private static func exponentialLinear(alpha: Double, scale: Double) -> Formula {
    x.choosing(then: .constant(scale) * x, otherwise: .constant(scale * alpha) * x.applying(.expm1))
  }

  private static func clipped(_ u: Formula, _ low: Double, _ high: Double) -> Formula {
    (u - .constant(high)).choosing(
      then: .constant(high), otherwise: (u - .constant(low)).choosing(then: u, otherwise: .constant(low)))
  }
}
