import Exact
import Polyhedra

extension PolyhedralFunction {
  /// So many cells are made at most unless the caller says otherwise.
  public static let cellLimit = 20_000

  /// The cells of linearity of max–min forms, one for each output, on a domain. Neighbouring cells may have equal maps.
  ///
  /// - Parameters:
  ///   - outputs: at least one, all of n inputs.
  ///   - domain: a polyhedron with interior; nil for all of ℝⁿ.
  ///   - limit: the most cells, also on the way.
  /// - Throws: `RepresentationError` when there are more cells, or when the domain does not fit or has no interior.
  /// - Complexity: O(cells · functions) cuts at worst.
  public init(
    maxMin outputs: [LatticeForm], in domain: ExactPolyhedron? = nil, limit: Int = cellLimit
  ) throws(RepresentationError) {
    let splitter = LinearitySplitter(limit: limit)
    try self.init(inputs: outputs.map(\.inputs), domain, limit) {
      (output, cone) throws(RepresentationError) in try splitter.cells(outputs[output], in: cone)
    }
  }

  /// The cells of linearity of signed sums of maxima, one for each output, on a domain; see
  /// ``init(maxMin:in:limit:)``.
  public init(
    signedMaxima outputs: [SignedMaximumSum], in domain: ExactPolyhedron? = nil, limit: Int = cellLimit
  ) throws(RepresentationError) {
    let splitter = LinearitySplitter(limit: limit)
    try self.init(inputs: outputs.map(\.inputs), domain, limit) {
      (output, cone) throws(RepresentationError) in try splitter.cells(outputs[output], in: cone)
    }
  }

  /// The cells of linearity of differences of convex functions, one for each output, on a domain; see
  /// ``init(maxMin:in:limit:)``.
  public init(
    differences outputs: [ConvexDifference], in domain: ExactPolyhedron? = nil, limit: Int = cellLimit
  ) throws(RepresentationError) {
    try self.init(signedMaxima: outputs.map(\.signedMaxima), in: domain, limit: limit)
  }

  /// Splits the domain by one output after another.
  private init(
    inputs: [Int], _ domain: ExactPolyhedron?, _ limit: Int,
    split: (Int, CellCone) throws(RepresentationError) -> [(CellCone, AffineFunction)]
  ) throws(RepresentationError) {
    guard let first = inputs.first, inputs.allSatisfy({ $0 == first }) else {
      throw RepresentationError("the outputs have \(inputs) inputs; each must have as many as the others")
    }
    if let domain {
      guard domain.dimension == first, domain.isFullDimensional else {
        throw RepresentationError(
          "the domain has \(domain.dimension) dimensions\(domain.isFullDimensional ? "" : " and no interior"); "
            + "the function has \(first) inputs")
      }
    }
    var parts: [(cone: CellCone, map: [AffineFunction])] = [
      (domain.map { CellCone($0) } ?? CellCone(inputs: first), [])
    ]
    for output in inputs.indices {
      var next: [(cone: CellCone, map: [AffineFunction])] = []
      for part in parts {
        next += try split(output, part.cone).map { ($0.0, part.map + [$0.1]) }
        guard next.count <= limit else {
          throw RepresentationError("the outputs have more than \(limit) cells of linearity in common")
        }
      }
      parts = next
    }
    self.init(
      inputs: first, outputs: inputs.count, cells: parts.map { Cell(polyhedron: $0.cone.polyhedron, map: $0.map) })
  }
}
