import Foundation
import Testing

/// `pleat decompose`, and the way back through `synthesize`.
@Suite struct DecomposeTests {
  @Test func aReport() throws {
    let folder = try Folder()
    let path = try folder.write("median.json", FunctionFiles.median)
    let run = try Programs.run("pleat", ["decompose", path])
    #expect(run.status == 0, "\(run.errors)")
    for words in ["4 terms in 3 affine functions (3 of 2, 1 of 3)", "- 2 max(l0, l1, l2)", "-x0 - x1 + 1", "proved on"]
    {
      #expect(run.output.contains(words), "'\(words)' is not in:\n\(run.output)")
    }
    let json = try Programs.run("pleat", ["decompose", path, "--json"]).json()
    let sums = try #require(json["decomposition"] as? [[String: Any]])
    #expect(sums[0]["arities"] as? [Int] == [0, 3, 1])
    #expect((json["proof"] as? [String: Any])?["equal"] as? Bool == true)
  }

  @Test func thereAndBack() throws {
    let folder = try Folder()
    for (index, sizes) in [[1, 4, 1], [2, 3, 2, 1], [2, 3, 2], [3, 3, 1]].enumerated() {
      let model = try folder.write("m\(index).onnx", Models.random(sizes, seed: UInt64(index + 1)))
      let terms = folder.path("t\(index).json")
      let decomposed = try Programs.run("pleat", ["decompose", model, "--out", terms, "--json"])
      #expect(decomposed.status == 0, "\(sizes): \(decomposed.errors)")
      let proof = try decomposed.json()["proof"] as? [String: Any]
      #expect(proof?["equal"] as? Bool == true, "\(sizes)")
      // The sum is exact; its network has rounded weights.
      #expect(try Programs.run("pleat", ["equivalent", terms, model]).status == 0, "\(sizes)")
      let back = folder.path("n\(index).onnx")
      let synthesized = try Programs.run("pleat", ["synthesize", terms, "--out", back, "--json", "--quiet"])
      #expect(synthesized.status == 0, "\(sizes): \(synthesized.errors)")
      let check = try synthesized.json()["check"] as? [String: Any]
      #expect(check?["equal"] as? Bool == true || check?["unrounded_equal"] as? Bool == true, "\(sizes)")
      let comparison = try Programs.run("pleat", ["equivalent", model, back, "--box=-4,4", "--tolerance", "1e-9"])
      #expect(comparison.status == 0 && comparison.output.contains("equal"), "\(sizes): \(comparison.output)")
    }
  }

  @Test func thereAndBackExactly() throws {
    let folder = try Folder()
    let model = try folder.write("m.onnx", Models.diamond())
    let terms = folder.path("t.json")
    #expect(try Programs.run("pleat", ["decompose", model, "--out", terms]).status == 0)
    let back = folder.path("n.onnx")
    #expect(try Programs.run("pleat", ["synthesize", terms, "--goal", "units", "--out", back]).status == 0)
    let comparison = try Programs.run("pleat", ["equivalent", model, back, "--unbounded"])
    #expect(comparison.status == 0 && comparison.output.contains("equal: proved"), "\(comparison.output)")
  }
}
