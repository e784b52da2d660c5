import Foundation
import Testing

/// Long work that is stopped keeps its best answer and a valid bound.
@Suite struct LimitTests {
  private func expectOpenResult(_ run: Programs.Run, status: String) throws {
    let json = try run.json()
    #expect(json["status"] as? String == status, "\(run.output)")
    let loss = try #require(json["loss"] as? Double)
    let bound = try #require(json["lower_bound"] as? Double)
    #expect(loss > 0 && bound >= 0 && bound <= loss)
    #expect((json["network"] as? [String: Any])?["units"] is [Any])
  }

  @Test func aTimeLimit() throws {
    let folder = try Folder()
    let path = try folder.write("hard.csv", Tables.hard)
    let start = Date()
    let run = try Programs.run("pleat", ["fit", path, "--hidden", "3", "--time-limit", "0.5", "--json"])
    #expect(Date().timeIntervalSince(start) < 30)
    #expect(run.status == 0, "\(run.status): \(run.errors)")
    try expectOpenResult(run, status: "feasible")
  }

  @Test func aTimeLimitStillWritesItsFiles() throws {
    let folder = try Folder()
    let path = try folder.write("hard.csv", Tables.hard)
    let proof = folder.path("p.json")
    let model = folder.path("m.onnx")
    let run = try Programs.run(
      "pleat",
      ["fit", path, "--hidden", "3", "--time-limit", "1", "--out", model, "--certificate", proof, "--threads", "1"])
    #expect(run.status == 0 && run.output.contains("feasible"), "\(run.output)\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: model))
    // The proof may be of little, but what was written is valid.
    if FileManager.default.fileExists(atPath: proof) {
      #expect(try Programs.run("pleat-check", [proof]).status == 0)
    } else {
      #expect(run.errors.contains("no certificate was written"))
    }
  }

  @Test func controlC() throws {
    let folder = try Folder()
    let path = try folder.write("hard.csv", Tables.hard)
    let run = try Programs.run(
      "pleat", ["fit", path, "--hidden", "3", "--json", "--out", folder.path("m.onnx"), "--time-limit", "60"],
      interruptOn: "dichotomies")
    #expect(run.status == 130, "\(run.errors)")
    #expect(run.errors.contains("stopping"))
    try expectOpenResult(run, status: "interrupted")
    #expect(FileManager.default.fileExists(atPath: folder.path("m.onnx")))
  }

  /// More rows than an exact search takes, and a time limit beyond all integers.
  @Test func manyRowsAreAnswered() throws {
    let folder = try Folder()
    let rows = (0..<4200).map { "\($0 % 97),\(($0 * $0) % 89),\(abs($0 % 97 - 40) + $0 % 7)" }
    let path = try folder.write("many.csv", (["a,b,y"] + rows).joined(separator: "\n"))
    let run = try Programs.run("pleat", ["fit", path, "--json", "--time-limit", "3"])
    #expect(run.status == 0 && run.errors.contains("too many samples for an exact search"), "\(run.errors)")
    try expectOpenResult(run, status: "feasible")
    // The parts may all be solved before the signal comes.
    let forever = try Programs.run(
      "pleat", ["fit", path, "--json", "--time-limit", "1e300"], interruptOn: "too many samples")
    #expect([0, 130].contains(forever.status), "\(forever.status): \(forever.errors)")
  }
}
