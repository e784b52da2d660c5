/// Why a certificate does not prove its claim, and where.
public struct CertificateError: Error, Sendable, CustomStringConvertible {
  /// Where in the certificate: a field, or a part, a tree and a line.
  public let place: String
  public let reason: String

  public init(at place: String, _ reason: String) {
    self.place = place
    self.reason = reason
  }

  public var description: String { "\(place): \(reason)" }
}
