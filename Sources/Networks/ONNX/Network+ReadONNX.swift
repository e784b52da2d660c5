import Foundation
import LinearAlgebra

extension Network {
  /// Reads an ONNX model that is a chain of affine steps and ReLUs.
  ///
  /// The network is the function of one sample in real arithmetic, its input and output flattened row after row: an
  /// open first dimension is the batch. Weights are taken exactly (every float16, float32 or float64 is a `Double`);
  /// consecutive affine steps become one affine layer, in double precision, which is exact for one `Gemm` (alpha =
  /// beta = 1) and for `MatMul` then `Add`.
  ///
  /// Accepted are the affine operators of `UnitNetwork.init(onnx:source:)` and `Relu`, where every ReLU layer reads
  /// nothing but the one before it; a convolution becomes a dense layer. Nodes that the output does not depend on are
  /// ignored.
  ///
  /// A graph that mixes float32 and float64 is read too, though runtimes refuse it: its real function is as clear.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - source: what messages call the file, for example its path.
  /// - Complexity: O(bytes), plus the products of consecutive matrices.
  /// - Throws: `ONNXError`, which names the node, tensor or layer and says what is accepted.
  public init(onnx data: Data, source: String) throws {
    try self.init(ONNXFile(data, source: source))
  }

  /// Reads an ONNX model from a file; see `init(onnx:source:)`.
  ///
  /// - Throws: `ONNXError`, also when the file cannot be read.
  public static func readONNX(path: String) throws -> Network {
    try Network(onnx: ONNXFile.contents(ofPath: path), source: path)
  }

  init(_ model: Onnx_ModelProto, source: String) throws {
    try self.init(ONNXFile(model, source: source))
  }

  private init(_ file: ONNXFile) throws {
    self = try file.withSingleGraph { try Network(chain: ONNXReader.units(of: $0, style: .layered)) }
  }

  /// The layers of stages of ReLUs, of which each reads the one before it alone.
  private init(chain units: UnitNetwork) throws {
    var layers: [Layer] = []
    var known = 0..<units.inputCount
    var parameterCount = 0
    for (stage, last) in zip(units.stages, units.stageOffsets.dropFirst()) {
      let forms = try stage.units.map { unit in
        guard unit.kind == .hinge(below: 0, above: 1) else {
          throw ONNXFault("layer \(stage.name) is not of ReLUs; accepted is a chain of affine steps and ReLUs")
        }
        return unit.forms[0]
      }
      layers += [try Self.dense(forms, of: known, label: "layer \(stage.name)", &parameterCount), .relu]
      known = known.upperBound..<last
    }
    let passes = !layers.isEmpty && units.outputs.map(\.plainValue) == Array(known)
    if !passes { layers.append(try Self.dense(units.outputs, of: known, label: "the output", &parameterCount)) }
    try self.init(layers)
  }

  /// The affine layer of forms that read a range of values.
  private static func dense(
    _ forms: [AffineForm], of values: Range<Int>, label: String, _ parameterCount: inout Int
  ) throws -> Layer {
    guard let count = elementCount([forms.count, values.count + 1]),
      parameterCount + count <= ONNXReader.largestParameterCount
    else {
      throw ONNXFault(
        "\(label) takes a \(forms.count) × \(values.count) matrix; accepted are up to"
          + " \(ONNXReader.largestParameterCount) weights in all")
    }
    parameterCount += count
    var weights = Matrix(rows: forms.count, columns: values.count)
    for (row, form) in forms.enumerated() {
      for term in form.terms {
        guard values.contains(term.value) else {
          throw ONNXFault(
            "\(label) does not read the layer before it alone;"
              + " accepted is a chain, without branches or skip connections"
          )
        }
        weights[row, term.value - values.lowerBound] = term.weight
      }
    }
    return .affine(weights: weights, bias: forms.map(\.constant))
  }
}
