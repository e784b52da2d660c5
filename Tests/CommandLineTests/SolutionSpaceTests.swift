import Foundation
import Testing

/// `pleat capacity`, `entropy`, `landscape`, `storage` and `robustness`.
@Suite struct SolutionSpaceCommandTests {
  private func json(_ arguments: [String]) throws -> [String: Any] {
    let run = try Programs.run("pleat", arguments + ["--json"])
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.status): \(run.errors)")
    return try run.json()
  }

  private func rows(_ document: [String: Any]) throws -> [[String: Any]] {
    try #require(document["rows"] as? [[String: Any]], "\(document)")
  }

  @Test func capacities() throws {
    let table = try rows(json(["capacity", "--activation", "relu,x*erf(x)", "--ansatz", "rs,1rsb"]))
    #expect(table.map { $0["ansatz"] as? String } == ["rs", "1rsb", "rs", "1rsb"])
    #expect(abs((table[1]["capacity"] as? Double ?? 0) - 2.664280056587236) < 1e-8)
    #expect((table[1]["error"] as? Double ?? 1) < 1e-8 && table[2]["activation"] as? String == "x*erf(x)")
    let finite = try rows(json(["capacity", "--activation", "relu,sign", "--hidden", "2,3", "--ansatz", "rs"]))
    #expect(abs((finite[0]["capacity"] as? Double ?? 0) - 4.0 / 3) < 1e-9)
    #expect(finite[1]["capacity"] is NSNull && (finite[1]["note"] as? String)?.contains("even") == true)
    #expect(abs((finite[3]["capacity"] as? Double ?? 0) - 4.02519188) < 1e-7)
  }

  @Test func entropies() throws {
    let folder = try Folder()
    let document = try json([
      "entropy", "--activation", "relu", "--alpha", "0:0.8:0.2", "--csv", folder.path("e.csv"), "--plot",
      folder.path("e.svg"),
    ])
    let table = try rows(document)
    #expect(table.count == 5 && abs((table[2]["entropy"] as? Double ?? 0) - 0.40577095191644) < 1e-9)
    let csv = try String(contentsOfFile: folder.path("e.csv"), encoding: .utf8)
    #expect(csv.hasPrefix("activation,alpha,q,") && csv.split(separator: "\n").count == 6)
    #expect(try String(contentsOfFile: folder.path("e.svg"), encoding: .utf8).contains("<svg"))
  }

  @Test func landscapes() throws {
    let document = try json([
      "landscape", "--alpha", "0.4", "--activation", "relu", "--franz-parisi", "--local-entropy", "--distances",
      "0.05,0.2",
    ])
    let isolation = try #require(document["isolation"] as? [[String: Any]])
    #expect(abs((isolation[0]["distance"] as? Double ?? 0) - 0.0039546) < 1e-6)
    let table = try rows(document)
    #expect(table.count == 4 && abs((table[2]["entropy"] as? Double ?? 0) - 0.11837744) < 1e-7)
  }

  @Test func storageAndRobustness() throws {
    let folder = try Folder()
    let solution = folder.path("solution.npz")
    let run = try json([
      "storage", "--inputs", "600", "--hidden", "20", "--alpha", "0.4", "--rate", "0.005", "--out", solution,
    ])
    #expect(run["solved"] as? Bool == true && run["patterns"] as? Int == 240)
    let table = try rows(json(["robustness", solution, "--flip-weights", "0,0.1", "--flip-inputs", "0.1"]))
    #expect(table.count == 3 && table[0]["error_rate"] as? Double == 0)
    let measured = table[1]["error_rate"] as? Double ?? 1
    #expect(measured > 0 && measured < (table[1]["typical"] as? Double ?? 0))
    let again = try json(["storage", "--patterns", solution, "--algorithm", "projection", "--sweeps", "50"])
    #expect(again["inputs"] as? Int == 600 && again["solved"] as? Bool == true)
    try Data(Data(contentsOf: URL(fileURLWithPath: solution)).prefix(900)).write(to: URL(fileURLWithPath: solution))
    #expect(try Programs.run("pleat", ["robustness", solution]).status == 2)
  }

  @Test func successRates() throws {
    let table = try rows(
      json([
        "storage", "--inputs", "200", "--hidden", "10", "--alpha", "0.3,1.2", "--instances", "3", "--sweeps", "150",
        "--rate", "0.01",
      ]))
    #expect(table.map { $0["instances"] as? Int } == [3, 3] && table[1]["solved"] as? Int == 0)
  }

  @Test func tablesAsPatterns() throws {
    let folder = try Folder()
    let lines = (0..<12).map { row in "\((row * 7) % 5),\((row * 3) % 4),\((row * 5) % 7),\(row % 2)" }
    let file = try folder.write("data.csv", (["a,b,c,class"] + lines).joined(separator: "\n"))
    let run = try Programs.run(
      "pleat",
      [
        "storage", "--patterns", file, "--label", "class", "--hidden", "2", "--activation", "relu", "--algorithm",
        "annealing", "--alpha", "2", "--sweeps", "20",
      ])
    #expect(run.status == 0 || run.status == 1, "\(run.errors)")
    #expect(run.output.contains("medians") && run.output.contains("left out"))
  }

  @Test(arguments: [
    ("capacity --activation rely", ["relu"]), ("capacity --activation 0*x+2", ["constant"]),
    ("capacity --activation exp(x*x/4)", ["moment"]), ("capacity --hidden 3 --ansatz rs", ["even"]),
    ("capacity --ansatz 9rsb", ["8rsb"]), ("capacity --weights round", ["spherical"]),
    ("entropy --alpha 1.2", ["capacity", "0.903986"]), ("entropy --alpha 0.1:0.05", ["above"]),
    ("landscape --alpha 0.95 --franz-parisi", ["0.903986"]), ("landscape --alpha 0.4", ["--franz-parisi"]),
    ("storage --inputs 1010 --hidden 20 --alpha 0.5", ["1000"]), ("storage --hidden 21 --alpha 0.5", ["even"]),
    ("storage --algorithm focusing --alpha 0.5", ["focusing-bp"]), ("storage --patterns missing.csv", ["missing.csv"]),
    ("storage --activation sign --hidden 20 --algorithm sgd --alpha 0.5", ["gradient"]),
    ("robustness missing.npz", ["missing.npz"]), ("storage", ["--alpha"]),
  ]) func badInput(_ arguments: String, _ words: [String]) throws {
    let run = try Programs.run("pleat", arguments.split(separator: " ").map(String.init))
    #expect(run.status == 2 && run.output.isEmpty, "\(arguments): \(run.status) \(run.output)")
    for word in words { #expect(run.errors.contains(word), "'\(word)' is not in: \(run.errors)") }
  }
}
