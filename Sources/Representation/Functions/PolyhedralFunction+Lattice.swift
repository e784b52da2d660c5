import Exact
import Polyhedra

extension PolyhedralFunction {
  /// The max–min form of one output. The clause for a set B, on which the function is lᵢ, holds the functions that are
  /// nowhere on B below it:
  ///
  ///     f = max over B of  min { lⱼ : lⱼ ≥ lᵢ on B }
  ///
  /// B is at first a cell. Where the minimum rises above f on some other cell, as it may because the lⱼ − lᵢ change their
  /// signs on B, the set is split along one of them. Equal functions are shared, clauses that contain another one are
  /// dropped.
  ///
  /// - Parameters:
  ///   - output: which output, from 0.
  ///   - fit: what ``fit(tolerance:slack:)`` has found, if somebody has asked already. With a tolerance t > 0 the form
  ///     differs from the map of each cell, on that cell, by at most t.
  ///   - limit: the most sets that cells are split into.
  /// - Throws: `RepresentationError` with the fit in words when the function is not continuous on a convex domain; also when
  ///   there is no such output, when the limit is reached, or when the gaps between cells add up to more than the tolerance.
  /// - Complexity: O(vertices of all cells · distinct functions · n), nearly all in intervals of doubles, and a few cuts for
  ///   each split.
  ///
  /// Source: J. Tarela, M. Martínez, *Region configurations for realizability of lattice piecewise-linear models* (1999);
  /// S. Ovchinnikov, *Max-min representation of piecewise linear functions* (2002), whose proof gives the function to
  /// split by. The formula with whole cells for B does not hold in general.
  public func latticeForm(
    output: Int = 0, fit: CellFit? = nil, limit: Int = cellLimit
  ) throws(RepresentationError) -> LatticeForm {
    try checkOutput(output)
    let fit = fit ?? self.fit()
    try fit.check()
    var search = ClauseSearch(self, output: output, tolerance: fit.tolerance, limit: limit)
    for cell in cells.indices { try search.addClauses(of: cell) }
    return LatticeForm(functions: search.functions, sets: search.clauses)
  }
}

extension LatticeForm {
  /// The same function without clauses that contain another one, and without functions that no clause holds. O(clauses²).
  public var withoutRedundantClauses: LatticeForm {
    let sets = Set(clauses).map { FunctionSet($0, capacity: functions.count) }
    return LatticeForm(functions: functions, sets: sets.sorted { $0.members.lexicographicallyPrecedes($1.members) })
  }

  /// Drops clauses that contain another, and then functions that no clause holds.
  init(functions: [AffineFunction], sets: [FunctionSet]) {
    var kept: [FunctionSet] = []
    // A clause can contain only those with fewer functions, which come before it.
    let bySize = sets.enumerated().map { (size: $1.count, index: $0) }.sorted { $0 < $1 }
    for (_, index) in bySize where !kept.contains(where: { $0.isSubset(of: sets[index]) }) { kept.append(sets[index]) }
    let used = kept.dropFirst().reduce(kept[0]) { $0.union($1) }.members
    let positions = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    self.init(
      functions: used.map { functions[$0] }, clauses: kept.map { set in set.members.compactMap { positions[$0] } })
  }
}
