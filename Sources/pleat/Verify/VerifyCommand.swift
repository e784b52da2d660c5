import ArgumentParser
import Execution
import Foundation

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Is a network safe? Does any input satisfy a VNN-LIB property?",
    discussion: """
      A property describes what must not happen, in VNN-LIB 1.0 or 2.0. The answer is
      about the network's function over the real numbers, its weights taken exactly:
      "unsat" is a theorem, and "sat" comes with a point for which the property holds
      in exact arithmetic. Files may be compressed by gzip.

      The first word on standard output is the answer, and the exit code says it too:
        unsat     0   no input satisfies the property: the network is safe
        sat       1   an input does; it follows on standard output
        unknown   3   neither was shown; standard error says why
        timeout   3   the time was over; timed-out with the form of VNN-LIB 2.0
      Bad usage and bad input are 2 with nothing on standard output, Ctrl-C is 130.

      TWO FORMS
        pleat verify MODEL.onnx PROPERTY.vnnlib       as in VNN-COMP; --witness writes
                                                      the competition's file
        pleat verify QUERY.vnnlib --network N=FILE …  the standard's: a file for each
                                                      network that the query declares,
                                                      but for those equal to another

      EXAMPLES
        pleat verify acas.onnx prop_3.vnnlib --timeout 60 --certificate proof.json
        pleat verify query.vnnlib --network f=old.onnx --network g=new.onnx
        pleat check proof.json
        pleat verify --instances instances.csv --results results.csv --plot cactus.svg

      MANY QUESTIONS
        --instances reads rows onnx,vnnlib,timeout, with or without a header, whose
        paths are relative to the table. Each answer is appended to --results as
        category,onnx,vnnlib,prepare_s,result,run_s at once; rows that stand there
        already are skipped, so that a second start goes on where the first ended.
        The category is the name of the table's folder. --timeout replaces the
        table's limits. The exit code is 0, or 2 when an instance could not be read.

      --json prints one document: verdict, notes, seconds, cases, nodes,
      proved_share; for sat also witness (name, type, shape, values of each variable),
      representable, holds_in_single_precision; with --explain also explanation.
      """)

  @Argument(help: ArgumentHelp("The model and the property, or the query alone.", valueName: "file"))
  var files: [String] = []

  @Option(
    name: .customLong("network"),
    help: ArgumentHelp("The file of a network that the query declares (repeatable).", valueName: "name=file"))
  var networks: [String] = []

  @Option(help: ArgumentHelp("Stop after so many seconds.", valueName: "seconds"))
  var timeout: Double?

  @Option(help: ArgumentHelp("Write the point of a sat as VNN-COMP takes it.", valueName: "file"))
  var witness: String?

  @Option(
    name: [.customLong("serialise-assignments"), .customLong("assignments")],
    help: ArgumentHelp(
      "Write the point of a sat as ONNX tensors, one file for each variable, instead of printing it.",
      valueName: "folder"))
  var assignments: String?

  @Option(help: ArgumentHelp("Write the proof for 'pleat check'.", valueName: "file"))
  var certificate: String?

  @Flag(help: "Say why: the violating region and its margins, or what carried the proof.")
  var explain = false

  @Option(help: ArgumentHelp("Answer every row of a table.", valueName: "csv"))
  var instances: String?

  @Option(help: ArgumentHelp("Append the answers to a table's rows here.", valueName: "csv"))
  var results: String?

  @Option(help: ArgumentHelp("Draw how many were solved within which time (.svg).", valueName: "svg"))
  var plot: String?

  @Option(help: ArgumentHelp("Write the proofs of a table's answers here.", valueName: "folder"))
  var certificates: String?

  @Flag(help: "Do not look for points apart from the proof's own search.")
  var noAttack = false

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Option(help: "Seed of everything random.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Do not report progress.")
  var quiet = false

  func run() throws {
    if let threads, threads < 1 { throw Failure.usage("--threads \(threads): at least 1 is needed") }
    if let timeout, !(timeout >= 0) { throw Failure.usage("--timeout \(timeout): a number of seconds is needed") }
    if instances != nil {
      try checkBatch()
      try VerifyBatch(self).run()
    } else {
      try checkSingle()
      try VerifyRunner(self).run()
    }
  }

  /// Whether the query alone was named, in the standard's form.
  var isStandardForm: Bool { files.count == 1 }

  private func checkBatch() throws {
    guard files.isEmpty, networks.isEmpty else {
      throw Failure.usage("--instances names the files itself: leave \(files.first ?? "--network") away")
    }
    guard let results else { throw Failure.usage("--instances needs a file for the answers: --results results.csv") }
    if let option = [("--witness", witness), ("--assignments", assignments), ("--certificate", certificate)].first(
      where: { $0.1 != nil })
    {
      let instead = option.0 == "--certificate" ? "; --certificates FOLDER writes the proofs of all rows" : ""
      throw Failure.usage("\(option.0) is for one question\(instead)")
    }
    if explain { throw Failure.usage("--explain is for one question") }
    try Failure.checkFolder(of: results)
    if let plot {
      try Failure.checkFolder(of: plot)
      guard plot.lowercased().hasSuffix(".svg") else { throw Failure.usage("--plot \(plot): a name in .svg is needed") }
    }
  }

  private func checkSingle() throws {
    for (option, value) in [("--results", results), ("--plot", plot), ("--certificates", certificates)]
    where value != nil {
      throw Failure.usage("\(option) belongs to a table: --instances instances.csv")
    }
    switch files.count {
    case 0: throw Failure.usage("name a model and a property, or a query: pleat verify MODEL.onnx PROPERTY.vnnlib")
    case 1: break
    case 2:
      guard networks.isEmpty else {
        throw Failure.usage("--network goes with the query alone: pleat verify \(files[1]) --network \(networks[0])")
      }
      if files[0].contains(".vnnlib"), files[1].contains(".onnx") {
        throw Failure.usage("the model comes first: pleat verify \(files[1]) \(files[0])")
      }
    default: throw Failure.usage("\(files[2]): one model and one property are enough; --instances takes many")
    }
    for path in [witness, certificate].compactMap({ $0 }) { try Failure.checkFolder(of: path) }
    if let assignments { try Failure.checkFolder(of: assignments) }
  }
}
