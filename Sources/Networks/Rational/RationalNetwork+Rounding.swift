import Exact
import LinearAlgebra

extension RationalNetwork {
  /// The network with every weight rounded to the nearest floating-point number, as a dense chain of layers.
  ///
  /// - Returns: the network, and whether no weight changed: then it is the same function.
  /// - Throws: `NetworkError` when a weight is beyond the range of the type, or a layer has more entries than memory
  ///   can be addressed for.
  /// - Complexity: O(dense parameters) numbers, O(weights) roundings.
  public func rounded(to type: ONNXFloatingPoint) throws -> (network: Network, isExact: Bool) {
    var rounding = Rounding(type: type)
    var layers: [Layer] = []
    var width = inputs
    for (index, rows) in (hidden + [outputs]).enumerated() {
      guard !rows.count.multipliedReportingOverflow(by: width).overflow else {
        throw NetworkError("layer \(index + 1) is \(rows.count) × \(width): too large for a dense matrix")
      }
      var weights = Matrix(rows: rows.count, columns: width)
      var bias: [Double] = []
      for (number, row) in rows.enumerated() {
        let place = { "row \(number) of layer \(index + 1)" }
        bias.append(try rounding.round(row.constant, place))
        for term in row.terms { weights[number, term.column] = try rounding.round(term.weight, place) }
      }
      layers += [.affine(weights: weights, bias: bias), .relu]
      width = rows.count
    }
    return (try Network(layers.dropLast()), rounding.isExact)
  }

  /// The network with every weight rounded to the nearest floating-point number, as sparse units.
  ///
  /// - Returns: the units, and whether no weight changed: then they compute the same function.
  /// - Throws: `NetworkError` when a weight is beyond the range of the type.
  /// - Complexity: O(weights).
  public func roundedUnits(to type: ONNXFloatingPoint) throws -> (units: UnitNetwork, isExact: Bool) {
    var rounding = Rounding(type: type)
    var first = 0
    var width = inputs
    var forms: [[AffineForm]] = []
    for (index, rows) in (hidden + [outputs]).enumerated() {
      forms.append(
        try rows.enumerated().map { number, row in
          let place = { "row \(number) of layer \(index + 1)" }
          let terms = try row.terms.map {
            AffineForm.Term(value: first + $0.column, weight: try rounding.round($0.weight, place))
          }
          return AffineForm(
            constant: try rounding.round(row.constant, place), terms: terms.filter { $0.weight != 0 })
        })
      first += width
      width = rows.count
    }
    let stages = forms.dropLast().enumerated().map { index, forms in
      UnitNetwork.Stage(name: "layer \(index + 1)", units: forms.map(UnitNetwork.Unit.relu))
    }
    let units = try UnitNetwork(inputCount: inputs, stages: stages, outputs: forms[hidden.count])
    return (units, rounding.isExact)
  }
}

/// Rounds to one floating-point type, and remembers whether anything changed.
private struct Rounding {
  let type: ONNXFloatingPoint
  private let largest: Rational
  private(set) var isExact = true

  init(type: ONNXFloatingPoint) {
    self.type = type
    switch type {
    case .float32: largest = Rational(exactly: Double(Float.greatestFiniteMagnitude))
    case .float64: largest = Rational(exactly: Double.greatestFiniteMagnitude)
    }
  }

  mutating func round(_ value: Rational, _ place: () -> String) throws -> Double {
    guard value.signum != 0 else { return 0 }
    guard value.magnitude <= largest else {
      let name = type == .float32 ? "float32" : "float64"
      throw NetworkError(
        "\(place()) has a weight of magnitude about 2^\(value.binaryExponent), which overflows \(name);"
          + " scale the function down")
    }
    let rounded = type == .float32 ? value.nearestFloat : value.doubleValue
    if isExact, Rational(exactly: rounded) != value { isExact = false }
    return rounded
  }
}

extension Rational {
  /// The nearest `Float`, of two the even one. The number must be within the range of `Float`.
  fileprivate var nearestFloat: Double {
    let double = doubleValue
    let float = Float(double)
    // Rounded twice, a number goes astray only when the first rounding ends halfway between two floats.
    let other = Double(float) < double ? float.nextUp : float.nextDown
    guard Double(float) != double, other.isFinite, (Double(float) + Double(other)) / 2 == double else {
      return Double(float)
    }
    let halfway = Rational(exactly: double)
    if self == halfway { return Double(float) }
    return Double(self < halfway ? min(float, other) : max(float, other))
  }

  /// An exponent e with 2^(e−1) < |x| < 2^(e+1); the number must not be zero.
  fileprivate var binaryExponent: Int {
    var (low, high) = (0, 1)
    while Rational(powerOfTwo: high) <= magnitude { (low, high) = (high, 2 * high) }
    while high - low > 1 {
      let middle = (low + high) / 2
      if Rational(powerOfTwo: middle) <= magnitude { low = middle } else { high = middle }
    }
    return low
  }
}
