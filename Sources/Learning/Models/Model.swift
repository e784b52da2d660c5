/// A chain of layers and the places of its parameters in one array.
///
/// ```swift
/// let model = try Model(
///   input: .vector(2),
///   layers: [.recurrent(Recurrent(.simple(.relu), units: 100)), .lastStep, .dense(Dense(1))])
/// model.parameterCount      // 10501
/// model.tensors.map(\.name) // ["recurrent1.input", "recurrent1.recurrent", "recurrent1.bias", "dense1.weights", …]
/// ```
///
/// Without `.lastStep` there is an output at every step. Invariant: every layer can read what the one before it yields.
public struct Model: Sendable, Hashable {
  public let input: Signal
  public let layers: [Layer]
  /// What passes between the layers: `signals[0]` is the input, `signals[layers.count]` the output.
  public let signals: [Signal]
  /// All tensors, in the order of their numbers.
  public let tensors: [TensorShape]
  /// For each layer the place of its parameters.
  let layerRanges: [Range<Int>]

  /// A model from its layers, first to last. O(layers).
  ///
  /// - Throws: `ModelError`, which names the layer, counted from 1, when it cannot read what comes.
  public init(input: Signal, layers: [Layer]) throws {
    guard input.inputs > 0 else { throw ModelError("a model needs an input; here come \(input)") }
    guard !layers.isEmpty else { throw ModelError("a model needs at least one layer") }
    var signals = [input]
    var tensors: [TensorShape] = []
    var ranges: [Range<Int>] = []
    var offset = 0
    var counts: [String: Int] = [:]
    for (index, layer) in layers.enumerated() {
      let kernel = layer.kernel
      let output: Signal
      do {
        output = try kernel.output(for: signals[index])
      } catch let error as ModelError {
        throw ModelError("layer \(index + 1): \(error.description)")
      }
      let start = offset
      counts[layer.name, default: 0] += 1
      for request in kernel.tensors(for: signals[index]) {
        let name = "\(layer.name)\(counts[layer.name, default: 1]).\(request.name)"
        var size = 1
        for extent in request.shape {
          let (product, overflow) = size.multipliedReportingOverflow(by: extent)
          guard !overflow, product <= Self.largestCount else {
            throw ModelError("layer \(index + 1): \(name) would have more than \(Self.largestCount) numbers")
          }
          size = product
        }
        tensors.append(TensorShape(name: name, shape: request.shape, role: request.role, offset: offset))
        offset += size
      }
      signals.append(output)
      ranges.append(start..<offset)
    }
    if let index = layers.firstIndex(of: .lastStep), layers[(index + 1)...].contains(where: \.isRecurrent) {
      throw ModelError("a recurrent layer stands after the last step was taken, where there is no sequence left")
    }
    self.input = input
    self.layers = layers
    self.signals = signals
    self.tensors = tensors
    layerRanges = ranges
  }

  /// BLAS counts in 32 bits.
  private static let largestCount = Int(Int32.max)

  public var output: Signal { signals[layers.count] }
  public var parameterCount: Int { layerRanges.last?.upperBound ?? 0 }
  /// Whether the output is that of the last step alone.
  public var readsLastStep: Bool { layers.contains(.lastStep) }
  /// Whether any layer has a state.
  public var isRecurrent: Bool { layers.contains(where: \.isRecurrent) }

  public func tensor(named name: String) -> TensorShape? { tensors.first { $0.name == name } }

  /// The tensors of a layer.
  func tensors(ofLayer index: Int) -> ArraySlice<TensorShape> {
    guard let first = tensors.firstIndex(where: { $0.offset >= layerRanges[index].lowerBound }) else { return [] }
    let end = tensors[first...].firstIndex { $0.offset >= layerRanges[index].upperBound } ?? tensors.endIndex
    return tensors[first..<end]
  }
}
