import Exact
import Foundation

extension SafetyCertificate {
  /// Reads a JSON document; white space and the order of an object's members are free. O(bytes).
  ///
  /// - Throws: ``CertificateError`` with the line, when the document is no certificate.
  public init(json data: Data) throws {
    self = try data.withUnsafeBytes { bytes in
      var reader = SafetyReader(JSONScanner(bytes.bindMemory(to: UInt8.self)))
      return try reader.certificate()
    }
  }
}

/// Reads the members of a certificate. What can be long, the proofs, is read without any intermediate form.
private struct SafetyReader {
  private var scanner: JSONScanner

  init(_ scanner: JSONScanner) { self.scanner = scanner }

  mutating func certificate() throws(CertificateError) -> SafetyCertificate {
    var format: String?
    var version: Int?
    var query: SafetyCertificate.File?
    var networks: [SafetyCertificate.File]?
    var verdict: String?
    var point: [Rational]?
    var proofs: [SafetyProof]?
    try object { (reader, name) throws(CertificateError) in
      switch name {
      case "format": format = try reader.scanner.string()
      case "version": version = try reader.scanner.integer()
      case "query": query = try reader.file()
      case "networks": networks = try reader.list { (reader) throws(CertificateError) in try reader.file() }
      case "verdict": verdict = try reader.scanner.string()
      case "point": point = try reader.list { (reader) throws(CertificateError) in try reader.rational() }
      case "proofs": proofs = try reader.list { (reader) throws(CertificateError) in try reader.proof() }
      default: return false
      }
      return true
    }
    try scanner.end()
    guard format == SafetyCertificate.format, version == SafetyCertificate.version else {
      throw CertificateError(
        at: "file", "its format is no \(SafetyCertificate.format), version \(SafetyCertificate.version)")
    }
    guard let query, let networks else {
      throw CertificateError(at: "file", "\"\(query == nil ? "query" : "networks")\" is missing")
    }
    switch (verdict, point, proofs) {
    case ("sat", let point?, nil):
      return SafetyCertificate(query: query, networks: networks, verdict: .satisfiable(point: point))
    case ("unsat", nil, let proofs?):
      return SafetyCertificate(query: query, networks: networks, verdict: .unsatisfiable(proofs: proofs))
    default:
      throw CertificateError(
        at: "file", "\"verdict\" is neither \"sat\" with a \"point\" nor \"unsat\" with \"proofs\", and not with both")
    }
  }

  /// An object; `member` reads the value of a name, and returns false for a name that it does not know.
  private mutating func object(
    _ member: (inout SafetyReader, String) throws(CertificateError) -> Bool
  ) throws(CertificateError) {
    var seen: Set<String> = []
    try scanner.take("{")
    guard !scanner.takes("}") else { return }
    repeat {
      let name = try scanner.string()
      guard seen.insert(name).inserted else { throw scanner.error("\"\(name)\" stands here a second time") }
      try scanner.take(":")
      guard try member(&self, name) else { throw scanner.error("\"\(name.prefix(40))\" is no member of a certificate") }
    } while scanner.takes(",")
    try scanner.take("}")
  }

  private mutating func list<Item>(
    _ item: (inout SafetyReader) throws(CertificateError) -> Item
  ) throws(CertificateError) -> [Item] {
    var items: [Item] = []
    try scanner.take("[")
    guard !scanner.takes("]") else { return items }
    repeat { items.append(try item(&self)) } while scanner.takes(",")
    try scanner.take("]")
    return items
  }

  private mutating func file() throws(CertificateError) -> SafetyCertificate.File {
    var file = SafetyCertificate.File(name: "", path: "", digest: "")
    try object { (reader, name) throws(CertificateError) in
      switch name {
      case "name": file.name = try reader.scanner.string()
      case "path": file.path = try reader.scanner.string()
      case "digest": file.digest = try reader.scanner.string()
      default: return false
      }
      return true
    }
    return file
  }

  private mutating func rational() throws(CertificateError) -> Rational {
    let text = try scanner.string()
    guard let value = Rational(text) else { throw scanner.error("\"\(text.prefix(40))\" is no exact number") }
    return value
  }

  // MARK: Steps

  private mutating func proof() throws(CertificateError) -> SafetyProof {
    SafetyProof(steps: try list { (reader) throws(CertificateError) in try reader.step() })
  }

  private mutating func step() throws(CertificateError) -> SafetyProof.Step {
    try scanner.take("[")
    let kind = try scanner.string()
    var step: SafetyProof.Step
    switch kind {
    case "ranges":
      try scanner.take(",")
      step = .ranges(try slopes())
    case "x":
      step = .splitInput(try index(), at: try number())
    case "u":
      step = .splitUnit(try index())
    case "none":
      step = .claim(try claim(.nothing))
    case "x<=":
      step = .claim(try claim(.inputAtMost(try index(), try number())))
    case "x>=":
      step = .claim(try claim(.inputAtLeast(try index(), try number())))
    case "u<=":
      step = .claim(try claim(.unitAtMost(try index(), try number())))
    case "u>=":
      step = .claim(try claim(.unitAtLeast(try index(), try number())))
    default:
      throw scanner.error(
        "\"\(kind.prefix(40))\" is no step; the steps are ranges, x, u, none, x<=, x>=, u<= and u>=")
    }
    try scanner.take("]")
    return step
  }

  private mutating func index() throws(CertificateError) -> Int {
    try scanner.take(",")
    return try scanner.integer()
  }

  private mutating func number() throws(CertificateError) -> Double {
    try scanner.take(",")
    return try scanner.number()
  }

  private mutating func claim(_ goal: SafetyProof.Goal) throws(CertificateError) -> SafetyProof.Claim {
    try scanner.take(",")
    let multipliers = try list { (reader) throws(CertificateError) in
      let source = try reader.scanner.string()
      guard let number = Int(source.dropFirst()), number >= 0, source.hasPrefix("r") || source.hasPrefix("u") else {
        throw reader.scanner.error("\"\(source.prefix(40))\" names no multiplier; accepted are r and u with a number")
      }
      return SafetyProof.Multiplier(source.hasPrefix("r") ? .requirement(number) : .unit(number), try reader.number())
    }
    return SafetyProof.Claim(goal, multipliers, slopes: scanner.takes(",") ? try slopes() : nil)
  }

  private mutating func slopes() throws(CertificateError) -> SafetyProof.Slopes {
    let text = try scanner.string()
    let isBits = text.hasPrefix("b")
    guard isBits || text.hasPrefix("f"), let data = Data(base64Encoded: String(text.dropFirst(isBits ? 2 : 1))) else {
      throw scanner.error("the slopes are not base64 after f, or after b and a digit")
    }
    guard isBits else { return SafetyProof.Slopes([UInt8](data)) }
    guard let unused = Int(text.dropFirst().prefix(1)), unused < 8, unused <= 8 * data.count else {
      throw scanner.error("slopes of one bit tell after the b how many bits at the end are unused, 0 to 7")
    }
    let bytes = [UInt8](data)
    return SafetyProof.Slopes((0..<8 * bytes.count - unused).map { (bytes[$0 / 8] << ($0 % 8)) & 128 })
  }
}
