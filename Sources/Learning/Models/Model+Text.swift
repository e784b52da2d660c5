import Foundation

extension Model {
  /// The model in words, such as `vector:2 recurrent:relu:100:bias last dense:identity:1:bias`: what stored parameters need
  /// to be read again.
  public var text: String {
    let input =
      switch input {
      case .vector(let width): "vector:\(width)"
      case .image(let channels, let height, let width): "image:\(channels):\(height):\(width)"
      case .symbols(let count): "symbols:\(count)"
      }
    func flag(_ name: String, _ isSet: Bool) -> String { isSet ? ":\(name)" : "" }
    let words = layers.map { layer -> String in
      switch layer {
      case .dense(let dense): "dense:\(dense.nonlinearity.rawValue):\(dense.units)\(flag("bias", dense.hasBias))"
      case .embedding(let embedding): "embedding:\(embedding.width)"
      case .convolution(let layer):
        "convolution:\(layer.nonlinearity.rawValue):\(layer.channels):\(layer.kernel):\(layer.stride):\(layer.padding)"
          + flag("bias", layer.hasBias)
      case .pooling(let layer): "pooling:\(layer.kind.rawValue):\(layer.kernel):\(layer.stride)"
      case .dropout(let layer): "dropout:\(layer.keep)"
      case .recurrent(let layer):
        "recurrent:\(Self.name(layer.cell)):\(layer.units)\(flag("bias", layer.hasBias))"
          + flag("initial", layer.learnsInitialState)
      case .unitary(let layer):
        "unitary:\(layer.units):\(layer.epsilon):\(layer.permutation.map(String.init).joined(separator: ","))"
      case .lastStep: "last"
      }
    }
    return ([input] + words).joined(separator: " ")
  }

  private static func name(_ cell: Recurrent.Cell) -> String {
    switch cell {
    case .simple(let nonlinearity): nonlinearity.rawValue
    case .lstm: "lstm"
    case .gru: "gru"
    }
  }

  /// A model from its words. Throws `ModelError` for words that `text` does not write.
  public init(text: String) throws {
    var words = text.split(separator: " ").map { $0.split(separator: ":").map(String.init) }
    guard !words.isEmpty else { throw ModelError("no model is described") }
    let first = words.removeFirst()
    func fault(_ word: [String]) -> ModelError {
      ModelError("'\(word.joined(separator: ":").prefix(60))' describes no part of a model")
    }
    let numbers = first.dropFirst().compactMap { Int($0) }
    guard numbers.allSatisfy({ (1...1_000_000).contains($0) }) else { throw fault(first) }
    let input: Signal
    switch (first[0], numbers.count) {
    case ("vector", 1): input = .vector(numbers[0])
    case ("image", 3): input = .image(channels: numbers[0], height: numbers[1], width: numbers[2])
    case ("symbols", 1): input = .symbols(numbers[0])
    default: throw fault(first)
    }
    try self.init(
      input: input,
      layers: try words.map { word in
        guard let layer = Self.layer(word) else { throw fault(word) }
        return layer
      })
  }

  private static func layer(_ word: [String]) -> Layer? {
    let flags = Set(word.filter { $0 == "bias" || $0 == "initial" })
    let rest = word.dropFirst().filter { !flags.contains($0) }
    let numbers = rest.compactMap { Int($0) }.filter { (0...1_000_000).contains($0) }
    let nonlinearity = rest.first.flatMap { Nonlinearity(rawValue: $0) }
    let hasBias = flags.contains("bias")
    switch (word[0], numbers.count) {
    case ("dense", 1): return nonlinearity.map { .dense(Dense(numbers[0], $0, hasBias: hasBias)) }
    case ("embedding", 1): return .embedding(Embedding(numbers[0]))
    case ("convolution", 4):
      return nonlinearity.map {
        .convolution(
          Convolution(
            numbers[0], kernel: numbers[1], stride: numbers[2], padding: numbers[3], $0, hasBias: hasBias))
      }
    case ("pooling", 2):
      return rest.first.flatMap { Pooling.Kind(rawValue: $0) }
        .map { .pooling(Pooling($0, kernel: numbers[0], stride: numbers[1])) }
    case ("dropout", _): return rest.first.flatMap { Double($0) }.map { .dropout(Dropout(keep: $0)) }
    case ("recurrent", 1):
      let cell: Recurrent.Cell? =
        switch rest.first {
        case "lstm": .lstm
        case "gru": .gru
        default: nonlinearity.map { .simple($0) }
        }
      return cell.map {
        .recurrent(
          Recurrent($0, units: numbers[0], hasBias: hasBias, learnsInitialState: flags.contains("initial")))
      }
    case ("unitary", _):
      guard rest.count == 3, let units = Int(rest[0]), let epsilon = Double(rest[1]) else { return nil }
      let permutation = rest[2].split(separator: ",").compactMap { Int($0) }
      return .unitary(UnitaryRecurrent(units: units, permutation: permutation, epsilon: epsilon))
    case ("last", 0): return .lastStep
    default: return nil
    }
  }
}
