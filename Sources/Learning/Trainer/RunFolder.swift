import COpenBLAS
import Datasets
import Foundation

/// The folder of a training run: `config.yaml`, `environment.json`, `log.csv`, event files, `checkpoints/`, `summary.json`.
public struct RunFolder: Sendable, Hashable {
  public let path: String

  public init(_ path: String) { self.path = path.hasSuffix("/") ? String(path.dropLast()) : path }

  public var configuration: String { "\(path)/config.yaml" }
  public var log: String { "\(path)/log.csv" }
  public var summary: String { "\(path)/summary.json" }
  var checkpoints: String { "\(path)/checkpoints" }

  func checkpoint(step: Int) -> String { "\(checkpoints)/step-\(String(format: "%09d", step)).safetensors" }
  var best: String { "\(checkpoints)/best.safetensors" }

  /// The checkpoints, oldest first, without the best.
  var storedCheckpoints: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
    return names.filter { $0.hasPrefix("step-") && $0.hasSuffix(".safetensors") }.sorted().map {
      "\(checkpoints)/\($0)"
    }
  }

  public var lastCheckpoint: String? { storedCheckpoints.last }
  public var bestCheckpoint: String? { FileManager.default.fileExists(atPath: best) ? best : nil }

  /// Makes the folder. Throws `FileError`.
  func make() throws {
    do {
      try FileManager.default.createDirectory(atPath: checkpoints, withIntermediateDirectories: true)
    } catch {
      throw FileError(path: path, "cannot be made: \(error.localizedDescription)")
    }
  }

  func removeOldCheckpoints(keeping count: Int) {
    for old in storedCheckpoints.dropLast(count) { try? FileManager.default.removeItem(atPath: old) }
  }

  /// What a result may depend on beside the configuration, in JSON.
  static func environment(threads: Int) -> String {
    let process = ProcessInfo.processInfo
    let blas = openblas_get_config().map { String(cString: $0) } ?? "unknown"
    let core = openblas_get_corename().map { String(cString: $0) } ?? "unknown"
    func quoted(_ text: String) -> String {
      "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
    }
    return """
      {
        "program": "pleat 0.1.0",
        "host": \(quoted(process.hostName)),
        "system": \(quoted(process.operatingSystemVersionString)),
        "processors": \(process.activeProcessorCount),
        "threads": \(threads),
        "blas": \(quoted(blas)),
        "blas_core": \(quoted(core)),
        "started": \(quoted(ISO8601DateFormatter().string(from: Date())))
      }

      """
  }
}

/// The log of a run: one line for each entry, as CSV.
public struct TrainingLog: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public var step: Int
    public var epoch: Double
    public var set: SampleSet
    public var loss: Double
    public var metric: Double
    public var learningRate: Double
    public var gradientNorm: Double
    /// log₂ of the squared path norm; NaN where it is not computed.
    public var pathNorm: Double
    public var seconds: Double
  }

  public var entries: [Entry]

  static let header = "step,epoch,set,loss,metric,learning_rate,gradient_norm,log2_squared_path_norm,seconds"

  static func line(_ entry: Entry) -> String {
    func text(_ value: Double) -> String { value.isNaN ? "" : "\(value)" }
    return [
      String(entry.step), String(format: "%.4f", entry.epoch), entry.set.rawValue, text(entry.loss), text(entry.metric),
      text(entry.learningRate), text(entry.gradientNorm), text(entry.pathNorm), String(format: "%.2f", entry.seconds),
    ].joined(separator: ",")
  }

  /// Reads a run's log; a last line that was cut off is left out.
  ///
  /// - Throws: `FileError` when there is none, `DatasetError` for a line that is none of a log.
  public static func read(path: String) throws -> TrainingLog {
    guard let data = FileManager.default.contents(atPath: path), let text = String(bytes: data, encoding: .utf8) else {
      throw FileError(path: path, "cannot be read; is this the folder of a training run?")
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first.map(String.init) == header else {
      throw DatasetError(source: path, line: 1, "line 1 is not the header of a training log")
    }
    var entries: [Entry] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 9, let step = Int(cells[0]), let epoch = Double(cells[1]),
        let set = SampleSet(rawValue: cells[2]), let seconds = Double(cells[8])
      else {
        if index == lines.count - 1 { break }
        throw DatasetError(source: path, line: index + 1, "line \(index + 1) is no line of a training log")
      }
      func number(_ cell: Int) -> Double { Double(cells[cell]) ?? .nan }
      entries.append(
        Entry(
          step: step, epoch: epoch, set: set, loss: number(3), metric: number(4), learningRate: number(5),
          gradientNorm: number(6), pathNorm: number(7), seconds: seconds))
    }
    return TrainingLog(entries: entries)
  }

  public func entries(of set: SampleSet) -> [Entry] { entries.filter { $0.set == set } }
}
