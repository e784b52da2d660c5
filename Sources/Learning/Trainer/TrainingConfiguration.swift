import Execution
import Foundation

/// All choices of a training run, as the lines `key: value` of a file.
public struct TrainingConfiguration: Sendable, Hashable {
  // What is learned.
  public var task = ""
  public var data = ""
  public var length = 100
  public var permuted = false
  public var heldOut = 5000
  public var carriesState = true
  // The network.
  public var cell = "relu-rnn"
  public var hidden = 100
  public var depth = 1
  public var layers = ""
  public var embedding = 0
  public var dropout = 0.0
  public var hasBias = true
  public var learnsInitialState = false
  // How it begins.
  public var initialisation = "default"
  public var weightInitialiser = ""
  public var recurrentInitialiser = ""
  public var forgetBias = 1.0
  public var rescalings = 2000
  // How it is trained.
  public var optimizer = "adam"
  public var learningRate = 0.001
  public var schedule = "constant"
  public var schedulePeriod = 1000.0
  public var scheduleFactor = 0.5
  public var warmup = 0
  public var momentum = 0.9
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var rmsDecay = 0.9
  public var epsilon = 1e-8
  public var weightDecay = 0.0
  public var clipValue = 0.0
  public var clipNorm = 0.0
  public var clipPathNorm = 0.0
  // The path preconditioner.
  public var pathExponent = 2
  public var kappa = "first"
  public var kappaEvery = 1
  public var kappaFloor = 0.0
  public var pathScale = "none"
  public var growthLimit = 0.0
  // The run.
  public var batch = 50
  public var steps = 10_000
  public var epochs = 0
  public var seed = 1
  public var precision = Precision.float32
  public var parts = 2
  public var threads = defaultThreadCount
  public var logEvery = 100
  public var evaluateEvery = 500
  public var checkpointEvery = 500
  public var keepCheckpoints = 2
  public var patience = 0
  public var target = 0.0
  public var retries = 0
  public var evaluatesTest = true

  public init() {}
}

/// What is wrong with a configuration, and where.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// One choice: its name in files, what it means, and how it is read and written.
public struct ConfigurationKey: Sendable {
  public let name: String
  public let summary: String
  let text: @Sendable (TrainingConfiguration) -> String
  /// Returns what is accepted instead when the text cannot be read.
  let assign: @Sendable (inout TrainingConfiguration, String) -> String?

  init(
    _ name: String, _ path: WritableKeyPath<TrainingConfiguration, String> & Sendable, oneOf accepted: [String] = [],
    _ summary: String
  ) {
    self.name = name
    self.summary = accepted.isEmpty ? summary : "\(summary): \(accepted.joined(separator: ", "))"
    text = { $0[keyPath: path] }
    assign = { configuration, text in
      guard accepted.isEmpty || accepted.contains(text) else { return accepted.joined(separator: ", ") }
      configuration[keyPath: path] = text
      return nil
    }
  }

  init(
    _ name: String, _ path: WritableKeyPath<TrainingConfiguration, Int> & Sendable, in range: ClosedRange<Int>,
    _ summary: String
  ) {
    self.name = name
    self.summary = summary
    text = { String($0[keyPath: path]) }
    assign = { configuration, text in
      guard let value = Int(text), range.contains(value) else {
        return "whole numbers from \(range.lowerBound) to \(range.upperBound)"
      }
      configuration[keyPath: path] = value
      return nil
    }
  }

  init(
    _ name: String, _ path: WritableKeyPath<TrainingConfiguration, Double> & Sendable, in range: ClosedRange<Double>,
    _ summary: String
  ) {
    self.name = name
    self.summary = summary
    text = { "\($0[keyPath: path])" }
    assign = { configuration, text in
      guard let value = Double(text), range.contains(value) else {
        return "numbers from \(range.lowerBound) to \(range.upperBound)"
      }
      configuration[keyPath: path] = value
      return nil
    }
  }

  init(_ name: String, _ path: WritableKeyPath<TrainingConfiguration, Bool> & Sendable, _ summary: String) {
    self.name = name
    self.summary = summary
    text = { $0[keyPath: path] ? "yes" : "no" }
    assign = { configuration, text in
      guard let value = ["yes": true, "true": true, "no": false, "false": false][text] else { return "yes, no" }
      configuration[keyPath: path] = value
      return nil
    }
  }
}
