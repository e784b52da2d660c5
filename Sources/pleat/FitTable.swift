import Certificates
import Datasets
import Exact
import Fitting

/// The samples that a person named on the command line, as exact numbers, and remarks on what is odd about them.
struct FitTable {
  let samples: ExactSamples
  let remarks: [String]

  init(_ command: FitCommand, loss: Loss) throws {
    let table = try Table.read(path: command.data)
    let names = table.columnNames
    guard let last = names.last else { throw Failure.usage("\(table.source) has no columns") }
    let target = command.target ?? last
    let targetColumn = try table.column(named: target)
    let weightColumn = try command.weights.map { try table.column(named: $0) }
    let inputNames: [String]
    if let list = command.inputs {
      inputNames = list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      guard !inputNames.isEmpty else { throw Failure.usage("--inputs names no column") }
      if let name = inputNames.first(where: { $0 == target }) {
        throw Failure.usage("column '\(name)' cannot be an input and the target at once")
      }
      if Set(inputNames).count < inputNames.count { throw Failure.usage("--inputs names a column twice") }
    } else {
      inputNames = table.numericColumnNames.filter { $0 != target && $0 != command.weights }
      guard !inputNames.isEmpty else {
        throw Failure.usage(
          "\(table.source) has no numeric column besides the target '\(target)': at least one input is needed")
      }
    }
    let columns = try inputNames.map { try table.column(named: $0) }
    let inputColumns = columns.map(\.exactValues)
    let targets = targetColumn.exactValues
    let weights = weightColumn.map(\.exactValues) ?? Array(repeating: .one, count: table.rowCount)
    if let weightColumn, let row = weights.firstIndex(where: { $0.signum <= 0 }) {
      let line = weightColumn.lines.map { "line \($0[row])" } ?? "row \(row + 1)"
      throw Failure.usage(
        "\(table.source), \(line): the weight \(weights[row].doubleValue) in column '\(weightColumn.name)' is not positive"
      )
    }
    if command.model == .pwl, inputNames.count != 1 {
      throw Failure.usage(
        "--model pwl is for one input, and there are \(inputNames.count) (\(inputNames.joined(separator: ", "))); "
          + "choose one with --inputs, or use --model relu --skip")
    }
    if loss.isClassification, let row = targets.firstIndex(where: { $0.magnitude != 1 }) {
      let line = targetColumn.lines.map { "line \($0[row])" } ?? "row \(row + 1)"
      throw Failure.usage(
        "\(table.source), \(line): the \(loss) loss needs labels -1 and 1 in column '\(target)', found \(targets[row].doubleValue)"
      )
    }
    let rows = targets.indices.map { row in inputColumns.map { $0[row] } }
    samples = ExactSamples(
      inputNames: inputNames, targetName: target, inputs: rows, targets: targets, weights: weights)
    remarks = Self.remarks(samples)
  }

  private static func remarks(_ samples: ExactSamples) -> [String] {
    var remarks: [String] = []
    if Set(samples.targets).count == 1 { remarks.append("the target is constant: a constant fits it exactly") }
    for (index, name) in samples.inputNames.enumerated() where Set(samples.inputs.lazy.map { $0[index] }).count == 1 {
      remarks.append("input '\(name)' is constant: it tells nothing")
    }
    var first: [[Rational]: Rational] = [:]
    var contradictions = 0
    for (input, target) in zip(samples.inputs, samples.targets) {
      if let known = first[input] { contradictions += known == target ? 0 : 1 } else { first[input] = target }
    }
    if contradictions > 0 {
      remarks.append(
        contradictions == 1
          ? "one sample repeats an input with another target: no function fits both"
          : "\(contradictions) samples repeat an input with another target: no function fits them all")
    }
    return remarks
  }
}
