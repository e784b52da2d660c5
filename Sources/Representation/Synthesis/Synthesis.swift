import Exact
import Execution
import Networks

/// Makes an exact ReLU network from a continuous piecewise-linear function, in each way that is known, and chooses.
///
/// ```swift
/// let problem = try SynthesisProblem(FunctionFile.read(path: "controller.json"))
/// let result = try Synthesis(goal: .units).run(problem)
/// result.best.network.size
/// ```
///
/// Sources: R. Arora et al., *Understanding deep neural networks with rectified linear units* (2018), Theorems 2.1 and 2.2;
/// K.-L. Chen, H. Garudadri, B. Rao, *Improved bounds on neural complexity for representing piecewise linear functions*
/// (2022).
public struct Synthesis: Sendable {
  public enum Goal: String, Sendable, CaseIterable {
    /// Fewest hidden layers, then fewest units.
    case depth
    /// Fewest units, then fewest hidden layers, then fewest multiplications.
    case units
  }

  public var goal: Goal
  /// Whether the output may add a constant. Without, a unit that is always 1 carries it.
  public var outputBias: Bool
  /// Told to stop, it makes no further network after the first.
  public var cancellation: Cancellation

  /// A maximum of minima whose bound is above is not made.
  public static let largestLatticeBound = 20_000

  public init(goal: Goal = .depth, outputBias: Bool = true, cancellation: Cancellation = Cancellation()) {
    self.goal = goal
    self.outputBias = outputBias
    self.cancellation = cancellation
  }

  /// The networks of a function.
  ///
  /// - Throws: `RepresentationError` when the function is too large for every construction; it says how.
  /// - Complexity: that of the decomposition, of the max–min form and of the compilations.
  public func run(_ problem: SynthesisProblem) throws -> SynthesisResult {
    var builder = Builder(synthesis: self, problem: problem)
    try builder.addSignedMaxima()
    if !builder.isDone { try builder.addGivenMaxima() }
    if !builder.isDone { try builder.addLattice() }
    if !cancellation.shouldStop { try builder.addOneHiddenLayer() }
    let candidates = builder.candidates
    guard let chosen = candidates.indices.min(by: { precedes(candidates[$0], candidates[$1]) }) else {
      throw RepresentationError(builder.skipped.map(\.reason).joined(separator: "; "))
    }
    return SynthesisResult(
      candidates: candidates, chosen: chosen, skipped: builder.skipped,
      theoremHiddenLayers: binaryDepth(problem.inputs + 1), theoremUnits: builder.theoremUnits,
      oneHiddenLayer: builder.verdicts, signedMaxima: builder.sums, isComplete: !cancellation.shouldStop)
  }

  private func precedes(_ left: SynthesisCandidate, _ right: SynthesisCandidate) -> Bool {
    func key(_ candidate: SynthesisCandidate) -> (Int, Int, Int) {
      switch goal {
      case .depth: (candidate.hiddenLayers, candidate.units, candidate.multiplications)
      case .units: (candidate.units, candidate.hiddenLayers, candidate.multiplications)
      }
    }
    return key(left) < key(right)
  }
}

/// What a synthesis found.
public struct SynthesisResult: Sendable {
  /// At least one.
  public let candidates: [SynthesisCandidate]
  /// The best of them for the goal.
  public let chosen: Int
  public let skipped: [SkippedConstruction]
  /// ⌈log₂(n + 1)⌉ hidden layers suffice for every function of n inputs (Arora et al., Theorem 2.1).
  public let theoremHiddenLayers: Int
  /// For one input, the units of one hidden layer that suffice for functions with as many pieces (Theorem 2.2); nil for
  /// more inputs.
  public let theoremUnits: Int?
  /// For each output, whether one hidden layer can represent it; empty when nobody asked, after an interruption.
  public let oneHiddenLayer: [OneHiddenLayerVerdict]
  /// For each output its decomposition; empty when the function is too large for it.
  public let signedMaxima: [SignedMaximumSum]
  /// False when the synthesis was stopped before all networks were made.
  public let isComplete: Bool

  public var best: SynthesisCandidate { candidates[chosen] }
}

/// Makes the candidates one after another.
private struct Builder {
  let synthesis: Synthesis
  let problem: SynthesisProblem
  var candidates: [SynthesisCandidate] = []
  var skipped: [SkippedConstruction] = []
  var verdicts: [OneHiddenLayerVerdict] = []
  var sums: [SignedMaximumSum] = []
  var theoremUnits: Int?

  init(synthesis: Synthesis, problem: SynthesisProblem) {
    self.synthesis = synthesis
    self.problem = problem
  }

  private mutating func add(
    _ construction: SynthesisCandidate.Construction, _ network: RationalNetwork, theoremUnits: Int? = nil
  ) throws {
    let network = synthesis.outputBias ? network : try network.withoutOutputBias()
    candidates.append(
      SynthesisCandidate(construction: construction, network: network, theoremUnits: theoremUnits))
  }

  /// Whether nothing more is to be made, since somebody wants to stop and there is a network.
  var isDone: Bool { synthesis.cancellation.shouldStop && !candidates.isEmpty }

  mutating func addSignedMaxima() throws {
    do {
      sums = try problem.signedMaxima()
    } catch {
      skipped.append(SkippedConstruction(construction: .signedMaxima, reason: error.description))
      return
    }
    let tree = try Compiler().compile(sums)
    try add(.signedMaxima, tree.network)
    let arity = sums.map(\.largestArity).max() ?? 0
    guard !synthesis.cancellation.shouldStop,
      MaximumNetwork.shallowHiddenLayers(count: max(arity, 1)) < MaximumNetwork.treeHiddenLayers(count: max(arity, 1))
    else { return }
    let shallow = try Compiler(minimisesDepth: true).compile(sums)
    if shallow.hiddenLayers < tree.hiddenLayers { try add(.shallowSignedMaxima, shallow.network) }
  }

  /// Maxima with more arguments than n + 1; the same as the signed maxima otherwise.
  mutating func addGivenMaxima() throws {
    guard let given = problem.givenMaxima,
      sums.isEmpty || given.contains(where: { $0.largestArity > problem.inputs + 1 })
    else { return }
    try add(.givenMaxima, try Compiler().compile(given).network)
  }

  mutating func addLattice() throws {
    guard let forms = try problem.latticeForms() else {
      skipped.append(SkippedConstruction(construction: .maximumOfMinima, reason: "the cells were not listed"))
      return
    }
    let construction: SynthesisCandidate.Construction =
      forms.allSatisfy(\.isMaximum) ? .maximum : forms.allSatisfy(\.isMinimum) ? .minimum : .maximumOfMinima
    let bound = forms.reduce(0) {
      $0 + Compiler.theoremUnits(functions: $1.functions.count, clauses: $1.clauses.count)
    }
    let comparisons = forms.reduce(0) { $0 + $1.comparisons }
    let cost = construction == .maximumOfMinima ? bound : comparisons
    guard cost <= Synthesis.largestLatticeBound || candidates.isEmpty else {
      skipped.append(
        SkippedConstruction(
          construction: construction,
          reason: "\(forms.reduce(0) { $0 + $1.functions.count }) functions in "
            + "\(forms.reduce(0) { $0 + $1.clauses.count }) clauses take up to \(bound) units; "
            + "at most \(Synthesis.largestLatticeBound) are tried"))
      return
    }
    // A constant unit in place of the output's bias is not counted by the theorem.
    try add(construction, try Compiler().compile(forms).network, theoremUnits: bound + (synthesis.outputBias ? 0 : 1))
  }

  mutating func addOneHiddenLayer() throws {
    let search = OneHiddenLayerSearch(problem: problem, outputBias: synthesis.outputBias)
    let answers = try (0..<problem.outputs).map { try search.answer(output: $0) }
    verdicts = answers.map(\.verdict)
    theoremUnits = try search.theoremUnits()
    let networks = answers.compactMap(\.network)
    guard networks.count == problem.outputs else { return }
    try add(.oneHiddenLayer, try OneHiddenLayerSearch.sideBySide(networks), theoremUnits: theoremUnits)
  }
}
