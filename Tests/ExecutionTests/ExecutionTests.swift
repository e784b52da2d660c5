import Execution
import Testing

@Suite struct ExecutionTests {
  @Test(arguments: [1, 2, 7, 64]) func resultsAreInOrder(threads: Int) {
    #expect(parallelMap(count: 1000, threads: threads) { $0 * $0 } == (0..<1000).map { $0 * $0 })
  }

  @Test func fewItemsAndNone() {
    #expect(parallelMap(count: 0, threads: 4) { $0 } == [])
    #expect(parallelMap(count: 1, threads: 4) { $0 + 1 } == [1])
    #expect(parallelMap(count: 3, threads: 0) { $0 } == [0, 1, 2])
  }

  @Test func cancellationIsSetOnce() {
    let cancellation = Cancellation()
    #expect(!cancellation.shouldStop && cancellation.remaining == nil)
    cancellation.cancel()
    #expect(cancellation.isRequested && cancellation.shouldStop && !cancellation.isPastDeadline)
  }

  @Test func deadlinesPass() {
    let past = Cancellation(timeLimit: -1)
    let future = Cancellation(timeLimit: 1000)
    #expect(past.isPastDeadline && past.shouldStop && !past.isRequested && past.remaining == 0)
    #expect(!future.shouldStop && (future.remaining ?? 0) > 900)
  }

  @Test func gapOfProgress() {
    func gap(_ incumbent: Double, _ bound: Double) -> Double {
      SearchProgress(nodes: 0, incumbent: incumbent, bound: bound, seconds: 0, phase: "").gap
    }
    #expect(gap(4, 3) == 0.25)
    #expect(gap(0, 0) == 0)
    #expect(gap(4, 5) == 0)
  }
}
