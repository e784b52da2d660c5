import Exact
import Networks
import Testing

@testable import Certificates
@testable import Queries

/// Proofs written by hand: what is accepted, what every step says, and why what is wrong is refused.
@Suite struct SafetyWalkTests {
  /// |x| as max(x, 0) + max(−x, 0), and a unit that reads |x| − 1.5.
  private static func absolute() throws -> UnitNetwork {
    try UnitNetwork(
      inputCount: 1,
      stages: [
        .init(name: "first", units: [.relu(AffineForm(0, [0: 1])), .relu(AffineForm(0, [0: -1]))]),
        .init(name: "second", units: [.relu(AffineForm(-1.5, [1: 1, 2: 1]))]),
      ], outputs: [AffineForm(0, [1: 1, 2: 1])])
  }

  /// Is |x| ≥ bound for an x in [−1, 1]?
  private func reaches(_ bound: Double) throws -> SafetyQuestion {
    SafetyQuestion(try Self.absolute(), requirements: [AffineForm(-bound, [1: 1, 2: 1])])
  }

  private let one = SafetyProof.Multiplier(.requirement(0), 1)
  private let ranges = SafetyProof.Step.ranges(.init(3))

  @Test func chordsBoundTheSumOfTwoUnits() throws {
    let report = try reaches(1.25).check([ranges, .none(one)])
    #expect(report == SafetyReport(cases: 1, splits: 0, ranges: 1, claims: 1, leaves: 1, exactClaims: 0))
    #expect(!(try reaches(1).accepts([ranges, .none(one)])))
    // Without ranges no unit has a chord.
    #expect(try reaches(1.25).refusal([.none(one)]).contains("case 0, step 0: the claim does not follow"))
  }

  @Test func rangesAreTightenedBySubstitution() throws {
    var substitution = Substitution(try FlatNetwork(try Self.absolute()))
    var node = ProofNode(box: [Interval(lower: -1, upper: 1)], unitCount: 3)
    substitution.tighten(&node, fractions: [0, 0, 0])
    // The interval of |x| − 1.5 alone would be [−1.5, 0.5].
    for (unit, range) in [(0, [-1, 1]), (1, [-1, 1]), (2, [-1.5, -0.5])] {
      let found = node.interval(1 + unit)
      #expect(found.lower <= range[0] && range[0] - found.lower < 1e-13)
      #expect(found.upper >= range[1] && found.upper - range[1] < 1e-13)
    }
  }

  @Test func splitsOfInputsAndUnitsCloseATie() throws {
    // |x| > 1 − 2⁻²⁰ is true near the ends only; there the claim follows from the box.
    let question = try reaches(1 + 0x1p-20)
    #expect(question.accepts([.splitInput(0, at: 0), ranges, .none(one), ranges, .none(one)]))
    #expect(question.accepts([ranges, .splitUnit(0), .none(one), .none(one)]))
    // A split beside the box leaves an empty node, which has to be closed as well.
    #expect(question.accepts([.splitInput(0, at: 5), ranges, .none(one), .none()]))
    #expect(question.accepts([.splitInput(0, at: -5), .none(), ranges, .none(one)]))
    #expect(!question.accepts([.splitInput(0, at: 5), .none(), .none()]))
    #expect(!question.accepts([.splitInput(0, at: 5), ranges, .none(one)]))
  }

  @Test func aClaimTightensWhatIsKnown() throws {
    // x ≥ 1/2 and |x| ≤ 1/4: the requirement moves the input's end, and then the unit's sign.
    var question = try reaches(0)
    question.item.requirements = [
      Requirement(form: AffineForm(-0.5, [0: 1]), errors: [], products: []),
      Requirement(form: AffineForm(0.25, [1: -1, 2: -1]), errors: [], products: []),
    ]
    let two = SafetyProof.Multiplier(.requirement(1), 1)
    let steps: [SafetyProof.Step] = [.claims(.inputAtLeast(0, 0.5), one), ranges, .none(two)]
    let report = try question.check(steps)
    #expect(report.exactClaims == 1 && report.claims == 2)
    #expect(question.refusal([.claims(.inputAtLeast(0, 0.5000001), one)]).contains("does not follow"))
    #expect(question.accepts([ranges, .claims(.unitAtLeast(0, 0), one), .none(one, two)]))
    #expect(!question.accepts([ranges, .claims(.unitAtMost(0, 0), one), .none(one, two)]))
    #expect(question.accepts([.claims(.inputAtMost(0, 1)), .claims(.inputAtLeast(0, 0.5), one), ranges, .none(two)]))
    // Contradictory claims empty the node; then everything follows.
    question.item.requirements[1].form = AffineForm(0, [0: -1])
    #expect(question.accepts([.claims(.inputAtLeast(0, 0.5), one), .claims(.inputAtMost(0, 0), two), .none()]))
  }

  @Test func formsOfDecidedUnitsAreMultipliers() throws {
    // Where x ≤ 0 was chosen, −x is not negative; the requirement x − 1/4 ≥ 0 contradicts it.
    var question = try reaches(0)
    question.item.box = [Interval.whole]
    question.item.requirements[0].form = AffineForm(-0.25, [0: 1])
    let unit = SafetyProof.Multiplier(.unit(0), 1)
    #expect(!question.accepts([.splitUnit(0), .none(one, unit), .none(one, unit)]))
    question.item.requirements.append(Requirement(form: AffineForm(0.125, [0: -1]), errors: [], products: []))
    let two = SafetyProof.Multiplier(.requirement(1), 1)
    let report = try question.check([.splitUnit(0), .none(one, unit), .none(one, two)])
    #expect(report.exactClaims == 2 && report.splits == 1)
    #expect(question.refusal([.none(one, unit)]).contains("reaches from -inf to inf"))
  }

  @Test func unboundedInputsAreDecidedByWhatIsFinite() throws {
    // max(x, 0) ≤ −1 for a real x: below lies the line 0, with slope 1 nothing.
    var question = try reaches(0)
    question.item.box = [Interval.whole]
    question.item.requirements[0].form = AffineForm(-1, [1: -1])
    #expect(question.accepts([.none(one)]))
    #expect(question.accepts([ranges, .none(one)]))
    #expect(!question.accepts([.ranges(.init(3, 128)), .none(one)]))
    // On x ≤ 1 the unit is at most 1.
    question.item.box = [Interval(lower: -.infinity, upper: 1)]
    question.item.requirements[0].form = AffineForm(-1.5, [1: 1])
    #expect(question.accepts([ranges, .none(one)]))
    question.item.requirements[0].form = AffineForm(-1, [1: 1])
    #expect(!question.accepts([ranges, .none(one)]))
  }

  @Test func everyStepIsChecked() throws {
    let question = try reaches(1.25)
    func slopes(_ fractions: [UInt8]) -> SafetyProof.Step { .ranges(.init(fractions)) }
    func times(_ factor: Double) -> SafetyProof.Multiplier { .init(.requirement(0), factor) }
    for (steps, words) in [
      ([], "case 0: the proof ends before 1 of its nodes"), ([ranges], "ends before 1"),
      ([.splitInput(0, at: 0)], "ends before 2"),
      ([ranges, .none(one), .none(one)], "step 2: all nodes are closed already"),
      ([slopes([0, 0])], "2 slopes for the 3 units"), ([slopes([0, 129, 0])], "the slope 129"),
      ([ranges, .none(.init(.requirement(1), 1))], "no requirement 1; the case has 1"),
      ([ranges, .none(.init(.requirement(-1), 1))], "no requirement -1"),
      ([ranges, .none(times(-1))], "the multiplier -1.0"), ([ranges, .none(times(.nan))], "the multiplier nan"),
      ([ranges, .none(times(.infinity))], "the multiplier inf"), ([ranges, .none(times(0))], "does not follow"),
      ([ranges, .none(.init(.unit(3), 1))], "no unit 3"), ([ranges, .none(.init(.unit(.min), 1))], "no unit -9"),
      ([ranges, .none(.init(.unit(0), 1))], "unit 0 has a multiplier, but its form reaches from -1.0"),
      ([.splitInput(1, at: 0)], "no input 1; the network has 1"), ([.splitInput(-1, at: 0)], "no input -1"),
      ([.splitInput(0, at: .nan)], "the value nan"), ([.splitUnit(3)], "no unit 3"), ([.splitUnit(.max)], "no unit 9"),
      ([.claims(.inputAtMost(7, 0))], "no input 7"), ([.claims(.inputAtLeast(0, -.infinity))], "the value -inf"),
      ([.claims(.unitAtLeast(3, 0))], "no unit 3"), ([.claims(.unitAtMost(0, .infinity))], "the value inf"),
      ([.claim(.init(.nothing, [one], slopes: .init(2)))], "2 slopes"),
    ] as [([SafetyProof.Step], String)] {
      let refusal = question.refusal(steps)
      #expect(refusal.contains(words), "\(words): \(refusal)")
    }
    let deep = Array(repeating: SafetyProof.Step.splitInput(0, at: 0), count: 10_001)
    #expect(question.refusal(deep).contains("step 10000: 10000 splits lie above"))
  }

  @Test func hugeNumbersProveNothing() throws {
    let huge = Double.greatestFiniteMagnitude
    let network = try UnitNetwork(
      inputCount: 1,
      stages: [
        .init(
          name: "first", units: [.init(kind: .hinge(below: -huge, above: huge), forms: [AffineForm(huge, [0: huge])])]),
        .init(name: "second", units: [.relu(AffineForm(-huge, [1: -huge]))]),
      ], outputs: [AffineForm(0, [2: 1])])
    for weight in [1, -1, huge, -huge] {
      let question = SafetyQuestion(network, radius: huge, requirements: [AffineForm(huge, [0: weight, 2: weight])])
      for fraction in [0, 77, 128] as [UInt8] {
        for factor in [1, huge, .leastNonzeroMagnitude] {
          let multiplier = SafetyProof.Multiplier(.requirement(0), factor)
          #expect(!question.accepts([.ranges(.init(2, fraction)), .none(multiplier)]))
          #expect(
            !question.accepts([.ranges(.init(2, fraction)), .splitUnit(0), .none(multiplier), .none(multiplier)]))
        }
      }
    }
  }

  // MARK: Queries

  @Test func aQueryIsProvedCaseByCase() throws {
    let problem = try QueryProblem(
      try Self.absolute(),
      """
      (assert (or (and (<= X[0] 0.5) (>= X[0] -0.5)) (and (<= X[0] -2.0) (>= X[0] 2.0))
        (and (>= X[0] 0) (<= X[0] 0.3))))
      (assert (>= (* 0.1 Y[0]) 0.06))
      """)
    var cases: [RelaxedCase?] = []
    _ = problem.tree?.forEachCase(limit: 10) { cases.append(problem.relaxed($0)) }
    let proofs = cases.map { SafetyProof(steps: $0 == nil ? [] : [ranges, .none(one)]) }
    func check(_ proofs: [SafetyProof]) throws -> SafetyReport {
      try SafetyChecker().check(SafetyCertificate(.unsatisfiable(proofs: proofs)), problem: problem)
    }
    let report = try check(proofs)
    #expect(report.cases == cases.count && report.leaves == cases.compactMap { $0 }.count)
    #expect(throws: CertificateError.self) { try check(Array(proofs.dropLast())) }
    #expect(throws: CertificateError.self) { try check(proofs + proofs) }
    #expect(throws: CertificateError.self) { try check([]) }
    for index in proofs.indices {
      var wrong = proofs
      wrong[index].steps.append(.none())
      #expect(throws: CertificateError.self) { try check(wrong) }
    }
    // The point 1/2 gives |x| = 1/2, too little; no other point is there to be claimed.
    for point in [[Rational(1, 2)], [], [0, 0], [Rational(7, 10)]] as [[Rational]] {
      let claim = SafetyCertificate(.satisfiable(point: point))
      #expect(throws: CertificateError.self) { try SafetyChecker().check(claim, problem: problem) }
    }
  }

  @Test func aPointIsCheckedExactly() throws {
    let problem = try QueryProblem(try Self.absolute(), "(assert (and (< X[0] 0.1) (>= Y[0] 0.1) (<= X[0] 0)))")
    func check(_ point: Rational) throws -> SafetyReport {
      try SafetyChecker().check(SafetyCertificate(.satisfiable(point: [point])), problem: problem)
    }
    #expect(try check(Rational(-1, 10)) == SafetyReport())
    // The double nearest to 0.1 lies above it, so that its half below does not reach; a hair less than 0.1 does not.
    #expect(throws: CertificateError.self) { try check(Rational(-1, 10) + Rational(powerOfTwo: -200)) }
  }

  @Test func contradictionsNeedNoProof() throws {
    let problem = try QueryProblem(try Self.absolute(), "(assert (and (<= Y[0] 0) (>= Y[0] 1)))")
    #expect(problem.tree == nil)
    let report = try SafetyChecker().check(SafetyCertificate(.unsatisfiable(proofs: [])), problem: problem)
    #expect(report == SafetyReport())
    let other = SafetyCertificate(.unsatisfiable(proofs: [SafetyProof(steps: [.none()])]))
    #expect(throws: CertificateError.self) { try SafetyChecker().check(other, problem: problem) }
  }

  @Test func productsAreBoundedByIntervals() throws {
    let box = "(assert (and (>= X[0] -1.0) (<= X[0] 1.0)))"
    func accepts(_ assertion: String, _ steps: SafetyProof.Step...) throws -> Bool {
      let problem = try QueryProblem(try Self.absolute(), "\(box) (assert \(assertion))")
      let certificate = SafetyCertificate(.unsatisfiable(proofs: [SafetyProof(steps: steps)]))
      return (try? SafetyChecker().check(certificate, problem: problem)) != nil
    }
    #expect(try accepts("(<= (+ (* X[0] X[0]) 0.01) 0.0)", .none(one)))
    #expect(try !accepts("(<= (+ (* X[0] X[0]) -0.01) 0.0)", .none(one)))
    // |x| · |x| ≤ 4 by intervals, and nothing is known before the ranges are.
    #expect(try accepts("(>= (* Y[0] Y[0]) 4.1)", ranges, .none(one)))
    #expect(try !accepts("(>= (* Y[0] Y[0]) 3.9)", ranges, .none(one)))
    #expect(try !accepts("(>= (* Y[0] Y[0]) 4.1)", .none(one)))
    #expect(try accepts("(>= (* Y[0] X[0]) 2.1)", ranges, .none(one)))
    #expect(try !accepts("(>= (* Y[0] X[0]) 1.9)", ranges, .none(one)))
  }
}
