import Exact
import Networks

extension BrokenLine {
  /// An affine function of one variable.
  ///
  /// - Throws: ``RepresentationError`` when it has another number of inputs.
  public init(_ function: AffineFunction) throws {
    guard function.inputs == 1 else { throw Self.inputsError(function.inputs) }
    self.init(slope: function.gradient[0], constant: function.constant)
  }

  /// A signed sum of maxima in one variable.
  ///
  /// - Complexity: O(arguments of a term ²) for each term.
  /// - Throws: ``RepresentationError`` when a function has another number of inputs, or a term has no arguments or names a
  ///   function that is not there.
  public init(_ sum: SignedMaximumSum) throws {
    let lines = try sum.functions.map { try BrokenLine($0) }
    self = try .combination(
      sum.terms.enumerated().map { index, term in
        let arguments = try Self.choose(term.arguments, of: lines, "term \(index)")
        return (Rational(term.coefficient), Self.tournament(arguments) { $0.maximum($1) })
      })
  }

  /// A maximum of minima in one variable.
  ///
  /// - Complexity: O(q² log q) for q affine functions in all clauses together.
  /// - Throws: ``RepresentationError`` when a function has another number of inputs, when there is no clause, or when a
  ///   clause is empty or names a function that is not there.
  public init(_ form: LatticeForm) throws {
    guard !form.clauses.isEmpty else { throw RepresentationError("a maximum of minima needs at least one clause") }
    let lines = try form.functions.map { try BrokenLine($0) }
    let minima = try form.clauses.enumerated().map { index, clause in
      Self.tournament(try Self.choose(clause, of: lines, "clause \(index)")) { $0.minimum($1) }
    }
    self = Self.tournament(minima) { $0.maximum($1) }
  }

  /// The function that a network with one input and one output computes: every unit's function, layer by layer.
  ///
  /// - Complexity: O(units · pieces), where a layer of w units multiplies the pieces by w + 1 at most.
  /// - Throws: ``RepresentationError`` when the network has several inputs or outputs.
  public init(_ network: RationalNetwork) throws {
    guard network.inputs == 1 else { throw Self.inputsError(network.inputs) }
    guard network.outputs.count == 1 else {
      throw RepresentationError("a broken line has one output, and this network has \(network.outputs.count)")
    }
    var lines = [BrokenLine(slope: 1, constant: 0)]
    for rows in network.hidden { lines = rows.map { Self.apply($0, to: lines).positivePart } }
    self = Self.apply(network.outputs[0], to: lines)
  }

  private static func apply(_ row: RationalNetwork.Row, to lines: [BrokenLine]) -> BrokenLine {
    combination(row.terms.map { ($0.weight, lines[$0.column]) }, constant: row.constant)
  }

  private static func choose(_ indices: [Int], of lines: [BrokenLine], _ name: String) throws -> [BrokenLine] {
    guard !indices.isEmpty else { throw RepresentationError("\(name) has no function") }
    return try indices.map { index in
      guard lines.indices.contains(index) else {
        throw RepresentationError(
          "\(name) names function \(index), and there are the functions 0 to \(lines.count - 1)")
      }
      return lines[index]
    }
  }

  /// Combines neighbours until one is left, so that a line takes part in few steps; there must be at least one.
  private static func tournament(
    _ lines: [BrokenLine], _ combine: (BrokenLine, BrokenLine) -> BrokenLine
  ) -> BrokenLine {
    var lines = lines
    while lines.count > 1 {
      lines = stride(from: 0, to: lines.count, by: 2).map { index in
        index + 1 < lines.count ? combine(lines[index], lines[index + 1]) : lines[index]
      }
    }
    return lines[0]
  }

  private static func inputsError(_ inputs: Int) -> RepresentationError {
    RepresentationError("a broken line has one input, and this function has \(inputs)")
  }
}
