import LinearAlgebra

extension ONNXReader {
  /// `Gemm`: α A' B' + β C, where one of A and B is constant, and C may be either.
  mutating func gemm(_ node: ONNXNode) throws {
    let alpha = try node.float("alpha", default: 1)
    let beta = try node.float("beta", default: 1)
    let operands = (try take(0, of: node), try take(1, of: node))
    for (operand, role) in [(operands.0, "A"), (operands.1, "B")] {
      guard operand.shape.count == 2 else {
        throw ONNXFault("\(role) has shape \(shapeText(operand.shape)) for one sample; Gemm takes matrices")
      }
      // Before elements move, so that a message counts them as the file does.
      if case .constant(let constant) = operand { try constant.checkFinite() }
    }
    let a = try node.flag("transA") ? transposed(operands.0) : operands.0
    let b = try node.flag("transB") ? transposed(operands.1) : operands.1
    if case .forms = a { try checkOneSample(a.shape[0], "rows of A") }
    if case .forms = b { try checkOneSample(b.shape[1], "columns of B") }
    var product = try product(a, b)
    var offsets = Array(repeating: AffineForm(constant: 0), count: product.forms.count)
    if node.input(2) != nil {
      let c = try take(2, of: node)
      guard broadcasts(c.shape, to: product.shape) else {
        throw ONNXFault(
          "\(c.label), which is C, of shape \(shapeText(c.shape)) does not broadcast to the result's"
            + " \(shapeText(product.shape))")
      }
      let forms = try c.tensor().forms
      offsets = broadcastIndices(c.shape, to: product.shape).map { forms[$0] }
    }
    product.forms = try zip(product.forms, offsets).map { try total((alpha, $0), (beta, $1)) }
    try produce(node, .forms(product))
  }

  /// `MatMul`, where one factor is constant; before the last two dimensions, shapes broadcast.
  mutating func matMul(_ node: ONNXNode) throws {
    var (a, b) = (try take(0, of: node), try take(1, of: node))
    let isVector = (a.shape.count == 1, b.shape.count == 1)
    guard !a.shape.isEmpty, !b.shape.isEmpty else { throw ONNXFault("a factor is a scalar; MatMul takes matrices") }
    // A vector multiplies from the left as one row, from the right as one column, which the result does not show.
    if isVector.0 { a = a.reshaped([1] + a.shape) }
    if isVector.1 { b = b.reshaped(b.shape + [1]) }
    var product = try product(a, b)
    let kept = product.shape.indices.filter { axis in
      !(isVector.0 && axis == product.shape.count - 2) && !(isVector.1 && axis == product.shape.count - 1)
    }
    product.shape = kept.map { product.shape[$0] }
    try produce(node, .forms(product))
  }

  /// The product of stacks of matrices.
  private mutating func product(_ a: ONNXValue, _ b: ONNXValue) throws -> FormTensor {
    let (rows, inner, columns) = (a.shape[a.shape.count - 2], b.shape[b.shape.count - 2], b.shape[b.shape.count - 1])
    guard a.shape.last == inner else {
      throw ONNXFault("the inner dimensions of the product, \(a.shape.last ?? 0) and \(inner), differ")
    }
    for case .constant(let factor) in [a, b] where factor.count == 0 {
      throw ONNXFault(
        "\(factor.label), a factor, has shape \(shapeText(factor.shape)); accepted is one that is not empty")
    }
    let stack = try Networks.broadcastShape([Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2))])
    let shape = stack + [rows, columns]
    let count = try checkedCount(shape)
    let starts = zip(
      broadcastIndices(Array(a.shape.dropLast(2)), to: stack), broadcastIndices(Array(b.shape.dropLast(2)), to: stack))
    var forms: [AffineForm] = []
    forms.reserveCapacity(count)
    var sum = emptySum
    switch (a, b) {
    case (.forms(let left), .constant(let right)):
      let weights = try right.numbers()
      for (i, j) in starts {
        let first = j * inner * columns
        let lists = SparseColumns(weights[first..<first + inner * columns], columns: columns)
        for row in 0..<rows {
          let first = i * rows * inner + row * inner
          var factors = Array(left.forms[first..<first + inner])
          try checkRoom(for: lists, factors)
          for column in 0..<columns {
            forms.append(
              try taken(&sum, of: &factors) { sum, factors in
                for (position, weight) in lists[column] { sum.add(factors[position], times: weight) }
              })
          }
        }
      }
    case (.constant(let left), .forms(let right)):
      let weights = try left.numbers()
      var factors = right.forms
      for (i, j) in starts {
        for row in 0..<rows {
          let weights = weights[i * rows * inner + row * inner..<i * rows * inner + (row + 1) * inner]
          for column in 0..<columns {
            forms.append(
              try taken(&sum, of: &factors) { sum, factors in
                for (position, weight) in weights.enumerated() where weight != 0 {
                  sum.add(factors[j * inner * columns + position * columns + column], times: weight)
                }
              })
          }
        }
      }
    case (.constant(let left), .constant(let right)):
      let (u, v) = (try left.numbers(), try right.numbers())
      for (i, j) in starts {
        let factors = (
          Matrix(rows: rows, columns: inner, elements: Array(u[i * rows * inner..<(i + 1) * rows * inner])),
          Matrix(rows: inner, columns: columns, elements: Array(v[j * inner * columns..<(j + 1) * inner * columns]))
        )
        forms += try (factors.0 * factors.1).elements.map { try made(AffineForm(constant: $0)) }
      }
    case (.forms, .forms):
      throw ONNXFault("both factors depend on the network's input; accepted is a product with a constant")
    }
    return FormTensor(shape: shape, forms: forms)
  }

  /// Refuses a row of a product early: its heaviest factor has its terms in each form that gives it a weight.
  private func checkRoom(for weights: SparseColumns, _ factors: [AffineForm]) throws {
    guard let heaviest = factors.indices.max(by: { factors[$0].terms.count < factors[$1].terms.count }) else { return }
    try checkRoom(for: weights.counts[heaviest] * factors[heaviest].terms.count)
  }

  private func transposed(_ matrix: ONNXValue) -> ONNXValue {
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    return matrix.gathered([columns, rows], stridedIndices([columns, rows], strides: [1, columns]))
  }

  func checkOneSample(_ count: Int, _ what: String) throws {
    guard count == 1 else {
      throw ONNXFault(
        "one sample has \(count) \(what);"
          + " accepted is one, as in inputs of shape [batch, features] with an open batch or 1"
      )
    }
  }

  /// `BatchNormalization` in inference mode: (x − mean) scale / √(variance + ε) + offset, channel by channel.
  mutating func normalizeBatch(_ node: ONNXNode) throws {
    guard try !node.flag("training_mode") else { throw ONNXFault("it is in training mode; accepted is inference mode") }
    guard try node.integer("spatial") ?? 1 == 1 else { throw ONNXFault("spatial is 0; accepted is 1") }
    var tensor = try takeTensor(0, of: node)
    let channels = tensor.shape.count > 1 ? tensor.shape[1] : 1
    let epsilon = try node.float("epsilon", default: 1e-5)
    let parameters = try ["scale", "B", "mean", "var"].enumerated().map { index, role in
      let constant = try takeConstant(index + 1, of: node, role)
      guard constant.shape == [channels] else {
        throw ONNXFault(
          "\(constant.label), its \(role), has shape \(shapeText(constant.shape)) for \(channels) channels in a tensor"
            + " of shape \(shapeText(tensor.shape))")
      }
      return try constant.numbers()
    }
    let factors = try (0..<channels).map { channel in
      let spread = (parameters[3][channel] + epsilon).squareRoot()
      guard spread > 0 else { throw ONNXFault("the variance of channel \(channel) is \(parameters[3][channel])") }
      return parameters[0][channel] / spread
    }
    let area = tensor.shape.dropFirst(2).reduce(1, *)
    for index in tensor.forms.indices {
      let channel = index / area % channels
      let offset = parameters[1][channel] - parameters[2][channel] * factors[channel]
      tensor.forms[index] = try total((factors[channel], tensor.forms[index]), (1, AffineForm(constant: offset)))
    }
    try produce(node, .forms(tensor))
  }
}

/// The nonzero elements of a matrix, column after column.
private struct SparseColumns {
  private var starts: [Int]
  private var elements: [(row: Int, element: Double)]
  /// For each row, the number of its nonzero elements.
  let counts: [Int]

  /// - Parameters:
  ///   - matrix: its elements, row after row.
  ///   - columns: the number of columns, at least 1.
  init(_ matrix: ArraySlice<Double>, columns: Int) {
    func slice(_ index: Int) -> ArraySlice<Double> {
      matrix[matrix.startIndex + index * columns..<matrix.startIndex + (index + 1) * columns]
    }
    let rows = matrix.count / columns
    var counts = Array(repeating: 0, count: rows)
    starts = Array(repeating: 0, count: columns + 1)
    for row in 0..<rows {
      for (column, element) in slice(row).enumerated() where element != 0 {
        counts[row] += 1
        starts[column + 1] += 1
      }
    }
    for column in 0..<columns { starts[column + 1] += starts[column] }
    var next = starts
    elements = Array(repeating: (0, 0), count: starts[columns])
    for row in 0..<rows {
      for (column, element) in slice(row).enumerated() where element != 0 {
        elements[next[column]] = (row, element)
        next[column] += 1
      }
    }
    self.counts = counts
  }

  subscript(column: Int) -> ArraySlice<(row: Int, element: Double)> { elements[starts[column]..<starts[column + 1]] }
}
