import Exact
import Execution
import Networks
import PiecewiseLinear
import Queries

/// Decides exactly, piece by piece, whether the outputs over a box meet the unsafe sets of a query.
///
/// The inequalities of the cases become hinges of one more stage, each moved outwards by one rounding step at least. If a
/// case has a point in the box, then an open set of points satisfies its moved inequalities, and so there is a cell of full
/// dimension on which all its hinges are above zero. The cells, their patterns being exact, are therefore all that has to be
/// looked at: their interior points first, and where these do not satisfy the case itself, the closed cell in rational
/// arithmetic. Without such a cell the box is proved safe.
public struct ReachSafety: Sendable {
  /// A piece of the reachable set that meets an unsafe set.
  public struct Violation: Sendable {
    /// By the layout of the reachable set over the same box.
    public var pattern: ActivationPattern
    /// Which of the part's cases.
    public var caseIndex: Int
    /// A value for each input of the network, at which the case holds exactly.
    public var point: [Rational]
  }

  public struct Result: Sendable {
    /// The number of pieces of the reachable set that were seen.
    public var pieces: Int
    /// At most one for each piece, in their order.
    public var violations: [Violation]
    /// Whether all pieces were seen.
    public var isComplete: Bool
    public var seconds: Double

    /// Whether it is proved that no point of the box satisfies a case.
    public var isSafe: Bool { isComplete && violations.isEmpty }
  }

  public let question: ReachQuestion
  public var threads = defaultThreadCount
  public var cancellation = Cancellation()
  /// Told now and then how many cells there are so far.
  public var progress: (@Sendable (Int) -> Void)?

  public init(_ question: ReachQuestion) { self.question = question }

  /// Decides a part of the question.
  ///
  /// - Throws: `NetworkError` when a bound leaves the range of doubles.
  public func check(_ part: ReachQuestion.Part) throws -> Result {
    let problem = question.problem
    let network = problem.network
    let (forms, positions) = try Self.movedForms(part, network)
    let stage = UnitNetwork.Stage(name: "requirements", units: forms.map(UnitNetwork.Unit.relu))
    let extended = try UnitNetwork(
      inputCount: network.inputCount, stages: network.stages + [stage], outputs: network.outputs)
    let domain = RegionDomain.box(lower: part.box.map(\.lower), upper: part.box.map(\.upper))
    let section = try DomainSection(extended, domain)
    var enumeration = try RegionEnumeration(section.network, in: section.domain)
    enumeration.threads = threads
    enumeration.cancellation = cancellation
    enumeration.progress = progress
    let finder = Finder(
      part: part, problem: problem, layout: enumeration.layout, own: PatternLayout(network), positions: positions,
      section: section)
    var result = Result(pieces: 0, violations: [], isComplete: false, seconds: 0)
    var last: ActivationPattern?
    var lastFound: ActivationPattern?
    let summary = try enumeration.forEach(
      detail: [], transform: { region in Swift.Result { try finder.visit(region) } },
      receive: { visit in
        let visit = try visit.get()
        // The last stage is split last: the cells of a piece follow each other.
        if visit.pattern != last { result.pieces += 1 }
        last = visit.pattern
        guard let violation = visit.violation, lastFound != visit.pattern else { return }
        lastFound = visit.pattern
        result.violations.append(violation)
      })
    result.isComplete = summary.isComplete
    result.seconds = summary.seconds
    return result
  }

  /// The different inequalities of a part as forms that are positive wherever a point of the box satisfies the inequality,
  /// and for each case where its forms are.
  private static func movedForms(
    _ part: ReachQuestion.Part, _ network: UnitNetwork
  ) throws -> (forms: [AffineForm], positions: [[Int]]) {
    let bounds = BoundPropagation(network).bounds(over: part.box, method: .intervals)
    let values = bounds?.values ?? Array(repeating: .whole, count: network.inputCount + network.unitCount)
    var forms: [AffineForm] = []
    var known: [AffineForm: Int] = [:]
    let positions = part.cases.map { item in
      item.relaxed.requirements.map { requirement in
        var form = requirement.form
        form.constant = (Interval(form.constant) + requirement.errorBound(over: values)).upper.nextUp
        if let position = known[form] { return position }
        known[form] = forms.count
        forms.append(form)
        return forms.count - 1
      }
    }
    return (forms, positions)
  }
}

/// What is done with each cell, on many threads.
private struct Finder: Sendable {
  struct Visit: Sendable {
    /// Of the network without the inequalities.
    var pattern: ActivationPattern
    var violation: ReachSafety.Violation?
  }

  let part: ReachQuestion.Part
  let problem: QueryProblem
  let layout: PatternLayout
  /// Of the network without the inequalities: the first entries of `layout`.
  let own: PatternLayout
  /// For each case which of the last stage's units it needs.
  let positions: [[Int]]
  let section: DomainSection

  func visit(_ region: LinearRegion) throws -> Visit {
    var pattern = ActivationPattern(bits: own.bits)
    for entry in own.entries.indices { own.set(entry, to: layout.phase(entry, of: region.pattern), in: &pattern) }
    let first = own.entries.count
    let candidates = positions.indices.filter { index in
      positions[index].allSatisfy { layout.phase(first + $0, of: region.pattern) == 1 }
    }
    guard !candidates.isEmpty else { return Visit(pattern: pattern) }
    let point = section.point(region.interiorPoint)
    let proof = PointProof(problem: problem)
    if let index = candidates.first(where: { proof.holds(at: point, part.cases[$0]) }) {
      let exact = point.map { Rational(exactly: $0) }
      return Visit(pattern: pattern, violation: .init(pattern: pattern, caseIndex: index, point: exact))
    }
    let cell = ExactCell(problem, pattern, own)
    for index in candidates {
      guard let point = try cell.point(of: part.cases[index].exact) else { continue }
      return Visit(pattern: pattern, violation: .init(pattern: pattern, caseIndex: index, point: point))
    }
    return Visit(pattern: pattern)
  }
}
