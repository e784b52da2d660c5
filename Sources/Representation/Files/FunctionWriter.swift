import Exact
import Polyhedra

/// Writes function documents, a line for each region, function, term or row of values.
enum FunctionWriter {
  static func text(_ file: FunctionFile) -> String {
    var members = [("format", quoted(FunctionFile.format)), ("form", quoted(file.form.rawValue))]
    switch file.content {
    case .regions(let table):
      members += [("inputs", "\(table.inputs)"), ("outputs", "\(table.outputs)")]
      members.append(("regions", lines(table.regions.map(region), indent: 1)))
    case .maxMin(let outputs): members += bodies(outputs, lattice)
    case .differenceOfConvex(let outputs): members += bodies(outputs, difference)
    case .signedMaxima(let outputs): members += bodies(outputs, signedMaxima)
    case .breakpoints(let table): members += breakpoints(table)
    case .simplices(let table):
      members.append(("points", lines(table.points.map(row), indent: 1)))
      members.append(("values", lines(table.values.map(values), indent: 1)))
      members.append(("simplices", lines(table.simplices.map(indices), indent: 1)))
    case .grid(let table):
      members.append(("axes", lines(table.axes.map(row), indent: 1)))
      members.append(("values", nested(table.values[...], table.axes.map(\.count)[...])))
    }
    return object(members, indent: 0) + "\n"
  }

  /// An integer or a finite decimal as a JSON number, another number as a string.
  static func number(_ number: Rational) -> String {
    let exact = number.description
    guard exact.contains("/") else { return exact }
    // What needs more places is easier to read as a fraction.
    let places = 64
    let scaled = number * power(ofTen: places)
    guard scaled.denominator == .one else { return quoted(exact) }
    var digits = Substring(scaled.magnitude.description)
    var count = places
    while digits.last == "0" {
      digits.removeLast()
      count -= 1
    }
    let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
    return (number.signum < 0 ? "-" : "") + padded.dropLast(count) + "." + padded.suffix(count)
  }

  private static func power(ofTen exponent: Int) -> Rational { Rational("1e\(exponent)") ?? .one }

  private static func quoted(_ text: String) -> String { "\"\(text)\"" }

  private static func row(_ numbers: [Rational]) -> String { "[" + numbers.map(number).joined(separator: ", ") + "]" }

  /// Several outputs as an array, one as a number.
  private static func values(_ numbers: [Rational]) -> String { numbers.count == 1 ? number(numbers[0]) : row(numbers) }

  private static func indices(_ indices: [Int]) -> String {
    "[" + indices.map(String.init).joined(separator: ", ") + "]"
  }

  private static func margin(_ indent: Int) -> String { String(repeating: "  ", count: indent) }

  /// An array, an element on each line.
  private static func lines(_ elements: [String], indent: Int) -> String {
    guard !elements.isEmpty else { return "[]" }
    return "[\n" + elements.map { margin(indent + 1) + $0 }.joined(separator: ",\n") + "\n" + margin(indent) + "]"
  }

  /// An object, a member on each line.
  private static func object(_ members: [(String, String)], indent: Int) -> String {
    let text = members.map { margin(indent + 1) + "\(quoted($0)): \($1)" }.joined(separator: ",\n")
    return "{\n" + text + "\n" + margin(indent) + "}"
  }

  private static func inline(_ members: [(String, String)]) -> String {
    "{" + members.map { "\(quoted($0)): \($1)" }.joined(separator: ", ") + "}"
  }

  private static func region(_ region: RegionTable.Region) -> String {
    let rows = region.halfSpaces.map { row($0.normal) }.joined(separator: ", ")
    let gain = region.map.map { row($0.gradient) }.joined(separator: ", ")
    return inline([
      ("A", "[\(rows)]"), ("b", row(region.halfSpaces.map(\.offset))), ("gain", "[\(gain)]"),
      ("offset", row(region.map.map(\.constant))),
    ])
  }

  private static func functions(_ functions: [AffineFunction], _ indent: Int) -> String {
    lines(
      functions.map { inline([("gradient", row($0.gradient)), ("constant", number($0.constant))]) }, indent: indent)
  }

  /// The members of a body, or of `outputs` when there are several.
  private static func bodies<Body>(
    _ outputs: [Body], _ members: (Body, Int) -> [(String, String)]
  ) -> [(String, String)] {
    if outputs.count == 1 { return members(outputs[0], 1) }
    return [("outputs", lines(outputs.map { object(members($0, 3), indent: 2) }, indent: 1))]
  }

  private static func lattice(_ form: LatticeForm, _ indent: Int) -> [(String, String)] {
    [("functions", functions(form.functions, indent)), ("clauses", lines(form.clauses.map(indices), indent: indent))]
  }

  private static func difference(_ function: ConvexDifference, _ indent: Int) -> [(String, String)] {
    [("convex", functions(function.convex, indent)), ("subtract", functions(function.subtracted, indent))]
  }

  private static func signedMaxima(_ sum: SignedMaximumSum, _ indent: Int) -> [(String, String)] {
    let terms = sum.terms.map {
      inline([("coefficient", "\($0.coefficient)"), ("arguments", indices($0.arguments))])
    }
    return [("functions", functions(sum.functions, indent)), ("terms", lines(terms, indent: indent))]
  }

  private static func breakpoints(_ table: BreakpointTable) -> [(String, String)] {
    let points = table.points.map { row([$0.position] + $0.values) }
    return [("points", lines(points, indent: 1))]
      + (table.leftSlopes.map { [("left_slope", values($0))] } ?? [])
      + (table.rightSlopes.map { [("right_slope", values($0))] } ?? [])
  }

  /// Nested arrays, the first axis outermost.
  private static func nested(_ values: ArraySlice<[Rational]>, _ counts: ArraySlice<Int>) -> String {
    guard let count = counts.first else { return self.values(values[values.startIndex]) }
    let size = values.count / count
    let parts = (0..<count).map { index in
      let start = values.startIndex + index * size
      return nested(values[start..<start + size], counts.dropFirst())
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }
}
