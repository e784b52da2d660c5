/// How a convolution or a pool lays its window over an image of any number of dimensions.
///
/// Every dimension is treated alone: for each output position it has the pairs (position in the kernel, position in the
/// input) that meet; a window is the product of such pairs. Positions in the padding are left out.
struct ONNXWindow {
  private typealias Pairs = [(kernel: Int, input: Int)]

  /// Sizes of one dimension, and where its window goes.
  private struct Axis {
    var input: Int
    var kernel: Int
    var stride: Int
    var dilation: Int
    var padding: (begin: Int, end: Int)
    var output = 0

    /// How many input positions the kernel spans, gaps included.
    var span: Int { (kernel - 1) * dilation + 1 }
  }

  private var axes: [Axis]
  private let isTransposed: Bool

  var outputShape: [Int] { axes.map(\.output) }
  var kernelShape: [Int] { axes.map(\.kernel) }

  /// The window of `Conv`, `MaxPool` or `AveragePool`, by the attributes of a node.
  ///
  /// - Parameters:
  ///   - image: the sizes of the input after batch and channel.
  ///   - kernel: the sizes of the kernel.
  init(_ node: ONNXNode, image: [Int], kernel: [Int]) throws {
    try self.init(attributesOf: node, image: image, kernel: kernel, isTransposed: false)
    let roundsUp = try node.flag("ceil_mode")
    let automatic = try node.text("auto_pad") ?? "NOTSET"
    for index in axes.indices {
      var axis = axes[index]
      if automatic.hasPrefix("SAME_") {
        axis.output = (axis.input + axis.stride - 1) / axis.stride
        axis.padding = Self.halves(of: max(0, (axis.output - 1) * axis.stride + axis.span - axis.input), automatic)
      } else {
        let room = axis.input + axis.padding.begin + axis.padding.end - axis.span
        guard room >= 0 else {
          throw ONNXFault(
            "its window spans \(axis.span) positions, more than the \(room + axis.span) of dimension \(index + 2) with"
              + " its padding")
        }
        axis.output = (room + (roundsUp ? axis.stride - 1 : 0)) / axis.stride + 1
        // A window that would start in the padding at the end is left out.
        if roundsUp, (axis.output - 1) * axis.stride >= axis.input + axis.padding.begin { axis.output -= 1 }
      }
      axes[index] = axis
    }
    try checkSizes()
  }

  /// The window of `ConvTranspose`: input position i meets kernel position k at output i · stride + k · dilation −
  /// padding.
  init(transposed node: ONNXNode, image: [Int], kernel: [Int]) throws {
    try self.init(attributesOf: node, image: image, kernel: kernel, isTransposed: true)
    let automatic = try node.text("auto_pad") ?? "NOTSET"
    let extra = try Self.sizes(node, "output_padding", count: axes.count, missing: 0, least: 0)
    let outputs = try node.integers("output_shape").map { _ in
      try Self.sizes(node, "output_shape", count: axes.count, missing: 1, least: 1)
    }
    for index in axes.indices {
      var axis = axes[index]
      let full = axis.stride * (axis.input - 1) + extra[index] + axis.span
      if let wanted = outputs?[index] ?? (automatic.hasPrefix("SAME_") ? axis.input * axis.stride : nil) {
        axis.padding = Self.halves(of: max(0, full - wanted), automatic)
        axis.output = wanted
      } else {
        axis.output = full - axis.padding.begin - axis.padding.end
      }
      guard axis.output > 0 else { throw ONNXFault("its padding leaves nothing of dimension \(index + 2)") }
      axes[index] = axis
    }
    try checkSizes()
  }

  private init(attributesOf node: ONNXNode, image: [Int], kernel: [Int], isTransposed: Bool) throws {
    self.isTransposed = isTransposed
    let count = image.count
    guard count > 0, !image.contains(0), !kernel.contains(0), kernel.count == count else {
      throw ONNXFault(
        "its kernel has shape \(shapeText(kernel)), and the tensor \(shapeText(image)) after batch and channel;"
          + " accepted are as many dimensions in both, none of them 0")
    }
    let strides = try Self.sizes(node, "strides", count: count, missing: 1, least: 1)
    let dilations = try Self.sizes(node, "dilations", count: count, missing: 1, least: 1)
    var pads = try Self.sizes(node, "pads", count: 2 * count, missing: 0, least: 0)
    let automatic = try node.text("auto_pad") ?? "NOTSET"
    switch automatic {
    case "NOTSET": break
    case "VALID", "SAME_UPPER", "SAME_LOWER": pads = Array(repeating: 0, count: 2 * count)
    default:
      throw ONNXFault("auto_pad is \(quoted(automatic)); accepted are NOTSET, VALID, SAME_UPPER, SAME_LOWER")
    }
    axes = (0..<count).map { index in
      Axis(
        input: image[index], kernel: kernel[index], stride: strides[index], dilation: dilations[index],
        padding: (pads[index], pads[count + index]))
    }
  }

  /// An attribute with a number for each dimension; small ones, so that sums and products of them stay in range.
  static func sizes(_ node: ONNXNode, _ name: String, count: Int, missing: Int, least: Int64) throws -> [Int] {
    guard let numbers = try node.integers(name) else { return Array(repeating: missing, count: count) }
    let largest = Int64(ONNXReader.largestWidth)
    guard numbers.count == count, numbers.allSatisfy({ least...largest ~= $0 }) else {
      let text = numbers.prefix(10).map(String.init).joined(separator: ", ")
      throw ONNXFault("\(name) is [\(text)]; accepted are \(count) numbers from \(least) to \(largest)")
    }
    return numbers.map { Int($0) }
  }

  private static func halves(of total: Int, _ automatic: String) -> (begin: Int, end: Int) {
    let half = total / 2
    return automatic == "SAME_UPPER" ? (half, total - half) : (total - half, half)
  }

  private func checkSizes() throws {
    guard let count = elementCount(outputShape), count <= ONNXReader.largestWidth else {
      throw ONNXFault(
        "its result has shape \(shapeText(outputShape)) after batch and channel; accepted are up to"
          + " \(ONNXReader.largestWidth) elements")
    }
    // A kernel never meets more positions than the input has.
    let pairs = axes.map { $0.output * (isTransposed ? $0.kernel : min($0.kernel, $0.input)) }
    guard let total = elementCount(pairs), total <= 4 * ONNXReader.largestWidth else {
      throw ONNXFault("its windows have more than \(4 * ONNXReader.largestWidth) elements in all, which is too many")
    }
  }

  /// For each output position, row after row, the flat positions in kernel and image that meet, the image ascending
  /// unless the window is transposed. O(elements of all windows).
  func pairs() -> [[(kernel: Int, input: Int)]] {
    axes.reduce([[(0, 0)]]) { windows, axis in
      let steps = (0..<axis.output).map { pairs(axis, output: $0) }
      return windows.flatMap { window in
        steps.map { step in
          window.flatMap { outer in
            step.map { (outer.kernel * axis.kernel + $0.kernel, outer.input * axis.input + $0.input) }
          }
        }
      }
    }
  }

  private func pairs(_ axis: Axis, output: Int) -> Pairs {
    if isTransposed {
      return (0..<axis.kernel).compactMap { kernel in
        let (input, rest) = (output + axis.padding.begin - kernel * axis.dilation).quotientAndRemainder(
          dividingBy: axis.stride)
        return rest == 0 && 0..<axis.input ~= input ? (kernel, input) : nil
      }
    }
    let start = output * axis.stride - axis.padding.begin
    let first = start < 0 ? (axis.dilation - 1 - start) / axis.dilation : 0
    let end = min(axis.kernel, (axis.input - start + axis.dilation - 1) / axis.dilation)
    return first < end ? (first..<end).map { ($0, start + $0 * axis.dilation) } : []
  }

  /// For each output position, how many positions of the kernel lie in the image or its padding.
  func countsWithPadding() -> [Int] {
    axes.reduce([1]) { counts, axis in
      let steps = (0..<axis.output).map { output in
        let start = output * axis.stride - axis.padding.begin
        let end = min(start + axis.span, axis.input + axis.padding.end)
        return (end - start + axis.dilation - 1) / axis.dilation
      }
      return counts.flatMap { count in steps.map { count * $0 } }
    }
  }
}
