import Activations
import Foundation

/// What depth does to the cosine of two inputs: ρ ↦ f(ρ) = K(ρ)/K(1) at variance 1, or centred, (f − f(0))/(1 − f(0)).
public struct DepthMap: Sendable {
  private let table: AngularTable
  private let scale: Double
  /// f(0).
  public let valueAtZero: Double
  /// χ = f′(1): above 1, near inputs part from layer to layer.
  public let slopeAtOne: Double
  /// a₁² = f′(0): the factor by which small cosines shrink.
  public let slopeAtZero: Double

  /// - Throws: ``SpectrumError`` for an activation that jumps.
  public init(_ activation: Activation, centred: Bool) throws {
    guard activation.smoothness.jumpOrder != 0 else {
      throw SpectrumError("\(activation.name) jumps: its map of cosines has no slope at 1")
    }
    table = try AngularTable(activation, variance: 1)
    let middle = table.values(angle: .pi / 2)
    let zero = middle.value / table.valueAtZero
    // Odd functions are centred already, up to the last bits.
    valueAtZero = abs(zero) < 1e-15 ? 0 : zero
    let rest = centred ? 1 - valueAtZero : 1
    scale = 1 / (2 * table.valueAtZero * rest)
    slopeAtOne = table.derivativeAtZero / table.valueAtZero / rest
    slopeAtZero = middle.derivative / table.valueAtZero / rest
  }

  /// sin²(θ/2) = (1 − ρ)/2 of the next layer; small numbers keep their digits.
  public func next(halfChordSquare: Double) -> Double {
    min(1, scale * table.drop(angle: 2 * asin(min(1, halfChordSquare.squareRoot()))))
  }

  /// The cosines after 1, 2, … layers of two inputs at distance δ.
  public func cosines(distance: Double, layers: Int) -> [Double] {
    var square = 0.25 * distance * distance
    return (0..<layers).map { _ in
      square = next(halfChordSquare: square)
      return 1 - 2 * square
    }
  }

  /// The layers until all cosines of `count` inputs, the closest two at distance δ, sum to at most ½ in each row, so that every
  /// kernel matrix is at least half its diagonal; nil when that takes more than `limit`, as it does where the fixed point is not 0.
  public func layersUntilDominant(distance: Double, count: Int, limit: Int = 100_000) -> Int? {
    guard distance > 0, count > 1 else { return nil }
    var square = 0.25 * distance * distance
    var last = -1.0
    for layer in 1...limit {
      square = next(halfChordSquare: square)
      if Double(count - 1) * abs(1 - 2 * square) <= 0.5 { return layer }
      if square == last { return nil }
      last = square
    }
    return nil
  }

  /// The fixed point towards which the cosines of distinct inputs go.
  public var fixedPoint: Double {
    var square = 0.5
    for _ in 0..<10_000 {
      let following = next(halfChordSquare: square)
      if abs(following - square) <= 1e-15 { return 1 - 2 * following }
      square = following
    }
    return 1 - 2 * square
  }
}
