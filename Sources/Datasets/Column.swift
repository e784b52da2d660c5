/// One column of a table as numbers: finite, one per row.
public struct Column: Sendable, Equatable {
  public let name: String
  /// The values, each rounded to the nearest double.
  public let values: [Double]
  /// The decimal text that the values were read from: the datum itself, for exact arithmetic.
  ///
  /// As in the file, without surrounding blanks and a leading `+`, and with a point for a decimal comma. Each is an
  /// optional minus sign, digits with or without a point, and perhaps `e` or `E` and an exponent of magnitude at most
  /// 5000. Nil when the double itself is the datum, as in a binary file; a column there with an integer that a double
  /// cannot hold has its digits here.
  public let literals: [String]?
  /// The line of each value in a text file, from 1; nil for a binary file.
  public let lines: [Int]?

  public init(name: String, values: [Double], literals: [String]? = nil, lines: [Int]? = nil) {
    self.name = name
    self.values = values
    self.literals = literals
    self.lines = lines
  }
}

/// What a column's cells look like before anyone asks for its numbers.
public enum ColumnContent: Sendable, Equatable {
  /// Every cell is a number.
  case numbers
  /// Some cells are numbers; the others, so many, are missing or not finite.
  case incomplete(missing: Int)
  /// Text, nothing at all, or an array of another kind than numbers.
  case other
}
