import Exact
import Polyhedra

/// A continuous piecewise-linear function that is to be represented otherwise: as it was written down, and cell by cell.
public struct SynthesisProblem: Sendable {
  /// The form in which it was given; nil for a network, or when a part of its domain is meant.
  public let content: FunctionFile.Content?
  /// n
  public let inputs: Int
  /// m
  public let outputs: Int
  /// The function cell by cell; nil when there are too many cells, which only formulas have.
  public let function: PolyhedralFunction?
  /// How the cells fit together; nil for forms that are continuous whatever their numbers are.
  public let fit: CellFit?
  /// What was left out, and what could not be had, in words.
  public let notes: [String]

  /// A function from a file, when it is continuous on a convex domain.
  ///
  /// - Parameters:
  ///   - file: the function.
  ///   - box: the part of the domain that is wanted; nil for all of it.
  ///   - tolerance: how far values may miss one another where regions meet, for numbers that were rounded; slits between
  ///     regions may then be as wide as lets values change by a quarter of that.
  ///   - limit: the most cells of a formula, fewer than usual when there are more than four inputs; with more the function
  ///     has none.
  /// - Throws: `RepresentationError` with the worst gap, its place and the regions, when the function is not continuous or
  ///   its domain not convex; or when it has no cell, or none in the box.
  /// - Complexity: that of the cells and of ``PolyhedralFunction/fit(tolerance:slack:)``.
  public init(
    _ file: FunctionFile, inBox box: (lower: [Rational], upper: [Rational])? = nil, tolerance: Rational = .zero,
    limit: Int? = nil
  ) throws(RepresentationError) {
    var file = file
    if case .maxMin(let forms) = file.content { file.content = .maxMin(forms.map(\.withoutRedundantClauses)) }
    inputs = file.inputs
    outputs = file.outputs
    content = box == nil ? file.content : nil
    switch file.content {
    case .regions, .simplices:
      var (function, notes) = try file.polyhedralFunction()
      let fit = function.fit(within: tolerance)
      guard fit.isAccepted else {
        let omissions = notes.joined(separator: "; ")
        throw RepresentationError(
          fit.description + (notes.isEmpty ? "" : " (cells are counted without those left out: \(omissions))"))
      }
      if let box { function = try function.clipped(toBox: box.lower, box.upper) }
      self.function = function
      self.fit = fit
      self.notes = notes
    case .breakpoints, .grid:
      function = try file.polyhedralFunction(inBox: box).function
      fit = nil
      notes = []
    case .maxMin, .differenceOfConvex, .signedMaxima:
      fit = nil
      do {
        function = try file.polyhedralFunction(inBox: box, limit: limit ?? Self.cellLimit(inputs: inputs)).function
        notes = []
      } catch  where box == nil {
        function = nil
        notes = [error.description]
      }
    }
  }

  /// A function whose cells are those of a network, so that it is continuous and its domain convex. Cells with equal maps
  /// are joined where their union is convex.
  public init(networkCells function: PolyhedralFunction) {
    content = nil
    inputs = function.inputs
    outputs = function.outputs
    self.function = function.merged()
    fit = nil
    notes = []
  }

  /// Cells of many inputs have many faces.
  private static func cellLimit(inputs: Int) -> Int {
    inputs <= 4 ? PolyhedralFunction.cellLimit : inputs <= mostInputs ? 2_000 : 100
  }

  /// Whether the cells agree exactly where they meet.
  public var isExactlyContinuous: Bool { fit.map { $0.largestGap == nil } ?? true }

  /// How far cells may miss one another.
  public var tolerance: Rational { fit?.tolerance ?? .zero }

  /// The number of distinct affine functions of the cells, all outputs taken together; nil without cells.
  public var affineComponents: Int? { function.map { Set($0.cells.map(\.map)).count } }
}

extension PolyhedralFunction {
  /// How the cells fit: exactly, or else within a tolerance.
  ///
  /// What fits exactly is not compared across slack, where other pieces need not agree. Slits may be as wide as lets values
  /// change by a quarter of the tolerance; narrower ones are tried too, since at sharp corners cells that are moved
  /// outwards by the slack meet far from where they met.
  fileprivate func fit(within tolerance: Rational) -> CellFit {
    var fit = fit()
    guard !fit.isAccepted, tolerance.signum > 0 else { return fit }
    let steepest = cells.lazy.flatMap(\.map).map { $0.gradient.reduce(.zero) { $0 + $1.magnitude } }.max() ?? .zero
    let bounds = vertexBounds
    let extent = zip(bounds.lower, bounds.upper).map { $1 - $0 }.max() ?? .zero
    let change = max(.one, steepest * (extent.signum > 0 ? extent : .one))
    for bits in [2, 6, 10, 20] {
      fit = self.fit(tolerance: tolerance, slack: tolerance / (change * Rational(powerOfTwo: bits)))
      if fit.isAccepted { break }
    }
    return fit
  }
}
