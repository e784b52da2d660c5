import Datasets
import Exact
import Foundation
import Polyhedra
import Probability
import Testing

@testable import Representation

@Suite("Function files")
struct FunctionFileTests {
  private func read(_ text: String) throws -> FunctionFile {
    try FunctionFile(JSONDocument(text, source: "f.json"))
  }

  private func reason(_ text: String) -> String {
    do {
      return "read: \(try read(text).form)"
    } catch {
      return "\(error)"
    }
  }

  private func body(_ form: String, _ members: String) -> String {
    "{\"format\": \"pleat-function\", \"form\": \"\(form)\",\n\(members)}"
  }

  @Test("the examples are read, written, read again, and are continuous", arguments: FunctionFile.Form.allCases)
  func examples(form: FunctionFile.Form) throws {
    let file = try read(FunctionFile.example(form))
    #expect(file.form == form)
    #expect(try read(file.text) == file)
    #expect(try read(file.text).text == file.text)
    let (function, notes) = try file.polyhedralFunction()
    #expect(notes.isEmpty)
    #expect(function.inputs == file.inputs && function.outputs == file.outputs)
    let fit = function.fit()
    #expect(fit.isAccepted, "\(fit)")
  }

  @Test("values of the examples")
  func values() throws {
    func value(_ form: FunctionFile.Form, _ point: [Rational]) throws -> Rational? {
      try read(FunctionFile.example(form)).polyhedralFunction().function(point)?[0]
    }
    #expect(try value(.regions, [1, 7]) == Rational(-1, 2))
    #expect(try value(.regions, [-9, 7]) == 1)
    #expect(try value(.maxMin, [Rational(1, 4), 0]) == Rational(1, 4))
    #expect(try value(.maxMin, [-5, 0]) == Rational(-1, 3))
    #expect(try value(.maxMin, [9, 1]) == Rational(3, 2))
    #expect(try value(.differenceOfConvex, [-3, 2]) == 1)
    #expect(try value(.breakpoints, [-5]) == 0)
    #expect(try value(.breakpoints, [Rational(1, 2)]) == 1)
    #expect(try value(.breakpoints, [Rational(7, 2)]) == Rational(4, 3))
    #expect(try value(.simplices, [Rational(3, 4), Rational(3, 4)]) == 2)
    #expect(try value(.grid, [1, Rational(1, 4)]) == Rational(7, 4))
    #expect(try value(.grid, [Rational(1, 2), Rational(1, 4)]) == Rational(3, 4))
    #expect(try value(.signedMaxima, [3, -2]) == 3)
    #expect(try value(.signedMaxima, [0, -2]) == -1)
  }

  @Test("several outputs")
  func severalOutputs() throws {
    let grid = try read(
      body("grid", "\"outputs\": 2, \"axes\": [[0, 1]], \"values\": [[1, \"1/3\"], [2, 5]]"))
    #expect(try grid.polyhedralFunction().function([Rational(1, 2)]) == [Rational(3, 2), Rational(8, 3)])
    let line = try read(
      body("breakpoints", "\"points\": [[0, 1, 2]], \"left_slope\": [0, 1], \"right_slope\": [3, 0]"))
    #expect(try line.polyhedralFunction().function([2]) == [7, 2])
    let maxMin = try read(
      body(
        "max-min",
        """
        "outputs": [{"functions": [{"gradient": [1], "constant": 0}, {"gradient": [-1], "constant": 0}], "clauses": [[0], [1]]},
                    {"functions": [{"gradient": [1], "constant": 2}], "clauses": [[0, 0]]}]
        """))
    #expect(maxMin.outputs == 2)
    #expect(try maxMin.polyhedralFunction().function([-3]) == [3, -1])
    for file in [grid, line, maxMin] { #expect(try read(file.text) == file) }
    let (clipped, _) = try line.polyhedralFunction(inBox: ([1], [4]))
    #expect(clipped([0]) == nil && clipped([4]) == [13, 2])
  }

  @Test("numbers are read and written exactly")
  func numbers() throws {
    for (text, written) in [
      ("0", "0"), ("-12", "-12"), ("0.1", "0.1"), ("-0.5", "-0.5"), ("1e3", "1000"), ("1.25E-3", "0.00125"),
      ("\"3/7\"", "\"3/7\""), ("\"-6/4\"", "-1.5"), ("\"0.1\"", "0.1"), ("-0", "0"),
      ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
      ("1e-64", "0." + String(repeating: "0", count: 63) + "1"),
      ("1e-65", "\"1/1" + String(repeating: "0", count: 65) + "\""),
    ] {
      let file = try read(body("breakpoints", "\"points\": [[0, 1], [1, \(text)]]"))
      guard case .breakpoints(let table) = file.content else { throw RepresentationError("another form") }
      #expect(FunctionWriter.number(table.points[1].values[0]) == written)
      #expect(try read(file.text) == file)
    }
    for seed in 0..<200 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let denominator = seed % 2 == 0 ? 1 << source.index(below: 40) : 1 + source.index(below: 1000)
      let number = Rational(source.index(below: 1_000_000) - 500_000, denominator)
      let text = FunctionWriter.number(number)
      #expect(Rational(text.replacingOccurrences(of: "\"", with: "")) == number, "seed \(seed)")
      #expect(text.hasPrefix("\"") == (Rational("1e64")! * number).description.contains("/"), "seed \(seed)")
    }
  }

  @Test("what is wrong, where, and what is accepted instead")
  func errors() {
    let region = "\"b\": [1, 2], \"gain\": [[1, 0]], \"offset\": [0]"
    let cases: [(String, [String])] = [
      (
        body("regions", "\"inputs\": 2, \"regions\": [\n{\"A\": [[1, 0],\n [1, 2, 3]], \(region)}]"),
        ["f.json: regions[0].A[1]: 3 numbers, but the function has 2 inputs (line 4, column 2)"]
      ),
      (body("regions", "\"regions\": [{\"A\": [[1, 0]], \(region)}]"), ["regions[0].b: 2 numbers, but A has 1 row"]),
      (body("regions", "\"regions\": [{\"A\": [], \"b\": [], \"gain\": [[1]]}]"), ["regions[0]: 'offset' is missing"]),
      (
        body("regions", "\"outputs\": 2, \"regions\": [{\"A\": [], \"b\": [], \"gain\": [[1]], \"offset\": [1]}]"),
        ["regions[0].gain: 1 of the outputs, but the function has 2 outputs"]
      ),
      (
        body("regions", "\"region\": []"),
        ["'region' is not known here; did you mean 'regions'?", "'inputs', 'outputs'"]
      ),
      (body("regions", "\"regions\": []"), ["regions: is empty; at least one of its regions is wanted"]),
      (body("regions", "\"regions\": 3"), ["regions: is a number; an array of regions is wanted (line 2, column 12)"]),
      (
        body("region", "\"regions\": []"),
        ["form: is no known form; did you mean 'regions'?", "'max-min', 'difference-of-convex'"]
      ),
      ("{\"form\": \"grid\"}", ["'format' is missing"]),
      ("{\"format\": \"onnx\"}", ["format: is another format; 'pleat-function' is wanted"]),
      ("[1]", ["the document is an array"]),
      ("{", ["a name in double quotes"]),
      (
        body("breakpoints", "\"points\": [[0, true], [1, 2]]"),
        ["points[0][1]: is a truth value; a number, or a string such as \"3/7\", is wanted"]
      ),
      (body("breakpoints", "\"points\": [[0, \"1/0\"], [1, 2]]"), ["points[0][1]: is a string that is no number"]),
      (body("breakpoints", "\"points\": [[0, 1e9999999999], [1, 2]]"), ["exponents to 5000"]),
      (body("breakpoints", "\"points\": [[0, 1], [0, 2]]"), ["points[1]: does not lie to the right"]),
      (body("breakpoints", "\"points\": [[0, 1]], \"left_slope\": 1"), ["points: one point makes a function only"]),
      (body("breakpoints", "\"inputs\": 2, \"points\": [[0, 1], [2, 3]]"), ["inputs: a function given by breakpoints"]),
      (
        body("max-min", "\"functions\": [{\"gradient\": [1], \"constant\": 0}], \"clauses\": [[0, 1]]"),
        ["clauses[0][1]: is no number of one of the functions, from 0 to 0"]
      ),
      (
        body("max-min", "\"functions\": [{\"gradient\": [], \"constant\": 0}], \"clauses\": [[0]]"),
        ["functions[0].gradient: is empty; a function has at least one input"]
      ),
      (body("max-min", "\"outputs\": [{}], \"clauses\": [[0]]"), ["clauses: stands beside 'outputs'"]),
      (body("max-min", "\"outputs\": 2"), ["outputs: is no array of outputs"]),
      (
        body(
          "signed-maxima",
          "\"functions\": [{\"gradient\": [1], \"constant\": 0}], \"terms\": [{\"coefficient\": 0, \"arguments\": [0]}]"
        ),
        ["terms[0].coefficient: is 0; leave the term out"]
      ),
      (
        body("simplices", "\"points\": [[0], [1]], \"values\": [1, 2], \"simplices\": [[0, 0]]"),
        ["simplices[0]: 1 point, but a simplex of 1 input has 2"]
      ),
      (
        body("simplices", "\"points\": [[0], [1]], \"values\": [1], \"simplices\": [[0, 1]]"),
        ["values: 1 value, but there are 2 points"]
      ),
      (body("grid", "\"axes\": [[0, 1], [2, 2]], \"values\": []"), ["axes[1]: does not increase"]),
      (
        body("grid", "\"axes\": [[0, 1], [2, 3]], \"values\": [[1, 2], [3]]"),
        ["values[1]: 1 value, but axes[1] has 2 lines"]
      ),
    ]
    for (text, words) in cases {
      let reason = reason(text)
      for word in words { #expect(reason.contains(word), "\(reason)") }
      #expect(reason.hasPrefix("f.json: "))
    }
  }

  @Test("a document cut or damaged anywhere is refused or read, and nothing traps")
  func damaged() {
    for form in FunctionFile.Form.allCases {
      let bytes = Array(FunctionFile.example(form).utf8)
      for index in bytes.indices {
        for byte in "0]\"-".utf8 {
          var damaged = bytes
          damaged[index] = byte
          if let file = try? read(String(decoding: damaged, as: UTF8.self)) {
            _ = try? file.polyhedralFunction(limit: 50)
          }
        }
      }
    }
  }

  @Test("files are written and read")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("f.json").path
    let file = try read(FunctionFile.example(.regions))
    try file.write(to: path)
    #expect(try FunctionFile.read(path: path) == file)
    #expect(throws: FileError.self) { try FunctionFile.read(path: path + ".none") }
  }
}
