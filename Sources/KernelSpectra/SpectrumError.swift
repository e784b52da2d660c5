/// Why rows of data, or options, make no kernel matrix.
public struct SpectrumError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A sentence for the reader.
  public let description: String

  init(_ description: String) { self.description = description }
}
