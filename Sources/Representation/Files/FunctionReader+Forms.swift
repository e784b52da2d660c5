import Datasets
import Exact
import Polyhedra

extension FunctionReader {
  /// The function that the document holds.
  func content() throws -> FunctionFile.Content {
    let root = Node(value: document.root, path: "")
    let form = try form(root)
    let bodies = Self.keys(of: form)
    let members = try members(root, known: ["format", "form", "inputs", "outputs"] + bodies)
    var shape = Shape()
    if let inputs = members.values["inputs"] {
      shape.inputs = try integer(inputs, in: 1...100_000, "number of inputs, from 1")
    }
    switch form {
    case .maxMin: return .maxMin(try outputs(members, bodies, &shape, lattice))
    case .differenceOfConvex: return .differenceOfConvex(try outputs(members, bodies, &shape, difference))
    case .signedMaxima: return .signedMaxima(try outputs(members, bodies, &shape, signedMaxima))
    case .regions, .breakpoints, .simplices, .grid:
      if let outputs = members.values["outputs"] {
        shape.outputs = try integer(outputs, in: 1...100_000, "number of outputs, from 1")
      }
    }
    switch form {
    case .regions: return .regions(try regions(members, &shape))
    case .breakpoints: return .breakpoints(try breakpoints(members, &shape))
    case .simplices: return .simplices(try simplices(members, &shape))
    default: return .grid(try grid(members, &shape))
    }
  }

  private func form(_ root: Node) throws -> FunctionFile.Form {
    guard case .object(let members) = root.value.content else {
      throw error("the document is \(root.value.kind); an object with 'format', 'form' … is wanted", at: root)
    }
    func text(_ name: String) throws -> (String, Node) {
      guard let value = members.first(where: { $0.name == name })?.value else {
        throw error("'\(name)' is missing; a function document begins {\"format\": \"pleat-function\", …", at: root)
      }
      let node = Node(value: value, path: name)
      return (try self.text(node), node)
    }
    let (format, formatNode) = try text("format")
    guard format == FunctionFile.format else {
      throw error("is another format; '\(FunctionFile.format)' is wanted", at: formatNode)
    }
    let (name, node) = try text("form")
    if let form = FunctionFile.Form(rawValue: name) { return form }
    let names = FunctionFile.Form.allCases.map(\.rawValue)
    let nearest = nearestName(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw error("is no known form\(nearest); the forms are \(Self.list(names))", at: node)
  }

  private static func keys(of form: FunctionFile.Form) -> [String] {
    switch form {
    case .regions: ["regions"]
    case .maxMin: ["functions", "clauses"]
    case .differenceOfConvex: ["convex", "subtract"]
    case .breakpoints: ["points", "left_slope", "right_slope"]
    case .simplices: ["points", "values", "simplices"]
    case .grid: ["axes", "values"]
    case .signedMaxima: ["functions", "terms"]
    }
  }

  /// One body in the document itself, or an array of them under `outputs`.
  private func outputs<Body>(
    _ members: Members, _ keys: [String], _ shape: inout Shape, _ body: (Members, inout Shape) throws -> Body
  ) throws -> [Body] {
    guard let outputs = members.values["outputs"], case .array = outputs.value.content else {
      if let outputs = members.values["outputs"] {
        _ = try integer(outputs, in: 1...1, "array of outputs; several outputs are [{…}, {…}], one may be the number 1")
      }
      return [try body(members, &shape)]
    }
    if let both = keys.first(where: { members.values[$0] != nil }), let node = members.values[both] {
      throw error("stands beside 'outputs'; put it into one of the outputs", at: node)
    }
    return try elements(outputs, of: "outputs").map { try body(self.members($0, known: keys), &shape) }
  }

  private func functions(_ name: String, _ members: Members, _ shape: inout Shape) throws -> [AffineFunction] {
    try elements(member(name, of: members), of: "affine functions").map { node in
      let parts = try self.members(node, known: ["gradient", "constant"])
      let gradient = try inputVector(member("gradient", of: parts), &shape)
      return AffineFunction(gradient: gradient, constant: try number(member("constant", of: parts)))
    }
  }

  private func lattice(_ members: Members, _ shape: inout Shape) throws -> LatticeForm {
    let functions = try functions("functions", members, &shape)
    let clauses = try elements(member("clauses", of: members), of: "clauses").map {
      try indices($0, below: functions.count, of: "functions")
    }
    return LatticeForm(functions: functions, clauses: clauses)
  }

  private func difference(_ members: Members, _ shape: inout Shape) throws -> ConvexDifference {
    ConvexDifference(
      convex: try functions("convex", members, &shape), subtracted: try functions("subtract", members, &shape))
  }

  private func signedMaxima(_ members: Members, _ shape: inout Shape) throws -> SignedMaximumSum {
    let functions = try functions("functions", members, &shape)
    let terms = try elements(member("terms", of: members), of: "terms", mayBeEmpty: true).map { node in
      let parts = try self.members(node, known: ["coefficient", "arguments"])
      let place = try member("coefficient", of: parts)
      let largest = Int.max
      let coefficient = try integer(place, in: -largest...largest, "coefficient; an integer other than 0 is wanted")
      guard coefficient != 0 else { throw error("is 0; leave the term out", at: place) }
      let arguments = try indices(member("arguments", of: parts), below: functions.count, of: "functions")
      return SignedMaximumSum.Term(coefficient: coefficient, arguments: Set(arguments).sorted())
    }
    return SignedMaximumSum(functions: functions, terms: terms)
  }

  private func regions(_ members: Members, _ shape: inout Shape) throws -> RegionTable {
    let regions = try elements(member("regions", of: members), of: "regions").map { node in
      let parts = try self.members(node, known: ["A", "b", "gain", "offset"])
      let normals = try elements(member("A", of: parts), of: "rows", mayBeEmpty: true).map {
        try inputVector($0, &shape)
      }
      let offsets = try numbers(
        member("b", of: parts), count: normals.count, "A has \(Self.count(normals.count, "row"))")
      let gainNode = try member("gain", of: parts)
      let gain = try elements(gainNode, of: "rows").map { try inputVector($0, &shape) }
      try fit(outputs: gain.count, gainNode, &shape)
      let offset = try numbers(
        member("offset", of: parts), count: gain.count, "gain has \(Self.count(gain.count, "row"))")
      return RegionTable.Region(
        halfSpaces: zip(normals, offsets).map { ExactHalfSpace(normal: $0, offset: $1) },
        map: zip(gain, offset).map { AffineFunction(gradient: $0, constant: $1) })
    }
    return RegionTable(inputs: shape.inputs ?? 0, outputs: shape.outputs ?? 0, regions: regions)
  }

  private func breakpoints(_ members: Members, _ shape: inout Shape) throws -> BreakpointTable {
    if let inputs = members.values["inputs"], shape.inputs != 1 {
      throw error("a function given by breakpoints has 1 input", at: inputs)
    }
    var last: Rational?
    let pointsNode = try member("points", of: members)
    let points = try elements(pointsNode, of: "points").map { node in
      let numbers = try numbers(node)
      guard numbers.count > 1 else {
        throw error("\(Self.count(numbers.count, "number")); a point is [x, value] or [x, value, value, …]", at: node)
      }
      try fit(outputs: numbers.count - 1, node, &shape)
      guard last.map({ $0 < numbers[0] }) ?? true else {
        throw error("does not lie to the right of the point before; positions must increase", at: node)
      }
      last = numbers[0]
      return BreakpointTable.Point(position: numbers[0], values: Array(numbers.dropFirst()))
    }
    let left = try members.values["left_slope"].map { try outputVector($0, &shape) }
    let right = try members.values["right_slope"].map { try outputVector($0, &shape) }
    guard points.count > 1 || (left != nil && right != nil) else {
      throw error("one point makes a function only with both 'left_slope' and 'right_slope'", at: pointsNode)
    }
    return BreakpointTable(points: points, leftSlopes: left, rightSlopes: right)
  }

  private func simplices(_ members: Members, _ shape: inout Shape) throws -> SimplexTable {
    let points = try elements(member("points", of: members), of: "points").map { try inputVector($0, &shape) }
    let valuesNode = try member("values", of: members)
    let values = try elements(valuesNode, of: "values").map { try outputVector($0, &shape) }
    guard values.count == points.count else {
      throw error(
        "\(Self.count(values.count, "value")), but there are \(Self.count(points.count, "point"))", at: valuesNode)
    }
    let corners = (shape.inputs ?? 0) + 1
    let simplices = try elements(member("simplices", of: members), of: "simplices").map { node in
      let simplex = try indices(node, below: points.count, of: "points")
      guard simplex.count == corners, Set(simplex).count == corners else {
        throw error(
          "\(Self.count(Set(simplex).count, "point")), but a simplex of \(Self.count(corners - 1, "input")) has \(corners)",
          at: node)
      }
      return simplex
    }
    return SimplexTable(points: points, values: values, simplices: simplices)
  }

  private func grid(_ members: Members, _ shape: inout Shape) throws -> GridTable {
    let axesNode = try member("axes", of: members)
    let axes = try elements(axesNode, of: "axes").map { node in
      let lines = try numbers(node)
      guard lines.count > 1 else {
        throw error("\(Self.count(lines.count, "number")); an axis has at least 2", at: node)
      }
      guard zip(lines, lines.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw error("does not increase; an axis lists its grid lines in increasing order, each once", at: node)
      }
      return lines
    }
    guard axes.count == shape.inputs ?? axes.count else {
      let inputs = Self.count(shape.inputs ?? 0, "input")
      throw error("\(axes.count) axes, but the function has \(inputs)", at: axesNode)
    }
    let nodes = try axes.enumerated().reduce([member("values", of: members)]) { nodes, axis in
      try nodes.flatMap { node in
        let inner = try elements(node, of: "values along axis \(axis.offset)")
        guard inner.count == axis.element.count else {
          throw error(
            "\(Self.count(inner.count, "value")), but axes[\(axis.offset)] has \(axis.element.count) lines",
            at: node)
        }
        return inner
      }
    }
    return GridTable(axes: axes, values: try nodes.map { try outputVector($0, &shape) })
  }
}
