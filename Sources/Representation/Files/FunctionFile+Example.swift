extension FunctionFile {
  /// A short document of the form, complete and valid, for people who write one.
  public static func example(_ form: Form) -> String {
    switch form {
    case .regions:
      // Saturation of −x₀/2 at ±1.
      """
      {"format": "pleat-function", "form": "regions", "inputs": 2, "outputs": 1, "regions": [
        {"A": [[1, 0]], "b": [-2], "gain": [[0, 0]], "offset": [1]},
        {"A": [[1, 0], [-1, 0]], "b": [2, 2], "gain": [["-1/2", 0]], "offset": [0]},
        {"A": [[-1, 0]], "b": [-2], "gain": [[0, 0]], "offset": [-1]}]}
      """
    case .maxMin:
      """
      {"format": "pleat-function", "form": "max-min",
       "functions": [{"gradient": [1, 2], "constant": 0}, {"gradient": [0, 1], "constant": 0.5},
                     {"gradient": [0, 0], "constant": "-1/3"}],
       "clauses": [[0, 1], [2]]}
      """
    case .differenceOfConvex:
      """
      {"format": "pleat-function", "form": "difference-of-convex",
       "convex": [{"gradient": [1, 0], "constant": 0}, {"gradient": [-1, 0], "constant": 0}],
       "subtract": [{"gradient": [0, 1], "constant": 0}, {"gradient": [0, -1], "constant": 0}]}
      """
    case .breakpoints:
      """
      {"format": "pleat-function", "form": "breakpoints", "points": [[0, 0], [1, 2], [2.5, "1/3"]],
       "left_slope": 0, "right_slope": 1}
      """
    case .simplices:
      """
      {"format": "pleat-function", "form": "simplices", "points": [[0, 0], [1, 0], [0, 1], [1, 1]],
       "values": [0, 1, 1, 3], "simplices": [[0, 1, 2], [1, 2, 3]]}
      """
    case .grid:
      """
      {"format": "pleat-function", "form": "grid", "axes": [[0, 1, 2], [0, 0.5]],
       "values": [[0, 1], [2, 1.5], [0, "1/3"]]}
      """
    case .signedMaxima:
      """
      {"format": "pleat-function", "form": "signed-maxima",
       "functions": [{"gradient": [1, 0], "constant": 0}, {"gradient": [0, 1], "constant": 0},
                     {"gradient": [0, 0], "constant": 1}],
       "terms": [{"coefficient": 2, "arguments": [0, 1]}, {"coefficient": -1, "arguments": [0, 1, 2]}]}
      """
    }
  }
}
