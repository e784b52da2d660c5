import Exact
import Polyhedra

extension SignedMaximumSum {
  /// One output of a function given cell by cell, as a signed sum of maxima of at most n + 1 of its affine pieces.
  ///
  /// For a point y of the domain let f_y be the germ of f there: the function that agrees with f near y and is extended
  /// from there along rays. It depends only on S(y), the set of cells that contain y, and
  ///
  ///     f = ∫ f_y dχ(y) = Σ over S of μ(S) f_S,    μ(S) = χ{y : S(y) = S},
  ///
  /// the integral with respect to the Euler characteristic. (Brianchon–Gram for every cell: the indicators of a polytope's
  /// tangent cones, with signs, add up to that of the polytope.) The sets S are the intersections of the sets S(v) of
  /// the vertices v; since every intersection of cells is convex, Σ over S' ⊇ S of μ(S') = 1, which gives μ. A germ has
  /// few pieces and is decomposed by itself, by its max–min form.
  ///
  /// The result equals f on the domain. When the domain is all of ℝⁿ it equals f everywhere.
  ///
  /// - Parameters:
  ///   - function: continuous on a convex domain that its cells cover without overlap. See
  ///     ``PolyhedralFunction`` for the check.
  ///   - output: which of its outputs.
  ///   - tolerance: how far outside a cell a vertex may lie, measured by the half-spaces' slacks, and how far pieces may
  ///     miss one another, for data that were rounded; then the sum is near f rather than equal.
  /// - Throws: `RepresentationError` when a coefficient exceeds 2^63, or when cells that meet miss one another by more than
  ///   the tolerance.
  /// - Complexity: in a fixed dimension linear in the size of the cell complex, apart from the search for touching cells.
  public init(
    _ function: PolyhedralFunction, output: Int = 0, tolerance: Rational = .zero
  ) throws(RepresentationError) {
    let complex = CellIncidence(function, tolerance: tolerance)
    let pieces = PieceTable(function, output: output)
    var germs: [Germ: Int] = [:]
    for (cells, weight) in complex.eulerMeasure where weight != 0 {
      let germ = try Germ(
        cells.map { complex.cells[$0] }, pieces: cells.map { pieces.pieceOfCell[$0] }, output, tolerance)
      germs[germ, default: 0] += weight
    }
    var total: [[Int]: Int] = [:]
    for (germ, weight) in germs where weight != 0 {
      let lattice = LatticeForm(
        functions: germ.pieces.map { pieces.functions[$0] },
        clauses: germ.clauses.sorted { $0.lexicographicallyPrecedes($1) })
      for term in try MaximumSum(lattice).terms {
        let arguments = term.arguments.map { germ.pieces[$0] }
        let (product, overflow) = term.coefficient.multipliedReportingOverflow(by: weight)
        let (sum, carry) = total[arguments, default: 0].addingReportingOverflow(product)
        guard !overflow, !carry else { throw RepresentationError("the decomposition has coefficients beyond 2^63") }
        total[arguments] = sum == 0 ? nil : sum
      }
    }
    self.init(
      functions: pieces.functions, terms: total.map { Term(coefficient: $0.value, arguments: $0.key) }.sorted())
    removeUnusedFunctions()
  }
}

/// The distinct affine pieces of one output.
struct PieceTable {
  private(set) var functions: [AffineFunction] = []
  /// For each cell its piece.
  private(set) var pieceOfCell: [Int] = []

  init(_ function: PolyhedralFunction, output: Int) {
    var numbers: [AffineFunction: Int] = [:]
    for cell in function.cells {
      let piece = cell.map[output]
      let number = numbers[piece] ?? functions.count
      if number == functions.count {
        numbers[piece] = number
        functions.append(piece)
      }
      pieceOfCell.append(number)
    }
  }
}

/// What f looks like near a point: the pieces there, and its max–min form.
struct Germ: Hashable {
  /// Numbers of pieces, in increasing order.
  let pieces: [Int]
  /// Positions in `pieces`.
  let clauses: Set<[Int]>

  /// - Parameters:
  ///   - cells: those that meet at the point. Since their pieces agree on the common face, signs of differences on a cell
  ///     are those on the cone that it spans there.
  ///   - numbers: their pieces' numbers.
  init(
    _ cells: [PolyhedralFunction.Cell], pieces numbers: [Int], _ output: Int, _ tolerance: Rational
  ) throws(RepresentationError) {
    let distinct = Set(numbers).sorted()
    guard distinct.count > 1 else {
      (pieces, clauses) = (distinct, [[0]])
      return
    }
    let function = PolyhedralFunction(inputs: cells[0].map[output].inputs, outputs: cells[0].map.count, cells: cells)
    var search = ClauseSearch(
      function, output: output, tolerance: tolerance, limit: PolyhedralFunction.cellLimit)
    for cell in cells.indices { try search.addClauses(of: cell) }
    // The search numbers functions in the order of the cells.
    var seen: Set<Int> = []
    let order = numbers.filter { seen.insert($0).inserted }
    let positions = order.map { number in distinct.firstIndex(of: number)! }
    pieces = distinct
    clauses = Set(search.clauses.map { set in set.members.map { positions[$0] }.sorted() })
  }
}
