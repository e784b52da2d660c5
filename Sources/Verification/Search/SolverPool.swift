import Synchronization

/// Solvers that threads take and give back.
final class SolverPool: Sendable {
  // A solver belongs to one thread while it is out of the pool.
  private struct Box: @unchecked Sendable { let solver: NodeSolver }

  private let make: @Sendable () -> NodeSolver
  private let idle = Mutex<[Box]>([])

  init(_ program: StageProgram) {
    make = { NodeSolver(program) }
  }

  func with<Result>(_ body: (NodeSolver) -> Result) -> Result {
    let taken = idle.withLock { $0.popLast() }
    let box = taken ?? Box(solver: make())
    defer { idle.withLock { $0.append(box) } }
    return body(box.solver)
  }
}
