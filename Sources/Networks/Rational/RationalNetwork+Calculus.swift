import Exact

/// The composition calculus: sizes and depths are those of Appendix D of R. Arora et al., *Understanding deep neural
/// networks with rectified linear units* (2018), or smaller. Nothing is rounded.
extension RationalNetwork {
  /// The composition x ↦ self(inner(x)): the sizes add, and so do the numbers of hidden layers (Lemma D.1).
  ///
  /// - Throws: `NetworkError` when `inner` does not have as many outputs as this network has inputs.
  public func after(_ inner: RationalNetwork) throws -> RationalNetwork {
    guard inner.outputs.count == inputs else {
      throw NetworkError("a network with \(inputs) inputs cannot follow one with \(inner.outputs.count) outputs")
    }
    var layers = hidden + [outputs]
    layers[0] = layers[0].map { $0.substituting(inner.outputs) }
    return try RationalNetwork(
      inputs: inner.inputs, hidden: inner.hidden + layers.dropLast(), outputs: layers[hidden.count])
  }

  /// The sum of the two networks' outputs on the same inputs (Lemma D.2): the sizes add; the shallower is padded.
  ///
  /// - Throws: `NetworkError` when the numbers of inputs, or of outputs, differ.
  public func adding(_ other: RationalNetwork) throws -> RationalNetwork {
    try Self.checkOutputs([self, other])
    let both = try beside(other)
    let count = outputs.count
    return try both.withOutputs((0..<count).map { both.outputs[$0] + both.outputs[count + $0] })
  }

  /// The network with its outputs multiplied by a number.
  public func scaled(by factor: Rational) throws -> RationalNetwork {
    try withOutputs(outputs.map { $0.scaled(by: factor) })
  }

  /// The outputs of this network followed by those of another on the same inputs: the sizes add, and the shallower
  /// network is padded.
  ///
  /// - Throws: `NetworkError` when the numbers of inputs differ.
  public func beside(_ other: RationalNetwork) throws -> RationalNetwork {
    try Self.checkInputs([self, other])
    let depth = max(hidden.count, other.hidden.count)
    let left = carried(toHiddenLayers: depth)
    let right = other.carried(toHiddenLayers: depth)
    var layers: [[Row]] = []
    var offset = 0
    for (mine, theirs) in zip(left, right) {
      layers.append(mine + theirs.map { $0.shifted(by: offset) })
      offset = mine.count
    }
    return try RationalNetwork(inputs: inputs, hidden: Array(layers.dropLast()), outputs: layers[depth])
  }

  /// The same function with more hidden layers, through which the outputs are carried.
  ///
  /// An added layer has two units for each output, one when its sign is known; or one for each unit of the last hidden
  /// layer that the outputs read, when that is fewer.
  ///
  /// - Throws: `NetworkError` when the network has more hidden layers already.
  public func padded(toHiddenLayers count: Int) throws -> RationalNetwork {
    guard count >= hidden.count else {
      throw NetworkError("the network has \(hidden.count) hidden layers; padding to \(count) would take some away")
    }
    var layers = carried(toHiddenLayers: count)
    // A constant needs no unit, but a hidden layer does.
    for index in hidden.count..<count where layers[index].isEmpty { layers[index] = [Row([:])] }
    return try RationalNetwork(inputs: inputs, hidden: Array(layers.dropLast()), outputs: layers[count])
  }

  /// The same function as a network whose outputs have no bias, the form of the paper's definition.
  ///
  /// One more unit σ(0x + 1) in the last hidden layer carries the constants, when there are any; an affine map with a
  /// constant gets the hidden layer of ``affine(_:hiddenLayer:)``.
  public func withoutOutputBias() throws -> RationalNetwork {
    guard outputs.contains(where: { $0.constant.signum != 0 }) else { return self }
    guard let last = hidden.last else {
      return try RationalNetwork(
        inputs: inputs, hidden: [outputs.flatMap { [$0, -$0] }],
        outputs: outputs.indices.map { Row(column: 2 * $0) - Row(column: 2 * $0 + 1) })
    }
    let one = Row(column: last.count)
    return try RationalNetwork(
      inputs: inputs, hidden: hidden.dropLast() + [last + [Row([:], constant: 1)]],
      outputs: outputs.map { $0.linearPart + one.scaled(by: $0.constant) })
  }

  /// The hidden layers and the outputs, after the outputs have been carried up to `count` hidden layers; a layer that
  /// would carry constants only is empty.
  private func carried(toHiddenLayers count: Int) -> [[Row]] {
    var layers = hidden
    var outputs = outputs
    while layers.count < count {
      var carry = RationalCarry(overNonNegativeValues: !layers.isEmpty)
      let read = Set(outputs.flatMap { $0.terms.map(\.column) }).sorted()
      var readings = outputs.map { carry.carry($0) }
      if !layers.isEmpty, read.count < carry.units.count {
        carry = RationalCarry(overNonNegativeValues: true)
        let places = Dictionary(uniqueKeysWithValues: read.map { ($0, carry.carry(Row(column: $0))) })
        readings = outputs.map { output in
          output.terms.reduce(Row([:], constant: output.constant)) {
            $0 + (places[$1.column] ?? Row([:])).scaled(by: $1.weight)
          }
        }
      }
      layers.append(carry.units)
      outputs = readings
    }
    return layers + [outputs]
  }

  private func withOutputs(_ outputs: [Row]) throws -> RationalNetwork {
    try RationalNetwork(inputs: inputs, hidden: hidden, outputs: outputs)
  }

  static func checkInputs(_ networks: [RationalNetwork]) throws {
    for (index, network) in networks.enumerated() where network.inputs != networks[0].inputs {
      throw NetworkError(
        "network \(index) has \(network.inputs) inputs, but network 0 has \(networks[0].inputs);"
          + " they must read the same inputs")
    }
  }

  static func checkOutputs(_ networks: [RationalNetwork]) throws {
    for (index, network) in networks.enumerated() where network.outputs.count != networks[0].outputs.count {
      throw NetworkError(
        "network \(index) has \(network.outputs.count) outputs, but network 0 has \(networks[0].outputs.count);"
          + " they must be as many")
    }
  }
}
