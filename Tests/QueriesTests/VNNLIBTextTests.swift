import Exact
import Probability
import Testing

@testable import Queries

@Suite struct VNNLIBTextTests {
  @Test func theTextOfAQuery() throws {
    let text = """
      (vnnlib-version <2.1>)

      (declare-network f
        (declare-input A float32 [2,3])
        (declare-hidden H float32 [] "a\\"b\\\\c\\n\\té")
        (declare-output B int64 [4])
      )

      (declare-network g
        (equal-to f)
        (declare-input C float32 [2,3])
        (declare-output D int64 [4])
      )

      (declare-network h
        (isomorphic-to f)
        (declare-input E float16 [2,3])
        (declare-output F int64 [4])
      )

      (assert (<= A[1,2] -0.05))
      (assert (and (!= B[3] -12) (or (== (- H) (+ 1.0 H (* 120.5 H))) (< (- A[0,0] C[0,1]) 0.0))))

      """
    let query = try VNNLIBQuery(text, file: "f")
    #expect(try query.text(version: .two(minor: 1)) == text)
    #expect(throws: VNNLIBError.self) { try query.text(version: .one) }
  }

  @Test func versionOneInBothVersions() throws {
    let text = """
      (declare-const X_0 Real)
      (declare-const X_1 Real)
      (declare-const Y_0 Real)

      (assert (<= X_1 0.00001))
      (assert (or (= X_0 -250.0) (distinct Y_0 (- X_0 3.0))))

      """
    let query = try VNNLIBQuery(text, file: "f")
    #expect(try query.text(version: .one) == text)
    let two = try query.text(version: .two(minor: 0))
    #expect(two.contains("(assert (or (== X[0] -250.0) (!= Y[0] (- X[0] 3.0))))"))
    let back = try VNNLIBQuery(two, file: "g")
    #expect(back.networks == query.networks && back.assertions == query.assertions)
    #expect(try back.text(version: .one) == text)
  }

  @Test func versionOneHasItsLimits() throws {
    func text(_ network: String) throws -> String {
      try VNNLIBQuery("(vnnlib-version <2.0>)" + network, file: "f").text(version: .one)
    }
    #expect(try text("(declare-network N (declare-input X real [1]) (declare-output Y real [2]))").count > 0)
    for network in [
      "(declare-network M (declare-input X real [1]) (declare-output Y real [2]))",
      "(declare-network N (declare-input X float32 [1]) (declare-output Y float32 [2]))",
      "(declare-network N (declare-input X real [1,1]) (declare-output Y real [2]))",
      "(declare-network N (declare-input X real []) (declare-output Y real [2]))",
      "(declare-network N (declare-input A real [1]) (declare-output Y real [2]))",
      "(declare-network N (declare-input X real [1]) (declare-hidden H real [2] \"h\") (declare-output Y real [2]))",
      "(declare-network N (declare-input X real [1]) (declare-output Y real [2]) (declare-output Z real [2]))",
      "(declare-network N (declare-input X real [99999999999]) (declare-output Y real [2]))",
    ] {
      #expect(throws: VNNLIBError.self, "\(network)") { try text(network) }
    }
  }

  @Test(arguments: 0..<200) func roundTrips(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let query = try query(random.assertions())
    for version in [VNNLIBQuery.Version.two(minor: 0), .one] {
      let back = try VNNLIBQuery(query.text(version: version), file: "f")
      #expect(back.version == version, "seed \(seed)")
      #expect(back.networks == query.networks && back.assertions == query.assertions, "seed \(seed)")
      #expect(try VNNLIBQuery(back.text(version: version), file: "f") == back, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<100) func decimalsRoundTrip(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    var digits = String((0...random.index(below: 40)).map { _ in random.pick(Array("0123456789")) })
    if random.index(below: 4) > 0 {
      digits += "." + String((0...random.index(below: 60)).map { _ in random.pick(Array("0012345")) })
    }
    if random.index(below: 2) == 0 { digits = "-" + digits }
    let query = try query("(assert (<= X[0] \(digits)))")
    let back = try VNNLIBQuery(query.text(version: .two(minor: 0)), file: "f")
    #expect(back == query, "seed \(seed): \(digits)")
    #expect(back.assertions[0].formula == .comparison(.init(.element(0), .lessOrEqual, .constant(Rational(digits)!))))
  }

  /// The longest numbers that are read are read again as they are written; longer ones are refused.
  @Test func longNumbersRoundTrip() throws {
    let nines = String(repeating: "9", count: 1000)
    for number in [
      nines, "-" + nines, "-0." + nines, "\(nines.dropLast(400)).\(nines.dropFirst(600))", "000" + nines + ".00",
    ] {
      let query = try query("(assert (<= X[0] \(number)))")
      let back = try VNNLIBQuery(query.text(version: .two(minor: 0)), file: "f")
      #expect(back == query, "\(number.prefix(8))")
    }
    for number in [nines + "9", nines + ".5", "0.0" + nines] {
      #expect(throws: VNNLIBError.self, "\(number.prefix(8))") { try query("(assert (<= X[0] \(number)))") }
    }
  }
}
