@testable import Fitting

/// Every way to join lines with at most K knots, each solved on its own: the truth for small data.
///
/// Shares nothing with the programme: a block's least squares is Gaussian elimination in the basis 1, x, max(x − t, 0).
struct StructureOracle<Scalar: StructureScalar> {
  private struct Key: Hashable {
    var first: Int
    var last: Int
    var knots: [Int]
  }

  private struct Block {
    var loss: Scalar
    /// Intercept and slope of the first and of the last line.
    var first: (Scalar, Scalar)
    var last: (Scalar, Scalar)
  }

  private let x: [Scalar]
  private let y: [Scalar]
  private let weights: [Scalar]
  private let maximumKnots: Int
  private var memory: [Key: Block] = [:]
  /// The least loss for each number of knots; nil until one is found.
  private var best: [Scalar?]

  /// The least losses with at most 0, 1, … `maximumKnots` knots.
  static func losses(x: [Scalar], y: [Scalar], weights: [Scalar], maximumKnots: Int) -> [Scalar] {
    var oracle = StructureOracle(x, y, weights, maximumKnots)
    oracle.extend(from: 0, used: 0, loss: Scalar.zero, before: nil)
    var losses: [Scalar] = []
    for loss in oracle.best {
      guard let loss else {
        losses.append(losses[losses.count - 1])
        continue
      }
      losses.append(losses.last.map { min($0, loss) } ?? loss)
    }
    return losses
  }

  private init(_ x: [Scalar], _ y: [Scalar], _ weights: [Scalar], _ maximumKnots: Int) {
    self.x = x
    self.y = y
    self.weights = weights
    self.maximumKnots = maximumKnots
    best = Array(repeating: nil, count: maximumKnots + 1)
  }

  /// Adds all continuations by blocks that begin at site `first`; `before` is the line to cross in the gap before it.
  private mutating func extend(from first: Int, used: Int, loss: Scalar, before: (Scalar, Scalar)?) {
    let end = x.count - 1
    for last in first...end where last > first || end == 0 {
      for knots in subsets(of: Array(first + 1..<max(first + 1, last)), atMost: maximumKnots - used) {
        let block = block(Key(first: first, last: last, knots: knots))
        if let before, !cross(before, block.first, first - 1) { continue }
        let total = loss + block.loss
        let count = used + knots.count
        if last == end {
          if best[count].map({ total < $0 }) ?? true { best[count] = total }
        } else {
          if count + 1 <= maximumKnots { extend(from: last + 1, used: count + 1, loss: total, before: block.last) }
          if count + 2 <= maximumKnots { extend(from: last + 1, used: count + 2, loss: total, before: nil) }
        }
      }
    }
  }

  private func cross(_ left: (Scalar, Scalar), _ right: (Scalar, Scalar), _ gap: Int) -> Bool {
    let a = left.0 - right.0 + (left.1 - right.1) * x[gap]
    let b = left.0 - right.0 + (left.1 - right.1) * x[gap + 1]
    return !((a > Scalar.zero && b > Scalar.zero) || (a < Scalar.zero && b < Scalar.zero))
  }

  private func subsets(of sites: [Int], atMost size: Int) -> [[Int]] {
    var all: [[Int]] = [[]]
    for site in sites { all += all.filter { $0.count < size }.map { $0 + [site] } }
    return all
  }

  private mutating func block(_ key: Key) -> Block {
    if let known = memory[key] { return known }
    let block = solve(key)
    memory[key] = block
    return block
  }

  private func solve(_ key: Key) -> Block {
    let size = key.first == key.last ? 1 : 2 + key.knots.count
    func row(_ site: Int) -> [Scalar] {
      var row = [1, x[site] - x[key.first]]
      for knot in key.knots { row.append(site > knot ? x[site] - x[knot] : 0) }
      return Array(row.prefix(size))
    }
    var system = Array(repeating: Array(repeating: Scalar.zero, count: size + 1), count: size)
    for site in key.first...key.last {
      let row = row(site)
      for a in 0..<size {
        for b in 0..<size { system[a][b] += weights[site] * row[a] * row[b] }
        system[a][size] += weights[site] * row[a] * y[site]
      }
    }
    for pivot in 0..<size {
      for other in 0..<size where other != pivot {
        let factor = system[other][pivot] / system[pivot][pivot]
        for column in pivot...size { system[other][column] -= factor * system[pivot][column] }
      }
    }
    var theta = (0..<size).map { system[$0][size] / system[$0][$0] }
    var loss = Scalar.zero
    for site in key.first...key.last {
      let residual = zip(theta, row(site)).reduce(y[site]) { $0 - $1.0 * $1.1 }
      loss += weights[site] * residual * residual
    }
    if theta.count == 1 { theta.append(Scalar.zero) }
    let intercept = theta[0] - theta[1] * x[key.first]
    var last = (intercept, theta[1])
    for (index, knot) in key.knots.enumerated() {
      last.1 += theta[2 + index]
      last.0 -= theta[2 + index] * x[knot]
    }
    return Block(loss: loss, first: (intercept, theta[1]), last: last)
  }
}
