import Certificates
import Polyhedra

/// The node program of the piecewise-linear losses (absolute, quantile, hinge): a linear program, solved in its dual form,
/// in which each sample and each half-space is a column and each parameter a row.
///
/// Going down a level appends columns, and the parent's basis stays feasible.
final class PolyhedralProgram: NodeProgram {
  /// One level of the search; a class because a simplex value cannot be copied implicitly.
  private final class Level {
    var simplex: BoundedSimplex
    init(rows: Int) { simplex = BoundedSimplex(rows: rows) }
  }

  /// What a column stands for: a sample, or a half-space.
  private enum Owner {
    case sample(Int)
    case halfSpace(HalfSpace)
  }

  private var stack: [Level]
  private var owners: [Owner] = []
  private var columnCounts: [Int] = []
  private let row: UnsafeMutablePointer<Double>

  override init(_ problem: FitProblem, positive: Int) {
    stack = [Level(rows: problem.parameterCount)]
    row = .allocate(capacity: max(problem.parameterCount, 1))
    row.initialize(repeating: 0, count: max(problem.parameterCount, 1))
    super.init(problem, positive: positive)
  }

  deinit { row.deallocate() }

  override func enter() {
    columnCounts.append(owners.count)
    super.enter()
    if stack.count <= level { stack.append(Level(rows: problem.parameterCount)) }
    stack[level].simplex.copy(from: stack[level - 1].simplex)
  }

  override func leave() {
    super.leave()
    if let count = columnCounts.popLast() { owners.removeLast(owners.count - count) }
  }

  override func add(site: Int, mask: Int) {
    super.add(site: site, mask: mask)
    problem.row(site, mask: mask, positive: positive, into: row)
    for sample in problem.samplesAtSite[site] {
      let (lower, upper) = problem.multiplierRange(sample)
      append(.sample(sample), cost: problem.targets[sample], lower: lower, upper: upper)
    }
  }

  override func add(_ halfSpace: HalfSpace) {
    super.add(halfSpace)
    for k in 0..<problem.parameterCount { row[k] = 0 }
    let direction = problem.directions + halfSpace.site * problem.dimension
    for k in 0..<problem.dimension {
      row[halfSpace.unit * problem.dimension + k] = halfSpace.bit == 1 ? -direction[k] : direction[k]
    }
    append(.halfSpace(halfSpace), cost: 0, lower: 0, upper: .infinity)
  }

  /// Adds a column that `row` holds. The numbers come from finite data, so the simplex accepts them.
  private func append(_ owner: Owner, cost: Double, lower: Double, upper: Double) {
    let column = UnsafeBufferPointer(start: row, count: problem.parameterCount)
    do {
      try stack[level].simplex.append(column: column, cost: cost, lower: lower, upper: upper)
      owners.append(owner)
    } catch {
      preconditionFailure("standardised data gave an inadmissible column: \(error)")
    }
  }

  override func solve(threshold: Double) -> Double {
    guard problem.parameterCount > 0 else {
      return decidedSites.reduce(0) { $0 + siteLoss($1, 0) }
    }
    _ = stack[level].simplex.solve(stopBelow: -threshold)
    let multipliers = stack[level].simplex.multipliers
    for k in 0..<problem.parameterCount { parameters[k] = multipliers[k] }
    return max(0, -stack[level].simplex.objective)
  }

  override func siteLoss(_ site: Int, _ prediction: Double) -> Double {
    problem.samplesAtSite[site].reduce(0) { $0 + problem.sampleLoss($1, prediction) }
  }

  override func sampleMultipliers(_ body: (_ sample: Int, _ value: Double, _ isFree: Bool) -> Void) {
    guard problem.parameterCount > 0 else {
      // Nothing to fit: the prediction is 0, and the derivative there is an end of its range.
      for site in decidedSites {
        for sample in problem.samplesAtSite[site] {
          let (lower, upper) = problem.multiplierRange(sample)
          body(sample, problem.targets[sample] > 0 ? lower : problem.targets[sample] < 0 ? upper : 0, false)
        }
      }
      return
    }
    let values = stack[level].simplex.values
    for (column, owner) in owners.enumerated() {
      guard case .sample(let sample) = owner else { continue }
      let (lower, upper) = problem.multiplierRange(sample)
      let margin = 1e-7 * (upper - lower)
      // What lies on an end of the range to within rounding is put there exactly.
      let value = values[column]
      if value < lower + margin {
        body(sample, lower, false)
      } else if value > upper - margin {
        body(sample, upper, false)
      } else {
        body(sample, value, true)
      }
    }
  }

  override func halfSpaceMultipliers(_ body: (HalfSpace, Double) -> Void) {
    let values = stack[level].simplex.values
    for (column, owner) in owners.enumerated() where values[column] > 0 {
      if case .halfSpace(let halfSpace) = owner { body(halfSpace, values[column]) }
    }
  }
}
