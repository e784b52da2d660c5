import Exact
import Foundation
import Probability
import Testing

@testable import Certificates

/// The file form of a safety certificate: reads back bit for bit, and refuses what is no certificate with the line.
@Suite struct SafetyFileTests {
  private static func sample(_ seed: UInt64) -> SafetyCertificate {
    var source = RandomSource(seed: seed)
    func number() -> Double {
      switch source.index(below: 6) {
      case 0: 0
      case 1: -0.0
      case 2: Double(source.index(below: 2000) - 1000)
      case 3: Double(sign: .plus, exponent: source.index(below: 2000) - 1060, significand: 1 + source.uniform())
      case 4: [.leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, -1e22, 123456789.125][source.index(below: 5)]
      default: source.normal()
      }
    }
    func slopes() -> SafetyProof.Slopes {
      let count = source.index(below: 20)
      return SafetyProof.Slopes(
        source.chance(0.5) ? source.fractions(count) : (0..<count).map { _ in source.chance(0.5) ? 128 : 0 })
    }
    func multipliers() -> [SafetyProof.Multiplier] {
      (0..<source.index(below: 4)).map { _ in
        .init(source.chance(0.5) ? .unit(source.index(below: 400)) : .requirement(source.index(below: 9)), number())
      }
    }
    func step() -> SafetyProof.Step {
      let index = source.index(below: 1000)
      let goals: [SafetyProof.Goal] = [
        .nothing, .inputAtMost(index, number()), .inputAtLeast(index, number()), .unitAtMost(index, number()),
        .unitAtLeast(index, number()),
      ]
      switch source.index(below: 5) {
      case 0: return .ranges(slopes())
      case 1: return .splitInput(index, at: number())
      case 2: return .splitUnit(index)
      default:
        let own = source.chance(0.3) ? slopes() : nil
        return .claim(.init(goals[source.index(below: goals.count)], multipliers(), slopes: own))
      }
    }
    var certificate = SafetyCertificate(
      .unsatisfiable(
        proofs: (0..<source.index(below: 4)).map { _ in
          SafetyProof(steps: (0..<source.index(below: 40)).map { _ in step() })
        }))
    certificate.query.path = "a \"quoted\"\\path/\n é 漢"
    certificate.networks.append(.init(name: "G", path: "g.onnx", digest: ""))
    return certificate
  }

  @Test func readsBackBitForBit() throws {
    for seed in 0..<60 as Range<UInt64> {
      let certificate = Self.sample(seed)
      let data = try certificate.json()
      let again = try SafetyCertificate(json: data)
      #expect(again == certificate, "seed \(seed)")
      // Equality does not tell −0 from 0; the text does.
      #expect(try again.json() == data, "seed \(seed)")
      #expect(try JSONSerialization.jsonObject(with: data) is [String: Any], "seed \(seed)")
    }
    let point = SafetyCertificate(.satisfiable(point: [Rational(1, 3), 0, Rational("-1.5e-30")!]))
    #expect(try SafetyCertificate(json: point.json()) == point)
  }

  @Test func whiteSpaceAndOrderAreFree() throws {
    let certificate = Self.sample(3)
    let object = try JSONSerialization.jsonObject(with: try certificate.json())
    for options in [[.sortedKeys], [.prettyPrinted, .sortedKeys]] as [JSONSerialization.WritingOptions] {
      let data = try JSONSerialization.data(withJSONObject: object, options: options)
      #expect(try SafetyCertificate(json: data) == certificate)
    }
  }

  @Test func piecesAreWrittenAsTheyAreMade() throws {
    let steps = Array(repeating: SafetyProof.Step.splitInput(1, at: 0.1), count: 100_000)
    let certificate = SafetyCertificate(.unsatisfiable(proofs: [SafetyProof(steps: steps)]))
    var sizes: [Int] = []
    try certificate.write { sizes.append($0.count) }
    #expect(sizes.count > 3 && sizes.allSatisfy { $0 < 400_000 })
    #expect(sizes.reduce(0, +) == (try certificate.json()).count)
    struct Full: Error {}
    #expect(throws: Full.self) { try certificate.write { _ in throw Full() } }
  }

  @Test func numbersThatJSONLacksAreNotWritten() {
    for value in [Double.nan, .infinity, -.infinity] {
      let certificate = SafetyCertificate(.unsatisfiable(proofs: [SafetyProof(steps: [.splitInput(0, at: value)])]))
      let error = #expect(throws: CertificateError.self) { try certificate.json() }
      #expect(error?.place == "case 0, step 0")
    }
  }

  @Test func whatIsWrongIsToldWithItsLine() throws {
    let head = "{\"format\": \"pleat-safety\", \"version\": 1, \"query\": {}, \"networks\": [], "
    func unsat(_ steps: String) -> String { head + "\"verdict\": \"unsat\", \"proofs\": [[\n\(steps)]]}" }
    for (text, place, words) in [
      ("", "line 1", "expected {, found the end of the file"), ("[]", "line 1", "expected {, found []"),
      ("{}", "file", "its format is no pleat-safety"),
      (head + "\"version\": 2}", "line 1", "\"version\" stands here a second"),
      (head + "\"verdict\": \"unsat\"}", "file", "verdict"),
      (head + "\"verdict\": \"sat\", \"proofs\": []}", "file", "verdict"),
      (head + "\"what\": 1}", "line 1", "\"what\" is no member"), (unsat("") + "x", "line 2", "there follows x"),
      (head + "\"verdict\": \"sat\", \"point\": [\"1/0\"]}", "line 1", "\"1/0\" is no exact number"),
      (head + "\"verdict\": \"sat\", \"point\": [\"1e999999999\"]}", "line 1", "is no exact number"),
      (unsat("[\"y\", 1]"), "line 2", "\"y\" is no step"), (unsat("[\"u\"]"), "line 2", "expected ,, found ]"),
      (unsat("[\"u\",\n1.5]"), "line 3", "expected an integer, found 1.5"),
      (unsat("[\"u\", 99999999999999999999]"), "line 2", "expected an integer"),
      (unsat("[\"x\", 0, 1e400]"), "line 2", "in the range of double"),
      (unsat("[\"x\", 0, nan]"), "line 2", "found nan"),
      (unsat("[\"x\", 0, 1-2]"), "line 2", "found 1-2"), (unsat("[\"x\", 0, 1, 2]"), "line 2", "expected ], found ,"),
      (unsat("[\"none\", [\"q1\", 1]]"), "line 2", "names no multiplier"),
      (unsat("[\"none\", [\"r-1\", 1]]"), "line 2", "names no multiplier"),
      (unsat("[\"none\", [\"r\", 1]]"), "line 2", "names no multiplier"),
      (unsat("[\"ranges\", \"f*\"]"), "line 2", "not base64"), (unsat("[\"ranges\", \"\"]"), "line 2", "not base64"),
      (unsat("[\"ranges\", \"b9AA==\"]"), "line 2", "0 to 7"), (unsat("[\"ranges\", \"b1\"]"), "line 2", "0 to 7"),
      (unsat("[\"ranges\", \"b-AAA\"]"), "line 2", "base64"), (unsat("[\"none"), "line 2", "ends within a string"),
      (unsat("[\"none\n\"]"), "line 2", "not closed on its line"), (unsat("[\"\\x\"]"), "line 2", "not well-formed"),
      (String(repeating: "[", count: 100_000), "line 1", "expected {"),
      (head + "\"proofs\": " + String(repeating: "[", count: 100_000), "line 1", "expected a string"),
    ] {
      let error = #expect(throws: CertificateError.self) { try SafetyCertificate(json: Data(text.utf8)) }
      let shown = error?.description.prefix(200) ?? ""
      #expect(error?.place == place && error?.reason.contains(words) == true, "\(text.prefix(200)): \(shown)")
    }
    let error = #expect(throws: CertificateError.self) {
      try SafetyCertificate(json: Data([0x7B, 0x22, 0xFF, 0x22, 0x3A]))
    }
    #expect(error?.reason == "a string is not UTF-8")
  }

  @Test func damagedFilesAreErrorsOrCertificates() throws {
    for seed in 0..<1500 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      var bytes = [UInt8](try Self.sample(seed % 20).json())
      for _ in 0...source.index(below: 3) {
        let place = source.index(below: bytes.count)
        switch source.index(below: 4) {
        case 0: bytes[place] = UInt8(source.index(below: 256))
        case 1: bytes.removeSubrange(place..<min(bytes.count - 1, place + 1 + source.index(below: 5)))
        case 2: bytes[place] = UInt8(ascii: "[")
        default: bytes.insert(contentsOf: Array("\",-1]".utf8), at: place)
        }
      }
      do {
        _ = try SafetyCertificate(json: Data(bytes))
      } catch {
        #expect(error is CertificateError, "seed \(seed)")
      }
    }
  }
}
