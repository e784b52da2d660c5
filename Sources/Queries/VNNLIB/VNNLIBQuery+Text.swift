import Exact

extension VNNLIBQuery {
  /// How many elements are declared one by one at most.
  private static let versionOneLimit = 10_000_000

  /// The query as a text of the given version, which reads back to an equal one but for the version.
  ///
  /// Constants are decimals, written out. Throws ``VNNLIBError`` when the query cannot be said in version 1.0, which
  /// knows one network with one input `X` and one output `Y`, of one dimension each, over the reals. O(length of the
  /// text).
  public func text(version: Version) throws -> String {
    var writer = VNNLIBWriter(query: self, isVersionOne: version == .one)
    switch version {
    case .one:
      let network = networks[0]
      guard networks.count == 1, network == VNNLIBReader.versionOneNetwork(like: network) else {
        throw VNNLIBError(
          file: file,
          "cannot be written in version 1.0, which knows one network N with one input X and one output Y, vectors over "
            + "real; write version 2.0")
      }
      guard elementCount <= Self.versionOneLimit else {
        throw VNNLIBError(
          file: file, "has \(elementCount) elements, and version 1.0 would declare each by itself; write version 2.0")
      }
      writer.declareVariables(network)
    case .two(let minor):
      writer.text += "(vnnlib-version <2.\(minor)>)\n"
      for network in networks { writer.declare(network) }
    }
    writer.text += "\n"
    for assertion in assertions {
      writer.text += "(assert "
      writer.write(assertion.formula)
      writer.text += ")\n"
    }
    return writer.text
  }
}

/// A text that grows.
private struct VNNLIBWriter {
  let query: VNNLIBQuery
  let isVersionOne: Bool
  var text = ""
  /// Whether the comparison being written is one of integers, whose constants have no point.
  private var isInteger = false

  init(query: VNNLIBQuery, isVersionOne: Bool) {
    self.query = query
    self.isVersionOne = isVersionOne
  }

  mutating func declareVariables(_ network: VNNLIBNetwork) {
    for variable in network.variables {
      for index in 0..<variable.elements.count { text += "(declare-const \(variable.name)_\(index) Real)\n" }
    }
  }

  mutating func declare(_ network: VNNLIBNetwork) {
    text += "\n(declare-network \(network.name)\n"
    switch network.equivalence {
    case .equal(let index): text += "  (equal-to \(query.networks[index].name))\n"
    case .isomorphic(let index): text += "  (isomorphic-to \(query.networks[index].name))\n"
    case nil: break
    }
    for variable in network.variables {
      let rest =
        "\(variable.name) \(variable.elementType.rawValue) [\(variable.shape.map(String.init).joined(separator: ","))]"
      switch variable.role {
      case .input: text += "  (declare-input \(rest))\n"
      case .hidden(let node): text += "  (declare-hidden \(rest) \(quoted(node)))\n"
      case .output: text += "  (declare-output \(rest))\n"
      }
    }
    text += ")\n"
  }

  private func quoted(_ string: String) -> String {
    var quoted = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  mutating func write(_ formula: VNNLIBFormula) {
    switch formula {
    case .comparison(let comparison):
      var type: VNNLIBElementType?
      func note(_ element: Int) { type = type ?? query.variable(of: element).elementType }
      comparison.left.forEachElement(note)
      comparison.right.forEachElement(note)
      isInteger = type?.integerRange != nil
      text += "(\(sign(comparison.relation)) "
      write(comparison.left)
      text += " "
      write(comparison.right)
      text += ")"
    case .and(let parts): write("and", parts)
    case .or(let parts): write("or", parts)
    }
  }

  private func sign(_ relation: VNNLIBComparison.Relation) -> String {
    switch relation {
    case .equal where isVersionOne: "="
    case .notEqual where isVersionOne: "distinct"
    default: relation.rawValue
    }
  }

  private mutating func write(_ word: String, _ parts: [VNNLIBFormula]) {
    text += "(\(word)"
    for part in parts {
      text += " "
      write(part)
    }
    text += ")"
  }

  private mutating func write(_ expression: VNNLIBExpression) {
    switch expression {
    case .constant(let value): text += decimal(value)
    case .element(let element):
      text += isVersionOne ? versionOneName(element) : query.versionTwoName(of: element)
    case .negation(let part): write("-", [part])
    case .sum(let parts): write("+", parts)
    case .difference(let parts): write("-", parts)
    case .product(let parts): write("*", parts)
    }
  }

  private mutating func write(_ sign: String, _ parts: [VNNLIBExpression]) {
    text += "(\(sign)"
    for part in parts {
      text += " "
      write(part)
    }
    text += ")"
  }

  private func versionOneName(_ element: Int) -> String {
    let inputs = query.variables[0].elements.count
    return element < inputs ? "X_\(element)" : "Y_\(element - inputs)"
  }

  /// The digits of a number that a decimal has given, with a point unless integers are wanted.
  private func decimal(_ value: Rational) -> String {
    var decimals = 0
    var scaled = value
    // A number with k decimals is an integer times 10⁻ᵏ; doubling k finds one that is large enough in few products.
    while scaled.denominator != .one {
      decimals = max(1, 2 * decimals)
      scaled = value * Self.powerOfTen(decimals)
    }
    if decimals == 0 { return isInteger ? value.description : value.description + ".0" }
    var digits = scaled.magnitude.description
    if digits.utf8.count <= decimals {
      digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits
    }
    let point = digits.index(digits.endIndex, offsetBy: -decimals)
    var fraction = digits[point...]
    while fraction.utf8.count > 1, fraction.last == "0" { fraction.removeLast() }
    return "\(value.signum < 0 ? "-" : "")\(digits[..<point]).\(fraction)"
  }

  private static func powerOfTen(_ exponent: Int) -> Rational {
    exponent < powers.count ? powers[exponent] : powerOfTen(exponent / 2) * powerOfTen(exponent - exponent / 2)
  }

  private static let powers: [Rational] = (0...32).map { exponent in
    (0..<exponent).reduce(.one) { power, _ in power * 10 }
  }
}
