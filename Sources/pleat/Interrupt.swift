import Dispatch
import Execution
import Foundation

/// Ctrl-C: the first one asks the work to stop and keep its best answer, the second one ends the program.
final class Interrupt {
  private let source: any DispatchSourceSignal

  /// - Parameter answer: what is kept, in words.
  init(_ cancellation: Cancellation, keeping answer: String) {
    signal(SIGINT, SIG_IGN)
    // A queue of its own gets a thread even while the search keeps all the pool's threads busy.
    let queue = DispatchQueue(label: "interrupt", qos: .userInteractive)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: queue)
    source.setEventHandler {
      if cancellation.isRequested { Foundation.exit(130) }
      Terminal.error("\nstopping: \(answer) is kept (again to quit at once)")
      cancellation.cancel()
    }
    source.resume()
    self.source = source
  }
}
