/// A tensor that depends on the network's input: one affine form for each element, row after row.
struct FormTensor {
  var shape: [Int]
  var forms: [AffineForm]

  /// The number of elements and of their terms.
  var cost: Int { forms.reduce(forms.count) { $0 + $1.terms.count } }
}

/// What a name in a graph stands for.
enum ONNXValue {
  case forms(FormTensor)
  case constant(ONNXConstant)

  var shape: [Int] {
    switch self {
    case .forms(let tensor): tensor.shape
    case .constant(let constant): constant.shape
    }
  }

  /// How messages name it.
  var label: String { if case .constant(let constant) = self { constant.label } else { "a value" } }

  /// The same elements, row after row, in another shape of as many.
  func reshaped(_ shape: [Int]) -> ONNXValue {
    switch self {
    case .forms(let tensor): return .forms(FormTensor(shape: shape, forms: tensor.forms))
    case .constant(var constant):
      constant.shape = shape
      return .constant(constant)
    }
  }

  /// The tensor whose elements are those at `indices`.
  func gathered(_ shape: [Int], _ indices: [Int]) -> ONNXValue {
    switch self {
    case .forms(let tensor): return .forms(FormTensor(shape: shape, forms: indices.map { tensor.forms[$0] }))
    case .constant(var constant):
      switch constant.values {
      case .real(let values): constant.values = .real(indices.map { values[$0] })
      case .integer(let values): constant.values = .integer(indices.map { values[$0] })
      }
      constant.shape = shape
      return .constant(constant)
    }
  }

  /// The elements as forms; those of a constant have no terms.
  func tensor() throws -> FormTensor {
    switch self {
    case .forms(let tensor): tensor
    case .constant(let constant):
      FormTensor(shape: constant.shape, forms: try constant.numbers().map { AffineForm(constant: $0) })
    }
  }
}

/// An axis counted from the front; negative ones count from the back.
func normalized(_ axis: Int64, rank: Int) throws -> Int {
  guard let small = Int(exactly: axis), -rank..<rank ~= small else {
    throw ONNXFault("axis \(axis) is out of range for \(rank) dimensions")
  }
  return small < 0 ? small + rank : small
}

/// How far apart neighbours along each dimension lie in row-major order.
func strides(of shape: [Int]) -> [Int] {
  var stride = 1
  var strides: [Int] = []
  for size in shape.reversed() {
    strides.append(stride)
    stride *= size
  }
  return strides.reversed()
}

/// The storage indices of the elements of a shape, in row-major order, for given strides. O(elements × dimensions).
func stridedIndices(_ shape: [Int], strides: [Int], from first: Int = 0) -> [Int] {
  zip(shape, strides).reduce([first]) { indices, axis in
    axis.0 == 1 ? indices : indices.flatMap { base in (0..<axis.0).map { base + $0 * axis.1 } }
  }
}

/// The index, in a tensor of shape `shape`, of each element of `result`, to which it broadcasts.
func broadcastIndices(_ shape: [Int], to result: [Int]) -> [Int] {
  let padding = Array(repeating: 0, count: result.count - shape.count)
  return stridedIndices(result, strides: padding + zip(shape, strides(of: shape)).map { $0 == 1 ? 0 : $1 })
}

/// The shape to which shapes broadcast together, by ONNX's (NumPy's) rule.
func broadcastShape(_ shapes: [[Int]]) throws -> [Int] {
  try shapes.dropFirst().reduce(shapes.first ?? []) { left, right in
    let rank = max(left.count, right.count)
    let sizes = [left, right].map { Array(repeating: 1, count: rank - $0.count) + $0 }
    return try zip(sizes[0], sizes[1]).map { a, b in
      guard a == b || a == 1 || b == 1 else {
        throw ONNXFault("the shapes \(shapeText(left)) and \(shapeText(right)) do not broadcast to one another")
      }
      return a == 1 ? b : a
    }
  }
}

/// Whether a shape broadcasts to another without changing that.
func broadcasts(_ shape: [Int], to result: [Int]) -> Bool { (try? broadcastShape([shape, result])) == result }
