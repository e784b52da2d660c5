/// A full-dimensional cell as the cone of its rays in homogeneous coordinates (x₀, x): a ray with x₀ > 0 is the vertex
/// x / x₀, one with x₀ = 0 a direction of infinity. Its memory belongs to an arena.
struct Cell<Mask: FacetMask> {
  var count: Int
  /// `count × d`, of max-norm at most 1.
  var points: UnsafeMutablePointer<Double>
  /// For each ray, a bound on the distance to the true one, at the best scale of that.
  var errors: UnsafeMutablePointer<Double>
  /// The facets that each ray lies on, exactly: bit s stands for the hyperplane in slot s.
  var masks: UnsafeMutablePointer<Mask>
  /// Whether every ray lies on just d − 1 hyperplanes.
  var isSimple: Bool

  init(_ arena: Arena, count: Int, dimension: Int) {
    self.count = count
    points = arena.take(Double.self, count * dimension)
    errors = arena.take(Double.self, count)
    masks = arena.take(Mask.self, count)
    isSimple = true
  }

  /// The hyperplanes that touch the cell.
  var used: Mask { (0..<count).reduce(0) { $0 | masks[$1] } }

  var largestError: Double { (0..<count).reduce(0) { max($0, errors[$1]) } }
}

/// A hyperplane that bounds the present cell: of the domain, of a unit, or of two forms of a maximum.
struct Slot {
  /// The unit's stage; −1 for the domain.
  var stage: Int
  /// The form, or the number of the domain's row.
  var form: Int
  /// The second form of a comparison, which is subtracted; −1 for none.
  var other: Int
  /// +1 where the cell lies on the side on which the form is positive, else −1.
  var side: Double
  /// A bound on the error of a value at a point of max-norm at most 1, rounding included.
  var error: Double

  static let none = Slot(stage: -1, form: -1, other: -1, side: 1, error: 0)
}

/// The undecided units of a stage that cut the present cell.
struct CutList {
  var count: Int
  /// For each, its form.
  var forms: UnsafeMutablePointer<Int32>
  /// For each, a bound on the length of the form's vector of coefficients.
  var norms: UnsafeMutablePointer<Double>
  /// The forms' values at the rays, `rays × count`. The sign of a value beyond its error bound is right, and a 0 is a
  /// true 0; others are decided exactly when they are needed.
  var values: UnsafeMutablePointer<Double>

  init(_ arena: Arena, count: Int, rays: Int) {
    self.count = count
    forms = arena.take(Int32.self, count)
    norms = arena.take(Double.self, count)
    values = arena.take(Double.self, count * rays)
  }
}

/// How precise the doubles of a cell are kept.
enum Precision {
  /// Rays of max-norm 1 are not farther from the true ones than this; what would be is computed anew.
  static let largestRayError = 1e-6
  /// What is worse than this is improved in regions that are given out.
  static let poorVertexError = 1e-10
  /// The distance of a ray of at most 16 coordinates, rounded to doubles, from the exact one.
  static let roundedRayError = 8 * Double.ulpOfOne
  /// The rounding in the value of a form of `dimension` coefficients at a point of max-norm at most 1, in units of the length
  /// of the form's vector.
  static func evaluationError(_ dimension: Int) -> Double {
    Double(dimension + 4) * Double(dimension).squareRoot() * Double.ulpOfOne / 2
  }

  /// What one interpolation adds to the difference between values that travel and values at the rounded point: three
  /// roundings for each of at most 16 coordinates, and three for the value.
  static let interpolationError = 16 * Double.ulpOfOne
}
