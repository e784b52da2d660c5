import Datasets
import Execution
import Foundation
import Probability

/// One run at work: everything that is large is allocated here once.
final class TrainingSession<S: Scalar> {
  private let configuration: TrainingConfiguration
  private let task: LearningTask
  private let folder: RunFolder
  private let model: Model
  private let engine: BatchGradient<S>
  private let evaluator: BatchGradient<S>
  private let optimizer: Optimizer<S>
  private let parameters: UnsafeMutablePointer<S>
  private let totalSteps: Int
  private let stepsPerEpoch: Int
  private let hasDropout: Bool
  private var order: EpochOrder
  private var state = TrainingState()
  private var log: FileHandle?
  private var events: EventFile?
  private var lastReport = StepReport()
  private var validation: Double?
  private let started = Cancellation.now
  private var secondsBefore = 0.0
  private var stepBefore = 0

  init(_ configuration: TrainingConfiguration, _ task: LearningTask, _ folder: RunFolder, resume: Bool) throws {
    self.configuration = configuration
    self.task = task
    self.folder = folder
    model = try configuration.makeModel(for: task)
    hasDropout = model.layers.contains { if case .dropout = $0 { true } else { false } }
    let perEpoch = task.stepsPerEpoch(batch: configuration.batch)
    stepsPerEpoch = perEpoch
    if task.storedSamples > 0, configuration.batch > task.storedSamples {
      throw ConfigurationError("a batch of \(configuration.batch); there are \(task.storedSamples) training samples")
    }
    let (wanted, overflow) = configuration.epochs.multipliedReportingOverflow(by: perEpoch)
    totalSteps = configuration.epochs > 0 && !overflow ? wanted : configuration.steps
    engine = BatchGradient(
      model: model, steps: task.steps, batch: configuration.batch, loss: task.loss, parts: configuration.parts,
      threads: configuration.threads, carriesState: task.isContinuous)
    evaluator = BatchGradient(
      model: model, steps: task.steps, batch: configuration.batch, loss: task.loss, parts: configuration.parts,
      threads: configuration.threads, carriesState: task.isContinuous, hasGradient: false)
    optimizer = try Optimizer(
      chain: configuration.makeOptimizer(totalSteps: totalSteps), model: model, steps: task.steps,
      threads: configuration.threads)
    parameters = .allocate(capacity: max(1, model.parameterCount))
    order = EpochOrder(count: task.storedSamples, seed: UInt64(configuration.seed), epoch: 0)
    let initial: [S] = try model.initialParameters(
      configuration.makeInitialisation(), seed: UInt64(configuration.seed))
    set(initial)
    if resume {
      guard let path = folder.lastCheckpoint else {
        throw FileError(path: folder.path, "holds no checkpoint to resume from; leave out --resume to begin")
      }
      try restore(path)
    }
    secondsBefore = state.seconds
    stepBefore = state.step
  }

  deinit { parameters.deallocate() }

  private func set(_ values: [S]) {
    values.withUnsafeBufferPointer {
      if let base = $0.baseAddress { parameters.update(from: base, count: values.count) }
    }
  }

  private var currentParameters: [S] { Array(UnsafeBufferPointer(start: parameters, count: model.parameterCount)) }
  private var seconds: Double { secondsBefore + Cancellation.now - started }
  private var isAtStart: Bool { state.step == 0 }

  // MARK: Checkpoints

  private func restore(_ path: String) throws {
    let checkpoint = try Checkpoint<S>.read(path: path, model: model)
    set(checkpoint.parameters)
    try optimizer.restore(checkpoint.optimizer)
    state = checkpoint.progress
    for (part, values) in zip(engine.parts, checkpoint.carried) where values.count == part.stateCount {
      values.withUnsafeBufferPointer {
        if let base = $0.baseAddress { part.state.update(from: base, count: values.count) }
      }
    }
  }

  private func save(_ path: String) throws {
    state.seconds = seconds
    let carried = engine.parts.map { Array(UnsafeBufferPointer(start: $0.state, count: $0.stateCount)) }
    let checkpoint = Checkpoint(
      model: model, parameters: currentParameters, optimizer: optimizer.state, carried: carried, progress: state,
      taskSteps: task.steps)
    try checkpoint.write(to: path)
  }

  private func saveRegular() throws {
    try save(folder.checkpoint(step: state.step))
    folder.removeOldCheckpoints(keeping: configuration.keepCheckpoints)
  }

  // MARK: The folder

  private func open() throws {
    try folder.make()
    if isAtStart {
      for old in folder.storedCheckpoints { try? FileManager.default.removeItem(atPath: old) }
      try? FileManager.default.removeItem(atPath: folder.best)
    }
    try AtomicFile.write(Data(configuration.text.utf8), to: folder.configuration)
    try AtomicFile.write(
      Data(RunFolder.environment(threads: configuration.threads).utf8), to: "\(folder.path)/environment.json")
    // Lines from beyond the checkpoint will be written again.
    let kept =
      isAtStart
      ? [] : try TrainingLog.read(path: folder.log).entries.filter { $0.step <= state.step && $0.set != .test }
    let lines = [TrainingLog.header] + kept.map(TrainingLog.line)
    try AtomicFile.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: folder.log)
    guard let handle = FileHandle(forWritingAtPath: folder.log) else {
      throw FileError(path: folder.log, "cannot be written")
    }
    try handle.seekToEnd()
    log = handle
    events = try EventFile(
      path:
        "\(folder.path)/events.out.tfevents.\(Int(Date().timeIntervalSince1970)).\(ProcessInfo.processInfo.hostName)")
  }

  private func append(_ set: SampleSet, _ loss: Double, _ metric: Double) throws {
    let entry = TrainingLog.Entry(
      step: state.step, epoch: Double(state.step) / Double(stepsPerEpoch), set: set, loss: loss, metric: metric,
      learningRate: lastReport.learningRate, gradientNorm: set == .train ? lastReport.gradientNorm : .nan,
      pathNorm: set == .train ? lastReport.pathNormLogarithm ?? .nan : .nan, seconds: seconds)
    do {
      try log?.write(contentsOf: Data((TrainingLog.line(entry) + "\n").utf8))
    } catch {
      throw FileError(path: folder.log, "cannot be written: \(error.localizedDescription)")
    }
    var scalars = [("\(set.rawValue)/loss", loss), ("\(set.rawValue)/\(task.metricName)", metric)]
    if set == .train {
      scalars += [("learning_rate", entry.learningRate), ("gradient_norm", entry.gradientNorm)]
      if let pathNorm = lastReport.pathNormLogarithm { scalars.append(("log2_squared_path_norm", pathNorm)) }
    }
    try events?.write(step: state.step, scalars.map { (name: $0.0, value: $0.1) })
  }

  // MARK: Training

  func run(observer: some TrainingObserver, cancellation: Cancellation) throws -> TrainingOutcome {
    try open()
    defer { try? log?.close() }
    // There must be something to go back to.
    if configuration.retries > 0, isAtStart { try saveRegular() }
    var ending = TrainingOutcome.Ending.finished
    while state.step < totalSteps {
      if cancellation.shouldStop {
        ending = .interrupted
        break
      }
      guard step() else {
        guard state.retries < configuration.retries, let path = folder.lastCheckpoint else {
          observer.note(
            "diverged: the loss or the gradient of step \(state.step + 1) is not finite; the last finite state is kept")
          ending = .diverged
          break
        }
        let (retries, factor) = (state.retries + 1, optimizer.rateFactor / 2)
        try restore(path)
        state.retries = retries
        optimizer.rateFactor = factor
        observer.note("diverged: back to step \(state.step) with \(factor) of the learning rate")
        continue
      }
      if let stop = try bookkeeping(observer) {
        ending = stop
        break
      }
    }
    if ending == .interrupted || ending == .reachedTarget || ending == .stoppedEarly { try saveRegular() }
    return try finish(ending)
  }

  /// One training step; false when something was not finite, and nothing was changed.
  private func step() -> Bool {
    let step = state.step
    let epoch = step / stepsPerEpoch
    if order.epoch != epoch {
      order = EpochOrder(count: task.storedSamples, seed: UInt64(configuration.seed), epoch: epoch)
    }
    if task.isContinuous, step % stepsPerEpoch == 0 { for part in engine.parts { part.resetState() } }
    var key: UInt64?
    if hasDropout {
      var source = RandomSource(seed: UInt64(configuration.seed) ^ 0x6472_6f70, index: step)
      key = source.next()
    }
    let (task, order, batch) = (task, order, configuration.batch)
    let value = engine.differentiate(parameters, key: key) { part, first in
      task.fill(part, first: first, batch: batch, step: step, order: order)
    }
    guard value.loss.isFinite else { return false }
    let report = optimizer.step(gradient: engine.gradient, parameters: parameters)
    guard report.isFinite else { return false }
    lastReport = report
    state.step += 1
    state.lossSum += value.loss
    state.batches += 1
    state.wrong += value.wrong
    state.asked += value.asked
    return true
  }

  /// Log, evaluation and checkpoint where the step's number asks for them.
  private func bookkeeping(_ observer: some TrainingObserver) throws -> TrainingOutcome.Ending? {
    let isLast = state.step == totalSteps
    var ending: TrainingOutcome.Ending?
    if state.step % configuration.logEvery == 0 || isLast {
      let value = LossValue(loss: state.lossSum / Double(state.batches), wrong: state.wrong, asked: state.asked)
      try append(.train, value.loss, task.metric(value))
      observer.report(progress(value))
      (state.lossSum, state.batches, state.wrong, state.asked) = (0, 0, 0, 0)
    }
    if state.step % configuration.evaluateEvery == 0 || isLast { ending = try evaluate(observer) }
    if state.step % configuration.checkpointEvery == 0 || isLast { try saveRegular() }
    return ending
  }

  private func progress(_ value: LossValue) -> TrainingProgress {
    let rate = Double(state.step - stepBefore) / max(1e-9, Cancellation.now - started)
    return TrainingProgress(
      step: state.step, totalSteps: totalSteps, epoch: Double(state.step) / Double(stepsPerEpoch), loss: value.loss,
      metric: task.metric(value), metricName: task.metricName, validation: validation,
      best: state.best.isFinite ? state.best : nil, learningRate: lastReport.learningRate,
      gradientNorm: lastReport.gradientNorm, pathNorm: lastReport.pathNormLogarithm, stepsPerSecond: rate,
      secondsLeft: Double(totalSteps - state.step) / max(1e-9, rate))
  }

  private func evaluate(_ observer: some TrainingObserver) throws -> TrainingOutcome.Ending? {
    let value = evaluate(.validation)
    let metric = task.metric(value)
    validation = metric
    try append(.validation, value.loss, metric)
    if let curvature = optimizer.curvature {
      for tensor in curvature.tensors where tensor.tensor.count <= 1 << 20 {
        try events?.write(step: state.step, histogram: "kappa/\(tensor.tensor.name)", of: tensor.values)
      }
    }
    if metric < state.best {
      (state.best, state.bestStep, state.stale, state.plateau) = (metric, state.step, 0, 0)
      try save(folder.best)
    } else {
      state.stale += 1
      state.plateau += 1
    }
    if configuration.target > 0, metric < configuration.target { return .reachedTarget }
    if configuration.patience > 0, state.stale >= configuration.patience { return .stoppedEarly }
    if configuration.schedule == "plateau", Double(state.plateau) >= configuration.schedulePeriod {
      optimizer.rateFactor *= configuration.scheduleFactor
      state.plateau = 0
      observer.note("no progress: the learning rate is now \(configuration.learningRate * optimizer.rateFactor)")
    }
    return nil
  }

  /// The mean loss over all samples of a set.
  private func evaluate(_ set: SampleSet) -> LossValue {
    if task.isContinuous { for part in evaluator.parts { part.resetState() } }
    let (task, batch) = (task, configuration.batch)
    var total = LossValue(loss: 0, wrong: 0, asked: 0)
    for index in 0..<task.evaluationBatches(set, batch: batch) {
      let value = evaluator.evaluate(parameters) { part, first in
        task.fill(part, first: first, batch: batch, evaluation: index, of: set)
      }
      total.loss += value.loss * Double(evaluator.rows)
      total.wrong += value.wrong
      total.asked += value.asked
    }
    total.loss /= Double(max(1, total.asked))
    return total
  }

  private func finish(_ ending: TrainingOutcome.Ending) throws -> TrainingOutcome {
    var outcome = TrainingOutcome(
      ending: ending, steps: state.step, stepsPerEpoch: stepsPerEpoch, seconds: seconds, metricName: task.metricName,
      best: state.best, bestStep: state.bestStep, test: nil, testMetric: nil, parameterCount: model.parameterCount)
    if configuration.evaluatesTest, ending != .interrupted, let best = folder.bestCheckpoint {
      set(try Checkpoint<S>.read(path: best, model: model).parameters)
      let value = evaluate(.test)
      outcome.test = value
      outcome.testMetric = task.metric(value)
      try append(.test, value.loss, task.metric(value))
    }
    return outcome
  }
}
