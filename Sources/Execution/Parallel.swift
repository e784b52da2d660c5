import Foundation
import Synchronization

/// Computes `body(0) … body(count − 1)` on up to `threads` threads; the results are in order whatever the threads do.
///
/// Each thread takes the next index that nobody has taken. The work must not depend on which thread runs it.
public func parallelMap<Result: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  let workers = max(1, min(threads, count))
  guard workers > 1 else { return (0..<count).map(body) }
  let next = Atomic<Int>(0)
  let collected = Mutex<[(Int, Result)]>([])
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let result = body(index)
      collected.withLock { $0.append((index, result)) }
    }
  }
  return collected.withLock { $0 }.sorted { $0.0 < $1.0 }.map(\.1)
}

/// How many threads to use when nobody says: all processors.
public var defaultThreadCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
