import Exact

extension RationalNetwork.Row {
  /// The value of one column.
  init(column: Int) { self.init(CollectionOfOne((key: column, value: Rational.one))) }

  var isConstant: Bool { terms.isEmpty }

  /// The row without its constant.
  var linearPart: Self { Self(pairs) }

  private var pairs: some Sequence<(key: Int, value: Rational)> {
    terms.lazy.map { (key: $0.column, value: $0.weight) }
  }

  static func + (left: Self, right: Self) -> Self {
    Self(Array(left.pairs) + Array(right.pairs), constant: left.constant + right.constant)
  }

  static func - (left: Self, right: Self) -> Self { left + -right }

  static prefix func - (row: Self) -> Self { row.scaled(by: -1) }

  func scaled(by factor: Rational) -> Self {
    if factor == .one { return self }
    return Self(terms.lazy.map { (key: $0.column, value: factor * $0.weight) }, constant: factor * constant)
  }

  func adding(_ offset: Rational) -> Self { Self(pairs, constant: constant + offset) }

  /// The same row where the columns that it reads stand `offset` further right.
  func shifted(by offset: Int) -> Self {
    if offset == 0 { return self }
    return Self(terms.lazy.map { (key: $0.column + offset, value: $0.weight) }, constant: constant)
  }

  /// The row over what `rows` read, after column j has become `rows[j]`. O(products).
  func substituting(_ rows: [Self]) -> Self {
    var constant = constant
    for term in terms where rows[term.column].constant.signum != 0 {
      constant += term.weight * rows[term.column].constant
    }
    return Self(
      terms.lazy.flatMap { term in
        rows[term.column].terms.lazy.map { (key: $0.column, value: term.weight * $0.weight) }
      }, constant: constant)
  }

  /// +1 or −1 when the weights alone show that the row is never negative, or never positive, over values that are not
  /// negative; 0 otherwise.
  var evidentSign: Int {
    if constant.signum >= 0, terms.allSatisfy({ $0.weight.signum > 0 }) { return 1 }
    return constant.signum <= 0 && terms.allSatisfy { $0.weight.signum < 0 } ? -1 : 0
  }
}
