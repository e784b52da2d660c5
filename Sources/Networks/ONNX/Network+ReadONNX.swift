import Foundation
import SwiftProtobuf

extension Network {
  /// Reads an ONNX model that is a chain of affine steps and ReLUs.
  ///
  /// The network is the function of one sample in real arithmetic, its input and output flattened row after row: an
  /// open first dimension is the batch. Weights are taken exactly (every float16, float32 or float64 is a `Double`);
  /// consecutive affine steps become one affine layer, in double precision, which is exact for one `Gemm` (alpha =
  /// beta = 1) and for `MatMul` then `Add`.
  ///
  /// Accepted operators, of the standard domain, versions 7 to 28: `Gemm`, `MatMul`, `Add`, `Sub`, `Mul`, `Div` with
  /// constants; `Relu`, `Neg`; `Identity`, `Cast` among floating-point types, `Dropout` in inference mode; `Flatten`,
  /// `Reshape`, `Squeeze`, `Unsqueeze`, `Transpose`; `Constant`. Nodes that the output does not depend on are ignored.
  ///
  /// A graph that mixes float32 and float64 is read too, though runtimes refuse it: its real function is as clear.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - source: what messages call the file, for example its path.
  /// - Complexity: O(bytes), plus the products of consecutive matrices.
  /// - Throws: `ONNXError`, which names the node or tensor and says what is accepted.
  public init(onnx data: Data, source: String) throws {
    let model: Onnx_ModelProto
    do {
      model = try Onnx_ModelProto(serializedBytes: data)
    } catch {
      throw ONNXError(
        source: source,
        message: "this is not an ONNX model, or it is damaged: the bytes are not the protobuf message of one")
    }
    try self.init(model, source: source)
  }

  /// Reads an ONNX model from a file; see `init(onnx:source:)`.
  ///
  /// - Throws: `ONNXError`, also when the file cannot be read.
  public static func readONNX(path: String) throws -> Network {
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
      throw ONNXError(source: path, message: "cannot read the file: it is a directory")
    }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw ONNXError(source: path, message: "cannot read the file: \(error.localizedDescription)")
    }
    return try Network(onnx: data, source: path)
  }

  init(_ model: Onnx_ModelProto, source: String) throws {
    do {
      try self.init(ONNXReader.layers(of: Self.graph(model)))
    } catch let fault as ONNXFault {
      throw ONNXError(source: source, message: fault.message)
    } catch let error as NetworkError {
      throw ONNXError(source: source, message: error.description)
    }
  }

  private static func graph(_ model: Onnx_ModelProto) throws -> ONNXGraph {
    guard model.hasGraph else { throw ONNXFault("this is not an ONNX model: it holds no graph") }
    // Tools that join two models leave the same import twice.
    let versions = Set(model.opsetImport.filter { ["", "ai.onnx"].contains($0.domain) }.map(\.version))
    let accepted = ONNXReader.operatorSets
    guard let version = versions.first, versions.count == 1, accepted.contains(version) else {
      let list = versions.sorted().prefix(5).map(String.init).joined(separator: ", ")
      let found = versions.isEmpty ? "no standard operator set" : "version \(list) of the standard operator set"
      throw ONNXFault(
        "the model imports \(found);"
          + " accepted is one version from \(accepted.lowerBound) to \(accepted.upperBound)")
    }
    return try ONNXGraph(model.graph, operatorSet: version)
  }
}
