/// How long a node is worked on.
struct DualEffort: Sendable {
  var iterations: Int
  /// Of the first step, in units of the parameters' range.
  var rate: Float
  var decay: Float
  /// How far below 0 a bound in single precision counts as closed.
  var margin: Float = 1e-5

  /// The units whose ranges are narrowed, at most, where the node stays open; and how.
  var narrowing: Narrowing

  struct Narrowing: Sendable {
    var units: Int
    var iterations: Int
    var rate: Float
    var decay: Float
  }

  static let root = DualEffort(
    iterations: 100, rate: 0.1, decay: 0.98, narrowing: Narrowing(units: 64, iterations: 20, rate: 0.2, decay: 0.9))
  static let node = DualEffort(
    iterations: 20, rate: 0.15, decay: 0.9, narrowing: Narrowing(units: 64, iterations: 8, rate: 0.2, decay: 0.9))
}
