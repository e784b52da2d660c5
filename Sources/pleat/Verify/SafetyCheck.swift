import Certificates
import Foundation

/// Re-checks the certificate of an answer of `pleat verify`, with the files that it names.
struct SafetyCheck {
  /// The certificate's own path: its files are looked for as seen from its folder.
  let path: String
  /// Files to take instead of those that the certificate names.
  let networks: [NetworkOption]
  let query: String?

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
    let given = Dictionary(networks.map { ($0.name, $0.path) }) { first, _ in first }
    do {
      let problem = try certificate.problem(besides: path, query: query, networks: given)
      return (certificate, try SafetyChecker().check(certificate, problem: problem))
    } catch let error as CertificateError {
      throw error
    } catch let failure as SafetyCertificate.FileFailure {
      let option = failure.name.isEmpty ? "--query FILE" : "--network \(failure.name)=FILE"
      throw Failure.usage("\(failure); say where it is with \(option)")
    } catch {
      throw Failure.usage("\(error)")
    }
  }
}
