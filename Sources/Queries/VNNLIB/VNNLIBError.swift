/// A place in a text: line and column count from 1, columns in Unicode scalars.
public struct VNNLIBPlace: Sendable, Hashable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public var description: String { "\(line):\(column)" }
}

/// What is wrong with a VNN-LIB query, where, and what is accepted instead.
public struct VNNLIBError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, as its reader named it.
  public let file: String
  /// Nil when the fault has no single place.
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
