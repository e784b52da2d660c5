import Foundation
import Networks
import Testing

/// `pleat reach`: the answer, the documents, the files, and what is refused.
@Suite struct ReachTests {
  private func run(_ folder: Folder, _ network: Network, _ arguments: String...) throws -> Programs.Run {
    try Programs.run("pleat", ["reach", folder.write("m.onnx", network), "--quiet"] + arguments)
  }

  /// A query about |x₀| + |x₁| − ½ on [−1, 1]².
  private func property(_ folder: Folder, _ assertion: String) throws -> String {
    try folder.write(
      "p.vnnlib",
      """
      (declare-const X_0 Real) (declare-const X_1 Real) (declare-const Y_0 Real)
      (assert (and (>= X_0 -1) (<= X_0 1) (>= X_1 -1) (<= X_1 1)))
      (assert \(assertion))
      """)
  }

  @Test func piecesAndExactRanges() throws {
    let folder = try Folder()
    let json = try run(folder, Models.diamond(), "--box=-1,1", "--json").json()
    #expect(json["pieces"] as? Int == 4 && json["complete"] as? Bool == true && json["answer"] is NSNull)
    let output = try #require((json["outputs"] as? [[String: Any]])?.first)
    #expect(output["minimum"] as? Double == -0.5 && output["maximum"] as? Double == 1.5)
    #expect(output["exact"] as? Bool == true)
    let text = try run(folder, Models.diamond(), "--box", "-1,1;0.5,0.5")
    #expect(text.status == 0 && text.output.contains("pieces         2   all of them"), "\(text.output)")
    #expect(text.output.contains("f  [0, 1]"), "\(text.output)")
  }

  @Test(arguments: [
    ("(>= Y_0 1.5)", 1, 4), ("(> Y_0 1.5)", 0, 0), ("(>= Y_0 1.5001)", 0, 0), ("(<= Y_0 -0.5)", 1, 4),
    ("(and (>= Y_0 1.4) (>= (+ X_0 X_1) 1.9))", 1, 1), ("(or (>= Y_0 2) (<= Y_0 -2))", 0, 0),
  ])
  func answersWithItsStatus(assertion: String, status: Int32, pieces: Int) throws {
    let folder = try Folder()
    let run = try run(folder, Models.diamond(), property(folder, assertion), "--json")
    #expect(run.status == status, "\(run.errors)")
    let json = try run.json()
    #expect(json["answer"] as? String == (status == 0 ? "safe" : "unsafe"))
    #expect(json["unsafe_pieces"] as? Int == pieces && json["pieces"] as? Int == 4)
    #expect((json["violations"] as? [Any])?.count == pieces)
  }

  /// An enclosure proves what is far from the outputs, and cannot tell what is near.
  @Test(arguments: ["intervals", "zonotope", "relaxations"]) func enclosures(method: String) throws {
    let folder = try Folder()
    let far = try run(folder, Models.diamond(), property(folder, "(>= Y_0 100)"), "--method", method, "--json")
    #expect(far.status == 0, "\(far.errors)")
    let json = try far.json()
    #expect(json["answer"] as? String == "safe" && json["pieces"] is NSNull)
    let enclosure = try #require((json["enclosures"] as? [[String: Any]])?.first)
    #expect(enclosure["method"] as? String == method && enclosure["answer"] as? String == "safe")
    let range = try #require((enclosure["ranges"] as? [[Double]])?.first)
    #expect(range[0] <= -0.5 && range[1] >= 1.5)
    let near = try run(folder, Models.diamond(), property(folder, "(>= Y_0 1.5)"), "--method", method)
    #expect(near.status == 3 && near.output.contains("cannot tell: \(method) leaves 1 set open"), "\(near.output)")
  }

  @Test func arrays() throws {
    let folder = try Folder()
    let network = try Models.random([3, 8, 6, 2])
    _ = try run(
      folder, network, "--box", "-1,1;0.25,0.25;-1,2", "--out", folder.path("r.npz"), "--method",
      "exact,intervals,zonotope,relaxations")
    let arrays = Arrays.read(try folder.data("r.npz"))
    func numbers(_ name: String) throws -> [Double] { try #require(arrays[name], "\(name)").numbers(as: Double.self) }
    func offsets(_ name: String) throws -> [Int64] { try #require(arrays[name], "\(name)").numbers(as: Int64.self) }
    let (a, b, w, constants) = (try numbers("A"), try numbers("b"), try numbers("W"), try numbers("w"))
    let (rows, corners) = (try offsets("row_offset"), try offsets("vertex_offset"))
    let (points, vertices, images) = (try numbers("point"), try numbers("vertices"), try numbers("images"))
    let count = rows.count - 1
    #expect(count > 5 && arrays["pattern"]?.shape == [count, 14] && arrays["W"]?.shape == [count, 2, 3])
    #expect(arrays["unsafe"] == nil && Int(rows[count]) == b.count && Int(corners[count]) == vertices.count / 3)
    func map(_ piece: Int, _ x: ArraySlice<Double>) -> [Double] {
      (0..<2).map { row in
        zip(w[(2 * piece + row) * 3..<(2 * piece + row + 1) * 3], x).reduce(constants[2 * piece + row]) {
          $0 + $1.0 * $1.1
        }
      }
    }
    for piece in 0..<count {
      let point = points[3 * piece..<3 * piece + 3]
      for (value, mapped) in zip(network(Array(point)), map(piece, point)) { #expect(abs(value - mapped) < 1e-9) }
      for row in Int(rows[piece])..<Int(rows[piece + 1]) {
        #expect(zip(a[3 * row..<3 * row + 3], point).reduce(0) { $0 + $1.0 * $1.1 } <= b[row] + 1e-12)
      }
      for corner in Int(corners[piece])..<Int(corners[piece + 1]) {
        let mapped = map(piece, vertices[3 * corner..<3 * corner + 3])
        for (value, image) in zip(mapped, images[2 * corner..<2 * corner + 2]) { #expect(abs(value - image) < 1e-12) }
      }
    }
    for name in ["intervals_ranges", "zonotope_ranges", "relaxations_ranges"] {
      #expect(arrays[name]?.shape == [1, 2, 2])
      let ranges = try numbers(name)
      for output in 0..<2 {
        let own = stride(from: output, to: images.count, by: 2).map { images[$0] }
        #expect(ranges[2 * output] <= own.min() ?? 0 && ranges[2 * output + 1] >= own.max() ?? 0, "\(name)")
      }
    }
    let generators = try #require(arrays["zonotope_generators"])
    #expect(try offsets("zonotope_offset") == [0, Int64(generators.shape[0])] && generators.shape[1] == 2)
    #expect(try numbers("lower") == [-1, 0.25, -1])
  }

  /// The same pieces in the same order, whatever the threads; those that meet the unsafe set are marked.
  @Test func threadsAndMarks() throws {
    let folder = try Folder()
    let path = try property(folder, "(>= Y_0 1.25)")
    for threads in ["1", "3"] {
      let run = try run(
        folder, Models.diamond(), path, "--threads", threads, "--out", folder.path("r\(threads).npz"))
      #expect(run.status == 1)
    }
    #expect(try folder.data("r1.npz") == folder.data("r3.npz"))
    let arrays = Arrays.read(try folder.data("r1.npz"))
    #expect(arrays["unsafe"]?.numbers(as: UInt8.self) == [1, 1, 1, 1])
  }

  @Test func pictures() throws {
    let folder = try Folder()
    let all = "exact,intervals,zonotope,relaxations"
    for (name, sizes, more) in [
      ("plane", [2, 8, 2], []), ("graph", [1, 8, 1], []), ("strip", [3, 8, 1], []),
      ("chosen", [2, 8, 3], ["--outputs", "2,0"]), ("curve", [1, 6, 2], []),
    ] {
      let path = try folder.write("m.onnx", Models.random(sizes))
      let run = try Programs.run(
        "pleat",
        ["reach", path, "--quiet", "--box=-1,1", "--method", all, "--plot", folder.path("\(name).svg")] + more)
      #expect(run.status == 0, "\(name): \(run.errors)")
      let svg = String(decoding: try folder.data("\(name).svg"), as: UTF8.self)
      #expect(svg.hasPrefix("<svg") && svg.contains("samples") && svg.contains("zonotope"), "\(name)")
      #expect(!svg.contains("nan") && svg.utf8.count < 5_000_000, "\(name)")
    }
    let run = try run(
      folder, Models.diamond(), property(folder, "(>= Y_0 1.25)"), "--plot", folder.path("unsafe.svg"))
    #expect(run.status == 1)
    #expect(String(decoding: try folder.data("unsafe.svg"), as: UTF8.self).contains("unsafe"))
  }

  @Test func controlC() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.random([5, 32, 32, 32, 1]))
    let run = try Programs.run(
      "pleat", ["reach", path, "--box=-1,1", "--json", "--out", folder.path("r.npz"), "--time-limit", "60"],
      interruptOn: "(certified)")
    #expect(run.status == 130, "\(run.status): \(run.errors)")
    #expect(run.errors.contains("stopping: what was found so far is kept"))
    let json = try run.json()
    let count = try #require(json["pieces"] as? Int)
    #expect(json["complete"] as? Bool == false && count > 0)
    #expect(Arrays.read(try folder.data("r.npz"))["row_offset"]?.shape == [count + 1])
  }

  @Test func refusals() throws {
    let folder = try Folder()
    let model = try folder.write("m.onnx", Models.diamond())
    let path = try property(folder, "(>= Y_0 1)")
    let open = try folder.write(
      "open.vnnlib",
      "(declare-const X_0 Real)\n(declare-const X_1 Real)\n(declare-const Y_0 Real)\n(assert (>= X_0 0))\n"
        + "(assert (<= X_0 1))\n(assert (>= X_1 0))\n(assert (>= Y_0 0))\n")
    let polytope = try folder.write("h.csv", "a0,a1,b\n1,0,1\n0,1,1\n")
    let cases: [([String], [String])] = [
      ([], ["--box", "property"]), ([path, "--box=-1,1"], ["either"]),
      (["--box=-1,1", "--method", "zonotop"], ["'zonotope'?"]),
      (["--box=-1,1", "--plot", "a.pdf"], [".svg"]), (["--box=-1,1", "--out", "a.csv"], [".npz"]),
      (["--box=-1,1", "--plot", "a.svg", "--outputs", "1"], ["no output 1"]),
      (["--box=-1,1", "--plot", "a.svg", "--outputs", "0,0"], ["two different"]),
      (["--box=-1,1", "--outputs", "0"], ["--plot"]), (["--unbounded"], ["no end"]), (["--box", "1,0"], ["1,0"]),
      ([open], ["X_1", "upper"]), ([folder.path("none.vnnlib")], ["none.vnnlib"]),
      (["--polytope", polytope], ["not bounded"]), (["--polytope", polytope, "--method", "intervals"], ["box"]),
      (["--box=-1,1", "--threads", "0"], ["--threads"]),
      (["--box=-1,1;0,1;0,1"], ["2 inputs"]),
    ]
    for (arguments, words) in cases {
      let run = try Programs.run("pleat", ["reach", model] + arguments)
      #expect(run.status == 2 && run.output.isEmpty, "\(arguments): \(run.status) \(run.output)")
      for word in words { #expect(run.errors.contains(word), "\(arguments): '\(word)' is not in\n\(run.errors)") }
    }
  }

  /// A box without a point is safe, and it is said why.
  @Test func noInput() throws {
    let folder = try Folder()
    let run = try run(folder, Models.diamond(), property(folder, "(and (>= X_0 2) (>= Y_0 0))"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("safe: there is no input to ask about"), "\(run.output)")
  }
}
