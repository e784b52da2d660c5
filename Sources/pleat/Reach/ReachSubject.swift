import Datasets
import Exact
import Foundation
import Networks
import PiecewiseLinear
import Queries
import Verification

/// What is asked about: a network over a domain, or over the boxes of a property with its unsafe sets.
struct ReachSubject {
  /// A domain, with the unsafe sets on it.
  struct Part {
    let domain: RegionDomain
    /// nil for a polytope.
    let box: [Interval]?
    let unsafe: ReachQuestion.Part?
    /// The inputs that the domain does not hold at one value, increasing.
    let varyingInputs: [Int]

    init(_ domain: RegionDomain, inputs: Int, unsafe: ReachQuestion.Part? = nil) {
      self.domain = domain
      self.unsafe = unsafe
      guard case .box(let lower, let upper) = domain else {
        box = nil
        varyingInputs = Array(0..<inputs)
        return
      }
      box = zip(lower, upper).map { Interval(lower: $0, upper: $1) }
      varyingInputs = lower.indices.filter { lower[$0] < upper[$0] }
    }
  }

  let title: String
  let network: UnitNetwork
  /// nil without a property.
  let question: ReachQuestion?
  let parts: [Part]
  /// What inputs and outputs are called.
  let inputNames: [String]
  let outputNames: [String]

  init(_ command: ReachCommand) throws {
    if let property = command.property {
      guard !command.domainOptions.isGiven else {
        throw Failure.usage("a property has boxes of its own: give either \(property) or --box")
      }
      let (title, problem) = try Self.problem(model: command.model, property: property)
      let question = try Failure.asUsage { try ReachQuestion(problem) }
      self.title = title
      network = problem.network
      self.question = question
      parts = question.parts.map { [count = problem.network.inputCount] part in
        Part(.box(lower: part.box.map(\.lower), upper: part.box.map(\.upper)), inputs: count, unsafe: part)
      }
      inputNames = (0..<network.inputCount).map { Self.name(.input($0), problem) ?? "x\($0)" }
      outputNames = network.outputs.indices.map { Self.name(.output($0), problem) ?? "f\($0)" }
      return
    }
    let model = try ModelFile(command.model)
    title = model.title
    network = model.network
    question = nil
    let owner = "the network has \(ModelFile.count(network.inputCount, "input"))"
    guard let domain = try command.domainOptions.domain(inputs: network.inputCount, owner: owner, allowsPoints: true)
    else {
      throw Failure.usage(
        "say for which inputs: --box LO,HI, such as --box=-1,1, --polytope FILE for half-spaces, or a property "
          + "(.vnnlib) after the model")
    }
    parts = [Part(domain, inputs: network.inputCount)]
    inputNames = (0..<network.inputCount).map { "x\($0)" }
    outputNames = network.outputs.count == 1 ? ["f"] : network.outputs.indices.map { "f\($0)" }
  }

  /// The name of the first element that an input or an output of the problem is.
  private static func name(_ place: QueryProblem.Place, _ problem: QueryProblem) -> String? {
    problem.places.firstIndex(of: place).map { problem.query.name(of: $0) }
  }
}
