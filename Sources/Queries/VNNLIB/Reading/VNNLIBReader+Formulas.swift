import Exact

/// Formulas and arithmetic expressions.
extension VNNLIBReader {
  /// A parenthesis that is open.
  struct Frame {
    enum Operator {
      case and
      case or
      case comparison(VNNLIBComparison.Relation)
      case plus
      case minus
      case times
    }

    var operation: Operator
    /// How many operands lay on the stack of its kind when it was opened.
    var base: Int
    var open: VNNLIBToken
  }

  /// The formula that comes next. The open parentheses are kept in an array, so that no nesting exhausts the stack.
  mutating func formula() throws -> VNNLIBFormula {
    var frames: [Frame] = []
    var formulas: [VNNLIBFormula] = []
    var expressions: [VNNLIBExpression] = []
    repeat {
      let wantsFormula =
        switch frames.last?.operation {
        case nil, .and, .or: true
        default: false
        }
      switch token.kind {
      case .open:
        guard frames.count < VNNLIBQuery.depthLimit else {
          throw error("parentheses are nested more than \(VNNLIBQuery.depthLimit) deep")
        }
        let open = token
        try advance()
        let operation = try wantsFormula ? booleanOperator() : arithmeticOperator()
        if case .comparison = operation { typing.begin() }
        let base =
          switch operation {
          case .and, .or: formulas.count
          default: expressions.count
          }
        frames.append(Frame(operation: operation, base: base, open: open))
      case .close:
        guard let frame = frames.popLast() else {
          throw expected("a comparison such as (<= X[0] 1.0), (and …) or (or …)")
        }
        try close(frame, &formulas, &expressions)
        try advance()
      case .number where !wantsFormula:
        try checkRoom(in: frames, expressions)
        expressions.append(.constant(try constant()))
      case .word where !wantsFormula:
        try checkRoom(in: frames, expressions)
        expressions.append(.element(try element()))
      default:
        throw expected(
          wantsFormula
            ? "a comparison such as (<= X[0] 1.0), (and …) or (or …)" : "a number, a variable or (+ …), (- …), (* …)")
      }
    } while !frames.isEmpty
    return formulas[0]
  }

  /// Builds what a closed parenthesis holds.
  private mutating func close(
    _ frame: Frame, _ formulas: inout [VNNLIBFormula], _ expressions: inout [VNNLIBExpression]
  ) throws {
    switch frame.operation {
    case .and, .or:
      let parts = Array(formulas[frame.base...])
      guard !parts.isEmpty else { throw error("(and …) and (or …) hold one formula at least") }
      formulas.removeSubrange(frame.base...)
      if case .and = frame.operation { formulas.append(.and(parts)) } else { formulas.append(.or(parts)) }
    case .comparison(let relation):
      guard expressions.count == frame.base + 2 else {
        throw error(
          "a comparison has two sides; this one, from \(frame.open.place), has \(expressions.count - frame.base)")
      }
      guard typing.type != nil else {
        throw error("this comparison names no variable, so that it has no type", at: frame.open.place)
      }
      if let (token, reason) = typing.misfit() { throw error("\(scanner.excerpt(token)) \(reason)", at: token.place) }
      let right = expressions.removeLast()
      let left = expressions.removeLast()
      formulas.append(.comparison(VNNLIBComparison(left, relation, right)))
    case .plus, .minus, .times:
      let parts = Array(expressions[frame.base...])
      guard !parts.isEmpty else { throw error("the operator at \(frame.open.place) has no operands") }
      expressions.removeSubrange(frame.base...)
      switch frame.operation {
      case .plus: expressions.append(.sum(parts))
      case .times: expressions.append(.product(parts))
      default: expressions.append(parts.count == 1 ? .negation(parts[0]) : .difference(parts))
      }
    }
  }

  /// A third side of a comparison is an error where it begins.
  private func checkRoom(in frames: [Frame], _ expressions: [VNNLIBExpression]) throws {
    guard let frame = frames.last, case .comparison(let relation) = frame.operation, expressions.count == frame.base + 2
    else { return }
    throw error("(\(relation.rawValue) …) has two sides, and \(scanner.excerpt(token)) would be a third")
  }

  // MARK: Operators

  private mutating func booleanOperator() throws -> Frame.Operator {
    let operation: Frame.Operator
    switch token.kind {
    case .word where keyword == "and": operation = .and
    case .word where keyword == "or": operation = .or
    case .word where version == .one && keyword == "distinct": operation = .comparison(.notEqual)
    case .comparison: operation = .comparison(try relation())
    case .plus, .minus, .times:
      throw error("\(scanner.excerpt(token)) makes a number; a comparison, 'and' or 'or' is wanted here")
    case .number: throw infix()
    case .word: throw isDeclared(token) ? infix() : unknownOperator()
    default: throw expected("a comparison, 'and' or 'or'")
    }
    try advance()
    return operation
  }

  private mutating func arithmeticOperator() throws -> Frame.Operator {
    let operation: Frame.Operator
    switch token.kind {
    case .plus: operation = .plus
    case .minus: operation = .minus
    case .times: operation = .times
    case .comparison: throw error("\(scanner.excerpt(token)) makes no number; '+', '-' or '*' is wanted here")
    case .number: throw infix()
    case .word: throw isDeclared(token) ? infix() : unknownOperator()
    default: throw expected("'+', '-' or '*'")
    }
    try advance()
    return operation
  }

  private func relation() throws -> VNNLIBComparison.Relation {
    let sign = keyword
    let isOne = version == .one
    if let relation = VNNLIBComparison.Relation(rawValue: sign), !isOne || relation != .equal && relation != .notEqual {
      return relation
    }
    if isOne, sign == "=" { return .equal }
    let accepted = isOne ? "<, <=, >, >=, = or distinct" : "<, <=, >, >=, == or !="
    throw error("\(scanner.excerpt(token)) is no comparison of version \(isOne ? "1.0" : "2.0"); write \(accepted)")
  }

  private func isDeclared(_ token: VNNLIBToken) -> Bool {
    version == .one ? numberedName(token.bytes) != nil : variables[scanner.text(token)] != nil
  }

  private func infix() -> VNNLIBError {
    let example = version == .one ? "(<= X_0 1.0)" : "(<= X[0] 1.0)"
    return error("\(scanner.excerpt(token)) stands where an operator is wanted: operators come first, as in \(example)")
  }

  private func unknownOperator() -> VNNLIBError {
    if keyword == "not" {
      return error("there is no 'not' in VNN-LIB; write the opposite comparisons, with 'and' and 'or' exchanged")
    }
    return unknownKeyword(
      "is no operator", among: ["and", "or"], accepted: "and, or, a comparison, or +, - and * inside of one")
  }

  // MARK: Operands

  private mutating func constant() throws -> Rational {
    switch VNNLIBNumeral.read(scanner.bytes[token.bytes], version: version) {
    case .refused(let reason): throw error("\(scanner.excerpt(token)): \(reason)")
    case .number(let numeral):
      typing.add(numeral, token)
      try advance()
      return numeral.value
    }
  }

  private mutating func element() throws -> Int {
    if version == .one {
      let element = try versionOneElement()
      _ = typing.add(.real, name: "X")
      return element
    }
    let name = token
    let variable = try declaredVariable()
    if let reason = typing.add(variable.elementType, name: variable.name) { throw error(reason) }
    try advance()
    let offset = try indices(of: variable, at: name)
    return variable.elements.lowerBound + offset
  }

  private mutating func declaredVariable() throws -> VNNLIBVariable {
    let bytes = scanner.bytes[token.bytes]
    if let lastVariable, lastVariable.name.elementsEqual(bytes) { return lastVariable.variable }
    let name = scanner.text(token)
    guard let variable = variables[name] else {
      let near = nearby(name, among: variableNames)
      let isNetwork = networkPlaces[name] != nil
      throw error(
        isNetwork
          ? "\(scanner.excerpt(token)) is a network; its inputs and outputs are the variables"
          : "no variable \(scanner.excerpt(token)) is declared\(near)")
    }
    lastVariable = (Array(bytes), variable)
    return variable
  }

  /// The position in row-major order that `[i,j,…]` means; nothing stands for the one element of a scalar.
  private mutating func indices(of variable: VNNLIBVariable, at name: VNNLIBToken) throws -> Int {
    let shape = variable.shape
    guard token.kind == .openBracket else {
      guard shape.isEmpty else {
        throw error(
          "'\(variable.name)' is a tensor; name one element of it, as in \(Self.example(variable))", at: name.place)
      }
      return 0
    }
    if shape.isEmpty { throw error("'\(variable.name)' is a scalar, which is written without indices") }
    let open = token
    try advance()
    var offset = 0
    var count = 0
    while true {
      guard token.kind == .number else { throw expected("an index, an integer from 0,") }
      if count < shape.count {
        guard let index = Int(scanner.text(token)), index >= 0 else {
          throw error("\(scanner.excerpt(token)) is no index: indices are integers from 0")
        }
        guard index < shape[count] else {
          throw error(
            "the index \(index) lies outside of '\(variable.name)': index \(count + 1) ends at \(shape[count] - 1)")
        }
        offset = offset * shape[count] + index
      }
      count += 1
      try advance()
      if token.kind == .closeBracket { break }
      try take(.comma, "',' or ']' after an index")
    }
    guard count == shape.count else {
      throw error(
        "'\(variable.name)' wants an index for each dimension, \(shape.count), as in \(Self.example(variable)), not \(count)",
        at: open.place)
    }
    try advance()
    return offset
  }

  private static func example(_ variable: VNNLIBVariable) -> String {
    "\(variable.name)[\(variable.shape.map { _ in "0" }.joined(separator: ","))]"
  }
}
