import Foundation
import Testing

/// `pleat train` and the commands about what it leaves.
@Suite struct TrainTests {
  private static let small = [
    "adding", "--length", "8", "--hidden", "6", "--batch", "8", "--steps", "40", "--evaluate-every",
    "20", "--log-every", "5",
  ]

  private func json(_ arguments: [String]) throws -> [String: Any] {
    let run = try Programs.run("pleat", arguments + ["--json"])
    #expect(run.status == 0, "\(run.status): \(run.errors)")
    return try run.json()
  }

  @Test func aRunAndWhatFollows() throws {
    let folder = try Folder()
    let run = folder.path("run")
    let outcome = try json(
      ["train"] + Self.small + [
        "--cell", "relu-rnn", "--run", run, "--figure", folder.path("c.svg"),
      ])
    #expect(outcome["ending"] as? String == "finished" && outcome["steps"] as? Int == 40)
    #expect(outcome["metric"] as? String == "mse" && outcome["test"] is Double)
    let names = ["config.yaml", "environment.json", "log.csv", "summary.json"]
    #expect(names.allSatisfy { FileManager.default.fileExists(atPath: "\(run)/\($0)") })
    #expect(try String(contentsOfFile: folder.path("c.svg"), encoding: .utf8).contains("<svg"))

    let kappa = try json(["kappa", run, "--second-term", "full"])
    #expect((kappa["tensors"] as? [[String: Any]])?.count == 5 && kappa["steps"] as? Int == 8)
    let rescaled = try json([
      "rescale", run, "--powers-of-two", "--out", folder.path("r.safetensors"),
    ])
    #expect(rescaled["output_difference"] as? Double == 0)
    let balanced = try json(["balance", folder.path("r.safetensors")])
    let squares = try #require(balanced["squares"] as? [Double])
    #expect(squares[1] <= squares[0])
    let compared = try json(["compare", run])
    #expect((compared["runs"] as? [Any])?.count == 1)
    for ending in ["onnx", "npz"] {
      let export = try Programs.run("pleat", ["export", run, "--out", folder.path("m.\(ending)")])
      #expect(export.status == 0, "\(export.errors)")
    }
    let longer = try json(["train", "--resume", "--run", run, "--steps", "60"])
    #expect(longer["steps"] as? Int == 60)
  }

  @Test func severalSeeds() throws {
    let folder = try Folder()
    let document = try json(
      ["train"] + Self.small + ["--seeds", "2", "--run", folder.path("seeds")])
    #expect((document["runs"] as? [Any])?.count == 2 && document["diverged"] as? Int == 0)
    #expect(document["mean"] is Double)
  }

  @Test func divergenceIsExitCodeThree() throws {
    let folder = try Folder()
    let run = try Programs.run(
      "pleat",
      ["train"] + Self.small + [
        "--optimizer", "sgd", "--learning-rate", "1e12", "--run", folder.path("wild"),
      ])
    #expect(run.status == 3 && run.errors.contains("not finite"), "\(run.status): \(run.errors)")
  }

  @Test(arguments: [
    (["train"], "name a task"), (["train", "addding"], "did you mean 'adding'?"),
    (["train", "adding", "--hiden", "5"], "did you mean --hidden?"),
    (["train", "adding", "--hidden", "many"], "whole numbers"),
    (["train", "adding", "--optimizer", "path-sdg"], "did you mean 'path-sgd'?"),
    (["train", "images", "--data", "/nowhere"], "no such file"),
    (["train", "--resume", "--run", "/nowhere"], "no run's folder"),
    (["kappa", "/nowhere"], "no such file"), (["kappa"], "name a model"),
    (["kappa", "--hidden", "0", "--lengths", "3"], "--hidden '0'"),
    (["compare", "/nowhere"], "is no folder"),
    (["export", "/nowhere", "--out", "m.txt"], "accepted are .onnx"),
    (["sample", "/nowhere"], "/nowhere"),
    (["rescale", "/nowhere", "--deviation", "-1"], "--deviation"),
  ]) func badUsage(_ arguments: [String], _ part: String) throws {
    let run = try Programs.run("pleat", arguments)
    #expect(run.status == 2 && run.errors.contains(part), "\(run.status): \(run.errors)")
  }
}
