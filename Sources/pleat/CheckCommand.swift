import ArgumentParser
import Certificates
import Execution
import Foundation

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Re-check a certificate in exact arithmetic.",
    discussion: """
      Prints "valid", or what is wrong and where, and exits 1. The checker shares no code with the solvers; the program
      pleat-check is the same checker alone.

      EXAMPLE
        pleat fit cars.csv --target dist --hidden 2 --certificate fit.json
        pleat check fit.json
      """)

  @Argument(help: "The certificate, as written by --certificate.")
  var certificate: String

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    guard let data = FileManager.default.contents(atPath: certificate) else {
      throw Failure.usage("cannot read the certificate \(certificate)")
    }
    let start = Cancellation.now
    do {
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
}
