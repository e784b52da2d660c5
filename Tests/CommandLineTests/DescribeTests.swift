import Foundation
import Networks
import Testing

/// `pleat describe` and `pleat equivalent`.
@Suite struct DescribeTests {
  @Test func structureAndBounds() throws {
    let folder = try Folder()
    let run = try Programs.run("pleat", ["describe", folder.write("m.onnx", Models.diamond()), "--json"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try run.json()
    #expect(json["inputs"] as? Int == 2 && json["outputs"] as? Int == 1 && json["size"] as? Int == 4)
    #expect(json["depth"] as? Int == 2 && json["width"] as? Int == 4 && json["parameters"] as? Int == 9)
    #expect(json["stored_parameters"] as? Int == 17 && json["multiply_adds"] as? Int == 8)
    #expect((json["operators"] as? [String: Int]) == ["Gemm": 2, "Relu": 1])
    #expect((json["layers"] as? [[String: Any]])?.count == 2)
    #expect((json["path_norms"] as? [String: Double]) == ["l1": 4, "l2": 2])
    let bounds = try #require(json["region_bounds"] as? [String: Any])
    #expect(bounds["patterns"] as? String == "16" && bounds["zaslavsky"] as? String == "11")
    #expect(json["lipschitz_upper_bounds"] is [String: Double])
    #expect(json["activation_regions"] == nil)
  }

  @Test func overABox() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.diamond())
    let json = try Programs.run("pleat", ["describe", path, "--box", "0.5,1", "--json"]).json()
    #expect(json["activation_regions"] as? Int == 1 && json["complete"] as? Bool == true)
    let units = try #require(json["units"] as? [String: Any])
    #expect(units["dead"] as? Int == 2 && units["always_active"] as? Int == 2 && units["bending"] as? Int == 0)
    #expect((units["dead_at"] as? [[Int]]) == [[0, 1], [0, 3]])
    let lipschitz = try #require((json["lipschitz"] as? [String: [String: Any]])?["linf"])
    #expect(lipschitz["exact"] as? String == "2" && lipschitz["upper"] as? Double == 2)
    let range = try #require((json["output_ranges"] as? [[Double]])?.first)
    #expect(range[0] <= 0.5 && range[1] >= 1.5 && range[0] > 0.49 && range[1] < 1.51)
    let text = try Programs.run("pleat", ["describe", path, "--box", "0.5,1"])
    for words in ["dead units", "always active", "1 (exact)", "Montúfar 2017", "Zaslavsky 1975", "Gemm ×2"] {
      #expect(text.output.contains(words), "\(words)\n\(text.output)")
    }
  }

  @Test func tooManyRegionsHaveBounds() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.random([3, 12, 12, 2]))
    let json = try Programs.run("pleat", ["describe", path, "--box=-1,1", "--max-regions", "20", "--json"]).json()
    #expect(json["activation_regions"] as? Int == 20 && json["complete"] as? Bool == false)
    #expect(try #require(Int(json["upper_bound"] as? String ?? "")) > 100)
    let whole = try Programs.run("pleat", ["describe", path, "--box=-1,1", "--json"]).json()
    for norm in ["l1", "l2", "linf"] {
      let cut = try #require((json["lipschitz"] as? [String: [String: Any]])?[norm])
      let exact = try #require((whole["lipschitz"] as? [String: [String: Any]])?[norm])
      let value = try #require(exact["upper"] as? Double)
      #expect(try #require(cut["lower"] as? Double) <= value && value <= #require(cut["upper"] as? Double))
      #expect(cut["exact"] is NSNull)
    }
  }

  // MARK: equivalent

  @Test func equalNetworks() throws {
    let folder = try Folder()
    // |x| + |y| − ½ with its units in another order, and scaled by powers of two.
    let other = try Models.network([
      ([[0, -2], [0, 2], [4, 0], [-4, 0]], [0, 0, 0, 0]), ([[0.5, 0.5, 0.25, 0.25]], [-0.5]),
    ])
    let (a, b) = (try folder.write("a.onnx", Models.diamond()), try folder.write("b.onnx", other))
    for domain in ["--box=-1,1", "--unbounded"] {
      let run = try Programs.run("pleat", ["equivalent", a, b, domain])
      #expect(run.status == 0 && run.output.contains("equal: proved on all"), "\(run.output)\(run.errors)")
    }
  }

  @Test func differentNetworks() throws {
    let folder = try Folder()
    let other = try Models.network([
      ([[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]), ([[1, 1, 1, 1.125]], [-0.5]),
    ])
    let (a, b) = (try folder.write("a.onnx", Models.diamond()), try folder.write("b.onnx", other))
    let run = try Programs.run("pleat", ["equivalent", a, b, "--box=-1,1", "--json"])
    #expect(run.status == 1, "\(run.errors)")
    let json = try run.json()
    #expect(json["verdict"] as? String == "different" && json["equal"] as? Bool == false)
    #expect(json["largest_difference"] as? Double == 0.125 && json["complete"] as? Bool == true)
    let difference = try #require((json["differences"] as? [[String: Any]])?.first)
    #expect(difference["exact"] as? String == "1/8" && (difference["point"] as? [Double])?.last == -1)
    let (first, second) = (difference["first"] as? Double ?? 0, difference["second"] as? Double ?? 0)
    #expect(second - first == 0.125)
    // A tolerance is compared exactly.
    let within = try Programs.run("pleat", ["equivalent", a, b, "--box=-1,1", "--tolerance", "0.125", "--json"])
    #expect(try within.status == 0 && within.json()["verdict"] as? String == "within tolerance")
    #expect(try Programs.run("pleat", ["equivalent", a, b, "--box=-1,1", "--tolerance", "0.12499"]).status == 1)
    let unbounded = try Programs.run("pleat", ["equivalent", a, b, "--unbounded"])
    #expect(unbounded.status == 1 && unbounded.output.contains("without bound"), "\(unbounded.output)")
  }

  @Test func aLimitLeavesItOpen() throws {
    let folder = try Folder()
    let path = try folder.write("a.onnx", Models.random([2, 10, 10, 1]))
    let run = try Programs.run("pleat", ["equivalent", path, path, "--box=-1,1", "--max-regions", "5", "--json"])
    #expect(run.status == 3)
    #expect(try run.json()["verdict"] as? String == "unknown")
  }
}
