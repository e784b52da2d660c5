/// Layers that do not make a model, or numbers that do not belong to it.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
