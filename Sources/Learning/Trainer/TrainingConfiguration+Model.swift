import Datasets
import Foundation
import Probability

extension TrainingConfiguration {
  /// The task, its data read.
  ///
  /// - Throws: `ConfigurationError`, `TaskError`, and the errors of the files.
  public func makeTask() throws -> LearningTask {
    guard Self.tasks.contains(task) else {
      throw ConfigurationError("no task is named; accepted are \(Self.tasks.joined(separator: ", "))")
    }
    func folder() throws -> String {
      guard !data.isEmpty else {
        throw ConfigurationError("the task '\(task)' reads data: name its folder, as in --data mnist/")
      }
      return data
    }
    let seed = UInt64(self.seed)
    switch task {
    case "adding": return .adding(try AddingTask(length: length, seed: seed))
    case "copying": return .copying(try CopyingTask(length: length, seed: seed))
    case "text":
      return .text(try TextTask(try TextCorpus.read(path: folder()), length: length, carriesState: carriesState))
    default:
      let images = try ImageTask(
        training: try LabelledImages.read(folder: folder(), set: "train"),
        testing: try LabelledImages.read(folder: folder(), set: "t10k"), heldOut: heldOut,
        isImage: task == "images" && layers.contains("conv"))
      // The order of the pixels is part of the task: no run chooses its own.
      return task == "images" ? .images(images) : .pixels(PixelTask(images, permutationSeed: permuted ? 92_916 : nil))
    }
  }

  /// The network for a task.
  ///
  /// - Throws: `ConfigurationError`, `ModelError`.
  public func makeModel(for task: LearningTask) throws -> Model {
    var stack: [Layer] = []
    if case .images = task {
      stack = try hiddenLayers()
    } else {
      if embedding > 0 {
        guard case .symbols = task.input else {
          throw ConfigurationError("an embedding is for symbols; the task '\(task.name)' has numbers")
        }
        stack.append(.embedding(Embedding(embedding)))
      }
      for layer in 0..<depth {
        stack.append(try recurrentLayer(layer))
        if dropout > 0 { stack.append(.dropout(Dropout(keep: 1 - dropout))) }
      }
      if task.readsLastStep { stack.append(.lastStep) }
    }
    stack.append(.dense(Dense(task.outputs, hasBias: hasBias)))
    return try Model(input: task.input, layers: stack)
  }

  private func recurrentLayer(_ index: Int) throws -> Layer {
    let nonlinearities: [String: Nonlinearity] = ["relu-rnn": .relu, "tanh-rnn": .tanh, "identity-rnn": .identity]
    if let nonlinearity = nonlinearities[cell] {
      return .recurrent(
        Recurrent(.simple(nonlinearity), units: hidden, hasBias: hasBias, learnsInitialState: learnsInitialState))
    }
    if cell == "urnn" {
      var source = RandomSource(seed: UInt64(seed) ^ 0x7065_726d, index: index)
      return .unitary(UnitaryRecurrent(units: hidden, permutation: (0..<hidden).shuffled(using: &source)))
    }
    guard !learnsInitialState else {
      throw ConfigurationError("learn-initial-state is for simple cells; the cell is '\(cell)'")
    }
    return .recurrent(Recurrent(cell == "lstm" ? .lstm : .gru, units: hidden, hasBias: hasBias))
  }

  /// `4000,4000`; `conv:16x3` or `conv:16x3p1` (channels, kernel, padding), `maxpool:2`, `avgpool:2`.
  private func hiddenLayers() throws -> [Layer] {
    let text = layers.isEmpty ? "100" : layers
    var stack: [Layer] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let word = part.trimmingCharacters(in: .whitespaces)
      let pieces = word.split(separator: ":", maxSplits: 1).map(String.init)
      func fault() -> ConfigurationError {
        ConfigurationError(
          "layers: '\(word)' is no layer; accepted are units such as 4000, conv:CHANNELSxKERNEL, "
            + "conv:CHANNELSxKERNELpPADDING, maxpool:SIZE and avgpool:SIZE")
      }
      if pieces.count == 1, let units = Int(word), (1...1_000_000).contains(units) {
        stack.append(.dense(Dense(units, .relu, hasBias: hasBias)))
        if dropout > 0 { stack.append(.dropout(Dropout(keep: 1 - dropout))) }
        continue
      }
      guard pieces.count == 2 else { throw fault() }
      switch pieces[0] {
      case "conv":
        let numbers = pieces[1].split(whereSeparator: { $0 == "x" || $0 == "p" }).map { Int($0) }
        guard numbers.count == 2 || numbers.count == 3, let channels = numbers[0], let kernel = numbers[1],
          let padding = numbers.count == 3 ? numbers[2] : 0, (1...100_000).contains(channels),
          (1...1000).contains(kernel),
          (0...1000).contains(padding)
        else { throw fault() }
        stack.append(.convolution(Convolution(channels, kernel: kernel, padding: padding, .relu, hasBias: hasBias)))
      case "maxpool", "avgpool":
        guard let size = Int(pieces[1]), (1...1000).contains(size) else { throw fault() }
        stack.append(.pooling(Pooling(pieces[0] == "maxpool" ? .maximum : .average, kernel: size)))
      default: throw fault()
      }
    }
    return stack
  }

  /// How the parameters begin.
  public func makeInitialisation() throws -> Initialisation {
    var start = Initialisation(forgetBias: forgetBias)
    switch initialisation {
    case "identity": (start.weights, start.recurrent) = (.uniform(0.01), .identity(1))
    case "np": (start.weights, start.recurrent) = (.positiveInput, .positive)
    case "he": start.weights = .he
    case "glorot": start.recurrent = .glorot
    case "orthogonal": break
    case "balanced": (start.weights, start.recurrent) = (.balanced, .balanced)
    case "unbalanced":
      (start.weights, start.recurrent) = (.balanced, .balanced)
      start.rescalings = rescalings
    default:
      if task == "images" {
        start.weights = .he
      } else if cell == "relu-rnn" || cell == "identity-rnn" {
        // Small recurrent weights for text, a lasting memory for the long tasks.
        (start.weights, start.recurrent) =
          task == "text" ? (.uniform(0.2), .uniform(0.01)) : (.uniform(0.01), .identity(1))
      }
    }
    func initialiser(_ text: String, _ key: String) throws -> Initialiser {
      guard let value = Initialiser(text) else {
        throw ConfigurationError("\(key) cannot be '\(text)'; accepted are \(Initialiser.accepted)")
      }
      return value
    }
    if !weightInitialiser.isEmpty { start.weights = try initialiser(weightInitialiser, "init-weights") }
    if !recurrentInitialiser.isEmpty { start.recurrent = try initialiser(recurrentInitialiser, "init-recurrent") }
    return start
  }

  /// The chain of the optimiser.
  public func makeOptimizer(totalSteps: Int) throws -> [GradientTransformation] {
    guard Self.optimizers.contains(optimizer) else {
      throw ConfigurationError(
        "there is no optimizer '\(optimizer)'; accepted are \(Self.optimizers.joined(separator: ", "))")
    }
    var chain: [GradientTransformation] = []
    if clipValue > 0 { chain.append(.clipByValue(clipValue)) }
    if clipNorm > 0 { chain.append(.clipByNorm(clipNorm)) }
    if clipPathNorm > 0 { chain.append(.clipByPathNorm(clipPathNorm)) }
    let base = optimizer.hasPrefix("path-") ? String(optimizer.dropFirst(5)) : optimizer
    if weightDecay > 0, base != "adamw" { chain.append(.addParameters(weightDecay)) }
    let isPath = optimizer != base
    let adam = GradientTransformation.adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
    if isPath { chain.append(.precondition(try preconditioner(.whole))) }
    switch base {
    case "momentum": chain.append(.momentum(momentum))
    case "nesterov": chain.append(.momentum(momentum, nesterov: true))
    case "adagrad": chain.append(.adagrad(epsilon: epsilon))
    case "rmsprop": chain.append(.rmsprop(decay: rmsDecay, epsilon: epsilon))
    case "adam", "adamw": chain.append(adam)
    case "eq-adam":
      let root = GradientTransformation.precondition(try preconditioner(.root))
      chain += [root, adam, root]
    default: break
    }
    if weightDecay > 0, base == "adamw" { chain.append(.addParameters(weightDecay)) }
    let shape: Schedule =
      switch schedule {
      case "steps": .steps(period: Int(schedulePeriod), factor: scheduleFactor)
      case "cosine": .cosine(length: totalSteps)
      case "inverse": .inverse(period: schedulePeriod)
      default: .constant
      }
    chain.append(.learningRate(learningRate, schedule: shape, warmup: warmup))
    if growthLimit > 0 { chain.append(.limitGrowth(growthLimit)) }
    return chain
  }

  /// How path sums are taken.
  public func pathOptions() throws -> PathNormOptions {
    switch kappa {
    case "first": return PathNormOptions(exponent: pathExponent)
    case "full": return PathNormOptions(exponent: pathExponent, secondTerm: PathNormOptions.exactSecondTerm)
    default:
      guard let constant = Double(kappa), (0...1e6).contains(constant) else {
        throw ConfigurationError("kappa cannot be '\(kappa)'; accepted are first, full, and numbers such as 1, 2, 4")
      }
      return PathNormOptions(exponent: pathExponent, secondTerm: constant)
    }
  }

  private func preconditioner(_ power: PathPreconditioner.Power) throws -> PathPreconditioner {
    guard let scale = PathPreconditioner.Scale(rawValue: pathScale) else {
      throw ConfigurationError("scale cannot be '\(pathScale)'")
    }
    guard power == .whole || scale == .none || scale == .pathNorm else {
      throw ConfigurationError("eq-adam goes with the scales none and path-norm; the step's size is Adam's own")
    }
    return PathPreconditioner(
      options: try pathOptions(), power: power, every: kappaEvery, floor: kappaFloor, scale: scale)
  }
}
