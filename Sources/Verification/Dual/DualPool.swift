import Synchronization

/// Workers that threads take and give back.
final class DualPool<Worker>: Sendable {
  // A worker belongs to one thread while it is out of the pool.
  private struct Box: @unchecked Sendable { let worker: Worker }

  private let make: @Sendable () -> Worker
  private let idle = Mutex<[Box]>([])

  init(_ make: @escaping @Sendable () -> Worker) { self.make = make }

  func with<Result>(_ body: (Worker) -> Result) -> Result {
    let taken = idle.withLock { $0.popLast() }
    let box = taken ?? Box(worker: make())
    defer { idle.withLock { $0.append(box) } }
    return body(box.worker)
  }
}
