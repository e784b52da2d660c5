import Foundation
import Testing

/// `pleat spectrum`.
@Suite struct SpectrumTests {
  private func results(_ arguments: String...) throws -> [[String: Any]] {
    let run = try Programs.run("pleat", ["spectrum", "--json"] + arguments)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.status): \(run.errors)")
    let sets = try #require(run.json()["sets"] as? [[String: Any]])
    return try #require(sets[0]["results"] as? [[String: Any]])
  }

  private func smallest(_ result: [String: Any]) throws -> (lower: Double, value: Double, upper: Double) {
    let values = try #require(result["eigenvalues"] as? [[String: Any]])
    func number(_ key: String) -> Double { (values[0][key] as? NSNumber)?.doubleValue ?? .nan }
    return (number("lower"), number("value"), number("upper"))
  }

  /// The smallest eigenvalues on the 24 angles.
  @Test func theDemonstration() throws {
    let names = ["relu", "selu", "elu", "tanh", "silu", "sin", "square"]
    let expected = [3.297274e-4, 1.650218e-4, 2.745034e-8, 7.248629e-15, 1.363790e-19, 3.851869e-36, 0]
    let found = try results("--synthetic", "arc", "--activation", names.joined(separator: ","))
    for (result, value) in zip(found, expected) {
      let ends = try smallest(result)
      #expect(abs(ends.value - value) <= 1e-6 * value, "\(result["activation"] ?? ""): \(ends)")
      #expect(ends.lower <= value * (1 + 1e-6) && value * (1 - 1e-6) <= ends.upper)
      let keys: Set = [
        "activation", "depth", "trained", "variance", "smoothness", "entry_error", "noise", "proved",
        "precise_eigenvalues", "eigenvalues", "bounds", "decay", "prediction", "sufficient_width", "verdict",
      ]
      #expect(Set(result.keys) == keys)
    }
  }

  @Test func oppositeRowsAreNamed() throws {
    let run = try Programs.run("pleat", ["spectrum", "--synthetic", "circle:50", "--activation", "relu"])
    #expect(run.status == 0)
    #expect(run.output.contains("opposite rows: 1 and 26") && run.output.contains("train a bias"), "\(run.output)")
    let biased = try smallest(results("--synthetic", "circle:50", "--activation", "relu", "--bias", "zero")[0])
    #expect(abs(biased.value - 0.02) < 1e-4)
  }

  @Test func filesAreWritten() throws {
    let folder = try Folder()
    let table = try folder.write("t.csv", "a,b,y\n1,2,1\n0.5,-1,0\n-1,0.3,1\n2,2.5,0\n")
    let run = try Programs.run(
      "pleat",
      [
        "spectrum", table, "--target", "y", "--activation", "tanh", "--kernel", "ntk", "--ridge", "0.01", "--predict",
        table, "--plot", folder.path("s.svg"), "--csv", folder.path("s.csv"), "--out", folder.path("k.npy"),
      ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("leave-one-out"))
    let csv = try String(contentsOfFile: folder.path("s.csv"), encoding: .utf8)
    #expect(csv.split(separator: "\n").count == 5)
    #expect(try String(contentsOfFile: folder.path("s.svg"), encoding: .utf8).hasPrefix("<svg"))
    #expect(try Data(contentsOf: folder.url.appendingPathComponent("k.npy")).count == 128 + 8 * 16)
  }

  @Test func trainingBesideThePrediction() throws {
    let result = try results(
      "--synthetic", "sphere:12x4", "--activation", "tanh", "--train", "output", "--width", "64", "--simulate",
      "--steps",
      "50")[0]
    let training = try #require(result["training"] as? [String: Any])
    let last = try #require((training["moments"] as? [[String: Any]])?.last)
    let (loss, predicted) = (last["loss"] as? Double ?? 0, last["predicted"] as? Double ?? 1)
    // The output layer alone is a linear problem.
    #expect(abs(loss / predicted - 1) < 1e-9 && training["prediction_binding"] as? Bool == true)
    #expect((result["widths"] as? [[String: Any]])?.count == 3)
  }

  @Test func depth() throws {
    let found = try results("--synthetic", "half-circle:12", "--depth", "1..3", "--activation", "tanh", "--rescale")
    #expect(found.map { $0["depth"] as? Int } == [1, 2, 3])
  }

  @Test(arguments: [
    (["--synthetic", "arc", "--activation", "tnh"], "did you mean tanh?"),
    (["--synthetic", "arc", "--expression", "x*foo(x)"], "wrong at character 3"),
    (["--synthetic", "arc", "--train", "imput"], "did you mean input?"),
    (["--synthetic", "ring:4"], "accepted are circle:N"), (["--synthetic", "circle:0"], "accepted are circle:N"),
    (["--synthetic", "arc", "--depth", "3..1"], "accepted are 1 to 1000"),
    (["--synthetic", "arc", "--bias", "some"], "accepted are none"),
    (["--synthetic", "arc", "--goal", "2"], "between 0 and 1"),
    (["--synthetic", "arc", "--simulate"], "--width"), (["--synthetic", "arc", "--ridge", "1"], "--target"),
    (["--synthetic", "arc", "--activation", "step"], "train the output layer"),
    (["--synthetic", "circle:400000"], "rows fit"), (["nothing.csv"], "nothing.csv"), ([], "name a table"),
    (["--synthetic", "arc", "--network", "m.onnx"], "needs a table"),
  ])
  func refusals(_ arguments: [String], _ words: String) throws {
    let run = try Programs.run("pleat", ["spectrum"] + arguments)
    #expect(run.status == 2 && run.output.isEmpty && run.errors.contains(words), "\(run.errors)")
  }

  @Test func badRows() throws {
    let folder = try Folder()
    let zero = try folder.write("zero.csv", "a,b\n1,2\n0,0\n")
    let zeroRun = try Programs.run("pleat", ["spectrum", zero])
    #expect(zeroRun.status == 2 && zeroRun.errors.contains("row 2 is zero"))
    let gap = try folder.write("gap.csv", "a,b\n1,2\n3,nan\n")
    let gapRun = try Programs.run("pleat", ["spectrum", gap])
    #expect(gapRun.status == 2 && gapRun.errors.contains("line 3"))
  }
}
