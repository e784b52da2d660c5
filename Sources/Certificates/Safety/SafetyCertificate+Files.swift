import Datasets
import Foundation
import Networks
import Queries

extension SafetyCertificate {
  /// Whether a document is such a certificate.
  public static func isCertificate(_ document: Data) -> Bool {
    document.range(of: Data("\"pleat-safety\"".utf8)) != nil
  }

  /// The digest of a file's uncompressed bytes.
  public static func digest(of bytes: Data) -> String {
    var hash = SHA256()
    hash.update([UInt8](bytes))
    return "sha256:" + hash.finish()
  }

  /// A file that the certificate is about cannot be read.
  public struct FileFailure: Error, Sendable, CustomStringConvertible {
    /// The name of the network in the query; empty for the query itself.
    public let name: String
    public let error: FileError

    public var description: String { "\(error)" }
  }

  /// The query and its networks, read from the files that the certificate names.
  ///
  /// - Parameters:
  ///   - path: the certificate's own: relative paths are seen from its folder.
  ///   - query: a file to take instead of the one named.
  ///   - networks: files to take instead of those named, by the name of the network.
  /// - Throws: ``FileFailure`` when a file cannot be read, `CertificateError` when it is another than the one that the
  ///   certificate is about, and what the readers of queries and models throw.
  public func problem(
    besides path: String, query: String? = nil, networks: [String: String] = [:]
  ) throws -> QueryProblem {
    let (queryPath, text) = try Self.read(self.query, besides: path, insteadOf: query)
    var models: [String: ONNXModel] = [:]
    for network in self.networks {
      let (path, bytes) = try Self.read(network, besides: path, insteadOf: networks[network.name])
      models[network.name] = try ONNXModel(bytes, source: path)
    }
    return try QueryProblem(VNNLIBQuery(String(decoding: text, as: UTF8.self), file: queryPath), models: models)
  }

  private static func read(
    _ file: File, besides base: String, insteadOf given: String?
  ) throws -> (path: String, bytes: Data) {
    let folder = (base as NSString).deletingLastPathComponent
    let isPlaced = file.path.hasPrefix("/") || folder.isEmpty
    let path = given ?? (isPlaced ? file.path : (folder as NSString).appendingPathComponent(file.path))
    let bytes: Data
    do {
      bytes = try CompressedFile.read(path)
    } catch let error as FileError {
      throw FileFailure(name: file.name, error: error)
    }
    guard digest(of: bytes) == file.digest else {
      throw CertificateError(at: path, "is not the file that the certificate is about: the digest differs")
    }
    return (path, bytes)
  }
}
