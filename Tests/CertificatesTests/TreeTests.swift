import Exact
import Fitting
import Probability
import Testing

@testable import Certificates

/// Trees written by hand: what the checker accepts, what it proves, and which error it gives for what is wrong.
@Suite struct TreeTests {
  /// The sites 0, 1, 2 on a line with targets 3, 5, −1.
  private static let samples = ExactSamples([[0], [1], [2]], [3, 5, -1])

  private func check(
    _ lines: String..., hidden: Int = 1, positive: Int = 1, bias: Bool = false, skip: Bool = false,
    loss: Loss = .squared,
    samples: ExactSamples = samples
  ) throws -> TreeChecker.Outcome {
    let model = HiddenLayerModel(inputs: 1, hidden: hidden, outputBias: bias, skip: skip)
    let scaled = ScaledSamples(inputs: samples.inputs, targets: samples.targets, weights: samples.weights)
    return try TreeChecker(model: model, loss: loss, samples: scaled, positive: positive)
      .check(lines.joined(separator: "\n"), place: "tree")
  }

  private func expectError(_ line: Int, _ words: String, _ body: () throws -> TreeChecker.Outcome) {
    let error = #expect(throws: CertificateError.self) { try body() }
    #expect(error?.place == "tree, line \(line)", "\(error?.description ?? "") — \(words)")
    #expect(error?.reason.contains(words) == true, "\(error?.description ?? "") — \(words)")
  }

  // MARK: What is proved

  @Test func aLeafProvesItsDualBound() throws {
    // Where the unit is off at site 0, the prediction there is 0: the loss is 9 at ν = −6, less elsewhere.
    let best = try check("b 0 0 1", "l 0 1 1 0:-6", "l 0 1 1")
    #expect(best.leaves == 2 && best.lowerBound == 0)
    // Off at all sites: the whole of 9 + 25 + 1, with multipliers of every form.
    let off = try check(
      "b 0 0 1", "b 1 0 1", "b 2 0 1", "l -1 1 1 0:-3 1:-5 2:1", "l 0 1 1", "l 0 1 1", "b 1 0 1", "l 0 1 1", "l 0 1 1")
    #expect(off.leaves == 5 && off.lowerBound == 0)
    // A model without parameters but for a bias: the variance.
    let constant = try check("l 0 1 3 0=-4 1=-10 2=14", hidden: 0, positive: 0, bias: true)
    #expect(constant.leaves == 1)
    #expect(constant.lowerBound == Rational(56, 3))
    let coarse = try check("l 0 1 1 0:-1 1:-5 2:6", hidden: 0, positive: 0, bias: true)
    #expect(coarse.lowerBound > 0 && coarse.lowerBound < Rational(56, 3))
  }

  @Test func multipliersHaveTwoForms() throws {
    // A model without parameters predicts 0; the best multiplier of a sample is −2wy.
    let samples = ExactSamples([[0], [1], [2]], [3, 5, -1], weights: [1, 2, 4])
    for (leaf, expected) in [
      ("l 0 1 1 0:-6 1:-20 2:8", 9 + 50 + 4), ("l 1 1 1 0:-12 1:-40 2:16", 63), ("l -1 1 1 0:-3 1:-10 2:4", 63),
      ("l 0 1 2 0=-c 1=-28 2=10", 63), ("l 0 1 2 0:-6 1=-28 2:8", 63), ("l 0 1 1 0:-6", 9), ("l 0 3 1 0:-12", 8),
      ("l -1 6 2 0=-24", 9), ("l 0 1 1 0:6", -27), ("l 0 1 1", 0),
    ] {
      let outcome = try check(leaf, hidden: 0, positive: 0, samples: samples)
      #expect(outcome.lowerBound == Rational(expected), "\(leaf)")
    }
  }

  @Test func lossesBoundTheirMultipliers() throws {
    #expect(try check("l 0 1 1 0:-1 1:-1 2:1", hidden: 0, positive: 0, loss: .absolute).lowerBound == 9)
    expectError(1, "outside the loss's range") {
      try check("l 0 1 1 0:-2", hidden: 0, positive: 0, loss: .absolute)
    }
    let quantile = Loss.quantile(tau: Rational(1, 4))
    #expect(try check("l 2 1 1 0:-1 1:-1 2:3", hidden: 0, positive: 0, loss: quantile).lowerBound == Rational(11, 4))
    expectError(1, "outside the loss's range") { try check("l 2 1 1 0:-2", hidden: 0, positive: 0, loss: quantile) }
    let huber = Loss.huber(delta: 1)
    #expect(try check("l 0 1 1 0:-1 1:-1 2:1", hidden: 0, positive: 0, loss: huber).lowerBound == Rational(15, 2))
    expectError(1, "outside the loss's range") { try check("l 0 1 1 0:-2", hidden: 0, positive: 0, loss: huber) }
    let labels = ExactSamples([[0], [1]], [1, -1])
    #expect(try check("l 0 1 1 0:-1 1:1", hidden: 0, positive: 0, loss: .hinge, samples: labels).lowerBound == 2)
    for leaf in ["l 0 1 1 0:1", "l 0 1 1 0:-2", "l 0 1 1 1:-1"] {
      for loss in [Loss.hinge, .logistic] {
        expectError(1, "outside the loss's range") {
          try check(leaf, hidden: 0, positive: 0, loss: loss, samples: labels)
        }
      }
    }
    // Both margins at 0: 2 log 2, from below.
    let logistic = try check("l 1 1 1 0:-1 1:1", hidden: 0, positive: 0, loss: .logistic, samples: labels).lowerBound
    #expect(logistic <= Rational("1.386294361119890618834464243")! && logistic > Rational("1.386294361119890618")!)
  }

  // MARK: Coverage

  @Test func allMasksMustBeCovered() throws {
    expectError(1, "covers the mask 0") { try check("b 0 1", "l 0 1 1") }
    expectError(1, "covers the mask 1") { try check("b 0 0", "l 0 1 1") }
    expectError(1, "covers the mask 0") { try check("b 0") }
    expectError(2, "covers the mask 1") { try check("b 0 0 1", "b 1 0", "l 0 1 1", "l 0 1 1") }
    // The second child of the first branch has a hole, not the first one.
    expectError(3, "covers the mask 0") { try check("b 0 0 1", "l 0 1 1", "b 1 1", "l 0 1 1") }
  }

  @Test func unitsOfOneSignMayBeExchanged() throws {
    #expect(try check("b 0 0 1 3", "l 0 1 1", "l 0 1 1", "l 0 1 1", hidden: 2, positive: 2).leaves == 3)
    #expect(try check("b 0 0 1 3", "l 0 1 1", "l 0 1 1", "l 0 1 1", hidden: 2, positive: 0).leaves == 3)
    expectError(1, "covers the mask 2") {
      try check("b 0 0 1 3", "l 0 1 1", "l 0 1 1", "l 0 1 1", hidden: 2, positive: 1)
    }
    // Not the other way round: 2 does not stand for 1.
    expectError(1, "covers the mask") {
      try check("b 0 0 2 3", "l 0 1 1", "l 0 1 1", "l 0 1 1", hidden: 2, positive: 2)
    }
    // Told apart by the first branch, the units may not be exchanged at the second one.
    expectError(3, "covers the mask 2") {
      try check("b 0 0 1 3", "l 0 1 1", "b 1 0 1 3", "l 0 1 1", "l 0 1 1", "l 0 1 1", "l 0 1 1", hidden: 2, positive: 2)
    }
    // Alike at the first branch, they may.
    #expect(
      try check("b 0 0 1 3", "b 1 0 1 3", "l 0 1 1", "l 0 1 1", "l 0 1 1", "l 0 1 1", "l 0 1 1", hidden: 2, positive: 2)
        .leaves == 5)
  }

  @Test func aFreeAffinePartFlipsTheFirstBranchOnly() throws {
    #expect(try check("b 1 0", "l 0 1 1", bias: true, skip: true).leaves == 1)
    expectError(1, "covers the mask 1") { try check("b 1 0", "l 0 1 1", bias: true) }
    expectError(1, "covers the mask 1") { try check("b 1 0", "l 0 1 1", skip: true) }
    expectError(2, "covers the mask 1") { try check("b 1 0", "b 0 0", "l 0 1 1", bias: true, skip: true) }
  }

  // MARK: Circuits

  @Test func circuitsFollowFromGeometry() throws {
    // Off at 0 and on at 1 is on at 2, as 2 lies beyond; the branch on 2 would add nothing.
    #expect(try check("b 0 0 1", "b 1 0 1", "l 0 1 1", "c 0 2 1 0 1", "l 0 1 1", "l 0 1 1").leaves == 3)
    #expect(try check("b 0 0 1", "l 0 1 1", "b 2 0 1", "l 0 1 1", "c 0 1 1 0 2", "l 0 1 1").leaves == 3)
    expectError(5, "known already") {
      try check("b 0 0 1", "b 1 0 1", "l 0 1 1", "c 0 2 1 0 1", "b 2 0 1", "l 0 1 1", "l 0 1 1")
    }
    // The bit decides which children are demanded.
    func branch(_ line: String) throws -> TreeChecker.Outcome {
      try check(
        "b 0 0 1 2 3", "b 1 0 1 2 3", "l 0 1 1", "c 0 2 1 0 1", line, "l 0 1 1", "l 0 1 1", "l 0 1 1", "l 0 1 1",
        "l 0 1 1", "l 0 1 1",
        "l 0 1 1", hidden: 2, positive: 1)
    }
    #expect(try branch("b 2 1 3").leaves == 8)
    expectError(5, "covers the mask 3") { try branch("b 2 1 2") }
  }

  @Test func wrongCircuitsAreRefused() {
    let start = ["b 0 0 1", "b 1 0 1", "l 0 1 1"]
    func expect(_ circuit: String, _ words: String) {
      expectError(4, words) { try check(start[0], start[1], start[2], circuit, "l 0 1 1", "l 0 1 1") }
    }
    expect("c 0 2 0 0 1", "does not follow")
    expect("c 0 2 1 0", "does not follow")
    expect("c 0 2 1", "does not follow")
    expect("c 0 2 1 1 1", "does not follow")
    expect("c 0 2 1 0 2", "has no bit yet at site 2")
    expect("c 0 2 1 0 1 1", "at most 2 sites")
    expect("c 0 2 1 0 9", "at most 2 sites")
    expect("c 0 2 1 0 -1", "at most 2 sites")
    expect("c 0 2 2 0 1", "a unit, a site and a bit")
    expect("c 1 2 1 0 1", "a unit, a site and a bit")
    expect("c -1 2 1 0 1", "a unit, a site and a bit")
    expect("c 0 3 1 0 1", "a unit, a site and a bit")
    expect("c 0", "a unit, a site and a bit")
    expect("c", "a unit, a site and a bit")
    expect("c 0 2 1 0 x", "unreadable circuit")
  }

  @Test func whatAChildLearnsIsForgottenInTheNext() {
    // The circuit of the first child of line 2 must not count in the second one.
    expectError(5, "no bit there") {
      try check("b 0 0 1", "b 1 1 0", "c 0 2 1 0 1", "l 0 1 1", "l 0 1 1 2:1")
    }
    expectError(5, "no bit at site 1") { try check("b 0 0 1", "b 1 0 1", "l 0 1 1", "l 0 1 1", "l 0 1 1 0.1:1") }
  }

  // MARK: Leaves

  @Test func wrongLeavesAreRefused() {
    func expect(_ leaf: String, _ words: String) {
      expectError(3, words) { try check("b 0 0 1", "l 0 1 1", leaf) }
    }
    expect("l 0 1 1 0:1", "do not balance in coordinate 1 of unit 0")
    expect("l 0 1 1 0:2 0.0:1", "do not balance")
    expect("l 0 1 1 0:-1 0.0:-1", "multiplier of half-space 0.0 is negative")
    expect("l 0 1 1 0=1 0.0=-1", "multiplier of half-space 0.0 is negative")
    expect("l 0 1 1 1:1", "site 1 is used, but unit 0 has no bit there")
    expect("l 0 1 1 0.1:1", "unit 0 has no bit at site 1")
    expect("l 0 1 1 0.3:1", "no half-space 0.3")
    expect("l 0 1 1 1.0:1", "no half-space 1.0")
    expect("l 0 1 1 0:1 0:-1", "sample 0 does not exist or is named twice")
    expect("l 0 1 1 3:1", "sample 3 does not exist or is named twice")
    expect("l 0 1 1 -1:1", "sample -1 does not exist or is named twice")
    expect("l 0 1 1 0=xyz", "xyz is no hexadecimal number")
    expect("l 0 1 0", "a positive denominator")
    expect("l 0 0 1", "a positive divisor")
    expect("l 0 -3 1", "a positive divisor")
    expect("l 0 1.5 1", "a positive divisor")
    expect("l 0 99999999999999999999 1", "a positive divisor")
    expect("l 0 1 -1", "a positive denominator")
    expect("l 0 1 g", "a positive denominator")
    expect("l 0", "a positive denominator")
    expect("l", "a positive denominator")
    expect("l x 1", "an exponent")
    expect("l 10000 1 1", "an exponent")
    expect("l -9223372036854775808 1 1", "an exponent")
    expect("l 99999999999999999999 1 1", "an exponent")
    for leaf in [
      "l 0 1 1 0", "l 0 1 1 0:", "l 0 1 1 :1", "l 0 1 1 0:1.5", "l 0 1 1 0:99999999999999999999", "l 0 1 1 0;1",
      "l 0 1 1 a:1",
      "l 0 1 1 0.0.0:1", "l 0 1 1 .0:1", "l 0 1 1 0.:1",
    ] {
      expect(leaf, "unreadable leaf")
    }
  }

  /// Multipliers within one site cancel, so its bits do not matter; a huge bound below zero is no trap.
  @Test func repeatedMeasurementsNeedNoBits() throws {
    let samples = ExactSamples([[4], [4]], [1, 3])
    #expect(try check("l 0 1 1 0:2 1:-2", samples: samples).lowerBound == 2)
    #expect(try check("l -9999 1 1 0:2 1:-2", samples: samples).lowerBound.signum == -1)
    var certificate = FitCertificate(
      model: HiddenLayerModel(inputs: 1, hidden: 0, outputBias: false), loss: .squared, samples: samples,
      network: ExactNetwork(units: [], skip: [0], outputBias: 0), claimedLoss: 10, lowerBound: 0,
      parts: [.init(samples: nil, lowerBound: 0, proof: .trees([.init(positive: 0, text: "l -9999 1 1 0:2 1:-2")]))])
    #expect(refusal(certificate) == nil)
    certificate.lowerBound = 1
    #expect(refusal(certificate)?.place == "lower_bound")
  }

  // MARK: Form

  @Test func theTextMustBeOneTree() {
    expectError(1, "ends before") { try check("") }
    expectError(1, "ends before") { try check("nonsense") }
    expectError(3, "ends before") { try check("b 0 0 1", "l 0 1 1") }
    expectError(4, "goes on after its last leaf") { try check("b 0 0 1", "l 0 1 1", "l 0 1 1", "l 0 1 1") }
    expectError(4, "goes on after its last leaf") { try check("b 0 0 1", "l 0 1 1", "l 0 1 1", "c 0 1 1 0") }
    expectError(2, "goes on after its last leaf") { try check("l 0 1 1", "#") }
    expectError(1, "a site below 3") { try check("b 3 0 1") }
    expectError(1, "a site below 3") { try check("b -1 0 1") }
    expectError(1, "a site below 3") { try check("b") }
    expectError(1, "mask 2 is out of range") { try check("b 0 0 1 2") }
    expectError(1, "mask -1 is out of range") { try check("b 0 -1 0 1") }
    expectError(1, "unreadable branch") { try check("b 0 0 1 x") }
    expectError(1, "known already") { try check("b 0 0", hidden: 0, positive: 0) }
  }

  @Test func deepNonsenseEnds() {
    // One site can be branched on once for a unit, so a deep tree is refused at its second line.
    let text = Array(repeating: "b 0 0 1", count: 200_000).joined(separator: "\n")
    expectError(2, "known already") { try check(text) }
    let circuits = "b 0 0 1\n" + Array(repeating: "c 0 0 0 0", count: 50_000).joined(separator: "\n")
    expectError(50_002, "ends before") { try check(circuits) }
    expectError(1, "ends before") { try check(String(repeating: "x", count: 1_000_000)) }
    expectError(4, "ends before") { try check(String(repeating: "\n", count: 3) + "\u{0}\u{FFFD}") }
  }

  // MARK: Fuzz

  private static let alphabet = Array("0123456789 -bclx:=.\nabcdef/\u{7}".utf8)

  private static func mutate(_ text: String, _ source: inout RandomSource) -> String {
    var bytes = Array(text.utf8)
    for _ in 0...source.index(below: 3) {
      let place = source.index(below: bytes.count)
      let byte = alphabet[source.index(below: alphabet.count)]
      switch source.index(below: 6) {
      case 0: bytes[place] = byte
      case 1: bytes.insert(byte, at: place)
      case 2: bytes.remove(at: place)
      case 3:
        // A digit for a digit, which stays readable.
        let digits = bytes.indices.filter { (48...57).contains(bytes[$0]) }
        bytes[digits[source.index(below: digits.count)]] = UInt8(48 + source.index(below: 10))
      case 4:
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        lines.swapAt(source.index(below: lines.count), source.index(below: lines.count))
        bytes = Array(lines.joined(separator: [10]))
      default:
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        let line = source.index(below: lines.count)
        if Bool.random(using: &source) { lines.insert(lines[line], at: line) } else { lines.remove(at: line) }
        bytes = Array(lines.joined(separator: [10]))
      }
      if bytes.isEmpty { bytes = [byte] }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// However a tree is altered, the checker ends, and what it accepts proves no more than the truth.
  @Test(arguments: [Example.squared, .absolute, .logistic, .twoInputs]) func alteredTreesProveNoMore(_ example: Example)
    throws
  {
    let certificate = try #require(example.certificate)
    guard case .trees(let trees) = certificate.parts[0].proof else {
      Issue.record("\(example) has no tree")
      return
    }
    let data = certificate.samples
    let scaled = ScaledSamples(inputs: data.inputs, targets: data.targets, weights: data.weights)
    func bound(_ tree: FitCertificate.SignTree) throws -> Rational {
      try TreeChecker(model: certificate.model, loss: certificate.loss, samples: scaled, positive: tree.positive)
        .check(tree.text, place: "tree").lowerBound
    }
    let honest = try trees.map(bound)
    var refused = 0
    for seed in 0..<500 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let chosen = source.index(below: trees.count)
      var altered = trees[chosen]
      altered.text = Self.mutate(altered.text, &source)
      do {
        var bounds = honest
        bounds[chosen] = try bound(altered)
        // The claimed loss is the optimum, up to the gap that was asked for.
        #expect((bounds.min() ?? 0) <= certificate.claimedLoss, "\(example), seed \(seed):\n\(altered.text)")
      } catch is CertificateError {
        refused += 1
      }
    }
    #expect(refused > 200, "\(example): \(refused) of 500 refused")
  }
}
