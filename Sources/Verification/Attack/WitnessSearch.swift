import Exact
import Execution
import Networks
import Probability
import Queries

/// Looks for a point that satisfies a case of a query: projected gradient ascent of the least slack from many points at
/// once, then climbing from the best of them among the numbers of the declared types.
///
/// What it finds is a witness; that it finds nothing says nothing. The result depends on the seed alone.
///
/// Source of the ascent: A. Madry et al., *Towards deep learning models resistant to adversarial attacks*, ICLR 2018.
struct WitnessSearch: Sendable {
  /// How long is looked, in passes of a whole batch.
  struct Effort: Sendable, Hashable {
    /// How often a batch of new points is started.
    var restarts: Int
    /// The steps of ascent from each.
    var steps: Int
    /// From how many of a batch's best points is climbed, and for how many rounds from each.
    var climbs: Int
    var rounds: Int

    /// What is worth spending before anything is known: some 10⁸ multiplications, a hundredth of a second or two; on
    /// large networks one batch of points.
    static func short(for program: StageProgram) -> Effort {
      Effort(restarts: restarts(program, steps: 12, operations: 1e8, atMost: 12), steps: 12, climbs: 2, rounds: 12)
    }

    /// Some 10¹⁰ multiplications: seconds.
    static func long(for program: StageProgram) -> Effort {
      Effort(restarts: restarts(program, steps: 40, operations: 1e10, atMost: 200), steps: 40, climbs: 3, rounds: 20)
    }

    private static func restarts(_ program: StageProgram, steps: Int, operations: Double, atMost limit: Int) -> Int {
      // A batch is ascended with two passes a step, and climbing takes about as long again.
      let each = 4 * Double(steps) * Double(BatchPass.lanes(for: program)) * Double(program.parameterCount + 1)
      return max(1, Int(min(operations / each, Double(limit))))
    }
  }

  private let problem: QueryProblem
  private let program: StageProgram
  private let item: QueryCase
  private let requirements: [Requirement]
  private let grid: WitnessGrid

  /// Nil when the case's box is empty. O(elements).
  init?(_ problem: QueryProblem, _ program: StageProgram, _ item: QueryCase) {
    guard let relaxed = problem.relaxed(item), let grid = WitnessGrid(problem, item) else { return nil }
    self.problem = problem
    self.program = program
    self.item = item
    self.grid = grid
    requirements = relaxed.requirements
  }

  /// - Parameters:
  ///   - part: a part of the case's box to stay in while ascending; the whole box when nil.
  ///   - starts: points to start from, besides others.
  /// - Returns: the first strict witness, otherwise the best one met; nil when there was none.
  func run(
    _ effort: Effort, in part: [Interval]? = nil, starts: [[Double]] = [], seed: UInt64,
    cancellation: Cancellation = Cancellation()
  ) -> Witness? {
    let pass = BatchPass(program, lanes: BatchPass.lanes(for: program))
    let whole = SearchBox(grid.box)
    let box = part.map { SearchBox($0) } ?? whole
    var slacks = SlackBatch(requirements, lanes: pass.lanes)
    let polish = WitnessPolish(
      grid: grid, box: whole, pass: pass, judge: WitnessJudge(problem, program, item, pass))
    var best: Witness?
    for restart in 0..<effort.restarts {
      var source = RandomSource(seed: seed, index: restart)
      var ascent = Ascent(box: box, pass: pass, steps: effort.steps)
      ascent.begin(restart == 0 ? [box.middle] + starts : [], &slacks, calibrates: restart == 0, &source)
      while ascent.step(&slacks), !ascent.hasFound { if cancellation.shouldStop { return best } }
      for candidate in ascent.best(effort.climbs) {
        let found = polish.witness(
          near: candidate, &slacks, rounds: effort.rounds, seed: source.next(), cancellation: cancellation)
        if let found, found.rank > best?.rank ?? -1 { best = found }
        if let best, best.isStrict || !best.isRepresentable { return best }
        if cancellation.shouldStop { return best }
      }
    }
    return best
  }

  /// The witness next to a point that is believed to satisfy the case, climbing as far as it takes.
  func polish(
    _ candidate: [Double], rounds: Int = 20, seed: UInt64 = 1, cancellation: Cancellation = Cancellation()
  ) -> Witness? {
    let pass = BatchPass(program, lanes: BatchPass.lanes(for: program))
    let box = SearchBox(grid.box)
    var slacks = SlackBatch(requirements, lanes: pass.lanes)
    var ascent = Ascent(box: box, pass: pass, steps: 1)
    var source = RandomSource(seed: seed)
    ascent.begin([box.middle], &slacks, calibrates: true, &source)
    return WitnessPolish(grid: grid, box: box, pass: pass, judge: WitnessJudge(problem, program, item, pass))
      .witness(near: candidate, &slacks, rounds: rounds, seed: seed, cancellation: cancellation)
  }
}
