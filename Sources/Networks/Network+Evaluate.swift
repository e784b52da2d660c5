import LinearAlgebra

extension Network {
  /// The output for one input, in double precision. O(parameters).
  ///
  /// - Parameter input: `inputs` numbers; another count is a programming error.
  /// - Returns: `outputs` numbers.
  public func callAsFunction(_ input: [Double]) -> [Double] {
    precondition(input.count == inputs, "the network has \(inputs) inputs, not \(input.count)")
    var values = input
    for layer in layers {
      switch layer {
      case .affine(let weights, let bias):
        values = bias.indices.map { row in
          zip(weights.row(row), values).reduce(bias[row]) { sum, term in sum + term.0 * term.1 }
        }
      case .relu:
        for index in values.indices { values[index] = max(values[index], 0) }
      }
    }
    return values
  }

  /// The outputs for many inputs, in double precision, by one matrix product for each affine layer.
  ///
  /// The order of the sums is that of BLAS: the last digits may differ from those of the network called on one row.
  ///
  /// - Parameter inputs: `samples × inputs`; another number of columns is a programming error.
  /// - Returns: `samples × outputs`.
  /// - Complexity: O(samples × parameters).
  public func evaluate(_ inputs: Matrix) -> Matrix {
    precondition(inputs.columns == self.inputs, "the network has \(self.inputs) inputs, not \(inputs.columns)")
    var values = inputs
    for layer in layers {
      switch layer {
      case .affine(let weights, let bias):
        values = values * weights.transposed
        for row in 0..<values.rows { for column in bias.indices { values[row, column] += bias[column] } }
      case .relu:
        for index in values.elements.indices { values.elements[index] = max(values.elements[index], 0) }
      }
    }
    return values
  }
}
