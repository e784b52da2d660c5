import Datasets
import Foundation

/// Everything that a run needs to go on as if it had never stopped, as a safetensors file with a checksum.
struct Checkpoint<S: Scalar> {
  var model: Model
  var parameters: [S]
  var optimizer: Optimizer<S>.State
  /// States carried from batch to batch, of each part.
  var carried: [[S]]
  var progress: TrainingState
  /// The time steps of the task, which the model does not say.
  var taskSteps: Int

  func write(to path: String) throws {
    var tensors = model.tensors.map { tensor in
      Self.tensor(tensor.name, tensor.shape, Array(parameters[tensor.range]))
    }
    for (index, memory) in optimizer.memories.enumerated() {
      tensors.append(Self.tensor("optimizer.\(index)", [memory.count], memory))
    }
    for (index, state) in carried.enumerated() where !state.isEmpty {
      tensors.append(Self.tensor("state.\(index)", [state.count], state))
    }
    if !optimizer.factors.isEmpty {
      tensors.append(
        Safetensors.Tensor(name: "optimizer.kappa", shape: [optimizer.factors.count], values: optimizer.factors))
    }
    var metadata = progress.metadata
    metadata["format"] = Self.format
    metadata["model"] = model.text
    metadata[StoredModel.stepsName] = String(taskSteps)
    metadata["optimizer.steps"] = String(optimizer.stepCount)
    metadata["optimizer.rate"] = Self.hex(optimizer.rateFactor)
    if let ratio = optimizer.firstRatio { metadata["optimizer.ratio"] = Self.hex(ratio) }
    try AtomicFile.write(Safetensors(tensors: tensors, metadata: metadata).checksummed.data, to: path)
  }

  static var format: String { "pleat checkpoint 1" }

  private static func tensor(_ name: String, _ shape: [Int], _ values: [S]) -> Safetensors.Tensor {
    if let floats = values as? [Float] { return Safetensors.Tensor(name: name, shape: shape, values: floats) }
    return Safetensors.Tensor(name: name, shape: shape, values: values.map { Double($0) })
  }

  static func values(_ tensor: Safetensors.Tensor) -> [S] {
    if let floats = tensor.floats as? [S] { return floats }
    return tensor.doubles.map { S($0) }
  }

  /// A number to its last bit.
  static func hex(_ value: Double) -> String { String(value.bitPattern, radix: 16) }
  static func number(_ text: String?) -> Double? {
    text.flatMap { UInt64($0, radix: 16) }.map { Double(bitPattern: $0) }
  }

  /// Reads a checkpoint for a model.
  ///
  /// - Throws: `FileError`, `DatasetError` for a damaged file, `ModelError` for one of another model.
  static func read(path: String, model: Model) throws -> Checkpoint {
    let file = try Safetensors.read(path: path)
    func fault(_ reason: String) -> ModelError { ModelError("\(path): \(reason)") }
    guard file.metadata["format"] == format else {
      throw fault("is no checkpoint of a training run (its format is '\(file.metadata["format"] ?? "none")')")
    }
    let stored = file.metadata["model"] ?? "none"
    guard stored == model.text else {
      throw fault("is a checkpoint of another model: it holds '\(stored)', the run's model is '\(model.text)'")
    }
    var parameters: [S] = []
    for tensor in model.tensors {
      guard let found = file[tensor.name], found.count == tensor.count else {
        throw fault("lacks the tensor '\(tensor.name)' of \(tensor.count) numbers")
      }
      guard found.type == (S.precision == .float32 ? .float32 : .float64) else {
        throw fault("holds numbers of another precision than the run's, \(S.precision.rawValue)")
      }
      parameters += values(found)
    }
    func list(_ prefix: String) -> [[S]] {
      var lists: [[S]] = []
      while let tensor = file["\(prefix).\(lists.count)"] { lists.append(values(tensor)) }
      return lists
    }
    guard let progress = TrainingState(metadata: file.metadata),
      let steps = file.metadata["optimizer.steps"].flatMap({ Int($0) }),
      let rate = number(file.metadata["optimizer.rate"])
    else { throw fault("lacks where its run stood") }
    return Checkpoint(
      model: model, parameters: parameters,
      optimizer: Optimizer<S>.State(
        stepCount: steps, rateFactor: rate, firstRatio: number(file.metadata["optimizer.ratio"]),
        memories: list("optimizer"), factors: file["optimizer.kappa"]?.doubles ?? []),
      carried: list("state"), progress: progress,
      taskSteps: file.metadata[StoredModel.stepsName].flatMap { Int($0) } ?? 1)
  }
}

/// Where a run stands.
struct TrainingState: Sendable, Hashable {
  /// Training steps that were taken.
  var step = 0
  /// The best validation metric, and after which step.
  var best = Double.infinity
  var bestStep = 0
  /// Evaluations since then, and since the rate was last lowered.
  var stale = 0
  var plateau = 0
  /// Sums since the last line of the log.
  var lossSum = 0.0
  var batches = 0
  var wrong = 0
  var asked = 0
  var seconds = 0.0
  var retries = 0

  init() {}

  var metadata: [String: String] {
    [
      "step": String(step), "best": Checkpoint<Double>.hex(best), "bestStep": String(bestStep), "stale": String(stale),
      "plateau": String(plateau), "lossSum": Checkpoint<Double>.hex(lossSum), "batches": String(batches),
      "wrong": String(wrong), "asked": String(asked), "seconds": Checkpoint<Double>.hex(seconds),
      "retries": String(retries),
    ]
  }

  init?(metadata: [String: String]) {
    func integer(_ name: String) -> Int? { metadata[name].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
    func number(_ name: String) -> Double? { Checkpoint<Double>.number(metadata[name]) }
    guard let step = integer("step"), let best = number("best"), let bestStep = integer("bestStep"),
      let stale = integer("stale"), let plateau = integer("plateau"), let lossSum = number("lossSum"),
      let batches = integer("batches"), let wrong = integer("wrong"), let asked = integer("asked"),
      let seconds = number("seconds"), let retries = integer("retries")
    else { return nil }
    (self.step, self.best, self.bestStep, self.stale, self.plateau) = (step, best, bestStep, stale, plateau)
    (self.lossSum, self.batches, self.wrong, self.asked) = (lossSum, batches, wrong, asked)
    (self.seconds, self.retries) = (seconds, retries)
  }
}

/// A model with parameters, read from a run's folder, a checkpoint or an exported safetensors file.
public struct StoredModel: Sendable {
  public let model: Model
  public let parameters: [Double]
  /// Texts of the file's header.
  public let metadata: [String: String]
  public let path: String

  static let stepsName = "task.steps"

  /// The time steps that it was trained with; nil where the file does not say.
  public var steps: Int? { metadata[Self.stepsName].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }

  /// - Parameter path: a run's folder, of which the best checkpoint is read (the last one where there is no best), or a file.
  /// - Throws: `FileError`, `DatasetError`, `ModelError`.
  public static func read(path: String) throws -> StoredModel {
    var isFolder: ObjCBool = false
    var file = path
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      let folder = RunFolder(path)
      guard let found = folder.bestCheckpoint ?? folder.lastCheckpoint else {
        throw FileError(path: path, "holds no checkpoint; name a run's folder or a safetensors file")
      }
      file = found
    }
    let stored = try Safetensors.read(path: file)
    guard let text = stored.metadata["model"] else {
      throw ModelError("\(file): does not say which model its tensors belong to")
    }
    let model = try Model(text: text)
    var parameters: [Double] = []
    for tensor in model.tensors {
      guard let found = stored[tensor.name], found.count == tensor.count else {
        throw ModelError("\(file): lacks the tensor '\(tensor.name)' of \(tensor.count) numbers")
      }
      parameters += found.doubles
    }
    return StoredModel(model: model, parameters: parameters, metadata: stored.metadata, path: file)
  }

  /// The model alone as a safetensors file, in either precision.
  public static func safetensors(
    _ model: Model, _ parameters: [Double], precision: Precision, metadata: [String: String] = [:]
  ) -> Safetensors {
    let tensors = model.tensors.map { tensor in
      let values = parameters[tensor.range]
      return precision == .float32
        ? Safetensors.Tensor(name: tensor.name, shape: tensor.shape, values: values.map { Float($0) })
        : Safetensors.Tensor(name: tensor.name, shape: tensor.shape, values: Array(values))
    }
    return Safetensors(tensors: tensors, metadata: metadata.merging(["model": model.text]) { _, own in own })
  }
}
