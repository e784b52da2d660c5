/// Which input of a problem's network each input element of a query is: elements that are equal in every case are one input.
struct InputNumbering {
  /// For each input variable, by its first element, the numbers of its elements. Inputs are numbered in the order of their
  /// first elements.
  private var numbers: [Int: [Int]] = [:]
  private(set) var count = 0

  /// O(input elements + common constraints), nearly; nothing is made for outputs, whose sizes are claims of the query still.
  init(_ query: VNNLIBQuery, joinedBy tree: QueryTree?) {
    let variables = query.variables.filter { $0.role == .input }
    var starts: [Int: Int] = [:]
    var size = 0
    for variable in variables {
      starts[variable.elements.lowerBound] = size
      size += variable.elements.count
    }
    /// The position of an element among those of all inputs.
    func position(of element: Int) -> Int? {
      let first = query.variable(of: element).elements.lowerBound
      return starts[first].map { $0 + element - first }
    }
    // Union-find with path halving; a root is the first position of its class.
    var parents = Array(0..<size)
    func root(of position: Int) -> Int {
      var position = position
      while parents[position] != position {
        parents[position] = parents[parents[position]]
        position = parents[position]
      }
      return position
    }
    for constraint in tree?.common.constraints ?? [] {
      guard let (one, two) = constraint.equalElements, let first = position(of: one), let second = position(of: two)
      else { continue }
      let roots = (root(of: first), root(of: second))
      parents[max(roots.0, roots.1)] = min(roots.0, roots.1)
    }
    var known: [Int] = []
    for position in 0..<size {
      let root = root(of: position)
      known.append(root == position ? count : known[root])
      if root == position { count += 1 }
    }
    for variable in variables {
      let start = starts[variable.elements.lowerBound, default: 0]
      numbers[variable.elements.lowerBound] = Array(known[start..<start + variable.elements.count])
    }
  }

  /// The inputs that the elements of an input variable are.
  func numbers(of variable: VNNLIBVariable) -> [Int] { numbers[variable.elements.lowerBound, default: []] }
}

extension QueryCase.Constraint {
  /// The two elements that the constraint says are equal: x − y = 0.
  fileprivate var equalElements: (Int, Int)? {
    guard polynomial.isLinear, polynomial.linear.count == 2, polynomial.linear[0].coefficient == .one,
      polynomial.linear[1].coefficient == -.one, let lower = range.lower, let upper = range.upper,
      lower.value.signum == 0, upper.value.signum == 0, !lower.isStrict, !upper.isStrict
    else { return nil }
    return (polynomial.linear[0].element, polynomial.linear[1].element)
  }
}
