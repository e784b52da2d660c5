import Exact
import Testing

@testable import Queries

@Suite struct VNNLIBReadingTests {
  @Test func aQueryAboutSeveralNetworks() throws {
    let query = try VNNLIBQuery(
      """
      ; a teacher and two students
      (vnnlib-version <2.0>)
      (declare-network f
        (declare-input A float32 [2,3])
        (declare-input scale float32 [])
        (declare-hidden H float16 [1] "layer/\\"one\\"\\n")
        (declare-output B int64 [4]))
      (declare-network g (equal-to f)
        (declare-input C float32 [2,3]) (declare-input D float32 []) (declare-output E int64 [4]))
      (declare-network h (isomorphic-to f)
        (declare-input I float64 [2,3]) (declare-input J float16 []) (declare-output K int8 [4]))
      (assert (<= A[1,2] -0.50))
      (assert (and (> scale 1) (!= B[3] 7) (or (== (- H[0]) (+ 1.0 H[0] (* 2.0 H[0]))) (< (- A[0,0] C[0,1] 1.0) D))))
      """, file: "f.vnnlib")
    #expect(query.version == .two(minor: 0))
    #expect(query.networks.map(\.name) == ["f", "g", "h"])
    #expect(query.networks.map(\.equivalence) == [nil, .equal(to: 0), .isomorphic(to: 0)])
    let f = query.networks[0]
    #expect(f.inputs.map(\.name) == ["A", "scale"] && f.outputs.map(\.name) == ["B"])
    #expect(f.inputs.map(\.shape) == [[2, 3], []])
    #expect(f.inputs.map(\.elements) == [0..<6, 6..<7])
    #expect(f.hidden.map(\.role) == [.hidden(node: "layer/\"one\"\n")])
    #expect(f.hidden.map(\.elements) == [7..<8] && f.outputs.map(\.elements) == [8..<12])
    #expect(f.hidden.map(\.elementType) == [.float16] && f.outputs.map(\.elementType) == [.int64])
    #expect(f.inputs[1].place == VNNLIBPlace(line: 5, column: 18))
    #expect(query.networks[1].inputs[0].elements == 12..<18)
    #expect(query.elementCount == 34)
    #expect(query.name(of: 5) == "A[1,2]" && query.name(of: 6) == "scale" && query.name(of: 13) == "C[0,1]")
    #expect(query.assertions.map(\.place) == [.init(line: 12, column: 1), .init(line: 13, column: 1)])
    #expect(query.assertions[0].formula == .comparison(.init(.element(5), .lessOrEqual, .constant(Rational(-1, 2)))))
    let sum = VNNLIBExpression.sum([.constant(1), .element(7), .product([.constant(2), .element(7)])])
    let difference = VNNLIBExpression.difference([.element(0), .element(13), .constant(1)])
    #expect(
      query.assertions[1].formula
        == .and([
          .comparison(.init(.element(6), .greater, .constant(1))),
          .comparison(.init(.element(11), .notEqual, .constant(7))),
          .or([
            .comparison(.init(.negation(.element(7)), .equal, sum)),
            .comparison(.init(difference, .less, .element(18))),
          ]),
        ]))
  }

  @Test func versionOneIsAQueryAboutOneNetwork() throws {
    let query = try VNNLIBQuery(
      """
      (declare-const X_0 Real) (declare-fun X_1 () Real)
      (declare-const Y_0 Real)
      (assert (<= X_1 1e-05)) ; small
      (assert (or (and (>= X_0 -2.5E+2)) (= Y_0 .5) (distinct Y_0 (- X_0 3.)) (< -0.0 Y_0)))
      """, file: "f.vnnlib")
    #expect(query.version == .one)
    #expect(query.networks.count == 1)
    #expect(query.variables.map(\.name) == ["X", "Y"])
    #expect(query.variables.map(\.shape) == [[2], [1]])
    #expect(query.variables.map(\.elementType) == [.real, .real])
    #expect(query.name(of: 1) == "X_1" && query.name(of: 2) == "Y_0")
    #expect(
      query.assertions[0].formula == .comparison(.init(.element(1), .lessOrEqual, .constant(Rational("1/100000")!))))
    #expect(
      query.assertions[1].formula
        == .or([
          .and([.comparison(.init(.element(0), .greaterOrEqual, .constant(-250)))]),
          .comparison(.init(.element(2), .equal, .constant(Rational(1, 2)))),
          .comparison(.init(.element(2), .notEqual, .difference([.element(0), .constant(3)]))),
          .comparison(.init(.constant(0), .less, .element(2))),
        ]))
  }

  @Test func numbersAreReadExactly() throws {
    let digits = "0.1234567890123456789012345678901234567890"
    let query = try query(
      "(assert (<= X[0] \(digits)))(assert (<= X[0]-00012.500))(assert (< 99999999999999999999.0X[0]))")
    let values = query.assertions.map { assertion -> VNNLIBExpression? in
      guard case .comparison(let comparison) = assertion.formula else { return nil }
      return comparison.relation == .less ? comparison.left : comparison.right
    }
    #expect(values == [Rational(digits)!, Rational(-25, 2), Rational("99999999999999999999")!].map { .constant($0) })
  }

  @Test func formulasAreEvaluatedExactly() throws {
    let query = try query(
      "(assert (and (< (* X[0] X[0]) 2.0) (or (== Y[0] (- X[0] X[1] X[2])) (> (- X[0]) (+ 0.5 Y[1])))))")
    func holds(_ values: [Rational]) -> Bool { query.holds { values[$0] } }
    #expect(holds([1, 2, 3, -4, 0, 0]))
    #expect(!holds([1, 2, 3, Rational("-3999999999999999999999/1000000000000000000000")!, 0, 0]))
    #expect(holds([-1, 0, 0, 0, Rational(49, 100), 0]))
    #expect(!holds([-1, 0, 0, 0, Rational(1, 2), 0]))
    #expect(!holds([Rational("1.4142135624")!, 0, 0, Rational("1.4142135624")!, 0, 0]))
  }

  @Test func everyElementTypeIsRead() throws {
    for type in VNNLIBElementType.allCases {
      let text =
        "(vnnlib-version <2.3>)(declare-network N"
        + "(declare-input X \(type.rawValue)[2])(declare-output Y \(type.rawValue)[]))"
      let query = try VNNLIBQuery(text, file: "f")
      #expect(query.variables.map(\.elementType) == [type, type])
      #expect(query.version == .two(minor: 3))
      #expect(query.assertions.isEmpty && query.holds { _ in 0 })
    }
    #expect(VNNLIBElementType.int8.integerRange == -128...127)
    #expect(VNNLIBElementType.uint64.integerRange == 0...Int128(UInt64.max))
    #expect(VNNLIBElementType.float32.integerRange == nil && VNNLIBElementType.real.integerRange == nil)
  }

  @Test func longTextsAndDeepNestingsAreRead() throws {
    let lines = (0..<4000).map { "(and (>= X[0] 0.\(1000 + $0)) (<= X[0] 0.\(1001 + $0)) (<= Y[\($0 % 3)] 0.25))" }
    let query = try query("(assert (or \(lines.joined(separator: "\n"))))")
    guard case .or(let parts) = query.assertions[0].formula else {
      Issue.record("no disjunction")
      return
    }
    #expect(parts.count == 4000)
    let limit = VNNLIBQuery.depthLimit
    func nested(_ depth: Int) -> String {
      "(assert (<= " + String(repeating: "(- X[1] ", count: depth - 1) + "0.5"
        + String(repeating: ")", count: depth - 1) + " 1.0))"
    }
    let deep = try VNNLIBQuery(
      "(vnnlib-version <2.0>)(declare-network N(declare-input X real [2])(declare-output Y real []))" + nested(limit),
      file: "f")
    #expect(try deep.normalForm()?.common.box.count ?? 0 <= 1)
    #expect(throws: VNNLIBError.self) { try Self.three(nested(limit + 1)) }
    #expect(throws: VNNLIBError.self) { try Self.three("(assert " + String(repeating: "(and ", count: 200_000)) }
  }

  private static func three(_ assertions: String) throws -> VNNLIBQuery { try query(assertions) }
}
