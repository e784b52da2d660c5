import Exact
import Probability
import Testing

@testable import Queries

@Suite struct NormalFormTests {
  private func range(_ lower: Rational?, _ upper: Rational?) -> ValueRange {
    ValueRange(lower: lower.map { .init($0) }, upper: upper.map { .init($0) })
  }

  private func cases(_ tree: QueryTree?, limit: Int = 10_000) -> [QueryCase] {
    var cases: [QueryCase] = []
    #expect(tree?.forEachCase(limit: limit) { cases.append($0) } ?? true)
    return cases
  }

  @Test func boundsOfOneThingAreMerged() throws {
    let tree = try query(
      """
      (assert (and (<= X[1] 2.0) (>= 3.0 X[1]) (< (* 2.0 X[1]) 4.0) (>= X[1] -1.0)))
      (assert (<= (- Y[0] Y[1]) 1.0)) (assert (>= (* 2.0 Y[1]) (- (* 2.0 Y[0]) 1.0))) (assert (>= Y[2] 0.0))
      """
    ).normalForm()
    let common = try #require(tree).common
    #expect(common.box.map(\.element) == [1])
    #expect(common.range(of: 1) == ValueRange(lower: .init(-1), upper: .init(2, isStrict: true)))
    #expect(common.range(of: 0) == nil)
    #expect(common.constraints.count == 2)
    #expect(common.constraints[0].polynomial.linear == [.init(3, 1), .init(4, -1)])
    #expect(common.constraints[0].range == range(nil, Rational(1, 2)))
    #expect(common.constraints[1].polynomial.singleElement == 5)
    #expect(common.constraints[1].range == range(0, nil))
  }

  @Test func emptyBoxesContradict() throws {
    for assertions in [
      "(assert (<= X[0] 0.0)) (assert (>= X[0] 0.5))", "(assert (< X[0] 0.0)) (assert (== X[0] 0.0))",
      "(assert (and (> Y[0] Y[1]) (< (* 3.0 Y[0]) (* 3.0 Y[1]))))", "(assert (> (- X[0] X[0]) 0.0))",
      "(assert (<= X[0] 0.0)) (assert (or (> X[0] 0.0) (and (>= X[1] 1.0) (<= X[1] 0.5))))",
      "(assert (!= (* 0.0 X[0]) 0.0))",
    ] {
      #expect(try query(assertions).normalForm() == nil, "\(assertions)")
    }
    #expect(
      try query("(assert (<= X[0] 0.0)) (assert (>= X[0] 0.0))").normalForm()?.common.range(of: 0) == ValueRange(0))
  }

  @Test func disjunctionsAreSimplified() throws {
    // The first alternative contradicts the bound, the second of the other one follows from it.
    let tree = try #require(
      try query(
        """
        (assert (<= X[0] 0.0)) (assert (or (>= X[0] 1.0) (and (<= X[0] 5.0) (<= X[1] 1.0))))
        (assert (or (>= X[2] 1.0) (<= X[0] 3.0)))
        """
      )
      .normalForm())
    #expect(tree.disjunctions.isEmpty)
    #expect(tree.common.box.map(\.element) == [0, 1])
    #expect(tree.common.range(of: 1) == range(nil, 1))
    let unequal = try #require(try query("(assert (!= X[0] 1.0))").normalForm())
    #expect(
      cases(unequal).map { $0.box[0].range } == [
        ValueRange(upper: .init(1, isStrict: true)), ValueRange(lower: .init(1, isStrict: true)),
      ])
  }

  @Test func polynomialsAreMultipliedOut() throws {
    let tree = try query("(assert (<= (* (+ X[0] Y[1] 1.0) (- X[0] Y[1]) 2.0) (- 4.0 (* Y[1] X[0]))))").normalForm()
    let constraint = try #require(tree?.common.constraints.first)
    #expect(!constraint.polynomial.isLinear)
    #expect(constraint.polynomial.linear == [.init(0, 1), .init(4, -1)])
    #expect(
      constraint.polynomial.products == [
        .init(elements: [0, 0], coefficient: 1), .init(elements: [0, 4], coefficient: Rational(1, 2)),
        .init(elements: [4, 4], coefficient: -1),
      ])
    #expect(constraint.range == range(nil, 2))
    #expect(constraint.polynomial.elements == [0, 4])
    let bomb = String(repeating: "(+ X[0] X[1]) ", count: 100_000)
    #expect(throws: VNNLIBError.self) { try query("(assert (<= (* \(bomb)) 1.0))").normalForm() }
  }

  /// Boxes that several alternatives share are found, as in specifications of one bound below and one above for each
  /// box.
  @Test func casesAreGatheredByTheirBoxes() throws {
    let lines = (0..<300).flatMap { index in
      ["(<= Y[0] 0.25)", "(>= Y[0] 0.75)"].map { "(and (>= X[0] \(index).0) (<= X[0] \(index).5) \($0))" }
    }
    let tree = try #require(
      try query("(assert (<= X[1] 1.0)) (assert (or \(lines.joined(separator: " "))))").normalForm())
    #expect(tree.disjunctions.map(\.count) == [600])
    #expect(cases(tree).count == 600)
    let groups = try #require(tree.casesByBox(limit: 600))
    #expect(groups.count == 300)
    for (index, group) in groups.enumerated() {
      #expect(group.box.map(\.range) == [range(Rational(index), Rational(2 * index + 1, 2)), range(nil, 1)])
      #expect(
        group.alternatives.map { $0.map(\.range) } == [[range(nil, Rational(1, 4))], [range(Rational(3, 4), nil)]])
    }
    #expect(tree.casesByBox(limit: 599) == nil)
  }

  /// 2¹⁰⁰⁰ cases are never multiplied out, nor are dead ends followed for ever.
  @Test func theLimitHolds() throws {
    let declaration =
      "(vnnlib-version <2.0>)(declare-network N (declare-input X real [1000]) (declare-output Y real [1]))"
    let independent = (0..<1000).map { "(assert (or (<= X[\($0)] 0.0) (>= X[\($0)] 1.0)))" }.joined()
    let tree = try #require(try VNNLIBQuery(declaration + independent, file: "f").normalForm())
    #expect(tree.disjunctions.count == 1000)
    var count = 0
    let isComplete = tree.forEachCase(limit: 20) { item in
      #expect(item.box.count == 1000)
      count += 1
    }
    #expect(!isComplete && count == 20)
    #expect(!tree.forEachCase(limit: 0) { _ in count += 1 })
    #expect(count == 20)
    // Twelve pigeons in eleven holes: no case, but no short proof of it by cases either.
    let holes = (0..<12).map { pigeon in "(assert (or \((0..<11).map { "(== X[\(pigeon)] \($0).0)" }.joined())))" }
    let pairs = (0..<12).flatMap { one in (0..<one).map { "(assert (!= X[\(one)] X[\($0)]))" } }
    let pigeons = try #require(try VNNLIBQuery(declaration + (holes + pairs).joined(), file: "f").normalForm())
    #expect(!pigeons.forEachCase(limit: 10) { _ in })
  }

  /// The tree and its cases hold exactly where the query holds.
  @Test(arguments: 0..<300) func theNormalFormMeansTheSame(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let query = try query(random.assertions())
    let tree = try query.normalForm()
    let cases = cases(tree, limit: 100_000)
    for _ in 0..<40 {
      let values = (0..<6).map { _ in random.small() }
      let holds = query.holds { values[$0] }
      #expect((tree?.contains { values[$0] } ?? false) == holds, "seed \(seed), at \(values)")
      #expect(cases.contains { $0.contains { values[$0] } } == holds, "seed \(seed), at \(values)")
    }
    for item in cases {
      #expect(item.box.allSatisfy { !$0.range.isEmpty && $0.element < 3 }, "seed \(seed)")
      #expect(item.constraints.allSatisfy { !$0.range.isEmpty && $0.polynomial.constant.signum == 0 }, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<100) func polynomialsAreCanonical(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    func polynomial() -> Polynomial {
      let sum = Polynomial.sum((0..<3).map { _ in random.small() * Polynomial(element: random.index(below: 4)) })
      return Polynomial.sum([sum, Polynomial(constant: random.small())])
    }
    let (a, b, c) = (polynomial(), polynomial(), polynomial())
    #expect(a * b == b * a, "seed \(seed)")
    #expect((a * b) * c == a * (b * c), "seed \(seed)")
    #expect(Polynomial.sum([a, b]) * c == Polynomial.sum([a * c, b * c]), "seed \(seed)")
    #expect(Polynomial.sum([a * b, -(b * a)]) == Polynomial(constant: 0), "seed \(seed)")
    let values = (0..<4).map { _ in random.small() }
    func value(_ polynomial: Polynomial) -> Rational { polynomial.value { values[$0] } }
    #expect(value(a * b * c) == value(a) * value(b) * value(c), "seed \(seed)")
    if let (scale, monic, constant) = (a * b).split {
      #expect(scale * Polynomial.sum([monic, Polynomial(constant: constant)]) == a * b, "seed \(seed)")
    }
  }
}
