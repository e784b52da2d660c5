import Exact
import Mutation
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

  /// Two networks of several variables, one of them hidden.
  private static let versionTwo = """
    (vnnlib-version <2.0>)
    (declare-network f
      (declare-input A float32 []) (declare-input B float32 [2])
      (declare-hidden H float32 [1,3] "Relu_1") (declare-output C float32 [1]))
    (declare-network g (equal-to f) (declare-input A2 float32 []) (declare-input B2 float32 [2])
      (declare-output C2 float32 [1]))
    (assert (== A A2))
    (assert (and (<= B[0] 1) (>= B[0] 0.0) (or (<= B[1] B2[1]) (> (- B[1]) (* 3.0 H[0,2])))))
    (assert (!= (- C[0] C2[0]) (* 0.5 A B[0])))
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
      try check(bytes, "seed \(seed), \(index)")
    }
  }

  @Test(arguments: 0..<20) func damagedTokens(seed: Int) throws {
    var accepted = 0
    for index in 0..<100 {
      var random = RandomSource(seed: UInt64(seed), index: index)
      let seeds = try [Self.versionOne, Self.versionTwo, query(random.assertions()).text(version: .two(minor: 0))]
      let text = Array(random.pick(seeds).utf8)
      let donor = Array(random.pick(seeds).utf8)
      let damaged = QueryMutation.mutated(text, donor: donor, using: &random)
      if try check(damaged, "seed \(seed), \(index)") { accepted += 1 }
    }
    // Damage that every text is refused for at once would test nothing.
    #expect((2..<90).contains(accepted), "seed \(seed): \(accepted) of 100 are still queries")
  }

  /// Whether a text is read: then its own text reads back to it, and its normal form holds where it holds.
  @discardableResult
  private func check(_ bytes: [UInt8], _ label: Comment) throws -> Bool {
    do {
      let query = try VNNLIBQuery(String(decoding: bytes, as: UTF8.self), file: "fuzz")
      let back = try? VNNLIBQuery(query.text(version: query.version), file: "back")
      #expect(back == query, label)
      var random = RandomSource(seed: 0, index: bytes.count)
      let values = (0..<min(query.elementCount, 1000)).map { _ in random.small() }
      let tree = try query.normalForm()
      let holds = query.holds { values[$0 % 1000] }
      #expect((tree?.contains { values[$0 % 1000] } ?? false) == holds, label)
      return true
    } catch let error as VNNLIBError {
      #expect(error.place != nil, "\(label): \(error)")
      return false
    }
  }
}
