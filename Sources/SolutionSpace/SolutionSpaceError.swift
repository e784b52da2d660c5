/// What is wrong with a question about a solution space, in words for the person who asked.
public struct SolutionSpaceError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
