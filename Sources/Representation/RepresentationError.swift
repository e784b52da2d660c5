/// A function that cannot be represented as asked: what is wrong with it, and where.
public struct RepresentationError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
