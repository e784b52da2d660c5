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
  private let ranges: MultiplierRanges
  /// By site and tier: whether a sample stands for it already.
  private var isTaken: [Bool]
  private var rows: [Double] = []

  /// The leaf of the dual solution 0, which proves that losses are not negative.
  static let emptyLeaf: StaticString = "l 0 1 1\n"

  /// A factor 2ᵇ / (2ᵇ + 16), a little less than 1, that a leaf's unit can take up.
  private struct Shrinking {
    var bits: Int
    var denominator: Int { (1 << bits) + 16 }
    var factor: Double { Double(1 << bits) / Double(denominator) }
  }

  /// Choices of the solved multipliers before a leaf is given up.
  private static let attempts = 6

  /// How gladly a multiplier is solved for.
  private enum Tier: Int, Comparable {
    /// A sample's multiplier inside its range: it may move both ways.
    case freeSample
    /// A half-space's positive multiplier.
    case holdingHalfSpace
    /// A sample's multiplier on the end of its range, as degenerate programs have them.
    case boundSample
    /// A half-space that holds nothing so far.
    case idleHalfSpace
    /// Tried, and it came out negative.
    case excluded

    static func < (left: Tier, right: Tier) -> Bool { left.rawValue < right.rawValue }
  }

  private struct Multiplier {
    /// The sample, or −1 for a half-space.
    var sample: Int
    var halfSpace: NodeProgram.HalfSpace
    var value: Double
    var tier: Tier
    var rounded = 0
    var isBasic = false
  }

  init(_ problem: FitProblem, positive: Int) {
    self.problem = problem
    self.positive = positive
    ranges = MultiplierRanges(problem)
    let p = problem.parameterCount
    solver = IntegerSolver(rows: p, columns: p)
    sums = IntegerVector(count: max(p, 1))
    isTaken = Array(repeating: false, count: 4 * problem.siteCount)
  }

  /// Appends the line of a leaf for the program's last solution.
  ///
  /// - Returns: the bound it proves (standardised, evaluated in floating point), or nil when no exact dual solution was
  ///   found near the given one; nothing is written then.
  func write(_ program: NodeProgram, target: Double, into text: inout ProofText) -> Double? {
    for bits in [22, 44] {
      let mark = text.bytes.count
      if let bound = attempt(program, bits: bits, into: &text) {
        if bound >= target || bits == 44 { return bound }
        text.truncate(to: mark)
      }
    }
    return nil
  }

  private func attempt(_ program: NodeProgram, bits: Int, into text: inout ProofText) -> Double? {
    var (multipliers, largest) = collect(program)
    guard largest > 0, largest.isFinite else {
      text.append(Self.emptyLeaf)
      return 0
    }
    let exponent = bits - Int(largest.exponent)
    let unit = Double(sign: .plus, exponent: -exponent, significand: 1) / Double(ranges.divisor)
    guard unit.isNormal else { return nil }
    for index in multipliers.indices {
      // Towards zero nothing leaves the range of a loss that bounds its multipliers.
      let steps = (multipliers[index].value / unit).rounded(problem.loss == .squared ? .toNearestOrEven : .towardZero)
      guard abs(steps) < 9e18 else { return nil }
      multipliers[index].rounded = Int(steps)
      if multipliers[index].tier == .boundSample,
        let end = ranges.steps(multipliers[index].sample, near: multipliers[index].value, exponent: exponent)
      {
        multipliers[index].rounded = end
      }
    }
    settle(&multipliers, program)
    var smallest = 1e-7
    var lastTier = Tier.holdingHalfSpace
    var solved: [Int]?
    for _ in 0..<Self.attempts where solved == nil {
      for index in multipliers.indices { multipliers[index].isBasic = false }
      let basis = chooseBasis(&multipliers, program, smallest: smallest, lastTier: lastTier)
      guard solve(multipliers, basis, program) else {
        // Degenerate programs need more columns; columns that looked dependent may not have been.
        if lastTier == .idleHalfSpace { smallest *= 1e-2 } else { lastTier = .idleHalfSpace }
        continue
      }
      let negative = basis.indices.filter { multipliers[basis[$0]].sample < 0 && solver.solution.signum($0) < 0 }
      for column in negative {
        // A half-space that hardly holds anything: do without it.
        multipliers[basis[column]].tier = .excluded
        multipliers[basis[column]].rounded = 0
      }
      if negative.isEmpty { solved = basis }
    }
    guard let basis = solved else { return nil }

    var values = multipliers.map { Double($0.rounded) * unit }
    for (column, index) in basis.enumerated() {
      values[index] = solver.solution.quotient(column, solver.denominator, 0) * unit
    }
    // A solved multiplier that left its range a little comes back when all of them shrink, which keeps the balance.
    let shrinkings = [nil, 40, 30, 20].lazy.map { $0.map { Shrinking(bits: $0) } }
    let shrinking = shrinkings.first { shrinking in
      basis.allSatisfy {
        multipliers[$0].sample < 0 || admissible(values[$0] * (shrinking?.factor ?? 1), multipliers[$0].sample)
      }
    }
    guard let shrinking else { return nil }
    if let shrinking { for index in values.indices { values[index] *= shrinking.factor } }
    write(multipliers, basis, exponent: exponent, shrinking, into: &text)
    return bound(multipliers, values)
  }

  private func write(
    _ multipliers: [Multiplier], _ basis: [Int], exponent: Int, _ shrinking: Shrinking?, into text: inout ProofText
  ) {
    text.append("l ")
    text.append(exponent - (shrinking?.bits ?? 0))
    text.append(" ")
    text.append(ranges.divisor * (shrinking?.denominator ?? 1))
    text.append(" ")
    solver.denominator.appendHexadecimal(0, to: &text.bytes)
    func name(_ multiplier: Multiplier) {
      text.append(" ")
      if multiplier.sample >= 0 {
        text.append(multiplier.sample)
      } else {
        text.append(multiplier.halfSpace.unit)
        text.append(".")
        text.append(multiplier.halfSpace.site)
      }
    }
    for multiplier in multipliers where !multiplier.isBasic && multiplier.rounded != 0 {
      name(multiplier)
      text.append(":")
      text.append(multiplier.rounded)
    }
    for (column, index) in basis.enumerated() where solver.solution.signum(column) != 0 {
      name(multipliers[index])
      text.append("=")
      solver.solution.appendHexadecimal(column, to: &text.bytes)
    }
    text.endLine()
  }

  /// The multipliers of a program's last solution in the user's units, and the largest of a sample.
  private func collect(_ program: NodeProgram) -> (multipliers: [Multiplier], largest: Double) {
    var multipliers: [Multiplier] = []
    var largest = 0.0
    let scale = problem.multiplierScale
    program.sampleMultipliers { sample, value, isFree in
      let site = problem.site[sample]
      let tier: Tier = program.masks[site] < 0 ? .excluded : isFree ? .freeSample : .boundSample
      multipliers.append(
        Multiplier(
          sample: sample, halfSpace: .init(unit: 0, site: site, bit: 0), value: value * scale, tier: tier))
      largest = max(largest, abs(value * scale))
    }
    var holding: [Int] = []
    program.halfSpaceMultipliers { halfSpace, value in
      holding.append(halfSpace.site * problem.model.hidden + halfSpace.unit)
      multipliers.append(
        Multiplier(
          sample: -1, halfSpace: halfSpace, value: value * scale / problem.lengths[halfSpace.site],
          tier: .holdingHalfSpace))
    }
    for halfSpace in program.activeHalfSpaces
    where !holding.contains(halfSpace.site * problem.model.hidden + halfSpace.unit) {
      multipliers.append(Multiplier(sample: -1, halfSpace: halfSpace, value: 0, tier: .idleHalfSpace))
    }
    return (multipliers, largest)
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

  /// Picks multipliers with linearly independent rows that span all rows of the tiers up to the last one.
  private func chooseBasis(
    _ multipliers: inout [Multiplier], _ program: NodeProgram, smallest: Double, lastTier: Tier
  ) -> [Int] {
    let p = problem.parameterCount
    guard p > 0 else { return [] }
    for index in isTaken.indices { isTaken[index] = false }
    let candidates = multipliers.indices.filter { index in
      let multiplier = multipliers[index]
      guard multiplier.tier <= lastTier else { return false }
      // Samples of one site share their row, unless they are in different tiers.
      guard multiplier.sample >= 0 else { return true }
      let name = multiplier.halfSpace.site * 4 + multiplier.tier.rawValue
      defer { isTaken[name] = true }
      return !isTaken[name]
    }
    guard !candidates.isEmpty else { return [] }
    if rows.count < candidates.count * p { rows = Array(repeating: 0, count: 2 * candidates.count * p) }
    return rows.withUnsafeMutableBufferPointer { buffer in
      let rows = buffer.baseAddress.unsafelyUnwrapped
      rows.update(repeating: 0, count: candidates.count * p)
      for (number, index) in candidates.enumerated() { row(multipliers[index], program, into: rows + number * p) }
      var basis: [Int] = []
      for tier in [Tier.freeSample, .holdingHalfSpace, .boundSample, .idleHalfSpace] where tier <= lastTier {
        while basis.count < p {
          var best = -1
          var size = smallest * smallest
          for (number, index) in candidates.enumerated() where multipliers[index].tier == tier {
            var square = 0.0
            for k in 0..<p { square += rows[number * p + k] * rows[number * p + k] }
            if square > size {
              size = square
              best = number
            }
          }
          guard best >= 0 else { break }
          basis.append(candidates[best])
          multipliers[candidates[best]].isBasic = true
          let pivot = rows + best * p
          for number in candidates.indices where number != best {
            let target = rows + number * p
            var product = 0.0
            for k in 0..<p { product += target[k] * pivot[k] }
            product /= size
            for k in 0..<p { target[k] -= product * pivot[k] }
          }
          pivot.update(repeating: 0, count: p)
        }
      }
      return basis
    }
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
    _ multiplier: Multiplier, _ program: NodeProgram,
    _ body: (_ parameter: Int, _ coordinate: Int, _ factor: Int) -> Void
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
