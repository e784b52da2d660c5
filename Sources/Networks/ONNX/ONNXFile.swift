import Foundation
import SwiftProtobuf

/// An ONNX model on its way from bytes to a graph; what goes wrong is thrown as `ONNXError`, with the file's name.
struct ONNXFile {
  let message: Onnx_ModelProto
  /// What messages call the file.
  let source: String

  init(_ message: Onnx_ModelProto, source: String) {
    self.message = message
    self.source = source
  }

  init(_ data: Data, source: String) throws {
    do {
      message = try Onnx_ModelProto(serializedBytes: data)
    } catch {
      throw ONNXError(
        source: source,
        message: "this is not an ONNX model, or it is damaged: the bytes are not the protobuf message of one")
    }
    self.source = source
  }

  static func contents(ofPath path: String) throws -> Data {
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
      throw ONNXError(source: path, message: "cannot read the file: it is a directory")
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw ONNXError(source: path, message: "cannot read the file: \(error.localizedDescription)")
    }
  }

  /// Does something with the graph, which must have one input and one output.
  func withSingleGraph<Result>(_ body: (ONNXGraph) throws -> Result) throws -> Result {
    try namingSource {
      let version = try operatorSet()
      try ONNXGraph.checkOneInputAndOutput(message.graph)
      return try body(ONNXGraph(message.graph, operatorSet: version))
    }
  }

  /// Does something with the graph, as far as its outputs and some inner values need it.
  func withGraph<Result>(hidden: [String] = [], _ body: (ONNXGraph) throws -> Result) throws -> Result {
    try namingSource { try body(ONNXGraph(message.graph, operatorSet: operatorSet(), hidden: hidden)) }
  }

  private func namingSource<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let fault as ONNXFault {
      throw ONNXError(source: source, message: fault.message)
    } catch let error as NetworkError {
      throw ONNXError(source: source, message: error.description)
    }
  }

  /// The version of the standard operator set that the model imports.
  private func operatorSet() throws -> Int64 {
    guard message.hasGraph else { throw ONNXFault("this is not an ONNX model: it holds no graph") }
    // Tools that join two models leave the same import twice.
    let versions = Set(message.opsetImport.filter { ["", "ai.onnx"].contains($0.domain) }.map(\.version))
    let accepted = ONNXReader.operatorSets
    guard let version = versions.first, versions.count == 1, accepted.contains(version) else {
      let list = versions.sorted().prefix(5).map(String.init).joined(separator: ", ")
      let found = versions.isEmpty ? "no standard operator set" : "version \(list) of the standard operator set"
      throw ONNXFault(
        "the model imports \(found);"
          + " accepted is one version from \(accepted.lowerBound) to \(accepted.upperBound)")
    }
    return version
  }
}
