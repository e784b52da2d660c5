import Activations
import ArgumentParser
import Datasets
import Figures
import Foundation
import SolutionSpace

/// Where results go.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON document.")
  var json = false

  @Option(help: ArgumentHelp("Write the table as CSV.", valueName: "file"))
  var csv: String?

  @Option(help: ArgumentHelp("Draw a picture: .svg or .png.", valueName: "file"))
  var plot: String?

  /// Says before the work that a file could not be written.
  func check() throws {
    for path in [csv, plot].compactMap({ $0 }) { try Failure.checkFolder(of: path) }
    if let plot, !["svg", "png"].contains((plot as NSString).pathExtension.lowercased()) {
      throw Failure.usage("--plot \(plot): pictures are .svg or .png files")
    }
  }

  /// Prints and writes; the picture is made only when it is wanted.
  func write(_ table: NumberTable, heading: String, footing: String, members: [(String, JSONText)], chart: () -> Chart)
    throws
  {
    if let csv { try Failure.asUsage { try AtomicFile.write(Data(table.csv.utf8), to: csv) } }
    if let plot {
      let svg = chart().svg()
      try Failure.asUsage {
        let data = plot.lowercased().hasSuffix(".png") ? try PNGConverter().png(svg: svg) : Data(svg.utf8)
        try AtomicFile.write(data, to: plot)
      }
    }
    if json {
      try JSONText.print(members + [("rows", table.json)])
    } else {
      print([heading, table.text, footing].filter { !$0.isEmpty }.joined(separator: "\n\n"))
    }
  }
}

/// What people write for activations and numbers.
enum TheoryOption {
  /// Names or formulas of x, separated by commas outside parentheses.
  static func activations(_ text: String) throws -> [Activation] {
    var (parts, depth) = ([""], 0)
    for character in text {
      if character == "," && depth == 0 {
        parts.append("")
        continue
      }
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      parts[parts.count - 1].append(character)
    }
    return try parts.map { part in
      let name = part.trimmingCharacters(in: .whitespaces)
      return try Failure.asUsage {
        do {
          return try Activation(named: name)
        } catch {
          // Formulas have an x and something around it; a misspelt name is better met by the nearest one.
          let isFormula = name.contains("x") && name.contains { "()+-*/^ ".contains($0) }
          guard isFormula else { throw error }
          return try Activation(expression: name)
        }
      }
    }
  }

  static func activation(_ text: String) throws -> Activation {
    let all = try activations(text)
    guard all.count == 1 else { throw Failure.usage("--activation \(text): one activation is needed here") }
    return all[0]
  }

  /// `0.4`, `0.1,0.2`, or `first:last:step`; without a step there are 11 numbers.
  static func numbers(_ text: String, option: String, within range: ClosedRange<Double>) throws -> [Double] {
    func fault(_ reason: String) -> Failure {
      Failure.usage("\(option) \(text): \(reason); give a number, a list such as 0.1,0.2, or first:last:step")
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    var values: [Double]
    if parts.count > 1 {
      let ends = parts.compactMap { Double($0) }
      guard ends.count == parts.count, parts.count <= 3, ends.allSatisfy(\.isFinite) else { throw fault("no range") }
      let (first, last) = (ends[0], ends[1])
      guard last > first else { throw fault("the last number must be above the first") }
      let step = ends.count == 3 ? ends[2] : (last - first) / 10
      guard step > 0, (last - first) / step < 10_000 else { throw fault("a positive step and at most 10000 numbers") }
      let count = Int(((last - first) / step + 1e-9).rounded(.down))
      // Multiples of the step as people write them.
      values = (0...count).map { ((first + step * Double($0)) * 1e12).rounded() / 1e12 }
    } else {
      let list = text.split(separator: ",", omittingEmptySubsequences: false)
      values = list.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
      guard values.count == list.count else { throw fault("no number") }
    }
    guard values.allSatisfy({ range.contains($0) }) else {
      throw fault("numbers from \(NumberFormat.short(range.lowerBound)) to \(NumberFormat.short(range.upperBound))")
    }
    return values
  }

  static func weights(_ text: String) throws -> WeightSpace {
    guard let weights = WeightSpace(rawValue: text.lowercased()) else {
      throw Failure.usage("--weights \(text): accepted are spherical and binary")
    }
    return weights
  }

  /// A mark for each point with a bar of one error to both sides, in one colour.
  static func errorBars(x: [Double], y: [Double], errors: [Double], color: Color, name: String) -> [Mark] {
    var (lineX, lineY): ([Double], [Double]) = ([], [])
    for i in x.indices {
      lineX += [x[i], x[i], .nan]
      lineY += [y[i] - errors[i], y[i] + errors[i], .nan]
    }
    return [
      .line(x: lineX, y: lineY, style: LineStyle(color: color, width: 1.5)),
      .points(x: x, y: y, style: PointStyle(color: color, radius: 4.5, opacity: 1), name: name),
    ]
  }
}
