import Foundation
import Testing

/// `pleat check` and `pleat-check`: valid certificates pass both, altered ones neither.
@Suite struct CheckTests {
  private static let cases: [(String, [String])] = [
    (Tables.line, ["--hidden", "2"]), (Tables.plane, ["--hidden", "1", "--loss", "absolute"]),
    (Tables.line, ["--hidden", "2", "--model", "pwl"]), (Tables.labels, ["--hidden", "1", "--loss", "hinge"]),
    (Tables.line, ["--hidden", "1", "--loss", "huber:0.5"]),
  ]

  @Test(arguments: cases) func validCertificates(_ table: String, _ arguments: [String]) throws {
    let folder = try Folder()
    let path = folder.path("proof.json")
    let run = try Programs.run("pleat", ["fit", folder.write("d.csv", table), "--certificate", path] + arguments)
    #expect(run.status == 0 && run.output.contains("certificate written to \(path)"), "\(run.errors)")
    let check = try Programs.run("pleat", ["check", path])
    #expect(
      check.status == 0 && check.output.hasPrefix("valid\n") && check.errors.isEmpty, "\(check.output)\(check.errors)")
    let json = try Programs.run("pleat", ["check", "--json", path]).json()
    #expect(json["valid"] as? Bool == true)
    #expect(Set(json.keys) == ["valid", "loss", "lower_bound", "samples", "leaves", "seconds"])
    #expect((json["lower_bound"] as? Double ?? 1) <= (json["loss"] as? Double ?? 0))
    let small = try Programs.run("pleat-check", [path])
    #expect(small.status == 0 && small.output.hasPrefix("valid"), "\(small.output)\(small.errors)")
  }

  @Test func alteredCertificates() throws {
    let folder = try Folder()
    let path = folder.path("proof.json")
    _ = try Programs.run("pleat", ["fit", folder.write("d.csv", Tables.line), "--certificate", path, "--quiet"])
    let honest = try String(contentsOfFile: path, encoding: .utf8)
    for (old, new) in [
      ("\"74/5\"", "\"73/5\""), ("\"-3\"", "\"-4\""), ("\"hidden\":1", "\"hidden\":2"), ("\\nl", "\\nl 0 1 1\\nl"),
      ("\"squared\"", "\"absolute\""), ("sha256:", "sha256:0"), ("\"target\":\"y\"", "\"target\":\"z\""),
    ] {
      #expect(honest.contains(old), "\(old)")
      let altered = try folder.write("altered.json", honest.replacingOccurrences(of: old, with: new))
      for name in ["pleat", "pleat-check"] {
        let run = try Programs.run(name, (name == "pleat" ? ["check"] : []) + [altered])
        #expect(run.status == 1 && run.output.hasPrefix("invalid: "), "\(name), \(old): \(run.output)\(run.errors)")
      }
      let json = try Programs.run("pleat", ["check", "--json", altered])
      #expect(json.status == 1)
      #expect(
        try json.json()["valid"] as? Bool == false && json.json()["reason"] is String && json.json()["place"] is String)
    }
  }

  @Test func filesThatAreNoCertificates() throws {
    let folder = try Folder()
    for text in ["", "x,y\n1,2\n", "{}", "{\"format\":\"pleat-fit-certificate\"}"] {
      let path = try folder.write("other.json", text)
      for name in ["pleat", "pleat-check"] {
        let run = try Programs.run(name, (name == "pleat" ? ["check"] : []) + [path])
        #expect(
          run.status == 1 && run.output.hasPrefix("invalid: file: this is no pleat-fit-certificate"),
          "\(name): \(run.output)")
      }
    }
    let missing = folder.path("missing.json")
    for name in ["pleat", "pleat-check"] {
      let run = try Programs.run(name, (name == "pleat" ? ["check"] : []) + [missing])
      #expect(
        run.status == 2 && run.output.isEmpty && run.errors.contains(missing), "\(name): \(run.output)\(run.errors)")
    }
  }

  @Test func usage() throws {
    #expect(try Programs.run("pleat-check", []).status == 2)
    #expect(try Programs.run("pleat-check", ["a", "b"]).status == 2)
    #expect(try Programs.run("pleat", ["check"]).status == 2)
    #expect(try Programs.run("pleat-check", ["--help"]).status == 0)
  }
}
