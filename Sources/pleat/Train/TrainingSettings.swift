import Datasets
import Foundation
import Learning

/// The choices of a run as they are said on the command line: a task, then `--key value` for any key of a configuration.
enum TrainingSettings {
  /// Sets what the words say. Throws `Failure` for a word that is no key's, with the nearest one.
  static func apply(_ words: [String], to configuration: inout TrainingConfiguration) throws {
    var place = 0
    while place < words.count {
      let word = words[place]
      place += 1
      guard word.hasPrefix("--") else {
        try Failure.asUsage { try configuration.set("task", to: word, at: "'\(word)'") }
        continue
      }
      let pair = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false
      ).map(String.init)
      let name = pair[0]
      guard TrainingConfiguration.keys.contains(where: { $0.name == name }) else {
        let known =
          TrainingConfiguration.keys.map(\.name) + [
            "run", "config", "resume", "seeds", "rates", "figure", "json",
          ]
        let nearest = nearestName(to: name, among: known)
        throw Failure.usage(
          "there is no option --\(name)\(nearest.map { "; did you mean --\($0)?" } ?? "")")
      }
      let value: String
      if pair.count == 2 {
        value = pair[1]
      } else if place < words.count, !words[place].hasPrefix("--") {
        value = words[place]
        place += 1
      } else {
        // A flag alone says yes; other keys refuse that word.
        value = "yes"
      }
      try Failure.asUsage { try configuration.set(name, to: value, at: "--\(name)") }
    }
  }

  /// All keys with what they mean, for the help.
  static var help: String {
    let defaults = TrainingConfiguration().text.split(separator: "\n").reduce(
      into: [String: String]()
    ) { known, line in
      let parts = line.split(separator: ":", maxSplits: 1)
      known[String(parts[0])] =
        parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    }
    return TrainingConfiguration.keys.map { key in
      let value = defaults[key.name] ?? ""
      let shown = value == "\"\"" || key.name == "threads" ? "" : " (\(value))"
      return "  --\(key.name)\n      \(key.summary)\(shown)"
    }.joined(separator: "\n")
  }
}
