import Testing

@testable import Datasets

@Suite("Numbers in text")
struct NumberTests {
  private func form(_ text: String, allowingComma: Bool = false) -> CellForm {
    Array(text.utf8).withUnsafeBufferPointer { CellForm($0, allowingComma: allowingComma) }
  }

  @Test("what is a number", arguments: ["0", "-0", "12", "1.", ".5", "-.5e3", "1E5", "1e+5", "1e-05", "007"])
  func numbers(text: String) throws {
    let table = try Table(csv: "x\n\(text)\n+\(text.drop { $0 == "-" })\n", source: "t.csv")
    let column = try table.column(named: "x")
    #expect(column.literals?.first == text)
    #expect(column.literals?.last == String(text.drop { $0 == "-" }))
    // The same value, with the digits that Swift's own literals ask for.
    let padded = text.replacing("-.", with: "-0.").replacing("1.", with: "1.0")
    #expect(column.values[0] == Double(padded))
    #expect(column.values[1] == Double(padded)?.magnitude)
  }

  @Test(
    "what is text",
    arguments: [
      "abc", "1 2", "1,5", "1.2.3", "--1", "+-1", "1e", "1e+", "e5", ".", "-", "+", "0x10", "1e5.0", "1_000", "٣", "−1",
      "infinite", "1f", "nanx",
    ])
  func text(text: String) { #expect(form(text) == .text, "\(text)") }

  @Test("what is missing", arguments: ["", "NA", "na", "n/a", "NaN", "-nan", "+NaN", "null", "NULL", "None", "?"])
  func missing(text: String) { #expect(form(text) == .missing) }

  @Test("what is infinite", arguments: ["inf", "-Inf", "+INF", "Infinity", "-infinity", "∞"])
  func infinite(text: String) { #expect(form(text) == .infinite) }

  @Test("a decimal comma only where it is allowed")
  func comma() {
    #expect(form("1,5") == .text)
    #expect(form("1,5", allowingComma: true) == .number(hasPlus: false, mark: .comma))
    #expect(form("+1.5", allowingComma: true) == .number(hasPlus: true, mark: .point))
    #expect(form("1.234,5", allowingComma: true) == .text)
  }

  @Test("what a double cannot hold is refused, by line and column")
  func range() throws {
    for literal in [
      "1e400", "-1e309", "1e-400", "1e99999999999999999999", "0e5001", "0e-99999999999999999999", "1e-5001",
    ] {
      let table = try Table(csv: "x\n1\n\(literal)\n", source: "t.csv")
      #expect(
        message { try table.column(named: "x") }
          == "t.csv: '\(literal)' on line 3 in column 'x' is too large or too small for a double; "
          + "change the column's unit"
      )
    }
    let long = "1" + String(repeating: "0", count: 6000) + "e-6000"
    #expect(DecimalValue.nearest(long) == nil)
    #expect(DecimalValue.nearest("1" + String(repeating: "0", count: 4000) + "e-4000") == 1)
    #expect(DecimalValue.nearest("5e-324") == .leastNonzeroMagnitude)
    #expect(DecimalValue.nearest("0e-400") == 0)
    #expect(DecimalValue.nearest("-0.000")?.sign == .minus)
    #expect(DecimalValue.nearest("1.7976931348623157e308") == .greatestFiniteMagnitude)
  }

  @Test("every finite double comes back from its shortest decimal")
  func shortest() {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(DecimalValue.nearest("\(value)") == value, "seed \(seed)")
    }
  }
}
