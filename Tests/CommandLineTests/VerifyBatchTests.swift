import Foundation
import Testing

/// `pleat verify --instances`, and `pleat supports`.
@Suite struct VerifyBatchTests {
  private func fill(_ folder: Folder) throws {
    _ = try folder.write("hat.onnx", Models.hat())
    _ = try folder.write("safe.vnnlib", Queries.one("(>= Y_0 5)"))
    _ = try folder.write("unsafe.vnnlib", Queries.one("(>= Y_0 0.25)"))
  }

  @Test(arguments: ["", "onnx,vnnlib,timeout\n"]) func answersEveryRow(_ header: String) throws {
    let folder = try Folder()
    try fill(folder)
    let table = try folder.write("i.csv", header + "hat.onnx,safe.vnnlib,20\r\n./hat.onnx,unsafe.vnnlib,20\n")
    let results = folder.path("r.csv")
    let plot = folder.path("cactus.svg")
    let arguments = ["verify", "--instances", table, "--results", results]
    let run = try Programs.run("pleat", arguments + ["--plot", plot, "--certificates", folder.path("proofs")])
    #expect(run.status == 0 && run.output.hasPrefix("2 of 2 solved in "), "\(run.output)\(run.errors)")
    let text = try String(contentsOfFile: results, encoding: .utf8)
    let rows = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(rows.map(\.count) == [6, 6])
    #expect(rows.map { $0[1] } == ["hat.onnx", "./hat.onnx"] && rows.map { $0[4] } == ["unsat", "sat"], "\(text)")
    #expect(rows.allSatisfy { $0[0] == folder.url.lastPathComponent && Double($0[3]) != nil && Double($0[5]) != nil })
    #expect(try String(contentsOfFile: plot, encoding: .utf8).hasPrefix("<svg"))
    let proofs = try FileManager.default.contentsOfDirectory(atPath: folder.path("proofs")).sorted()
    #expect(proofs == ["0001-hat-safe.json", "0002-hat-unsafe.json"])
    for proof in proofs {
      let check = try Programs.run("pleat", ["check", folder.path("proofs/\(proof)")])
      #expect(check.status == 0, "\(check.output)\(check.errors)")
    }

    // What is there is not done again, and a row that was cut off is.
    let again = try Programs.run("pleat", arguments)
    #expect(again.status == 0 && again.errors.contains("2 answers in \(results) already: skipped"), "\(again.errors)")
    #expect(try String(contentsOfFile: results, encoding: .utf8) == text)
    try Data(text.dropLast(9).utf8).write(to: URL(fileURLWithPath: results))
    let rest = try Programs.run("pleat", arguments + ["--json"])
    let json = try rest.json()
    #expect(json["solved"] as? Int == 2 && json["sat"] as? Int == 1 && rest.errors.contains("1 answer in "))
    #expect(try String(contentsOfFile: results, encoding: .utf8).split(separator: "\n").count == 2)
  }

  @Test func unreadableRows() throws {
    let folder = try Folder()
    try fill(folder)
    let table = try folder.write("i.csv", "none.onnx,safe.vnnlib,20\nhat.onnx,safe.vnnlib,20\n")
    let run = try Programs.run("pleat", ["verify", "--instances", table, "--results", folder.path("r.csv")])
    #expect(run.status == 2 && run.output.contains("1 of 2 solved"), "\(run.output)\(run.errors)")
    #expect(run.errors.contains("row 1:") && run.errors.contains("none.onnx"), "\(run.errors)")
    let text = try String(contentsOfFile: folder.path("r.csv"), encoding: .utf8)
    #expect(text.split(separator: "\n").map { $0.split(separator: ",")[4] } == ["error", "unsat"])
  }

  @Test(arguments: [
    ("--onnx-opset-versions", 2), ("--vnnlib-versions", 2), ("--hidden-node-theories", 2),
    ("--multiple-input-output-theories", 2), ("--multiple-inputs-output-theories", 2),
    ("--multiple-network-theories", 4), ("--multiple-node-comparison-theories", 2),
    ("--arithmetic-complexity-theories", 4), ("--optimised-disjunctive-reasoning", 1), ("--serialise-assignments", 1),
  ])
  func capabilities(_ option: String, _ lines: Int) throws {
    let run = try Programs.run("pleat", ["supports", option])
    #expect(run.status == 0 && run.errors.isEmpty && run.output.hasSuffix("\n"))
    #expect(run.output.split(separator: "\n").count == lines, "\(run.output)")
  }

  @Test func operatorsAndTypes() throws {
    let operators = try Programs.run("pleat", ["supports", "--onnx-operators"]).output.split(separator: "\n")
    for name in ["Relu", "Gemm", "Conv", "MatMul", "Add"] { #expect(operators.contains(Substring(name))) }
    #expect(operators == operators.sorted() && operators.allSatisfy { !$0.contains(" ") })
    let types = try Programs.run("pleat", ["supports", "--onnx-element-types"]).output.split(separator: "\n")
    #expect(types.first == "real" && types.contains("float32"))
  }

  @Test func name() throws {
    #expect(try Programs.run("pleat", ["--name"]).output == "Pleat\n")
    #expect(try Programs.run("pleat", ["--version"]).output.split(separator: ".").count == 3)
  }
}
