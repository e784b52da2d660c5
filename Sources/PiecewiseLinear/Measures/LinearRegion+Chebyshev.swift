import Polyhedra

extension LinearRegion {
  /// A largest ball in the region, the Chebyshev ball, to rounding: its radius is ∞ where balls of any size fit. Needs
  /// the facets.
  ///
  /// - Returns: nil when a facet's coefficients leave the range of `Double`.
  /// - Complexity: one linear program in n + 1 variables with a row for each facet.
  public func chebyshev() -> ChebyshevBall? {
    guard let polyhedron = try? HPolyhedron(dimension: interiorPoint.count, halfSpaces: facets.map(\.halfSpace)) else {
      return nil
    }
    return polyhedron.chebyshevBall()
  }
}
