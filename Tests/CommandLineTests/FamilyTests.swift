import Foundation
import Networks
import Testing

/// `pleat family`.
@Suite struct FamilyTests {
  private func json(_ arguments: [String]) throws -> [String: Any] {
    let run = try Programs.run("pleat", ["family"] + arguments + ["--json"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.status): \(run.errors)")
    return try run.json()
  }

  private func json(_ arguments: String) throws -> [String: Any] {
    try json(arguments.split(separator: " ").map(String.init))
  }

  private func member(_ document: [String: Any], _ key: String) throws -> [String: Any] {
    try #require(document[key] as? [String: Any], "\(key) in \(document)")
  }

  // MARK: Sawtooths

  /// wᵏ pieces within (0, M); one more on ℝ, two when w is even and k ≥ 2; predicted and counted in two ways.
  @Test(arguments: [(2, 1, 3), (2, 2, 6), (2, 5, 34), (4, 3, 66), (3, 1, 4), (8, 2, 66)])
  func sawtoothsAreCounted(_ width: Int, _ layers: Int, _ pieces: Int) throws {
    let document = try json("sawtooth --width \(width) --layers \(layers)")
    let inside = (0..<layers).reduce(1) { product, _ in product * width }
    #expect(document["pieces"] as? String == "\(pieces)" && document["counted_pieces"] as? Int == pieces)
    #expect(document["pieces_inside"] as? String == "\(inside)" && document["counted_inside"] as? Int == inside)
    #expect(document["depth"] as? Int == layers + 1 && document["size"] as? Int == width * layers)
    #expect(document["integral"] as? String == "1/2" && document["distance_to_mean"] as? String == "1/4")
    let weights = try member(document, "weights")
    #expect(weights["exact"] as? Bool == (width != 3) && (width == 3 || weights["region_pieces"] as? Int == pieces))
    let bounds = try #require(document["lower_bounds"] as? [[String: Any]])
    #expect(bounds.map { $0["layers"] as? Int } == (1...layers).map { $0 })
    // With one layer, one unit for each bend, and none to spare.
    #expect(bounds[0]["units"] as? String == "\(pieces - 1)")
  }

  @Test func depthIsOneMoreThanLayers() throws {
    let layers = try json("sawtooth --width 3 --layers 4")
    let depth = try json("sawtooth --width 3 --depth 5")
    #expect(NSDictionary(dictionary: layers) == NSDictionary(dictionary: depth))
    #expect(layers["layers"] as? Int == 4 && layers["pieces"] as? String == "82")
    let bounds = try #require(layers["lower_bounds"] as? [[String: Any]])
    #expect(bounds.map { $0["units"] as? String } == ["81", "17", "11", "9"])
  }

  /// Thirds are no floating-point numbers: the report says by how much the function changed, and the file agrees.
  @Test func roundingIsReported() throws {
    let folder = try Folder()
    let path = folder.path("hard.onnx")
    for precision in ["float32", "float64"] {
      let document = try json(
        ["sawtooth", "--width", "3", "--layers", "3", "--precision", precision, "--out", path])
      let weights = try member(document, "weights")
      #expect(weights["exact"] as? Bool == false && weights["precision"] as? String == precision)
      #expect(weights["pieces"] as? Int == weights["region_pieces"] as? Int)
      let largest = try #require(weights["largest_difference"] as? Double)
      let unit = precision == "float32" ? 0x1p-24 : 0x1p-53
      #expect(largest > unit / 4 && largest < 1000 * unit, "\(largest)")
      // The written function at bends of H, where it should be 0 and 1.
      let network = try Network.readONNX(path: path)
      for tooth in 0...27 {
        let value = network([Double(tooth) / 27])[0]
        #expect(abs(value - Double(tooth % 2)) <= largest + 1e-12, "\(tooth): \(value)")
      }
    }
  }

  @Test func knotsAreReadExactly() throws {
    let document = try json(["sawtooth", "--knots", "1/3,2/3; 0.25,0.5", "--extent", "1"])
    #expect(document["knots"] as? [[String]] == [["1/3", "2/3"], ["1/4", "1/2"]])
    #expect(document["pieces"] as? String == "10" && document["counted_pieces"] as? Int == 10)
    let scaled = try json(["sawtooth", "--knots", "1", "--extent", "5/2"])
    #expect(scaled["integral"] as? String == "25/8" && scaled["pieces"] as? String == "3")
  }

  @Test func randomKnotsFollowTheSeed() throws {
    let first = try json("sawtooth --width 4 --layers 3 --random --seed 7")
    let again = try json("sawtooth --width 4 --layers 3 --random --seed 7")
    let other = try json("sawtooth --width 4 --layers 3 --random --seed 8")
    #expect(first["knots"] as? [[String]] == again["knots"] as? [[String]])
    #expect(first["knots"] as? [[String]] != other["knots"] as? [[String]])
    #expect(first["counted_pieces"] as? Int == 66 && other["counted_pieces"] as? Int == 66)
  }

  /// More pieces than anything could list are predicted all the same.
  @Test func hugeSawtooths() throws {
    let document = try json("sawtooth --width 2 --layers 200")
    #expect(document["pieces_inside"] as? String == "1606938044258990275541962092341162602522202993782792835301376")
    #expect(document["counted_pieces"] is NSNull)
    let bounds = try #require(document["lower_bounds"] as? [[String: Any]])
    #expect(bounds.last?["layers"] as? Int == 200 && bounds.count == 13)
  }

  @Test func sawtoothsForPeople() throws {
    let folder = try Folder()
    let run = try Programs.run(
      "pleat",
      [
        "family", "sawtooth", "--width", "3", "--layers", "4", "--plot", folder.path("saw.svg"), "--out",
        folder.path("m.onnx"),
      ])
    #expect(run.status == 0, "\(run.errors)")
    for word in ["4 hidden layers of 3 units", "depth 5", "82 on all of ℝ", "81", "as rounded", "product bound"] {
      #expect(run.output.contains(word), "'\(word)' is not in: \(run.output)")
    }
    let picture = String(decoding: try folder.data("saw.svg"), as: UTF8.self)
    #expect(picture.hasPrefix("<svg") || picture.hasPrefix("<?xml"))
    #expect(picture.contains("breakpoints, layer 4") && picture.contains("82 pieces"))
  }

  // MARK: Zonotopes

  /// n, m, w, k of generators on the moment curve; V·wᵏ + e, twice the printed count and the flat piece.
  @Test(arguments: [
    (2, 2, 2, 1, 8, 4, 6, 6), (2, 3, 3, 1, 18, 9, 9, 8), (3, 3, 2, 2, 33, 16, 10, 9), (3, 4, 3, 1, 42, 21, 11, 9),
    (1, 2, 2, 2, 10, 4, 8, 8),
  ])
  func zonotopesAreCounted(
    _ n: Int, _ m: Int, _ w: Int, _ k: Int, _ pieces: Int, _ printed: Int, _ paired: Int, _ shared: Int
  ) throws {
    let document = try json(
      "zonotope --inputs \(n) --generators \(m) --generator-kind moment --width \(w) --layers \(k + 1)")
    #expect(document["pieces"] as? String == "\(pieces)")
    #expect(document["size_paper"] as? Int == paired && document["size_shared"] as? Int == shared)
    #expect(document["size"] as? Int == shared && document["depth"] as? Int == k + 2)
    #expect(document["paper_pieces"] as? String == "\(printed)")
    let weights = try member(document, "weights")
    if weights["exact"] as? Bool == true { #expect(weights["region_pieces"] as? Int == pieces) }
  }

  @Test func theZonotopeItself() throws {
    let document = try json("zonotope --inputs 3 --generators 5 --generator-kind moment --first-layer paper")
    #expect(document["vertices"] as? String == "22" && document["generic_vertices"] as? String == "22")
    #expect(document["facets"] as? Int == 20 && document["general_position"] as? Bool == true)
    #expect(document["widths"] as? [Int] == [10] && document["size_shared"] as? Int == 7)
    #expect(document["pieces"] as? String == "22" && document["width"] is NSNull)
    #expect(try member(document, "weights")["region_pieces"] as? Int == 22)
  }

  /// A prism over a hexagon, and a generator that is zero.
  @Test func givenGenerators() throws {
    let folder = try Folder()
    let file = try folder.write("g.csv", "1,0,0\n0,1,0\n1,1,0\n0,0,0.5\n0,0,0\n")
    let document = try json(["zonotope", "--file", file, "--width", "2", "--depth", "4"])
    #expect(document["vertices"] as? String == "12" && document["facets"] as? Int == 8)
    #expect(document["volume"] as? String == "12" && document["generic_vertices"] as? String == "14")
    #expect(document["general_position"] as? Bool == false && document["inputs"] as? Int == 3)
    #expect(document["pieces"] as? String == "49")
    #expect(try member(document, "weights")["region_pieces"] as? Int == 49)
  }

  @Test func randomGeneratorsAreInGeneralPosition() throws {
    let first = try json("zonotope --inputs 3 --generators 6 --seed 5")
    #expect(first["general_position"] as? Bool == true && first["vertices"] as? String == "32")
    let again = try json("zonotope --inputs 3 --generators 6 --seed 5")
    #expect(first["generators"] as? [[String]] == again["generators"] as? [[String]])
  }

  @Test func zonotopesAreDrawn() throws {
    let folder = try Folder()
    let run = try Programs.run(
      "pleat",
      [
        "family", "zonotope", "--inputs", "2", "--generators", "4", "--generator-kind", "regular", "--width", "2",
        "--layers", "3", "--out", folder.path("z.onnx"), "--plot", folder.path("z.svg"), "--plot-function",
        folder.path("f.svg"),
      ])
    #expect(run.status == 0, "\(run.errors)")
    for word in ["8, counted exactly", "factor 2", "33 predicted", "theorem 3.9"] {
      #expect(run.output.contains(word), "'\(word)' is not in: \(run.output)")
    }
    #expect(String(decoding: try folder.data("z.svg"), as: UTF8.self).contains("8 vertices"))
    #expect(String(decoding: try folder.data("f.svg"), as: UTF8.self).contains("33 pieces"))
    let network = try Network.readONNX(path: folder.path("z.onnx"))
    #expect(network([0, 0])[0] == 0)
    let solid = try Programs.run(
      "pleat", ["family", "zonotope", "--inputs", "3", "--generators", "4", "--plot", folder.path("s.svg")])
    #expect(solid.status == 0, "\(solid.errors)")
    #expect(String(decoding: try folder.data("s.svg"), as: UTF8.self).contains("14 vertices, 12 facets"))
  }

  // MARK: Maxima

  @Test func maxima() throws {
    let folder = try Folder()
    let path = folder.path("max.onnx")
    let document = try json(["maximum", "--count", "5", "--shallow", "--out", path])
    #expect(document["construction"] as? String == "shallow" && document["layers"] as? Int == 2)
    let tree = try member(document, "tree")
    #expect(tree["widths"] as? [Int] == [8, 5, 3] && tree["size"] as? Int == 16)
    let capacities = try #require(document["capacities"] as? [[String: Any]])
    #expect(capacities.map { $0["shallow"] as? Int } == [2, 5, 12, 30, 75, 187])
    #expect(capacities.map { $0["tree"] as? Int } == [2, 4, 8, 16, 32, 64])
    let network = try Network.readONNX(path: path)
    for point in [[1, 2, 3, 4, 5], [-3, -1, -2, -1, -4], [7, 0, 7, -2, 6.5], [0, 0, 0, 0, 0]] as [[Double]] {
      #expect(network(point)[0] == point.max())
    }
    #expect(try json("maximum --count 300")["shallow"] is NSNull)
    let table = try Programs.run("pleat", ["family", "maximum", "--count", "5"]).output
    #expect(table.contains("3 hidden layers of 8, 5, 3"), "\(table)")
  }

  // MARK: What is wrong is said at once

  @Test(arguments: [
    ("sawtooth", ["--width", "--layers"]), ("sawtooth --width 1 --layers 3", ["width 2 or more"]),
    ("sawtooth --width 3 --layers 0", ["--layers 0"]), ("sawtooth --width 3 --depth 1", ["--depth 1", "2"]),
    ("sawtooth --width 3 --layers 2 --depth 3", ["exclude each other"]),
    ("sawtooth --width 3 --layers 2 --extent 0", ["positive M"]),
    ("sawtooth --width 3 --layers 2 --extent big", ["'big'"]),
    ("sawtooth --width 9000000000000000000 --layers 2", ["too many"]),
    ("sawtooth --width 60000 --layers 1000000000", ["too many"]), ("sawtooth --width 20000 --layers 3", ["weights"]),
    ("sawtooth --knots 2/3,1/3", ["knot 2 of layer 1", "not above"]), ("sawtooth --knots 1/3,1", ["not below M"]),
    ("sawtooth --knots 1/3,2/3;1/2", ["layer 2 has 1 knots"]), ("sawtooth --knots 1/3,,2/3", ["layer 1", "''"]),
    ("sawtooth --knots 1/2 --width 3", ["--width 3"]), ("sawtooth --knots 1/2 --layers 2", ["1 layer", "2"]),
    ("sawtooth --knots 1/2 --random", ["exclude each other"]),
    ("sawtooth --width 2 --layers 30 --plot FOLDER/x.svg", ["--plot", "4,096"]),
    ("sawtooth --width 2 --layers 3 --plot FOLDER/x.gif", [".svg", ".png"]),
    ("sawtooth --width 2 --layers 3 --out FOLDER/x.npz", [".onnx"]),
    ("sawtooth --width 2 --layers 3 --out /nonexistent/x.onnx", ["no folder /nonexistent"]),
    ("zonotope", ["--inputs", "--generators"]), ("zonotope --inputs 0 --generators 3", ["--inputs 0"]),
    ("zonotope --inputs 2 --generators=-3", ["--generators -3"]),
    ("zonotope --inputs 2 --generators 3 --width 2", ["--layers", "--depth"]),
    ("zonotope --inputs 2 --generators 3 --layers 2", ["--width"]),
    ("zonotope --inputs 2 --generators 3 --width 2 --layers 1", ["support function alone"]),
    ("zonotope --inputs 2 --generators 3 --width 1 --layers 2", ["width 2 or more"]),
    ("zonotope --inputs 3 --generators 4 --generator-kind regular", ["--inputs 2"]),
    ("zonotope --inputs 3 --generators 9000000000000000000", ["too many"]),
    ("zonotope --inputs 30 --generators 400", ["general position", "moment"]),
    ("zonotope --file FOLDER/odd.csv", ["odd.csv"]), ("zonotope --file FOLDER/missing.csv", ["missing.csv"]),
    ("zonotope --file FOLDER/zero.csv", ["zero"]), ("zonotope --file FOLDER/g.csv --inputs 3", ["2 coordinates", "3"]),
    ("zonotope --file FOLDER/g.csv --generators 9", ["2 generators", "9"]),
    ("zonotope --file FOLDER/g.csv --generator-kind moment", ["--file"]),
    ("zonotope --generator-kind given", ["--file"]),
    ("zonotope --inputs 4 --generators 5 --plot FOLDER/z.svg", ["rank 4"]),
    ("zonotope --inputs 3 --generators 5 --plot-function FOLDER/z.svg", ["2 inputs"]),
    ("maximum --count 0", ["1 to 3,000"]), ("maximum --count 1000000", ["1 to 3,000"]),
    ("maximum --count 188 --shallow", ["1 to 187"]), ("maximum --count 5 --shallow --tree", ["exclude each other"]),
  ]) func badInputIsExplained(_ arguments: String, _ words: [String]) throws {
    let folder = try Folder()
    _ = try folder.write("g.csv", "1,0\n0,1\n")
    _ = try folder.write("odd.csv", "1,0\n0\n")
    _ = try folder.write("zero.csv", "0,0\n0,0\n")
    let run = try Programs.run(
      "pleat",
      ["family"] + arguments.split(separator: " ").map { $0.replacingOccurrences(of: "FOLDER", with: folder.url.path) })
    #expect(run.status == 2 && run.output.isEmpty, "\(run.status): \(run.output)")
    #expect(run.errors.hasPrefix("pleat: ") && run.errors.count { $0 == "\n" } == 1, "\(run.errors)")
    for word in words { #expect(run.errors.contains(word), "'\(word)' is not in: \(run.errors)") }
  }
}
