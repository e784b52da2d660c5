import Foundation

/// What one step of an optimiser did.
public struct StepReport: Sendable, Hashable {
  /// |g| of the gradient as it came.
  public var gradientNorm = 0.0
  /// √(Σ g² / κ), where κ is computed.
  public var dualNorm: Double?
  /// log₂ γ², where κ is computed.
  public var pathNormLogarithm: Double?
  public var learningRate = 1.0
  /// How often the step was halved.
  public var halvings = 0
  /// Whether gradient and step were finite; if not, the parameters were left as they are.
  public var isFinite = true
}

/// An optimiser: a chain of transformations with their memory, allocated at the start.
final class Optimizer<S: Scalar> {
  let chain: [GradientTransformation]
  let model: Model
  let threads: Int
  /// Steps that were taken.
  private(set) var stepCount = 0
  /// A multiple of the learning rate, beside the schedule: for a plateau.
  var rateFactor = 1.0
  private let factors: PathFactors<S>?
  private let every: Int
  /// Running numbers of the transformations, each as long as the parameters.
  private var memories: [[UnsafeMutablePointer<S>]] = []
  private let candidate: UnsafeMutablePointer<S>?
  private var firstRatio: Double?

  /// - Parameter steps: T, for κ.
  /// - Throws: `PathNormError` when the chain asks for κ and the model has none.
  init(chain: [GradientTransformation], model: Model, steps: Int, threads: Int) throws {
    self.chain = chain
    self.model = model
    self.threads = threads
    var preconditioner: PathPreconditioner?
    var hasRoots = false
    for case .precondition(let link) in chain {
      preconditioner = preconditioner ?? link
      hasRoots = hasRoots || link.power == .root
    }
    every = max(1, preconditioner?.every ?? 1)
    if chain.contains(where: \.usesPathNorm) {
      factors = try PathFactors(
        model: model, steps: steps, options: preconditioner?.options ?? PathNormOptions(),
        floor: preconditioner?.floor ?? 0, hasRoots: hasRoots)
    } else {
      factors = nil
    }
    let count = max(1, model.parameterCount)
    func allocate(_ value: S = 0) -> UnsafeMutablePointer<S> {
      let memory = UnsafeMutablePointer<S>.allocate(capacity: count)
      memory.initialize(repeating: value, count: count)
      return memory
    }
    var needsCandidate = false
    for link in chain {
      switch link {
      case .momentum, .adagrad: memories.append([allocate()])
      case .rmsprop(_, let initial, _): memories.append([allocate(S(initial))])
      case .adam: memories.append([allocate(), allocate()])
      case .limitGrowth:
        needsCandidate = true
        memories.append([])
      default: memories.append([])
      }
    }
    candidate = needsCandidate ? allocate() : nil
  }

  deinit {
    for memory in memories.joined() { memory.deallocate() }
    candidate?.deallocate()
  }

  /// κ as it was last computed; nil where the chain does not ask for it.
  var curvature: PathCurvature? { factors?.pass.curvature }

  /// One step: the gradient is turned into the step and subtracted.
  func step(gradient: UnsafeMutablePointer<S>, parameters: UnsafeMutablePointer<S>) -> StepReport {
    let count = model.parameterCount
    var report = StepReport()
    report.gradientNorm = S.sumOfSquares(gradient, count).squareRoot()
    guard report.gradientNorm.isFinite else {
      report.isFinite = false
      return report
    }
    if let factors {
      if stepCount % every == 0 { factors.update(parameters) }
      report.pathNormLogarithm = factors.squaredNorm.logarithm
    }
    for (index, link) in chain.enumerated() {
      apply(link, memories[index], gradient, parameters, &report)
    }
    guard S.allFinite(gradient, count) else {
      report.isFinite = false
      return report
    }
    let direction = Address(gradient)
    let target = Address(parameters)
    Chunks.forEach(count, threads: threads) { range in
      guard let direction = direction.pointer, let target = target.mutable else { return }
      S.axpy(range.count, -1, direction + range.lowerBound, target + range.lowerBound)
    }
    stepCount += 1
    return report
  }

  private func apply(
    _ link: GradientTransformation, _ memory: [UnsafeMutablePointer<S>], _ gradient: UnsafeMutablePointer<S>,
    _ parameters: UnsafeMutablePointer<S>, _ report: inout StepReport
  ) {
    let count = model.parameterCount
    let target = Address(gradient)
    func each(_ body: @Sendable (UnsafeMutablePointer<S>, Range<Int>) -> Void) {
      Chunks.forEach(count, threads: threads) { range in
        if let target = target.mutable { body(target + range.lowerBound, range) }
      }
    }
    switch link {
    case .clipByValue(let limit): each { g, range in S.clip(g, range.count, limit) }
    case .clipByNorm(let limit):
      let norm = S.sumOfSquares(gradient, count).squareRoot()
      if norm > limit { each { g, range in S.scale(range.count, S(limit / norm), g) } }
    case .clipByPathNorm(let limit):
      let norm = dualNorm(gradient, &report)
      if norm > limit { each { g, range in S.scale(range.count, S(limit / norm), g) } }
    case .addParameters(let factor):
      let weights = Address(parameters)
      each { g, range in
        if let weights = weights.pointer { S.axpy(range.count, S(factor), weights + range.lowerBound, g) }
      }
    case .precondition(let link): precondition(link, gradient, &report)
    case .momentum(let mu, let nesterov):
      let speed = Address(memory[0])
      each { g, range in
        if let speed = speed.mutable { S.momentum(speed + range.lowerBound, g, range.count, mu, nesterov) }
      }
    case .adagrad(let epsilon):
      let sum = Address(memory[0])
      each { g, range in
        if let sum = sum.mutable { S.adagrad(sum + range.lowerBound, g, range.count, epsilon) }
      }
    case .rmsprop(let decay, _, let epsilon):
      let mean = Address(memory[0])
      each { g, range in
        if let mean = mean.mutable { S.rmsprop(mean + range.lowerBound, g, range.count, decay, epsilon) }
      }
    case .adam(let beta1, let beta2, let epsilon):
      let mean = Address(memory[0])
      let square = Address(memory[1])
      let number = Double(stepCount + 1)
      let (c1, c2) = (1 / (1 - pow(beta1, number)), 1 / (1 - pow(beta2, number)))
      each { g, range in
        guard let mean = mean.mutable, let square = square.mutable else { return }
        S.adam(mean + range.lowerBound, square + range.lowerBound, g, range.count, beta1, beta2, c1, c2, epsilon)
      }
    case .learningRate(let rate, let schedule, let warmup):
      let now = rate * rateFactor * schedule.factor(at: stepCount, warmup: warmup)
      report.learningRate = now
      each { g, range in S.scale(range.count, S(now), g) }
    case .limitGrowth(let part): limitGrowth(part, gradient, parameters, &report)
    }
  }

  private func dualNorm(_ gradient: UnsafePointer<S>, _ report: inout StepReport) -> Double {
    guard let factors else { return 0 }
    let norm = factors.dualSquare(gradient).squareRoot()
    report.dualNorm = norm
    return norm
  }

  private func precondition(
    _ link: PathPreconditioner, _ gradient: UnsafeMutablePointer<S>, _ report: inout StepReport
  ) {
    guard let factors else { return }
    var scale = 1.0
    switch link.scale {
    case .none: break
    case .firstStepRatio:
      let ratio = firstRatio ?? factors.ratio(gradient)
      firstRatio = ratio
      scale = ratio
    case .pathNorm: scale = factors.squaredNorm.value
    case .normalised:
      // With the root on both sides of Adam, the second one meets a direction without a scale of its own.
      let norm = dualNorm(gradient, &report)
      scale = norm > 0 ? factors.squaredNorm.value.squareRoot() / norm : 1
    }
    factors.apply(link.power, to: gradient, threads: threads)
    if scale != 1 { S.scale(model.parameterCount, S(pow(scale, link.power.exponent)), gradient) }
  }

  /// The step is halved until γ² of where it leads is at most (1 + part) γ².
  private func limitGrowth(
    _ part: Double, _ direction: UnsafeMutablePointer<S>, _ parameters: UnsafePointer<S>, _ report: inout StepReport
  ) {
    guard let factors, let candidate else { return }
    let count = model.parameterCount
    let power = factors.pass.curvature.options.exponent == 1 ? 2.0 : 1.0
    let limit = power * factors.pass.pathSum(parameters).logarithm + log2(1 + part)
    while report.halvings < 60 {
      candidate.update(from: parameters, count: count)
      S.axpy(count, -1, direction, candidate)
      if power * factors.pass.pathSum(candidate).logarithm <= limit { return }
      S.scale(count, 0.5, direction)
      report.halvings += 1
    }
    direction.clear(count)
  }

  // MARK: Checkpoints

  /// All that the next step depends on, beside the parameters.
  struct State {
    var stepCount: Int
    var rateFactor: Double
    var firstRatio: Double?
    var memories: [[S]]
    var factors: [Double]
  }

  var state: State {
    let count = model.parameterCount
    return State(
      stepCount: stepCount, rateFactor: rateFactor, firstRatio: firstRatio,
      memories: memories.joined().map { Array(UnsafeBufferPointer(start: $0, count: count)) },
      factors: every > 1 ? factors?.state ?? [] : [])
  }

  /// Throws `ModelError` when the state is that of another optimiser or model.
  func restore(_ state: State) throws {
    let places = Array(memories.joined())
    let count = model.parameterCount
    guard state.memories.count == places.count, state.memories.allSatisfy({ $0.count == count }) else {
      throw ModelError("the stored optimiser has another memory than this one; was it another optimiser?")
    }
    for (place, values) in zip(places, state.memories) {
      values.withUnsafeBufferPointer { if let base = $0.baseAddress { place.update(from: base, count: count) } }
    }
    if every > 1, !state.factors.isEmpty { try factors?.restore(state.factors) }
    stepCount = state.stepCount
    rateFactor = state.rateFactor
    firstRatio = state.firstRatio
  }
}
