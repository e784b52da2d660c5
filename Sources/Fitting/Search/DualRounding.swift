import Certificates
import Exact

/// Turns a floating-point dual solution of a node into an exact one, and writes it as a leaf of the certificate.
///
/// Most multipliers are rounded to multiples of 2⁻ᵉ. As many as the equations Σ νₛ φₛ = Σ λᵢⱼ(±x̃ⱼ) have rank are then
/// solved for exactly, in integers. The bound is stationary at the optimum, so an error ε of the rounding costs only ε².
final class DualRounding {
  private let problem: FitProblem
  private let positive: Int
  private let solver: IntegerSolver
  private let sums: IntegerVector
  private let scratch = IntegerVector(count: 2)

  /// Choices of the solved multipliers before a leaf is given up.
  private static let attempts = 6

  private struct Multiplier {
    /// The sample, or −1 for a half-space.
    var sample: Int
    var halfSpace: NodeProgram.HalfSpace
    var value: Double
    /// Whether small changes of either sign keep it admissible.
    var isFree: Bool
    var rounded = 0
    var isBasic = false
  }

  init(_ problem: FitProblem, positive: Int) {
    self.problem = problem
    self.positive = positive
    let p = problem.parameterCount
    solver = IntegerSolver(rows: p, columns: p)
    sums = IntegerVector(count: max(p, 1))
  }

  /// Appends the line of a leaf for the program's last solution.
  ///
  /// - Returns: the bound it proves (standardised, evaluated in floating point), or nil when no exact dual solution was
  ///   found near the given one; nothing is written then.
  func write(_ program: NodeProgram, target: Double, into text: inout [UInt8]) -> Double? {
    for bits in [22, 44] {
      let mark = text.count
      if let bound = attempt(program, bits: bits, into: &text) {
        if bound >= target || bits == 44 { return bound }
        text.removeSubrange(mark...)
      }
    }
    return nil
  }

  private func attempt(_ program: NodeProgram, bits: Int, into text: inout [UInt8]) -> Double? {
    var multipliers: [Multiplier] = []
    var largest = 0.0
    let scale = problem.multiplierScale
    program.sampleMultipliers { sample, value, isFree in
      multipliers.append(
        Multiplier(
          sample: sample, halfSpace: .init(unit: 0, site: problem.site[sample], bit: 0), value: value * scale,
          isFree: isFree))
      largest = max(largest, abs(value * scale))
    }
    program.halfSpaceMultipliers { halfSpace, value in
      let exact = value * scale / problem.lengths[halfSpace.site]
      multipliers.append(Multiplier(sample: -1, halfSpace: halfSpace, value: exact, isFree: true))
    }
    guard largest > 0, largest.isFinite else {
      text += Array("l 0 1\n".utf8)
      return 0
    }
    let exponent = bits - Int(largest.exponent)
    let unit = Double(sign: .plus, exponent: -exponent, significand: 1)
    guard unit.isNormal else { return nil }
    for index in multipliers.indices {
      // Towards zero nothing leaves the range of a loss that bounds its multipliers.
      let steps = (multipliers[index].value / unit).rounded(problem.loss == .squared ? .toNearestOrEven : .towardZero)
      guard abs(steps) < 9e18 else { return nil }
      multipliers[index].rounded = Int(steps)
    }
    settle(&multipliers, program)
    var smallest = 1e-7
    var solved: [Int]?
    for _ in 0..<Self.attempts where solved == nil {
      for index in multipliers.indices { multipliers[index].isBasic = false }
      let basis = chooseBasis(&multipliers, program, smallest: smallest)
      guard solve(multipliers, basis, program) else {
        // Columns that looked dependent were not: look closer.
        smallest *= 1e-2
        continue
      }
      let negative = basis.indices.filter { multipliers[basis[$0]].sample < 0 && solver.solution.signum($0) < 0 }
      for column in negative {
        // A half-space that hardly holds anything: do without it.
        multipliers[basis[column]].isFree = false
        multipliers[basis[column]].rounded = 0
      }
      if negative.isEmpty { solved = basis }
    }
    guard let basis = solved else { return nil }

    // Solved multipliers of samples must not have left the range of their loss.
    var values = multipliers.map { Double($0.rounded) * unit }
    for (column, index) in basis.enumerated() {
      values[index] = ratio(solver.solution, column, solver.denominator) * unit
      if multipliers[index].sample >= 0, !admissible(values[index], multipliers[index].sample) { return nil }
    }
    text += Array("l \(exponent) \(solver.denominator.hexadecimal(0))".utf8)
    var columns: [Int: Int] = [:]
    for (column, index) in basis.enumerated() { columns[index] = column }
    for (index, multiplier) in multipliers.enumerated() {
      let name =
        multiplier.sample >= 0 ? " \(multiplier.sample)" : " \(multiplier.halfSpace.unit).\(multiplier.halfSpace.site)"
      if let column = columns[index] {
        guard solver.solution.signum(column) != 0 else { continue }
        text += Array("\(name)=\(solver.solution.hexadecimal(column))".utf8)
      } else if multiplier.rounded != 0 {
        text += Array("\(name):\(multiplier.rounded)".utf8)
      }
    }
    text.append(UInt8(ascii: "\n"))
    return bound(multipliers, values)
  }

  /// Makes the rounded multipliers of one undecided site cancel, and keeps the others within the loss's range.
  private func settle(_ multipliers: inout [Multiplier], _ program: NodeProgram) {
    var last: [Int: Int] = [:]
    var sum: [Int: Int] = [:]
    for index in multipliers.indices where multipliers[index].sample >= 0 {
      let site = multipliers[index].halfSpace.site
      guard program.masks[site] < 0 else { continue }
      last[site] = index
      sum[site, default: 0] += multipliers[index].rounded
    }
    for (site, index) in last { multipliers[index].rounded -= sum[site] ?? 0 }
  }

  /// Picks multipliers with linearly independent rows that span all rows: samples first, half-spaces where needed.
  private func chooseBasis(
    _ multipliers: inout [Multiplier], _ program: NodeProgram, smallest: Double
  ) -> [Int] {
    let p = problem.parameterCount
    guard p > 0 else { return [] }
    var seen = Set<Int>()
    var candidates: [Int] = []
    for index in multipliers.indices where multipliers[index].isFree {
      let multiplier = multipliers[index]
      if multiplier.sample >= 0 {
        guard program.masks[multiplier.halfSpace.site] >= 0, seen.insert(multiplier.halfSpace.site).inserted else {
          continue
        }
      }
      candidates.append(index)
    }
    var rows = [Double](repeating: 0, count: candidates.count * p)
    rows.withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      for (number, index) in candidates.enumerated() { row(multipliers[index], program, into: base + number * p) }
    }
    var basis: [Int] = []
    for samplesOnly in [true, false] {
      while basis.count < p {
        var best = -1
        var size = smallest
        for (number, index) in candidates.enumerated() where (multipliers[index].sample >= 0) == samplesOnly {
          var square = 0.0
          for k in 0..<p { square += rows[number * p + k] * rows[number * p + k] }
          // Among half-spaces a large multiplier stays positive most surely.
          let merit = square.squareRoot()
          if merit > size {
            size = merit
            best = number
          }
        }
        guard best >= 0 else { break }
        basis.append(candidates[best])
        multipliers[candidates[best]].isBasic = true
        let inverse = 1 / size
        let pivot = (0..<p).map { rows[best * p + $0] * inverse }
        for number in candidates.indices {
          var product = 0.0
          for k in 0..<p { product += rows[number * p + k] * pivot[k] }
          for k in 0..<p { rows[number * p + k] -= product * pivot[k] }
        }
        for k in 0..<p { rows[best * p + k] = 0 }
      }
    }
    return basis
  }

  private func row(_ multiplier: Multiplier, _ program: NodeProgram, into target: UnsafeMutablePointer<Double>) {
    let site = multiplier.halfSpace.site
    if multiplier.sample >= 0 {
      problem.row(site, mask: program.masks[site], positive: positive, into: target)
    } else {
      for k in 0..<problem.dimension {
        target[multiplier.halfSpace.unit * problem.dimension + k] = problem.points[site * problem.dimension + k]
      }
    }
  }

  /// Fills the integer system — the basic columns against minus the sum of all others — and solves it.
  private func solve(_ multipliers: [Multiplier], _ basis: [Int], _ program: NodeProgram) -> Bool {
    let p = problem.parameterCount
    for k in 0..<p { sums.set(k, to: 0) }
    for multiplier in multipliers where !multiplier.isBasic && multiplier.rounded != 0 {
      forEachCoordinate(multiplier, program) { parameter, coordinate, factor in
        sums.addProduct(parameter, problem.scaled.points, coordinate, times: -multiplier.rounded * factor)
      }
    }
    for index in 0..<solver.matrix.count { solver.matrix.set(index, to: 0) }
    for (column, index) in basis.enumerated() {
      forEachCoordinate(multipliers[index], program) { parameter, coordinate, factor in
        let entry = parameter * (p + 1) + column
        solver.matrix.set(entry, to: problem.scaled.points, coordinate)
        if factor < 0 { solver.matrix.negate(entry) }
      }
    }
    for k in 0..<p { solver.matrix.set(k * (p + 1) + p, to: sums, k) }
    return solver.solve(columns: basis.count)
  }

  /// The non-zero coordinates of a multiplier's row: of φ for a sample, of minus ±x̃ for a half-space.
  private func forEachCoordinate(
    _ multiplier: Multiplier, _ program: NodeProgram, _ body: (_ parameter: Int, _ coordinate: Int, _ factor: Int) -> Void
  ) {
    let d = problem.dimension
    let site = multiplier.halfSpace.site
    if multiplier.sample < 0 {
      for k in 0..<d {
        body(multiplier.halfSpace.unit * d + k, site * d + k, multiplier.halfSpace.bit == 1 ? -1 : 1)
      }
      return
    }
    let mask = program.masks[site]
    // An undecided site's multipliers cancel: its row does not matter.
    guard mask >= 0 else { return }
    for unit in 0..<problem.model.hidden where (mask >> unit) & 1 == 1 {
      for k in 0..<d { body(unit * d + k, site * d + k, unit < positive ? 1 : -1) }
    }
    for k in 0..<problem.affineCount {
      body(problem.model.hidden * d + k, site * d + problem.affineStart + k, 1)
    }
  }

  private func ratio(_ numerators: IntegerVector, _ index: Int, _ denominator: IntegerVector) -> Double {
    (numerators.rational(index) / denominator.rational(0)).doubleValue
  }

  private func admissible(_ value: Double, _ sample: Int) -> Bool {
    problem.conjugate(value / problem.multiplierScale, sample) != nil
  }

  private func bound(_ multipliers: [Multiplier], _ values: [Double]) -> Double {
    var bound = 0.0
    for (multiplier, value) in zip(multipliers, values) where multiplier.sample >= 0 && value != 0 {
      bound -= problem.conjugate(value / problem.multiplierScale, multiplier.sample) ?? .infinity
    }
    return bound
  }
}
