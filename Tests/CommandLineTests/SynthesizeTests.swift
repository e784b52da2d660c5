import Foundation
import Testing

/// `pleat synthesize`, as a person uses it.
@Suite struct SynthesizeTests {
  private func candidates(_ json: [String: Any]) throws -> [[String: Any]] {
    try #require(json["candidates"] as? [[String: Any]])
  }

  @Test func bothGoals() throws {
    let folder = try Folder()
    let path = try folder.write("median.json", FunctionFiles.median)
    for goal in ["depth", "units"] {
      let out = folder.path("\(goal).onnx")
      let run = try Programs.run("pleat", ["synthesize", path, "--goal", goal, "--out", out, "--json", "--quiet"])
      #expect(run.status == 0, "\(run.errors)")
      let json = try run.json()
      #expect(json["form"] as? String == "max-min" && json["cells"] as? Int == 6)
      #expect(json["theorem_hidden_layers"] as? Int == 2)
      let all = try candidates(json)
      let chosen = try #require(all.first { $0["chosen"] as? Bool == true })
      #expect(chosen["hidden_layers"] as? Int == 2 && chosen["units"] as? Int == 9)
      let check = try #require(json["check"] as? [String: Any])
      #expect(check["equal"] as? Bool == true && check["rounded"] as? Bool == false)
      let verdicts = try #require(json["one_hidden_layer"] as? [[String: Any]])
      #expect(verdicts[0]["verdict"] as? String == "impossible")
      let comparison = try Programs.run("pleat", ["equivalent", path, out])
      #expect(comparison.status == 0 && comparison.output.contains("equal: proved"), "\(comparison.output)")
    }
  }

  @Test func aReport() throws {
    let folder = try Folder()
    let path = try folder.write("hat.json", FunctionFiles.hat)
    let run = try Programs.run("pleat", ["synthesize", path])
    #expect(run.status == 0, "\(run.errors)")
    for words in [
      "hat.json: breakpoints, 1 input, 1 output", "-> signed maxima", "one hidden layer", "with 4 units",
      "possible with 3 units, and with none fewer", "equal on the whole domain (proved on 4 pieces)",
    ] {
      #expect(run.output.contains(words), "'\(words)' is not in:\n\(run.output)")
    }
    let unbiased = try Programs.run("pleat", ["synthesize", path, "--no-output-bias", "--json"]).json()
    #expect(unbiased["output_bias"] as? Bool == false)
  }

  @Test func roundingIsReported() throws {
    let folder = try Folder()
    let path = try folder.write("tent.json", FunctionFiles.tent)
    let out = folder.path("net.onnx")
    let json = try Programs.run(
      "pleat", ["synthesize", path, "--precision", "float32", "--out", out, "--json"]
    ).json()
    let check = try #require(json["check"] as? [String: Any])
    #expect(check["rounded"] as? Bool == true && check["unrounded_equal"] as? Bool == true)
    let difference = try #require(check["largest_difference"] as? Double)
    #expect(difference > 0 && difference < 1e-5)
    // The command that compares finds the same difference in the file.
    let comparison = try Programs.run("pleat", ["equivalent", path, out, "--json"])
    #expect(comparison.status == 1)
    #expect(try comparison.json()["largest_difference"] as? Double == difference)
    #expect(try Programs.run("pleat", ["equivalent", out, path, "--tolerance", "1e-5"]).status == 0)
  }

  @Test func aNetworkIsMadeAnew() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.diamond())
    let run = try Programs.run("pleat", ["synthesize", path, "--out", folder.path("n.onnx"), "--json"])
    let json = try run.json()
    #expect(json["form"] as? String == "network" && json["domain"] as? String == "all of space")
    #expect((json["check"] as? [String: Any])?["equal"] as? Bool == true)
    let comparison = try Programs.run("pleat", ["equivalent", path, folder.path("n.onnx"), "--unbounded"])
    #expect(comparison.status == 0, "\(comparison.output)")
    let boxed = try Programs.run("pleat", ["synthesize", path, "--box", "1,2", "--json"]).json()
    #expect(boxed["affine_functions"] as? Int == 1)
    #expect(try candidates(boxed).contains { $0["units"] as? Int == 0 && $0["chosen"] as? Bool == true })
  }

  @Test func roundedRegionsTakeATolerance() throws {
    let folder = try Folder()
    let path = try folder.write("halves.json", FunctionFiles.halves(step: "1e-9", slit: "1e-10"))
    let refused = try Programs.run("pleat", ["synthesize", path])
    #expect(refused.status == 2 && refused.errors.contains("--tolerance"), "\(refused.errors)")
    let out = folder.path("net.onnx")
    for tolerance in ["1e-8", "1e-3"] {
      let run = try Programs.run("pleat", ["synthesize", path, "--tolerance", tolerance, "--out", out])
      #expect(run.status == 0, "\(run.errors)")
      #expect(try Programs.run("pleat", ["equivalent", path, out, "--tolerance", tolerance]).status == 0)
    }
  }

  @Test func samplesAreApproximated() throws {
    let folder = try Folder()
    let path = try folder.write("v.csv", "t,y\n-2,2\n-1,1\n0,0\n1,1\n2,2.5\n3,3\n")
    for norm in ["uniform", "l1", "l2"] {
      let run = try Programs.run("pleat", ["synthesize", path, "--pieces", "2", "--norm", norm, "--json", "--quiet"])
      #expect(run.status == 0, "\(norm): \(run.errors)")
      let json = try run.json()
      #expect(json["pieces"] as? Int == 2 && json["certified"] as? Bool == true, "\(norm)")
      let error = try #require(json["error"] as? Double)
      let bound = try #require(json["lower_bound"] as? Double)
      #expect(bound <= error && error - bound <= 1e-6 * error, "\(norm)")
      #expect(json["units"] as? Int == json["least_units"] as? Int)
    }
    let uniform = try Programs.run("pleat", ["synthesize", path, "--pieces", "2", "--json"]).json()
    #expect(uniform["exact"] as? String == "1/4")
    let fewest = try Programs.run("pleat", ["synthesize", path, "--error", "0.3", "--curvature", "1"])
    #expect(fewest.output.contains("2, the fewest: proved") && fewest.output.contains("|f''| <= 1"), "\(fewest.output)")
    let least = try Programs.run("pleat", ["synthesize", path, "--error", "0.5", "--norm", "l2", "--json", "--quiet"])
    #expect(try least.json()["pieces"] as? Int == 2)
  }

  @Test func aFunctionIsApproximated() throws {
    let folder = try Folder()
    let path = try folder.write("hat.json", FunctionFiles.hat)
    let json = try Programs.run("pleat", ["synthesize", path, "--pieces", "2", "--box=-1,3", "--json"]).json()
    let error = try #require(json["error"] as? Double)
    let bound = try #require(json["lower_bound"] as? Double)
    #expect(bound <= error && error - bound < 1e-9 && error > 0.2)
    // |x| on [−1, 1] by a straight line, best a constant: ½ with ∫ ||x| − ½| = ½ and ∫ (|x| − ½)² = 1/6.
    let slope = try folder.write(
      "slope.json", #"{"format": "pleat-function", "form": "breakpoints", "points": [[-1, 1], [0, 0], [1, 1]]}"#)
    for (norm, exact) in [("l1", 0.5), ("l2", 1.0 / 6)] {
      let run = try Programs.run(
        "pleat", ["synthesize", slope, "--pieces", "1", "--box=-1,1", "--norm", norm, "--json", "--quiet"])
      let found = try run.json()
      let error = try #require(found["error"] as? Double)
      #expect(abs((norm == "l2" ? error * error : error) - exact) < 5e-3, "\(norm): \(found)")
      #expect(found["certified"] as? Bool == false)
    }
    let exact = try Programs.run("pleat", ["synthesize", path, "--error", "0"])
    #expect(exact.status == 0 && exact.output.contains("2, the fewest: proved"), "\(exact.output)")
  }

  @Test func aGridHasACurvatureBound() throws {
    let folder = try Folder()
    let grid = try folder.write(
      "grid.json",
      #"{"format": "pleat-function", "form": "grid", "axes": [[0, 3], [0, 4]], "values": [[0, 1], [1, 0]]}"#)
    let json = try Programs.run("pleat", ["synthesize", grid, "--curvature", "2", "--json", "--quiet"]).json()
    // M d² / 8 with d = 5.
    #expect(json["curvature_bound"] as? Double == 6.25)
    let hat = try folder.write("hat.json", FunctionFiles.hat)
    #expect(try Programs.run("pleat", ["synthesize", hat, "--curvature", "2"]).status == 2)
  }

  struct BadCase: Sendable, CustomTestStringConvertible {
    /// FOLDER stands for the folder of the files.
    var arguments: String
    var words: [String]
    var testDescription: String { arguments }

    init(_ arguments: String, _ words: String...) {
      self.arguments = arguments
      self.words = words
    }
  }

  static let badCases: [BadCase] = [
    .init("synthesize FOLDER/missing.json", "missing.json", "no such file"),
    .init("synthesize FOLDER/empty.json", "empty.json", "empty"),
    .init("synthesize FOLDER/step.json", "not continuous", "cells 0 and 1", "1/2 in", "--tolerance"),
    .init("synthesize FOLDER/hole.json", "lies in no cell", "cells 0 and 1"),
    .init("synthesize FOLDER/step.json --tolerance 1e-6", "not continuous", "the tolerance is"),
    .init("synthesize FOLDER/hat.json --out FOLDER/x.txt", ".onnx"),
    .init("synthesize FOLDER/hat.json --out /nonexistent/x.onnx", "no folder /nonexistent"),
    .init("synthesize FOLDER/hat.json --unbounded", "domain of its own", "--box"),
    .init("synthesize FOLDER/hat.json --tolerance=-1", "--tolerance -1", "not negative"),
    .init("synthesize FOLDER/hat.json --goal size", "size"),
    .init("synthesize FOLDER/hat.json --threads 0", "--threads 0"),
    .init("synthesize FOLDER/hat.json --norm l1", "--pieces"),
    .init("synthesize FOLDER/hat.json --norm l1 --error 0.1", "tables of samples"),
    .init("synthesize FOLDER/hat.json --pieces 0", "--pieces 0"),
    .init("synthesize FOLDER/hat.json --pieces 2 --error 1", "exclude each other"),
    .init("synthesize FOLDER/median.json --pieces 2", "one input"),
    .init("synthesize FOLDER/wide.csv --pieces 2", "'a', 'b'", "--inputs"),
    .init("synthesize FOLDER/wide.csv", "--pieces P", "--error E"),
    .init("synthesize FOLDER/m7.onnx", "7 inputs", "--box"),
    .init("decompose FOLDER/m7.onnx", "7 inputs", "--box"),
    .init("decompose FOLDER/step.json", "not continuous"),
    .init("decompose FOLDER/wide.csv", ".json", ".onnx"),
    .init("decompose FOLDER/hat.json --out FOLDER/x.onnx", ".json"),
    .init("equivalent FOLDER/step.json FOLDER/median.json", "step.json", "not continuous"),
    .init("equivalent FOLDER/hat.json FOLDER/median.json", "cannot be compared", "1 input", "2 inputs"),
    .init("equivalent FOLDER/hat.json FOLDER/m7.onnx", "cannot be compared", "7 inputs"),
    .init("equivalent FOLDER/hat.json FOLDER/hat.json --max-regions 5", "two networks"),
    .init("equivalent - -", "standard input"),
  ]

  @Test(arguments: badCases) func badInput(_ bad: BadCase) throws {
    let folder = try Folder()
    _ = try folder.write("empty.json", "")
    _ = try folder.write("hat.json", FunctionFiles.hat)
    _ = try folder.write("median.json", FunctionFiles.median)
    _ = try folder.write("step.json", FunctionFiles.halves(step: "0.5"))
    _ = try folder.write("hole.json", FunctionFiles.halves(step: "0", slit: "0.5"))
    _ = try folder.write("wide.csv", Tables.plane)
    _ = try folder.write("m7.onnx", Models.random([7, 2, 1]))
    let arguments = bad.arguments.replacingOccurrences(of: "FOLDER", with: folder.url.path)
    let run = try Programs.run("pleat", arguments.components(separatedBy: " "))
    #expect(run.status == 2, "\(run.status)")
    #expect(run.output.isEmpty, "\(run.output)")
    for word in bad.words { #expect(run.errors.contains(word), "'\(word)' is not in: \(run.errors)") }
  }
}
