import Certificates
import Exact
import Polyhedra

/// A piece of a fitted function, as a person would write it.
public struct FunctionPiece: Sendable {
  /// A condition `coefficients · x + constant ≥ 0`.
  public struct HalfSpace: Sendable, Codable {
    public var coefficients: [Double]
    public var constant: Double
  }

  /// With one input: the ends, −∞ and +∞ outside.
  public var interval: (lower: Double, upper: Double)?
  /// With several inputs: the conditions that hold there.
  public var halfSpaces: [HalfSpace]
  /// One number for each input.
  public var slope: [Double]
  public var intercept: Double
  /// How many samples lie there; one on a boundary counts once.
  public var samples: Int
}

extension ExactNetwork {
  /// The pieces of the function: with one input from left to right, otherwise one for each activation pattern whose
  /// region has an interior.
  ///
  /// Two units with the same kink make one breakpoint. With several inputs 2ʷ patterns are tested for an interior by a
  /// linear program each.
  ///
  /// - Throws: `LinearProgramError` when HiGHS fails.
  public func pieces(samples: [[Rational]]) throws -> [FunctionPiece] {
    skip.count == 1 ? intervals(samples: samples) : try regions(samples: samples)
  }

  /// The affine map of an activation pattern, exactly.
  private func affineMap(_ isActive: [Bool]) -> (slope: [Rational], intercept: Rational) {
    var slope = skip
    var intercept = outputBias
    for (unit, active) in zip(units, isActive) where active {
      let sign = Rational(unit.sign)
      for k in slope.indices { slope[k] += sign * unit.weights[k] }
      intercept += sign * unit.bias
    }
    return (slope, intercept)
  }

  /// With one input: the kinks in ascending order, each once, without those at which the slope does not change.
  public func breakpoints() -> [Rational] {
    var jumps: [Rational: Rational] = [:]
    for unit in units where unit.weights[0].signum != 0 {
      let kink = -unit.bias / unit.weights[0]
      jumps[kink, default: .zero] += Rational(unit.sign) * unit.weights[0].magnitude
    }
    return jumps.filter { $0.value.signum != 0 }.map(\.key).sorted()
  }

  private func intervals(samples: [[Rational]]) -> [FunctionPiece] {
    let kinks = breakpoints()
    return (0...kinks.count).map { index in
      let lower = index > 0 ? kinks[index - 1] : nil
      let upper = index < kinks.count ? kinks[index] : nil
      let inside: Rational =
        switch (lower, upper) {
        case (let a?, let b?): (a + b) / 2
        case (let a?, nil): a + 1
        case (nil, let b?): b - 1
        case (nil, nil): .zero
        }
      let map = affineMap(units.map { ($0.weights[0] * inside + $0.bias).signum > 0 })
      let count = samples.count { sample in
        (lower.map { sample[0] > $0 } ?? true) && (upper.map { sample[0] <= $0 } ?? true)
      }
      return FunctionPiece(
        interval: (lower?.doubleValue ?? -.infinity, upper?.doubleValue ?? .infinity), halfSpaces: [],
        slope: map.slope.map(\.doubleValue), intercept: map.intercept.doubleValue, samples: count)
    }
  }

  private func regions(samples: [[Rational]]) throws -> [FunctionPiece] {
    var occupied: [Int: Int] = [:]
    for sample in samples { occupied[pattern(at: sample), default: 0] += 1 }
    var pieces: [FunctionPiece] = []
    for mask in 0..<1 << units.count {
      let isActive = units.indices.map { (mask >> $0) & 1 == 1 }
      let conditions = zip(units, isActive).map { unit, active in
        FunctionPiece.HalfSpace(
          coefficients: unit.weights.map { active ? $0.doubleValue : -$0.doubleValue },
          constant: active ? unit.bias.doubleValue : -unit.bias.doubleValue)
      }
      guard try occupied[mask] != nil || hasInterior(conditions) else { continue }
      let map = affineMap(isActive)
      pieces.append(
        FunctionPiece(
          interval: nil, halfSpaces: conditions, slope: map.slope.map(\.doubleValue),
          intercept: map.intercept.doubleValue, samples: occupied[mask] ?? 0))
    }
    return pieces
  }

  private func pattern(at x: [Rational]) -> Int {
    var mask = 0
    for (index, unit) in units.enumerated() {
      var input = unit.bias
      for (weight, value) in zip(unit.weights, x) { input += weight * value }
      if input.signum > 0 { mask |= 1 << index }
    }
    return mask
  }

  /// Whether some point satisfies all conditions strictly: the largest common slack of the normalised conditions is
  /// positive.
  private func hasInterior(_ conditions: [FunctionPiece.HalfSpace]) throws -> Bool {
    var program = LinearProgram()
    let variables = skip.indices.map { _ in program.addColumn(cost: 0, lower: -.infinity, upper: .infinity) }
    let slack = program.addColumn(cost: -1, lower: -1, upper: 1)
    for condition in conditions {
      let length = condition.coefficients.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else {
        if condition.constant < 0 { return false }
        continue
      }
      program.addRow(
        zip(variables, condition.coefficients).map { ($0, $1 / length) } + [(slack, -1)],
        lower: -condition.constant / length)
    }
    let solution = try program.solve()
    return solution.status == .unbounded || (solution.status == .optimal && solution.objective < -1e-9)
  }
}
