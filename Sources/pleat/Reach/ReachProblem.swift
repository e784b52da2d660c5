import Foundation
import Networks
import Queries

extension ReachSubject {
  /// A model and its property as one problem, and what the model is in words.
  static func problem(model path: String, property: String) throws -> (title: String, problem: QueryProblem) {
    try Failure.asUsage {
      let query = try VNNLIBQuery.read(path: property)
      let problem = try QueryProblem(query, models: [ONNXModel.read(path: path)])
      let network = problem.network
      let name = URL(fileURLWithPath: path).lastPathComponent
      let counts = [(network.inputCount, "input"), (network.outputs.count, "output"), (network.size, "unit")]
      return ("\(name): " + counts.map { ModelFile.count($0.0, $0.1) }.joined(separator: ", "), problem)
    }
  }
}
