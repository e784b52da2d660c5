import Foundation
import Testing

/// What is wrong with a question about regions is said on standard error; nothing goes to standard output.
@Suite struct RegionBadInputTests {
  struct BadCase: Sendable, CustomTestStringConvertible {
    /// FOLDER stands for the folder of the files.
    var arguments: [String]
    /// What the message must contain.
    var words: [String]
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String, _ words: String...) {
      self.arguments = arguments.components(separatedBy: " ")
      self.words = words
    }
  }

  /// m.onnx has two inputs, m4.onnx four; the others are damaged.
  static let cases: [BadCase] = [
    .init("regions FOLDER/missing.onnx --box=-1,1", "missing.onnx", "cannot read"),
    .init("regions FOLDER/points.csv --box=-1,1", "points.csv"),
    .init("regions FOLDER/tanh.onnx --box=-1,1", "Tanh", "relu0"),
    .init("describe FOLDER/tanh.onnx", "Tanh", "relu0"),
    .init("regions FOLDER/odd.onnx --box=-1,1", "odd.onnx", "nan"),
    .init("describe FOLDER/odd.npz", "odd.npz", "nan"),
    .init("regions FOLDER/none.npz --box=-1,1", "none.npz", "no array W0", "b0"),
    .init("regions FOLDER/text.npz --box=-1,1", "text.npz", "no .npz file"),
    .init("regions FOLDER/m.onnx", "--box", "--polytope", "--unbounded"),
    .init("regions FOLDER/m.onnx --box=-1,1 --unbounded", "exclude each other"),
    .init(
      "regions FOLDER/m.onnx --box -1,1;0,1;2,3",
      "the box has 3 intervals, the network has 2 inputs: give "
        + "2, or one for all"),
    .init(
      "describe FOLDER/m4.onnx --box -1,1;0,1",
      "the box has 2 intervals, the network has 4 inputs: give 4, "
        + "or one for all"),
    .init("regions FOLDER/m.onnx --box 1,-1", "'1,-1'", "empty or flat"),
    .init("regions FOLDER/m.onnx --box 1,1", "single point", "must vary"),
    .init("describe FOLDER/m.onnx --box 1,1", "'1,1'", "empty or flat"),
    .init("regions FOLDER/m.onnx --box one,two", "'one,two'", "no interval"),
    .init("regions FOLDER/m.onnx --box 0,inf", "finite"),
    .init("regions FOLDER/m.onnx --polytope FOLDER/empty.csv", "empty"),
    .init("regions FOLDER/m.onnx --polytope FOLDER/wide.csv", "wide.csv", "4 columns", "2 inputs", "3"),
    .init("regions FOLDER/m.onnx --polytope FOLDER/bad.json", "bad.json", "half_spaces"),
    .init("regions FOLDER/m.onnx --polytope FOLDER/missing.csv", "missing.csv"),
    .init("regions FOLDER/m4.onnx --slice x0,x9 --at 0 --box=-1,1", "no input 'x9'", "x0 to x3"),
    .init("regions FOLDER/m4.onnx --slice x0,x0 --at 0 --box=-1,1", "different inputs"),
    .init("regions FOLDER/m4.onnx --slice x0,x1 --box=-1,1", "needs --at"),
    .init("regions FOLDER/m4.onnx --at 0 --box=-1,1", "--slice"),
    .init("regions FOLDER/m4.onnx --slice x0,x1 --at 0,1 --box=-1,1", "2 numbers", "4 inputs"),
    .init("regions FOLDER/m4.onnx --slice x0,x1 --at here --box=-1,1", "--at here", "data.csv:17"),
    .init("regions FOLDER/m4.onnx --slice x0,x1 --at FOLDER/points.csv:1", "points.csv", "4 inputs"),
    .init("regions FOLDER/m.onnx --slice x0 --at FOLDER/points.csv:9", "points.csv", "rows 1 to 2"),
    .init("regions FOLDER/m4.onnx --through 0", "two points", "three"),
    .init("regions FOLDER/m4.onnx --through 0;1;2", "not different enough"),
    .init("regions FOLDER/m4.onnx --box=-1,1 --plot FOLDER/x.svg", "1 or 2 inputs", "4", "--slice"),
    .init("regions FOLDER/m4.onnx --box=-1,1 --surface FOLDER/x.obj", "2 inputs", "4"),
    .init("regions FOLDER/m.onnx --unbounded --plot FOLDER/x.svg", "--box"),
    .init("regions FOLDER/m.onnx --box=-1,1 --plot FOLDER/x.gif", ".svg", ".png"),
    .init("regions FOLDER/m.onnx --box=-1,1 --out FOLDER/x.txt", ".jsonl", ".csv", ".npz"),
    .init("regions FOLDER/m.onnx --box=-1,1 --out /nonexistent/x.csv", "no folder /nonexistent"),
    .init("regions FOLDER/m.onnx --box=-1,1 --detail map", "--out"),
    .init(
      "regions FOLDER/m.onnx --box=-1,1 --out FOLDER/x.csv --detail vertexes", "'vertexes'",
      "did you mean "
        + "'vertices'"),
    .init("regions FOLDER/m.onnx --box=-1,1 --boundary f1=0", "no output f1"),
    .init("regions FOLDER/m.onnx --box=-1,1 --boundary argmax", "one output"),
    .init("regions FOLDER/m.onnx --box=-1,1 --boundary f0=f0", "two different"),
    .init("regions FOLDER/m.onnx --box=-1,1 --boundary zero", "f0=0.5"),
    .init("regions FOLDER/m.onnx --box=-1,1 --output 1 --plot FOLDER/x.svg", "--output 1"),
    .init("regions FOLDER/m.onnx --box=-1,1 --color red --plot FOLDER/x.svg", "red"),
    .init("regions FOLDER/m.onnx --box=-1,1 --data FOLDER/points.csv", "--plot"),
    .init("regions FOLDER/m.onnx --box=-1,1 --count-only --graph", "exclude each other"),
    .init("regions FOLDER/m.onnx --unbounded --sample 10", "--box"),
    .init("regions FOLDER/m.onnx --box=-1,1 --max-regions 0", "--max-regions 0"),
    .init("regions FOLDER/m.onnx --box=-1,1 --time-limit=-1", "--time-limit"),
    .init("regions FOLDER/m.onnx --box=-1,1 --threads 0", "--threads 0"),
    .init("equivalent FOLDER/m.onnx FOLDER/m4.onnx --box=-1,1", "2 inputs", "4 inputs"),
    .init("equivalent FOLDER/m.onnx FOLDER/m.onnx", "--box"),
    .init("equivalent FOLDER/m.onnx FOLDER/m.onnx --box=-1,1 --tolerance=-1", "--tolerance -1"),
  ]

  @Test(arguments: cases) func isExplained(_ bad: BadCase) throws {
    let folder = try Folder()
    let model = try folder.write("m.onnx", Models.diamond())
    _ = try folder.write("m4.onnx", Models.random([4, 5, 1]))
    _ = try folder.write("points.csv", "x,y\n0,0\n1,1\n")
    _ = try folder.write("empty.csv", "1,0,-1\n-1,0,-1\n")
    _ = try folder.write("wide.csv", "1,0,0,1\n")
    _ = try folder.write("bad.json", "{\"half_spaces\": 3}")
    _ = try folder.write("text.npz", "this is no archive at all, but it is long enough for one\n")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    try bytes.replacing("Relu".utf8, with: "Tanh".utf8).write(to: folder.url.appendingPathComponent("tanh.onnx"))
    // −0.5, the last bias, as float32.
    try bytes.replacing([0, 0, 0, 0xBF], with: [0, 0, 0xC0, 0x7F]).write(
      to: folder.url.appendingPathComponent("odd.onnx"))
    try Arrays.npz([("W0", [1, 1], [.nan]), ("b0", [1], [0])]).write(to: folder.url.appendingPathComponent("odd.npz"))
    try Arrays.npz([("b0", [1], [0])]).write(to: folder.url.appendingPathComponent("none.npz"))
    let run = try Programs.run(
      "pleat", bad.arguments.map { $0.replacingOccurrences(of: "FOLDER", with: folder.url.path) })
    #expect(run.status == 2, "\(run.status)")
    #expect(run.output.isEmpty, "\(run.output)")
    for word in bad.words { #expect(run.errors.contains(word), "'\(word)' is not in: \(run.errors)") }
  }
}

extension Data {
  fileprivate func replacing(_ old: some Sequence<UInt8>, with new: some Sequence<UInt8>) -> Data {
    var copy = self
    while let range = copy.range(of: Data(old)) { copy.replaceSubrange(range, with: Data(new)) }
    return copy
  }
}
