/// A superscript or subscript character. Many fonts lack them or draw them unevenly, so pictures use small ordinary
/// characters, raised or lowered: x₁, 10⁻³, R².
struct Script: Equatable {
  /// The ordinary character it stands for.
  let plain: Character
  /// How far it is raised, as a share of the type size; negative for subscripts.
  let lift: Double

  /// The share of the type size at which scripts are set.
  static let scale = 0.75

  /// Nil for an ordinary character.
  init?(_ character: Character) {
    guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else { return nil }
    switch scalar {
    case "²", "³": (plain, lift) = (scalar == "²" ? "2" : "3", 0.36)
    case "¹": (plain, lift) = ("1", 0.36)
    case "⁻": (plain, lift) = ("\u{2212}", 0.36)
    case "⁰", "⁴"..."⁹": (plain, lift) = (Self.digit(scalar.value - 0x2070), 0.36)
    case "₀"..."₉": (plain, lift) = (Self.digit(scalar.value - 0x2080), -0.2)
    default: return nil
    }
  }

  private static func digit(_ value: UInt32) -> Character { Character(String(value)) }
}
