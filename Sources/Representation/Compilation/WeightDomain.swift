/// Which numbers may become weights where there is a choice.
enum WeightDomain {
  /// All rational numbers: the fewest units.
  case rational
  /// A function with dyadic coefficients (integers over powers of two) gets dyadic weights, which floating-point
  /// numbers hold exactly; up to one more unit for each input in a layer.
  case dyadic
}
