import Exact

/// A rough bound on the maxima that a formula's decomposition goes through: what is too large is not begun.
struct DecompositionSize {
  /// A few seconds' worth.
  static let largest = 1 << 22

  private let inputs: Int
  private let functions: Int
  /// Saturated.
  private var sets: Int

  /// Of one maximum: of the faces of a regular triangulation of its functions' gradients, or of all sets of n + 1.
  init(maximumOf functions: Int, inputs: Int) {
    self.inputs = inputs
    self.functions = functions
    let faces = (0..<min((inputs + 1) / 2, 40)).reduce(1 << min(inputs + 1, 40)) { count, _ in
      Self.product(count, functions)
    }
    sets = min(faces, Self.subsets(of: functions, atMost: inputs + 1))
  }

  /// Of a maximum of minima: of the unions of its clauses, each with all of its subsets.
  init(_ lattice: LatticeForm) {
    self.init(maximumOf: lattice.functions.count, inputs: lattice.inputs)
    guard !lattice.isMaximum else { return }
    let unions = lattice.clauses.count < 40 ? 1 << lattice.clauses.count : .max
    let minima = min(unions, Self.subsets(of: functions, atMost: inputs + 1))
    sets = Self.product(minima, 1 << min(inputs + 1, 40))
  }

  func check() throws(RepresentationError) {
    guard sets <= Self.largest else {
      throw RepresentationError(
        "a formula of \(functions) functions of \(inputs) inputs may take more than \(Self.largest) maxima on the way")
    }
  }

  /// The number of sets of at most k of q functions.
  private static func subsets(of functions: Int, atMost size: Int) -> Int {
    var (sum, binomial) = (0, 1)
    for count in 0..<min(size, functions) {
      binomial = product(binomial, functions - count)
      guard binomial < .max, sum <= largest else { return .max }
      binomial /= count + 1
      sum += min(binomial, largest + 1)
    }
    return sum
  }

  private static func product(_ left: Int, _ right: Int) -> Int {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? .max : product
  }
}
