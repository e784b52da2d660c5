import ArgumentParser
import Datasets
import Foundation
import Learning
import Networks

/// A model with parameters that a person named: an ONNX chain, a run's folder, a checkpoint, or an exported file.
struct TrainedSubject {
  let path: String
  let model: Model
  var parameters: [Double]
  /// T for path sums: of the command line, of the file, or 1 for a feed-forward model.
  let steps: Int

  init(_ path: String, steps asked: Int?) throws {
    self.path = path
    let stored: Int?
    if path.lowercased().hasSuffix(".onnx") {
      (model, parameters) = try Failure.asUsage { try Model.reading(Network.readONNX(path: path)) }
      stored = 1
    } else {
      let file = try Failure.asUsage { try StoredModel.read(path: path) }
      (model, parameters, stored) = (file.model, file.parameters, file.steps)
    }
    if let asked, !(1...1_000_000).contains(asked) {
      throw Failure.usage("--steps \(asked): accepted are 1 to 1000000")
    }
    guard let steps = asked ?? stored ?? (model.isRecurrent ? nil : 1) else {
      throw Failure.usage(
        "\(path): its model is recurrent; say with --steps how many time steps are meant")
    }
    self.steps = steps
  }

  /// `runs/add: vector:2 recurrent:relu:100:bias last dense:identity:1:bias, 10,501 parameters, 100 steps`
  var title: String {
    let time = model.isRecurrent ? ", \(NumberFormat.grouped(steps)) time steps" : ""
    return "\(path): \(model.text), \(NumberFormat.grouped(model.parameterCount)) parameters\(time)"
  }

  /// The same model with other parameters.
  func with(_ parameters: [Double]) -> TrainedSubject {
    var copy = self
    copy.parameters = parameters
    return copy
  }
}

/// Where a trained model goes: the ending of the file's name says in which format.
enum TrainedOutput {
  static func check(_ path: String?) throws {
    guard let path else { return }
    try Failure.check(path, named: "--out", endsIn: ["onnx", "safetensors", "npz"])
  }

  /// Throws `Failure` for a model that the format cannot hold.
  static func write(_ subject: TrainedSubject, to path: String, precision: WeightPrecision) throws {
    try Failure.asUsage {
      let data: Data
      switch (path as NSString).pathExtension.lowercased() {
      case "onnx": data = try subject.model.onnx(subject.parameters, elementType: precision.type)
      case "npz":
        data = try NumpyFile.npz(
          subject.model.tensors.map { ($0.name, Array(subject.parameters[$0.range]), $0.shape) })
      default:
        data =
          StoredModel.safetensors(
            subject.model, subject.parameters,
            precision: precision == .float32 ? .float32 : .float64,
            metadata: ["task.steps": String(subject.steps)]
          ).data
      }
      try AtomicFile.write(data, to: path)
    }
  }
}
