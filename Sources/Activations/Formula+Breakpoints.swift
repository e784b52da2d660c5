import Foundation

extension Formula {
  /// How far from 0 breakpoints are sought; beyond lies a Gaussian mass below 1e-300 for variances up to 1.
  static let breakpointRange = 40.0

  /// The points where a test changes its sign, ascending: roots of affine tests exactly rounded, of others by bisection
  /// between the places of a grid of step 1/64.
  var switchingPoints: [Double] {
    var points: Set<Double> = []
    for test in tests {
      if let line = test.affineCoefficients {
        if line.slope != 0, (line.intercept / line.slope).isFinite { points.insert(0 - line.intercept / line.slope) }
      } else {
        points.formUnion(Self.roots(of: test))
      }
    }
    return points.sorted()
  }

  /// Where a denominator changes its sign, within the range in which breakpoints are sought.
  var poles: [Double] {
    switch self {
    case .variable, .constant: []
    case .sum(let a, let b), .product(let a, let b): a.poles + b.poles
    case .quotient(let a, let b): a.poles + b.poles + Self.roots(of: b)
    case .power(let a, let exponent): a.poles + (exponent < 0 ? Self.roots(of: a) : [])
    case .function(_, let a): a.poles
    // A branch may have a pole where it is not taken.
    case .choice(_, let then, let otherwise):
      then.poles.filter { piece(at: $0) == then.piece(at: $0) }
        + otherwise.poles.filter { piece(at: $0) == otherwise.piece(at: $0) }
    }
  }

  private static func roots(of test: Formula) -> [Double] {
    let step = 1.0 / 64
    let count = Int(breakpointRange / step)
    var roots: [Double] = []
    var previous = (x: -breakpointRange, isPositive: test(-breakpointRange) > 0)
    for index in (1 - count)...count {
      // Off the grid's round numbers, where tests like to vanish from both sides.
      let x = Double(index) * step + 0x1p-20
      let isPositive = test(x) > 0
      if isPositive != previous.isPositive {
        var (low, high) = (previous.x, x)
        while true {
          let middle = 0.5 * (low + high)
          guard middle > low, middle < high else { break }
          if (test(middle) > 0) == previous.isPositive { low = middle } else { high = middle }
        }
        roots.append(abs(low) < abs(high) ? low : high)
      }
      previous = (x, isPositive)
    }
    return roots.map { abs($0) < 1e-300 ? 0 : $0 }
  }

  /// The lowest derivative that jumps at `point`, counted from 0, and by how much; nil if none up to `limit` does.
  func jump(at point: Double, upTo limit: Int) -> (order: Int, size: Double)? {
    let offset = 0x1p-30 * max(1, abs(point))
    var (left, right) = (piece(at: point - offset), piece(at: point + offset))
    for order in 0...limit {
      let (a, b) = (left(point), right(point))
      if a.isFinite, b.isFinite, abs(b - a) > 1e-9 * max(1, abs(a), abs(b)) { return (order, b - a) }
      (left, right) = (left.derivative, right.derivative)
      guard left.size + right.size < 20_000 else { return nil }
    }
    return nil
  }
}
