import Activations
import Datasets
import Foundation

/// An instance with weights that were found for it, as one `.npz` file: the arrays of
/// ``PatternStorage/bundle(source:)``, `weights` [N] and `activation`, its name or formula in bytes.
public struct StoredSolution: Sendable {
  public let storage: PatternStorage
  public let weights: [Float]
  public let activation: Activation

  public init(storage: PatternStorage, weights: [Float], activation: Activation) {
    self.storage = storage
    self.weights = weights
    self.activation = activation
  }

  public var isBinary: Bool { weights.allSatisfy { abs($0) == 1 } }

  public func bundle(source: String) -> NumpyBundle {
    var bundle = storage.bundle(source: source)
    bundle["weights"] =
      isBinary
      ? NumpyBundle.Values(shape: [weights.count], signed: weights.map { $0 < 0 ? -1 : 1 })
      : NumpyBundle.Values(shape: [weights.count], numbers: weights.map(Double.init))
    let name = Array(activation.name.utf8)
    bundle["activation"] = NumpyBundle.Values(shape: [name.count], bytes: name)
    return bundle
  }

  /// Throws `SolutionSpaceError` for a file that is no solution, or is damaged.
  public init(_ bundle: NumpyBundle) throws {
    storage = try PatternStorage(bundle)
    guard let values = bundle["weights"]?.numbers, values.count == storage.inputs, values.allSatisfy(\.isFinite) else {
      throw SolutionSpaceError(
        "\(bundle.source) holds no solution: the array 'weights' of \(storage.inputs) numbers is missing; 'pleat "
          + "storage "
          + "--out' writes it")
    }
    weights = values.map { Float($0) }
    guard let name = bundle["activation"], case .bytes(let bytes) = name.elements, bytes.count < 10_000 else {
      throw SolutionSpaceError("\(bundle.source) does not say its activation: the array 'activation' is missing")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    activation = try (try? Activation(named: text)) ?? Activation(expression: text)
  }
}
