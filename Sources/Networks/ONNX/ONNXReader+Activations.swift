extension ONNXReader {
  mutating func rectify(_ node: ONNXNode) throws {
    let tensor = try takeTensor(0, of: node)
    // The ReLU of a ReLU is the same.
    if tensor.forms.allSatisfy(units.isRectified) { return try produce(node, .forms(tensor)) }
    try hinge(node, tensor, below: 0, above: 1)
  }

  mutating func leakyRectify(_ node: ONNXNode) throws {
    try hinge(node, takeTensor(0, of: node), below: node.float("alpha", default: 0.01), above: 1)
  }

  mutating func absolute(_ node: ONNXNode) throws {
    try hinge(node, takeTensor(0, of: node), below: -1, above: 1)
  }

  private mutating func hinge(_ node: ONNXNode, _ tensor: FormTensor, below: Double, above: Double) throws {
    units.beginLayer(node.label)
    let forms = try tensor.forms.map { try units.hinge($0, below: below, above: above) }
    try produce(node, .forms(FormTensor(shape: tensor.shape, forms: forms)))
  }

  /// `PRelu`: a leaky ReLU whose slopes broadcast to the shape of the tensor.
  mutating func rectifyByChannel(_ node: ONNXNode) throws {
    let tensor = try takeTensor(0, of: node)
    let slope = try takeConstant(1, of: node, "slope")
    guard broadcasts(slope.shape, to: tensor.shape) else {
      throw ONNXFault(
        "\(slope.label), the slope, of shape \(shapeText(slope.shape)) does not broadcast to \(shapeText(tensor.shape))"
      )
    }
    let slopes = try slope.numbers()
    units.beginLayer(node.label)
    let forms = try zip(tensor.forms, broadcastIndices(slope.shape, to: tensor.shape)).map { form, index in
      try units.hinge(form, below: slopes[index], above: 1)
    }
    try produce(node, .forms(FormTensor(shape: tensor.shape, forms: forms)))
  }

  /// `Clip`, its bounds attributes before operator set 11, inputs since.
  ///
  /// A bound beyond the largest float is none: exporters write it where there is no bound.
  mutating func clip(_ node: ONNXNode) throws {
    func bound(_ position: Int, _ name: String, _ missing: Double) throws -> Double {
      var bound = missing
      if node.operatorSet < 11 {
        bound = try node.anyFloat(name).map(Double.init) ?? missing
      } else if node.input(position) != nil {
        let constant = try takeConstant(position, of: node, name)
        guard constant.count == 1, let value = constant.approximations.first else {
          throw ONNXFault(
            "\(constant.label), its \(name), has shape \(shapeText(constant.shape)); accepted is one number")
        }
        bound = value
      }
      guard !bound.isNaN else { throw ONNXFault("its \(name) is NaN") }
      return abs(bound) >= Double(Float.greatestFiniteMagnitude) && bound.sign == missing.sign ? missing : bound
    }
    try clamp(node, takeTensor(0, of: node), from: bound(1, "min", -.infinity), to: bound(2, "max", .infinity))
  }

  /// `HardSigmoid`: αx + β, clamped to [0, 1].
  mutating func hardSigmoid(_ node: ONNXNode) throws {
    let alpha = try node.float("alpha", default: 0.2)
    let beta = try node.float("beta", default: 0.5)
    var tensor = try takeTensor(0, of: node)
    tensor.forms = try tensor.forms.map { try total((alpha, $0), (1, AffineForm(constant: beta))) }
    try clamp(node, tensor, from: 0, to: 1)
  }

  /// min(max(z, low), high), as low + max(z − low, 0) − max(z − high, 0) where low ≤ high.
  private mutating func clamp(_ node: ONNXNode, _ tensor: FormTensor, from low: Double, to high: Double) throws {
    units.beginLayer(node.label)
    let forms = try tensor.forms.map { form in
      if low >= high || low == .infinity || high == -.infinity { return try made(AffineForm(constant: high)) }
      func excess(over bound: Double) throws -> AffineForm {
        try units.hinge(total((1, form), (1, AffineForm(constant: -bound))), below: 0, above: 1)
      }
      let raised = low == -.infinity ? form : try total((1, excess(over: low)), (1, AffineForm(constant: low)))
      return high == .infinity ? raised : try total((1, raised), (-1, excess(over: high)))
    }
    try produce(node, .forms(FormTensor(shape: tensor.shape, forms: forms)))
  }

  mutating func largest(_ node: ONNXNode) throws { try extremum(node, sign: 1) }

  mutating func smallest(_ node: ONNXNode) throws { try extremum(node, sign: -1) }

  /// The largest of several tensors, element by element, or the smallest as −max(−f, −g).
  private mutating func extremum(_ node: ONNXNode, sign: Double) throws {
    let operands = try node.message.input.indices.map { try take($0, of: node) }
    let shape = try broadcastShape(of: operands)
    let count = try checkedCount(shape)
    let columns = try operands.map { operand in
      let forms = try operand.tensor().forms
      return broadcastIndices(operand.shape, to: shape).map { forms[$0] }
    }
    units.beginLayer(node.label)
    guard !operands.isEmpty else { throw ONNXFault("it has no inputs") }
    let forms = try (0..<count).map { index in
      try maximum(columns.lazy.map { $0[index] }, sign: sign)
    }
    try produce(node, .forms(FormTensor(shape: shape, forms: forms)))
  }

  /// max of forms for the sign 1, min for −1.
  mutating func maximum(_ forms: some Sequence<AffineForm>, sign: Double) throws -> AffineForm {
    try units.maximum(forms.lazy.map { $0.scaled(by: sign) }).scaled(by: sign)
  }
}
