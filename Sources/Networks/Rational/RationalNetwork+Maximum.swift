import Exact

extension RationalNetwork {
  /// The largest of several networks' outputs on the same inputs, output by output.
  ///
  /// For m networks with kᵢ hidden layers and sizes sᵢ there are at most max kᵢ + ⌈log₂ m⌉ hidden layers and, for one
  /// output and equal kᵢ, at most Σ sᵢ + 4(2m − 1) units (Lemma D.3 of R. Arora et al., *Understanding deep neural
  /// networks with rectified linear units*, 2018): in fact three units for each pair, since max(u, v) = v + σ(u − v), and
  /// two for one left over. Networks that end early are compared among themselves first.
  ///
  /// - Throws: `NetworkError` when there is no network, or their numbers of inputs, or of outputs, differ.
  public static func maximum(of networks: [RationalNetwork]) throws -> RationalNetwork {
    guard let first = networks.first else { throw NetworkError("the maximum of no network is not defined") }
    try checkInputs(networks)
    try checkOutputs(networks)
    var candidates: [[Row]] = Array(repeating: [], count: first.outputs.count)
    /// The networks that go on, and the column of each one's first value.
    var running = networks.map { (network: $0, offset: 0) }
    var hidden: [[Row]] = []
    while true {
      let level = hidden.count
      for (network, offset) in running where network.hidden.count == level {
        for (index, output) in network.outputs.enumerated() { candidates[index].append(output.shifted(by: offset)) }
      }
      running.removeAll { $0.network.hidden.count == level }
      if running.isEmpty, candidates.allSatisfy({ $0.count == 1 }) { break }
      var layer: [Row] = []
      for index in running.indices {
        let rows = running[index].network.hidden[level].map { $0.shifted(by: running[index].offset) }
        running[index].offset = layer.count
        layer += rows
      }
      var round = MaximumRound(overNonNegativeValues: level > 0)
      let readings = candidates.map { round.halve($0) }
      let (units, survivors) = round.placed(at: layer.count, readings)
      layer += units
      candidates = survivors
      hidden.append(layer)
    }
    return try RationalNetwork(inputs: first.inputs, hidden: hidden, outputs: candidates.map { $0[0] })
  }

  /// The smallest of several networks' outputs, −max(−f): depth, size and errors are those of ``maximum(of:)``.
  public static func minimum(of networks: [RationalNetwork]) throws -> RationalNetwork {
    try maximum(of: networks.map { try $0.scaled(by: -1) }).scaled(by: -1)
  }
}

/// One layer of comparisons: pairs become their maxima, what is left over is carried.
private struct MaximumRound {
  /// The maximum v + σ(u − v): v as carried, and the number of the comparison; nil for a form without partner.
  typealias Reading = (base: RationalNetwork.Row, comparison: Int?)

  private var carry: RationalCarry
  private let isNonNegative: Bool
  private var comparisons: [RationalNetwork.Row] = []

  init(overNonNegativeValues isNonNegative: Bool) {
    carry = RationalCarry(overNonNegativeValues: isNonNegative)
    self.isNonNegative = isNonNegative
  }

  mutating func halve(_ forms: [RationalNetwork.Row]) -> [Reading] {
    stride(from: 0, to: forms.count, by: 2).map { index in
      guard index + 1 < forms.count else { return (carry.carry(forms[index]), nil) }
      var (u, v) = (forms[index], forms[index + 1])
      // The one that stays is carried, which is cheaper when its sign is known.
      if isNonNegative, v.evidentSign == 0, u.evidentSign != 0 { swap(&u, &v) }
      comparisons.append(u - v)
      return (carry.carry(v), comparisons.count - 1)
    }
  }

  /// The units of the round, and its maxima over a layer where these units start at column `offset`.
  func placed(
    at offset: Int, _ readings: [[Reading]]
  ) -> (units: [RationalNetwork.Row], maxima: [[RationalNetwork.Row]]) {
    let maxima = readings.map { readings in
      readings.map { base, comparison in
        let base = base.shifted(by: offset + comparisons.count)
        return comparison.map { base + RationalNetwork.Row(column: offset + $0) } ?? base
      }
    }
    return (comparisons + carry.units, maxima)
  }
}
