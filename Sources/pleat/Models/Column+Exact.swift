import Datasets
import Exact

extension Column {
  /// The numbers as written: decimal text where the file is text, the binary number otherwise.
  var exactValues: [Rational] {
    guard let literals else { return values.map { Rational(exactly: $0) } }
    return zip(literals, values).map { Rational($0) ?? Rational(exactly: $1) }
  }
}
