import Exact
import Foundation
import Mutation
import Networks
import Probability
import Queries

/// A reader under test.
enum Reader: String, CaseIterable {
  case onnx, vnnlib

  /// Two readings of one input that do not agree.
  struct Disagreement: Error {
    let message: String
  }

  func input(from seeds: [[UInt8]], seed: UInt64, index: Int) -> [UInt8] {
    var random = RandomSource(seed: seed, index: index)
    let first = seeds[random.index(below: seeds.count)]
    let donor = seeds[random.index(below: seeds.count)]
    return switch self {
    case .onnx: ModelMutation.mutated(first, donor: donor, using: &random)
    case .vnnlib: QueryMutation.mutated(first, donor: donor, using: &random)
    }
  }

  /// Reads an input. True when it is accepted, false when it is refused with the reader's own error; any other error,
  /// and a ``Disagreement``, is thrown.
  func accepts(_ bytes: [UInt8]) throws -> Bool {
    switch self {
    case .onnx: try Self.acceptsModel(Data(bytes))
    case .vnnlib: try Self.acceptsQuery(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func acceptsModel(_ data: Data) throws -> Bool {
    _ = try refusal(ONNXError.self) { try ONNXSummary(onnx: data, source: "model") }
    let network = try refusal(ONNXError.self) { try Network(onnx: data, source: "model") }
    guard let units = try refusal(ONNXError.self, { try UnitNetwork(onnx: data, source: "model") }) else {
      if network != nil { throw Disagreement(message: "read as a chain of layers, refused as a graph of units") }
      return false
    }
    let point = (0..<units.inputCount).map { Double($0 % 7) / 4 - 0.5 }
    let outputCount = units(point).count
    if let network, network(point).count != outputCount {
      throw Disagreement(message: "the chain of layers and the graph of units have other numbers of outputs")
    }
    return true
  }

  private static func acceptsQuery(_ text: String) throws -> Bool {
    guard let query = try refusal(VNNLIBError.self, { try VNNLIBQuery(text, file: "query") }) else { return false }
    _ = query.theories
    let again = try refusal(VNNLIBError.self) {
      try VNNLIBQuery(query.text(version: query.version), file: "again")
    }
    guard again == query else { throw Disagreement(message: "the query's own text does not read as the query") }
    let tree = try refusal(VNNLIBError.self) { try query.normalForm() }
    if let tree {
      _ = tree?.forEachCase(limit: 100) { _ in }
      let holds = query.holds { Rational($0 % 9 - 4, 2) }
      let isContained = tree?.contains { Rational($0 % 9 - 4, 2) } ?? false
      guard holds == isContained else {
        throw Disagreement(message: "the normal form does not hold where the query does")
      }
    }
    return true
  }

  /// Nil when the body throws the reader's own error.
  private static func refusal<Refusal: Error, Value>(_: Refusal.Type, _ body: () throws -> Value) throws -> Value? {
    do { return try body() } catch is Refusal { return nil }
  }
}
