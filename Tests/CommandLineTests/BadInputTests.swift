import Foundation
import Testing

/// What is wrong is said on standard error, with its place; nothing goes to standard output; the exit status is 2.
@Suite struct BadInputTests {
  struct BadCase: Sendable, CustomTestStringConvertible {
    var name: String
    var table: String
    var arguments: [String]
    /// What the message must contain.
    var words: [String]
    var testDescription: String { name }

    init(_ name: String, _ table: String, _ arguments: [String] = [], _ words: String...) {
      self.name = name
      self.table = table
      self.arguments = arguments
      self.words = words
    }
  }

  static let cases: [BadCase] = [
    .init("empty file", "", [], "data.csv", "empty"),
    .init("header only", "x,y\n", [], "data.csv"),
    .init("unknown target", Tables.line, ["--target", "Y"], "'Y'", "did you mean", "y"),
    .init("misspelt target", "speed,dist\n1,2\n2,3\n", ["--target", "dits"], "'dits'", "dist"),
    .init("unknown input", "speed,dist\n1,2\n2,3\n", ["--inputs", "sped"], "'sped'", "speed"),
    .init("unknown weights", "speed,dist\n1,2\n2,3\n", ["--weights", "w"], "'w'"),
    .init("not a number", "x,y\n1,2\n2,nan\n3,4\n", [], "line 3", "y"),
    .init("infinity", "x,y\n1,2\ninf,3\n3,4\n", [], "line 3", "x"),
    .init("missing cell", "x,y\n1,2\n2,\n3,4\n", [], "line 3", "y"),
    .init("short line", "x,y\n1,2\n2\n3,4\n", [], "line 3"),
    .init("one column", "y\n1\n2\n3\n", [], "at least one input"),
    .init("target is an input", Tables.line, ["--inputs", "x,y"], "'y'", "at once"),
    .init("input twice", Tables.line, ["--inputs", "x,x"], "twice"),
    .init("no input named", Tables.line, ["--inputs", ","], "no column"),
    .init("hidden is no number", Tables.line, ["--hidden", "abc"], "--hidden abc"),
    .init("hidden is negative", Tables.line, ["--hidden=-1"], "--hidden -1"),
    .init("hidden is half", Tables.line, ["--hidden", "1.5"], "--hidden 1.5"),
    .init("range without end", Tables.line, ["--hidden", "1.."], "--hidden 1.."),
    .init("falling range", Tables.line, ["--hidden", "3..1"], "--hidden 3..1"),
    .init("hidden beyond integers", Tables.line, ["--hidden", "99999999999999999999"], "--hidden"),
    .init("too many units", Tables.line, ["--hidden", "101"], "at most 100"),
    .init("too wide", Tables.line, ["--hidden", "13"], "13 hidden units", "at most 12"),
    .init("unknown loss", Tables.line, ["--loss", "cubic"], "'cubic'", "squared", "quantile:TAU"),
    .init("quantile beyond 1", Tables.line, ["--loss", "quantile:1.5"], "'quantile:1.5'"),
    .init("unknown model", Tables.line, ["--model", "tree"], "tree"),
    .init("unknown method", Tables.line, ["--method", "magic"], "magic"),
    .init("unknown option", Tables.line, ["--widht", "3"], "--widht"),
    .init("piecewise linear in two inputs", Tables.plane, ["--model", "pwl"], "one input", "a, b"),
    .init("hinge with labels 0 and 1", "x,y\n1,0\n2,1\n", ["--loss", "hinge"], "line 2", "labels -1 and 1", "0"),
    .init("logistic with a third label", "x,y\n1,1\n2,-1\n3,2\n", ["--loss", "logistic"], "line 4"),
    .init("weight of zero", "x,w,y\n1,1,2\n2,0,3\n", ["--weights", "w"], "line 3", "not positive", "w"),
    .init(
      "no folder for the model", Tables.line, ["--out", "/nonexistent/folder/m.onnx"], "no folder /nonexistent/folder"),
    .init("no folder for the proof", Tables.line, ["--certificate", "/nonexistent/p.json"], "no folder /nonexistent"),
    .init("no folder for the picture", Tables.line, ["--plot", "/nonexistent/p.svg"], "no folder /nonexistent"),
    .init("a model of a range", Tables.line, ["--hidden", "1..2", "--out", "m.onnx"], "one width"),
    .init("no threads", Tables.line, ["--threads", "0"], "--threads 0"),
    .init("time limit of zero", Tables.line, ["--time-limit", "0"], "--time-limit"),
    .init("time limit is no number", Tables.line, ["--time-limit", "nan"], "--time-limit"),
    .init("gap of one", Tables.line, ["--gap", "1"], "--gap"),
    .init("gap is no number", Tables.line, ["--gap", "nan"], "--gap"),
    .init("text instead of numbers", "x,y\na,1\nb,2\n", [], "no numeric column", "target 'y'"),
    .init("text in the target", "x,y\n1,a\n2,b\n", [], "y"),
    .init("open quote", "x,y\n1,\"2\n2,3\n", [], "line"),
    .init("column twice", "x,x,y\n1,2,3\n4,5,6\n", ["--inputs", "x"], "x"),
  ]

  @Test(arguments: cases, [false, true]) func isAnswered(_ bad: BadCase, json: Bool) throws {
    let folder = try Folder()
    let path = try folder.write("data.csv", bad.table)
    let run = try Programs.run("pleat", ["fit", path] + bad.arguments + (json ? ["--json"] : []))
    #expect(run.status == 2, "\(bad.name): status \(run.status)\n\(run.errors)\(run.output)")
    #expect(run.output.isEmpty, "\(bad.name): \(run.output)")
    for word in bad.words { #expect(run.errors.contains(word), "\(bad.name): '\(word)' is not in\n\(run.errors)") }
  }

  @Test func missingFiles() throws {
    let folder = try Folder()
    for path in [folder.path("nothing.csv"), folder.url.path, folder.path("nothing.npy")] {
      let run = try Programs.run("pleat", ["fit", path])
      #expect(run.status == 2 && run.output.isEmpty && run.errors.contains(path), "\(run.errors)")
    }
  }

  @Test func bytesThatAreNoTable() throws {
    let folder = try Folder()
    for (name, bytes) in [
      ("a.csv", [0, 1, 2, 255, 254]), ("b.npy", [0x93, 0x4e, 0x55]), ("c.npz", [0x50, 0x4b, 3, 4, 9, 9]), ("d.npy", []),
    ] as [(String, [UInt8])] {
      let path = folder.path(name)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let run = try Programs.run("pleat", ["fit", path])
      #expect(run.status == 2 && run.output.isEmpty && run.errors.contains(name), "\(name): \(run.errors)")
    }
  }

  /// A width of zero is a fit as well.
  @Test func noHiddenUnits() throws {
    let folder = try Folder()
    let path = try folder.write("data.csv", "x,y\n0,1\n1,3\n2,5\n3,8\n")
    let affine = try Programs.run("pleat", ["fit", path, "--hidden", "0", "--skip", "--json", "--quiet"]).json()
    #expect(affine["loss_exact"] as? String == "3/10" && affine["certified"] as? Bool == true)
    let knots = try Programs.run("pleat", ["fit", path, "--hidden", "0", "--model", "pwl", "--json", "--quiet"]).json()
    #expect(knots["loss_exact"] as? String == "3/10" && knots["certified"] as? Bool == true)
    let plain = try Programs.run("pleat", ["fit", path, "--hidden", "0", "--json", "--quiet"])
    #expect(plain.status == 0)
    #expect(try plain.json()["status"] as? String == "optimal")
  }

  @Test func helpAndVersionAreNoErrors() throws {
    for arguments in [["--help"], ["fit", "--help"], ["check", "--help"], ["--version"]] {
      let run = try Programs.run("pleat", arguments)
      #expect(run.status == 0 && !run.output.isEmpty && run.errors.isEmpty, "\(arguments)")
    }
    #expect(try Programs.run("pleat", ["fi"]).status == 2)
    #expect(try Programs.run("pleat", ["fit"]).status == 2)
  }
}
