import Execution

/// The solvers by name, with what each needs set to values that work.
public enum StorageAlgorithm: String, Sendable, CaseIterable {
  case focusing = "focusing-bp"
  case reinforced = "reinforced-bp"
  case amp
  case projection
  case gradient = "sgd"
  case replicated = "replicated-sgd"
  case annealing

  /// Whether its weights are ±1.
  public var weights: WeightSpace {
    switch self {
    case .focusing, .reinforced, .amp, .annealing: .binary
    case .projection, .gradient, .replicated: .spherical
    }
  }

  /// Whether its state can be stored and taken up again.
  public var isMessagePassing: Bool { protocolAtUsualRate != nil }

  /// Sweeps after which it gives up, if nobody says otherwise.
  public var usualSweeps: Int {
    switch self {
    case .focusing, .reinforced: 600
    case .amp: 400
    case .projection, .gradient, .replicated: 4000
    case .annealing: 1000
    }
  }

  private var protocolAtUsualRate: MessageProtocol? { messages(rate: nil) }

  private func messages(rate: Double?) -> MessageProtocol? {
    switch self {
    case .focusing: .focusing(rate: rate ?? 0.002)
    case .reinforced: .reinforced(rate: rate ?? 0.002)
    case .amp: .amp
    default: nil
    }
  }

  /// What a run may be told.
  public struct Settings: Sendable {
    public var sweeps: Int
    /// What is added to ρ in a sweep of message passing, or the rate of gradient descent; nil for the usual one.
    public var rate: Double?
    /// Of projections, in units of Σ cₗ g / √K.
    public var margin: Double
    /// The share of the way that a projection goes.
    public var step: Double
    /// Of replicated gradient descent.
    public var replicas: Int
    public var seed: UInt64
    public var threads: Int

    public init(
      sweeps: Int, rate: Double? = nil, margin: Double = 0.02, step: Double = 1, replicas: Int = 3, seed: UInt64 = 1,
      threads: Int = 1
    ) {
      self.sweeps = sweeps
      self.rate = rate
      self.margin = margin
      self.step = step
      self.replicas = replicas
      self.seed = seed
      self.threads = threads
    }
  }

  /// Message passing as this algorithm uses it.
  ///
  /// Searches ask for outputs two steps of 1/√N above 0, as Gaussian messages do not see that outputs are discrete, and
  /// ties are errors.
  public func messagePassing(
    on storage: PatternStorage, unit: CommitteeUnit, seed: UInt64 = 1, threads: Int = 1
  ) throws -> MessagePassing {
    try MessagePassing(
      storage, unit: unit, margin: self == .amp ? 0 : 2 / Double(storage.inputs).squareRoot(),
      damping: self == .amp ? 0.3 : 0.5, seed: seed, threads: threads)
  }

  /// Looks for weights that store an instance. The result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - state: where message passing is to go on; receives where it stopped.
  ///   - report: called after each sweep; the errors of message passing are those of its last count, every fifth sweep.
  /// - Throws: `SolutionSpaceError` where the algorithm does not fit the activation or the settings.
  public func run(
    on storage: PatternStorage, unit: CommitteeUnit, settings: Settings, state: inout MessagePassing?,
    cancellation: Cancellation = Cancellation(), _ report: (SolverProgress) -> Void = { _ in }
  ) throws -> SolverRun {
    switch self {
    case .focusing, .reinforced, .amp:
      guard let kind = messages(rate: settings.rate) else { break }
      if let rate = settings.rate, !(rate > 0 && rate < 1) {
        throw SolutionSpaceError("a rate of \(rate): what is added to ρ in a sweep lies between 0 and 1")
      }
      var passing =
        try state
        ?? messagePassing(on: storage, unit: unit, seed: settings.seed, threads: settings.threads)
      // Its bytes are in one place only while it works.
      state = nil
      var errors = passing.sweeps > 0 ? passing.errorCount() : storage.count
      while passing.sweeps < settings.sweeps, errors > 0, !cancellation.shouldStop {
        passing.sweep(kind)
        let isAtRest = kind == .amp && passing.change < 1e-4
        if passing.sweeps % 5 == 0 || isAtRest || passing.sweeps == settings.sweeps { errors = passing.errorCount() }
        report(SolverProgress(sweeps: passing.sweeps, errors: errors, parameter: passing.focus))
        if isAtRest { break }
      }
      let weights = passing.solution.map(Float.init)
      let run = SolverRun(weights: weights, errors: try storage.errors(weights, unit: unit), sweeps: passing.sweeps)
      state = passing
      return run
    case .projection:
      return try LeastActionLearning(margin: settings.margin, step: settings.step).run(
        on: storage, unit: unit, epochs: settings.sweeps, seed: settings.seed, cancellation: cancellation, report)
    case .gradient, .replicated:
      let count = self == .gradient ? 1 : settings.replicas
      return try GradientDescent(replicas: count, rate: settings.rate ?? 0.5).run(
        on: storage, unit: unit, epochs: settings.sweeps, seed: settings.seed, threads: settings.threads,
        cancellation: cancellation, report)
    case .annealing: break
    }
    return try SimulatedAnnealing().run(
      on: storage, unit: unit, sweeps: settings.sweeps, seed: settings.seed, cancellation: cancellation, report)
  }
}
