/// The declarations of version 1.0.
extension VNNLIBReader {
  /// `(declare-const X_0 Real)` or `(declare-fun X_0 () Real)`, one or more, up to the first other statement; the
  /// parenthesis `start` of the first is taken.
  mutating func versionOneDeclarations(from start: VNNLIBToken) throws {
    var isDeclared: [[Bool]] = [[], []]
    var counts = [0, 0]
    var highest: [VNNLIBToken?] = [nil, nil]
    while true {
      let isFunction = keyword == "declare-fun"
      try advance()
      let name = token
      let (group, index) = try takeNumberedName()
      if group == 0, counts[1] > 0 {
        throw error(
          "\(scanner.excerpt(name)) is declared after outputs: all X_i come before the first Y_i", at: name.place)
      }
      if isFunction {
        try take(.open, "'()', since the variable is no function of anything,")
        try take(.close, "')', since the variable is no function of anything,")
      }
      guard token.kind == .word, keyword == "Real" else {
        throw token.kind == .word
          ? unknownKeyword("is no type of version 1.0", among: ["Real"], accepted: "Real") : expected("the type Real")
      }
      try advance()
      try takeClose(of: isFunction ? "declare-fun" : "declare-const")
      if index >= isDeclared[group].count {
        isDeclared[group].append(contentsOf: repeatElement(false, count: index + 1 - isDeclared[group].count))
        highest[group] = name
      }
      if isDeclared[group][index] { throw error("\(scanner.excerpt(name)) is declared already", at: name.place) }
      isDeclared[group][index] = true
      counts[group] += 1

      let before = scanner
      let open = token
      if token.kind != .open { break }
      try advance()
      guard token.kind == .word, keyword == "declare-const" || keyword == "declare-fun" else {
        scanner = before
        token = open
        break
      }
    }
    for (group, letter) in ["X", "Y"].enumerated() {
      guard let last = highest[group] else {
        throw expected(group == 0 ? "a declaration of inputs X_0, X_1, …" : "a declaration of outputs Y_0, Y_1, …")
      }
      if let gap = isDeclared[group].firstIndex(of: false) {
        throw error(
          "\(scanner.excerpt(last)) is declared, but \(letter)_\(gap) is not: numbers have no gaps", at: last.place)
      }
    }
    (inputCount, outputCount) = (counts[0], counts[1])
    elementCount = inputCount + outputCount
    networks = [Self.versionOneNetwork(inputs: inputCount, outputs: outputCount, place: start.place)]
  }

  /// The one network of a query of version 1.0.
  static func versionOneNetwork(inputs: Int, outputs: Int, place: VNNLIBPlace) -> VNNLIBNetwork {
    func variable(_ name: String, _ role: VNNLIBVariable.Role, _ elements: Range<Int>) -> VNNLIBVariable {
      VNNLIBVariable(
        name: name, role: role, elementType: .real, shape: [elements.count], network: 0, elements: elements,
        place: place)
    }
    return VNNLIBNetwork(
      name: "N", equivalence: nil, inputs: [variable("X", .input, 0..<inputs)], hidden: [],
      outputs: [variable("Y", .output, inputs..<(inputs + outputs))], place: place)
  }

  /// The network of a query of version 1.0 that has as many inputs and outputs as the given one has elements.
  static func versionOneNetwork(like network: VNNLIBNetwork) -> VNNLIBNetwork {
    versionOneNetwork(
      inputs: network.inputs[0].elements.count, outputs: network.outputs[0].elements.count, place: network.place)
  }

  /// Takes a name `X_i` (group 0) or `Y_i` (group 1).
  private mutating func takeNumberedName() throws -> (group: Int, index: Int) {
    guard token.kind == .word else { throw expected("a variable X_0, X_1, … or Y_0, Y_1, …") }
    guard let (group, index) = numberedName(token.bytes) else {
      throw error("\(scanner.excerpt(token)) is no variable of version 1.0: those are X_0, X_1, … and Y_0, Y_1, …")
    }
    // As many declarations as the index says must fit into the text, so that a short text cannot ask for much memory.
    guard index < scanner.bytes.count else {
      throw error("\(scanner.excerpt(token)) is declared, but not all before it are: numbers have no gaps")
    }
    try advance()
    return (group, index)
  }

  /// The group and the number in a name `X_12` or `Y_0`, or nil for other names.
  func numberedName(_ bytes: Range<Int>) -> (group: Int, index: Int)? {
    let all = scanner.bytes
    let start = bytes.lowerBound
    guard bytes.count >= 3, bytes.count <= 18, all[start] == 0x58 || all[start] == 0x59,
      all[start + 1] == VNNLIBByte.underscore
    else { return nil }
    var index = 0
    for byte in all[(start + 2)..<bytes.upperBound] {
      guard VNNLIBByte.isDigit(byte) else { return nil }
      index = index * 10 + Int(byte - 0x30)
    }
    let hasLeadingZero = all[start + 2] == 0x30 && bytes.count > 3
    return hasLeadingZero ? nil : (Int(all[start]) - 0x58, index)
  }

  /// The element that the name that comes next means in version 1.0.
  mutating func versionOneElement() throws -> Int {
    guard let (group, index) = numberedName(token.bytes) else {
      throw error(
        "\(scanner.excerpt(token)) is not declared; the variables of version 1.0 are X_0, X_1, … and Y_0, Y_1, …")
    }
    let count = group == 0 ? inputCount : outputCount
    guard index < count else {
      let letter = group == 0 ? "X" : "Y"
      throw error("\(scanner.excerpt(token)) is not declared: \(letter)_0 to \(letter)_\(count - 1) are")
    }
    try advance()
    return group == 0 ? index : inputCount + index
  }
}
