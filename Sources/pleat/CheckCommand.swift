import ArgumentParser
import Certificates
import Execution
import Foundation

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Re-check a certificate in exact arithmetic.",
    discussion: """
      Prints "valid", or what is wrong and where, and exits 1. The checker shares no
      code with the solvers; the program pleat-check is the same checker alone.

      The certificate of 'pleat verify' names the query and its networks; they are
      looked for as seen from the certificate's folder, or where --query and --network
      say, and must have the digests that stand in the certificate.

      EXAMPLES
        pleat fit cars.csv --target dist --hidden 2 --certificate fit.json
        pleat check fit.json
        pleat verify acas.onnx prop_3.vnnlib --certificate proof.json
        pleat check proof.json
      """)

  @Argument(help: "The certificate, as written by --certificate.")
  var certificate: String

  @Option(help: ArgumentHelp("The query, where it is elsewhere than the certificate says.", valueName: "file"))
  var query: String?

  @Option(
    name: .customLong("network"),
    help: ArgumentHelp("A network that is elsewhere than the certificate says (repeatable).", valueName: "name=file"))
  var networks: [String] = []

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    guard let data = FileManager.default.contents(atPath: certificate) else {
      throw Failure.usage("cannot read the certificate \(certificate)")
    }
    do {
      if SafetyCertificate.isCertificate(data) {
        try checkSafety(data)
      } else {
        try checkFit(data)
      }
    } catch let error as CertificateError {
      if json {
        try JSONText.print([
          ("valid", .bool(false)), ("place", .string(error.place)), ("reason", .string(error.reason)),
        ])
      } else {
        print("invalid: \(error)")
      }
      throw ExitCode(1)
    }
  }

  private func checkFit(_ data: Data) throws {
    guard query == nil, networks.isEmpty else {
      throw Failure.usage("--query and --network are for certificates of 'pleat verify'; this is one of 'pleat fit'")
    }
    let start = Cancellation.now
    let document = try FitCertificate(json: data)
    let report = try CertificateChecker().check(document)
    let seconds = Cancellation.now - start
    let loss = document.claimedLoss.doubleValue
    let bound = document.lowerBound.doubleValue
    if json {
      try JSONText.print([
        ("valid", .bool(true)), ("loss", .number(loss)), ("lower_bound", .number(bound)),
        ("samples", .integer(report.samples)), ("leaves", .integer(report.leaves)), ("seconds", .number(seconds)),
      ])
    } else {
      print("valid")
      print("  loss         \(NumberFormat.full(loss)) on \(report.samples) samples, recomputed exactly")
      let proof =
        report.leaves > 0 ? "\(report.leaves) leaves" : report.knotProofs > 0 ? "knots" : "losses are not negative"
      print("  lower bound  \(NumberFormat.full(bound)), proved by: \(proof)")
      print("  checked in   \(String(format: "%.3f", seconds)) s")
    }
  }

  private func checkSafety(_ data: Data) throws {
    let start = Cancellation.now
    let options = try networks.map { try NetworkOption($0) }
    let (document, report) = try SafetyCheck(path: certificate, networks: options, query: query).run(data)
    let seconds = Cancellation.now - start
    let verdict =
      switch document.verdict {
      case .satisfiable: "sat"
      case .unsatisfiable: "unsat"
      }
    if json {
      try JSONText.print([
        ("valid", .bool(true)), ("verdict", .string(verdict)), ("cases", .integer(report.cases)),
        ("splits", .integer(report.splits)), ("claims", .integer(report.claims)), ("leaves", .integer(report.leaves)),
        ("exact_claims", .integer(report.exactClaims)), ("seconds", .number(seconds)),
      ])
      return
    }
    print("valid")
    switch document.verdict {
    case .satisfiable:
      print("  verdict      sat: the point satisfies the query, evaluated exactly")
    case .unsatisfiable:
      print("  verdict      unsat: no input satisfies the query")
      print(
        "  proved by    \(ModelFile.count(report.cases, "case")), \(ModelFile.count(report.splits, "split")), "
          + "\(ModelFile.count(report.claims, "claim")), of which \(NumberFormat.grouped(report.leaves)) close a node")
    }
    print("  checked in   \(String(format: "%.3f", seconds)) s")
  }
}
