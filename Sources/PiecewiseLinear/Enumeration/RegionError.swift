/// A question about linear regions that has no answer as it stands: an empty domain, weights out of range.
public struct RegionError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
