import Datasets
import Exact
import Foundation
import Networks
import Testing

@testable import Representation

@Suite("Networks as documents")
struct NetworkDocumentTests {
  @Test func roundTrip() throws {
    let network = try RationalNetwork(
      inputs: 2,
      hidden: [
        [.init([0: Rational(1, 3), 1: -2], constant: Rational("0.125")!), .init([1: 1])],
        [.init([0: Rational(-5, 7)], constant: Rational(2, 9))],
      ],
      outputs: [.init([0: 3], constant: -1), .init([:], constant: Rational(1, 7))])
    let text = NetworkDocument(network).text
    let document = try JSONDocument(text, source: "net.json")
    #expect(NetworkDocument.mayBe(Data(text.utf8)))
    #expect(FunctionFile.Form.allCases.allSatisfy { !NetworkDocument.mayBe(Data(FunctionFile.example($0).utf8)) })
    #expect(try NetworkDocument(document).network == network)
  }

  @Test func onlyAnAffineMap() throws {
    let text = #"{"format": "pleat-network", "inputs": 1, "layers": [{"weights": [[2.5]], "bias": ["1/3"]}]}"#
    let network = try NetworkDocument(JSONDocument(text, source: "net.json")).network
    #expect(network.hidden.isEmpty)
    #expect(network([4]) == [Rational(31, 3)])
  }

  @Test(arguments: [
    (#"{"format": "pleat-network", "inputs": 1, "layers": []}"#, "layers"),
    (#"{"format": "pleat-network", "inputs": 0, "layers": [{"weights": [[1]], "bias": [0]}]}"#, "inputs"),
    (#"{"format": "pleat-network", "inputs": 2, "layers": [{"weights": [[1]], "bias": [0]}]}"#, "layers[0].weights[0]"),
    (#"{"format": "pleat-network", "inputs": 1, "layers": [{"weights": [[1]], "bias": [0, 1]}]}"#, "layers[0].bias"),
    (#"{"format": "pleat-network", "inputs": 1, "layers": [{"weight": [[1]], "bias": [0]}]}"#, "'weights'"),
    (#"{"format": "pleat-network", "inputs": 1, "layers": [{"weights": [["x"]], "bias": [0]}]}"#, "weights[0][0]"),
    (#"{"format": "pleat-function", "inputs": 1, "layers": []}"#, "format"),
    (#"[1, 2]"#, "object"),
  ])
  func errors(text: String, mention: String) throws {
    let document = try JSONDocument(text, source: "net.json")
    let error = #expect(throws: DatasetError.self) { try NetworkDocument(document) }
    #expect(error?.description.contains(mention) == true, "\(error?.description ?? "")")
  }
}
