import Datasets
import Exact
import Foundation
import Networks

/// A network with rational weights as a JSON document: what an ONNX file cannot hold exactly.
///
/// ```json
/// {"format": "pleat-network", "inputs": 1,
///  "layers": [{"weights": [["1/3"], [-1]], "bias": [0, 0.5]}, {"weights": [[1, 2]], "bias": [0]}]}
/// ```
///
/// Weights are `[out × in]`, row after row; every layer but the last is followed by max(x, 0). Numbers are JSON numbers, read
/// exactly as decimals, or strings such as `"3/7"`.
public struct NetworkDocument: Sendable, Equatable {
  static let format = "pleat-network"

  public var network: RationalNetwork

  public init(_ network: RationalNetwork) { self.network = network }

  /// Whether a file's bytes can be such a document, rather than a function's, which has no place for the word. O(bytes), and
  /// nothing is parsed.
  public static func mayBe(_ bytes: Data) -> Bool { bytes.range(of: Data("\"\(format)\"".utf8)) != nil }

  /// - Throws: `DatasetError` with the place in the document, line and column, and what is accepted there.
  public init(_ document: JSONDocument) throws {
    let reader = FunctionReader(document)
    let root = FunctionReader.Node(value: document.root, path: "")
    let members = try reader.members(root, known: ["format", "inputs", "layers"])
    let format = try reader.member("format", of: members)
    guard try reader.text(format) == Self.format else { throw reader.error("must be \"\(Self.format)\"", at: format) }
    let inputs = try reader.integer(
      reader.member("inputs", of: members), in: 1...1 << 20, "number of inputs, from 1 to \(1 << 20)")
    var width = inputs
    var layers: [[RationalNetwork.Row]] = []
    for node in try reader.elements(reader.member("layers", of: members), of: "layers") {
      let layer = try reader.members(node, known: ["weights", "bias"])
      let weights = try reader.elements(reader.member("weights", of: layer), of: "rows")
      let bias = try reader.numbers(
        reader.member("bias", of: layer), count: weights.count, "there are \(weights.count) rows of weights")
      layers.append(
        try zip(weights, bias).map { row, constant in
          let numbers = try reader.numbers(row, count: width, "the layer before has \(width) values")
          return RationalNetwork.Row(
            numbers.enumerated().map { (key: $0.offset, value: $0.element) }, constant: constant)
        })
      width = weights.count
    }
    // `elements` has seen to it that there is a layer.
    network = try RationalNetwork(inputs: inputs, hidden: Array(layers.dropLast()), outputs: layers[layers.count - 1])
  }

  /// Writes the document, whole or not at all. What is written reads back as the same network.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public func write(to path: String) throws { try AtomicFile.write(Data(text.utf8), to: path) }

  /// The document, a row of weights on each line.
  public var text: String {
    var width = network.inputs
    let layers = (network.hidden + [network.outputs]).map { rows in
      let lines = rows.map { row in
        var weights = [String](repeating: "0", count: width)
        for term in row.terms { weights[term.column] = FunctionWriter.number(term.weight) }
        return "      [" + weights.joined(separator: ", ") + "]"
      }
      width = rows.count
      let bias = rows.map { FunctionWriter.number($0.constant) }.joined(separator: ", ")
      return "    {\"weights\": [\n" + lines.joined(separator: ",\n") + "],\n     \"bias\": [\(bias)]}"
    }
    return "{\"format\": \"\(Self.format)\", \"inputs\": \(network.inputs),\n  \"layers\": [\n"
      + layers.joined(separator: ",\n") + "]}\n"
  }
}
