import ArgumentParser
import Datasets
import Exact
import Figures
import Foundation
import LinearAlgebra
import Networks
import PiecewiseLinear

/// Where a made network goes, and in which numbers.
struct NetworkOutput: ParsableArguments {
  @Option(help: ArgumentHelp("Write the network as ONNX (Gemm and Relu).", valueName: "model.onnx"))
  var out: String?

  @Option(help: "The weights of that file: float32, which every runtime takes, or float64.")
  var precision = WeightPrecision.float32

  func check() throws { try Failure.check(out, named: "--out", endsIn: ["onnx"]) }

  /// - Parameter name: what the graph is called.
  func write(_ network: RoundedNetwork, name: String) throws {
    guard let out else { return }
    try Failure.asUsage {
      try AtomicFile.write(network.network.onnx(name: name, elementType: precision.type), to: out)
    }
  }
}

/// A network in the numbers of a file.
struct RoundedNetwork {
  /// The most weights, zeros included, of a network that is made.
  static let largestWeightCount = 1 << 25

  let network: Network
  let precision: WeightPrecision
  /// Whether no weight changed.
  let isExact: Bool

  init(_ exact: RationalNetwork, _ precision: WeightPrecision) throws {
    self.precision = precision
    (network, isExact) = try exact.rounded(to: precision.type)
  }

  /// Whether matrices between layers of these widths are small enough to be made, as a question before the work.
  ///
  /// - Parameter widths: the inputs, the hidden layers, the outputs.
  static func check(widths: [Int]) throws {
    var count = 0
    for (columns, rows) in zip(widths, widths.dropFirst()) {
      let (weights, overflow) = columns.multipliedReportingOverflow(by: rows)
      guard !overflow, weights <= largestWeightCount - count else {
        throw Failure.usage(
          "the network has more than \(NumberFormat.grouped(largestWeightCount)) weights, the most that are made: take "
            + "fewer or narrower layers")
      }
      count += weights
    }
  }

  func units() throws -> UnitNetwork { try UnitNetwork(network) }

  /// The pieces and regions on all of space, by enumeration; nil where there are too many.
  ///
  /// - Parameter expected: about how many pieces there are.
  func census(expected: Rational) throws -> RegionCensus? {
    let effort = expected * Rational(network.parameterCount)
    guard network.inputs <= RegionsRequest.vertexDimension, expected <= 100_000, effort <= Rational(1 << 24) else {
      return nil
    }
    var enumeration = try RegionEnumeration(try units(), in: .space)
    enumeration.limit = 400_000
    let census = try RegionCensus(enumeration)
    return census.isComplete ? census : nil
  }

  /// `float32: some weights are rounded`
  var title: String {
    let answer = isExact ? "no weight is rounded, the function is the same" : "some weights are rounded"
    return "\(precision.rawValue): \(answer)"
  }
}

/// Pictures, by the ending of the file's name.
enum Picture {
  static func check(_ path: String?, named option: String) throws {
    try Failure.check(path, named: option, endsIn: ["svg", "png"])
  }

  static func write(_ svg: String, to path: String) throws {
    try Failure.asUsage {
      let data = path.lowercased().hasSuffix(".png") ? try PNGConverter().png(svg: svg) : Data(svg.utf8)
      try AtomicFile.write(data, to: path)
    }
  }
}
