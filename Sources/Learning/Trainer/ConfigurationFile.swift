import Datasets
import Foundation

extension TrainingConfiguration {
  /// Sets one key.
  ///
  /// - Parameter place: where it was said, for the error: `run.yaml: line 3`, or `--hidden`.
  /// - Throws: `ConfigurationError` for a key that does not exist, with the nearest one, or a value that is not accepted.
  public mutating func set(_ name: String, to text: String, at place: String) throws {
    guard let key = Self.keys.first(where: { $0.name == name }) else {
      let nearest = nearestName(to: name, among: Self.keys.map(\.name))
      throw ConfigurationError(
        "\(place): there is no key '\(name)'\(nearest.map { "; did you mean '\($0)'?" } ?? "")")
    }
    guard let accepted = key.assign(&self, text) else { return }
    let nearest = nearestName(to: text, among: accepted.components(separatedBy: ", "))
    throw ConfigurationError(
      "\(place): \(name) cannot be '\(text)'; accepted are \(accepted)\(nearest.map { "; did you mean '\($0)'?" } ?? "")"
    )
  }

  /// Reads a file of lines `key: value`: a flat mapping of YAML, its texts plain or in quotes, with comments after `#`.
  ///
  /// - Throws: `FileError` when the file cannot be read, `ConfigurationError` with the line otherwise.
  public mutating func read(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(path: path, "cannot be read; name a file with lines such as 'hidden: 100'")
    }
    guard let text = String(bytes: data, encoding: .utf8) else {
      throw ConfigurationError("\(path): is not UTF-8 text")
    }
    try read(text, source: path)
  }

  /// The same for text in memory.
  public mutating func read(_ text: String, source: String) throws {
    var seen: [String: Int] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let place = "\(source): line \(index + 1)"
      let plain = Self.withoutComment(line.trimmingCharacters(in: .whitespaces))
      if plain.isEmpty || plain == "---" { continue }
      guard let colon = plain.firstIndex(of: ":") else {
        throw ConfigurationError("\(place): '\(plain.prefix(40))' is no line of the form 'key: value'")
      }
      let name = plain[..<colon].trimmingCharacters(in: .whitespaces)
      var value = plain[plain.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      if value.count >= 2, let quote = value.first, quote == "\"" || quote == "'", value.last == quote {
        value = String(value.dropFirst().dropLast())
      }
      if let first = seen.updateValue(index + 1, forKey: name) {
        throw ConfigurationError("\(place): '\(name)' was set on line \(first) already")
      }
      try set(name, to: value, at: place)
    }
  }

  private static func withoutComment(_ line: String) -> String {
    var quote: Character?
    var before: Character = " "
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = before == " " ? character : nil
      } else if character == "#", before == " " {
        return line[..<index].trimmingCharacters(in: .whitespaces)
      }
      before = character
    }
    return line
  }

  /// All keys, as `read` takes them.
  public var text: String {
    Self.keys.map { key in
      let value = key.text(self)
      let isPlain = !value.isEmpty && !value.contains(where: { "#'\": ".contains($0) })
      return "\(key.name): \(isPlain ? value : "\"\(value)\"")"
    }.joined(separator: "\n") + "\n"
  }
}
