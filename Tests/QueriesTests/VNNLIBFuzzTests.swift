import Exact
import Probability
import Testing

@testable import Queries

/// Damaged texts are refused with a place, or read as something that has a text and a normal form.
@Suite struct VNNLIBFuzzTests {
  private static let pieces = [
    "(", ")", "(and ", "(or ", "(<= ", "(!= ", "(- ", "(* ", " 1.0 ", " -1 ", " 1e5 ", " 1e999 ", "X[0]", "X_0", "Y_0",
    "[", "]",
    ",", "real", "int64", "(declare-input A real [1])", "(declare-hidden H real [2] \"n\")", "(equal-to N)", "(assert ",
    "(declare-const X_7 Real)", "\"", "\\", ";", "\n", "é", "[999999999999,999999999999]", "<2.0>", "0", "9", "\u{0}",
  ].map { Array($0.utf8) }

  private static let versionOne = """
    (declare-const X_0 Real)
    (declare-fun X_1 () Real)
    (declare-const Y_0 Real)
    (assert (or (and (<= X_0 1e-05) (>= Y_0 (* 2.5 X_1))) (= X_1 (- X_0 1)) (distinct (+ X_0 X_1) .5)))
    """

  @Test(arguments: 0..<40) func damagedTexts(seed: Int) throws {
    for index in 0..<100 {
      var random = RandomSource(seed: UInt64(seed), index: index)
      let whole =
        try index % 4 == 0 ? Self.versionOne : query(random.assertions()).text(version: .two(minor: 0))
      var bytes = Array(whole.utf8)
      for _ in 0...random.index(below: 3) {
        let at = random.index(below: bytes.count + 1)
        let end = min(bytes.count, at + random.index(below: 20))
        switch random.index(below: 4) {
        case 0: bytes.removeSubrange(at..<end)
        case 1: bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
        case 2: bytes.replaceSubrange(at..<end, with: random.pick(Self.pieces))
        default: bytes.insert(contentsOf: random.pick(Self.pieces), at: at)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      do {
        let query = try VNNLIBQuery(text, file: "fuzz")
        #expect(try VNNLIBQuery(query.text(version: query.version), file: "back") == query, "seed \(seed), \(index)")
        let values = (0..<min(query.elementCount, 1000)).map { _ in random.small() }
        let tree = try query.normalForm()
        let holds = query.holds { values[$0 % 1000] }
        #expect((tree?.contains { values[$0 % 1000] } ?? false) == holds, "seed \(seed), \(index)")
      } catch let error as VNNLIBError {
        #expect(error.place != nil, "seed \(seed), \(index): \(error)")
      }
    }
  }
}
