import Exact
import Networks
import Probability
import Testing

@testable import Queries
@testable import Verification

/// Problems made by hand, without a model file.
enum Problems {
  /// One network over as many inputs as the query declares, whose outputs are affine forms over them.
  static func problem(_ text: String, outputs: [AffineForm]) throws -> QueryProblem {
    let query = try VNNLIBQuery(text, file: "query.vnnlib")
    var inputs = 0
    var others = 0
    var places: [QueryProblem.Place] = []
    for variable in query.variables {
      for _ in variable.elements {
        if variable.role == .input {
          places.append(.input(inputs))
          inputs += 1
        } else {
          places.append(.output(others))
          others += 1
        }
      }
    }
    return QueryProblem(
      query: query, tree: try query.normalForm(),
      network: try UnitNetwork(inputCount: inputs, stages: [], outputs: outputs), places: places)
  }

  static func sum(_ weights: Double..., constant: Double = 0) -> AffineForm {
    AffineForm(constant: constant, weights: weights, first: 0)
  }
}

/// Points as the formats of the field write them.
@Suite struct AssignmentTests {
  static let oneInput = """
    (declare-const X_0 Real)
    (declare-const Y_0 Real)
    (assert (>= X_0 LOWER))
    (assert (<= X_0 UPPER))
    (assert (<= Y_0 1000))
    """

  private func assignment(_ lower: String, _ upper: String, _ value: Rational) throws -> Assignment {
    let text = Self.oneInput.replacing("LOWER", with: lower).replacing("UPPER", with: upper)
    return Assignment(try Problems.problem(text, outputs: [Problems.sum(1)]), at: [value])
  }

  @Test func competitionForm() throws {
    let text = """
      (declare-const X_0 Real)
      (declare-const X_1 Real)
      (declare-const Y_0 Real)
      (assert (and (>= X_0 0) (<= X_0 1) (>= X_1 0) (<= X_1 1) (>= Y_0 0.5)))
      """
    let problem = try Problems.problem(text, outputs: [Problems.sum(1, -2)])
    let point = [Rational(exactly: Double(Float(0.9))), Rational(1, 8)]
    let assignment = Assignment(problem, at: point)
    #expect(assignment.competitionText == "sat\n((X_0 0.9)\n(X_1 0.125)\n(Y_0 0.6499999761581421))\n")
    #expect(assignment.holdsAsWritten)
  }

  /// The example of the standard, with the declared types.
  @Test func standardForm() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network f (declare-input A float32 [2,2]) (declare-input B int32 [1])
        (declare-hidden H float32 [1,2] "hidden") (declare-output Y float32 [1]))
      (declare-network g (declare-input C float32 [2,2]) (declare-output Z float32 []))
      (assert (<= Z 0.5))
      """
    let forms = [
      Problems.sum(1), Problems.sum(0, 1), Problems.sum(constant: 0.1),
      Problems.sum(constant: 0),
    ]
    let problem = try Problems.problem(text, outputs: forms)
    let point = ["0.5", "0.3", "0.4", "0.2", "-1", "1", "0.3", "0.4", "0.2"].map { text in
      Float(text).map { Rational(exactly: Double($0)) } ?? .zero
    }
    let assignment = Assignment(problem, at: point)
    let expected = """
      A float32 [2,2]
      0.5
      0.3
      0.4
      0.2
      B int32 [1]
      -1
      H float32 [1,2]
      0.5
      0.3
      Y float32 [1]
      0.1
      C float32 [2,2]
      1.0
      0.3
      0.4
      0.2
      Z float32 []
      0.0

      """
    #expect(assignment.standardText == expected)
    #expect(assignment.competitionText == "sat\n" + expected)
  }

  /// The shortest decimal of a float at the end of its box lies outside: more digits are needed.
  @Test func digitsThatStayInTheBox() throws {
    let float = Float(0.1).nextDown
    let exact = "0.0999999940395355224609375"
    let value = Rational(exactly: Double(float))
    #expect(try assignment("0", "0.1", value).texts[0] == "0.099999994")
    let tight = try assignment(exact, "0.1", value)
    #expect(tight.texts[0] != "0.099999994" && Float(tight.texts[0]) == float)
    let number = try #require(Rational(tight.texts[0]))
    #expect(number >= value && number < Rational(1, 10))
    #expect(try assignment(exact, exact, value).texts[0] == exact)
  }

  /// Whatever the box: taken as a decimal the text lies in it, and as single precision it is the point.
  @Test func randomBoxes() throws {
    let seed: UInt64 = 5
    var random = RandomSource(seed: seed)
    for trial in 0..<300 {
      let float = Float(random.uniform() * 4 - 2) * (trial % 3 == 0 ? 1e-4 : 1)
      let value = Rational(exactly: Double(float))
      // Bounds of a few digits close around the point, on one side often the point itself.
      let lower =
        trial % 2 == 0 ? DecimalText.exact(value, limit: 200) ?? "-3" : DecimalText.rounded(value - 1, digits: 3)
      let upper = trial % 5 == 0 ? lower : DecimalText.rounded(value + Rational(1, 10), digits: 4)
      let bounds = (try #require(Rational(lower)), try #require(Rational(upper)))
      guard bounds.0 <= value, value <= bounds.1 else { continue }
      let written = try assignment(lower, upper, value)
      let number = try #require(Rational(written.texts[0]), "seed \(seed), trial \(trial): \(written.texts[0])")
      #expect(bounds.0 <= number && number <= bounds.1, "seed \(seed), trial \(trial): \(written.texts[0])")
      #expect(Float(written.texts[0]) == float, "seed \(seed), trial \(trial): \(written.texts[0]) for \(float)")
      #expect(written.holdsAsWritten, "seed \(seed), trial \(trial)")
    }
  }

  /// Constraints over several variables hold for the decimals too, or the digits are all there.
  @Test func jointConstraints() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input X real [2]) (declare-output Y real [1]))
      (assert (== (+ X[0] X[1]) 1.0))
      (assert (>= Y[0] 0.0))
      """
    let problem = try Problems.problem(text, outputs: [Problems.sum(1)])
    let float = Rational(exactly: Double(Float(0.1)))
    let floats = Assignment(problem, at: [float, .one - float])
    #expect(floats.holdsAsWritten && floats.values[0] + floats.values[1] == .one)
    let triple = text.replacing("(+ X[0] X[1]) 1.0", with: "(* 3.0 X[0]) X[1]")
    let thirds = Assignment(try Problems.problem(triple, outputs: [Problems.sum(1)]), at: [Rational(1, 3), .one])
    #expect(!thirds.holdsAsWritten && thirds.texts[1] == "1.0")
    // An inequality leaves room for rounding.
    let loose = try Problems.problem(text.replacing("==", with: "<="), outputs: [Problems.sum(1)])
    #expect(Assignment(loose, at: [Rational(1, 3), Rational(1, 3)]).holdsAsWritten)
  }

  @Test(arguments: [
    ("float32", "0.1", false), ("float64", "0.1", false), ("float32", "0.125", true), ("float16", "0.125", true),
    ("float16", "4097", false), ("bfloat16", "257", false), ("real", "0.1", true), ("int8", "127", true),
    ("int8", "128", false), ("uint64", "18446744073709551615", true), ("int64", "0.5", false),
  ])
  func declaredTypes(_ type: String, _ value: String, _ isNumber: Bool) throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input X \(type) [1]) (declare-output Y \(type) [1]))
      (assert (<= X[0] \(type.contains("int") ? "9" : "9.0")))
      """
    let problem = try Problems.problem(text, outputs: [Problems.sum(1)])
    #expect(try Assignment(problem, at: [#require(Rational(value))]).isRepresentable == isNumber)
  }

  /// Of a disjunction the alternative that holds bounds the text.
  @Test func disjunctions() throws {
    let text = """
      (declare-const X_0 Real)
      (declare-const Y_0 Real)
      (assert (or (and (>= X_0 0) (<= X_0 1)) (and (>= X_0 5.0999999046325684) (<= X_0 6))))
      (assert (<= Y_0 100))
      """
    let problem = try Problems.problem(text, outputs: [Problems.sum(1)])
    let float = Float(5.1)
    let written = Assignment(problem, at: [Rational(exactly: Double(float))])
    #expect(written.holdsAsWritten && Float(written.texts[0]) == float)
    #expect(try #require(Rational(written.texts[0])) >= #require(Rational("5.0999999046325684")))
  }
}
