import Datasets
import Exact
import Representation

/// Samples of a function of one input from a table that a person named, exactly.
struct SampleTable {
  let source: String
  let input: String
  let target: String
  /// By increasing input.
  let samples: [BrokenLine.Point]

  /// - Parameters:
  ///   - inputs: the input column; nil for the only numeric one besides the target.
  ///   - target: the target column; nil for the last one.
  init(path: String, inputs: String?, target: String?) throws {
    let table = try Table.read(path: path)
    let names = table.columnNames
    let target = target ?? names[names.count - 1]
    let targets = try table.column(named: target)
    let others = table.numericColumnNames.filter { $0 != target }
    guard let input = inputs ?? others.first else {
      throw Failure.usage(
        "\(table.source) has no numeric column besides the target '\(target)': one input is needed")
    }
    guard inputs != nil || others.count == 1 else {
      throw Failure.usage(
        "\(table.source) has the numeric columns \(others.map { "'\($0)'" }.joined(separator: ", ")) besides the target "
          + "'\(target)', and an approximation has one input: choose it with --inputs")
    }
    guard input != target else { throw Failure.usage("column '\(input)' cannot be the input and the target at once") }
    let positions = try table.column(named: input)
    source = table.source
    self.input = input
    self.target = target
    samples = zip(positions.exactValues, targets.exactValues).map { BrokenLine.Point($0, $1) }
      .sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }

  /// Values of a function at equally spaced points of an interval, its ends among them; `count` ≥ 2.
  init(_ line: BrokenLine, on interval: ClosedRange<Rational>, count: Int) {
    (source, input, target) = ("", "x", "y")
    let step = (interval.upperBound - interval.lowerBound) / Rational(count - 1)
    samples = (0..<count).map { index in
      let x = interval.lowerBound + Rational(index) * step
      return BrokenLine.Point(x, line(x))
    }
  }
}
