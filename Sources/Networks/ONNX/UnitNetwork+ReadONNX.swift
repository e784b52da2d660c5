import Foundation

extension UnitNetwork {
  /// Reads an ONNX model of any graph of continuous piecewise-linear operators.
  ///
  /// The network is the function of one sample in real arithmetic, its input and output flattened row after row: an
  /// open first dimension is the batch. Weights are taken exactly (every float16, float32 or float64 is a `Double`).
  /// Affine steps are folded in double precision: that rounds nothing where a layer's sums are of weights times values
  /// and one bias, as in `Gemm` with alpha = beta = 1, `MatMul` then `Add`, and `Conv`.
  ///
  /// - Hinges: `Relu`, `LeakyRelu`, `PRelu`, `Abs`; `Clip` and `HardSigmoid`, which have one for each bound.
  /// - Maxima, or hinges where the maximum is with 0: `Max`, `Min`, `MaxPool`, `GlobalMaxPool`, `ReduceMax`,
  ///   `ReduceMin`.
  /// - Sums in the forms that read them: `Gemm`, `MatMul`, `Conv`, `ConvTranspose`, `Mul` and `Div`, each with a
  ///   constant; `BatchNormalization`; `Add`, `Sub`, `Sum`, `Neg`; `AveragePool`, `GlobalAveragePool`, `ReduceSum`,
  ///   `ReduceMean`.
  /// - Moves of elements: `Flatten`, `Reshape`, `Squeeze`, `Unsqueeze`, `Transpose`, `Concat`, `Split`, `Slice`,
  ///   `Gather`, `Pad`, `Expand`, `Tile`, `Where` with a constant condition, `Identity`, `Dropout`, `Cast`.
  /// - Constants: `Constant`, `ConstantOfShape`, `Shape`, and any other operator of constants; of constants alone also the
  ///   comparisons (`Equal`, `Less` …), `And`, `Or`, `Xor`, `Not`, and `Pow`, which takes the exponents 0 and 1 of any value.
  ///
  /// A unit stands in the earliest stage that it can. One that can never bend is folded (a constant argument, equal
  /// slopes, the ReLU of a ReLU), and units of the same kind and forms are one. A stage is named after its nodes. Nodes
  /// that the output does not depend on are ignored; operators that are smooth or discontinuous are refused, at the
  /// output too.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - source: what messages call the file, for example its path.
  /// - Complexity: O(weights after unfolding convolutions), plus the products of affine maps that follow one another.
  /// - Throws: `ONNXError`, which names the node or tensor and says what is accepted.
  public init(onnx data: Data, source: String) throws {
    try self.init(ONNXFile(data, source: source))
  }

  /// Reads an ONNX model from a file; see `init(onnx:source:)`.
  ///
  /// - Throws: `ONNXError`, also when the file cannot be read.
  public static func readONNX(path: String) throws -> UnitNetwork {
    try UnitNetwork(onnx: ONNXFile.contents(ofPath: path), source: path)
  }

  init(_ model: Onnx_ModelProto, source: String) throws {
    try self.init(ONNXFile(model, source: source))
  }

  private init(_ file: ONNXFile) throws {
    self = try file.withSingleGraph { try ONNXReader.units(of: $0, style: .shared) }
  }
}
