import Exact

/// A feed-forward ReLU network with rational weights: what a construction yields before anything is rounded.
///
/// Rows are sparse, since constructions touch few values at a time.
///
/// ```swift
/// // max(x, y) = σ(x − y) + σ(y) − σ(−y)
/// let maximum = try RationalNetwork(
///   inputs: 2,
///   hidden: [[.init([0: 1, 1: -1]), .init([1: 1]), .init([1: -1])]],
///   outputs: [.init([0: 1, 1: 1, 2: -1])])
/// maximum([3, Rational(7, 2)])    // [7/2]
/// ```
///
/// Invariant: a row reads columns of the layer before it only, in increasing order, without zero weights; there is at
/// least one input and one output; no hidden layer is empty.
public struct RationalNetwork: Sendable, Equatable {
  /// The affine form constant + Σ weight · (value of column) over the values of the layer before.
  public struct Row: Sendable, Hashable {
    public struct Term: Sendable, Hashable {
      public var column: Int
      /// Not zero.
      public var weight: Rational

      public init(column: Int, weight: Rational) {
        self.column = column
        self.weight = weight
      }
    }

    public var constant: Rational
    /// By increasing column, each once.
    public private(set) var terms: [Term]

    /// A row from weights by column, in any order; zeros are left out and several weights of one column added.
    public init(_ weights: some Sequence<(key: Int, value: Rational)>, constant: Rational = .zero) {
      var sums: [Int: Rational] = [:]
      for (column, weight) in weights { sums[column] = sums[column].map { $0 + weight } ?? weight }
      self.constant = constant
      terms = sums.filter { $0.value.signum != 0 }.sorted { $0.key < $1.key }
        .map { Term(column: $0.key, weight: $0.value) }
    }

    /// A row that reads the inputs as an affine function does.
    public init(_ function: AffineFunction) {
      self.init(function.gradient.enumerated().map { (key: $0.offset, value: $0.element) }, constant: function.constant)
    }

    /// The row's value, by the values of the layer before.
    public func callAsFunction(_ values: [Rational]) -> Rational {
      terms.reduce(constant) { sum, term in
        values[term.column].signum == 0 ? sum : sum + term.weight * values[term.column]
      }
    }
  }

  public let inputs: Int
  /// The rows of each hidden layer's units, each followed by σ(x) = max(x, 0).
  public let hidden: [[Row]]
  public let outputs: [Row]

  /// - Throws: `NetworkError`, which names the layer and the row, when a row reads a column that is not there, or when
  ///   there is no input, no output or an empty hidden layer.
  public init(inputs: Int, hidden: [[Row]], outputs: [Row]) throws {
    guard inputs > 0 else { throw NetworkError("a network needs at least one input") }
    guard !outputs.isEmpty else { throw NetworkError("a network needs at least one output") }
    var width = inputs
    for (layer, rows) in (hidden + [outputs]).enumerated() {
      guard !rows.isEmpty else { throw NetworkError("hidden layer \(layer + 1) has no unit") }
      for (index, row) in rows.enumerated() {
        for term in row.terms where term.column < 0 || term.column >= width {
          throw NetworkError(
            "row \(index) of layer \(layer + 1) reads column \(term.column); it may read the columns 0 to \(width - 1)")
        }
      }
      width = rows.count
    }
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
  }

  /// The number of units in each hidden layer.
  public var hiddenWidths: [Int] { hidden.map(\.count) }

  /// The number of hidden layers plus one.
  public var depth: Int { hidden.count + 1 }

  /// The number of hidden units.
  public var size: Int { hidden.reduce(0) { $0 + $1.count } }

  /// The number of products by a weight other than 0, 1 and −1 in one evaluation.
  public var multiplications: Int {
    (hidden + [outputs]).joined().reduce(0) { $0 + $1.terms.count { $0.weight.magnitude != .one } }
  }

  /// The outputs at a point, `[inputs]`. O(weights) rational products.
  public func callAsFunction(_ point: [Rational]) -> [Rational] {
    let values = hidden.reduce(point) { values, rows in rows.map { max($0(values), .zero) } }
    return outputs.map { $0(values) }
  }
}
