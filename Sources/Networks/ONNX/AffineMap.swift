import LinearAlgebra

/// The affine map from the last ReLU (or the input) to where the reader stands: x ↦ L x + b.
///
/// Steps that act coordinate by coordinate stay vectors until a matrix meets them, so that standardising a large input
/// costs no square matrix.
struct AffineMap {
  private enum Linear {
    case identity
    case diagonal([Double])
    case dense(Matrix)
  }

  let inputs: Int
  private(set) var outputs: Int
  private var linear = Linear.identity
  /// b; nil is zero.
  private var bias: [Double]?

  init(identity width: Int) {
    inputs = width
    outputs = width
  }

  var isIdentity: Bool {
    if case .identity = linear { bias == nil } else { false }
  }

  /// y ↦ diag(factors) y afterwards.
  mutating func scale(by factors: [Double]) {
    switch linear {
    case .identity: linear = .diagonal(factors)
    case .diagonal(let scales): linear = .diagonal(zip(scales, factors).map(*))
    case .dense(var matrix):
      // The only reference is this one, so that the rows are scaled in place.
      linear = .identity
      for row in 0..<matrix.rows { for column in 0..<matrix.columns { matrix[row, column] *= factors[row] } }
      linear = .dense(matrix)
    }
    bias = bias.map { zip($0, factors).map(*) }
  }

  /// y ↦ y + offsets afterwards.
  mutating func shift(by offsets: [Double]) {
    bias = bias.map { zip($0, offsets).map(+) } ?? offsets
  }

  /// y ↦ W y afterwards, W `[new outputs × outputs]`.
  mutating func multiply(by weights: Matrix) throws {
    switch linear {
    case .identity: linear = .dense(weights)
    case .diagonal(let scales):
      var matrix = weights
      for row in 0..<matrix.rows { for column in 0..<matrix.columns { matrix[row, column] *= scales[column] } }
      linear = .dense(matrix)
    case .dense(let matrix):
      try Self.checkSize(weights.rows, matrix.columns)
      linear = .dense(weights * matrix)
    }
    bias = bias.map { (weights * Matrix(rows: weights.columns, columns: 1, elements: $0)).elements }
    outputs = weights.rows
  }

  /// y ↦ (y[indices[0]], y[indices[1]], …) afterwards.
  mutating func gather(_ indices: [Int]) throws {
    let matrix = try dense()
    try Self.checkSize(indices.count, inputs)
    var elements: [Double] = []
    elements.reserveCapacity(indices.count * inputs)
    for index in indices { elements += matrix.row(index) }
    linear = .dense(Matrix(rows: indices.count, columns: inputs, elements: elements))
    bias = bias.map { old in indices.map { old[$0] } }
    outputs = indices.count
  }

  /// The map as a layer: the weights `[outputs × inputs]` and the bias `[outputs]`.
  func layer() throws -> Layer {
    .affine(weights: try dense(), bias: bias ?? Array(repeating: 0, count: outputs))
  }

  private func dense() throws -> Matrix {
    switch linear {
    case .dense(let matrix): return matrix
    case .identity: return try Self.diagonalMatrix(Array(repeating: 1, count: outputs))
    case .diagonal(let scales): return try Self.diagonalMatrix(scales)
    }
  }

  private static func diagonalMatrix(_ scales: [Double]) throws -> Matrix {
    try checkSize(scales.count, scales.count)
    var matrix = Matrix(rows: scales.count, columns: scales.count)
    for (index, scale) in scales.enumerated() { matrix[index, index] = scale }
    return matrix
  }

  private static func checkSize(_ rows: Int, _ columns: Int) throws {
    guard let count = elementCount([rows, columns]), count <= ONNXReader.largestParameterCount else {
      throw ONNXFault(
        "folding into one affine layer takes a \(rows) × \(columns) matrix; accepted are up to"
          + " \(ONNXReader.largestParameterCount) elements")
    }
  }
}
