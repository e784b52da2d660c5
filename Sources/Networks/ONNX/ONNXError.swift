/// An ONNX file that cannot be read as a network, or a network that cannot be written as one.
public struct ONNXError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file the message is about, as its reader named it; nil when writing.
  public let source: String?
  /// What is wrong, in which node or tensor, and what is accepted instead.
  public let message: String

  public var description: String { source.map { "\($0): \(message)" } ?? message }
}

/// The same before the name of the file is known: the reader's rooms throw it, the door adds the name.
struct ONNXFault: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}

/// A name from a file, quoted and escaped, and cut where it would flood a terminal.
func quoted(_ name: String) -> String {
  name.count <= 80 ? name.debugDescription : (name.prefix(77) + "...").debugDescription
}

/// A shape in the way ONNX tools print it.
func shapeText(_ shape: [Int]) -> String {
  "[\(shape.map(String.init).joined(separator: ", "))]"
}

/// The number of elements of a shape of non-negative dimensions, or nil beyond the range of `Int`.
func elementCount(_ shape: some Sequence<Int>) -> Int? {
  var count = 1
  var overflows = false
  for dimension in shape {
    // A later zero makes the tensor empty, whatever came before it.
    if dimension == 0 { return 0 }
    let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
    count = product
    overflows = overflows || overflow
  }
  return overflows ? nil : count
}
