/// What a unit does to its sum.
public enum Nonlinearity: String, Sendable, Hashable, CaseIterable {
  case identity
  case relu
  case tanh

  func apply<S: Scalar>(_ y: UnsafeMutablePointer<S>, _ count: Int) {
    switch self {
    case .identity: break
    case .relu: S.relu(y, count)
    case .tanh: S.tanh(y, count)
    }
  }

  /// Turns the derivative by the values `y` into the one by the sums.
  func adjoint<S: Scalar>(_ y: UnsafePointer<S>, _ g: UnsafeMutablePointer<S>, _ count: Int) {
    switch self {
    case .identity: break
    case .relu: S.reluAdjoint(y, g, count)
    case .tanh: S.tanhAdjoint(y, g, count)
    }
  }
}
