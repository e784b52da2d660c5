import Probability

/// Words of ONNX, and numbers that are hard on readers.
enum Vocabulary {
  static let operators = [
    "Gemm", "MatMul", "Conv", "ConvTranspose", "BatchNormalization", "Add", "Sub", "Mul", "Div", "Sum", "Neg", "Relu",
    "LeakyRelu", "PRelu", "Abs", "Clip", "HardSigmoid", "Max", "Min", "MaxPool", "AveragePool", "GlobalMaxPool",
    "GlobalAveragePool", "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "Flatten", "Reshape", "Squeeze",
    "Unsqueeze",
    "Transpose", "Concat", "Split", "Slice", "Gather", "Pad", "Expand", "Tile", "Where", "Identity", "Dropout", "Cast",
    "Constant", "ConstantOfShape", "Shape", "Range", "Size", "Pow", "Equal", "Less", "Greater", "Not", "And", "Or",
    "Floor",
    "Sqrt", "Reciprocal", "Exp", "Sigmoid", "Tanh", "Softmax", "Sign", "ArgMax", "Loop", "If", "Scan", "Nothing", "",
  ]

  static let attributes = [
    "alpha", "beta", "transA", "transB", "axis", "axes", "keepdims", "noop_with_empty_axes", "kernel_shape", "strides",
    "pads", "dilations", "group", "auto_pad", "ceil_mode", "count_include_pad", "output_padding", "output_shape",
    "epsilon",
    "perm", "split", "num_outputs", "starts", "ends", "mode", "value", "value_float", "value_ints", "value_int", "to",
    "min", "max", "allowzero", "momentum", "storage_order", "start", "end", "seed", "ratio", "training_mode", "body",
  ]

  static let strings = [
    "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "constant", "edge", "reflect", "wrap", "", "ü\u{0}",
  ]

  /// 0, −0, 1, −1, a half, the largest, the smallest, and what is no number.
  static let floats: [[UInt8]] = [
    [0, 0, 0, 0], [0, 0, 0, 0x80], [0, 0, 0x80, 0x3F], [0, 0, 0x80, 0xBF], [0, 0, 0, 0x3F], [0xFF, 0xFF, 0x7F, 0x7F],
    [1, 0, 0, 0], [0, 0, 0x80, 0x7F], [0, 0, 0x80, 0xFF], [0, 0, 0xC0, 0x7F],
  ]

  private static let integers: [Int64] = [
    -1, -2, -3, 127, 128, 255, 256, 1000, 4096, 65_535, 65_536, 1 << 20, 1 << 22, (1 << 22) + 1, 1 << 27, (1 << 31) - 1,
    1 << 31, 1 << 32, 1 << 40, (1 << 53) + 1, 1 << 62, .max, .min, -(1 << 31),
  ]

  /// Small three times in four.
  static func integer(using random: inout RandomSource) -> UInt64 {
    random.index(below: 4) > 0 ? UInt64(random.index(below: 20)) : UInt64(bitPattern: random.pick(integers))
  }
}
