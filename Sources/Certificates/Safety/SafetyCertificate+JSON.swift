import Exact
import Foundation

/// The file form of a certificate: one JSON document, in which a proof is an array of short arrays, its steps.
///
/// ```json
/// {"format": "pleat-safety", "version": 1,
/// "query": {"name": "", "path": "property.vnnlib", "digest": "sha256:…"},
/// "networks": [{"name": "N", "path": "model.onnx", "digest": "sha256:…"}],
/// "verdict": "unsat",
/// "proofs": [
/// [
/// ["ranges","b4q1w="],
/// ["x",0,0.25],
/// ["none",["r0",1,"u12",0.5]],
/// ["x>=",1,-0.5,["r0",2],"fgAAA"],
/// ["u",3],
/// ["u<=",4,0.5,[]],
/// …
/// ]
/// ]}
/// ```
///
/// | step | what it is |
/// |---|---|
/// | `["ranges", slopes]` | the ranges of all units |
/// | `["x", i, t]`, `["u", k]` | a split at the value t of input i, at the zero of unit k |
/// | `["none", multipliers]` | a claim that there are no points |
/// | `["x<=", i, t, multipliers]`, `["x>=", …]` | a claim on input i |
/// | `["u<=", k, t, multipliers]`, `["u>=", …]` | a claim on the form of unit k |
///
/// Multipliers alternate between a source, `"r0"` for requirement 0 and `"u12"` for unit 12, and a factor. A claim may
/// end with slopes of its own. Slopes are base64 after a letter: after `f` one byte for each unit, 0 to 128; after `b`
/// and the number of bits that are unused at the end, 0 to 7, one bit for each unit, the highest of a byte first: 0 or
/// 128. Doubles have the digits that tell them apart. A point is an array of fractions in strings, under `"point"` in
/// place of `"proofs"`.
extension SafetyCertificate {
  static let format = "pleat-safety"
  static let version = 1

  /// The certificate as a JSON document in memory. Throws as ``write(to:)`` does.
  public func json() throws -> Data {
    var data = Data()
    try write { data.append(contentsOf: $0) }
    return data
  }

  /// Writes the certificate as a JSON document, piece by piece. O(steps · units).
  ///
  /// - Parameter sink: takes the pieces, some hundred kilobytes each, in order; what it throws is passed on.
  /// - Throws: ``CertificateError`` when a number of a proof is NaN or infinite: JSON cannot say that, and
  ///   it proves nothing.
  public func write(to sink: ([UInt8]) throws -> Void) throws {
    var writer = SafetyWriter()
    try writer.write(self, to: sink)
  }
}

private struct SafetyWriter {
  private static let pieceSize = 1 << 18
  private var buffer: [UInt8] = []

  mutating func write(_ certificate: SafetyCertificate, to sink: ([UInt8]) throws -> Void) throws {
    put("{\"format\": \"\(SafetyCertificate.format)\", \"version\": \(SafetyCertificate.version),\n\"query\": ")
    try put(certificate.query)
    put(",\n\"networks\": [")
    for (index, network) in certificate.networks.enumerated() {
      if index > 0 { put(",\n") }
      try put(network)
    }
    put("],\n\"verdict\": ")
    switch certificate.verdict {
    case .satisfiable(let point):
      put("\"sat\",\n\"point\": [\(point.map { "\"\($0)\"" }.joined(separator: ", "))]")
    case .unsatisfiable(let proofs):
      put("\"unsat\",\n\"proofs\": [\n")
      for (index, proof) in proofs.enumerated() {
        if index > 0 { put(",\n") }
        try put(proof, place: "case \(index)", to: sink)
      }
      put("\n]")
    }
    put("}\n")
    try sink(buffer)
  }

  private mutating func put(_ text: String) { buffer.append(contentsOf: text.utf8) }

  private mutating func put(_ file: SafetyCertificate.File) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    for (name, text) in [("{\"name\": ", file.name), (", \"path\": ", file.path), (", \"digest\": ", file.digest)] {
      put(name)
      buffer.append(contentsOf: try encoder.encode(text))
    }
    put("}")
  }

  private mutating func put(
    _ proof: SafetyProof, place: String, to sink: ([UInt8]) throws -> Void
  ) throws {
    put("[")
    for (index, step) in proof.steps.enumerated() {
      put(index == 0 ? "\n" : ",\n")
      guard put(step) else {
        throw CertificateError(at: "\(place), step \(index)", "has a number that is NaN or infinite")
      }
      if buffer.count >= Self.pieceSize {
        try sink(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    put("\n]")
  }

  /// False when a number is not finite.
  private mutating func put(_ step: SafetyProof.Step) -> Bool {
    var isFinite = true
    switch step {
    case .ranges(let slopes):
      put("[\"ranges\"")
      put(slopes)
    case .splitInput(let input, let value):
      put("[\"x\",\(input)")
      isFinite = put(value)
    case .splitUnit(let unit):
      put("[\"u\",\(unit)")
    case .claim(let claim):
      switch claim.goal {
      case .nothing:
        put("[\"none\"")
      case .inputAtMost(let input, let value):
        put("[\"x<=\",\(input)")
        isFinite = put(value)
      case .inputAtLeast(let input, let value):
        put("[\"x>=\",\(input)")
        isFinite = put(value)
      case .unitAtMost(let unit, let value):
        put("[\"u<=\",\(unit)")
        isFinite = put(value)
      case .unitAtLeast(let unit, let value):
        put("[\"u>=\",\(unit)")
        isFinite = put(value)
      }
      put(",[")
      for (index, multiplier) in claim.multipliers.enumerated() {
        switch multiplier.source {
        case .requirement(let number): put(index == 0 ? "\"r\(number)\"" : ",\"r\(number)\"")
        case .unit(let unit): put(index == 0 ? "\"u\(unit)\"" : ",\"u\(unit)\"")
        }
        isFinite = put(multiplier.factor) && isFinite
      }
      put("]")
      if let slopes = claim.slopes { put(slopes) }
    }
    put("]")
    return isFinite
  }

  private mutating func put(_ value: Double) -> Bool {
    let text = value.description
    put(",")
    put(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    return value.isFinite
  }

  private mutating func put(_ slopes: SafetyProof.Slopes) {
    let fractions = slopes.fractions
    put(",\"")
    if fractions.allSatisfy({ $0 == 0 || $0 == 128 }) {
      var bytes = [UInt8](repeating: 0, count: (fractions.count + 7) / 8)
      for (unit, fraction) in fractions.enumerated() { bytes[unit / 8] |= fraction >> (unit % 8) }
      put("b\(8 * bytes.count - fractions.count)")
      put(Data(bytes).base64EncodedString())
    } else {
      put("f")
      put(Data(fractions).base64EncodedString())
    }
    put("\"")
  }
}
