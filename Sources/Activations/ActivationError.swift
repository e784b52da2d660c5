/// Why a name or a formula is no activation function.
public struct ActivationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A sentence for the reader: what was wrong, where, and what is accepted instead.
  public let description: String
  /// The place in the formula, counted in characters from 1; nil when the fault has no place.
  public let position: Int?

  init(_ description: String, position: Int? = nil) {
    self.description = description
    self.position = position
  }

  /// A fault in a formula, shown with an arrow below it.
  static func inFormula(_ text: String, position: Int, _ reason: String) -> ActivationError {
    let window = 60
    let start = max(0, position - 1 - window / 2)
    let shown = String(text.dropFirst(start).prefix(window))
    let arrow = String(repeating: " ", count: position - 1 - start) + "^"
    return ActivationError(
      "the formula is wrong at character \(position): \(reason)\n  \(shown)\n  \(arrow)", position: position)
  }
}
