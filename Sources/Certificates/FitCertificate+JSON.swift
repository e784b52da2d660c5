import Exact
import Foundation

/// The file form of a certificate: one JSON document whose numbers are exact, written as integers or fractions in strings.
///
/// `seal` is the SHA-256 of the document with an empty seal; it tells an altered file from a wrong proof.
extension FitCertificate {
  static let format = "pleat-fit-certificate"
  static let version = 1

  private struct Document: Codable {
    var format: String
    var version: Int
    var model: HiddenLayerModel
    var loss: String
    var samples: Samples
    var digest: String
    var network: Network
    var claimedLoss: String
    var lowerBound: String
    var parts: [PartDocument]
    var seal: String
  }

  private struct Samples: Codable {
    var inputs: [String]
    var target: String
    var x: [[String]]
    var y: [String]
    /// Absent when all weights are 1.
    var weights: [String]?
  }

  private struct Network: Codable {
    struct Unit: Codable {
      var sign: Int
      var weights: [String]
      var bias: String
    }
    var units: [Unit]
    var skip: [String]
    var outputBias: String
  }

  private struct PartDocument: Codable {
    struct Tree: Codable {
      var positive: Int
      var steps: String
    }
    var samples: [Int]?
    var lowerBound: String
    var proof: String
    var trees: [Tree]?
  }

  // MARK: Writing

  /// The certificate as a JSON document.
  public func json() throws -> Data {
    var document = Document(
      format: Self.format, version: Self.version, model: model, loss: loss.description,
      samples: Samples(
        inputs: samples.inputNames, target: samples.targetName, x: samples.inputs.map { $0.map(\.description) },
        y: samples.targets.map(\.description),
        weights: samples.weights.allSatisfy { $0 == 1 } ? nil : samples.weights.map(\.description)),
      digest: digest,
      network: Network(
        units: network.units.map {
          .init(sign: $0.sign, weights: $0.weights.map(\.description), bias: $0.bias.description)
        },
        skip: network.skip.map(\.description), outputBias: network.outputBias.description),
      claimedLoss: claimedLoss.description, lowerBound: lowerBound.description, parts: parts.map(Self.document),
      seal: "")
    document.seal = try Self.seal(of: document)
    return try Self.encoder.encode(document)
  }

  private static func document(_ part: Part) -> PartDocument {
    var result = PartDocument(samples: part.samples, lowerBound: part.lowerBound.description, proof: "", trees: nil)
    switch part.proof {
    case .nonNegative: result.proof = "non-negative"
    case .knots: result.proof = "knots"
    case .trees(let trees):
      result.proof = "trees"
      result.trees = trees.map { .init(positive: $0.positive, steps: $0.text) }
    }
    return result
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return encoder
  }

  private static func seal(of document: Document) throws -> String {
    var unsealed = document
    unsealed.seal = ""
    var hash = SHA256()
    hash.update([UInt8](try encoder.encode(unsealed)))
    return "sha256:" + hash.finish()
  }

  // MARK: Reading

  /// Reads a JSON document.
  ///
  /// - Throws: ``CertificateError`` when the document is no certificate, or was altered after it was written.
  public init(json data: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let document: Document
    do {
      document = try decoder.decode(Document.self, from: data)
    } catch let error as DecodingError {
      throw CertificateError(at: "file", "this is no \(Self.format): \(Self.explain(error))")
    }
    guard document.format == Self.format, document.version == Self.version else {
      throw CertificateError(
        at: "format",
        "expected \(Self.format) version \(Self.version), found \(document.format) version \(document.version)")
    }
    guard try Self.seal(of: document) == document.seal else {
      throw CertificateError(at: "seal", "the file was altered after it was written")
    }
    guard let loss = Loss(document.loss) else { throw CertificateError(at: "loss", "unknown loss \(document.loss)") }
    let rows = document.samples.x
    func numbers(_ texts: [String], _ place: String) throws -> [Rational] {
      try texts.enumerated().map { index, text in
        guard let value = Rational(text) else {
          throw CertificateError(at: "\(place)[\(index)]", "\"\(text.prefix(40))\" is no exact number")
        }
        return value
      }
    }
    let targets = try numbers(document.samples.y, "samples.y")
    let samples = ExactSamples(
      inputNames: document.samples.inputs, targetName: document.samples.target,
      inputs: try rows.enumerated().map { try numbers($1, "samples.x[\($0)]") }, targets: targets,
      weights: try document.samples.weights.map { try numbers($0, "samples.weights") }
        ?? Array(repeating: .one, count: targets.count))
    let units = try document.network.units.enumerated().map { index, unit in
      ExactNetwork.Unit(
        sign: unit.sign, weights: try numbers(unit.weights, "network.units[\(index)].weights"),
        bias: try numbers([unit.bias], "network.units[\(index)].bias")[0])
    }
    self.init(
      model: document.model, loss: loss, samples: samples,
      network: ExactNetwork(
        units: units, skip: try numbers(document.network.skip, "network.skip"),
        outputBias: try numbers([document.network.outputBias], "network.output_bias")[0]),
      claimedLoss: try numbers([document.claimedLoss], "claimed_loss")[0],
      lowerBound: try numbers([document.lowerBound], "lower_bound")[0],
      parts: try document.parts.enumerated().map { index, part in
        Part(
          samples: part.samples, lowerBound: try numbers([part.lowerBound], "parts[\(index)].lower_bound")[0],
          proof: try Self.proof(part, place: "parts[\(index)]"))
      })
    digest = document.digest
  }

  private static func proof(_ part: PartDocument, place: String) throws -> Proof {
    switch (part.proof, part.trees) {
    case ("non-negative", _): return .nonNegative
    case ("knots", _): return .knots
    case ("trees", let trees?): return .trees(trees.map { SignTree(positive: $0.positive, text: $0.steps) })
    default: throw CertificateError(at: place, "unknown or incomplete proof \"\(part.proof)\"")
    }
  }

  private static func explain(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "\"\(key.stringValue)\" is missing\(context.codingPath.isEmpty ? "" : " in \(path(context))")"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(path(context)) is not of the expected kind"
    case .dataCorrupted: return "it is not well-formed JSON"
    @unknown default: return "it cannot be read"
    }
  }
}
