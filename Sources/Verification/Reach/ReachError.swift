/// A question about reachable outputs that has no answer as it stands.
public struct ReachError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
