/// Builds an SVG document element by element. Whatever numbers and strings go in, what comes out is well-formed XML
/// with finite coordinates.
struct SVGBuilder {
  enum Anchor: String {
    case start, middle, end
  }

  static let fontFamily = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

  private var body = ""
  private var lastIdentifier = 0

  /// Stands for the document's own prefix of identifiers until the body, of which the prefix is a digest, is known.
  /// No escaped text can contain it.
  private static let prefixMark: Unicode.Scalar = "\u{1}"

  // MARK: Elements

  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    body += "<\(name)\(Self.list(attributes))/>\n"
  }

  mutating func group(_ attributes: KeyValuePairs<String, String>, _ content: (inout SVGBuilder) -> Void) {
    body += "<g\(Self.list(attributes))>\n"
    content(&self)
    body += "</g>\n"
  }

  /// Shows of the content only what lies inside `area`.
  mutating func clipped(to area: Rect, _ content: (inout SVGBuilder) -> Void) {
    lastIdentifier += 1
    let id = "\(Self.prefixMark)\(lastIdentifier)"
    body += "<clipPath id=\"\(id)\">\n"
    rect(area, [:])
    body += "</clipPath>\n"
    group(["clip-path": "url(#\(id))"], content)
  }

  mutating func line(_ a: Pixel, _ b: Pixel, _ attributes: KeyValuePairs<String, String> = [:]) {
    let (x1, y1, x2, y2) = (Self.number(a.x), Self.number(a.y), Self.number(b.x), Self.number(b.y))
    body += "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\"\(Self.list(attributes))/>\n"
  }

  mutating func rect(_ r: Rect, _ attributes: KeyValuePairs<String, String>) {
    let (x, y) = (Self.number(r.minX), Self.number(r.minY))
    let (width, height) = (Self.number(max(r.width, 0)), Self.number(max(r.height, 0)))
    body += "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\"\(Self.list(attributes))/>\n"
  }

  mutating func circle(_ center: Pixel, radius: Double, _ attributes: KeyValuePairs<String, String> = [:]) {
    let (x, y, r) = (Self.number(center.x), Self.number(center.y), Self.number(radius))
    body += "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(r)\"\(Self.list(attributes))/>\n"
  }

  /// One line of text with its baseline at `at`; scripts become small shifted characters, and a halo is drawn
  /// behind the letters in the colour given.
  mutating func text(
    _ text: String, at place: Pixel, size: Double = 12, anchor: Anchor = .start, color: Color = Ink.text,
    bold: Bool = false, degrees: Double = 0, halo: Color? = nil
  ) {
    guard !text.isEmpty else { return }
    let (x, y) = (Self.number(place.x), Self.number(place.y))
    body += "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(Self.number(size))\" fill=\"\(color.hex)\""
    if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
    if bold { body += " font-weight=\"bold\"" }
    if degrees != 0 { body += " transform=\"rotate(\(Self.number(degrees)) \(x) \(y))\"" }
    if let halo {
      body += " stroke=\"\(halo.hex)\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
    }
    // Or a space beside a script, at the end of its element, would be lost.
    if text.contains(where: { Script($0) != nil }) { body += " xml:space=\"preserve\"" }
    body += ">\(Self.shifted(text, size: size))</text>\n"
  }

  /// Defines a gradient along the segment from `a` to `b` in page coordinates, and gives the paint that refers to it.
  mutating func linearGradient(from a: Pixel, to b: Pixel, stops: [(offset: Double, color: Color)]) -> String {
    lastIdentifier += 1
    let id = "\(Self.prefixMark)\(lastIdentifier)"
    let (x1, y1, x2, y2) = (Self.number(a.x), Self.number(a.y), Self.number(b.x), Self.number(b.y))
    body += "<linearGradient id=\"\(id)\" gradientUnits=\"userSpaceOnUse\""
    body += " x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\">"
    for stop in stops {
      body += "<stop offset=\"\(Self.number(stop.offset, decimals: 5))\" stop-color=\"\(stop.color.hex)\"/>"
    }
    body += "</linearGradient>\n"
    return "url(#\(id))"
  }

  /// The finished document: a white page of the size given, with a name and a description for those who listen.
  func document(width: Double, height: Double, title: String, description: String) -> String {
    let (w, h) = (Self.number(width), Self.number(height))
    let name = Self.escaped(title)
    let words = Self.escaped(description)
    // Identifiers are global in a page, so two figures side by side need different ones, and a figure drawn twice the
    // same: they start with a digest of the figure itself.
    let prefix = "f" + String(Self.digest(name + words + body), radix: 36) + "-"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(w)" height="\(h)" viewBox="0 0 \(w) \(h)" role="img" \
      aria-labelledby="\(prefix)t \(prefix)d" font-family="\(Self.fontFamily)">
      <title id="\(prefix)t">\(name)</title>
      <desc id="\(prefix)d">\(words)</desc>
      <rect width="\(w)" height="\(h)" fill="#ffffff"/>
      \(Self.replacing(Self.prefixMark, by: prefix, in: body))</svg>

      """
  }

  // MARK: Spelling

  /// `value` with at most `decimals` decimals, never in exponent form; 0 if it is not finite, ±10⁹ at most.
  static func number(_ value: Double, decimals: Int = 2) -> String {
    guard value.isFinite else { return "0" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((min(max(value, -1e9), 1e9) * Double(scale)).rounded())
    let (whole, remainder) = scaled.magnitude.quotientAndRemainder(dividingBy: UInt(scale))
    var rest = remainder
    var result = scaled < 0 ? "-" : ""
    result += String(whole)
    guard rest > 0 else { return result }
    var places = decimals
    while rest.isMultiple(of: 10) {
      rest /= 10
      places -= 1
    }
    let digits = String(rest)
    result += "."
    for _ in digits.utf8.count..<places { result += "0" }
    result += digits
    return result
  }

  /// `text` as XML character data or attribute value: markup characters as entities, characters that XML 1.0 does not
  /// allow as U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// SVG path data through the points, closed if asked.
  static func path(_ points: [Pixel], closed: Bool = false) -> String {
    var data = ""
    append(points, to: &data, closed: closed)
    return data
  }

  /// The same, at the end of `data`: what pictures of a hundred thousand polygons are made of.
  static func append(_ points: [Pixel], to data: inout String, closed: Bool) {
    guard !points.isEmpty else { return }
    for (index, point) in points.enumerated() {
      data += index == 0 ? "M" : "L"
      data += number(point.x)
      data += " "
      data += number(point.y)
    }
    if closed { data += "Z" }
  }

  /// Each run of scripts, and each run of ordinary text after one, becomes an element of its own: a shift lasts until
  /// the next.
  private static func shifted(_ text: String, size: Double) -> String {
    var result = ""
    var run = ""
    var lift = 0.0
    var previous = 0.0
    func flush() {
      guard !run.isEmpty else { return }
      let smaller = lift == 0 ? "" : " font-size=\"\(number(size * Script.scale))\""
      let shift = lift == previous ? "" : " dy=\"\(number((previous - lift) * size))\""
      result += shift.isEmpty && smaller.isEmpty ? escaped(run) : "<tspan\(shift)\(smaller)>\(escaped(run))</tspan>"
      previous = lift
      run = ""
    }
    for character in text {
      let script = Script(character)
      if (script?.lift ?? 0) != lift {
        flush()
        lift = script?.lift ?? 0
      }
      run.append(script?.plain ?? character)
    }
    flush()
    return result
  }

  /// Byte by byte: an ASCII mark cannot be part of another character, and text of many megabytes is no place to look
  /// for grapheme boundaries.
  private static func replacing(_ mark: Unicode.Scalar, by text: String, in body: String) -> String {
    let parts = body.utf8.split(separator: UInt8(ascii: mark), omittingEmptySubsequences: false)
    return parts.map { String(Substring($0)) }.joined(separator: text)
  }

  private static func list(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0.key)=\"\($0.value)\"" }.joined()
  }

  /// FNV-1a, 64 bits.
  private static func digest(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
