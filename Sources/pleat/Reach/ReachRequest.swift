import Datasets
import Execution
import Figures
import Foundation
import Verification

/// What a person asked `pleat reach` for, with all names understood.
struct ReachRequest {
  let command: ReachCommand
  let isExact: Bool
  /// In the order in which they were named.
  let enclosures: [OutputEnclosure.Method]
  /// The outputs that are drawn: one or two.
  let outputs: [Int]
  let threads: Int

  init(_ command: ReachCommand, _ subject: ReachSubject) throws {
    self.command = command
    threads = command.threads ?? defaultThreadCount
    let known = ["exact"] + OutputEnclosure.Method.allCases.map(\.rawValue)
    let names = (command.method ?? "exact").split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    if let name = names.first(where: { !known.contains($0) }) {
      let hint = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? "."
      throw Failure.usage("--method: there is no '\(name)'\(hint) Accepted are \(known.joined(separator: ", "))")
    }
    isExact = names.contains("exact")
    enclosures = OutputEnclosure.Method.allCases.filter { names.contains($0.rawValue) }
    if !enclosures.isEmpty, subject.parts.contains(where: { $0.box == nil }) {
      throw Failure.usage(
        "--method \(enclosures[0].rawValue): an enclosure begins with a box, not with a polytope; give --box")
    }
    outputs =
      try Self.outputs(command.outputs, count: subject.network.outputs.count) ?? Self.usualOutputs(subject)
    if command.outputs != nil, command.plot == nil {
      throw Failure.usage("--outputs says what --plot draws: add --plot set.svg")
    }
    if command.plot?.lowercased().hasSuffix(".png") == true { _ = try Failure.asUsage { try PNGConverter() } }
  }

  private static func outputs(_ text: String?, count: Int) throws -> [Int]? {
    guard let text else { return nil }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Int($0.trimmingCharacters(in: .whitespaces)) }
    let chosen = numbers.compactMap { $0 }
    guard chosen.count == numbers.count, (1...2).contains(chosen.count), Set(chosen).count == chosen.count else {
      throw Failure.usage("--outputs \(text): give one number or two different ones, such as 0,1")
    }
    if let odd = chosen.first(where: { !(0..<count ~= $0) }) {
      throw Failure.usage(
        "--outputs \(text): there is no output \(odd); "
          + (count == 1 ? "the only one is 0" : "the outputs are 0 to \(count - 1)"))
    }
    return chosen
  }

  /// The outputs that a property compares, else those that it mentions, else the first two.
  private static func usualOutputs(_ subject: ReachSubject) -> [Int] {
    let first = Array(0..<min(2, subject.network.outputs.count))
    guard let question = subject.question else { return first }
    var mentioned: [Int] = []
    for constraint in question.parts.flatMap(\.cases).prefix(100).flatMap(\.exact.constraints) {
      let own = constraint.polynomial.linear.compactMap { term -> Int? in
        if case .output(let output) = question.problem.places[term.element] { return output }
        return nil
      }
      if own.count == 2 { return own }
      for output in own where !mentioned.contains(output) { mentioned.append(output) }
    }
    for output in first where !mentioned.contains(output) { mentioned.append(output) }
    return Array(mentioned.prefix(2)).sorted()
  }
}
