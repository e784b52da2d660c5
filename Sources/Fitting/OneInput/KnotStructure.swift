import Exact

/// One place where two lines of a piecewise-linear function meet, by the sites around it.
enum Join: Hashable, Sendable {
  /// A knot on a site.
  case at(Int)
  /// One knot strictly between sites i and i + 1, where the best lines of the two sides cross.
  case inside(Int)
  /// Two knots in the gap between sites i and i + 1: the sides are free of each other.
  case jump(Int)

  /// How many knots it takes.
  var knots: Int {
    if case .jump = self { return 2 }
    return 1
  }

  /// The site of the knot, or the left site of the gap.
  var site: Int {
    switch self {
    case .at(let site), .inside(let site), .jump(let site): return site
    }
  }
}

/// A number that the structure can be solved in.
protocol StructureScalar: Comparable, SignedNumeric, Sendable {
  static func / (left: Self, right: Self) -> Self
  /// Whether arithmetic is exact, so that a sum of squares may be had by subtraction.
  static var isExact: Bool { get }
}

extension Double: StructureScalar {
  static var isExact: Bool { false }
}

extension Rational: StructureScalar {
  static var isExact: Bool { true }
}

/// A function a + b x + Σ_j c_j max(x − t_j, 0) and its loss Σ w (y − f(x))².
struct KnotFunction<Scalar: StructureScalar>: Sendable {
  var intercept: Scalar
  var slope: Scalar
  /// t_j increasing, with c_j.
  var knots: [(position: Scalar, change: Scalar)]
  /// The joins that were solved; they differ from the ones asked for where a crossing missed its gap.
  var joins: [Join]
  var loss: Scalar

  /// f(x)
  func callAsFunction(_ x: Scalar) -> Scalar {
    var value = intercept + slope * x
    for knot in knots where x > knot.position { value += knot.change * (x - knot.position) }
    return value
  }
}

/// A list of joins, and the least-squares function that has them.
///
/// Joins inside gaps and jumps split the sites into blocks that do not see each other. A block is continuous with its
/// knots on sites: in the basis of hat functions on its first site, its knots and its last site the normal equations are
/// tridiagonal. Afterwards each join inside a gap must find its two lines crossing in that gap.
struct KnotStructure: Sendable {
  /// In increasing order of place.
  var joins: [Join]

  /// The best function of this structure.
  ///
  /// Where two lines do not cross in their gap (a crossing so near a site that rounding put it on the wrong side) the
  /// knot is moved onto the site nearer to crossing, and the structure is solved again. So the result is always a
  /// function of at most as many knots, and its loss that function's loss, exact where the numbers are. A jump takes its
  /// two knots on the two sites of its gap. Joins outside the sites, or on their ends, say nothing and are left out.
  ///
  /// - Parameters:
  ///   - x: strictly increasing sites, at least one.
  ///   - y: one value for each site.
  ///   - weights: positive, one for each site.
  /// - Complexity: O(D + K) operations for each solution, at most K + 1 solutions.
  func solve<Scalar: StructureScalar>(x: [Scalar], y: [Scalar], weights: [Scalar]) -> KnotFunction<Scalar> {
    var joins = normalised(siteCount: x.count)
    while true {
      let blocks = BlockFit.blocks(of: joins, x: x, y: y, weights: weights)
      guard let repaired = repair(joins, blocks, x) else { return assemble(joins, blocks, x, y, weights) }
      joins = KnotStructure(joins: repaired).normalised(siteCount: x.count)
    }
  }

  /// The same functions, said so that every block has at least its end sites and no knot on them: two knots that only
  /// leave a gap free are a jump, and a knot beside a jump is none.
  private func normalised(siteCount: Int) -> [Join] {
    var kept: [Join] = []
    for join in joins {
      switch join {
      case .at(let site):
        guard site > 0, site < siteCount - 1, kept.last != .jump(site - 1) else { continue }
        if kept.last == .inside(site - 1) {
          kept[kept.count - 1] = .jump(site - 1)
          continue
        }
      case .inside(let site), .jump(let site):
        guard site >= 0, site < siteCount - 1, kept.last != .jump(site) else { continue }
        if kept.last == .at(site) || kept.last == .inside(site) {
          kept[kept.count - 1] = .jump(site)
          continue
        }
      }
      if kept.last != join { kept.append(join) }
    }
    return kept
  }

  /// The joins with the first missed crossing moved onto a site; nil when all crossings are in their gaps.
  private func repair<Scalar>(_ joins: [Join], _ blocks: [BlockFit<Scalar>], _ x: [Scalar]) -> [Join]? {
    var block = 0
    for (index, join) in joins.enumerated() {
      if case .at = join { continue }
      defer { block += 1 }
      guard case .inside(let site) = join else { continue }
      let before = blocks[block].lastLine
      let after = blocks[block + 1].firstLine
      let left = before(x[site]) - after(x[site])
      let right = before(x[site + 1]) - after(x[site + 1])
      guard (left > 0 && right > 0) || (left < 0 && right < 0) else { continue }
      var repaired = joins
      // Both have one sign, so this compares sizes.
      repaired[index] = .at((left < right) == (left > 0) ? site : site + 1)
      return repaired
    }
    return nil
  }

  /// Reads the function off the blocks.
  private func assemble<Scalar>(
    _ joins: [Join], _ blocks: [BlockFit<Scalar>], _ x: [Scalar], _ y: [Scalar], _ weights: [Scalar]
  ) -> KnotFunction<Scalar> {
    var knots: [(position: Scalar, change: Scalar)] = []
    let origin = blocks[0].firstLine
    var slope = origin.slope
    func turn(at position: Scalar, to next: Scalar) {
      knots.append((position, next - slope))
      slope = next
    }
    var block = 0
    var node = 0
    for join in joins {
      switch join {
      case .at(let site):
        node += 1
        turn(at: x[site], to: blocks[block].slope(after: node))
      case .inside(let site):
        let before = blocks[block].lastLine
        let after = blocks[block + 1].firstLine
        let left = before(x[site]) - after(x[site])
        let right = before(x[site + 1]) - after(x[site + 1])
        let share = left == right ? Scalar.zero : left / (left - right)
        turn(at: x[site] + share * (x[site + 1] - x[site]), to: after.slope)
      case .jump(let site):
        let before = blocks[block].lastLine(x[site])
        let after = blocks[block + 1].firstLine(x[site + 1])
        turn(at: x[site], to: (after - before) / (x[site + 1] - x[site]))
        turn(at: x[site + 1], to: blocks[block + 1].firstLine.slope)
      }
      if case .at = join { continue }
      block += 1
      node = 0
    }
    return KnotFunction(
      intercept: origin(Scalar.zero), slope: origin.slope, knots: knots, joins: joins,
      loss: blocks.reduce(Scalar.zero) { $0 + $1.loss })
  }
}
