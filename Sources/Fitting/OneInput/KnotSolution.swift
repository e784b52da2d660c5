/// A best fit with at most a given number of knots.
struct KnotSolution: Sendable {
  /// The number of knots that were allowed.
  var knots: Int
  /// Σ w (y − f(x))² over the sites, in the units of the data.
  var loss: Double
  /// A lower bound on that loss over all functions with so many knots, computed in floating point; equal to ``loss`` when
  /// ``completed``.
  var lowerBound: Double
  /// The joins of the function, from left to right; they take at most ``knots`` knots.
  var joins: [Join]
  /// The function itself.
  var function: KnotFunction<Double>
  /// Whether the programme went through every function that could be better.
  var completed: Bool
}
