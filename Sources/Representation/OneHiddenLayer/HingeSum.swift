import Exact
import Networks

/// constant + Σ coefficient · σ(function): a network with one hidden layer, before it is written down.
struct HingeSum {
  var constant: Rational
  private(set) var hinges: [(coefficient: Rational, function: AffineFunction)] = []

  init(constant: Rational) { self.constant = constant }

  /// Adds coefficient · σ(function); nothing for a coefficient of zero.
  mutating func add(_ coefficient: Rational, _ function: AffineFunction) {
    if coefficient.signum != 0 { hinges.append((coefficient, function)) }
  }

  /// Without output bias a constant other than 0 takes a unit of its own, σ(0 · x + 1). Without units there is no hidden
  /// layer.
  func network(inputs: Int, outputBias: Bool) throws -> RationalNetwork {
    var units = hinges.map { RationalNetwork.Row($0.function) }
    var weights = hinges.map(\.coefficient)
    var bias = constant
    if !outputBias, constant.signum != 0 {
      units.append(RationalNetwork.Row([:], constant: 1))
      weights.append(constant)
      bias = .zero
    }
    guard !units.isEmpty else {
      return try RationalNetwork(inputs: inputs, hidden: [], outputs: [RationalNetwork.Row([:], constant: bias)])
    }
    let output = RationalNetwork.Row(
      weights.enumerated().map { (key: $0.offset, value: $0.element) }, constant: bias)
    return try RationalNetwork(inputs: inputs, hidden: [units], outputs: [output])
  }
}
