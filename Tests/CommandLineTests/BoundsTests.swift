import Foundation
import Testing

/// `pleat bounds`.
@Suite struct BoundsTests {
  private func json(_ arguments: String...) throws -> [String: Any] {
    let run = try Programs.run("pleat", ["bounds", "--json"] + arguments)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.status): \(run.errors)")
    return try run.json()
  }

  private func rows(_ document: [String: Any], _ key: String) throws -> [[String: Any]] {
    try #require(document[key] as? [[String: Any]], "\(document)")
  }

  /// p, k′; Lemma D.6 and its improvement rounded up, Lemma D.5 and the product bound in integers.
  @Test(arguments: [
    (18, 1, [8, 17, 17, 17]), (18, 2, [4, 5, 5, 7]), (82, 2, [9, 12, 12, 17]), (82, 3, [6, 8, 8, 11]),
    (82, 4, [6, 7, 7, 9]), (626, 2, [25, 35, 35, 49]), (626, 3, [12, 16, 16, 23]),
  ]) func unitsOfOneInput(_ pieces: Int, _ layers: Int, _ expected: [Int]) throws {
    let document = try json("--pieces", "\(pieces)", "--inputs", "1", "--layers", "\(layers)")
    let bounds = try rows(document, "bounds")
    let units = bounds.map { $0["units"] as? String ?? "" }
    #expect(units.prefix(4) == expected.map(String.init)[...])
    #expect(document["units"] as? String == "\(expected[3])" && document["pieces"] as? String == "\(pieces)")
    let strongest = bounds.filter { $0["strongest"] as? Bool == true }
    #expect(strongest.count == 1 && (strongest[0]["units"] as? String) == "\(expected[3])")
    #expect(strongest[0]["standing"] as? String == "proved" && strongest[0]["layers"] as? String == "at_most")
    let keys: Set = ["name", "units", "value", "form", "layers", "standing", "source", "remark", "strongest"]
    #expect(bounds.allSatisfy { Set($0.keys) == keys })
  }

  /// A number of pieces is read exactly, however large, and one layer needs one unit fewer.
  @Test func hugeNumbersOfPieces() throws {
    let digits = "1234567890123456789012345678901234567890"
    let forty = try json("--pieces", digits, "--layers", "1")
    #expect(forty["pieces"] as? String == digits && forty["units"] as? String == digits.dropLast(2) + "89")
    let one = try json("--pieces", "1e30", "--layers", "1")
    #expect(one["pieces"] as? String == "1" + String(repeating: "0", count: 30))
    #expect(one["units"] as? String == String(repeating: "9", count: 30))
    // 10¹⁵ · 10¹⁵ factors.
    #expect(try json("--pieces", "1e30", "--layers", "2")["units"] as? String == "1999999999999998")
  }

  @Test func severalInputs() throws {
    #expect(try json("--pieces", "54", "--inputs", "2", "--layers", "2")["units"] as? String == "7")
    #expect(try json("--pieces", "49", "--inputs", "2", "--layers", "1")["units"] as? String == "10")
  }

  @Test func piecesOfGivenWidths() throws {
    let document = try json("--widths", "2,2", "--inputs", "1")
    #expect(document["upper"] as? String == "9" && document["lower"] as? String == "4")
    let bounds = try rows(document, "bounds")
    let montufar = bounds.first { ($0["name"] as? String)?.hasPrefix("Mont") == true }
    #expect(montufar?["pieces"] as? String == "6" && montufar?["standing"] as? String == "literature")
    #expect(montufar?["strongest"] as? Bool == false)
    let six = try json("--widths", "3,3,3,3,3,3")
    #expect(six["upper"] as? String == "4096" && six["lower"] as? String == "729")
  }

  @Test func theTableOfTheCorollary() throws {
    let table = try rows(json("--corollary", "7"), "rows")
    #expect(table.map { $0["k"] as? Int } == [2, 3, 4, 5, 6, 7])
    #expect(table.map { $0["layers"] as? String } == ["4", "9", "16", "25", "36", "49"])
    #expect(table.map { $0["units"] as? String } == ["8", "27", "64", "125", "216", "343"])
    #expect(table.map { $0["bound"] as? String } == ["3", "79/2", "511", "15623/2", "139967", "5764799/2"])
  }

  /// w = 2, k = 6, k′ = 2: 64 pieces, 32 teeth.
  @Test func theGap() throws {
    let base = ["--gap", "--width", "2", "--layers", "6", "--shallow-layers", "2"]
    let eight = try Programs.run("pleat", ["bounds", "--json", "--units", "8"] + base).json()
    #expect(eight["distance_exact"] as? String == "1/16" && eight["pieces"] as? String == "64")
    let table = try rows(Programs.run("pleat", ["bounds", "--json", "--delta", "0.05"] + base).json(), "rows")
    // p − 1 < 32 − 6.4, so that 26 pieces are too few; (w₁ + 1)(w₂ + 1) ≥ 27 takes 9 units.
    #expect(table.count == 1 && table[0]["units"] as? String == "8")
    // 2 · 8 · √0.8 / 2^1.5
    let value = try #require(table[0]["paper_value"] as? Double)
    #expect(abs(value - 16 * 0.8.squareRoot() / 8.0.squareRoot()) < 1e-12)
    #expect(table[0]["paper_units"] as? String == "5")
    #expect(try rows(Programs.run("pleat", ["bounds", "--json"] + base).json(), "rows").count == 4)
  }

  @Test func factsHaveSources() throws {
    let facts = try rows(json("--facts"), "facts")
    #expect(facts.count > 15)
    for fact in facts {
      #expect(Set(fact.keys) == ["topic", "statement", "source", "standing"])
      #expect((fact["source"] as? String)?.isEmpty == false)
    }
    let first = try #require(facts.first { ($0["source"] as? String)?.hasSuffix("Theorem 2.1") == true })
    #expect(first["standing"] as? String == "proved")
  }

  @Test func tablesForPeople() throws {
    let size = try Programs.run("pleat", ["bounds", "--pieces", "82", "--inputs", "1", "--layers", "2"])
    #expect(size.status == 0)
    for word in ["at least 17 hidden units", "<- strongest", "product bound", "[1] Arora"] {
      #expect(size.output.contains(word), "'\(word)' is not in: \(size.output)")
    }
    #expect(size.output.components(separatedBy: "<- strongest").count == 2)
    let corollary = try Programs.run("pleat", ["bounds", "--corollary", "3"])
    #expect(corollary.output.contains("39.5"))
    let gap = try Programs.run(
      "pleat", ["bounds", "--gap", "--width", "2", "--layers", "6", "--shallow-layers", "2", "--units", "8"])
    #expect(gap.output.contains("1/16"))
    #expect(try Programs.run("pleat", ["bounds", "--facts"]).output.contains("not re-derived"))
  }

  @Test(arguments: [
    ("", ["--pieces", "--widths", "--facts"]), ("--pieces 82", ["--layers"]), ("--pieces 0 --layers 2", ["natural"]),
    ("--pieces=-4 --layers 2", ["natural"]), ("--pieces 1/3 --layers 2", ["natural"]),
    ("--pieces many --layers 2", ["'many'", "1e30"]), ("--pieces 1e999999999 --layers 2", ["natural"]),
    ("--pieces 1e5000 --layers 0", ["0 hidden layers"]), ("--pieces 82 --layers 5000", ["4096"]),
    ("--pieces 82 --layers 2 --inputs 0", ["0 inputs"]), ("--pieces 82 --layers 2 --inputs 9999", ["256"]),
    ("--pieces 82 --layers 2 --facts", ["--pieces", "--facts", "one at a time"]),
    ("--pieces 82 --layers 2 --delta 0.1", ["--delta", "--inputs"]), ("--facts --inputs 2", ["--inputs"]),
    ("--widths 8,,4", ["''", "8,8,4"]), ("--widths 8,0", ["'0'"]), ("--widths 99999999999999999999", ["no width"]),
    ("--widths 9000000000000000000", ["2^40"]), ("--corollary 1", ["k ≥ 2"]), ("--corollary 9000000000", ["too large"]),
    ("--gap", ["--width", "--shallow-layers"]),
    ("--gap --width 1 --layers 3 --shallow-layers 2", ["width 2 or more"]),
    ("--gap --width 2 --layers 3 --shallow-layers 4", ["1 to 3"]),
    ("--gap --width 2 --layers 9000000000 --shallow-layers 4", ["too many"]),
    ("--gap --width 2 --layers 6 --shallow-layers 2 --delta 0", ["positive"]),
    ("--gap --width 2 --layers 6 --shallow-layers 2 --delta 0.1 --units 3", ["exclude each other"]),
    ("--gap --width 2 --layers 6 --shallow-layers 2 --units=-3", ["-3 units"]),
  ]) func badQuestionsAreExplained(_ arguments: String, _ words: [String]) throws {
    let run = try Programs.run("pleat", ["bounds"] + arguments.split(separator: " ").map(String.init))
    #expect(run.status == 2 && run.output.isEmpty, "\(run.status): \(run.output)")
    #expect(run.errors.hasPrefix("pleat: ") && run.errors.count { $0 == "\n" } == 1, "\(run.errors)")
    for word in words { #expect(run.errors.contains(word), "'\(word)' is not in: \(run.errors)") }
  }
}
