import Polyhedra

/// The node program of the squared loss: moments of the decided sites, and a quadratic program over the half-spaces.
///
/// The spread of repeated measurements around their mean at one site counts from the start, whatever the masks are.
final class SquaredProgram: NodeProgram {
  private let quadratic: ActiveSetQuadratic
  private let siteWeight: [Double]
  private let siteMean: [Double]
  /// Σ w (y − mean)² at each site.
  private let siteSpread: [Double]
  private let totalSpread: Double
  /// For each level Σ w φφᵀ (lower triangle), Σ w y φ, Σ w y².
  private var moments: UnsafeMutablePointer<Double>
  private var capacity: Int
  private let stride: Int
  private let row: UnsafeMutablePointer<Double>
  private var constraints: [ActiveSetQuadratic.Constraint] = []

  /// A share of the mean curvature added to the diagonal, so that directions without data have a solution too.
  private static let ridge = 1e-11

  override init(_ problem: FitProblem, positive: Int) {
    let p = problem.parameterCount
    quadratic = ActiveSetQuadratic(dimension: p, blockLength: problem.dimension)
    stride = p * p + p + 1
    capacity = 32
    moments = .allocate(capacity: capacity * stride)
    moments.initialize(repeating: 0, count: capacity * stride)
    row = .allocate(capacity: max(p, 1))
    row.initialize(repeating: 0, count: max(p, 1))
    var weights: [Double] = []
    var means: [Double] = []
    var spreads: [Double] = []
    for samples in problem.samplesAtSite {
      var weight = 0.0
      var sum = 0.0
      for sample in samples {
        weight += problem.weights[sample]
        sum += problem.weights[sample] * problem.targets[sample]
      }
      let mean = sum / weight
      weights.append(weight)
      means.append(mean)
      spreads.append(
        samples.count == 1
          ? 0
          : samples.reduce(0) {
            $0 + problem.weights[$1] * (problem.targets[$1] - mean) * (problem.targets[$1] - mean)
          })
    }
    siteWeight = weights
    siteMean = means
    siteSpread = spreads
    totalSpread = spreads.reduce(0, +)
    super.init(problem, positive: positive)
  }

  deinit {
    moments.deallocate()
    row.deallocate()
  }

  override func enter() {
    super.enter()
    if level >= capacity {
      let larger = UnsafeMutablePointer<Double>.allocate(capacity: 2 * capacity * stride)
      larger.update(from: moments, count: capacity * stride)
      moments.deallocate()
      moments = larger
      capacity *= 2
    }
    (moments + level * stride).update(from: moments + (level - 1) * stride, count: stride)
  }

  override func add(site: Int, mask: Int) {
    super.add(site: site, mask: mask)
    let p = problem.parameterCount
    problem.row(site, mask: mask, positive: positive, into: row)
    let top = moments + level * stride
    let weight = siteWeight[site]
    let weighted = weight * siteMean[site]
    for i in 0..<p where row[i] != 0 {
      let factor = weight * row[i]
      let target = top + i * p
      for k in 0...i { target[k] += factor * row[k] }
      top[p * p + i] += weighted * row[i]
    }
    top[p * p + p] += weighted * siteMean[site]
  }

  override func solve(threshold: Double) -> Double {
    let p = problem.parameterCount
    let top = moments + level * stride
    let constant = top[p * p + p] + totalSpread
    guard p > 0 else { return constant }
    var trace = 0.0
    for i in 0..<p { trace += top[i * p + i] }
    let ridge = max(trace / Double(p), 1e-30) * Self.ridge
    for i in 0..<p {
      for k in 0...i { quadratic.hessian[i * p + k] = 2 * top[i * p + k] }
      quadratic.hessian[i * p + i] += 2 * ridge
      quadratic.linear[i] = -2 * top[p * p + i]
    }
    fillConstraints(&constraints)
    let outcome = constraints.withUnsafeBufferPointer {
      quadratic.solve(constraints: $0, threshold: threshold - constant)
    }
    guard outcome != .notPositiveDefinite else { return totalSpread }
    parameters.update(from: quadratic.x, count: p)
    // The ridge's own share of the objective is no loss.
    var penalty = 0.0
    for i in 0..<p { penalty += quadratic.x[i] * quadratic.x[i] }
    return max(constant + quadratic.objective - 2 * ridge * penalty, totalSpread)
  }

  override func siteLoss(_ site: Int, _ prediction: Double) -> Double {
    let difference = prediction - siteMean[site]
    return siteWeight[site] * difference * difference + siteSpread[site]
  }

  override func sampleMultipliers(_ body: (_ sample: Int, _ value: Double, _ isFree: Bool) -> Void) {
    let p = problem.parameterCount
    for (site, samples) in problem.samplesAtSite.enumerated() {
      let prediction: Double
      if masks[site] >= 0 {
        problem.row(site, mask: masks[site], positive: positive, into: row)
        var sum = 0.0
        for k in 0..<p { sum += row[k] * parameters[k] }
        prediction = sum
      } else if samples.count > 1 {
        prediction = siteMean[site]
      } else {
        continue
      }
      for sample in samples {
        body(sample, 2 * problem.weights[sample] * (prediction - problem.targets[sample]), masks[site] >= 0)
      }
    }
  }

  override func halfSpaceMultipliers(_ body: (HalfSpace, Double) -> Void) {
    for index in 0..<quadratic.activeCount where quadratic.multipliers[index] > 0 {
      body(halfSpaces[quadratic.active[index]], quadratic.multipliers[index])
    }
  }
}
