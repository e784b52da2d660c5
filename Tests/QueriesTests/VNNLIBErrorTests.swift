import Testing

@testable import Queries

/// Each mistake is reported where it is, with what is accepted instead.
@Suite struct VNNLIBErrorTests {
  struct Mistake: CustomTestStringConvertible, Sendable {
    var text: String
    var line: Int
    var column: Int
    var words: String

    init(_ text: String, _ line: Int, _ column: Int, _ words: String) {
      self.text = text
      self.line = line
      self.column = column
      self.words = words
    }

    var testDescription: String { text }
  }

  private static let version = "(vnnlib-version <2.0>)\n"
  private static let network =
    version
    + "(declare-network N (declare-input X float32 [2]) (declare-input I uint8 []) (declare-output Y float32 [2,2]))\n"
  private static let one = "(declare-const X_0 Real)\n(declare-const Y_0 Real)\n"

  private func check(_ mistake: Mistake) {
    do {
      _ = try VNNLIBQuery(mistake.text, file: "p.vnnlib")
      Issue.record("accepted: \(mistake.text)")
    } catch let error as VNNLIBError {
      #expect(error.place == VNNLIBPlace(line: mistake.line, column: mistake.column), "\(mistake.text): \(error)")
      #expect(error.reason.contains(mistake.words), "\(mistake.text): \(error)")
      #expect(error.description.hasPrefix("p.vnnlib:\(mistake.line):\(mistake.column): "))
    } catch {
      Issue.record("\(error)")
    }
  }

  static let declarations = [
    Mistake("", 1, 1, "is empty"),
    Mistake("; nothing", 1, 10, "is empty"),
    Mistake("hello", 1, 1, "'('"),
    Mistake("(vnnlib-verison <2.0>)", 1, 2, "did you mean 'vnnlib-version'?"),
    Mistake("(vnnlib-version 2.0)", 1, 17, "such as <2.0>"),
    Mistake("(vnnlib-version <3.0>)", 1, 17, "versions 1.0 and 2.x"),
    Mistake("(vnnlib-version <1.0>)", 1, 17, "begin without this line"),
    Mistake("\n (declare-network N", 2, 2, "begins with (vnnlib-version <2.0>)"),
    Mistake("(assert (<= X_0 1))", 1, 1, "nothing is declared yet"),
    Mistake(version, 2, 1, "(declare-network …) is wanted"),
    Mistake(version + "(declare-netwrok N", 2, 2, "did you mean 'declare-network'?"),
    Mistake(version + "(declare-network f-copy", 2, 18, "letters, digits and underscores"),
    Mistake(version + "(declare-network and", 2, 18, "word of the language"),
    Mistake(version + "(declare-network N (declare-inpt X", 2, 21, "did you mean 'declare-input'?"),
    Mistake(version + "(declare-network N (declare-input X Reel [1])", 2, 37, "did you mean 'real'?"),
    Mistake(version + "(declare-network N (declare-input X matrix [1])", 2, 37, "float32"),
    Mistake(version + "(declare-network N (declare-input X real [0])", 2, 43, "positive"),
    Mistake(version + "(declare-network N (declare-input X real [1.0])", 2, 43, "positive"),
    Mistake(version + "(declare-network N (declare-input X real [1 2])", 2, 45, "','"),
    Mistake(version + "(declare-network N (declare-input X real 3)", 2, 42, "[1,5]"),
    Mistake(version + "(declare-network N (declare-input X real [4294967296,4294967296])", 2, 35, "more elements"),
    Mistake(version + "(declare-network N (declare-input X real [2] initialized)", 2, 46, "initializer"),
    Mistake(version + "(declare-network N (declare-input X real [2]))", 2, 46, "(declare-output …)"),
    Mistake(version + "(declare-network N (declare-output Y real [2]))", 2, 21, "begins with its inputs"),
    Mistake(
      version + "(declare-network N (declare-input X real [2]) (declare-hidden H real [1] h", 2, 74, "double quotes"),
    Mistake(
      version + "(declare-network N (declare-input X real [2]) (declare-hidden H real [1] \"é\\x", 2, 77, "backslash"),
    Mistake(
      version + "(declare-network N (declare-input X real [2]) (declare-hidden H real [1] \"h", 2, 74, "not closed"),
    Mistake(
      version + "(declare-network N (declare-input X real [2]) (declare-output X real [2])", 2, 63,
      "declaration at 2:35"),
    Mistake(version + "(declare-network N (declare-input N real [2])", 2, 35, "taken"),
    Mistake(
      version + "(declare-network N (declare-input X real [2]) (declare-output Y int8 [2])", 2, 65,
      "everywhere or nowhere"),
    Mistake(network + "(declare-network N", 3, 18, "taken"),
    Mistake(network + "(declare-network M (equal-to K)", 3, 30, "no network 'K'"),
    Mistake(
      network + "(declare-network M (declare-input A int8 [1]) (equal-to N)", 3, 48, "before the network's inputs"),
    Mistake(network + "(declare-network M (equal-to N) (isomorphic-to N)", 3, 34, "one other at most"),
    Mistake(
      network + "(declare-network M (equal-to N) (declare-input A float32 [2]) (declare-output B float32 [2,2]))", 3,
      21,
      "as many inputs: 2, not 1"),
    Mistake(
      network
        + "(declare-network M (equal-to N) (declare-input A float16 [2]) (declare-input C uint8 []) "
        + "(declare-output B float32 [2,2]))", 3, 48, "must be float32 [2]"),
    Mistake(
      network
        + "(declare-network M (isomorphic-to N) (declare-input A float16 [2]) (declare-input C int8 []) "
        + "(declare-output B float32 [2,3]))", 3, 110, "must be [2,2]"),
  ]

  @Test(arguments: declarations) func mistakesInDeclarations(mistake: Mistake) { check(mistake) }

  static let assertions = [
    Mistake(network + "(assrt (<= X[0] 1.0))", 3, 2, "did you mean 'assert'?"),
    Mistake(network + "(declare-fun X[0] () Real)", 3, 2, "belongs to version 1.0"),
    Mistake(network + "(assert (<= X[0] 1.0))\n(declare-network M", 4, 2, "before the first assertion"),
    Mistake(network + "(assert (<= X[2] 1.0))", 3, 15, "ends at 1"),
    Mistake(network + "(assert (<= X[-1] 1.0))", 3, 15, "integers from 0"),
    Mistake(network + "(assert (<= X[99999999999999999999] 1.0))", 3, 15, "integers from 0"),
    Mistake(network + "(assert (<= X[0,0] 1.0))", 3, 14, "1, as in X[0], not 2"),
    Mistake(network + "(assert (<= Y[0] 1.0))", 3, 14, "2, as in Y[0,0], not 1"),
    Mistake(network + "(assert (<= Y 1.0))", 3, 13, "Y[0,0]"),
    Mistake(network + "(assert (<= I[0] 1))", 3, 14, "without indices"),
    Mistake(network + "(assert (<= Z[0] 1.0))", 3, 13, "no variable 'Z'"),
    Mistake(network + "(assert (<= N 1.0))", 3, 13, "is a network"),
    Mistake(network + "(assert (<= 0.0 1.0))", 3, 9, "names no variable"),
    Mistake(network + "(assert (<= X[0] I))", 3, 18, "'uint8'"),
    Mistake(network + "(assert (<= I 1.0))", 3, 15, "integer, without a point"),
    Mistake(network + "(assert (<= 1.0 I))", 3, 13, "integer, without a point"),
    Mistake(network + "(assert (<= I 256))", 3, 15, "from 0 to 255"),
    Mistake(network + "(assert (<= I -1))", 3, 15, "from 0 to 255"),
    Mistake(network + "(assert (<= X[0] 1e-05))", 3, 18, "no exponents"),
    Mistake(network + "(assert (<= X[0] .5))", 3, 18, "both sides of the point"),
    Mistake(network + "(assert (<= X[0] 1.))", 3, 18, "both sides of the point"),
    Mistake(network + "(assert (<= X[0] +1.0))", 3, 18, "a number, a variable"),
    Mistake(network + "(assert (X[0] <= 1.0))", 3, 10, "operators come first"),
    Mistake(network + "(assert (<= (X[0] + 1.0) 1.0))", 3, 14, "operators come first"),
    Mistake(network + "(assert (<= (1.0 + X[0]) 1.0))", 3, 14, "operators come first"),
    Mistake(network + "(assert (= X[0] 1.0))", 3, 10, "=="),
    Mistake(network + "(assert (not (<= X[0] 1.0)))", 3, 10, "no 'not'"),
    Mistake(network + "(assert (nad (<= X[0] 1.0)))", 3, 10, "did you mean 'and'?"),
    Mistake(network + "(assert (and))", 3, 13, "one formula at least"),
    Mistake(network + "(assert (<= X[0]))", 3, 17, "two sides"),
    Mistake(network + "(assert (<= X[0] 1.0 2.0))", 3, 22, "two sides"),
    Mistake(network + "(assert (<= X[0] (+ )))", 3, 21, "no operands"),
    Mistake(network + "(assert (+ X[0] 1.0))", 3, 10, "makes a number"),
    Mistake(network + "(assert (<= X[0] (<= 1.0 X[0])))", 3, 19, "makes no number"),
    Mistake(network + "(assert X[0])", 3, 9, "a comparison"),
    Mistake(network + "(assert (<= X[0] 1.0)", 3, 22, "')'"),
    Mistake(network + "(assert (<= X[0] 1.0)))", 3, 23, "end of the file"),
    Mistake(network + "(assert (<= X[0] ü))", 3, 18, "'ü'"),
    Mistake(network + "(assert (<= X[0] \u{1})", 3, 18, "0x1"),
  ]

  @Test(arguments: assertions) func mistakesInAssertions(mistake: Mistake) { check(mistake) }

  static let versionOne = [
    Mistake("(declare-const X_0 Real)", 1, 25, "Y_0"),
    Mistake("(declare-const Y_0 Real)\n(declare-const X_0 Real)", 2, 16, "before the first Y_i"),
    Mistake("(declare-const X_0 Real)\n(declare-const X_2 Real)\n(declare-const Y_0 Real)", 2, 16, "X_1 is not"),
    Mistake("(declare-const X_99999999 Real)", 1, 16, "no gaps"),
    Mistake("(declare-const X_0 Real)\n(declare-const X_0 Real)", 2, 16, "already"),
    Mistake("(declare-const Z_0 Real)", 1, 16, "X_0, X_1"),
    Mistake("(declare-const X_00 Real)", 1, 16, "X_0, X_1"),
    Mistake("(declare-const X_0 real)", 1, 20, "did you mean 'Real'?"),
    Mistake("(declare-fun X_0 (Real) Real)", 1, 19, "no function"),
    Mistake(one + "(assert (<= X_1 1))", 3, 13, "X_0 to X_0 are"),
    Mistake(one + "(assert (<= X 1))", 3, 13, "not declared"),
    Mistake(one + "(assert (== X_0 1))", 3, 10, "= or distinct"),
    Mistake(one + "(assert (X_0 <= 1))", 3, 10, "(<= X_0 1.0)"),
    Mistake(one + "(assert (<= X_0 1e9999))", 3, 17, "between -400 and 400"),
    Mistake(one + "(assert (<= X_0 1))(declare-const Y_1 Real)", 3, 21, "before the first assertion"),
    Mistake(one + "(check-sat)", 3, 2, "no statement"),
  ]

  @Test(arguments: versionOne) func mistakesInVersionOne(mistake: Mistake) { check(mistake) }

  @Test func filesThatCannotBeRead() {
    let error = #expect(throws: VNNLIBError.self) { try VNNLIBQuery.read(path: "/nowhere/p.vnnlib") }
    #expect(error?.file == "/nowhere/p.vnnlib" && error?.place == nil)
    let digits = String(repeating: "9", count: 2000)
    check(Mistake(Self.network + "(assert (<= X[0] \(digits)))", 3, 18, "at most 1000 digits"))
    let name = String(repeating: "a", count: 100_000)
    check(Mistake(Self.network + "(assert (<= \(name) 1.0))", 3, 13, "…' is declared"))
  }
}
