import ArgumentParser
import Datasets
import Dispatch
import Execution
import Foundation
import Queries
import Verification

/// Answers every row of a table.
struct VerifyBatch {
  let command: VerifyCommand
  private let table: InstanceTable
  private let results: ResultTable
  /// The table's folder, to which its paths are relative.
  private let folder: String

  init(_ command: VerifyCommand) throws {
    self.command = command
    let path = command.instances ?? ""
    table = try InstanceTable(path: path)
    results = try ResultTable(path: command.results ?? "")
    folder = (path as NSString).deletingLastPathComponent
  }

  func run() throws {
    if let certificates = command.certificates {
      try Failure.asUsage {
        try FileManager.default.createDirectory(atPath: certificates, withIntermediateDirectories: true)
      }
    }
    let cancellation = Cancellation()
    let interrupt = Interrupt(cancellation, keeping: "every answer so far")
    defer { withExtendedLifetime(interrupt) {} }
    let open = table.instances.enumerated().filter { results.row(of: $1, category: table.category) == nil }
    let known = table.instances.count - open.count
    if known > 0 { say("\(ModelFile.count(known, "answer")) in \(command.results ?? "") already: skipped") }
    var errors = 0
    for (position, (index, instance)) in open.enumerated() {
      guard let row = try answer(instance, number: index + 1, stopping: cancellation) else { break }
      if row.result == "error" { errors += 1 }
      try results.append(row)
      if position == 0 { say("     row  result      seconds  network, property") }
      say(line(row, number: index + 1))
    }
    try finish(isInterrupted: cancellation.isRequested)
    if cancellation.isRequested { throw ExitCode(130) }
    if errors > 0 {
      throw Failure.usage("\(ModelFile.count(errors, "row")) could not be read; the reasons stand above")
    }
  }

  private func say(_ text: String) {
    if !command.quiet { Terminal.error(text) }
  }

  private func line(_ row: ResultTable.Row, number: Int) -> String {
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let place = "\(number)/\(table.instances.count)"
    let files = [row.onnx, row.vnnlib].map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
    return pad(place, 8) + "  " + row.result + pad("", 8 - row.result.count)
      + pad(String(format: "%.3f", row.runSeconds), 11) + "  "
      + files
  }

  /// The row of an instance; nil when a person stopped it.
  private func answer(
    _ instance: VerifyInstance, number: Int, stopping batch: Cancellation
  ) throws -> ResultTable.Row? {
    if batch.isRequested { return nil }
    let start = Cancellation.now
    let cancellation = Cancellation(timeLimit: command.timeout ?? instance.timeout)
    var row = ResultTable.Row(
      category: table.category, onnx: instance.onnx, vnnlib: instance.vnnlib, prepareSeconds: 0, result: "error",
      runSeconds: 0)
    let subject: VerifySubject
    do {
      subject = try VerifySubject(
        query: place(instance.vnnlib), digests: command.certificates != nil
      ) { query in
        try NetworkOption.read(model: models(instance.onnx), for: query)
      }
    } catch let failure as Failure {
      Terminal.error("pleat: row \(number): \(failure.message)")
      row.runSeconds = Cancellation.now - start
      return row
    }
    let relay = CancellationRelay(from: batch, to: cancellation)
    let progress = VerifyProgress()
    let result = command.search(keepsProof: command.certificates != nil).run(
      subject.problem, reportingTo: command.quiet ? nil : progress, cancellation: cancellation)
    progress.finish()
    relay.end()
    let answer = VerifyAnswer(
      subject, result, isInterrupted: cancellation.isRequested, seconds: Cancellation.now - start)
    if case .stopped = result.verdict, cancellation.isRequested { return nil }
    for note in answer.notes { say("pleat: row \(number): \(note)") }
    row.result = answer.word.rawValue
    row.runSeconds = answer.seconds
    if let folder = command.certificates, answer.exitStatus != 3 {
      let stems = [instance.onnx, instance.vnnlib].map(Self.stem)
      let name = String(format: "%04d-", number) + stems.joined(separator: "-") + ".json"
      try answer.write(certificate: (folder as NSString).appendingPathComponent(name), quiet: true)
    }
    return row
  }

  private func place(_ path: String) -> String {
    path.hasPrefix("/") || folder.isEmpty ? path : (folder as NSString).appendingPathComponent(path)
  }

  /// One model's path, or those of `f=a.onnx;g=b.onnx`.
  private func models(_ text: String) -> String {
    text.split(separator: ";").map { part in
      guard let mark = part.firstIndex(of: "=") else { return place(String(part)) }
      return String(part[...mark]) + place(String(part[part.index(after: mark)...]))
    }.joined(separator: ";")
  }

  private static func stem(_ path: String) -> String {
    let name = (path as NSString).lastPathComponent
    let stem = [".gz", ".onnx", ".vnnlib"].reduce(name) { $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
    return String(stem.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
  }

  /// The picture, and the sums on standard output.
  private func finish(isInterrupted: Bool) throws {
    let rows = table.instances.compactMap { results.row(of: $0, category: table.category) }
    if let plot = command.plot {
      let svg = CactusPlot(rows: rows, title: table.category).svg()
      try Failure.asUsage { try AtomicFile.write(Data(svg.utf8), to: plot) }
    }
    func count(_ result: String) -> Int { rows.count { $0.result == result } }
    let words = ["unsat", "sat", "unknown", "timeout", "error"]
    let seconds = rows.filter(\.isSolved).reduce(0) { $0 + $1.prepareSeconds + $1.runSeconds }
    if command.json {
      try JSONText.print(
        [
          ("category", .string(table.category)), ("instances", .integer(table.instances.count)),
          ("answered", .integer(rows.count)), ("solved", .integer(rows.count(where: \.isSolved))),
        ] + words.map { ($0, .integer(count($0))) } + [
          ("seconds", .number(seconds)), ("interrupted", .bool(isInterrupted)),
        ])
      return
    }
    print(
      "\(rows.count(where: \.isSolved)) of \(table.instances.count) solved in \(NumberFormat.seconds(seconds)) s: "
        + words.filter { count($0) > 0 }.map { "\(count($0)) \($0)" }.joined(separator: ", "))
  }
}

/// Passes a request to stop on to the work of the moment, which has a time limit of its own.
private final class CancellationRelay {
  private let timer: any DispatchSourceTimer

  init(from source: Cancellation, to target: Cancellation) {
    // A queue of its own gets a thread even while the search keeps all the pool's threads busy.
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "relay", qos: .userInteractive))
    timer.schedule(deadline: .now(), repeating: .milliseconds(50))
    timer.setEventHandler { if source.isRequested { target.cancel() } }
    timer.resume()
  }

  func end() { timer.cancel() }
}
