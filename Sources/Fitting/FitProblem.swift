import Certificates
import Exact

/// A data set made ready for the searches: distinct input points (*sites*), standardised numbers, and the layout of the
/// parameters θ.
///
/// θ holds one block of d = n + 1 numbers (a, b) for each unit, then the affine part: the skip weights where free, then
/// the output bias where free. At a site with point x̃ = (x, 1) and activation mask m the prediction is φ · θ with the
/// row φ = (sᵢ mᵢ x̃)ᵢ, followed by the affine part's own coordinates of x̃.
///
/// Standardising changes only units of measurement: inputs are centred and scaled (centred only where a bias can absorb
/// it), targets likewise, and the total loss is divided by ``lossScale``.
///
/// Immutable after it is made, so it may be read from several threads.
final class FitProblem: @unchecked Sendable {
  let model: HiddenLayerModel
  let loss: Loss
  let exact: ExactSamples
  /// The exact samples as integers; sites have the same numbers here and there.
  let scaled: ScaledSamples

  /// d = n + 1
  let dimension: Int
  let siteCount: Int
  let sampleCount: Int
  /// The number of parameters.
  let parameterCount: Int
  /// The first coordinate of x̃ in the affine part, and how many there are.
  let affineStart: Int
  let affineCount: Int

  /// `siteCount × dimension`, standardised, last coordinate 1.
  let points: UnsafeMutablePointer<Double>
  /// The same rows divided by their lengths.
  let directions: UnsafeMutablePointer<Double>
  let lengths: [Double]
  let site: [Int]
  /// The samples at each site.
  let samplesAtSite: [[Int]]
  /// Standardised, one for each sample.
  let targets: [Double]
  let weights: [Double]

  let inputShift: [Double]
  let inputScale: [Double]
  let targetShift: Double
  let targetScale: Double
  /// Huber's δ in standardised units; infinite for other losses.
  let huberDelta: Double
  /// τ; 0 for other losses.
  let quantileTau: Double

  init(model: HiddenLayerModel, loss: Loss, samples: ExactSamples) {
    self.model = model
    self.loss = loss
    exact = samples
    scaled = ScaledSamples(inputs: samples.inputs, targets: samples.targets, weights: samples.weights)
    dimension = model.inputs + 1
    siteCount = scaled.siteCount
    sampleCount = samples.targets.count
    parameterCount = model.parameterCount
    affineStart = model.skip ? 0 : model.inputs
    affineCount = (model.skip ? model.inputs : 0) + (model.outputBias ? 1 : 0)
    site = scaled.site
    var samplesAtSite = Array(repeating: [Int](), count: siteCount)
    for (sample, site) in scaled.site.enumerated() { samplesAtSite[site].append(sample) }
    self.samplesAtSite = samplesAtSite
    weights = samples.weights.map(\.doubleValue)

    // A skip term without a bias cannot absorb a shift of the inputs.
    let centresInputs = !model.skip || model.outputBias
    var inputShift: [Double] = []
    var inputScale: [Double] = []
    var columns: [[Double]] = []
    for column in 0..<model.inputs {
      let values = samplesAtSite.map { samples.inputs[$0[0]][column].doubleValue }
      let shift = centresInputs ? values.reduce(0, +) / Double(values.count) : 0
      let spread = (values.reduce(0) { $0 + ($1 - shift) * ($1 - shift) } / Double(values.count)).squareRoot()
      let scale = spread > 0 && spread.isFinite ? spread : 1
      inputShift.append(shift)
      inputScale.append(scale)
      columns.append(values.map { ($0 - shift) / scale })
    }
    self.inputShift = inputShift
    self.inputScale = inputScale
    let values = samples.targets.map(\.doubleValue)
    if loss.isClassification {
      targetShift = 0
      targetScale = 1
    } else {
      let shift = model.outputBias ? values.reduce(0, +) / Double(values.count) : 0
      let spread = (values.reduce(0) { $0 + ($1 - shift) * ($1 - shift) } / Double(values.count)).squareRoot()
      targetShift = shift
      targetScale = spread > 0 && spread.isFinite ? spread : 1
    }
    let (targetShift, targetScale) = (targetShift, targetScale)
    huberDelta = if case .huber(let delta) = loss { delta.doubleValue / targetScale } else { .infinity }
    quantileTau = if case .quantile(let tau) = loss { tau.doubleValue } else { 0 }
    targets = values.map { ($0 - targetShift) / targetScale }

    points = .allocate(capacity: siteCount * dimension)
    directions = .allocate(capacity: siteCount * dimension)
    var lengths: [Double] = []
    for site in 0..<siteCount {
      var square = 1.0
      for column in 0..<model.inputs {
        points[site * dimension + column] = columns[column][site]
        square += columns[column][site] * columns[column][site]
      }
      points[site * dimension + model.inputs] = 1
      let length = square.squareRoot()
      lengths.append(length)
      for k in 0..<dimension { directions[site * dimension + k] = points[site * dimension + k] / length }
    }
    self.lengths = lengths
  }

  deinit {
    points.deallocate()
    directions.deallocate()
  }

  /// What one unit of standardised loss is in the user's units.
  var lossScale: Double {
    switch loss {
    case .squared, .huber: targetScale * targetScale
    case .absolute, .quantile: targetScale
    case .hinge, .logistic: 1
    }
  }

  /// What one unit of the derivative of the standardised loss is in the user's units.
  var multiplierScale: Double { lossScale / targetScale }

  /// The loss of the best constant (0 where there is no output bias), standardised: the size that counts as "all of it".
  var totalVariation: Double {
    zip(targets, weights).reduce(0) { $0 + $1.1 * max($1.0 * $1.0, 1e-300) }
  }

  @inline(__always)
  func sign(_ unit: Int, positive: Int) -> Double { unit < positive ? 1 : -1 }

  /// Writes the row φ of a site under a mask.
  @inline(__always)
  func row(_ site: Int, mask: Int, positive: Int, into row: UnsafeMutablePointer<Double>) {
    let point = points + site * dimension
    var target = row
    for unit in 0..<model.hidden {
      let factor = (mask >> unit) & 1 == 0 ? 0 : sign(unit, positive: positive)
      for k in 0..<dimension { target[k] = factor * point[k] }
      target += dimension
    }
    for k in 0..<affineCount { target[k] = point[affineStart + k] }
  }

  /// The activation mask and the prediction of the network with parameters θ at a site.
  @inline(__always)
  func evaluate(_ parameters: UnsafePointer<Double>, at site: Int, positive: Int) -> (mask: Int, value: Double) {
    let point = points + site * dimension
    var block = parameters
    var mask = 0
    var value = 0.0
    for unit in 0..<model.hidden {
      var sum = 0.0
      for k in 0..<dimension { sum += block[k] * point[k] }
      if sum > 0 {
        mask |= 1 << unit
        value += unit < positive ? sum : -sum
      }
      block += dimension
    }
    for k in 0..<affineCount { value += block[k] * point[affineStart + k] }
    return (mask, value)
  }
}

/// Parameters found by a search, in standardised units.
struct Candidate: Sendable {
  /// The first `positive` units have sign +1.
  var positive: Int
  var parameters: [Double]
  /// Standardised total loss.
  var loss: Double
}
