import ArgumentParser
import Certificates
import Datasets
import Execution
import Foundation
import Queries
import Verification

/// Does what `pleat verify` was asked for about one query.
struct VerifyRunner {
  let command: VerifyCommand

  init(_ command: VerifyCommand) { self.command = command }

  func run() throws {
    let cancellation = Cancellation(timeLimit: command.timeout)
    let interrupt = Interrupt(cancellation, keeping: "the share proved so far", hasAnswer: false)
    defer { withExtendedLifetime(interrupt) {} }
    let start = Cancellation.now
    let subject = try readSubject()
    interrupt.keep()
    let progress = VerifyProgress()
    let result = command.search(keepsProof: command.certificate != nil || command.explain)
      .run(subject.problem, reportingTo: command.quiet ? nil : progress, cancellation: cancellation)
    progress.finish()
    let answer = VerifyAnswer(
      subject, result, isInterrupted: cancellation.isRequested, seconds: Cancellation.now - start)
    let serialised = try serialise(answer)
    // The explanation is extra work after the answer, with a limit of its own size: the time limit was for the answer.
    let explanation =
      command.explain ? VerifyExplanation(answer, seed: command.seed, cancellation: Cancellation(timeLimit: 10)) : nil
    print(answer, explanation, isSerialised: serialised)
    if let path = command.witness, let assignment = answer.assignment {
      try Failure.asUsage { try AtomicFile.write(Data(assignment.competitionText.utf8), to: path) }
    }
    if let path = command.certificate { try answer.write(certificate: path, quiet: command.quiet) }
    if cancellation.isRequested { throw ExitCode(130) }
    if answer.exitStatus != 0 { throw ExitCode(answer.exitStatus) }
  }

  private func readSubject() throws -> VerifySubject {
    let wantsDigests = command.certificate != nil
    guard !command.isStandardForm else {
      let options = try command.networks.map { try NetworkOption($0) }
      return try VerifySubject(query: command.files[0], digests: wantsDigests) { query in
        try NetworkOption.check(options, against: query)
      }
    }
    return try VerifySubject(query: command.files[1], digests: wantsDigests) { query in
      try NetworkOption.read(model: command.files[0], for: query)
    }
  }

  /// Writes the tensors of the assignment, before the answer is printed: a folder that cannot be written is bad input.
  private func serialise(_ answer: VerifyAnswer) throws -> Bool {
    guard let folder = command.assignments else { return false }
    guard let assignment = answer.assignment else { return true }
    try Failure.asUsage {
      let tensors = try assignment.tensors()
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (file, data) in tensors {
        try AtomicFile.write(data, to: (folder as NSString).appendingPathComponent(file))
      }
    }
    return true
  }

  private func print(_ answer: VerifyAnswer, _ explanation: VerifyExplanation?, isSerialised: Bool) {
    let problem = answer.subject.problem
    if command.json {
      var members = answer.json
      if command.explain { members.append(("explanation", explanation?.json(problem) ?? .null)) }
      Swift.print(JSONText.object(members).text)
      return
    }
    Swift.print(answer.word(inStandardForm: command.isStandardForm))
    if let assignment = answer.assignment, !isSerialised {
      // The witness file is the word and then the assignment, for either version of the language.
      Swift.print(assignment.competitionText.dropFirst("sat\n".count), terminator: "")
    }
    for note in answer.notes { Terminal.error("pleat: \(note)") }
    if !command.quiet { Terminal.error("  \(answer.effortText)") }
    // What follows the assignment on standard output would be read as a part of it.
    if let explanation { Terminal.error(explanation.text(problem).trimmingCharacters(in: .newlines)) }
  }
}

extension VerifyCommand {
  func search(keepsProof: Bool) -> VerificationSearch {
    var search = VerificationSearch()
    search.attacks = !noAttack
    search.keepsProof = keepsProof
    search.threads = threads ?? defaultThreadCount
    search.seed = seed
    return search
  }
}

extension VerificationSearch {
  func run(
    _ problem: QueryProblem, reportingTo progress: VerifyProgress?, cancellation: Cancellation
  ) -> VerificationResult {
    if let progress { return run(problem, progress: progress, cancellation: cancellation) }
    return run(problem, cancellation: cancellation)
  }
}

extension VerifyAnswer {
  /// The members of the JSON document.
  var json: [(String, JSONText)] {
    var members: [(String, JSONText)] = [
      ("verdict", .string(word.rawValue)), ("notes", .array(notes.map { .string($0) })), ("seconds", .number(seconds)),
      ("cases", .integer(result.effort.cases)), ("nodes", .integer(result.effort.nodes)),
      ("proved_share", .number(result.effort.provedShare)),
    ]
    if let assignment {
      let variables = assignment.query.variables.map { variable in
        JSONText.object([
          ("name", .string(variable.name)), ("type", .string(variable.elementType.rawValue)),
          ("shape", .array(variable.shape.map { .integer($0) })),
          // As text: a JSON number is a double to most readers, and these are exact.
          ("values", .array(variable.elements.map { .string(assignment.texts[$0]) })),
        ])
      }
      members.append(("witness", .array(variables)))
    }
    if case .satisfiable(let witness) = result.verdict {
      members.append(("representable", .bool(assignment?.isRepresentable ?? false)))
      members.append(("holds_in_single_precision", .bool(witness.singlePrecision != .no)))
    }
    return members
  }

  /// Writes the proof, or says why there is none.
  func write(certificate path: String, quiet: Bool) throws {
    guard let certificate = certificate(at: path) else {
      Terminal.error("pleat: no certificate is written: there is no answer to prove")
      return
    }
    try Failure.asUsage { try AtomicFile.write(certificate.json(), to: path) }
    if !quiet { Terminal.error("  certificate written to \(path)") }
  }
}
