import ArgumentParser
import Certificates
import Execution
import Foundation
import Networks
import Queries

/// Re-checks the certificate of an answer of `pleat verify`, with the files that it names.
struct SafetyCheck {
  /// The certificate's own path: its files are looked for as seen from its folder.
  let path: String
  /// Files to take instead of those that the certificate names.
  let networks: [NetworkOption]
  let query: String?

  /// Whether a document is such a certificate.
  static func isCertificate(_ data: Data) -> Bool { data.range(of: Data("\"pleat-safety\"".utf8)) != nil }

  /// The certificate is checked; throws `CertificateError` when it proves nothing, and `Failure` when a file is missing or
  /// another than the one that the certificate is about.
  func run(_ data: Data) throws -> (certificate: SafetyCertificate, report: SafetyReport) {
    let certificate = try SafetyCertificate(json: data)
    let names = certificate.networks.map(\.name)
    if let unknown = networks.first(where: { !names.contains($0.name) }) {
      throw Failure.usage(
        "--network \(unknown.name)=\(unknown.path): the certificate is about "
          + names.map { "'\($0)'" }.joined(separator: ", "))
    }
    let queryPath = query ?? RelativePath.resolve(certificate.query.path, besides: path)
    let bytes = try Self.read(queryPath, digest: certificate.query.digest, option: "--query FILE")
    let query = try Failure.asUsage { try VNNLIBQuery(String(decoding: bytes, as: UTF8.self), file: queryPath) }
    var models: [String: ONNXModel] = [:]
    for network in certificate.networks {
      let option = networks.first { $0.name == network.name }
      let place = option?.path ?? RelativePath.resolve(network.path, besides: path)
      let bytes = try Self.read(place, digest: network.digest, option: "--network \(network.name)=FILE")
      models[network.name] = try Failure.asUsage { try ONNXModel(bytes, source: place) }
    }
    let problem = try Failure.asUsage { try QueryProblem(query, models: models) }
    return (certificate, try SafetyChecker().check(certificate, problem: problem))
  }

  private static func read(_ path: String, digest: String, option: String) throws -> Data {
    let bytes: Data
    do {
      bytes = try GzipFile.read(path)
    } catch let failure as Failure {
      throw Failure.usage("\(failure.message); say where it is with \(option)")
    }
    guard VerifySubject.digest(bytes) == digest else {
      throw CertificateError(at: path, "is not the file that the certificate is about: the digest differs")
    }
    return bytes
  }
}
