import Datasets
import Foundation
import Networks
import Representation

/// A network that a person named on the command line.
struct ModelFile {
  let path: String
  let network: UnitNetwork
  /// What an ONNX file says about its graph; nil for other formats.
  let summary: ONNXSummary?

  /// Reads ONNX, the weights W0, b0, W1, b1 … of a ReLU network from `.npz`, or a network document (`.json`) whose weights
  /// doubles can hold.
  init(_ path: String) throws {
    self.path = path
    if path.lowercased().hasSuffix(".npz") {
      summary = nil
      network = try Failure.asUsage { try Self.readArrays(path) }
    } else if path.lowercased().hasSuffix(".json") {
      summary = nil
      let (units, isExact) = try Failure.asUsage {
        try NetworkDocument(JSONDocument.read(path: path)).network.roundedUnits(to: .float64)
      }
      guard isExact else {
        throw Failure.usage(
          "\(path): its weights are fractions that doubles cannot hold; write it as .onnx, or compare it with its "
            + "function file: pleat equivalent FUNCTION.json \(path)")
      }
      network = units
    } else {
      network = try Failure.asUsage { try UnitNetwork.readONNX(path: path) }
      summary = FileManager.default.contents(atPath: path).flatMap { try? ONNXSummary(onnx: $0, source: path) }
    }
  }

  private static func readArrays(_ path: String) throws -> UnitNetwork {
    let archive = try NumpyArchive(path: path)
    var count = 1
    while archive.arrays["W\(count)"] != nil || archive.arrays["b\(count)"] != nil { count += 1 }
    do {
      return try UnitNetwork(
        weights: (0..<count).map { try archive.matrix("W\($0)") },
        biases: (0..<count).map { try archive.vector("b\($0)") })
    } catch let error as NetworkError {
      throw Failure.usage("\(path): \(error)")
    }
  }

  /// `model.onnx: 2 inputs, 1 output, 64 units in 2 layers`.
  var title: String {
    let layers = network.stages.count { $0.units.contains(where: \.bends) }
    let name = URL(fileURLWithPath: path).lastPathComponent
    return "\(name): \(Self.count(network.inputCount, "input")), \(Self.count(network.outputs.count, "output")), "
      + "\(Self.count(network.size, "unit")) in \(Self.count(layers, "layer"))"
  }

  /// The same for a network with rational weights.
  static func title(of network: RationalNetwork, path: String) -> String {
    let name = URL(fileURLWithPath: path).lastPathComponent
    return "\(name): \(count(network.inputs, "input")), \(count(network.outputs.count, "output")), "
      + "\(count(network.size, "unit")) in \(count(network.hidden.count, "layer")), rational weights"
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(NumberFormat.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
