/// Layers that do not make a network: a shape that does not fit, a weight that is not finite.
public struct NetworkError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
