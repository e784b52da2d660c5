/// Function files to ask about.
enum FunctionFiles {
  /// The median of x₀, x₁ and 1 − x₀ − x₁.
  static let median = """
    {"format": "pleat-function", "form": "max-min", "clauses": [[0, 1], [0, 2], [1, 2]],
     "functions": [{"gradient": [1, 0], "constant": 0}, {"gradient": [0, 1], "constant": 0},
                   {"gradient": [-1, -1], "constant": 1}]}
    """
  /// The same function as a signed sum of maxima.
  static let medianTerms = """
    {"format": "pleat-function", "form": "signed-maxima",
     "functions": [{"gradient": [1, 0], "constant": 0}, {"gradient": [0, 1], "constant": 0},
                   {"gradient": [-1, -1], "constant": 1}],
     "terms": [{"coefficient": 1, "arguments": [0, 1]}, {"coefficient": 1, "arguments": [0, 2]},
               {"coefficient": 1, "arguments": [1, 2]}, {"coefficient": -2, "arguments": [0, 1, 2]}]}
    """
  /// A hat of height 1 over [−1, 1].
  static let hat = """
    {"format": "pleat-function", "form": "breakpoints", "points": [[-1, 0], [0, 1], [1, 0]],
     "left_slope": 0, "right_slope": 0}
    """
  /// Four triangles around the middle of a square, with slopes in thirds.
  static let tent = """
    {"format": "pleat-function", "form": "simplices", "points": [[0, 0], [3, 0], [3, 3], [0, 3], [1, 1]],
     "values": [0, 1, 0, "1/2", 2], "simplices": [[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]]}
    """

  /// 0 on the left half of a strip; beyond a step and a slit of these sizes, the slope 1.
  static func halves(step: String, slit: String = "0") -> String {
    """
    {"format": "pleat-function", "form": "regions", "inputs": 2, "outputs": 1, "regions": [
      {"A": [[1, 0], [-1, 0], [0, 1], [0, -1]], "b": [0, 1, 1, 1], "gain": [[0, 0]], "offset": [0]},
      {"A": [[-1, 0], [1, 0], [0, 1], [0, -1]], "b": [-\(slit), 1, 1, 1], "gain": [[1, 0]], "offset": [\(step)]}]}
    """
  }
}
