import Foundation
import Testing

/// `pleat equivalent` with function files.
@Suite struct EquivalentFunctionTests {
  @Test func twoFiles() throws {
    let folder = try Folder()
    let first = try folder.write("a.json", FunctionFiles.median)
    let second = try folder.write("b.json", FunctionFiles.medianTerms)
    let equal = try Programs.run("pleat", ["equivalent", first, second, "--json"])
    #expect(equal.status == 0, "\(equal.errors)")
    #expect(try equal.json()["verdict"] as? String == "equal")
    let other = try folder.write(
      "c.json", FunctionFiles.median.replacingOccurrences(of: "\"constant\": 1}", with: "\"constant\": 1.25}"))
    let different = try Programs.run("pleat", ["equivalent", first, other])
    #expect(different.status == 1 && different.output.contains("by 0.25 at"), "\(different.output)")
    #expect(try Programs.run("pleat", ["equivalent", first, other, "--tolerance", "1/4"]).status == 0)
  }

  @Test func aNetworkOnEitherSide() throws {
    let folder = try Folder()
    let file = try folder.write("hat.json", FunctionFiles.hat)
    let model = try folder.write("hat.onnx", Models.hat())
    let equal = try Programs.run("pleat", ["equivalent", file, model])
    #expect(equal.status == 0, "\(equal.output)\(equal.errors)")
    let lower = try folder.write(
      "low.json", FunctionFiles.hat.replacingOccurrences(of: "[0, 1]", with: "[0, 0.5]"))
    for arguments in [[lower, model], [model, lower]] {
      let run = try Programs.run("pleat", ["equivalent"] + arguments + ["--json"])
      #expect(run.status == 1)
      let json = try run.json()
      let difference = try #require((json["differences"] as? [[String: Any]])?.first)
      #expect(difference["exact"] as? String == "1/2" && difference["point"] as? [Double] == [0])
      #expect(difference["first"] as? Double == (arguments[0] == model ? 1 : 0.5))
      #expect(difference["second"] as? Double == (arguments[1] == model ? 1 : 0.5))
    }
    // Outside of the peak they agree.
    let clipped = try Programs.run("pleat", ["equivalent", lower, model, "--box", "1,3", "--json"])
    #expect(clipped.status == 0, "\(clipped.output)")
    #expect(try clipped.json()["boundary"] as? String == "box")
  }

  /// Thirds have no floating-point weights: as ONNX the network is nearly the function, with rational weights it is equal.
  @Test func rationalWeights() throws {
    let folder = try Folder()
    let file = try folder.write(
      "thirds.json",
      """
      {"format": "pleat-function", "form": "max-min", "functions": [{"gradient": ["1/3", 1], "constant": 0},
       {"gradient": [-1, "2/7"], "constant": "1/9"}, {"gradient": [0, 0], "constant": 0}], "clauses": [[0, 1], [2]]}
      """)
    let network = folder.path("network.json")
    let made = try Programs.run("pleat", ["synthesize", file, "--out", network])
    #expect(made.status == 0 && made.output.contains("equal on the whole domain"), "\(made.output)\(made.errors)")
    for arguments in [[file, network], [network, file]] {
      let equal = try Programs.run("pleat", ["equivalent"] + arguments)
      #expect(equal.status == 0 && equal.output.contains("equal: proved"), "\(equal.output)\(equal.errors)")
    }
    let model = folder.path("network.onnx")
    #expect(try Programs.run("pleat", ["synthesize", file, "--out", model]).status == 0)
    let rounded = try Programs.run("pleat", ["equivalent", file, model, "--box=-1,1", "--tolerance", "1e-12"])
    #expect(rounded.status == 0 && rounded.output.contains("equal within"), "\(rounded.output)\(rounded.errors)")
    // Where only doubles will do, the fractions are refused.
    let described = try Programs.run("pleat", ["describe", network])
    #expect(described.status == 2 && described.errors.contains("fractions"), "\(described.errors)")
  }

  @Test func standardInput() throws {
    let folder = try Folder()
    let file = try folder.write("hat.json", FunctionFiles.hat)
    let run = try Programs.run("pleat", ["equivalent", "-", file], input: FunctionFiles.hat)
    #expect(run.status == 0 && run.output.contains("equal: proved"), "\(run.output)\(run.errors)")
  }

  @Test func otherDomains() throws {
    let folder = try Folder()
    let wide = try folder.write("wide.json", FunctionFiles.median)
    let narrow = try folder.write(
      "narrow.json",
      """
      {"format": "pleat-function", "form": "simplices", "points": [[1, 0], [2, 0], [2, 1]], "values": [0, 0, 1],
       "simplices": [[0, 1, 2]]}
      """)
    let run = try Programs.run("pleat", ["equivalent", wide, narrow])
    #expect(run.output.contains("the domains differ"), "\(run.output)")
    // There x₀ ≥ x₁ ≥ 0 and x₀ ≥ 1: the median is x₁ or 1 − x₀ − x₁ ≤ 0 with 0 ≤ x₁, so x₁.
    #expect(run.status == 0, "\(run.output)")
  }
}
