/// Builds the lines of a proof without a string for every number.
struct ProofText: Sendable {
  var bytes: [UInt8] = []

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Int) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

  /// Takes back everything after a mark.
  mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }
}
