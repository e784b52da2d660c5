extension ONNXReader {
  /// `Conv` in any number of dimensions, with groups.
  mutating func convolve(_ node: ONNXNode) throws {
    let (image, weights, groups) = try convolution(node)
    let shape = weights.shape
    let channels = image.shape[1]
    guard shape[1] == channels / groups, shape[0] % groups == 0 else {
      throw ONNXFault(
        "\(weights.label) has shape \(shapeText(shape)), which does not fit \(channels) channels in \(groups) groups")
    }
    let window = try ONNXWindow(node, image: Array(image.shape.dropFirst(2)), kernel: Array(shape.dropFirst(2)))
    try convolve(node, image, window, weights, outputs: shape[0]) { output in
      let group = output / (shape[0] / groups)
      return (0..<shape[1]).map { (channel: group * shape[1] + $0, kernel: output * shape[1] + $0) }
    }
  }

  /// `ConvTranspose` in any number of dimensions, with groups.
  mutating func convolveTransposed(_ node: ONNXNode) throws {
    let (image, weights, groups) = try convolution(node)
    let shape = weights.shape
    let channels = image.shape[1]
    guard shape[0] == channels, elementCount([shape[1], groups]) != nil else {
      throw ONNXFault(
        "\(weights.label) has shape \(shapeText(shape)), which does not fit \(channels) channels in \(groups) groups")
    }
    let window = try ONNXWindow(
      transposed: node, image: Array(image.shape.dropFirst(2)), kernel: Array(shape.dropFirst(2)))
    try convolve(node, image, window, weights, outputs: shape[1] * groups) { output in
      let (group, member) = output.quotientAndRemainder(dividingBy: shape[1])
      let size = channels / groups
      return (group * size..<(group + 1) * size).map { (channel: $0, kernel: $0 * shape[1] + member) }
    }
  }

  /// The image, the weights and the number of groups of a convolution, as far as both kinds check them alike.
  private func convolution(_ node: ONNXNode) throws -> (FormTensor, ONNXConstant, Int) {
    let image = try takeTensor(0, of: node)
    let weights = try takeConstant(1, of: node, "weights")
    try checkImage(image.shape)
    guard weights.shape.count == image.shape.count, weights.count > 0 else {
      throw ONNXFault(
        "\(weights.label) has shape \(shapeText(weights.shape)) for a tensor of shape \(shapeText(image.shape));"
          + " accepted are weights of \(image.shape.count) dimensions, not empty")
    }
    if let kernel = try node.integers("kernel_shape"), kernel != weights.shape.dropFirst(2).map(Int64.init) {
      throw ONNXFault("kernel_shape does not agree with \(weights.label) of shape \(shapeText(weights.shape))")
    }
    let groups = try node.integer("group") ?? 1
    guard groups > 0, let count = Int(exactly: groups), image.shape[1] % count == 0 else {
      throw ONNXFault("group is \(groups), which does not divide the \(image.shape[1]) channels")
    }
    return (image, weights, count)
  }

  private func checkImage(_ shape: [Int]) throws {
    guard shape.count > 2, !shape.contains(0) else {
      throw ONNXFault(
        "the tensor has shape \(shapeText(shape)); accepted is [batch, channels, ...] with one dimension or more of"
          + " positions")
    }
    try checkOneSample(shape[0], "images")
  }

  /// - Parameter sources: for an output channel, the input channels that it reads, each with its kernel.
  private mutating func convolve(
    _ node: ONNXNode, _ image: FormTensor, _ window: ONNXWindow, _ constant: ONNXConstant, outputs: Int,
    sources: (Int) -> [(channel: Int, kernel: Int)]
  ) throws {
    let shape = [1, outputs] + window.outputShape
    let count = try checkedCount(shape)
    let weights = try constant.numbers()
    let bias = try bias(node, count: outputs)
    let area = image.shape.dropFirst(2).reduce(1, *)
    let kernelArea = window.kernelShape.reduce(1, *)
    let pairs = window.pairs()
    var sum = emptySum
    var sourceForms = image.forms
    var forms: [AffineForm] = []
    forms.reserveCapacity(count)
    for output in 0..<outputs {
      let sources = sources(output)
      for window in pairs {
        forms.append(
          try taken(&sum, of: &sourceForms) { sum, image in
            for (channel, kernel) in sources {
              for pair in window {
                let weight = weights[kernel * kernelArea + pair.kernel]
                if weight != 0 { sum.add(image[channel * area + pair.input], times: weight) }
              }
            }
            sum.add(bias[output])
          })
      }
    }
    try produce(node, .forms(FormTensor(shape: shape, forms: forms)))
  }

  private func bias(_ node: ONNXNode, count: Int) throws -> [Double] {
    guard node.input(2) != nil else { return Array(repeating: 0, count: count) }
    let constant = try takeConstant(2, of: node, "bias")
    guard constant.shape == [count] else {
      throw ONNXFault("\(constant.label), the bias, has shape \(shapeText(constant.shape)); accepted is [\(count)]")
    }
    return try constant.numbers()
  }

  /// `MaxPool`: its padding takes no part.
  mutating func maxPool(_ node: ONNXNode) throws {
    units.beginLayer(node.label)
    try pool(node) { reader, window, _ in try reader.maximum(window, sign: 1) }
  }

  /// `AveragePool`: its padding counts as zeros, or not at all.
  mutating func averagePool(_ node: ONNXNode) throws {
    let countsPadding = try node.flag("count_include_pad")
    var sum = emptySum
    try pool(node) { reader, window, count in
      var window = window
      return try reader.taken(&sum, of: &window) { sum, window in
        for form in window { sum.add(form, times: 1 / Double(countsPadding ? count : window.count)) }
      }
    }
  }

  /// - Parameter combine: makes one output of the forms in a window and the number of its positions, padding included.
  private mutating func pool(
    _ node: ONNXNode, _ combine: (inout ONNXReader, [AffineForm], Int) throws -> AffineForm
  ) throws {
    let image = try takeTensor(0, of: node)
    try checkImage(image.shape)
    let positions = Array(image.shape.dropFirst(2))
    guard try node.integers("kernel_shape") != nil else { throw ONNXFault("its kernel_shape is missing") }
    let kernel = try ONNXWindow.sizes(node, "kernel_shape", count: positions.count, missing: 1, least: 1)
    guard try node.integer("storage_order") ?? 0 == 0 else {
      throw ONNXFault("storage_order is not 0; accepted is row-major order")
    }
    let window = try ONNXWindow(node, image: positions, kernel: kernel)
    let shape = [1, image.shape[1]] + window.outputShape
    var forms: [AffineForm] = []
    forms.reserveCapacity(try checkedCount(shape))
    let area = positions.reduce(1, *)
    let pairs = window.pairs()
    let counts = window.countsWithPadding()
    guard !pairs.contains(where: \.isEmpty) else { throw ONNXFault("one of its windows lies in the padding") }
    for channel in 0..<image.shape[1] {
      for (pairs, count) in zip(pairs, counts) {
        forms.append(try combine(&self, pairs.map { image.forms[channel * area + $0.input] }, count))
      }
    }
    try produce(node, .forms(FormTensor(shape: shape, forms: forms)))
  }
}
