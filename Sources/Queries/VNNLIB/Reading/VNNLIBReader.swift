import Datasets
import Exact

/// Reads a query, one token ahead.
struct VNNLIBReader {
  var scanner: VNNLIBScanner
  /// The token that comes next.
  var token: VNNLIBToken
  var version = VNNLIBQuery.Version.two(minor: 0)
  var networks: [VNNLIBNetwork] = []
  /// Where the networks' names stand, the one being read included.
  var networkPlaces: [String: VNNLIBPlace] = [:]
  var networkIndices: [String: Int] = [:]
  /// All variables that were declared, by their names, and those names in the order of declaration.
  var variables: [String: VNNLIBVariable] = [:]
  var variableNames: [String] = []
  /// How many elements the variables have that were declared.
  var elementCount = 0
  /// The variable that was named last, since most texts name the same one many times.
  var lastVariable: (name: [UInt8], variable: VNNLIBVariable)?
  /// How many of the variables X_0, X_1, … and Y_0, Y_1, … of version 1.0 are declared.
  var inputCount = 0
  var outputCount = 0
  var typing = VNNLIBComparisonTyping()

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
    scanner = VNNLIBScanner(bytes, file: file)
    token = VNNLIBToken(kind: .end, bytes: 0..<0, place: VNNLIBPlace(line: 1, column: 1))
  }

  /// The query that the whole text is.
  mutating func query() throws -> VNNLIBQuery {
    try advance()
    if token.kind == .end { throw error("is empty; a query of VNN-LIB 1.0 or 2.0 is wanted") }
    let start = token
    try take(.open, "'(', with which each statement begins,")
    guard token.kind == .word else { throw expected("the name of a statement") }
    switch keyword {
    case "declare-const", "declare-fun":
      version = .one
      try versionOneDeclarations(from: start)
    case "vnnlib-version":
      try versionStatement()
      try networkDeclarations()
    case "declare-network":
      throw error(
        "a query with declare-network is one of version 2.0, and begins with (vnnlib-version <2.0>)", at: start.place)
    case "assert":
      throw error(
        "nothing is declared yet; version 1.0 begins with (declare-const X_0 Real), 2.0 with (vnnlib-version <2.0>)",
        at: start.place)
    default:
      throw unknownKeyword(
        "begins no query", among: ["vnnlib-version", "declare-const", "declare-fun"],
        accepted: "(vnnlib-version <2.0>), or (declare-const X_0 Real) in version 1.0")
    }
    let assertions = try assertions()
    return VNNLIBQuery(file: scanner.file, version: version, networks: networks, assertions: assertions)
  }

  // MARK: Tokens

  mutating func advance() throws { token = try scanner.next() }

  mutating func take(_ kind: VNNLIBToken.Kind, _ name: String) throws {
    guard token.kind == kind else { throw expected(name) }
    try advance()
  }

  mutating func takeClose(of statement: String) throws {
    guard token.kind == .close else { throw expected("')' to end (\(statement) …)") }
    try advance()
  }

  /// The word that comes next; names of any length are compared by their beginning only.
  var keyword: String { token.bytes.count <= 64 ? scanner.text(token) : "" }

  /// Takes a name that somebody chose.
  mutating func takeName(of thing: String) throws -> (name: String, place: VNNLIBPlace) {
    guard token.kind == .word else { throw expected("the name of \(thing)") }
    let name = scanner.text(token)
    let place = token.place
    if name == "and" || name == "or" { throw error("'\(name)' is a word of the language and names nothing") }
    if name.utf8.contains(VNNLIBByte.hyphen) {
      throw error("\(scanner.excerpt(token)) is not a name: letters, digits and underscores are, after a letter")
    }
    try advance()
    return (name, place)
  }

  // MARK: Errors

  func error(_ reason: String, at place: VNNLIBPlace? = nil) -> VNNLIBError {
    scanner.error(place ?? token.place, reason)
  }

  func expected(_ name: String) -> VNNLIBError { error("\(name) is wanted here, not \(scanner.excerpt(token))") }

  func unknownKeyword(_ reason: String, among candidates: [String], accepted: String) -> VNNLIBError {
    let near = keyword.isEmpty ? nil : nearestName(to: keyword, among: candidates)
    return error(
      "\(scanner.excerpt(token)) \(reason); \(near.map { "did you mean '\($0)'?" } ?? "wanted: \(accepted)")")
  }

  // MARK: The end

  /// The assertions, up to the end of the text; the parenthesis and the name of the first are next if there is one.
  private mutating func assertions() throws -> [VNNLIBQuery.Assertion] {
    var assertions: [VNNLIBQuery.Assertion] = []
    while token.kind != .end {
      let place = token.place
      try take(.open, "'(assert' or the end of the file")
      guard token.kind == .word, keyword == "assert" else { throw notAnAssertion() }
      try advance()
      assertions.append(VNNLIBQuery.Assertion(formula: try formula(), place: place))
      try takeClose(of: "assert")
    }
    return assertions
  }

  private func notAnAssertion() -> VNNLIBError {
    guard token.kind == .word else { return expected("'assert'") }
    let word = keyword
    if version == .one, word == "declare-const" || word == "declare-fun" {
      return error("all variables must be declared before the first assertion")
    }
    if version != .one, word == "declare-network" {
      return error("all networks must be declared before the first assertion")
    }
    if version != .one, word == "declare-const" || word == "declare-fun" {
      return error(
        "'\(word)' belongs to version 1.0; in 2.0 the inputs and outputs of declare-network are the variables")
    }
    return unknownKeyword("is no statement that may stand here", among: ["assert"], accepted: "assert")
  }
}
