import Datasets
import Foundation
import Probability

/// An instance of the storage problem: P patterns of ±1 inputs with labels ±1, and the tree committee that is to store
/// them.
///
/// Unit l of K reads the inputs l N/K ..< (l + 1) N/K. The output weights are +1 for all units (odd activations) or +1
/// for the first half of them and −1 for the rest.
public struct PatternStorage: Sendable, Equatable {
  /// N.
  public let inputs: Int
  /// K.
  public let hidden: Int
  /// The patterns one after the other, N signs each.
  public let signs: [Int8]
  /// P signs.
  public let labels: [Int8]

  /// N/K.
  public var inputsPerUnit: Int { inputs / hidden }
  /// P.
  public var count: Int { labels.count }
  /// α = P/N.
  public var load: Double { Double(count) / Double(inputs) }

  /// Throws `SolutionSpaceError` when the sizes do not fit each other, or an entry is neither 1 nor −1.
  public init(inputs: Int, hidden: Int, signs: [Int8], labels: [Int8]) throws {
    try Self.checkSizes(inputs: inputs, hidden: hidden)
    guard signs.count == inputs.multipliedReportingOverflow(by: labels.count).partialValue, !labels.isEmpty else {
      throw SolutionSpaceError("\(signs.count) signs are not \(labels.count) patterns of \(inputs) inputs")
    }
    guard signs.allSatisfy({ $0 == 1 || $0 == -1 }), labels.allSatisfy({ $0 == 1 || $0 == -1 }) else {
      throw SolutionSpaceError("a pattern or label holds an entry that is neither 1 nor -1")
    }
    self.inputs = inputs
    self.hidden = hidden
    self.signs = signs
    self.labels = labels
  }

  private static func checkSizes(inputs: Int, hidden: Int) throws {
    guard hidden >= 1, inputs >= hidden, inputs % hidden == 0 else {
      throw SolutionSpaceError(
        "\(inputs) inputs cannot be shared out to \(hidden) hidden units: give a multiple of the units, such as "
          + "\(max(1, inputs / max(1, hidden)) * max(1, hidden))")
    }
  }

  /// Random patterns and labels, all signs fair and independent: round(αN) of them. The same seed gives the same
  /// instance.
  ///
  /// Throws `SolutionSpaceError` for sizes that do not fit, or more than 2³¹ signs.
  public static func random(inputs: Int, hidden: Int, load: Double, seed: UInt64) throws -> PatternStorage {
    try checkSizes(inputs: inputs, hidden: hidden)
    guard load > 0, load * Double(inputs) * Double(inputs) < 0x1p31 else {
      throw SolutionSpaceError(
        "a load of \(load) on \(inputs) inputs: at least one pattern is needed, and at most 2147483648 signs in all")
    }
    let count = max(1, Int((load * Double(inputs)).rounded()))
    var source = RandomSource(seed: seed)
    func fill(_ buffer: UnsafeMutableBufferPointer<Int8>) {
      var bits: UInt64 = 0
      for index in buffer.indices {
        if index % 64 == 0 { bits = source.next() }
        buffer[index] = bits & 1 == 0 ? -1 : 1
        bits >>= 1
      }
    }
    let signs = [Int8](unsafeUninitializedCapacity: count * inputs) { buffer, filled in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count * inputs]))
      filled = count * inputs
    }
    let labels = [Int8](unsafeUninitializedCapacity: count) { buffer, filled in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
      filled = count
    }
    return try PatternStorage(inputs: inputs, hidden: hidden, signs: signs, labels: labels)
  }

  /// The rows of a table as patterns: every column is cut at its median, 1 above and −1 below, ties by a fair coin.
  ///
  /// The columns are dealt to the units in a random order, so that no unit gets neighbours only; columns without a
  /// unit, and constant ones, are left out.
  ///
  /// - Parameters:
  ///   - columns: of equal length, one for each input.
  ///   - positive: which rows have the label 1.
  ///   - isShuffled: whether the labels are permuted.
  public static func table(
    columns: [[Double]], positive: [Bool], hidden: Int, isShuffled: Bool, seed: UInt64
  ) throws -> (storage: PatternStorage, leftOut: Int) {
    var source = RandomSource(seed: seed)
    let usable = columns.indices.filter { Set(columns[$0].lazy.prefix(10_000)).count > 1 }.shuffled(using: &source)
    let inputs = hidden < 1 ? 0 : usable.count / hidden * hidden
    guard inputs > 0 else {
      throw SolutionSpaceError(
        "\(usable.count) columns that vary are too few for \(hidden) hidden units: give fewer units, one column each "
          + "at least"
      )
    }
    var signs = [Int8](repeating: 1, count: inputs * positive.count)
    for (place, column) in usable.prefix(inputs).enumerated() {
      let values = columns[column]
      let median = values.sorted()[values.count / 2]
      for (row, value) in values.enumerated() {
        let isHigh = value == median ? source.next() & 1 == 0 : value > median
        if !isHigh { signs[row * inputs + place] = -1 }
      }
    }
    var labels: [Int8] = positive.map { $0 ? 1 : -1 }
    if isShuffled { labels.shuffle(using: &source) }
    let storage = try PatternStorage(inputs: inputs, hidden: hidden, signs: signs, labels: labels)
    return (storage, columns.count - inputs)
  }
}

extension PatternStorage {
  /// The instance as a `.npz` file: `patterns` [P × ⌈N/8⌉], the bits of `numpy.packbits`, 1 for +1; `labels` [P];
  /// `sizes`, N and K.
  public func bundle(source: String) -> NumpyBundle {
    let width = (inputs + 7) / 8
    var bytes = [UInt8](repeating: 0, count: count * width)
    for pattern in 0..<count {
      for i in 0..<inputs where signs[pattern * inputs + i] > 0 {
        bytes[pattern * width + i / 8] |= 0x80 >> UInt8(i % 8)
      }
    }
    var bundle = NumpyBundle(source: source)
    bundle["patterns"] = NumpyBundle.Values(shape: [count, width], bytes: bytes)
    bundle["labels"] = NumpyBundle.Values(shape: [count], signed: labels)
    bundle["sizes"] = NumpyBundle.Values(shape: [2], numbers: [Double(inputs), Double(hidden)])
    return bundle
  }

  /// Reads what ``bundle(source:)`` wrote. Throws `SolutionSpaceError` for a file that is not one, or is damaged.
  public init(_ bundle: NumpyBundle) throws {
    func fault(_ reason: String) -> SolutionSpaceError {
      SolutionSpaceError("\(bundle.source) is no stored instance, or a damaged one: \(reason)")
    }
    guard let sizes = bundle["sizes"]?.numbers, sizes.count == 2, let inputs = Int(exactly: sizes[0]),
      let hidden = Int(exactly: sizes[1]), inputs > 0, inputs < 1 << 31
    else { throw fault("the array 'sizes' with the numbers of inputs and hidden units is missing") }
    let width = (inputs + 7) / 8
    guard let labels = bundle["labels"], case .signedBytes(let values) = labels.elements, !values.isEmpty else {
      throw fault("the array 'labels' of signed bytes is missing")
    }
    guard let patterns = bundle["patterns"], case .bytes(let bytes) = patterns.elements,
      patterns.shape == [values.count, width]
    else { throw fault("the array 'patterns' of \(values.count) × \(width) bytes is missing") }
    var signs = [Int8](repeating: -1, count: values.count * inputs)
    for pattern in 0..<values.count {
      for i in 0..<inputs where bytes[pattern * width + i / 8] & (0x80 >> UInt8(i % 8)) != 0 {
        signs[pattern * inputs + i] = 1
      }
    }
    try self.init(inputs: inputs, hidden: hidden, signs: signs, labels: values)
  }
}
