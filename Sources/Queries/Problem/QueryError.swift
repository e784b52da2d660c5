/// Why a query and the models given for it do not belong together, and what is accepted instead.
public struct QueryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The query's file, as its reader named it.
  public let file: String
  /// Where in the query; nil when the fault has no single place.
  public let place: VNNLIBPlace?
  public let reason: String

  public init(file: String, place: VNNLIBPlace? = nil, _ reason: String) {
    self.file = file
    self.place = place
    self.reason = reason
  }

  /// `file:line:column: reason`, as compilers write it.
  public var description: String { place.map { "\(file):\($0): \(reason)" } ?? "\(file): \(reason)" }
}
