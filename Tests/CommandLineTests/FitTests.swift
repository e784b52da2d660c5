import Foundation
import LinearAlgebra
import Networks
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `pleat fit` from end to end.
@Suite struct FitTests {
  private func fit(_ table: String, _ arguments: String..., folder: Folder? = nil) throws -> Programs.Run {
    let folder = try folder ?? Folder()
    return try Programs.run("pleat", ["fit", folder.write("data.csv", table)] + arguments)
  }

  @Test func theReportIsForPeople() throws {
    let run = try fit(Tables.line, "--hidden", "1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("status       optimal (certified)"))
    #expect(run.output.contains("loss         14.8 = 74/5"))
    #expect(run.output.contains("lower bound  14.8"))
    // The pieces, each with its interval and how many of the six samples it holds.
    let pieces = run.output.split(separator: "\n").filter { $0.hasPrefix("y = ") }
    #expect(pieces.count == 2 && pieces[0].contains("for x <= ") && pieces[1].contains("for x >= "), "\(run.output)")
    let counts = pieces.compactMap { $0.split(separator: "(").last?.split(separator: " ").first }.compactMap { Int($0) }
    #expect(counts.reduce(0, +) == 6)
    // The cost is announced before.
    #expect(run.errors.contains("6 samples at 6 distinct points of x; target y, squared loss, 1 hidden units"))
    #expect(run.errors.contains("dichotomies: at most 12"))
  }

  @Test func theDocumentHasAllKeys() throws {
    let run = try fit(Tables.plane, "--hidden", "1", "--json", "--quiet")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let json = try run.json()
    let keys: Set = [
      "status", "certified", "loss", "loss_exact", "lower_bound", "gap", "loss_kind", "hidden", "samples", "inputs",
      "target",
      "dichotomies", "programs_solved", "nodes", "seconds", "check_seconds", "network", "pieces",
    ]
    #expect(Set(json.keys) == keys)
    #expect(json["status"] as? String == "optimal" && json["certified"] as? Bool == true)
    #expect(json["loss_exact"] as? String == "165/92" && json["loss_kind"] as? String == "squared")
    let loss = try #require(json["loss"] as? Double)
    let bound = try #require(json["lower_bound"] as? Double)
    #expect(abs(loss - 165.0 / 92) < 1e-12 && bound <= loss && bound > loss * (1 - 1e-8))
    #expect(json["hidden"] as? Int == 1 && json["samples"] as? Int == 6 && json["inputs"] as? [String] == ["a", "b"])
    #expect(json["target"] as? String == "y" && json["dichotomies"] as? Double == 32)
    #expect((json["seconds"] as? Double ?? -1) >= 0 && (json["check_seconds"] as? Double ?? -1) >= 0)
    #expect((json["gap"] as? Double ?? 1) <= 1e-8 && (json["nodes"] as? Int ?? -1) >= 0)
    // The network of the document has the loss of the document.
    let network = try #require(json["network"] as? [String: Any])
    let units = try #require(network["units"] as? [[String: Any]])
    #expect(units.count == 1)
    let outputBias = try #require(network["output_bias"] as? Double)
    var total = 0.0
    for row in Tables.plane.split(separator: "\n").dropFirst() {
      let numbers = row.split(separator: ",").compactMap { Double($0) }
      var value = outputBias
      for unit in units {
        let weights = try #require(unit["weights"] as? [Double])
        let bias = try #require(unit["bias"] as? Double)
        let sign = try #require(unit["sign"] as? Double)
        value += sign * max(0, weights[0] * numbers[0] + weights[1] * numbers[1] + bias)
      }
      total += (value - numbers[2]) * (value - numbers[2])
    }
    #expect(abs(total - loss) < 1e-9)
    let pieces = try #require(json["pieces"] as? [[String: Any]])
    #expect(
      pieces.count == 2 && pieces.allSatisfy { Set($0.keys) == ["half_spaces", "slope", "intercept", "samples"] })
    #expect(pieces.compactMap { $0["samples"] as? Int }.reduce(0, +) == 6)
  }

  @Test func piecesOfOneInputHaveIntervals() throws {
    let json = try fit(Tables.line, "--hidden", "2", "--json", "--quiet").json()
    #expect(json["loss_exact"] as? String == "89/10")
    let pieces = try #require(json["pieces"] as? [[String: Any]])
    let intervals = try pieces.map { try #require($0["interval"] as? [Any]) }
    #expect(intervals.first?.first is NSNull && intervals.last?.last is NSNull)
    // Each piece ends where the next one begins, with the same value.
    for (left, right) in zip(pieces, pieces.dropFirst()) {
      let end = try #require((left["interval"] as? [Any])?.last as? Double)
      #expect((right["interval"] as? [Any])?.first as? Double == end)
      func value(_ piece: [String: Any]) throws -> Double {
        try #require(piece["slope"] as? [Double])[0] * end + #require(piece["intercept"] as? Double)
      }
      #expect(try abs(value(left) - value(right)) < 1e-9)
    }
  }

  @Test(arguments: [
    (["--hidden", "2"], "89/10"), (["--hidden", "2", "--no-output-bias"], "47/5"), (["--hidden", "1"], "74/5"),
    (["--hidden", "1", "--no-output-bias"], "35/2"), (["--hidden", "2", "--loss", "absolute"], "6"),
    (["--hidden", "3", "--loss", "absolute"], "7/3"), (["--hidden", "3"], "7/2"),
  ])
  func knownOptima(_ arguments: [String], _ expected: String) throws {
    let folder = try Folder()
    let run = try Programs.run("pleat", ["fit", folder.write("d.csv", Tables.line), "--json", "--quiet"] + arguments)
    let json = try run.json()
    #expect(json["loss_exact"] as? String == expected, "\(run.output)")
    #expect(json["status"] as? String == "optimal" && json["certified"] as? Bool == true && run.status == 0)
  }

  @Test func theModelFileHasTheReportedLoss() throws {
    let folder = try Folder()
    let cases: [(String, [String])] = [
      (Tables.line, ["--hidden", "2"]), (Tables.plane, ["--hidden", "1"]), (Tables.plane, ["--hidden", "1", "--skip"]),
      (Tables.line, ["--hidden", "2", "--model", "pwl"]), (Tables.line, ["--hidden", "0"]),
      (Tables.line, ["--hidden", "2", "--loss", "absolute"]),
    ]
    for (table, arguments) in cases {
      let run = try Programs.run(
        "pleat",
        ["fit", folder.write("d.csv", table), "--json", "--quiet", "--out", folder.path("model.onnx")] + arguments)
      #expect(run.status == 0, "\(arguments): \(run.errors)")
      let loss = try #require(run.json()["loss"] as? Double)
      let network = try Network.readONNX(path: folder.path("model.onnx"))
      let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
      let values = network.evaluate(Matrix(rows.map { Array($0.dropLast()) }))
      let total = rows.indices.reduce(0.0) { sum, row in
        let difference = abs(values[row, 0] - (rows[row].last ?? 0))
        return sum + (arguments.contains("absolute") ? difference : difference * difference)
      }
      // Weights in the file are 32-bit.
      #expect(abs(total - loss) <= 1e-5 * max(1, loss), "\(arguments): \(total), reported \(loss)")
    }
  }

  @Test func knotsOfOneInput() throws {
    let json = try fit(Tables.line, "--model", "pwl", "--hidden", "1", "--json", "--quiet").json()
    #expect(json["status"] as? String == "optimal" && json["certified"] as? Bool == true)
    let network = try #require(json["network"] as? [String: Any])
    #expect((network["units"] as? [Any])?.count == 1 && (network["skip"] as? [Any])?.count == 1)
    let relu = try fit(Tables.line, "--skip", "--hidden", "1", "--json", "--quiet").json()
    #expect(relu["loss_exact"] as? String == json["loss_exact"] as? String)
  }

  @Test func aRangeOfWidths() throws {
    let folder = try Folder()
    let run = try fit(Tables.line, "--hidden", "0..2", "--json", "--quiet", "--plot", folder.path("w.svg"))
    let json = try run.json()
    let widths = try #require(json["widths"] as? [[String: Any]])
    #expect(widths.compactMap { $0["hidden"] as? Int } == [0, 1, 2])
    #expect(widths.allSatisfy { Set($0.keys).isSuperset(of: ["aic", "bic", "cv_error", "parameters", "loss"]) })
    #expect(widths.compactMap { $0["loss_exact"] as? String }.dropFirst() == ["74/5", "89/10"])
    #expect(json.keys.contains("best_by_bic"))
    #expect(try String(contentsOfFile: folder.path("w.svg"), encoding: .utf8).contains("<svg"))
    let text = try fit(Tables.line, "--hidden", "0..2", "--quiet")
    #expect(text.status == 0 && text.output.contains("BIC") && text.output.contains("optimal (certified)"))
  }

  @Test func picturesAreDrawn() throws {
    let folder = try Folder()
    for (index, table) in [Tables.line, Tables.plane, "a,b,c,y\n1,2,3,4\n2,1,0,1\n5,5,1,0\n0,1,1,2\n"].enumerated() {
      let path = folder.path("fit\(index).svg")
      let run = try fit(table, "--plot", path, "--quiet")
      #expect(run.status == 0 && run.output.contains("picture written to"), "\(run.errors)")
      let parser = XMLParser(data: try Data(contentsOf: URL(fileURLWithPath: path)))
      #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
    }
  }

  @Test func columnsAreChosen() throws {
    let table = "id;left;right;weight;y\n1;0;5;1;2\n2;1;4;2;1\n3;2;1;1;4\n4;3;9;3;0\n"
    let run = try fit(table, "--target", "y", "--inputs", "left, right", "--weights", "weight", "--json", "--quiet")
    #expect(try run.json()["inputs"] as? [String] == ["left", "right"])
    let byDefault = try fit(table, "--weights", "weight", "--json", "--quiet").json()
    #expect(byDefault["inputs"] as? [String] == ["id", "left", "right"] && byDefault["target"] as? String == "y")
  }

  @Test func standardInputIsRead() throws {
    let run = try Programs.run("pleat", ["fit", "-", "--json", "--quiet"], input: Tables.line)
    #expect(try run.json()["loss_exact"] as? String == "74/5", "\(run.errors)")
  }

  @Test func decimalsAreTakenAsWritten() throws {
    // One tenth is not a binary number: the exact loss shows that the text counts, not the nearest double.
    let json = try fit("x,y\n0,0.1\n0,0.2\n", "--json", "--quiet").json()
    #expect(json["loss_exact"] as? String == "1/200")
  }

  @Test func oddDataAreRemarkedOn() throws {
    let constant = try fit("x,z,y\n1,5,7\n2,5,7\n2,5,7\n")
    #expect(constant.status == 0 && constant.output.contains("loss         0"))
    #expect(constant.errors.contains("the target is constant") && constant.errors.contains("input 'z' is constant"))
    #expect(constant.errors.contains("expect a perfect fit that predicts nothing"))
    let contradiction = try fit("x,y\n1,0\n1,1\n2,3\n")
    #expect(contradiction.status == 0 && contradiction.errors.contains("an input with another target"))
  }

  @Test func theReferenceMethodAgrees() throws {
    let json = try fit(Tables.plane, "--method", "enumerate", "--json", "--quiet").json()
    #expect(json["certified"] as? Bool == false)
    #expect(abs((json["loss"] as? Double ?? 0) - 165.0 / 92) < 1e-6)
  }

  @Test func theSameSeedGivesTheSameFit() throws {
    func fitted(_ threads: String) throws -> String {
      var json = try fit(Tables.plane, "--hidden", "2", "--json", "--quiet", "--threads", threads).json()
      for key in ["seconds", "check_seconds"] { json[key] = nil }
      return String(decoding: try JSONSerialization.data(withJSONObject: json, options: .sortedKeys), as: UTF8.self)
    }
    let one = try fitted("1")
    #expect(try fitted("1") == one && fitted("2") == one)
  }
}
