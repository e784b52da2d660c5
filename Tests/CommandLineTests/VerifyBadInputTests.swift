import Foundation
import Testing

/// Bad usage and bad input of `pleat verify`, `supports` and `check`: a reason, status 2, and never a verdict.
@Suite struct VerifyBadInputTests {
  private func check(_ arguments: [String], _ words: String..., at: SourceLocation = #_sourceLocation) throws {
    let run = try Programs.run("pleat", arguments)
    #expect(run.status == 2, "\(arguments): status \(run.status)\n\(run.errors)\(run.output)", sourceLocation: at)
    #expect(run.output.isEmpty, "\(arguments): \(run.output)", sourceLocation: at)
    for word in words {
      #expect(run.errors.contains(word), "\(arguments): '\(word)' is not in\n\(run.errors)", sourceLocation: at)
    }
  }

  @Test func files() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    let property = try folder.write("p.vnnlib", Queries.one("(>= Y_0 0)"))
    try check(["verify"], "name a model and a property")
    try check(["verify", model, property, model], "one model and one property")
    try check(["verify", property, model], "the model comes first")
    try check(["verify", folder.path("none.onnx"), property], "none.onnx", "no such file")
    try check(["verify", model, folder.path("none.vnnlib")], "none.vnnlib", "no such file")
    try check(["verify", folder.url.path, property], "folder")
    try check(["verify", model, folder.write("bad.vnnlib", Queries.one("(>= Z_0 0)"))], "bad.vnnlib:5:", "Z_0")
    try check(["verify", model, folder.write("empty.vnnlib", "")], "empty.vnnlib")
    let data = try folder.data("hat.onnx")
    try data.dropLast(7).write(to: folder.url.appendingPathComponent("cut.onnx"))
    try check(["verify", folder.path("cut.onnx"), property], "cut.onnx", "damaged")
    let wide = try folder.write("wide.onnx", Models.diamond())
    try check(["verify", wide, property], "2", "1")
    var broken = data
    // The first weight of the hat, 1 as float32, becomes NaN.
    let one = try #require(broken.range(of: Data([0, 0, 0x80, 0x3F])))
    broken.replaceSubrange(one, with: [0, 0, 0xC0, 0x7F])
    try broken.write(to: folder.url.appendingPathComponent("nan.onnx"))
    try check(["verify", folder.path("nan.onnx"), property], "nan.onnx", "finite")
  }

  @Test func networks() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    let query = try folder.write(
      "q.vnnlib",
      """
      (vnnlib-version <2.0>)
      (declare-network first (declare-input X real [1,1]) (declare-output Y real [1,1]))
      (declare-network second (declare-input Z real [1,1]) (declare-output W real [1,1]))
      (assert (and (>= X[0,0] -1.0) (<= X[0,0] 1.0) (== X[0,0] Z[0,0]) (> Y[0,0] W[0,0])))
      """)
    try check(["verify", query], "'first', 'second'", "--network first=FILE --network second=FILE")
    try check(["verify", query, "--network", "first=\(model)"], "'second'", "--network second=FILE")
    try check(["verify", query, "--network", "frist=\(model)"], "'frist'", "did you mean 'first'")
    try check(["verify", query, "--network", "first"], "NAME=FILE")
    try check(["verify", query, "--network", "=\(model)"], "NAME=FILE")
    try check(
      ["verify", query, "--network", "first=\(model)", "--network", "first=\(model)"], "first", "twice")
    try check(["verify", model, query], "first", "second", "--network first=FILE")
    try check(["verify", model, query, "--network", "first=\(model)"], "--network")
    let integer = try folder.write("i.vnnlib", Queries.two("(>= Y[0,0] 0)", type: "float64"))
    try check(["verify", integer, "--network", "N=\(model)"], "float64", "float32")
  }

  @Test func options() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    let property = try folder.write("p.vnnlib", Queries.one("(>= Y_0 0)"))
    try check(["verify", model, property, "--timeout=-1"], "--timeout")
    try check(["verify", model, property, "--timeout", "nan"], "--timeout")
    try check(["verify", model, property, "--threads", "0"], "--threads")
    try check(["verify", model, property, "--witness", "/nonexistent/w.txt"], "no folder /nonexistent")
    try check(["verify", model, property, "--certificate", "/nonexistent/c.json"], "no folder /nonexistent")
    try check(["verify", model, property, "--results", "r.csv"], "--results", "--instances")
    try check(["verify", "--instances", folder.path("i.csv")], "--results")
    try check(["verify", model, "--instances", folder.path("i.csv"), "--results", folder.path("r.csv")], "--instances")
    try check(["supports"], "--onnx-operators")
    try check(["supports", "--onnx-operator"], "--onnx-operator")
    try check(["supports", "--onnx-operators", "--vnnlib-versions"], "--vnnlib-versions")
    try check(["check", folder.path("none.json")], "none.json")
  }

  @Test func tables() throws {
    let folder = try Folder()
    let results = folder.path("r.csv")
    func table(_ text: String) throws -> [String] {
      ["verify", "--instances", try folder.write("i.csv", text), "--results", results]
    }
    try check(table(""), "i.csv", "no rows")
    try check(table("a.onnx,b.vnnlib\n"), "i.csv: line 1", "2 cells")
    try check(table("onnx,vnnlib,timeout\na.onnx,b.vnnlib,x\n"), "i.csv: line 2", "'x'")
    _ = try folder.write("r.csv", "not,a,result\n")
    try check(table("a.onnx,b.vnnlib,1\n"), "r.csv: line 1")
  }

  @Test func alteredCertificates() throws {
    let folder = try Folder()
    let model = try folder.write("hat.onnx", Models.hat())
    let property = try folder.write("p.vnnlib", Queries.one("(>= Y_0 0.25)"))
    let proof = folder.path("proof.json")
    _ = try Programs.run("pleat", ["verify", model, property, "--certificate", proof])
    let honest = try String(contentsOfFile: proof, encoding: .utf8)
    for (old, new) in [("\"sat\"", "\"unsat\""), ("\"point\": [", "\"point\": [\"7\", "), ("sha256:", "sha256:0")] {
      #expect(honest.contains(old), "\(old)")
      let altered = try folder.write("altered.json", honest.replacingOccurrences(of: old, with: new))
      for name in ["pleat", "pleat-check"] {
        let run = try Programs.run(name, (name == "pleat" ? ["check"] : []) + [altered])
        #expect(run.status == 1 && run.output.hasPrefix("invalid: "), "\(name) \(old): \(run.output)\(run.errors)")
      }
    }
  }
}
