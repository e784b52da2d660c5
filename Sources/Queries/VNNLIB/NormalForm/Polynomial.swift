import Exact

/// A polynomial with rational coefficients over the elements of a query's variables, in a canonical form: terms in
/// order, each product of elements once, no coefficient zero. Equal polynomials are equal values.
public struct Polynomial: Sendable, Hashable {
  /// coefficient · element
  public struct LinearTerm: Sendable, Hashable {
    /// The flat index.
    public var element: Int
    public var coefficient: Rational

    public init(_ element: Int, _ coefficient: Rational) {
      self.element = element
      self.coefficient = coefficient
    }
  }

  /// coefficient · Π elements
  public struct ProductTerm: Sendable, Hashable {
    /// Two flat indices or more, in ascending order, powers as repetitions.
    public var elements: [Int]
    public var coefficient: Rational
  }

  public private(set) var constant: Rational
  /// By ascending element.
  public private(set) var linear: [LinearTerm]
  /// In lexicographic order of their elements; empty exactly when the polynomial is linear.
  public private(set) var products: [ProductTerm]

  public init(constant: Rational) {
    self.constant = constant
    linear = []
    products = []
  }

  /// coefficient · element
  public init(element: Int, coefficient: Rational = .one) {
    self.init(constant: .zero, linear: [LinearTerm(element, coefficient)], products: [])
  }

  /// The sum of the terms, which may come in any order and repeat. O(n log n).
  init(constant: Rational, linear: [LinearTerm], products: [ProductTerm]) {
    self.constant = constant
    self.linear = Self.merged(linear, by: \.element, <, \.coefficient)
    self.products = Self.merged(products, by: \.elements, { $0.lexicographicallyPrecedes($1) }, \.coefficient)
  }

  public var isLinear: Bool { products.isEmpty }
  public var isConstant: Bool { linear.isEmpty && products.isEmpty }

  /// The element when the polynomial is one element and nothing else.
  public var singleElement: Int? {
    guard products.isEmpty, linear.count == 1, linear[0].coefficient == .one, constant.signum == 0 else { return nil }
    return linear[0].element
  }

  /// The elements that occur, each once, ascending.
  public var elements: [Int] { Set(linear.map(\.element) + products.flatMap(\.elements)).sorted() }

  public func value(at element: (Int) -> Rational) -> Rational {
    var sum = constant
    for term in linear { sum += term.coefficient * element(term.element) }
    for term in products { sum += term.elements.reduce(term.coefficient) { $0 * element($1) } }
    return sum
  }

  // MARK: Arithmetic

  /// The sum of many. O(n log n) for n terms in all.
  static func sum(_ parts: [Polynomial]) -> Polynomial {
    Polynomial(
      constant: parts.reduce(.zero) { $0 + $1.constant }, linear: parts.flatMap(\.linear),
      products: parts.flatMap(\.products))
  }

  static func * (factor: Rational, polynomial: Polynomial) -> Polynomial {
    if factor.signum == 0 { return Polynomial(constant: .zero) }
    if factor == .one { return polynomial }
    var product = polynomial
    product.constant *= factor
    for index in product.linear.indices { product.linear[index].coefficient *= factor }
    for index in product.products.indices { product.products[index].coefficient *= factor }
    return product
  }

  static prefix func - (polynomial: Polynomial) -> Polynomial { Rational(-1) * polynomial }

  /// The product, in as many steps as there are pairs of terms.
  static func * (left: Polynomial, right: Polynomial) -> Polynomial {
    if left.isConstant { return left.constant * right }
    if right.isConstant { return right.constant * left }
    var products: [ProductTerm] = []
    for one in left.monomials {
      for two in right.monomials {
        let elements = (one.elements + two.elements).sorted()
        products.append(ProductTerm(elements: elements, coefficient: one.coefficient * two.coefficient))
      }
    }
    let linear = (left.constant * right.linearPart).linear + (right.constant * left.linearPart).linear
    let rest = (left.constant * right.productPart).products + (right.constant * left.productPart).products
    return Polynomial(constant: left.constant * right.constant, linear: linear, products: products + rest)
  }

  /// How many terms there are, a constant included.
  var termCount: Int { 1 + linear.count + products.count }

  /// The largest number of elements in a term.
  var degree: Int { products.reduce(linear.isEmpty ? 0 : 1) { max($0, $1.elements.count) } }

  private var monomials: [ProductTerm] {
    linear.map { ProductTerm(elements: [$0.element], coefficient: $0.coefficient) } + products
  }

  private var linearPart: Polynomial { Polynomial(constant: .zero, linear: linear, products: []) }
  private var productPart: Polynomial { Polynomial(constant: .zero, linear: [], products: products) }

  /// The coefficient of the first term that is not constant; nil for a constant.
  private var leadingCoefficient: Rational? { linear.first?.coefficient ?? products.first?.coefficient }

  /// The polynomial as scale · (monic + constant): `monic` has no constant term and leading coefficient 1. Nil for a
  /// constant.
  var split: (scale: Rational, monic: Polynomial, constant: Rational)? {
    guard let scale = leadingCoefficient else { return nil }
    var monic = scale == .one ? self : (.one / scale) * self
    let constant = monic.constant
    monic.constant = .zero
    return (scale, monic, constant)
  }

  private static func merged<Term, Key: Equatable>(
    _ terms: [Term], by key: KeyPath<Term, Key>, _ precedes: (Key, Key) -> Bool,
    _ coefficient: WritableKeyPath<Term, Rational>
  ) -> [Term] {
    if terms.count == 1 { return terms[0][keyPath: coefficient].signum == 0 ? [] : terms }
    var merged: [Term] = []
    for term in terms.sorted(by: { precedes($0[keyPath: key], $1[keyPath: key]) }) {
      if let last = merged.indices.last, merged[last][keyPath: key] == term[keyPath: key] {
        merged[last][keyPath: coefficient] += term[keyPath: coefficient]
      } else {
        merged.append(term)
      }
    }
    return merged.filter { $0[keyPath: coefficient].signum != 0 }
  }
}

extension Polynomial: Comparable {
  /// An order without meaning, by which lists of polynomials are kept: by terms, then by coefficients.
  public static func < (left: Polynomial, right: Polynomial) -> Bool {
    for (one, two) in zip(left.linear, right.linear) {
      if one.element != two.element { return one.element < two.element }
      if one.coefficient != two.coefficient { return one.coefficient < two.coefficient }
    }
    if left.linear.count != right.linear.count { return left.linear.count < right.linear.count }
    for (one, two) in zip(left.products, right.products) {
      if one.elements != two.elements { return one.elements.lexicographicallyPrecedes(two.elements) }
      if one.coefficient != two.coefficient { return one.coefficient < two.coefficient }
    }
    if left.products.count != right.products.count { return left.products.count < right.products.count }
    return left.constant < right.constant
  }
}
