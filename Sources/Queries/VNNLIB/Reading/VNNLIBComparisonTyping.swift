import Exact

/// What is known about the types in the comparison that is being read.
///
/// All its variables must have one element type, and every constant must be a value of that type: a number with a point
/// is none of an integer type, an integer is one of a floating-point type.
struct VNNLIBComparisonTyping {
  /// The first variable, which gives the comparison its type.
  private(set) var type: VNNLIBElementType?
  private var variableName = ""
  private var constants: [(numeral: VNNLIBNumeral, token: VNNLIBToken)] = []

  mutating func begin() {
    type = nil
    constants.removeAll(keepingCapacity: true)
  }

  /// The reason why a variable may not stand here, or nil.
  mutating func add(_ elementType: VNNLIBElementType, name: @autoclosure () -> String) -> String? {
    guard let type else {
      type = elementType
      variableName = name()
      return elementType.isNumeric ? nil : "elements of type '\(elementType.rawValue)' cannot be compared: numbers can"
    }
    return type == elementType
      ? nil
      : "'\(name())' has the element type '\(elementType.rawValue)' and '\(variableName)' in the same comparison "
        + "'\(type.rawValue)'; they must agree"
  }

  mutating func add(_ numeral: VNNLIBNumeral, _ token: VNNLIBToken) {
    // For other types than integers every number is a value, so that nothing has to be remembered.
    if type == nil || type?.integerRange != nil { constants.append((numeral, token)) }
  }

  /// The constant that is no value of the comparison's type, and the reason, or nil.
  func misfit() -> (VNNLIBToken, String)? {
    guard let type, let range = type.integerRange else { return nil }
    for (numeral, token) in constants {
      if numeral.isDecimal {
        return (
          token, "is compared with '\(variableName)' of type '\(type.rawValue)': write an integer, without a point"
        )
      }
      let value = Int128(numeral.value.description)
      guard let value, range.contains(value) else {
        return (
          token,
          "is no value of '\(variableName)': its type '\(type.rawValue)' reaches from \(range.lowerBound) to "
            + "\(range.upperBound)"
        )
      }
    }
    return nil
  }
}
