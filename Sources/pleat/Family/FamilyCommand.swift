import ArgumentParser

struct FamilyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "family",
    abstract: "Networks with many pieces, made to order: sawtooths, zonotopes, maxima.",
    discussion: """
      The constructions of R. Arora, A. Basu, P. Mianjy, A. Mukherjee,
      "Understanding deep neural networks with rectified linear units" (2018), in
      exact rational arithmetic. The number of pieces is predicted, then counted;
      --out writes the network as ONNX, and the report says what rounding its
      weights did to the function.

      --layers counts hidden layers. --depth is the paper's depth, hidden layers
      plus 1: --layers 4 and --depth 5 are the same network.

      EXAMPLES
        pleat family sawtooth --width 3 --layers 4 --out hard.onnx
        pleat family zonotope --inputs 3 --generators 5 --width 2 --depth 3
        pleat family maximum --count 5 --shallow --out max.onnx
      """,
    subcommands: [SawtoothCommand.self, ZonotopeCommand.self, MaximumCommand.self])
}

/// How deep a network is to be.
struct DepthOptions: ParsableArguments {
  @Option(help: "Hidden layers of the network.")
  var layers: Int?

  @Option(help: "The paper's depth instead: hidden layers + 1.")
  var depth: Int?

  /// The number of hidden layers; nil when nothing was said.
  func hiddenLayers() throws -> Int? {
    switch (layers, depth) {
    case (nil, nil): return nil
    case (.some, .some):
      throw Failure.usage("--layers and --depth exclude each other: --layers 4 is --depth 5")
    case (let layers?, nil):
      guard layers >= 1 else { throw Failure.usage("--layers \(layers): at least 1 hidden layer is needed") }
      return layers
    case (nil, let depth?):
      guard depth >= 2 else {
        throw Failure.usage("--depth \(depth): at least 2 is needed, which is one hidden layer and the output")
      }
      return depth - 1
    }
  }
}
