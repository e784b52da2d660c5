extension IntegerVector {
  /// The smallest positive multiple of a vector that is integer: its entries have no common factor. Zeros stay zeros.
  /// O(count) rational operations.
  public convenience init(primitiveMultipleOf entries: [Rational]) {
    let scale = entries.reduce(Rational.one) { common, entry in common * (common * entry).denominator }
    self.init(count: entries.count)
    for (index, entry) in entries.enumerated() where entry.signum != 0 { set(index, to: entry * scale) }
    removeContent()
  }
}
