/// Estimated text widths, so that margins can be computed without a font at hand.
///
/// The advances are those of Helvetica, which Arial and Liberation Sans share, with a reserve for the wider fonts a
/// viewer may fall back to.
enum TextMetrics {
  /// Width in pixels of one line of `text` set at `size` pixels.
  static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
    var thousandths = 0.0
    for scalar in text.unicodeScalars { thousandths += advance(scalar) }
    return thousandths / 1000 * size * reserve * (bold ? 1.07 : 1)
  }

  /// `text` broken at spaces into lines of at most `width` pixels; a word longer than a line, and whatever exceeds
  /// `maxLines`, ends in an ellipsis. No lines for blank text.
  static func wrap(_ text: String, width: Double, size: Double, bold: Bool = false, maxLines: Int) -> [String] {
    var lines: [String] = []
    var current = ""
    // Ordinary spaces only: the thin ones within a number hold it together.
    var words = text.split { " \t\n\r".contains($0) }.map(String.init)[...]
    while let word = words.first {
      let longer = current.isEmpty ? word : current + " " + word
      if current.isEmpty || self.width(longer, size: size, bold: bold) <= width {
        current = longer
        words.removeFirst()
      } else if lines.count + 1 == maxLines {
        return lines + [fitted(current + "…", width: width, size: size, bold: bold)]
      } else {
        lines.append(fitted(current, width: width, size: size, bold: bold))
        current = ""
      }
    }
    return current.isEmpty ? lines : lines + [fitted(current, width: width, size: size, bold: bold)]
  }

  /// `text` itself if it fits in `width` pixels, else its longest beginning that does with an ellipsis.
  static func fitted(_ text: String, width: Double, size: Double, bold: Bool = false) -> String {
    guard self.width(text, size: size, bold: bold) > width else { return text }
    let room = width - self.width("…", size: size, bold: bold)
    var used = 0.0
    var kept = ""
    for character in text {
      used += self.width(String(character), size: size, bold: bold)
      if used > room { break }
      kept.append(character)
    }
    return kept + "…"
  }

  private static let reserve = 1.04

  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    let value = Int(scalar.value)
    if value >= 32 && value < 127 { return ascii[value - 32] }
    switch scalar {
    case "\u{2009}": return 200
    case "\u{2212}", "×", "±", "≤", "≥", "≈": return 584
    case "…": return 1000
    case _ where Script(Character(scalar)) != nil: return 584 * Script.scale
    case _ where scalar.properties.generalCategory == .nonspacingMark: return 0
    // East Asian scripts and pictographs are set on a full square.
    case _ where value >= 0x2E80: return 1000
    default: return 640
    }
  }

  /// Thousandths of the type size for the characters from space to tilde.
  private static let ascii: [Double] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]
}
