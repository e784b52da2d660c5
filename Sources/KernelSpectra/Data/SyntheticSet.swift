import Foundation
import LinearAlgebra
import Probability

/// Data sets that are made, by name.
public enum SyntheticSet: Sendable, Hashable {
  /// Points at angles 2πj/n on the whole circle.
  case circle(count: Int)
  /// Points at angles πj/n: no two opposite.
  case halfCircle(count: Int)
  /// The 24 angles in (0, π) of the demonstration, drawn once; the closest two are 0.0021 apart.
  case arc
  /// Angles drawn uniformly from (0, π), ascending.
  case randomArc(count: Int, seed: UInt64)
  /// Directions drawn uniformly from the sphere in `dimension` dimensions.
  case sphere(count: Int, dimension: Int, seed: UInt64)

  /// The rows, of length 1.
  public var matrix: Matrix {
    switch self {
    case .circle(let count): Self.fullCircle(count)
    case .halfCircle(let count): Self.onCircle((0..<count).map { .pi * Double($0) / Double(count) })
    case .arc: Self.onCircle(Self.arcAngles)
    case .randomArc(let count, let seed):
      Self.onCircle(Self.uniforms(count, seed: seed).map { .pi * $0 }.sorted())
    case .sphere(let count, let dimension, let seed): Self.onSphere(count, dimension, seed: seed)
    }
  }

  private static func onCircle(_ angles: [Double]) -> Matrix { Matrix(angles.map { [cos($0), sin($0)] }) }

  /// Opposite points are opposite to the last bit.
  private static func fullCircle(_ count: Int) -> Matrix {
    let half = count % 2 == 0 ? count / 2 : count
    let first = onCircle((0..<half).map { 2 * .pi * Double($0) / Double(count) })
    return half == count
      ? first : Matrix(rows: count, columns: 2, elements: first.elements + first.elements.map { -$0 })
  }

  private static func uniforms(_ count: Int, seed: UInt64) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in source.uniform() }
  }

  private static func onSphere(_ count: Int, _ dimension: Int, seed: UInt64) -> Matrix {
    var source = RandomSource(seed: seed)
    return Matrix(
      (0..<count).map { _ in
        while true {
          let row = (0..<dimension).map { _ in source.normal() }
          let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
          if length > 1e-3 { return row.map { $0 / length } }
        }
      })
  }

  private static let arcAngles = [
    0.09785473617782121, 0.16930235938728566, 0.18324169380865835, 0.22912305872627967, 0.26474662867303106,
    0.3094347979722395, 0.5562830435939496, 0.618187109105742, 0.6305483282483929, 0.7813558364861602,
    0.956550375448428, 1.3455604565961778, 1.3565652830023238, 1.462020818723901, 1.8386242255028222,
    2.242963983733128, 2.330468413395539, 2.332556315123566, 2.604242449118432, 2.6193907452895537,
    2.647238644339686, 2.744709453312577, 3.0601696160191687, 3.066839615590493,
  ]
}
