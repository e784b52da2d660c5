import Certificates
import Foundation
import Networks
import Queries

// The checker alone: it links exact arithmetic, the proof formats and the readers of networks and queries, no solver and no
// option parser.

let usage = """
  usage: pleat-check CERTIFICATE.json [--query FILE] [--network NAME=FILE ...]
  Prints 'valid' and exits 0, or what is wrong and where and exits 1.
  The options say where the files of a safety certificate are, if not where it says.
  """

/// Bad usage or bad input: a sentence for the person at the keyboard.
struct Refusal: Error {
  let message: String
}

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

  /// The bytes of a file that the certificate names by a path as seen from its own folder, or of the one given instead.
  func bytes(of file: SafetyCertificate.File, insteadOf given: String?) throws -> (path: String, bytes: Data) {
    let folder = (certificate as NSString).deletingLastPathComponent
    let isPlaced = file.path.hasPrefix("/") || folder.isEmpty
    let path = given ?? (isPlaced ? file.path : (folder as NSString).appendingPathComponent(file.path))
    guard let data = FileManager.default.contents(atPath: path) else {
      let option = file.name.isEmpty ? "--query FILE" : "--network \(file.name)=FILE"
      throw Refusal(message: "cannot read \(path); say where it is with \(option)")
    }
    if data.starts(with: [0x1F, 0x8B]) {
      throw Refusal(message: "\(path) is compressed by gzip; decompress it first")
    }
    var hash = SHA256()
    hash.update([UInt8](data))
    guard "sha256:" + hash.finish() == file.digest else {
      throw CertificateError(at: path, "is not the file that the certificate is about: the digest differs")
    }
    return (path, data)
  }

  /// The query and its networks.
  func problem(of certificate: SafetyCertificate) throws -> QueryProblem {
    let (path, text) = try bytes(of: certificate.query, insteadOf: query)
    var models: [String: ONNXModel] = [:]
    for network in certificate.networks {
      let (path, data) = try bytes(of: network, insteadOf: networks[network.name])
      models[network.name] = try ONNXModel(data, source: path)
    }
    return try QueryProblem(VNNLIBQuery(String(decoding: text, as: UTF8.self), file: path), models: models)
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
  if data.range(of: Data("\"pleat-safety\"".utf8)) != nil {
    let certificate = try SafetyCertificate(json: data)
    let report = try SafetyChecker().check(certificate, problem: request.problem(of: certificate))
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
} catch let refusal as Refusal {
  refuse(refusal.message)
} catch {
  refuse("\(error)")
}
