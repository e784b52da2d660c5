import Datasets
import Foundation
import Probability
import SolutionSpace

/// Where patterns come from.
struct StorageSource: Sendable {
  private enum Origin: Sendable {
    case random
    case instance(PatternStorage)
    case table(columns: [[Double]], positive: [Bool], isShuffled: Bool)
  }

  private let origin: Origin
  let hidden: Int
  /// N of random patterns, in order; one entry for patterns that are given.
  let sizes: [Int]
  /// What a reader of the result must know.
  let caveats: [String]

  init(patterns: String, inputs: String, hidden: Int, label: String?, isShuffled: Bool, seed: UInt64) throws {
    guard patterns == "random" || !patterns.isEmpty else {
      throw Failure.usage("--patterns: random or a file is needed")
    }
    if patterns == "random" {
      guard label == nil, !isShuffled else {
        throw Failure.usage("--label and --shuffle-labels are for tables; random patterns have random labels")
      }
      let parts = inputs.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
      let sizes = parts.compactMap { $0 }
      guard sizes.count == parts.count, !sizes.isEmpty, sizes.allSatisfy({ $0 > 0 }) else {
        throw Failure.usage("--inputs \(inputs): numbers of inputs are needed, separated by commas")
      }
      if hidden > 0, let size = sizes.first(where: { $0 % hidden != 0 }) {
        throw Failure.usage(
          "--inputs \(size) cannot be shared out to \(hidden) hidden units; \(max(1, size / hidden) * hidden) can")
      }
      (origin, self.sizes, caveats) = (.random, sizes, [])
      self.hidden = hidden
      return
    }
    if patterns.lowercased().hasSuffix(".npz"),
      let bundle = try? NumpyBundle(path: patterns), bundle["sizes"] != nil || bundle["patterns"] != nil
    {
      let storage = try Failure.asUsage { try PatternStorage(bundle) }
      (origin, sizes, caveats) = (.instance(storage), [storage.inputs], [])
      self.hidden = storage.hidden
      return
    }
    let (columns, positive) = try Failure.asUsage { try Self.read(patterns, label: label) }
    origin = .table(columns: columns, positive: positive, isShuffled: isShuffled)
    self.hidden = hidden
    sizes = [columns.count]
    caveats = [
      "The theory is about independent random patterns; the columns of a table depend on each other, and more or fewer "
        + "patterns may fit.",
      "Columns were cut at their medians: what lies between two values of one side is lost.",
      isShuffled
        ? "Labels are shuffled: what is measured is how much can be memorised."
        : "Labels are the data's own: they may be easier than random ones, or contradict each other.",
    ]
  }

  private static func read(_ path: String, label: String?) throws -> (columns: [[Double]], positive: [Bool]) {
    let table = try Table.read(path: path)
    let names = table.numericColumnNames
    let target = label ?? names.last ?? ""
    let values = try table.column(named: target).values
    let distinct = Set(values)
    guard distinct.count > 1 else {
      throw DatasetError(source: path, "the labels in column '\(target)' are all the same; two classes are needed")
    }
    // Two classes as they are, numbers at their median.
    let sorted = values.sorted()
    let cut = distinct.count == 2 ? sorted[0] : sorted[(sorted.count - 1) / 2]
    let columns = try names.filter { $0 != target }.map { try table.column(named: $0).values }
    return (columns, values.map { $0 > cut })
  }

  /// An instance at a load, or all patterns that are given; `index` numbers the instances.
  func storage(size: Int, load: Double?, seed: UInt64, index: Int) throws -> (PatternStorage, leftOut: Int) {
    let own = seed &+ UInt64(index)
    switch origin {
    case .random:
      guard let load else { throw SolutionSpaceError("random patterns need --alpha, their number for each weight") }
      return (try .random(inputs: size, hidden: hidden, load: load, seed: own), 0)
    case .instance(let storage):
      guard load == nil else { throw SolutionSpaceError("a saved instance has its own load; leave --alpha out") }
      return (storage, 0)
    case .table(let columns, let positive, let isShuffled):
      let (all, leftOut) = try PatternStorage.table(
        columns: columns, positive: positive, hidden: hidden, isShuffled: isShuffled, seed: own)
      guard let load else { return (all, leftOut) }
      let count = Int((load * Double(all.inputs)).rounded())
      guard count >= 1, count <= all.count else {
        throw SolutionSpaceError(
          "a load of \(load) on \(all.inputs) inputs is \(count) patterns, and the table has \(all.count) rows")
      }
      var source = RandomSource(seed: own, index: 1)
      let rows = Array(0..<all.count).shuffled(using: &source).prefix(count)
      let signs = rows.flatMap { all.signs[$0 * all.inputs..<($0 + 1) * all.inputs] }
      return (
        try PatternStorage(inputs: all.inputs, hidden: hidden, signs: signs, labels: rows.map { all.labels[$0] }),
        leftOut
      )
    }
  }
}
