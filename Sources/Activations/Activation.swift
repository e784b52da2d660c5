import Foundation

/// An activation function as a value: a formula of one variable, and what is known of its smoothness.
///
/// ```swift
/// let tanh = try Activation(named: "tanh")
/// let own = try Activation(expression: "x * sigmoid(1.7 * x)")
/// own.value(0.5)             // 0.35...
/// own.smoothness             // analytic, singularities at distance π/1.7
/// ```
///
/// The derivative at a breakpoint is that of the branch which counts there: 0 for ReLU at 0.
public struct Activation: Sendable, Hashable {
  /// The name as it was asked for, or the text of the expression.
  public let name: String
  /// φ.
  public let formula: Formula
  /// φ′ almost everywhere.
  public let derivativeFormula: Formula
  /// The points where φ or one of its derivatives jumps, ascending.
  public let breakpoints: [Double]
  /// Where and how φ stops being smooth.
  public let smoothness: Smoothness

  /// An activation from a formula.
  ///
  /// - Throws: ``ActivationError`` when the formula has no finite value somewhere in [−40, 40], or more than 200
  ///   breakpoints.
  public init(name: String, formula: Formula) throws {
    let candidates = formula.switchingPoints
    guard candidates.count <= 200 else {
      throw ActivationError("\(name) has \(candidates.count) breakpoints; accepted are at most 200")
    }
    let derivative = formula.derivative
    // Beside the round numbers, where slopes such as that of √(x²) are undefined and do no harm, and on them.
    for index in -160...160 {
      let x = 0.25 * Double(index)
      guard formula(x).isFinite, formula(x + 0x1p-24).isFinite, derivative(x + 0x1p-24).isFinite else {
        throw ActivationError(
          "\(name) has no finite value or slope near x = \(x); an activation needs both on the whole line (tried from -40 "
            + "to 40)")
      }
    }
    if let pole = formula.poles.first {
      throw ActivationError("\(name) has a pole near x = \(pole); an activation needs a finite value on the whole line")
    }
    var jumps: [Smoothness.Jump] = []
    for point in candidates {
      if let jump = formula.jump(at: point, upTo: 8) {
        jumps.append(Smoothness.Jump(place: point, order: jump.order, size: jump.size))
      }
    }
    self.name = name
    self.formula = formula
    derivativeFormula = derivative
    breakpoints = jumps.map(\.place)
    smoothness = Smoothness(formula, jumps: jumps)
  }

  /// An activation from the text of a formula of x; see ``Formula/init(parsing:)`` for what may be written.
  ///
  /// - Throws: ``ActivationError``, with the place of a fault in the text.
  public init(expression: String) throws {
    try self.init(name: expression, formula: Formula(parsing: expression))
  }

  /// φ(x).
  public func value(_ x: Double) -> Double { formula(x) }

  /// φ′(x), at a breakpoint that of the branch which counts there.
  public func derivative(_ x: Double) -> Double { derivativeFormula(x) }
}

/// Where a function stops being smooth on the real line, and how far it is analytic beside it.
public struct Smoothness: Sendable, Hashable {
  /// A jump of a derivative.
  public struct Jump: Sendable, Hashable {
    public let place: Double
    /// The lowest derivative that jumps, counted from 0: 1 for ReLU.
    public let order: Int
    /// The right limit of that derivative less the left one.
    public let size: Double
  }

  /// The jumps of lowest order at each breakpoint, in the order of their places.
  public let jumps: [Jump]
  /// How far the pieces are analytic, for a function without jumps; else ``Analyticity/piecewise``.
  public let analyticity: Analyticity
  /// The coefficients of a polynomial, from the constant on.
  public let polynomial: [Double]?
  /// The degree of the even part, where that is a polynomial: the higher even Hermite coefficients are exactly 0. −1
  /// for an odd function.
  public let evenDegree: Int?
  /// The degree of the odd part, where that is a polynomial: the higher odd Hermite coefficients are exactly 0. −1 for
  /// an even function.
  public let oddDegree: Int?
  /// Whether the function is linear between its breakpoints.
  public let isPiecewiseLinear: Bool

  init(_ formula: Formula, jumps: [Jump]) {
    self.jumps = jumps
    polynomial = formula.polynomialCoefficients
    let withoutChoices = formula.tests.isEmpty ? formula : formula.piece(at: 0x1p-10)
    analyticity = jumps.isEmpty ? withoutChoices.analyticity : .piecewise
    func degree(_ part: Formula?) -> Int? {
      guard let coefficients = part?.polynomialCoefficients else { return nil }
      return coefficients.lastIndex { $0 != 0 } ?? -1
    }
    let parts = formula.parts
    evenDegree = degree(parts?.even)
    oddDegree = degree(parts?.odd)
    let ends = jumps.map(\.place)
    let middles = Self.middles(of: ends)
    isPiecewiseLinear =
      formula.isPiecewisePolynomial
      && middles.allSatisfy { (formula.piece(at: $0).polynomialCoefficients?.count ?? 3) <= 2 }
  }

  /// The lowest order of all jumps; nil for a function without any.
  public var jumpOrder: Int? { jumps.map(\.order).min() }

  /// A point inside each piece.
  static func middles(of places: [Double]) -> [Double] {
    guard let first = places.first, let last = places.last else { return [0x1p-10] }
    return [first - 1] + zip(places, places.dropFirst()).map { 0.5 * ($0 + $1) } + [last + 1]
  }
}
