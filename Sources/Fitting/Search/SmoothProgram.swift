import Certificates
import Polyhedra

/// The node program of the Huber and the logistic loss: Newton's method, each step an exact quadratic program over the
/// half-spaces, with a line search between feasible points.
///
/// The derivative of the loss is in the range of the conjugate at every point, so any iterate gives a bound; stationarity
/// is restored exactly when the bound is written down (``DualRounding``).
///
/// Complexity: a quadratic program in p variables and O(m p²) for each of some ten steps, m samples decided.
final class SmoothProgram: NodeProgram {
  private let p: Int
  private let quadratic: ActiveSetQuadratic
  private let row: UnsafeMutablePointer<Double>
  private var gradient: [Double]
  private var trial: [Double]
  private var constraints: [ActiveSetQuadratic.Constraint] = []

  /// A share of the largest weight added to the curvature, so that directions without data have a step too.
  private static let ridge = 1e-10
  private static let iterationLimit = 80

  override init(_ problem: FitProblem, positive: Int) {
    p = problem.parameterCount
    quadratic = ActiveSetQuadratic(dimension: p, blockLength: problem.dimension)
    row = .allocate(capacity: max(p, 1))
    row.initialize(repeating: 0, count: max(p, 1))
    gradient = Array(repeating: 0, count: p)
    trial = Array(repeating: 0, count: p)
    super.init(problem, positive: positive)
  }

  deinit { row.deallocate() }

  override func siteLoss(_ site: Int, _ prediction: Double) -> Double {
    problem.samplesAtSite[site].reduce(0) { $0 + problem.sampleLoss($1, prediction) }
  }

  override func solve(threshold: Double) -> Double {
    for k in 0..<p { parameters[k] = 0 }
    guard p > 0 else { return total(parameters) }
    fillConstraints(&constraints)
    let weight = problem.weights.max() ?? 1
    var value = total(parameters)
    var bound = 0.0
    for iteration in 0..<Self.iterationLimit {
      expand(weight, majorizes: problem.loss != .logistic && iteration % 2 == 0)
      let outcome = constraints.withUnsafeBufferPointer { quadratic.solve(constraints: $0) }
      guard outcome != .notPositiveDefinite else { break }
      var slope = 0.0
      for k in 0..<p { slope += gradient[k] * (quadratic.x[k] - parameters[k]) }
      guard slope < 0 else { break }
      // Halve the step until the loss falls as the slope promises; the last step of all takes what rounding leaves.
      var length = 1.0
      var next = value
      while length > 1e-10 {
        for k in 0..<p { trial[k] = parameters[k] + length * (quadratic.x[k] - parameters[k]) }
        next = trial.withUnsafeBufferPointer { total($0.baseAddress.unsafelyUnwrapped) }
        if next <= value + 1e-4 * length * slope { break }
        length *= 0.5
      }
      guard next < value else { break }
      for k in 0..<p { parameters[k] = trial[k] }
      value = next
      bound = dualValue(weight)
      if bound > threshold || -slope < 1e-14 * (1 + value) || value < 1e-13 { break }
    }
    return bound
  }

  /// The loss of the decided sites.
  private func total(_ parameters: UnsafePointer<Double>) -> Double {
    var sum = 0.0
    for site in decidedSites {
      problem.row(site, mask: masks[site], positive: positive, into: row)
      var prediction = 0.0
      for k in 0..<p { prediction += row[k] * parameters[k] }
      sum += siteLoss(site, prediction)
    }
    return sum
  }

  /// The second-order model of the loss around the current parameters, as a quadratic program for the next ones.
  private func expand(_ weight: Double, majorizes: Bool) {
    let hessian = quadratic.hessian
    for index in 0..<p * p { hessian[index] = 0 }
    for k in 0..<p {
      hessian[k * p + k] = Self.ridge * weight
      gradient[k] = 0
    }
    for site in decidedSites {
      problem.row(site, mask: masks[site], positive: positive, into: row)
      var prediction = 0.0
      for k in 0..<p { prediction += row[k] * parameters[k] }
      var slope = 0.0
      var curvature = 0.0
      for sample in problem.samplesAtSite[site] {
        let derivative = problem.derivatives(sample, prediction, majorizes: majorizes)
        slope += derivative.slope
        curvature += derivative.curvature
      }
      for i in 0..<p where row[i] != 0 {
        gradient[i] += slope * row[i]
        for k in 0...i { hessian[i * p + k] += curvature * row[i] * row[k] }
      }
    }
    for i in 0..<p {
      var image = 0.0
      for k in 0..<p { image += (k <= i ? hessian[i * p + k] : hessian[k * p + i]) * parameters[k] }
      quadratic.linear[i] = gradient[i] - image
    }
  }

  /// −Σ w ℓ*(ν / w) at the current multipliers, less what their imbalance could be worth; 0 while they are too far from
  /// balance for an exact solution to be near.
  private func dualValue(_ weight: Double) -> Double {
    var value = 0.0
    var imbalance = Array(repeating: 0.0, count: p)
    sampleMultipliers { sample, multiplier, _ in
      value -= problem.conjugate(multiplier, sample) ?? .infinity
      problem.row(problem.site[sample], mask: masks[problem.site[sample]], positive: positive, into: row)
      for k in 0..<p { imbalance[k] += multiplier * row[k] }
    }
    halfSpaceMultipliers { halfSpace, multiplier in
      let sign = halfSpace.bit == 1 ? 1.0 : -1.0
      for k in 0..<problem.dimension {
        imbalance[halfSpace.unit * problem.dimension + k] -=
          multiplier * sign * problem.directions[halfSpace.site * problem.dimension + k]
      }
    }
    guard imbalance.allSatisfy({ abs($0) <= 1e-6 * weight }) else { return 0 }
    let doubt = (0..<p).reduce(0.0) { $0 + abs(imbalance[$1] * parameters[$1]) }
    return max(0, value - doubt)
  }

  override func sampleMultipliers(_ body: (_ sample: Int, _ value: Double, _ isFree: Bool) -> Void) {
    for site in decidedSites {
      problem.row(site, mask: masks[site], positive: positive, into: row)
      var prediction = 0.0
      for k in 0..<p { prediction += row[k] * parameters[k] }
      for sample in problem.samplesAtSite[site] {
        let (lower, upper) = problem.multiplierRange(sample)
        let value = min(max(problem.derivatives(sample, prediction).slope, lower), upper)
        let margin = 1e-4 * (upper - lower)
        body(sample, value, value > lower + margin && value < upper - margin)
      }
    }
  }

  override func halfSpaceMultipliers(_ body: (HalfSpace, Double) -> Void) {
    for index in 0..<quadratic.activeCount where quadratic.multipliers[index] > 0 {
      body(activeHalfSpaces[quadratic.active[index]], quadratic.multipliers[index])
    }
  }
}
