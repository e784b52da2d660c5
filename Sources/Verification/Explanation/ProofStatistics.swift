import Certificates
import Queries

/// What a proof is made of: its leaves, and which inputs and units were split how often.
public struct ProofStatistics: Sendable, Hashable {
  public struct Share: Sendable, Hashable {
    /// The element of the query or the unit, by name.
    public var name: String
    public var splits: Int
  }

  public private(set) var cases = 0
  /// Nodes that a claim closes.
  public private(set) var leaves = 0
  public private(set) var inputSplits = 0
  public private(set) var unitSplits = 0
  /// The inputs and units that were split, most often first.
  public private(set) var shares: [Share] = []

  public var splits: Int { inputSplits + unitSplits }

  /// O(steps of the proofs).
  public init(_ proofs: [SafetyProof], of problem: QueryProblem) {
    cases = proofs.count
    var inputs: [Int: Int] = [:]
    var units: [Int: Int] = [:]
    for step in proofs.lazy.flatMap(\.steps) {
      switch step {
      case .splitInput(let input, _): inputs[input, default: 0] += 1
      case .splitUnit(let unit): units[unit, default: 0] += 1
      case .claim(let claim) where claim.goal == .nothing: leaves += 1
      case .claim, .ranges: break
      }
    }
    inputSplits = inputs.values.reduce(0, +)
    unitSplits = units.values.reduce(0, +)
    let names = problem.inputNames
    let inputShares = inputs.sorted { $0.key < $1.key }.map { input, splits in
      let name = names.indices.contains(input) ? names[input].joined(separator: " = ") : "input \(input)"
      return Share(name: name, splits: splits)
    }
    let unitShares = units.sorted { $0.key < $1.key }.map { unit, splits in
      Share(name: problem.name(ofUnit: unit), splits: splits)
    }
    shares = (inputShares + unitShares).enumerated()
      .sorted { ($1.element.splits, $0.offset) < ($0.element.splits, $1.offset) }.map(\.element)
  }
}

extension QueryProblem {
  /// A unit, counted over all stages, by its stage and its number in it: `Relu_3 [17]`.
  public func name(ofUnit unit: Int) -> String {
    var rest = unit
    for stage in network.stages {
      if rest < stage.units.count { return "\(stage.name) [\(rest)]" }
      rest -= stage.units.count
    }
    return "unit \(unit)"
  }
}
