import Datasets

/// The declarations of version 2.0.
extension VNNLIBReader {
  /// `(vnnlib-version <2.0>)`; its parenthesis is taken.
  mutating func versionStatement() throws {
    token = try scanner.nextVersion()
    guard token.kind == .version else { throw expected("a version such as <2.0>") }
    let numbers = scanner.text(token).dropFirst().dropLast().split(separator: ".")
    guard numbers[0].drop(while: { $0 == "0" }) == "2", let minor = Int(numbers[1]) else {
      let hint = numbers[0] == "1" ? "; texts of version 1.0 begin without this line" : ""
      throw error("version \(scanner.excerpt(token)) cannot be read: versions 1.0 and 2.x can\(hint)")
    }
    version = .two(minor: minor)
    try advance()
    try takeClose(of: "vnnlib-version")
  }

  /// One `(declare-network …)` or more, up to the first other statement.
  mutating func networkDeclarations() throws {
    repeat {
      let before = scanner
      let open = token
      guard token.kind == .open else { throw expected("(declare-network …)") }
      try advance()
      guard token.kind == .word, keyword == "declare-network" else {
        if networks.isEmpty {
          throw token.kind == .word
            ? unknownKeyword("stands before any network", among: ["declare-network"], accepted: "(declare-network …)")
            : expected("declare-network")
        }
        scanner = before
        token = open
        return
      }
      try advance()
      try network()
    } while token.kind != .end
  }

  private mutating func network() throws {
    let (name, place) = try takeName(of: "the network")
    try checkIsNew(name, place)
    networkPlaces[name] = place
    var equivalence: (VNNLIBNetwork.Equivalence, place: VNNLIBPlace)?
    var parts: [[VNNLIBVariable]] = [[], [], []]
    while token.kind == .open {
      try advance()
      guard token.kind == .word else { throw expected("a declaration of the network's parts") }
      let kind = token
      switch keyword {
      case "equal-to", "isomorphic-to":
        if equivalence != nil { throw error("a network is related to one other at most") }
        if !parts.allSatisfy(\.isEmpty) { throw error("'\(keyword)' comes before the network's inputs") }
        equivalence = (try related(), kind.place)
      case "declare-input":
        if !parts[1].isEmpty || !parts[2].isEmpty { throw error("inputs come before hidden nodes and outputs") }
        parts[0].append(try variable(.input))
      case "declare-hidden":
        if !parts[2].isEmpty { throw error("hidden nodes come before outputs") }
        if parts[0].isEmpty { throw error("a network begins with its inputs: (declare-input X float32 [1,5])") }
        parts[1].append(try variable(.hidden(node: "")))
      case "declare-output":
        if parts[0].isEmpty { throw error("a network begins with its inputs: (declare-input X float32 [1,5])") }
        parts[2].append(try variable(.output))
      default:
        throw unknownKeyword(
          "declares nothing",
          among: ["declare-input", "declare-hidden", "declare-output", "equal-to", "isomorphic-to"],
          accepted: "declare-input, declare-hidden or declare-output")
      }
    }
    if parts[2].isEmpty {
      throw expected(parts[0].isEmpty ? "(declare-input …)" : "(declare-output …)")
    }
    try takeClose(of: "declare-network")
    let network = VNNLIBNetwork(
      name: name, equivalence: equivalence?.0, inputs: parts[0], hidden: parts[1], outputs: parts[2], place: place)
    if let equivalence { try check(network, equivalence.0, equivalence.place) }
    networkIndices[name] = networks.count
    networks.append(network)
  }

  /// `equal-to name)` or `isomorphic-to name)`
  private mutating func related() throws -> VNNLIBNetwork.Equivalence {
    let word = keyword
    try advance()
    let target = token
    let (name, _) = try takeName(of: "a network declared before")
    guard let index = networkIndices[name] else {
      let near = nearby(name, among: networks.map(\.name))
      throw error("no network \(scanner.excerpt(target)) is declared before this one\(near)", at: target.place)
    }
    if networks[index].equivalence != nil {
      throw error(
        "\(scanner.excerpt(target)) is itself related to another network; name that one instead", at: target.place)
    }
    try takeClose(of: word)
    return word == "equal-to" ? .equal(to: index) : .isomorphic(to: index)
  }

  /// `declare-input name type shape)`, and for a hidden node its name before the end.
  private mutating func variable(_ role: VNNLIBVariable.Role) throws -> VNNLIBVariable {
    let statement = keyword
    try advance()
    let (name, place) = try takeName(of: "the variable")
    try checkIsNew(name, place)
    let elementType = try elementType()
    let shape = try shape()
    var role = role
    if case .hidden = role {
      guard token.kind == .string else { throw expected("the node output's name in double quotes, such as \"relu1\",") }
      role = .hidden(node: unquoted(scanner.text(token)))
      try advance()
    }
    if token.kind == .word, keyword == "initialized" {
      throw error("inputs that take their initializer's value cannot be read; assert that the input equals that value")
    }
    try takeClose(of: statement)
    var count = 1
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      count = overflow ? Int.max : product
    }
    let (end, overflow) = elementCount.addingReportingOverflow(count)
    guard count < Int.max, !overflow else {
      throw error("the variables have more elements than can be counted", at: place)
    }
    let variable = VNNLIBVariable(
      name: name, role: role, elementType: elementType, shape: shape, network: networks.count,
      elements: elementCount..<end, place: place)
    elementCount = end
    variables[name] = variable
    variableNames.append(name)
    return variable
  }

  private mutating func elementType() throws -> VNNLIBElementType {
    guard token.kind == .word else { throw expected("an element type such as float32 or real") }
    // Queries converted from version 1.0 keep its spelling of `real`.
    guard let type = keyword == "Real" ? .real : VNNLIBElementType(rawValue: keyword) else {
      throw unknownKeyword(
        "is no element type", among: VNNLIBElementType.allCases.map(\.rawValue),
        accepted: "real or an ONNX type such as float32, float64, int64")
    }
    if let first = variableNames.first.flatMap({ variables[$0] }), (first.elementType == .real) != (type == .real) {
      throw error(
        "'\(type.rawValue)' cannot stand beside '\(first.elementType.rawValue)' of '\(first.name)': a query is over "
          + "real everywhere or nowhere")
    }
    try advance()
    return type
  }

  /// `[]` or `[2,3]`
  private mutating func shape() throws -> [Int] {
    try take(.openBracket, "a shape such as [1,5], or [] for a scalar,")
    var shape: [Int] = []
    if token.kind == .closeBracket {
      try advance()
      return shape
    }
    while true {
      guard token.kind == .number else { throw expected("a dimension, a positive integer,") }
      guard let dimension = Int(scanner.text(token)), dimension > 0 else {
        throw error("\(scanner.excerpt(token)) is no dimension: dimensions are positive integers")
      }
      shape.append(dimension)
      try advance()
      if token.kind == .closeBracket { break }
      try take(.comma, "',' or ']' after a dimension")
    }
    try advance()
    return shape
  }

  private func unquoted(_ string: String) -> String {
    var characters = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in string.unicodeScalars.dropFirst().dropLast() {
      if isEscaped {
        characters.append(scalar == "n" ? "\n" : scalar == "t" ? "\t" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        characters.append(scalar)
      }
    }
    return String(characters)
  }

  // MARK: Rules

  private func checkIsNew(_ name: String, _ place: VNNLIBPlace) throws {
    let earlier = variables[name]?.place ?? networkPlaces[name]
    guard let earlier else { return }
    throw error(
      "the name '\(name.prefix(40))' is taken, by the declaration at \(earlier); networks and variables share names",
      at: place)
  }

  /// The equivalent networks must have the same interface, as far as the relation says.
  private func check(
    _ network: VNNLIBNetwork, _ equivalence: VNNLIBNetwork.Equivalence, _ place: VNNLIBPlace
  ) throws {
    let (other, sameTypes) =
      switch equivalence {
      case .equal(let index): (networks[index], true)
      case .isomorphic(let index): (networks[index], false)
      }
    let relation = sameTypes ? "equal to" : "isomorphic to"
    let pairs = [(network.inputs, other.inputs, "inputs"), (network.outputs, other.outputs, "outputs")]
    for (mine, theirs, what) in pairs {
      guard mine.count == theirs.count else {
        throw error(
          "'\(network.name)' is \(relation) '\(other.name)' and must have as many \(what): "
            + "\(theirs.count), not \(mine.count)",
          at: place)
      }
      for (one, two) in zip(mine, theirs) { try checkMatch(one, two, relation, sameTypes: sameTypes) }
    }
    guard sameTypes else { return }
    let nodes = Dictionary(other.hidden.map { ($0.role, $0) }, uniquingKeysWith: { first, _ in first })
    for one in network.hidden {
      if let two = nodes[one.role] { try checkMatch(one, two, relation, sameTypes: true) }
    }
  }

  private func checkMatch(
    _ one: VNNLIBVariable, _ two: VNNLIBVariable, _ relation: String, sameTypes: Bool
  ) throws {
    guard one.shape == two.shape, one.elementType == two.elementType || !sameTypes else {
      let needed =
        "\(sameTypes ? two.elementType.rawValue + " " : "")[\(two.shape.map(String.init).joined(separator: ","))]"
      throw error(
        "'\(one.name)' must be \(needed), as '\(two.name)' is, since its network is \(relation) that one's",
        at: one.place)
    }
  }

  /// ", did you mean …?" when a candidate is near.
  func nearby(_ name: String, among candidates: [String]) -> String {
    guard name.utf8.count <= 64, let near = nearestName(to: name, among: candidates) else { return "" }
    return "; did you mean '\(near)'?"
  }
}
