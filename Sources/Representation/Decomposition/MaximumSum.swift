import Exact

/// An integer combination of maxima of subsets of some functions, Σ c_S max_S, while it is being simplified.
///
/// Circuit elimination: when the gradients of a set S are affinely dependent, a ``Circuit`` in S gives J ⊂ S with
/// max over S∖J ≥ min over J everywhere, so that max over S∖J = min over j ∈ J of max over (S∖J) ∪ {j}; inclusion and
/// exclusion turn this into
///
///     max_S = Σ over proper subsets T of J of (−1)^(|J| + 1 + |T|) max over (S∖J) ∪ T,
///
/// 2^|J| − 1 maxima of fewer functions. It ends with sets whose gradients are affinely independent: of at most n + 1
/// functions.
///
/// Every step is an identity between lattice polynomials that holds for all values with max_upper ≥ min_lower. A monotone
/// function preserves this, so that Σ c_S ψ(max_S) = ψ(f) for every monotone ψ once Σ c_S max_S = f came about this way;
/// the maximum with another function is one.
struct MaximumSum {
  let functions: [AffineFunction]
  private(set) var coefficients: [FunctionSet: Int] = [:]
  /// Circuits that were looked for, by the members they were looked for in.
  private var circuits: [[Int]: Circuit?] = [:]

  init(functions: [AffineFunction]) { self.functions = functions }

  /// One maximum.
  init(functions: [AffineFunction], maximumOf members: some Sequence<Int>) {
    self.functions = functions
    coefficients[FunctionSet(members, capacity: functions.count)] = 1
  }

  mutating func add(_ set: FunctionSet, times coefficient: Int) throws(RepresentationError) {
    let (sum, overflow) = coefficients[set, default: 0].addingReportingOverflow(coefficient)
    guard !overflow else { throw RepresentationError("the decomposition has coefficients beyond 2^63") }
    coefficients[set] = sum == 0 ? nil : sum
  }

  /// Replaces the function g by min(g, max_S) = g + max_S − max(g, max_S), S being `set`.
  mutating func formMinimum(withMaximumOf set: FunctionSet) throws(RepresentationError) {
    let before = coefficients
    try add(set, times: 1)
    for (other, coefficient) in before { try add(other.union(set), times: -coefficient) }
  }

  /// Eliminates circuits until every set is affinely independent in its gradients.
  ///
  /// - Throws: when a coefficient leaves the range of integers.
  mutating func reduce() throws(RepresentationError) {
    var bySize: [Int: [FunctionSet]] = [:]
    for set in coefficients.keys { bySize[set.count, default: []].append(set) }
    guard var size = bySize.keys.max() else { return }
    while size >= 2 {
      let sets = bySize.removeValue(forKey: size) ?? []
      for set in sets {
        guard let coefficient = coefficients[set] else { continue }
        let members = set.members
        guard let circuit = circuit(in: members) else { continue }
        coefficients[set] = nil
        try replace(set, by: circuit, coefficient) { smaller in bySize[smaller.count, default: []].append(smaller) }
      }
      size -= 1
    }
  }

  private mutating func replace(
    _ set: FunctionSet, by circuit: Circuit, _ coefficient: Int, _ found: (FunctionSet) -> Void
  ) throws(RepresentationError) {
    let lower = circuit.lower
    var rest = set
    for member in lower { rest.remove(member) }
    for subset in 0..<(1 << lower.count) - 1 {
      var smaller = rest
      for (bit, member) in lower.enumerated() where subset >> bit & 1 == 1 { smaller.insert(member) }
      let sign = (lower.count + 1 + subset.nonzeroBitCount).isMultiple(of: 2) ? 1 : -1
      let (product, overflow) = coefficient.multipliedReportingOverflow(by: sign)
      guard !overflow else { throw RepresentationError("the decomposition has coefficients beyond 2^63") }
      if coefficients[smaller] == nil { found(smaller) }
      try add(smaller, times: product)
    }
  }

  /// Sets that begin alike share their circuit.
  private mutating func circuit(in members: [Int]) -> Circuit? {
    let prefix = Array(members.prefix(functions[0].inputs + 2))
    if let known = circuits[prefix] { return known }
    let circuit = Circuit(in: prefix, of: functions)
    circuits[prefix] = .some(circuit)
    return circuit
  }

  /// The terms, those with few arguments first.
  var terms: [SignedMaximumSum.Term] {
    coefficients.map { SignedMaximumSum.Term(coefficient: $0.value, arguments: $0.key.members) }.sorted()
  }
}
