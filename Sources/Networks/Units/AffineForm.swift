/// A sparse affine form c + Σ wⱼ vⱼ over the values of a `UnitNetwork`: its inputs and the outputs of earlier units.
public struct AffineForm: Sendable, Hashable {
  /// One summand wⱼ vⱼ.
  public struct Term: Sendable, Hashable {
    /// Which value: inputs come first, then the units in their order.
    public var value: Int
    public var weight: Double

    public init(value: Int, weight: Double) {
      self.value = value
      self.weight = weight
    }
  }

  public var constant: Double
  /// By increasing `value`; no value occurs twice and no weight is zero.
  public private(set) var terms: [Term]

  /// A form from terms that already are in order, without zeros.
  public init(constant: Double, terms: [Term] = []) {
    self.constant = constant
    self.terms = terms
  }

  /// The form of one value. O(1).
  public init(value: Int) {
    self.init(constant: 0, terms: [Term(value: value, weight: 1)])
  }

  /// A form from dense weights on consecutive values, `first` being the value of `weights[0]`. O(weights).
  public init(constant: Double, weights: some Sequence<Double>, first: Int) {
    self.init(
      constant: constant,
      terms: weights.enumerated().compactMap { $1 == 0 ? nil : Term(value: first + $0, weight: $1) })
  }

  /// The form's value, by the values. O(terms).
  @inlinable
  public func callAsFunction(_ values: UnsafePointer<Double>) -> Double {
    var sum = constant
    for term in terms { sum += term.weight * values[term.value] }
    return sum
  }
}
