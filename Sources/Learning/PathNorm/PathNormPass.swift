import COpenBLAS
import Foundation

/// Path sums by dynamic programming: the model on an input of ones, with |w|^p for every weight and no nonlinearity, and
/// the adjoint of that. All in double precision, rows with powers of two of their own; memory is allocated once.
///
/// Complexity: O(T · weights) for κ⁽¹⁾, and O(T H² (T + H)) for the second term of a recurrent layer of H units.
final class PathNormPass<S: Scalar> {
  let model: Model
  let steps: Int
  /// p, as the kernels take it.
  let power: Int32
  private(set) var curvature: PathCurvature
  /// `signals[i]` enters layer i; `adjoints[i]` is the derivative of the path sum by it, summed over the steps where the
  /// signal is the same at all of them.
  let signals: [PathSignal]
  let adjoints: [PathSignal]
  /// Operands of the products over all steps.
  let operands: PathOperands

  /// Throws `PathNormError` for a layer whose units are neither rectified nor linear.
  init(model: Model, steps: Int, options: PathNormOptions) throws {
    guard options.exponent == 1 || options.exponent == 2 else {
      throw PathNormError("path sums with p = \(options.exponent); accepted are 1 and 2")
    }
    guard options.secondTerm == nil || options.exponent == 2 else {
      throw PathNormError("the second term of κ is that of squares: it goes with p = 2, not with p = 1")
    }
    try Self.check(model)
    self.model = model
    self.steps = steps
    power = Int32(options.exponent)
    // Where a state begins, sums differ from step to step.
    var varies = false
    var count = steps
    var signals = [PathSignal(steps: steps, width: model.input.inputs, rows: 1)]
    var adjoints = [PathSignal(steps: steps, width: model.input.inputs, rows: 1)]
    var isRankOne: [Bool] = []
    for (index, layer) in model.layers.enumerated() {
      let readsConstant = !varies
      if layer.isRecurrent { varies = count > 1 }
      if layer == .lastStep { (varies, count) = (false, 1) }
      // A readout's adjoint is the same at all steps, and needs one row.
      let isLast = index == model.layers.count - 1
      let width = model.signals[index + 1].width
      signals.append(PathSignal(steps: count, width: width, rows: varies ? count : 1))
      adjoints.append(PathSignal(steps: count, width: width, rows: varies && !isLast ? count : 1))
      for tensor in model.tensors(ofLayer: index) {
        let hasVectors = tensor.role == .weights && tensor.shape.count == 2
        isRankOne.append(hasVectors && (readsConstant || (isLast && !layer.isRecurrent)))
      }
    }
    curvature = PathCurvature(
      options: options, pathSum: ScaledNumber(0),
      tensors: zip(model.tensors, isRankOne).map { tensor, isRankOne in
        TensorCurvature(
          tensor: tensor, isRankOne: isRankOne, left: Array(repeating: 0, count: isRankOne ? tensor.rows : 0),
          right: Array(repeating: 0, count: isRankOne ? tensor.columns : 0),
          each: Array(repeating: 0, count: isRankOne ? 0 : tensor.count), exponent: 0)
      })
    self.signals = signals
    self.adjoints = adjoints
    operands = PathOperands(
      steps: steps, width: signals.map(\.width).max() ?? 1, units: model.layers.map(Self.recurrentUnits).max() ?? 0,
      hasSecondTerm: options.secondTerm != nil)
  }

  private static func recurrentUnits(_ layer: Layer) -> Int {
    if case .recurrent(let recurrent) = layer { return recurrent.units }
    return 0
  }

  private static func check(_ model: Model) throws {
    for (index, layer) in model.layers.enumerated() {
      let what: String
      switch layer {
      case .dense(let dense) where dense.nonlinearity == .tanh: what = "a dense layer of tanh units"
      case .convolution(let convolution) where convolution.nonlinearity == .tanh: what = "a convolution of tanh units"
      case .recurrent(let recurrent):
        switch recurrent.cell {
        case .simple(.tanh): what = "a recurrent layer of tanh units"
        case .simple: continue
        case .lstm: what = "an LSTM"
        case .gru: what = "a GRU"
        }
      case .unitary: what = "a unitary layer"
      default: continue
      }
      throw PathNormError(
        "layer \(index + 1) is \(what); the path norm is one of rectified and linear units, whose weights can be rescaled"
      )
    }
  }

  /// The path sum alone: the forward pass.
  func pathSum(_ parameters: UnsafePointer<S>) -> ScaledNumber {
    for place in 0..<signals[0].width { signals[0][0][place] = 1 }
    for index in model.layers.indices { forward(index, parameters + model.layerRanges[index].lowerBound) }
    return signals[signals.count - 1].total
  }

  /// Path sum and κ at the parameters; they stand in `curvature`.
  func differentiate(_ parameters: UnsafePointer<S>) {
    curvature.pathSum = pathSum(parameters)
    let last = adjoints[adjoints.count - 1]
    let isTotal = signals[signals.count - 1].isConstant
    for place in 0..<last.width { last[0][place] = isTotal ? Double(last.steps) : 1 }
    last.exponents[0] = 0
    var tensor = model.tensors.count
    for index in model.layers.indices.reversed() {
      tensor -= model.tensors(ofLayer: index).count
      adjoint(index, parameters + model.layerRanges[index].lowerBound, tensor)
    }
    guard curvature.options.exponent == 1 else { return }
    for index in curvature.tensors.indices { curvature.tensors[index].square() }
  }

  func powered(_ value: S) -> Double {
    let size = abs(Double(value))
    return power == 1 ? size : size * size
  }

  func update(_ tensor: Int, _ body: (inout TensorCurvature) -> Void) { body(&curvature.tensors[tensor]) }
}
