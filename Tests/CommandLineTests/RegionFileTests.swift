import Foundation
import Networks
import Testing

/// What `pleat regions` writes, opened again.
@Suite struct RegionFileTests {
  private func run(_ network: Network, _ folder: Folder, _ arguments: String...) throws -> Programs.Run {
    let run = try Programs.run("pleat", ["regions", folder.write("m.onnx", network), "--quiet"] + arguments)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.status): \(run.errors)")
    return run
  }

  private func lines(_ folder: Folder, _ name: String) throws -> [[String: Any]] {
    try String(decoding: folder.data(name), as: UTF8.self).split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test func linesOfJSON() throws {
    let folder = try Folder()
    let network = try Models.random([2, 10, 8, 2])
    _ = try run(network, folder, "--box=-1,1", "--out", folder.path("r.jsonl"), "--detail", "all")
    let regions = try lines(folder, "r.jsonl")
    #expect(regions.count > 30)
    var volume = 0.0
    for (number, region) in regions.enumerated() {
      #expect(region["region"] as? Int == number)
      let point = try #require(region["point"] as? [Double])
      let weights = try #require(region["weights"] as? [[Double]])
      let offset = try #require(region["offset"] as? [Double])
      for (output, value) in network(point).enumerated() {
        let mapped = zip(weights[output], point).reduce(offset[output]) { $0 + $1.0 * $1.1 }
        #expect(abs(mapped - value) < 1e-10)
      }
      let halfSpaces = try #require(region["half_spaces"] as? [[String: Any]])
      for halfSpace in halfSpaces {
        let normal = try #require(halfSpace["normal"] as? [Double])
        #expect(zip(normal, point).reduce(0) { $0 + $1.0 * $1.1 } < (halfSpace["offset"] as? Double ?? -1))
      }
      #expect(try #require(region["radius"] as? Double) > 0)
      #expect((region["vertices"] as? [[Double]])?.count == halfSpaces.count)
      volume += try #require(region["volume"] as? Double)
      let neighbours = try #require(region["neighbours"] as? [Any]).compactMap { $0 as? Int }
      for neighbour in neighbours {
        #expect((regions[neighbour]["neighbours"] as? [Any])?.contains { $0 as? Int == number } == true)
      }
    }
    #expect(abs(volume - 4) < 1e-9)
  }

  @Test func unboundedRegions() throws {
    let folder = try Folder()
    _ = try run(Models.diamond(), folder, "--unbounded", "--out", folder.path("r.jsonl"), "--detail", "all")
    for region in try lines(folder, "r.jsonl") {
      #expect(region["bounded"] as? Bool == false && region["volume"] is NSNull)
      #expect((region["rays"] as? [Any])?.count == 2 && (region["vertices"] as? [Any])?.count == 1)
    }
  }

  @Test func tables() throws {
    let folder = try Folder()
    _ = try run(Models.diamond(), folder, "--box=-1,1", "--out", folder.path("r.csv"), "--detail", "all")
    let rows = String(decoding: try folder.data("r.csv"), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == 5 && Set(rows.map(\.count)).count == 1)
    let volume = try #require(rows[0].firstIndex(of: "volume"))
    #expect(rows.dropFirst().map { $0[volume] } == ["1.0", "1.0", "1.0", "1.0"])
    #expect(rows[0].starts(with: ["region", "pattern", "point_0", "point_1", "weight_0_0", "weight_0_1", "offset_0"]))
  }

  @Test func arrays() throws {
    let folder = try Folder()
    let json = try run(
      Models.random([2, 10, 8, 2]), folder, "--box=-1,1", "--out", folder.path("r.npz"), "--detail", "all", "--json"
    ).json()
    let count = try #require(json["activation_regions"] as? Int)
    let arrays = Arrays.read(try folder.data("r.npz"))
    #expect(arrays["pattern"]?.shape == [count, 18] && arrays["pattern"]?.type == "|u1")
    #expect(arrays["point"]?.shape == [count, 2] && arrays["weights"]?.shape == [count, 2, 2])
    #expect(arrays["offset"]?.shape == [count, 2] && arrays["radius"]?.shape == [count])
    let facets = try #require(arrays["facet_count"]?.numbers(as: Int32.self)).reduce(0, +)
    #expect(arrays["half_spaces"]?.shape == [Int(facets), 3] && arrays["facet_source"]?.shape == [Int(facets), 3])
    #expect(arrays["neighbours"]?.shape == [Int(facets)])
    let volumes = try #require(arrays["volume"]?.numbers(as: Double.self))
    #expect(volumes.count == count && abs(volumes.reduce(0, +) - 4) < 1e-9)
  }

  @Test func filesDoNotDependOnThreads() throws {
    let folder = try Folder()
    let network = try Models.random([3, 12, 12, 1])
    for ending in ["jsonl", "npz"] {
      var files: Set<Data> = []
      for threads in ["1", "2", "4"] {
        let name = "r\(threads).\(ending)"
        _ = try run(network, folder, "--box=-1,1", "--out", folder.path(name), "--threads", threads, "--no-pieces")
        files.insert(try folder.data(name))
      }
      #expect(files.count == 1)
    }
  }

  @Test func nothingIsLeftBeside() throws {
    let folder = try Folder()
    _ = try run(Models.diamond(), folder, "--box=-1,1", "--out", folder.path("r.npz"))
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder.url.path)) == ["m.onnx", "r.npz"])
  }

  @Test func pictures() throws {
    let folder = try Folder()
    let points = try folder.write("points.csv", "x,y,class\n0,0,0\n0.9,0.9,1\n")
    for color in ["value", "gradient", "pattern", "class"] {
      _ = try run(
        Models.diamond(), folder, "--box=-1,1", "--plot", folder.path("\(color).svg"), "--color", color, "--data",
        points)
      let svg = String(decoding: try folder.data("\(color).svg"), as: UTF8.self)
      #expect(svg.contains("<svg") && svg.contains("4 activation regions in box [-1, 1]") && svg.contains("layer 1"))
      #expect(svg.contains("f = 0") == (color == "class"))
    }
    _ = try run(Models.hat(), folder, "--box=-2,2", "--plot", folder.path("graph.svg"))
    #expect(String(decoding: try folder.data("graph.svg"), as: UTF8.self).contains("breakpoints, layer 1"))
    _ = try run(Models.diamond(), folder, "--box=-1,1", "--surface", folder.path("s.obj"))
    let faces = String(decoding: try folder.data("s.obj"), as: UTF8.self).split(separator: "\n").filter {
      $0.hasPrefix("f ")
    }
    #expect(faces.count == 4)
    _ = try run(Models.diamond(), folder, "--box=-1,1", "--surface", folder.path("s.ply"))
    #expect(try folder.data("s.ply").starts(with: Data("ply".utf8)))
  }
}
