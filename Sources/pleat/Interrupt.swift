import Dispatch
import Execution
import Foundation

/// Ctrl-C: the first one asks the work to stop and keep its best answer, the second one ends the program.
final class Interrupt {
  private let source: any DispatchSourceSignal

  init(_ cancellation: Cancellation) {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global(qos: .userInitiated))
    source.setEventHandler {
      if cancellation.isRequested { Foundation.exit(130) }
      Terminal.error("\nstopping: the best network so far is kept (again to quit at once)")
      cancellation.cancel()
    }
    source.resume()
    self.source = source
  }
}
