import Foundation
import Networks
import Testing

/// `pleat regions`: counts, measures, checks.
@Suite struct RegionsTests {
  private func json(_ network: Network, _ arguments: String...) throws -> [String: Any] {
    let folder = try Folder()
    let run = try Programs.run("pleat", ["regions", folder.write("m.onnx", network), "--json", "--quiet"] + arguments)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.status): \(run.errors)")
    return try run.json()
  }

  private func number(_ value: Any?, _ path: String...) throws -> Double {
    var value = value
    for key in path { value = (value as? [String: Any])?[key] }
    return try #require(value as? Double, "\(path)")
  }

  @Test func theDocumentHasAllKeys() throws {
    let json = try json(Models.diamond(), "--box=-1,1")
    let keys: Set = ["activation_regions", "pieces", "affine_components", "boundary", "seconds", "complete", "checks"]
    #expect(keys.isSubset(of: Set(json.keys)), "\(json.keys)")
    #expect(json["activation_regions"] as? Int == 4 && json["pieces"] as? Int == 4)
    #expect(json["affine_components"] as? Int == 4 && json["boundary"] as? String == "box")
    #expect(json["complete"] as? Bool == true && json["upper_bound"] == nil)
    let checks = try #require(json["checks"] as? [String: Any])
    #expect(checks["passed"] as? Bool == true && checks["confirmed_patterns"] as? Int == 4)
    #expect(checks["volume"] as? Double == 4 && checks["volume_error"] as? Double == 0)
  }

  @Test func theThreeCountsAreToldApart() throws {
    let hat = try json(Models.hat(), "--box=-2,2")
    #expect(hat["activation_regions"] as? Int == 4 && hat["pieces"] as? Int == 4)
    #expect(hat["affine_components"] as? Int == 3)
    let nothing = try json(Models.nothing(), "--box=-2,2")
    #expect(nothing["activation_regions"] as? Int == 2 && nothing["pieces"] as? Int == 1)
    #expect(nothing["affine_components"] as? Int == 1)
  }

  @Test func countsAlone() throws {
    let json = try json(Models.diamond(), "--unbounded", "--count-only")
    #expect(json["activation_regions"] as? Int == 4 && json["boundary"] as? String == "none")
    #expect(json["pieces"] is NSNull && json["affine_components"] is NSNull)
    #expect((json["checks"] as? [String: Any])?.isEmpty == true)
    #expect(try self.json(Models.diamond(), "--box=-1,1", "--no-pieces")["pieces"] is NSNull)
  }

  @Test func everythingAboutTheDiamond() throws {
    let json = try json(
      Models.diamond(), "--box=-1,1", "--graph", "--faces", "--measures", "--checks", "--boundary", "f0=0")
    let graph = json["graph"] as? [String: Any]
    #expect(graph?["edges"] as? Int == 4 && graph?["boundary_facets"] as? Int == 8)
    #expect(graph?["diameter_lower"] as? Int == 2 && graph?["diameter_upper"] as? Int == 2)
    #expect(graph?["degrees"] as? [Int] == [0, 0, 4])
    let faces = json["faces"] as? [String: Any]
    #expect(faces?["f_vector"] as? [Int] == [9, 12, 4] && faces?["euler_characteristic"] as? Int == 1)
    let boundary = json["decision_boundary"] as? [String: Any]
    #expect(boundary?["components"] as? Int == 1 && boundary?["pieces"] as? Int == 4)
    #expect(try abs(number(boundary, "measure") - 8.0.squareRoot()) < 1e-12)
    let measures = try #require(json["measures"] as? [String: Any])
    let output = try #require((measures["outputs"] as? [[String: Any]])?.first)
    #expect(try number(output, "minimum", "value") == -0.5 && number(output, "maximum", "value") == 1.5)
    #expect(try abs(number(output, "mean") - 0.5) < 1e-12 && abs(number(output, "integral") - 2) < 1e-12)
    #expect((output["maximum"] as? [String: Any])?["exact"] as? String == "3/2")
    #expect(
      try number(measures, "lipschitz", "l1", "upper") == 1 && number(measures, "lipschitz", "linf", "lower") == 2)
    #expect(try abs(number(measures, "lipschitz", "l2", "upper") - 2.0.squareRoot()) < 1e-12)
    let checks = try #require(json["checks"] as? [String: Any])
    #expect(checks["passed"] as? Bool == true && checks["unmatched_facets"] as? Int == 0)
    #expect(checks["euler_characteristic"] as? Int == 1 && checks["largest_gap"] is Double)
  }

  @Test func theReportIsForPeople() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.diamond())
    let run = try Programs.run("pleat", ["regions", path, "--box", "-1,1"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("regions in box [-1, 1]² (certified)"))
    for words in [
      "activation regions  4 ", "pieces              4 ", "affine components   4 ",
      "checks          "
        + "    passed",
    ] {
      #expect(run.output.contains(words), "\(words)\n\(run.output)")
    }
  }

  @Test func domainsAreEqual() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.random([2, 8, 8, 1]))
    let rows = try folder.write("p.csv", "1,0,1\n-1,0,1\n0,1,1\n0,-1,1\n")
    let document = try folder.write(
      "p.json",
      """
      {"half_spaces": [{"normal": [1, 0], "offset": 1}, {"normal": [-1, 0], "offset": 1},
      {"normal": [0, 1], "offset": 1}, {"normal": [0, -1], "offset": 1}]}
      """)
    let domains = [["--box=-1,1"], ["--box", "-1,1;-1,1"], ["--polytope", rows], ["--polytope", document]]
    var counts: Set<Int> = []
    for domain in domains {
      let json = try Programs.run("pleat", ["regions", path, "--json"] + domain).json()
      counts.insert(try #require(json["activation_regions"] as? Int))
      #expect(json["boundary"] as? String == (domain[0] == "--polytope" ? "polytope" : "box"))
      #expect((json["checks"] as? [String: Any])?["passed"] as? Bool == true)
    }
    #expect(counts.count == 1 && counts.first ?? 0 > 20)
  }

  @Test func slices() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.random([3, 8, 8, 1]))
    let table = try folder.write("data.csv", "a,b,c\n0,0,0\n0.5,-1,0.25\n1,1,1\n")
    func count(_ arguments: String...) throws -> Int {
      let run = try Programs.run("pleat", ["regions", path, "--json"] + arguments)
      #expect(run.status == 0, "\(run.errors)")
      let json = try run.json()
      #expect((json["checks"] as? [String: Any])?["passed"] as? Bool == true)
      return try #require(json["activation_regions"] as? Int)
    }
    // The same plane, said in three ways.
    let plane = try count("--slice", "x0,x1", "--at", "0,0,0.25", "--box=-1,1")
    #expect(plane > 10)
    #expect(try count("--slice", "a,b", "--at", "\(table):2", "--box=-1,1") == plane)
    #expect(try count("--through", "0,0,0.25;1,0,0.25;0,1,0.25", "--box=-1,1") == plane)
    // A row's plane has the range of the data as its box, a line through two points the segment between them.
    #expect(try count("--slice", "a,b", "--at", "\(table):2") > 3)
    #expect(try count("--through", "\(table):1;\(table):3") > 1)
  }

  /// An input that the box holds at one value is no dimension of it.
  @Test func aFlatBoxIsASlice() throws {
    let json = try json(Models.diamond(), "--box=-1,1;0.25,0.25")
    #expect(json["activation_regions"] as? Int == 2 && json["inputs"] as? Int == 1)
    #expect((json["checks"] as? [String: Any])?["volume"] as? Double == 2)
  }

  @Test func samples() throws {
    let network = try Models.random([2, 8, 8, 1])
    let all = try #require(json(network, "--box=-1,1")["activation_regions"] as? Int)
    let document = try json(network, "--box=-1,1", "--sample", "3000")
    let seen = try #require(document["activation_regions"] as? Int)
    #expect(seen <= all && seen > all / 3 && document["complete"] as? Bool == false)
    #expect((document["sample"] as? [String: Any])?["points"] as? Int == 3000)
    #expect(document["upper_bound"] is String)
  }

  @Test func weightsInArrays() throws {
    let folder = try Folder()
    try Arrays.npz([
      ("W0", [3, 1], [1, 1, 1]), ("b0", [3], [1, 0, -1]), ("W1", [1, 3], [1, -2, 1]), ("b1", [1], [0]),
    ])
    .write(to: folder.url.appendingPathComponent("m.npz"))
    let json = try Programs.run("pleat", ["regions", folder.path("m.npz"), "--box=-2,2", "--json"]).json()
    #expect(json["activation_regions"] as? Int == 4 && json["affine_components"] as? Int == 3)
  }
}
