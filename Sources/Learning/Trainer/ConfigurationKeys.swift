extension TrainingConfiguration {
  public static let tasks = ["adding", "copying", "smnist", "text", "images"]
  public static let cells = ["relu-rnn", "tanh-rnn", "identity-rnn", "lstm", "gru", "urnn"]
  public static let optimizers = [
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "path-sgd", "path-momentum", "path-nesterov",
    "path-adagrad", "path-rmsprop", "path-adam", "path-adamw", "eq-adam",
  ]

  /// All keys, in the order in which they are written.
  public static let keys: [ConfigurationKey] = [
    ConfigurationKey("task", \.task, oneOf: tasks, "what is learned"),
    ConfigurationKey("data", \.data, "the folder or file of the data"),
    ConfigurationKey("length", \.length, in: 1...100_000, "steps: of the synthetic tasks, or symbols of a sequence"),
    ConfigurationKey("permuted", \.permuted, "smnist: pixels in a fixed random order"),
    ConfigurationKey("held-out", \.heldOut, in: 0...10_000_000, "training images that are kept for validation"),
    ConfigurationKey("carry", \.carriesState, "text: states go on from batch to batch"),
    ConfigurationKey("cell", \.cell, oneOf: cells, "the cell of the recurrent layers"),
    ConfigurationKey("hidden", \.hidden, in: 1...100_000, "units of a recurrent layer"),
    ConfigurationKey("depth", \.depth, in: 1...100, "recurrent layers"),
    ConfigurationKey(
      "layers", \.layers, "images: hidden layers such as 4000,4000 or conv:16x3,maxpool:2,100 (default 100)"),
    ConfigurationKey("embedding", \.embedding, in: 0...100_000, "text: width of an embedding, 0 for none"),
    ConfigurationKey("dropout", \.dropout, in: 0...0.99, "the part of hidden numbers that is dropped"),
    ConfigurationKey("bias", \.hasBias, "units have biases"),
    ConfigurationKey("learn-initial-state", \.learnsInitialState, "h0 is learned"),
    ConfigurationKey(
      "init", \.initialisation,
      oneOf: ["default", "identity", "np", "he", "glorot", "orthogonal", "balanced", "unbalanced"],
      "how weights begin"),
    ConfigurationKey("init-weights", \.weightInitialiser, "weights of inputs, instead: \(Initialiser.accepted)"),
    ConfigurationKey("init-recurrent", \.recurrentInitialiser, "recurrent weights, instead: the same"),
    ConfigurationKey("forget-bias", \.forgetBias, in: -100...100, "lstm: where the forget gate's bias begins"),
    ConfigurationKey("rescalings", \.rescalings, in: 0...10_000_000, "init unbalanced: how many units are rescaled"),
    ConfigurationKey("optimizer", \.optimizer, oneOf: optimizers, "the optimiser"),
    ConfigurationKey("learning-rate", \.learningRate, in: 0...1e12, "the learning rate"),
    ConfigurationKey(
      "schedule", \.schedule, oneOf: ["constant", "steps", "cosine", "inverse", "plateau"],
      "how the learning rate goes down"),
    ConfigurationKey(
      "schedule-period", \.schedulePeriod, in: 1...1e12, "steps of the schedule; evaluations for a plateau"),
    ConfigurationKey("schedule-factor", \.scheduleFactor, in: 1e-9...1, "what the rate is multiplied by"),
    ConfigurationKey("warmup", \.warmup, in: 0...1_000_000_000, "steps of linear growth at first"),
    ConfigurationKey("momentum", \.momentum, in: 0...1, "momentum, nesterov"),
    ConfigurationKey("beta1", \.beta1, in: 0...0.999999, "adam: decay of the mean"),
    ConfigurationKey("beta2", \.beta2, in: 0...0.99999999, "adam: decay of the mean square"),
    ConfigurationKey("rms-decay", \.rmsDecay, in: 0...0.999999, "rmsprop: decay of the mean square"),
    ConfigurationKey("epsilon", \.epsilon, in: 0...1, "adam, adagrad, rmsprop: added to the root"),
    ConfigurationKey("weight-decay", \.weightDecay, in: 0...1e6, "multiple of the weights added to the gradient"),
    ConfigurationKey("clip-value", \.clipValue, in: 0...1e12, "bound of each entry of the gradient, 0 for none"),
    ConfigurationKey("clip-norm", \.clipNorm, in: 0...1e12, "bound of the gradient's norm, 0 for none"),
    ConfigurationKey(
      "clip-path-norm", \.clipPathNorm, in: 0...1e12, "bound of the invariant norm sqrt(sum g^2 / kappa), 0 for none"),
    ConfigurationKey("path-p", \.pathExponent, in: 1...2, "paths weigh products of |w|^p"),
    ConfigurationKey("kappa", \.kappa, "first, full, or the constant of the second term, such as 1"),
    ConfigurationKey("kappa-every", \.kappaEvery, in: 1...1_000_000_000, "steps from one kappa to the next"),
    ConfigurationKey("kappa-floor", \.kappaFloor, in: 0...1e12, "kappa below this counts as this"),
    ConfigurationKey(
      "scale", \.pathScale, oneOf: PathPreconditioner.Scale.allCases.map(\.rawValue), "how path steps are scaled"),
    ConfigurationKey(
      "growth-limit", \.growthLimit, in: 0...1e12,
      "halve steps until the squared path norm grows by no more, 0 for never"),
    ConfigurationKey("batch", \.batch, in: 1...1_000_000, "samples of a batch"),
    ConfigurationKey("steps", \.steps, in: 1...1_000_000_000, "training steps at most"),
    ConfigurationKey("epochs", \.epochs, in: 0...1_000_000, "epochs at most, instead of steps; 0 for steps"),
    ConfigurationKey("seed", \.seed, in: 0...Int.max, "the seed of all random numbers"),
    ConfigurationKey("precision", \.precisionText, oneOf: Precision.allCases.map(\.rawValue), "of the numbers"),
    ConfigurationKey("parts", \.parts, in: 1...256, "pieces of a batch, whose gradients are added in order"),
    ConfigurationKey("threads", \.threads, in: 1...1024, "threads; they change no result"),
    ConfigurationKey("log-every", \.logEvery, in: 1...1_000_000_000, "steps from one line of the log to the next"),
    ConfigurationKey("evaluate-every", \.evaluateEvery, in: 1...1_000_000_000, "steps from one evaluation to the next"),
    ConfigurationKey("checkpoint-every", \.checkpointEvery, in: 1...1_000_000_000, "steps between checkpoints"),
    ConfigurationKey("keep", \.keepCheckpoints, in: 1...1_000_000, "checkpoints that are kept, beside the best"),
    ConfigurationKey(
      "patience", \.patience, in: 0...1_000_000, "stop after so many evaluations without a best; 0 never"),
    ConfigurationKey("target", \.target, in: 0...1e12, "stop when the validation metric is below this; 0 never"),
    ConfigurationKey(
      "retries", \.retries, in: 0...1000,
      "after a divergence go back to the last checkpoint with half the rate, so often"),
    ConfigurationKey("test", \.evaluatesTest, "evaluate the best parameters on the test samples at the end"),
  ]

  private var precisionText: String {
    get { precision.rawValue }
    set { precision = Precision(rawValue: newValue) ?? precision }
  }
}
