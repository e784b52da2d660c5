import Certificates
import Exact
import Fitting
import Foundation
import Probability
import Testing

/// Certificates altered in memory, so that no seal protects them: what makes the claim false or the proof incomplete is
/// refused.
@Suite struct TamperingTests {
  /// Whether the claim itself — not its proof — is true, by a fresh fit of the altered problem.
  private func isTrue(_ certificate: FitCertificate) throws -> Bool {
    let total = CertificateChecker.totalLoss(of: certificate.network, on: certificate.samples, loss: certificate.loss)
    let isLossRight =
      certificate.loss == .logistic ? total.upper <= certificate.claimedLoss : total.upper == certificate.claimedLoss
    guard isLossRight else { return false }
    let result = try GlobalFit(model: certificate.model, loss: certificate.loss, threads: 1).run(
      on: certificate.samples)
    return certificate.lowerBound <= result.exactLoss
  }

  /// A new certificate of the same claim about other samples, with the right digest.
  private func with(_ samples: ExactSamples, _ certificate: FitCertificate) -> FitCertificate {
    FitCertificate(
      model: certificate.model, loss: certificate.loss, samples: samples, network: certificate.network,
      claimedLoss: certificate.claimedLoss, lowerBound: certificate.lowerBound, parts: certificate.parts)
  }

  private func trees(_ certificate: FitCertificate, part: Int) -> [FitCertificate.SignTree] {
    guard case .trees(let trees) = certificate.parts[part].proof else { return [] }
    return trees
  }

  @Test(arguments: Example.allCases) func theExamplesAreValid(_ example: Example) throws {
    let certificate = try #require(example.certificate)
    #expect(refusal(certificate) == nil, "\(example): \(refusal(certificate)?.description ?? "")")
    #expect(certificate.lowerBound > 0, "\(example)")
    if example != .parts {
      let gap = (certificate.claimedLoss - certificate.lowerBound).doubleValue / certificate.claimedLoss.doubleValue
      #expect(gap < 1e-8, "\(example): gap \(gap)")
    }
  }

  // MARK: Always refused

  @Test(arguments: Example.allCases) func falseNumbersAreRefused(_ example: Example) throws {
    let honest = try #require(example.certificate)
    func expectRefused(_ name: String, _ place: String, _ change: (inout FitCertificate) -> Void) {
      var altered = honest
      change(&altered)
      let error = refusal(altered)
      #expect(error?.place.hasPrefix(place) == true, "\(example), \(name): \(error?.description ?? "accepted")")
    }
    for factor in ["1.000001", "1.5", "1e30"].compactMap({ Rational($0) }) {
      expectRefused("raised bound", "") { $0.lowerBound *= factor }
      expectRefused("raised bounds", "") {
        $0.lowerBound *= factor
        for part in $0.parts.indices { $0.parts[part].lowerBound = $0.lowerBound }
      }
    }
    expectRefused("bound of a part", "part 0") { $0.parts[0].lowerBound = $0.claimedLoss * 2 + 1 }
    expectRefused("lowered loss", "loss") { $0.claimedLoss *= Rational(999, 1000) }
    expectRefused("loss of zero", "loss") { $0.claimedLoss = 0 }
    if honest.loss != .logistic { expectRefused("raised loss", "loss") { $0.claimedLoss *= Rational(1001, 1000) } }
    expectRefused("no digest", "data") { $0.digest = "" }
    expectRefused("another digest", "data") {
      $0.digest = String($0.digest.dropLast()) + ($0.digest.hasSuffix("0") ? "1" : "0")
    }
    expectRefused("no parts", "lower_bound") { $0.parts = [] }
    expectRefused("another proof", "") {
      $0.parts = [.init(samples: nil, lowerBound: $0.lowerBound, proof: .nonNegative)]
    }
    expectRefused("a part twice", "part") { $0.parts.append($0.parts[0]) }
    expectRefused("no samples in a part", "") {
      for part in $0.parts.indices { $0.parts[part].samples = [] }
    }
    expectRefused("a sample twice", "part 0") { $0.parts[0].samples = [0, 0] }
    expectRefused("an unknown sample", "part 0") { $0.parts[0].samples = [honest.samples.targets.count] }
    expectRefused("a negative sample", "part 0") { $0.parts[0].samples = [-1] }
    expectRefused("a name", "data") { $0.samples.targetName += "!" }
    expectRefused("missing target", "data") { $0.samples.targets.removeLast() }
    expectRefused("missing row", "data") { $0.samples.inputs.removeLast() }
    expectRefused("short row", "data") { $0.samples.inputs[1] = [] }
    expectRefused("zero weight", "data") { $0.samples.weights[0] = 0 }
    expectRefused("more inputs", "data") { $0.model.inputs += 1 }
    expectRefused("negative width", "data") { $0.model.hidden = -1 }
    expectRefused("an absurd width", "") { $0.model.hidden = .max }
    expectRefused("no units", "") { $0.network.units = [] }
    expectRefused("sign 2", "network") { $0.network.units[0].sign = 2 }
    expectRefused("sign 0", "network") { $0.network.units[0].sign = 0 }
    expectRefused("sign of the least integer", "network") { $0.network.units[0].sign = .min }
    expectRefused("long weights", "network") { $0.network.units[0].weights.append(1) }
    expectRefused("no skip weights", "network") { $0.network.skip = [] }
    expectRefused("a free skip weight", honest.model.skip ? "loss" : "network") { $0.network.skip[0] += 1 }
    expectRefused("another loss", "") { $0.loss = $0.loss == .squared ? .absolute : .squared }
  }

  @Test(arguments: Example.allCases) func alteredDataAreRefused(_ example: Example) throws {
    let honest = try #require(example.certificate)
    let data = honest.samples
    for row in data.targets.indices {
      var altered = honest
      altered.samples.targets[row] = -data.targets[row] + (honest.loss.isClassification ? 0 : 1)
      #expect(refusal(altered)?.place == "data", "\(example), target \(row)")
      altered = honest
      altered.samples.inputs[row][0] += Rational(1, 1000)
      #expect(refusal(altered)?.place == "data", "\(example), input \(row)")
      altered = honest
      altered.samples.weights[row] += Rational(1, 1000)
      #expect(refusal(altered)?.place == "data", "\(example), weight \(row)")
      altered = honest
      altered.samples = data.subset(data.targets.indices.filter { $0 != row })
      #expect(refusal(altered)?.place == "data", "\(example), dropped \(row)")
    }
  }

  @Test(arguments: Example.allCases.filter { $0 != .knots }) func incompleteTreesAreRefused(_ example: Example) throws {
    let honest = try #require(example.certificate)
    for part in honest.parts.indices {
      let trees = trees(honest, part: part)
      #expect(!trees.isEmpty)
      for (number, tree) in trees.enumerated() {
        func expectRefused(_ name: String, _ change: (inout [FitCertificate.SignTree]) -> Void) {
          var altered = honest
          var list = trees
          change(&list)
          altered.parts[part].proof = .trees(list)
          #expect(refusal(altered) != nil, "\(example), part \(part), tree \(number): \(name)")
        }
        expectRefused("dropped") { $0.remove(at: number) }
        expectRefused("empty") { $0[number].text = "" }
        expectRefused("one trivial leaf") { $0[number].text = "l 0 1 1" }
        expectRefused("renamed") { $0[number].positive += 100 }
        let lines = tree.text.split(separator: "\n").map(String.init)
        // Some twenty lines of a long tree.
        let stride = max(1, lines.count / 20)
        for (index, line) in lines.enumerated() where index % stride == 0 && !line.hasPrefix("c") {
          expectRefused("without line \(index + 1)") {
            $0[number].text = (lines[..<index] + lines[(index + 1)...]).joined(separator: "\n")
          }
          expectRefused("line \(index + 1) twice") {
            $0[number].text = (lines[...index] + lines[index...]).joined(separator: "\n")
          }
        }
        for index in lines.indices where index % stride == 0 && lines[index].hasPrefix("b") {
          // A child fewer.
          expectRefused("line \(index + 1) without its last mask") {
            var altered = lines
            altered[index] = lines[index].split(separator: " ").dropLast().joined(separator: " ")
            $0[number].text = altered.joined(separator: "\n")
          }
        }
      }
    }
  }

  @Test func aMissingPartProvesLess() throws {
    let honest = try #require(Example.parts.certificate)
    for part in honest.parts.indices {
      var altered = honest
      altered.parts.remove(at: part)
      #expect(refusal(altered)?.place == "lower_bound")
      altered = honest
      // The proof of the other half.
      altered.parts[part].samples = honest.parts[1 - part].samples
      altered.parts[1 - part].samples = honest.parts[part].samples
      #expect(refusal(altered) != nil)
      altered = honest
      altered.parts[part].samples = nil
      #expect(refusal(altered) != nil)
    }
  }

  // MARK: Refused, or true

  private func alterNetwork(_ certificate: inout FitCertificate, _ source: inout RandomSource) -> String {
    let step = Rational([1, -1, 3, 1000, -7][source.index(below: 5)], [1, 10, 1_000_000_000][source.index(below: 3)])
    let unit = source.index(below: max(certificate.network.units.count, 1))
    switch source.index(below: 5) {
    case 0 where !certificate.network.units.isEmpty:
      certificate.network.units[unit].weights[0] += step
      return "weight of unit \(unit) + \(step)"
    case 1 where !certificate.network.units.isEmpty:
      certificate.network.units[unit].bias += step
      return "bias of unit \(unit) + \(step)"
    case 2 where !certificate.network.units.isEmpty:
      certificate.network.units[unit].sign *= -1
      return "sign of unit \(unit)"
    case 3 where !certificate.network.units.isEmpty:
      certificate.network.units.remove(at: unit)
      return "dropped unit \(unit)"
    default:
      certificate.network.outputBias += step
      return "output bias + \(step)"
    }
  }

  private func alterData(_ certificate: inout FitCertificate, _ source: inout RandomSource) -> String {
    var data = certificate.samples
    let row = source.index(below: data.targets.count)
    let step = Rational([1, -1, 5][source.index(below: 3)], [1, 100, 1_000_000_000][source.index(below: 3)])
    switch source.index(below: 4) {
    case 0: data.targets[row] = certificate.loss.isClassification ? -data.targets[row] : data.targets[row] + step
    case 1: data.inputs[row][0] += step
    case 2: data.weights[row] += step.magnitude
    default: data = data.subset(data.targets.indices.filter { $0 != row })
    }
    certificate = with(data, certificate)
    return "sample \(row), step \(step)"
  }

  private func alterModel(_ certificate: inout FitCertificate, _ source: inout RandomSource) -> String {
    switch source.index(below: 5) {
    case 0: certificate.model.convex.toggle()
    case 1: certificate.model.skip.toggle()
    case 2: certificate.model.outputBias.toggle()
    case 3: certificate.model.hidden += 1
    default: certificate.model.hidden -= 1
    }
    return "\(certificate.model)"
  }

  private func alterTree(_ certificate: inout FitCertificate, _ source: inout RandomSource) -> String {
    let part = source.index(below: certificate.parts.count)
    var list = trees(certificate, part: part)
    guard !list.isEmpty else { return "nothing" }
    let number = source.index(below: list.count)
    var lines = list[number].text.split(separator: "\n").map { Array($0.utf8) }
    let line = source.index(below: lines.count)
    let other = source.index(below: lines.count)
    var name = "tree \(number), line \(line + 1)"
    switch source.index(below: 4) {
    case 0:
      lines.swapAt(line, other)
      name += " for \(other + 1)"
    case 1:
      let other = list.count - 1 - number
      let text = list[number].text
      list[number].text = list[other].text
      list[other].text = text
      certificate.parts[part].proof = .trees(list)
      return "trees exchanged"
    default:
      let digits = lines[line].indices.filter { (48...57).contains(lines[line][$0]) }
      guard !digits.isEmpty else { return "nothing" }
      let place = digits[source.index(below: digits.count)]
      lines[line][place] = UInt8(48 + source.index(below: 10))
      name += " is now \(String(decoding: lines[line], as: UTF8.self))"
    }
    list[number].text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    certificate.parts[part].proof = .trees(list)
    return name
  }

  @Test(arguments: Example.allCases) func whatPassesIsTrue(_ example: Example) throws {
    let honest = try #require(example.certificate)
    var refused = 0
    for seed in 0..<160 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      var altered = honest
      let name: String
      switch seed % 4 {
      case 0: name = alterNetwork(&altered, &source)
      case 1: name = alterData(&altered, &source)
      case 2: name = alterModel(&altered, &source)
      default: name = alterTree(&altered, &source)
      }
      guard altered != honest else { continue }
      guard refusal(altered) == nil else {
        refused += 1
        continue
      }
      #expect(try isTrue(altered), "\(example), seed \(seed): \(name)")
    }
    #expect(refused >= 60, "\(example): \(refused) refused")
  }

  /// Half-way proofs: a digit that weakens a leaf but keeps it balanced is accepted only for the bound that it still has.
  @Test func aWeakerLeafProvesAWeakerBound() throws {
    let samples = Example.samples
    var certificate = FitCertificate(
      model: HiddenLayerModel(inputs: 1, hidden: 0), loss: .squared, samples: samples,
      network: ExactNetwork(units: [], skip: [0], outputBias: Rational(9, 8)), claimedLoss: 0, lowerBound: 0, parts: [])
    certificate.claimedLoss =
      CertificateChecker.totalLoss(of: certificate.network, on: samples, loss: .squared).upper
    // ν = 2 (mean − y) in quarters: 1, −15, 9, −7, 17, 25, −23, −7.
    func prove(_ leaf: String, bound: Rational) {
      certificate.parts = [.init(samples: nil, lowerBound: bound, proof: .trees([.init(positive: 0, text: leaf)]))]
      certificate.lowerBound = bound
    }
    let exact = "l 2 1 1 0:1 1:-15 2:9 3:-7 4:17 5:25 6:-23 7:-7"
    prove(exact, bound: certificate.claimedLoss)
    #expect(refusal(certificate) == nil, "\(refusal(certificate)?.description ?? "")")
    // Moved by a quarter on two samples: Σ ν²/4 grows, so the bound falls by (δ² + δ²) / 4 with δ = 1/4.
    let weaker = "l 2 1 1 0:2 1:-16 2:9 3:-7 4:17 5:25 6:-23 7:-7"
    prove(weaker, bound: certificate.claimedLoss)
    #expect(refusal(certificate) != nil)
    prove(weaker, bound: certificate.claimedLoss - Rational(1, 32))
    #expect(refusal(certificate) == nil, "\(refusal(certificate)?.description ?? "")")
    prove(weaker, bound: certificate.claimedLoss - Rational(1, 33))
    #expect(refusal(certificate) != nil)
    prove("l 2 1 1 0:2 1:-15 2:9 3:-7 4:17 5:25 6:-23 7:-7", bound: 0)
    #expect(refusal(certificate)?.reason.contains("do not balance") == true)
  }
}
