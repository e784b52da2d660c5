import Exact
import Networks

/// Makes exact ReLU networks from piecewise-linear functions given by maxima.
///
/// Equal maxima of several terms, clauses and outputs are built once; so are units whose arguments are multiples of one
/// another, of either sign. What is finished early is carried in one sum for each output. The result is the smallest of a few
/// layouts; a function with dyadic coefficients gets dyadic weights unless these need more digits than a double has.
///
/// ```swift
/// let network = try Compiler().compile([sum]).network
/// let onnx = try network.rounded(to: .float64)
/// ```
public struct Compiler: Sendable {
  /// Whether maxima of five and more functions are made in fewer hidden layers than a binary tree has, where that makes
  /// the network shallower, at the price of more units: 2, 5, 12, 30, 75 … arguments in 1, 2, 3, 4, 5 … hidden layers.
  public var minimisesDepth: Bool

  public init(minimisesDepth: Bool = false) { self.minimisesDepth = minimisesDepth }

  /// The network of signed sums of maxima, one for each output.
  ///
  /// It has ⌈log₂ k⌉ hidden layers, where k is the largest number of arguments of a term, and fewer when terms cancel or
  /// arguments are dominated; none when every output is affine.
  ///
  /// Source: R. Arora et al., *Understanding deep neural networks with rectified linear units* (2018), Theorem 2.1.
  /// - Throws: `RepresentationError` when there is no output, an output has no function, a term has no argument or one that
  ///   is not there, or functions differ in their inputs.
  /// - Complexity: for terms of bounded arity, about O(terms · n) rational operations, and those of a Gaussian elimination.
  public func compile(_ outputs: [SignedMaximumSum]) throws -> Compilation {
    let (table, indices) = try Self.table(outputs.map(\.functions))
    let terms = try outputs.enumerated().map { output, sum in
      try Self.collect(sum, numbers: indices[output], table, output: output)
    }
    let sets = Set(terms.flatMap(\.keys)).sorted(by: Self.precedes)
    var graph = HingeGraph(inputs: table.inputs)
    let extrema = extrema(of: sets, forms: table.forms, isMaximum: true, in: &graph)
    let values = Dictionary(uniqueKeysWithValues: zip(sets, extrema))
    let forms = terms.map { terms in
      sets.reduce(LinearForm()) { sum, set in
        guard let coefficient = terms[set], let value = values[set] else { return sum }
        return sum.adding(value, times: coefficient)
      }
    }
    return try Self.compilation(graph, forms, table, theoremUnits: nil)
  }

  /// The network of maxima of minima, one for each output; a convex function is one whose clauses are single functions.
  ///
  /// Clauses that contain another are dropped. There are at most ⌈log₂ k⌉ + ⌈log₂ q⌉ hidden layers, where k is the largest
  /// number of functions in a clause and q that of clauses in an output.
  ///
  /// Source: K.-L. Chen, H. Garudadri, B. Rao, *Improved bounds on neural complexity for representing piecewise linear
  /// functions* (2022).
  /// - Throws: `RepresentationError` when there is no output, an output has no function or no clause, a clause is empty or
  ///   names a function that is not there, or functions differ in their inputs.
  public func compile(_ outputs: [LatticeForm]) throws -> Compilation {
    let (table, indices) = try Self.table(outputs.map(\.functions))
    var theoremUnits = 0
    let clauses = try outputs.enumerated().map { output, form in
      let clauses = try Self.clauses(form, numbers: indices[output], table, output: output)
      theoremUnits += Self.theoremUnits(functions: Set(indices[output]).count, clauses: form.clauses.count)
      return clauses
    }
    let sets = Set(clauses.joined()).sorted(by: Self.precedes)
    var graph = HingeGraph(inputs: table.inputs)
    let minima = extrema(of: sets, forms: table.forms, isMaximum: false, in: &graph)
    let values = Dictionary(uniqueKeysWithValues: zip(sets, minima))
    let forms = clauses.map { maximum(of: $0.compactMap { values[$0] }, in: &graph) }
    return try Self.compilation(graph, forms, table, theoremUnits: theoremUnits)
  }

  /// The extremum over each of the sets.
  private func extrema(
    of sets: [[Int]], forms: [LinearForm], isMaximum: Bool, in graph: inout HingeGraph
  ) -> [LinearForm] {
    let largest = sets.map(\.count).max() ?? 0
    let layers = ShallowMaximum.hiddenLayers(count: largest)
    guard minimisesDepth, layers < binaryDepth(largest) else {
      return SharedExtrema(isMaximum: isMaximum).extrema(of: sets, forms: forms, in: &graph)
    }
    let isSmall = { (set: [Int]) in binaryDepth(set.count) <= layers }
    var small = SharedExtrema(isMaximum: isMaximum).extrema(of: sets.filter(isSmall), forms: forms, in: &graph)[...]
    var shallow = ShallowMaximum(of: isMaximum ? forms : forms.map { -$0 })
    return sets.map { set in
      if isSmall(set) { return small.removeFirst() }
      let maximum = shallow.maximum(over: set, layers: layers, in: &graph)
      return isMaximum ? maximum : -maximum
    }
  }

  /// The maximum of forms of any levels: the two of the lowest levels are compared first, which gives the least depth of
  /// a binary tree, unless the shallow construction saves layers.
  private func maximum(of forms: [LinearForm], in graph: inout HingeGraph) -> LinearForm {
    var queue: [(level: Int, form: LinearForm)] = []
    for form in forms where !queue.contains(where: { $0.form == form }) { queue.append((graph.level(of: form), form)) }
    if minimisesDepth {
      let layers = ShallowMaximum.hiddenLayers(count: queue.count)
      let top = queue.map(\.level).max() ?? 0
      if top + layers < Self.treeLevel(queue.map(\.level)) {
        var shallow = ShallowMaximum(of: queue.map(\.form))
        return shallow.maximum(over: Array(queue.indices), layers: layers, in: &graph)
      }
    }
    queue.sort { $0.level < $1.level }
    while queue.count > 1 {
      let first = queue.removeFirst()
      let second = queue.removeFirst()
      let level = max(first.level, second.level) + 1
      let form = graph.maximum(first.form, second.form)
      queue.insert((level, form), at: queue.firstIndex { $0.level > level } ?? queue.count)
    }
    return queue[0].form
  }

  /// The level of the root of the flattest binary tree over leaves of given levels.
  private static func treeLevel(_ levels: [Int]) -> Int {
    var levels = levels.sorted()
    while levels.count > 1 {
      let level = levels[1] + 1
      levels.removeFirst(2)
      levels.insert(level, at: levels.firstIndex { $0 > level } ?? levels.count)
    }
    return levels.first ?? 0
  }

  /// The smallest network among the layouts.
  private static func compilation(
    _ graph: HingeGraph, _ forms: [LinearForm], _ table: FunctionTable, theoremUnits: Int?
  ) throws -> Compilation {
    func smallest(_ domain: WeightDomain) throws -> RationalNetwork {
      let earliest = try graph.network(outputs: forms, placement: .earliest, domain: domain)
      if earliest.hidden.count < 2 { return earliest }
      let latest = try graph.network(outputs: forms, placement: .latest, domain: domain)
      return latest.size < earliest.size ? latest : earliest
    }
    var network: RationalNetwork?
    if table.isDyadic {
      let dyadic = try smallest(.dyadic)
      if (try? dyadic.roundedUnits(to: .float64))?.isExact == true { network = dyadic }
    }
    return Compilation(
      network: try network ?? smallest(.rational), theoremHiddenLayers: binaryDepth(table.inputs + 1),
      theoremUnits: theoremUnits)
  }

  private static func precedes(_ left: [Int], _ right: [Int]) -> Bool { left.lexicographicallyPrecedes(right) }
}
