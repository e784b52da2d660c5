import Exact

/// Hinges of the last layer turned the other way, σ(t) = σ(−t) + t, so that less is left for the outputs beside them.
///
/// What an output reads beside the last layer's hinges is one form, which takes up to two units to carry. For a single
/// output, up to two turned hinges are tried that make it vanish or leave it a multiple of a hinge's argument, of which
/// one more unit gives it. (Which hinges to turn in general is a subset-sum problem.)
struct TurnedHinges {
  private(set) var outputs: [LinearForm]
  private var turned: Set<Int> = []

  /// - Parameter last: the columns of the last layer's hinges.
  init(_ graph: HingeGraph, outputs: [LinearForm], last: [Int]) {
    self.outputs = outputs
    guard outputs.count == 1, let output = outputs.first else { return }
    let columns = Set(last)
    let rest = output.filter { !columns.contains($0.column) }
    guard !rest.isConstant else { return }
    let shares = last.map { column in
      (column: column, form: graph.arguments[column - graph.inputs].linearPart.scaled(by: output[column]))
    }
    /// What has to be left for a hinge to take it away by being turned.
    let removers = Dictionary(
      shares.map { (-$0.form, $0.column) }, uniquingKeysWith: { first, _ in first })
    if let column = removers[rest] {
      turn([column], graph)
      return
    }
    guard rest.terms.allSatisfy({ !graph.isHinge($0.column) }) else { return }
    let directions = Set(shares.map(\.form.primitive.form))
    var single: Int? = nil
    let isParallel = directions.contains(rest.primitive.form)
    for (column, form) in shares where graph.level(of: form) == 0 {
      let left = rest + form
      if let other = removers[left], other != column {
        turn([column, other], graph)
        return
      }
      if !isParallel, single == nil, directions.contains(left.primitive.form) { single = column }
    }
    if let single { turn([single], graph) }
  }

  func argument(of column: Int, in graph: HingeGraph) -> LinearForm {
    let argument = graph.arguments[column - graph.inputs]
    return turned.contains(column) ? -argument : argument
  }

  private mutating func turn(_ columns: [Int], _ graph: HingeGraph) {
    for column in columns {
      turned.insert(column)
      outputs = outputs.map { $0.adding(graph.arguments[column - graph.inputs], times: $0[column]) }
    }
  }
}
