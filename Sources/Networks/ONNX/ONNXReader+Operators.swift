extension ONNXReader {
  typealias Step = @Sendable (inout ONNXReader, ONNXNode) throws -> Void

  /// The operators that are read when they act on the network's input, those that make constants, and moves.
  static let operators: KeyValuePairs<String, Step> = [
    "Gemm": { try $0.gemm($1) }, "MatMul": { try $0.matMul($1) }, "Conv": { try $0.convolve($1) },
    "ConvTranspose": { try $0.convolveTransposed($1) }, "BatchNormalization": { try $0.normalizeBatch($1) },
    "Add": { try $0.arithmetic($1) }, "Sub": { try $0.arithmetic($1) }, "Mul": { try $0.arithmetic($1) },
    "Div": { try $0.arithmetic($1) }, "Sum": { try $0.sum($1) }, "Neg": { try $0.negate($1) },
    "Relu": { try $0.rectify($1) }, "LeakyRelu": { try $0.leakyRectify($1) },
    "PRelu": { try $0.rectifyByChannel($1) }, "Abs": { try $0.absolute($1) }, "Clip": { try $0.clip($1) },
    "HardSigmoid": { try $0.hardSigmoid($1) }, "Max": { try $0.largest($1) }, "Min": { try $0.smallest($1) },
    "MaxPool": { try $0.maxPool($1) }, "AveragePool": { try $0.averagePool($1) },
    "GlobalMaxPool": { try $0.globalPool($1) }, "GlobalAveragePool": { try $0.globalPool($1) },
    "ReduceSum": { try $0.reduce($1) }, "ReduceMean": { try $0.reduce($1) }, "ReduceMax": { try $0.reduce($1) },
    "ReduceMin": { try $0.reduce($1) }, "Flatten": { try $0.flatten($1) }, "Reshape": { try $0.reshape($1) },
    "Squeeze": { try $0.squeeze($1) }, "Unsqueeze": { try $0.unsqueeze($1) }, "Transpose": { try $0.transpose($1) },
    "Concat": { try $0.concatenate($1) }, "Split": { try $0.split($1) }, "Slice": { try $0.slice($1) },
    "Gather": { try $0.gather($1) }, "Pad": { try $0.pad($1) }, "Expand": { try $0.expand($1) },
    "Tile": { try $0.tile($1) }, "Where": { try $0.choose($1) }, "Identity": { try $0.pass($1) },
    "Dropout": { try $0.dropout($1) }, "Cast": { try $0.cast($1) },
    "Constant": { try $0.produce($1, .constant($1.constant())) },
    "ConstantOfShape": { try $0.constantOfShape($1) }, "Shape": { try $0.shape($1) },
  ]

  /// The operators that are read when they act on constants, or as good as change nothing.
  private static let constantOperators: KeyValuePairs<String, Step> = [
    "Equal": { try $0.compare($1) }, "Less": { try $0.compare($1) }, "LessOrEqual": { try $0.compare($1) },
    "Greater": { try $0.compare($1) }, "GreaterOrEqual": { try $0.compare($1) }, "And": { try $0.connect($1) },
    "Or": { try $0.connect($1) }, "Xor": { try $0.connect($1) }, "Not": { try $0.not($1) }, "Pow": { try $0.power($1) },
  ]

  static let steps = Dictionary(
    uniqueKeysWithValues: (Array(operators) + Array(constantOperators)).map { ($0.key, $0.value) })

  private static let smooth: Set<String> = [
    "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Softplus", "Softsign", "Elu", "Celu", "Selu", "Gelu", "Mish", "Swish",
    "HardSwish", "Exp", "Log", "Erf", "Sqrt", "Reciprocal", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh",
    "Cosh", "Asinh", "Acosh", "Atanh", "ReduceL2", "ReduceLogSumExp", "ReduceProd", "ReduceSumSquare",
    "LpNormalization", "LpPool", "InstanceNormalization", "GroupNormalization", "LayerNormalization",
    "RMSNormalization", "LRN", "LSTM", "GRU", "RNN", "Attention", "Det",
  ]

  private static let discontinuous: Set<String> = [
    "ThresholdedRelu", "Sign", "Floor", "Ceil", "Round", "ArgMax", "ArgMin", "Hardmax", "Shrink", "IsNaN", "IsInf",
    "QuantizeLinear",
  ]

  static func refusal(of node: ONNXNode) -> ONNXFault {
    let kind: String
    if smooth.contains(node.message.opType) {
      kind = "is not piecewise linear"
    } else if discontinuous.contains(node.message.opType) {
      kind = "is not continuous"
    } else {
      return ONNXFault("the operator is not accepted; accepted are \(operators.map(\.key).joined(separator: ", "))")
    }
    return ONNXFault(
      "\(node.operatorName) \(kind), and only continuous piecewise-linear networks are read;"
        + " where it only post-processes the output, export the model without it, so that"
        + " \(quoted(node.input(0) ?? "")) is the output")
  }
}
