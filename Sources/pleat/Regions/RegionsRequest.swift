import Datasets
import Execution
import Figures
import Foundation
import PiecewiseLinear

/// What a person asked to know about the regions, with all names understood.
struct RegionsRequest {
  /// What can be written of a region.
  enum Detail: String, CaseIterable {
    case map, facets, chebyshev, vertices, volume, neighbours
  }

  let command: RegionsCommand
  let details: Set<Detail>
  let boundary: DecisionBoundary.Question?
  let threads: Int

  init(_ command: RegionsCommand, _ subject: RegionsSubject) throws {
    self.command = command
    threads = command.threads ?? defaultThreadCount
    details = try Self.details(command.detail)
    let outputs = subject.network.outputs.count
    boundary = try command.boundary.map { try Self.question($0, outputs: outputs) }
    let inputs = subject.network.inputCount
    guard 0..<outputs ~= command.output else {
      throw Failure.usage("--output \(command.output): the network has the outputs 0 to \(outputs - 1)")
    }
    if let plot = command.plot {
      guard inputs <= 2 else {
        throw Failure.usage(
          "--plot \(plot): a picture has 1 or 2 inputs, the network has \(inputs); take a slice, such as --slice "
            + "x0,x1 --at POINT")
      }
      if subject.domain == .space { throw Failure.usage("--plot \(plot): a picture needs an end: give a --box") }
      // Without the program that makes them, better said before the work.
      if plot.lowercased().hasSuffix(".png") { _ = try Failure.asUsage { try PNGConverter() } }
    }
    if let surface = command.surface {
      guard inputs == 2 else {
        throw Failure.usage(
          "--surface \(surface): a surface stands over 2 inputs, here are \(inputs); take a slice, such as "
            + "--slice x0,x1 --at POINT")
      }
      if subject.domain == .space { throw Failure.usage("--surface \(surface): a surface needs an end: give a --box") }
    }
    if details.contains(.volume) || details.contains(.vertices), command.detail != nil, inputs > Self.vertexDimension {
      throw Failure.usage(
        "--detail: vertices and volumes are computed for up to \(Self.vertexDimension) inputs, here are \(inputs)")
    }
    if command.faces, inputs > FaceLattice.largestDimension {
      throw Failure.usage(
        "--faces: all faces are built for up to \(FaceLattice.largestDimension) inputs, here are \(inputs); take "
          + "a slice")
    }
    if command.measures || boundary != nil, inputs > Self.vertexDimension {
      throw Failure.usage(
        "\(boundary != nil ? "--boundary" : "--measures") is computed from vertices, for up to "
          + "\(Self.vertexDimension) inputs; "
          + "here are \(inputs). Take a slice")
    }
    if command.sample != nil, subject.box == nil { throw Failure.usage("--sample draws from a box: give --box") }
  }

  /// Up to so many inputs regions are known by their vertices.
  static let vertexDimension = 6

  private static func details(_ text: String?) throws -> Set<Detail> {
    guard let text else { return [.map, .facets, .chebyshev] }
    if text == "all" { return Set(Detail.allCases) }
    let known = Detail.allCases.map(\.rawValue)
    return try Set(
      text.split(separator: ",").map { part in
        let name = part.trimmingCharacters(in: .whitespaces)
        // An interior point and the pattern are always written.
        guard let detail = Detail(rawValue: name) else {
          let hint = nearestName(to: name, among: known).map { "; did you mean '\($0)'?" } ?? "."
          throw Failure.usage(
            "--detail: there is no '\(name)'\(hint) Accepted are "
              + "\(known.joined(separator: ", ")) and all")
        }
        return detail
      })
  }

  /// `f0=0.5`, `f0=f1` or `argmax`.
  static func question(_ text: String, outputs: Int) throws -> DecisionBoundary.Question {
    if text == "argmax" {
      guard outputs > 1 else {
        throw Failure.usage(
          "--boundary argmax: the network has one output; ask for a level of it, such as "
            + "--boundary f0=0")
      }
      return .classes
    }
    let sides = text.split(separator: "=", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    func output(_ side: String) -> Int? { side.hasPrefix("f") ? Int(side.dropFirst()) : nil }
    guard sides.count == 2, let first = output(sides[0]) else {
      throw Failure.usage(
        "--boundary \(text): accepted are a level such as f0=0.5, two equal outputs such as "
          + "f0=f1, and argmax")
    }
    let second = output(sides[1])
    for number in [first, second].compactMap({ $0 }) where !(0..<outputs ~= number) {
      throw Failure.usage(
        "--boundary \(text): there is no output f\(number); "
          + "\(outputs == 1 ? "the only one is f0" : "the outputs are f0 to f\(outputs - 1)")")
    }
    if let second {
      guard first != second else { throw Failure.usage("--boundary \(text): two different outputs are needed") }
      return .equality(first: first, second: second)
    }
    guard let level = Double(sides[1]), level.isFinite else {
      throw Failure.usage("--boundary \(text): '\(sides[1])' is neither a number nor an output such as f1")
    }
    return .level(output: first, value: level)
  }
}
