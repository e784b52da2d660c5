import Exact
import Networks
import Probability

@testable import Certificates
@testable import Queries

/// A question about a network with inputs X in [−1, 1]ⁿ: a case in doubles, without a query around it.
struct SafetyQuestion {
  var network: UnitNetwork
  var item: RelaxedCase

  init(_ network: UnitNetwork, radius: Double = 1, requirements: [AffineForm]) {
    self.network = network
    item = RelaxedCase(
      box: Array(repeating: Interval(lower: -radius, upper: radius), count: network.inputCount),
      requirements: requirements.map { Requirement(form: $0, errors: [], products: []) })
  }

  func check(_ steps: [SafetyProof.Step]) throws -> SafetyReport {
    var walk = ProofWalk(try FlatNetwork(network))
    try walk.run(SafetyProof(steps: steps), of: item, place: "case 0")
    return walk.report
  }

  func accepts(_ steps: [SafetyProof.Step]) -> Bool { (try? check(steps)) != nil }

  /// The error that a proof is refused with, as text; empty when it is accepted.
  func refusal(_ steps: [SafetyProof.Step]) -> String {
    do {
      _ = try check(steps)
      return ""
    } catch {
      return "\(error)"
    }
  }
}

extension QueryProblem {
  /// A query of version 2.0 about one network, whose inputs are X and whose outputs are Y, all real.
  init(_ network: UnitNetwork, _ assertions: String) throws {
    let query = try VNNLIBQuery(
      """
      (vnnlib-version <2.0>)
      (declare-network N
        (declare-input X real [\(network.inputCount)]) (declare-output Y real [\(network.outputs.count)]))
      \(assertions)
      """, file: "test.vnnlib")
    self.init(
      query: query, tree: try query.normalForm(), network: network,
      places: (0..<network.inputCount).map { .input($0) } + network.outputs.indices.map { .output($0) })
  }
}

extension SafetyCertificate {
  init(_ verdict: Verdict) {
    self.init(
      query: File(name: "", path: "test.vnnlib", digest: "sha256:0"),
      networks: [File(name: "N", path: "test.onnx", digest: "sha256:1")], verdict: verdict)
  }
}

extension AffineForm {
  /// constant + Σ weights[i] v_i
  init(_ constant: Double, _ weights: [Int: Double]) {
    self.init(
      constant: constant, terms: weights.sorted { $0.key < $1.key }.map { Term(value: $0.key, weight: $0.value) })
  }
}

extension SafetyProof.Slopes {
  init(_ count: Int, _ fraction: UInt8 = 0) { self.init(Array(repeating: fraction, count: count)) }
}

extension SafetyProof.Step {
  static func none(_ multipliers: SafetyProof.Multiplier...) -> SafetyProof.Step {
    .claim(SafetyProof.Claim(.nothing, multipliers))
  }

  static func claims(_ goal: SafetyProof.Goal, _ multipliers: SafetyProof.Multiplier...) -> SafetyProof.Step {
    .claim(SafetyProof.Claim(goal, multipliers))
  }
}

extension RandomSource {
  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  mutating func fractions(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(index(below: 129)) } }

  /// A network of hinges of all kinds, with one output; forms may read any earlier value.
  mutating func hinges(inputs: Int, widths: [Int]) throws -> UnitNetwork {
    let kinds = [(0.0, 1.0), (0, 1), (0, 1), (0.125, 1), (-1, 1), (1, 0), (0.3, -0.7), (1, 1)]
    var known = inputs
    var first = 0
    var stages: [UnitNetwork.Stage] = []
    func form(_ source: inout RandomSource) -> AffineForm {
      let reachesBack = source.chance(0.3)
      let values = (0..<known).filter { $0 >= first || reachesBack && source.chance(0.5) }
      let scale = (1.5 / Double(values.count)).squareRoot()
      return AffineForm(
        constant: 0.3 * source.normal(),
        terms: values.map { AffineForm.Term(value: $0, weight: scale * source.normal()) })
    }
    for (index, width) in widths.enumerated() {
      let units = (0..<width).map { _ in
        let kind = kinds[self.index(below: kinds.count)]
        return UnitNetwork.Unit(kind: .hinge(below: kind.0, above: kind.1), forms: [form(&self)])
      }
      stages.append(UnitNetwork.Stage(name: "stage \(index)", units: units))
      first = known
      known += width
    }
    return try UnitNetwork(inputCount: inputs, stages: stages, outputs: [form(&self)])
  }
}

/// Makes proofs: splits inputs and units until the bounds of the checker's own arithmetic suffice.
struct SafetyProver {
  private let question: SafetyQuestion
  private let network: FlatNetwork
  private var substitution: Substitution
  private(set) var steps: [SafetyProof.Step] = []
  private var source: RandomSource

  init(_ question: SafetyQuestion, _ source: RandomSource) throws {
    self.question = question
    self.source = source
    network = try FlatNetwork(question.network)
    substitution = Substitution(network)
  }

  /// A proof; where `depth` splits do not suffice it ends in claims that do not follow, and the result is false.
  static func steps(
    _ question: SafetyQuestion, _ source: RandomSource, depth: Int
  ) throws -> (steps: [SafetyProof.Step], isComplete: Bool) {
    var prover = try SafetyProver(question, source)
    let root = ProofNode(box: question.item.box, unitCount: prover.network.unitCount)
    let isComplete = prover.close(root, depth: depth)
    return (prover.steps, isComplete)
  }

  private mutating func close(_ start: ProofNode, depth: Int) -> Bool {
    var node = start
    let fractions = source.fractions(network.unitCount)
    steps.append(.ranges(SafetyProof.Slopes(fractions)))
    substitution.tighten(&node, fractions: fractions)
    if node.isEmpty {
      steps.append(.none())
      return true
    }
    let multipliers = question.item.requirements.indices.map {
      SafetyProof.Multiplier(.requirement($0), source.chance(0.5) ? 1 : source.uniform())
    }
    if holds(.nothing, multipliers, node) || depth == 0 {
      steps.append(.claim(SafetyProof.Claim(.nothing, multipliers)))
      return holds(.nothing, multipliers, node)
    }
    let open = (0..<network.unitCount).filter {
      node.lower[network.inputCount + $0] < 0 && node.upper[network.inputCount + $0] > 0
    }
    var first = node
    var second = node
    if let unit = open.first, source.chance(0.3) {
      steps.append(.splitUnit(unit))
      first.reduce(network.inputCount + unit, to: 0)
      second.raise(network.inputCount + unit, to: 0)
    } else {
      let input = (0..<network.inputCount).max { node.interval($0).width < node.interval($1).width } ?? 0
      let value = node.interval(input).midpoint
      steps.append(.splitInput(input, at: value))
      first.reduce(input, to: value)
      second.raise(input, to: value)
    }
    let one = close(first, depth: depth - 1)
    return close(second, depth: depth - 1) && one
  }

  private mutating func holds(
    _ goal: SafetyProof.Goal, _ multipliers: [SafetyProof.Multiplier], _ node: ProofNode
  ) -> Bool {
    substitution.setLines(0..<network.unitCount, node, fractions: node.fractions)
    let summands = multipliers.enumerated().map { (question.item.requirements[$0].form, $1.factor) }
    return substitution.check(ClaimSum(summands: summands), isStrict: true, node).holds
  }
}
