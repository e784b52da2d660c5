import Exact
import Fitting
import Foundation
import Probability
import Testing

@testable import Certificates

/// The file form: reads back as written, and refuses what was altered or was never a certificate.
@Suite struct CertificateFileTests {
  private func error(_ data: Data) -> CertificateError? {
    do {
      _ = try FitCertificate(json: data)
      return nil
    } catch {
      return error as? CertificateError ?? CertificateError(at: "test", "reading threw \(error)")
    }
  }

  private func object(_ example: Example) throws -> [String: Any] {
    let data = try #require(example.certificate).json()
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func data(_ object: [String: Any]) throws -> Data {
    try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
  }

  /// The document with the seal that its content demands, as a forger would make it.
  private func sealed(_ object: [String: Any]) throws -> Data {
    var document = object
    document["seal"] = ""
    var hash = SHA256()
    hash.update([UInt8](try data(document)))
    document["seal"] = "sha256:" + hash.finish()
    return try data(document)
  }

  @Test(arguments: Example.allCases) func readsBackAsWritten(_ example: Example) throws {
    let certificate = try #require(example.certificate)
    let data = try certificate.json()
    let read = try FitCertificate(json: data)
    #expect(read == certificate)
    #expect(try read.json() == data)
    #expect(refusal(read) == nil)
  }

  @Test func namesOfAnyKindSurvive() throws {
    var certificate = try #require(Example.knots.certificate)
    certificate.samples.inputNames = ["a/b \"c\" \\ ü 漢 \n\t"]
    certificate.samples.targetName = ""
    certificate.digest = certificate.samples.digest
    let read = try FitCertificate(json: try certificate.json())
    #expect(read == certificate && refusal(read) == nil)
  }

  /// Every value of the document in turn, changed without a new seal.
  @Test(arguments: Example.allCases) func everyAlterationBreaksTheSeal(_ example: Example) throws {
    let honest = try object(example)
    var count = 0
    func alterations(of value: Any) -> [Any] {
      switch value {
      case let text as String:
        let digits = text.indices.filter { text[$0].isASCII && text[$0].isNumber }
        guard let place = digits.randomElement() else { return [text + "x"] }
        let digit = text[place] == "9" ? "1" : "9"
        return [text.replacingCharacters(in: place...place, with: digit), text + "1"]
      case let list as [Any]:
        var result: [Any] = list.isEmpty ? [] : [Array(list.dropLast()), list + [list[0]]]
        for index in list.indices {
          for altered in alterations(of: list[index]).prefix(1) {
            var copy = list
            copy[index] = altered
            result.append(copy)
          }
        }
        return result
      case let object as [String: Any]:
        return object.keys.sorted().flatMap { key in
          alterations(of: object[key] as Any).map { altered in
            var copy = object
            copy[key] = altered
            return copy as Any
          }
        }
      case let number as NSNumber:
        return [NSNumber(value: number.intValue + 1)]
      default: return []
      }
    }
    for altered in alterations(of: honest) {
      let object = try #require(altered as? [String: Any])
      count += 1
      #expect(error(try data(object)) != nil, "\(example), alteration \(count)")
    }
    #expect(count >= 40, "\(example): \(count) alterations")
  }

  /// Bytes changed at random, as a bad disk would: refused, or the same certificate (a space between two values).
  @Test func damagedBytesAreNoticed() throws {
    let certificate = try #require(Example.twoInputs.certificate)
    let bytes = [UInt8](try certificate.json())
    for seed in 0..<400 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      var damaged = bytes
      switch seed % 3 {
      case 0: damaged[source.index(below: bytes.count)] = UInt8(truncatingIfNeeded: source.next())
      case 1: damaged.remove(at: source.index(below: bytes.count))
      default: damaged = Array(bytes.prefix(source.index(below: bytes.count)))
      }
      if let read = try? FitCertificate(json: Data(damaged)) { #expect(read == certificate, "seed \(seed)") }
    }
  }

  @Test func theForgerIsReal() throws {
    // Without this, the tests below would only see broken seals.
    for example in Example.allCases {
      let object = try object(example)
      #expect(try sealed(object) == data(object), "\(example)")
    }
  }

  @Test func wellSealedNonsenseIsRefused() throws {
    let honest = try object(.squared)
    func expect(_ place: String, _ words: String, _ change: (inout [String: Any]) -> Void) throws {
      var altered = honest
      change(&altered)
      let found = error(try sealed(altered))
      #expect(
        found?.place == place && found?.reason.contains(words) == true, "\(found?.description ?? "accepted") — \(words)"
      )
    }
    func samples(_ object: inout [String: Any], _ change: (inout [String: Any]) -> Void) {
      var samples = object["samples"] as? [String: Any] ?? [:]
      change(&samples)
      object["samples"] = samples
    }
    try expect("format", "version 1") { $0["version"] = 2 }
    try expect("format", "pleat-fit-certificate") { $0["format"] = "something else" }
    try expect("loss", "unknown loss cubic") { $0["loss"] = "cubic" }
    try expect("claimed_loss[0]", "no exact number") { $0["claimed_loss"] = "NaN" }
    try expect("lower_bound[0]", "no exact number") { $0["lower_bound"] = "1/0" }
    try expect("lower_bound[0]", "no exact number") { $0["lower_bound"] = "1e-9223372036854775808" }
    try expect("samples.y[1]", "no exact number") { samples(&$0) { $0["y"] = ["1", "two"] } }
    try expect("samples.x[0][0]", "no exact number") { samples(&$0) { $0["x"] = [[""]] } }
    try expect("samples.weights[0]", "no exact number") { samples(&$0) { $0["weights"] = ["-"] } }
    try expect("network.skip[0]", "no exact number") {
      $0["network"] = ["units": [], "skip": ["?"], "output_bias": "0"] as [String: Any]
    }
    try expect("network.units[0].bias[0]", "no exact number") {
      $0["network"] =
        ["units": [["sign": 1, "weights": ["1"], "bias": "b"] as [String: Any]], "skip": ["0"], "output_bias": "0"]
        as [String: Any]
    }
    try expect("parts[0]", "unknown or incomplete proof \"belief\"") {
      $0["parts"] = [["lower_bound": "0", "proof": "belief"]]
    }
    try expect("parts[0]", "unknown or incomplete proof \"trees\"") {
      $0["parts"] = [["lower_bound": "0", "proof": "trees"]]
    }
    try expect("file", "\"loss\" is missing") { $0["loss"] = nil }
    try expect("file", "\"y\" is missing in samples") { samples(&$0) { $0["y"] = nil } }
    try expect("file", "samples.y is not of the expected kind") { samples(&$0) { $0["y"] = 3 } }
    try expect("file", "model.hidden is not of the expected kind") {
      $0["model"] =
        ["inputs": 1, "hidden": "two", "output_bias": true, "skip": false, "convex": false] as [String: Any]
    }
  }

  /// Well sealed and readable, but of a form that only the checker can refuse; nothing may trap.
  @Test func raggedDataReachTheChecker() throws {
    let honest = try object(.squared)
    let ragged: [[String: Any]] = [
      ["y": ["1"]], ["y": [String]()], ["x": [[String]]()], ["x": [["1"], ["2"]]], ["x": [["1", "2"]]],
      ["weights": ["1"]],
      ["weights": [String]()], ["inputs": [String]()], ["inputs": ["a", "b"]],
      ["y": [String](), "x": [[String]]()], ["weights": Array(repeating: "0", count: 8)],
      ["weights": Array(repeating: "-1", count: 8)], ["y": Array(repeating: "1e5000", count: 8)],
    ]
    for changes in ragged {
      var altered = honest
      var samples = altered["samples"] as? [String: Any] ?? [:]
      samples.merge(changes) { $1 }
      altered["samples"] = samples
      let certificate = try FitCertificate(json: try sealed(altered))
      #expect(refusal(certificate)?.place == "data", "\(changes): \(refusal(certificate)?.description ?? "accepted")")
    }
    for hidden in [-1, 13, 1_000_000_000_000, Int.max] {
      for example in [Example.squared, .knots] {
        var altered = try object(example)
        var model = altered["model"] as? [String: Any] ?? [:]
        model["hidden"] = hidden
        altered["model"] = model
        let certificate = try FitCertificate(json: try sealed(altered))
        #expect(refusal(certificate) != nil, "\(example) with \(hidden) units")
      }
    }
  }

  @Test(arguments: ["", "{", "[]", "null", "42", "\"text\"", "{}", "x,y\n1,2\n", "\u{0}", "{\"format\": 1}"])
  func otherFilesAreNamed(_ text: String) {
    let found = error(Data(text.utf8))
    #expect(
      found?.place == "file" && found?.reason.contains("no pleat-fit-certificate") == true,
      "\(found?.description ?? "")")
  }

  /// Two spellings of one table have one digest; two tables do not.
  @Test func digestsAreOfNumbers() {
    func digest(_ x: [String], _ y: [String], name: String = "x", target: String = "y") -> String {
      ExactSamples(
        inputNames: [name], targetName: target, inputs: x.map { [Rational($0) ?? 0] },
        targets: y.map { Rational($0) ?? 0 },
        weights: y.map { _ in .one }
      ).digest
    }
    #expect(digest(["0.5", "2"], ["1", "3"]) == digest(["1/2", "2.0"], ["1e0", "0.3e1"]))
    let all = [
      digest(["1", "2"], ["3", "4"]), digest(["2", "1"], ["3", "4"]), digest(["1"], ["3"]), digest(["12"], ["3"]),
      digest(["1"], ["23"]), digest(["1"], ["3"], name: "xy", target: ""), digest(["1"], ["3"], name: "", target: "xy"),
    ]
    #expect(Set(all).count == all.count)
  }

  @Test(arguments: [
    ("squared", Loss.squared), ("absolute", .absolute), ("huber", .huber(delta: 1)),
    ("huber:0.5", .huber(delta: Rational(1, 2))),
    ("quantile:9/10", .quantile(tau: Rational(9, 10))), ("hinge", .hinge), ("logistic", .logistic),
  ])
  func lossesReadBack(_ text: String, _ loss: Loss) {
    #expect(Loss(text) == loss && Loss(loss.description) == loss)
  }

  @Test(arguments: [
    "", "Squared", "squared:1", "huber:0", "huber:-1", "huber:", "quantile", "quantile:0", "quantile:1", "quantile:x",
  ])
  func otherLossesAreRefused(_ text: String) {
    #expect(Loss(text) == nil)
  }
}
