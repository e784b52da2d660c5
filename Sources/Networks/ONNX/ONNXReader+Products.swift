import LinearAlgebra

extension ONNXReader {
  /// `Gemm`: α A' B' + β C, where one of A and B is the stream and the rest is constant.
  mutating func gemm(_ node: ONNXNode) throws {
    let alpha = try node.float("alpha", default: 1)
    let beta = try node.float("beta", default: 1)
    let transposes = (a: try node.flag("transA"), b: try node.flag("transB"))
    var weights: Matrix
    let shape: [Int]
    switch (try take(0, of: node), try take(1, of: node)) {
    case (.stream(let a), .constant(let b)):
      let a = try matrixShape(a, transposed: transposes.a, "A")
      try checkOneSample(a.rows, "rows of A")
      // The weights act on columns: (x B')ᵀ = B'ᵀ xᵀ.
      weights = try matrix(b, transposed: !transposes.b, "B")
      try checkInner(a.columns, weights.columns)
      shape = [1, weights.rows]
    case (.constant(let a), .stream(let b)):
      let b = try matrixShape(b, transposed: transposes.b, "B")
      try checkOneSample(b.columns, "columns of B")
      weights = try matrix(a, transposed: transposes.a, "A")
      try checkInner(weights.columns, b.rows)
      shape = [weights.rows, 1]
    default: throw ONNXFault.bothConstant
    }
    if alpha != 1 { for index in weights.elements.indices { weights.elements[index] *= alpha } }
    try map.multiply(by: weights)
    if node.input(2) != nil {
      let c = try takeConstant(2, of: node, "C")
      let padded = Array(repeating: 1, count: max(0, 2 - c.shape.count)) + c.shape
      guard padded.count == 2, zip(padded, shape).allSatisfy({ $0 == 1 || $0 == $1 }) else {
        throw ONNXFault(
          "\(c.label) of shape \(shapeText(c.shape)) does not broadcast to the result's \(shapeText(shape))")
      }
      let offsets = try c.numbers()
      let width = weights.rows
      map.shift(by: (offsets.count == 1 ? Array(repeating: offsets[0], count: width) : offsets).map { beta * $0 })
    }
    try produce(node, shape: shape)
  }

  /// `MatMul` of the stream and a constant, in either order.
  mutating func matMul(_ node: ONNXNode) throws {
    let weights: Matrix
    let shape: [Int]
    switch (try take(0, of: node), try take(1, of: node)) {
    case (.stream(let x), .constant(let b)):
      // A vector multiplies from the left as one row, and its row is dropped from the result; [k] on the right
      // likewise.
      let inner = x.last ?? 0
      try checkOneSample(x.dropLast().reduce(1, *), "rows on the left")
      weights = try matrix(b, vectorAsColumn: true).transposed
      try checkInner(inner, weights.columns)
      let leading = max(0, x.count - 2, b.shape.count - 2)
      shape =
        Array(repeating: 1, count: leading + (x.count > 1 ? 1 : 0)) + (b.shape.count > 1 ? [weights.rows] : [])
    case (.constant(let a), .stream(let x)):
      let inner = x.count > 1 ? x[x.count - 2] : x.last ?? 0
      try checkOneSample(x.count > 1 ? x.reduce(1, *) / max(inner, 1) : 1, "columns on the right")
      weights = try matrix(a, vectorAsColumn: false)
      try checkInner(weights.columns, inner)
      let leading = max(0, x.count - 2, a.shape.count - 2)
      shape =
        Array(repeating: 1, count: leading) + (a.shape.count > 1 ? [weights.rows] : []) + (x.count > 1 ? [1] : [])
    default: throw ONNXFault.bothConstant
    }
    try map.multiply(by: weights)
    try produce(node, shape: shape)
  }

  private func matrixShape(
    _ shape: [Int], transposed: Bool, _ role: String
  ) throws -> (rows: Int, columns: Int) {
    guard shape.count == 2 else {
      throw ONNXFault("\(role) has shape \(shapeText(shape)) for one sample; Gemm takes matrices")
    }
    return transposed ? (shape[1], shape[0]) : (shape[0], shape[1])
  }

  /// A constant operand of `Gemm`.
  private func matrix(_ constant: ONNXConstant, transposed: Bool, _ role: String) throws -> Matrix {
    guard constant.shape.count == 2, constant.count > 0 else {
      throw ONNXFault(
        "\(role), \(constant.label), has shape \(shapeText(constant.shape)); accepted is a matrix that is not empty")
    }
    let matrix = Matrix(rows: constant.shape[0], columns: constant.shape[1], elements: try constant.numbers())
    return transposed ? matrix.transposed : matrix
  }

  /// A constant operand of `MatMul`: a vector, or a matrix after any number of dimensions of 1.
  private func matrix(_ constant: ONNXConstant, vectorAsColumn: Bool) throws -> Matrix {
    let shape = constant.shape
    guard let last = shape.last, constant.count > 0, shape.dropLast(2).allSatisfy({ $0 == 1 }) else {
      throw ONNXFault(
        "\(constant.label) has shape \(shapeText(shape)); accepted is one matrix or vector that is not empty")
    }
    let rows = shape.count > 1 ? shape[shape.count - 2] : vectorAsColumn ? last : 1
    return Matrix(rows: rows, columns: constant.count / rows, elements: try constant.numbers())
  }

  private func checkOneSample(_ count: Int, _ what: String) throws {
    guard count == 1 else {
      throw ONNXFault(
        "one sample has \(count) \(what);"
          + " accepted is one, as in inputs of shape [batch, features] with an open batch or 1"
      )
    }
  }

  private func checkInner(_ left: Int, _ right: Int) throws {
    guard left == right else { throw ONNXFault("the inner dimensions of the product, \(left) and \(right), differ") }
  }
}
