import Execution
import Foundation
import Synchronization

extension RegionEnumeration {
  /// Runs the search on all threads.
  ///
  /// - Parameters:
  ///   - detail: what will be asked of the leaves.
  ///   - chunk: how many regions a thread visits before it gives its results, and the rest of its task, back.
  ///   - transform: nil to count only.
  func run<Result>(
    detail: RegionDetail, chunk: Int, transform: (@Sendable (any RegionSource) -> Result)?,
    receive: @escaping (Result) throws -> Void
  ) throws -> Summary {
    let start = Cancellation.now
    let run = EnumerationRun<Result>(self, detail: detail, chunk: chunk, transform: transform, receive: receive)
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in run.work() }
    if let error = run.error { throw error }
    return Summary(
      activationRegions: run.count, isComplete: run.isComplete, exactSigns: run.exactSigns,
      seconds: Cancellation.now - start)
  }
}

/// One run of an enumeration, shared by its threads.
private final class EnumerationRun<Result>: @unchecked Sendable {
  // What changes is touched by the thread that flushes the queue, of which there is one at a time, or under `lock`.

  /// The output of a piece of a task.
  struct Chunk: @unchecked Sendable {
    var count: Int
    var results: [Result]
  }

  let enumeration: RegionEnumeration
  let detail: RegionDetail
  let chunk: Int
  let transform: (@Sendable (any RegionSource) -> Result)?
  let receive: (Result) throws -> Void
  let queue: TaskQueue<Chunk>
  private(set) var count = 0
  private(set) var error: (any Error)?
  private(set) var exactSigns = 0
  private var isCut = false
  /// A sixteenth of the regions so far.
  private let pieceSize = Atomic<Int>(0)
  private let lock = NSLock()

  init(
    _ enumeration: RegionEnumeration, detail: RegionDetail, chunk: Int,
    transform: (@Sendable (any RegionSource) -> Result)?,
    receive: @escaping (Result) throws -> Void
  ) {
    self.enumeration = enumeration
    self.detail = detail
    self.chunk = chunk
    self.transform = transform
    self.receive = receive
    queue = TaskQueue(
      .everything, waitingLimit: 4 * max(1, enumeration.threads), isOrdered: transform != nil)
  }

  var isComplete: Bool { queue.isEmpty && !isCut }

  /// What a thread does.
  func work() {
    let collector = Collector(transform)
    var search = makeSearch(collector, enumeration.firstSearch)
    // What is left of a piece is split so that the other threads find something to do near by.
    let parts = max(1, min(enumeration.threads, 2))
    while !enumeration.cancellation.shouldStop, let ticket = queue.take() {
      collector.results.removeAll(keepingCapacity: true)
      // Small pieces first, so that all threads soon have something to do and none is left with much in the end.
      let piece = parts == 1 ? chunk : max(256, pieceSize.load(ordering: .relaxed))
      let quota = min(chunk, enumeration.limit, piece)
      var kind = enumeration.firstSearch
      var rest = search.run(ticket.task, quota: quota, parts: parts)
      while rest == nil {
        kind = kind.next
        collector.exactSigns += search.exactSigns
        collector.results.removeAll(keepingCapacity: true)
        search = makeSearch(collector, kind)
        rest = search.run(ticket.task, quota: quota, parts: parts)
      }
      queue.finish(ticket, Chunk(count: search.leaves, results: collector.results), rest: rest ?? []) { flush($0) }
      if kind != enumeration.firstSearch {
        collector.exactSigns += search.exactSigns
        search = makeSearch(collector, enumeration.firstSearch)
      }
    }
    queue.stop()
    lock.withLock { exactSigns += collector.exactSigns + search.exactSigns }
  }

  private func makeSearch(_ collector: Collector, _ kind: CellSearch.Kind) -> CellSearch {
    let network = enumeration.compiled
    let domain = enumeration.prepared
    let visit: (any RegionSource) -> Void = { collector.add($0) }
    let settings = SearchSettings(
      wantsMaps: detail.contains(.map), wantsVertices: detail.contains(.vertices), countsOnly: transform == nil,
      cancellation: enumeration.cancellation)
    switch (kind, domain.cone) {
    case (.narrow, let cone?):
      return .narrow(
        VertexSplitter(network, domain: domain, cone: cone, settings, visit: visit))
    case (.wide, let cone?):
      return .wide(
        VertexSplitter(network, domain: domain, cone: cone, settings, visit: visit))
    default:
      return .programs(
        ProgramSplitter(network, domain: domain, settings, visit: visit))
    }
  }

  /// Takes an output whose turn has come.
  private func flush(_ chunk: Chunk) {
    guard error == nil, !isCut else { return }
    let room = enumeration.limit - count
    count += min(room, chunk.count)
    do {
      for result in chunk.results.prefix(room) { try receive(result) }
    } catch {
      self.error = error
      queue.stop()
    }
    if chunk.count > room { isCut = true }
    if count >= enumeration.limit { queue.stop() }
    pieceSize.store(count / 16, ordering: .relaxed)
    enumeration.progress?(count)
  }

  /// Gathers the regions of a piece.
  private final class Collector {
    let transform: (@Sendable (any RegionSource) -> Result)?
    var results: [Result] = []
    var exactSigns = 0

    init(_ transform: (@Sendable (any RegionSource) -> Result)?) { self.transform = transform }

    func add(_ region: any RegionSource) {
      if let transform { results.append(transform(region)) }
    }
  }
}
