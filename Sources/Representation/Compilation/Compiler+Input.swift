import Exact

/// Reads what is to be compiled, and leaves out what does not matter.
extension Compiler {
  /// The functions of all outputs, and for each output the numbers of its functions.
  static func table(_ outputs: [[AffineFunction]]) throws -> (table: FunctionTable, indices: [[Int]]) {
    guard let first = outputs.first else { throw RepresentationError("there is no output; a network needs one") }
    for (output, functions) in outputs.enumerated() where functions.isEmpty {
      throw RepresentationError("output \(output) has no affine function; at least one is needed")
    }
    guard first[0].inputs > 0 else {
      throw RepresentationError("function 0 of output 0 has no inputs; a network needs at least one")
    }
    var table = FunctionTable(inputs: first[0].inputs)
    let indices = try outputs.enumerated().map { try table.insert($1, output: $0) }
    return (table, indices)
  }

  /// The terms of a sum by their sets of functions, without those that cancel.
  static func collect(
    _ sum: SignedMaximumSum, numbers: [Int], _ table: FunctionTable, output: Int
  ) throws -> [[Int]: Rational] {
    var terms: [[Int]: Rational] = [:]
    for (index, term) in sum.terms.enumerated() {
      try check(term.arguments, numbers.count, "term \(index) of output \(output)")
      let set = table.reduced(term.arguments.lazy.map { numbers[$0] }, isMaximum: true)
      terms[set, default: .zero] += Rational(term.coefficient)
    }
    return terms.filter { $0.value.signum != 0 }
  }

  /// The clauses of a form, without those that contain another.
  static func clauses(
    _ form: LatticeForm, numbers: [Int], _ table: FunctionTable, output: Int
  ) throws -> [[Int]] {
    guard !form.clauses.isEmpty else {
      throw RepresentationError("output \(output) has no clause; at least one is needed")
    }
    var sets: Set<[Int]> = []
    for (index, clause) in form.clauses.enumerated() {
      try check(clause, numbers.count, "clause \(index) of output \(output)")
      sets.insert(table.reduced(clause.lazy.map { numbers[$0] }, isMaximum: false))
    }
    var kept: [Set<Int>] = []
    for set in sets.sorted(by: { $0.count < $1.count }) {
      let members = Set(set)
      if !kept.contains(where: { $0.isSubset(of: members) }) { kept.append(members) }
    }
    let single = table.reduced(kept.filter { $0.count == 1 }.flatMap { $0 }, isMaximum: true)
    let others = kept.filter { $0.count > 1 }.map { $0.sorted() }
    return single.map { [$0] } + others.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The bound of Chen, Garudadri and Rao.
  static func theoremUnits(functions: Int, clauses: Int) -> Int {
    let k = binaryDepth(functions)
    return (3 * (1 << k) + 2 * k - 3) * clauses + 3 * (1 << binaryDepth(clauses)) - 2 * k - 3
  }

  private static func check(_ indices: [Int], _ count: Int, _ place: String) throws {
    guard !indices.isEmpty else { throw RepresentationError("\(place) is empty; it needs at least one function") }
    if let index = indices.first(where: { !(0..<count).contains($0) }) {
      throw RepresentationError("\(place) names function \(index); there are the functions 0 to \(count - 1)")
    }
  }
}
