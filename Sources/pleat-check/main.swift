import Certificates
import Foundation

// The checker alone: it links exact arithmetic, the proof formats and the readers of networks and queries, no solver and no
// option parser.

let usage = """
  usage: pleat-check CERTIFICATE.json [--query FILE] [--network NAME=FILE ...]
  Prints 'valid' and exits 0, or what is wrong and where and exits 1.
  The options say where the files of a safety certificate are, if not where it says.
  """

/// The program's arguments.
struct Request {
  var certificate = ""
  var query: String?
  var networks: [String: String] = [:]

  /// Nil when they are not of the form that the program takes.
  init?(_ arguments: some Sequence<String>) {
    var rest = Array(arguments)[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--query":
        guard let path = rest.popFirst() else { return nil }
        query = path
      case "--network":
        guard let text = rest.popFirst(), let mark = text.firstIndex(of: "=") else { return nil }
        networks[String(text[..<mark])] = String(text[text.index(after: mark)...])
      default:
        guard certificate.isEmpty, !argument.hasPrefix("-") else { return nil }
        certificate = argument
      }
    }
    if certificate.isEmpty { return nil }
  }
}

/// Ends the program with a message on standard error.
func refuse(_ message: String) -> Never {
  FileHandle.standardError.write(Data("pleat-check: \(message)\n".utf8))
  exit(2)
}

guard let request = Request(CommandLine.arguments.dropFirst()) else {
  print(usage)
  exit(CommandLine.arguments.contains("--help") ? 0 : 2)
}
guard let data = FileManager.default.contents(atPath: request.certificate) else {
  refuse("cannot read \(request.certificate)")
}
do {
  if SafetyCertificate.isCertificate(data) {
    let certificate = try SafetyCertificate(json: data)
    let problem = try certificate.problem(
      besides: request.certificate, query: request.query, networks: request.networks)
    let report = try SafetyChecker().check(certificate, problem: problem)
    switch certificate.verdict {
    case .satisfiable: print("valid: sat, the point satisfies the query")
    case .unsatisfiable: print("valid: unsat, \(report.cases) cases, \(report.splits) splits, \(report.leaves) leaves")
    }
  } else {
    let certificate = try FitCertificate(json: data)
    let report = try CertificateChecker().check(certificate)
    let (loss, bound) = (certificate.claimedLoss.doubleValue, certificate.lowerBound.doubleValue)
    print("valid: loss \(loss), lower bound \(bound), \(report)")
  }
} catch let error as CertificateError {
  print("invalid: \(error)")
  exit(1)
} catch let failure as SafetyCertificate.FileFailure {
  refuse("\(failure); say where it is with \(failure.name.isEmpty ? "--query FILE" : "--network \(failure.name)=FILE")")
} catch {
  refuse("\(error)")
}
