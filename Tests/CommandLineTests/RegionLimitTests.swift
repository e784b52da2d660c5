import Foundation
import Testing

/// Enumerations that are stopped keep what they found, with certified bounds.
@Suite struct RegionLimitTests {
  @Test func aLimitOfRegions() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.random([2, 12, 12, 1]))
    let all = try Programs.run("pleat", ["regions", path, "--box=-1,1", "--json"]).json()
    let count = try #require(all["activation_regions"] as? Int)
    let run = try Programs.run(
      "pleat", ["regions", path, "--box=-1,1", "--json", "--max-regions", "10", "--out", folder.path("r.jsonl")])
    #expect(run.status == 0, "\(run.errors)")
    let json = try run.json()
    #expect(json["complete"] as? Bool == false && json["activation_regions"] as? Int == 10)
    #expect(json["pieces"] is NSNull && json["affine_components"] is NSNull)
    #expect(try #require(Int(json["upper_bound"] as? String ?? "")) >= count)
    let lines = String(decoding: try folder.data("r.jsonl"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 10)
    let text = try Programs.run("pleat", ["regions", path, "--box=-1,1", "--max-regions", "10", "--faces", "--checks"])
    #expect(text.status == 0 && text.output.contains("at least 10") && text.output.contains("no faces"))
    #expect(text.output.contains("(certified)") && text.output.contains("checks              passed"))
  }

  /// Nobody lists all regions of this network: what is feasible instead is said before the work.
  @Test func aTimeLimitAndAdvice() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.random([16, 24, 24, 1]))
    let run = try Programs.run(
      "pleat", ["regions", path, "--box=-1,1", "--json", "--time-limit", "0.5", "--count-only"])
    #expect(run.status == 0, "\(run.status): \(run.errors)")
    for words in ["--slice", "--through", "--sample", "smaller box"] {
      #expect(run.errors.contains(words), "\(run.errors)")
    }
    let json = try run.json()
    #expect(json["complete"] as? Bool == false && json["activation_regions"] as? Int ?? 0 > 0)
    #expect(json["upper_bound"] is String)
  }

  @Test func controlC() throws {
    let folder = try Folder()
    let path = try folder.write("m.onnx", Models.random([5, 32, 32, 32, 1]))
    let run = try Programs.run(
      "pleat", ["regions", path, "--box=-1,1", "--json", "--out", folder.path("r.csv"), "--time-limit", "60"],
      interruptOn: "(certified)")
    #expect(run.status == 130, "\(run.status): \(run.errors)")
    #expect(run.errors.contains("stopping: what was found so far is kept"))
    let json = try run.json()
    let count = try #require(json["activation_regions"] as? Int)
    #expect(json["complete"] as? Bool == false && count > 0)
    let lines = String(decoding: try folder.data("r.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == count + 1)
  }
}
