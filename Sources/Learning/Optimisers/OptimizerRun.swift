/// A few steps of an optimiser with gradients from outside: for checks and for analysis.
public struct OptimizerRun<S: Scalar> {
  private let optimizer: Optimizer<S>
  public private(set) var parameters: [S]

  /// - Parameters:
  ///   - chain: the transformations, first to last.
  ///   - steps: T, where κ is asked for.
  /// - Throws: `PathNormError` when the chain asks for κ and the model has none, `ModelError` for a wrong number of
  ///   parameters.
  public init(chain: [GradientTransformation], model: Model, parameters: [S], steps: Int = 1) throws {
    guard parameters.count == model.parameterCount else {
      throw ModelError("\(parameters.count) parameters are given, the model has \(model.parameterCount)")
    }
    optimizer = try Optimizer(chain: chain, model: model, steps: steps, threads: 1)
    self.parameters = parameters
  }

  /// Takes one step along a gradient of as many numbers as there are parameters.
  @discardableResult
  public mutating func step(_ gradient: [S]) -> StepReport {
    var direction = gradient
    return direction.withUnsafeMutableBufferPointer { direction in
      parameters.withUnsafeMutableBufferPointer { parameters in
        guard let direction = direction.baseAddress, let parameters = parameters.baseAddress else {
          return StepReport()
        }
        return optimizer.step(gradient: direction, parameters: parameters)
      }
    }
  }
}
