import Exact
import Polyhedra

/// On which side of its hyperplane each hinge of a sum is positive, so that few units more make up the affine rest.
///
/// κ σ(h) = κ σ(−h) + κ h: turning a hinge around adds κ h to the rest. With all hinges positive on the positive sides the
/// rest is `remainder`; the choice is a subset-sum question in ℚⁿ.
struct HingeOrientation {
  let bends: [(hyperplane: AffineFunction, jump: Rational)]
  let remainder: AffineFunction
  /// The directions in which the domain is unbounded, one way and both ways.
  let rays: [[Rational]]
  let lines: [[Rational]]

  /// What the hinges leave over, and the number of units proved to be needed.
  struct Choice {
    /// The hinges that are turned around.
    var turned: [Int]
    /// A hinge that a second unit faces on the other side, whose coefficient is free.
    var double: Int?
    var leastUnits: Int
  }

  private static let largestSearch = 20

  func choose() -> Choice {
    let gradients = bends.map { bend in bend.hyperplane.gradient.map { bend.jump * $0 } }
    let goal = remainder.gradient.map { -$0 }
    var isDecided = true
    switch SubsetSum.solve(gradients, target: goal) {
    case .subset(let turned): return Choice(turned: turned, double: nil, leastUnits: bends.count)
    case .none: break
    case .undecided: isDecided = false
    }
    let least = bends.count + (isDecided ? 1 : 0)
    if rays.isEmpty, lines.isEmpty { return Choice(turned: [], double: nil, leastUnits: least) }
    for double in bends.indices {
      let normal = bends[double].hyperplane.gradient
      switch SubsetSum.solve(gradients.map { Self.modulo(normal, $0) }, target: Self.modulo(normal, goal)) {
      case .subset(let turned): return Choice(turned: turned, double: double, leastUnits: least)
      case .none: break
      case .undecided: isDecided = false
      }
    }
    switch oneSided() {
    case .subset(let turned): return Choice(turned: turned, double: nil, leastUnits: least)
    case .none: break
    case .undecided: isDecided = false
    }
    return Choice(turned: [], double: nil, leastUnits: isDecided ? bends.count + 2 : least)
  }

  /// A vector up to multiples of a normal whose first entry other than 0 is 1: that entry becomes 0.
  private static func modulo(_ normal: [Rational], _ vector: [Rational]) -> [Rational] {
    guard let lead = normal.firstIndex(where: { $0.signum != 0 }) else { return vector }
    return zip(vector, normal).map { $0 - vector[lead] * $1 }
  }

  /// Hinges to turn so that the rest is bounded on one side on the domain: one unit that is active on all of it is the rest
  /// then. By depth-first search, where no bound rules the rest of the hinges out.
  private func oneSided() -> SubsetSum.Answer {
    // Nothing but constants is bounded on one side when the directions span everything both ways, and the rest is none.
    let dual = ExactPolyhedron(
      dimension: remainder.inputs,
      halfSpaces: (rays + lines + lines.map { $0.map { -$0 } }).map {
        ExactHalfSpace(normal: $0.map { -$0 }, offset: .zero)
      })
    guard !dual.isBounded else { return .none }
    for sign in [Rational.one, -1] {
      let directions = (rays + lines).map { direction in direction.map { sign * $0 } }
      let steps = bends.map { bend in directions.map { bend.jump * bend.hyperplane.slope(along: $0) } }
      let start = directions.map { remainder.slope(along: $0) }
      guard bends.count <= Self.largestSearch else {
        if isOneSided(start) { return .subset([]) }
        continue
      }
      var search = Search(steps: steps, freeRays: rays.count)
      if search.run(from: 0, start) { return .subset(search.turned) }
    }
    return bends.count <= Self.largestSearch ? .none : .undecided
  }

  private func isOneSided(_ slopes: [Rational]) -> Bool {
    slopes.enumerated().allSatisfy { $0 < rays.count ? $1.signum >= 0 : $1.signum == 0 }
  }

  /// Which steps to add to slopes so that those along rays are not negative and those along lines are 0.
  private struct Search {
    let steps: [[Rational]]
    let freeRays: Int
    /// The most and the least that the steps from an index on can add.
    private var most: [[Rational]]
    private var least: [[Rational]]
    var turned: [Int] = []

    init(steps: [[Rational]], freeRays: Int) {
      self.steps = steps
      self.freeRays = freeRays
      let width = steps.first?.count ?? 0
      let zeros = [Rational](repeating: .zero, count: width)
      most = Array(repeating: zeros, count: steps.count + 1)
      least = most
      for index in steps.indices.reversed() {
        most[index] = zip(most[index + 1], steps[index]).map { $0 + max($1, .zero) }
        least[index] = zip(least[index + 1], steps[index]).map { $0 + min($1, .zero) }
      }
    }

    mutating func run(from index: Int, _ slopes: [Rational]) -> Bool {
      guard index < steps.count else {
        return slopes.enumerated().allSatisfy { $0 < freeRays ? $1.signum >= 0 : $1.signum == 0 }
      }
      for (direction, slope) in slopes.enumerated() {
        if (slope + most[index][direction]).signum < 0 { return false }
        if direction >= freeRays, (slope + least[index][direction]).signum > 0 { return false }
      }
      if run(from: index + 1, slopes) { return true }
      turned.append(index)
      if run(from: index + 1, zip(slopes, steps[index]).map(+)) { return true }
      turned.removeLast()
      return false
    }
  }
}
