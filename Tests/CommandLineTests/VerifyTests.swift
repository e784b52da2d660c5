import Foundation
import Testing

/// `pleat verify` about one query: answers, witnesses, certificates.
@Suite struct VerifyTests {
  /// The hat reaches 1 and no more.
  @Test func safeAndUnsafe() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    let safe = try Programs.run("pleat", ["verify", model, folder.write("s.vnnlib", Queries.one("(>= Y_0 5)"))])
    #expect(safe.status == 0 && safe.output == "unsat\n", "\(safe.output)\(safe.errors)")

    let witness = folder.path("witness.txt")
    let property = try folder.write("u.vnnlib", Queries.one("(>= Y_0 0.25)"))
    let violated = try Programs.run("pleat", ["verify", model, property, "--witness", witness, "--seed", "3"])
    #expect(violated.status == 1 && violated.output.hasPrefix("sat\n((X_0 "), "\(violated.output)\(violated.errors)")
    #expect(try String(contentsOfFile: witness, encoding: .utf8) == violated.output)
    let values = try Self.values(violated.output)
    #expect(values.keys.sorted() == ["X_0", "Y_0"])
    let (x, y) = (try #require(values["X_0"]), try #require(values["Y_0"]))
    #expect(abs(x) <= 1 && y >= 0.25 && abs(y - max(0, 1 - abs(x))) < 1e-6, "\(violated.output)")
    #expect(Double(Float(x)) == x || abs(Double(Float(x)) - x) < 1e-7)
  }

  /// `((X_0 0.5)\n(Y_0 0.5))`
  private static func values(_ output: String) throws -> [String: Double] {
    let lines = output.split(separator: "\n").dropFirst()
    let text = lines.joined(separator: "\n")
    #expect(text.hasPrefix("((") && text.hasSuffix("))"))
    var values: [String: Double] = [:]
    for pair in text.dropFirst().dropLast().split(separator: "\n") {
      let parts = pair.dropFirst().dropLast().split(separator: " ")
      #expect(parts.count == 2 && pair.hasPrefix("(") && pair.hasSuffix(")"), "\(pair)")
      values[String(parts[0])] = try #require(Double(parts[1]))
    }
    return values
  }

  @Test func standardForm() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    let query = try folder.write("q.vnnlib", Queries.two("(>= Y[0,0] 0.25)", type: "float32"))
    let run = try Programs.run("pleat", ["verify", query, "--network", "N=\(model)", "--timeout", "5.0"])
    #expect(run.status == 1, "\(run.errors)")
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 6 && lines[0] == "sat" && lines[5].isEmpty, "\(run.output)")
    #expect(lines[1] == "X float32 [1,1]" && lines[3] == "Y float32 [1,1]", "\(run.output)")
    #expect(abs(try #require(Double(lines[2]))) <= 0.75)

    let tensors = folder.path("tensors")
    for option in ["--serialise-assignments", "--assignments"] {
      let serial = try Programs.run("pleat", ["verify", query, "--network", "N=\(model)", option, tensors])
      #expect(serial.status == 1 && serial.output == "sat\n", "\(serial.output)\(serial.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: tensors).sorted()
      #expect(names == ["X.pb", "Y.pb"])
      let bytes = try folder.data("tensors/X.pb")
      let x = bytes.suffix(4).withUnsafeBytes { Float(bitPattern: $0.loadUnaligned(as: UInt32.self)) }
      #expect(Float(lines[2]) == x)
      try FileManager.default.removeItem(atPath: tensors)
    }
  }

  @Test func standardFormWithoutAnswer() throws {
    let folder = try Folder()
    let model = try folder.write("m.onnx", Models.random([1, 4, 1]))
    let query = try folder.write("q.vnnlib", Queries.two("(>= Y[0,0] 100.0)"))
    let run = try Programs.run("pleat", ["verify", query, "--network", "N=\(model)"])
    #expect(run.status == 0 && run.output == "unsat\n", "\(run.output)\(run.errors)")
  }

  @Test func compressedFiles() throws {
    let folder = try Folder()
    let model = try Models.hat().onnx()
    try Gzip.stored(model).write(to: folder.url.appendingPathComponent("hat.onnx.gz"))
    try Gzip.stored(Data(Queries.one("(>= Y_0 5)").utf8)).write(to: folder.url.appendingPathComponent("p.vnnlib.gz"))
    for end in ["", ".gz"] {
      let run = try Programs.run(
        "pleat", ["verify", folder.path("hat.onnx\(end)"), folder.path("p.vnnlib\(end)"), "--quiet"])
      #expect(run.status == 0 && run.output == "unsat\n" && run.errors.isEmpty, "\(run.output)\(run.errors)")
    }
    let cut = Gzip.stored(model).dropLast(20)
    try cut.write(to: folder.url.appendingPathComponent("cut.onnx.gz"))
    let run = try Programs.run("pleat", ["verify", folder.path("cut.onnx.gz"), folder.path("p.vnnlib.gz")])
    #expect(run.status == 2 && run.output.isEmpty && run.errors.contains("cut off"), "\(run.output)\(run.errors)")
  }

  @Test func emptyBox() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    let property = try folder.write("p.vnnlib", Queries.one("(>= Y_0 0)", lower: "1", upper: "0.5"))
    let run = try Programs.run("pleat", ["verify", model, property])
    #expect(run.status == 0 && run.output == "unsat\n", "\(run.output)")
    #expect(run.errors.contains("the box is empty: X_0 would have to be at least 1 and at most 0.5"), "\(run.errors)")
  }

  @Test func certificates() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    for (assertion, word, status) in [("(>= Y_0 5)", "unsat", 0), ("(>= Y_0 0.25)", "sat", 1)] {
      let property = try folder.write("p.vnnlib", Queries.one(assertion))
      let proof = folder.path("proof.json")
      let run = try Programs.run("pleat", ["verify", model, property, "--certificate", proof])
      #expect(run.status == status && run.output.hasPrefix(word), "\(run.output)\(run.errors)")
      let check = try Programs.run("pleat", ["check", proof])
      #expect(check.status == 0 && check.output.hasPrefix("valid\n"), "\(check.output)\(check.errors)")
      #expect(check.output.contains("verdict      \(word)"), "\(check.output)")
      let json = try Programs.run("pleat", ["check", proof, "--json"]).json()
      #expect(json["valid"] as? Bool == true && json["verdict"] as? String == word)
      let small = try Programs.run("pleat-check", [proof])
      #expect(small.status == 0 && small.output.hasPrefix("valid: \(word)"), "\(small.output)\(small.errors)")

      // The files moved away, and named again.
      let inner = folder.url.appendingPathComponent("inner")
      try? FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      let moved = inner.appendingPathComponent("proof.json").path
      try? FileManager.default.removeItem(atPath: moved)
      try FileManager.default.moveItem(atPath: proof, toPath: moved)
      for name in ["pleat", "pleat-check"] {
        let verb = name == "pleat" ? ["check"] : []
        let lost = try Programs.run(name, verb + [moved])
        #expect(lost.status == 2 && lost.output.isEmpty && lost.errors.contains("--query FILE"), "\(lost.errors)")
        let options = ["--query", property, "--network", "N=\(model)"]
        let found = try Programs.run(name, verb + [moved] + options)
        #expect(found.status == 0 && found.output.hasPrefix("valid"), "\(name): \(found.output)\(found.errors)")
        let other = try folder.write("other.vnnlib", Queries.one("(>= Y_0 0.5)"))
        let wrong = try Programs.run(name, verb + [moved, "--query", other, "--network", "N=\(model)"])
        #expect(wrong.status == 1 && wrong.output.contains("digest"), "\(name): \(wrong.output)\(wrong.errors)")
      }
    }
  }

  @Test func explanations() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    let violated = try folder.write("u.vnnlib", Queries.one("(>= Y_0 0.25)"))
    let text = try Programs.run("pleat", ["verify", model, violated, "--explain"])
    for words in ["Y_0 ≥ 0.25   by", "X_0", "polytope in 1 input with 2 faces"] {
      #expect(text.errors.contains(words), "'\(words)' is not in\n\(text.errors)")
    }
    let json = try Programs.run("pleat", ["verify", model, violated, "--explain", "--json"]).json()
    #expect(json["verdict"] as? String == "sat" && json["representable"] as? Bool == true)
    let explanation = try #require(json["explanation"] as? [String: Any])
    let margins = try #require(explanation["margins"] as? [[String: Any]])
    #expect(margins.count == 1 && (margins[0]["slack"] as? Double ?? -1) >= 0)
    let region = try #require(explanation["region"] as? [String: Any])
    #expect((region["a"] as? [[Double]])?.count == 2 && (region["b"] as? [Double])?.count == 2)
    let witness = try #require(json["witness"] as? [[String: Any]])
    #expect(witness.map { $0["name"] as? String } == ["X", "Y"])

    let safe = try folder.write("s.vnnlib", Queries.one("(>= Y_0 5)"))
    let proof = try Programs.run("pleat", ["verify", model, safe, "--explain", "--json"]).json()
    let nearest = try #require((proof["explanation"] as? [String: Any])?["nearest"] as? [String: Any])
    // The hat's largest value is 1.
    #expect(abs((nearest["shortfall"] as? Double ?? 0) - 4) < 0.01, "\(nearest)")
    #expect((proof["explanation"] as? [String: Any])?["proof"] is [String: Any])
  }
}
