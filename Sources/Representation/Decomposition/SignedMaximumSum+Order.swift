extension SignedMaximumSum.Term: Comparable {
  /// Terms with fewer arguments come first, then by their arguments, then by their coefficient.
  public static func < (left: Self, right: Self) -> Bool {
    if left.arguments.count != right.arguments.count { return left.arguments.count < right.arguments.count }
    for (first, second) in zip(left.arguments, right.arguments) where first != second { return first < second }
    return left.coefficient < right.coefficient
  }
}
