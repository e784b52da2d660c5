import Datasets
import Queries

/// Networks named on the command line, as `NAME=FILE`.
struct NetworkOption {
  let name: String
  let path: String

  init(_ text: String) throws {
    guard let mark = text.firstIndex(of: "="), mark != text.startIndex, text.index(after: mark) != text.endIndex else {
      throw Failure.usage("--network \(text): NAME=FILE is needed, such as --network N=model.onnx")
    }
    name = String(text[..<mark])
    path = String(text[text.index(after: mark)...])
  }

  private init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// The networks of a query with the file that is given for each.
  ///
  /// A network that is declared equal to another needs no file. Throws for names that the query does not declare, names given
  /// twice, and networks without a file.
  static func check(_ options: [NetworkOption], against query: VNNLIBQuery) throws -> [NetworkOption] {
    let declared = query.networks.map(\.name)
    var seen: Set<String> = []
    for option in options {
      guard declared.contains(option.name) else {
        let near = nearestName(to: option.name, among: declared).map { "; did you mean '\($0)'?" } ?? ""
        throw Failure.usage(
          "--network \(option.name)=\(option.path): \(query.file) declares no network '\(option.name)'"
            + (near.isEmpty ? ", but \(list(declared))" : near))
      }
      guard seen.insert(option.name).inserted else {
        throw Failure.usage("--network \(option.name) is given twice; each network has one file")
      }
    }
    let missing = query.networks.filter { network in
      if case .equal = network.equivalence { return false }
      return !seen.contains(network.name)
    }
    guard missing.isEmpty else {
      let wanted = missing.map { "--network \($0.name)=FILE" }.joined(separator: " ")
      throw Failure.usage("\(query.file) declares \(list(missing.map(\.name))) without a file: give \(wanted)")
    }
    return declared.compactMap { name in options.first { $0.name == name } }
  }

  /// The files of `MODEL`, which is one file for the query's one network, or `f=a.onnx;g=b.onnx`.
  static func read(model: String, for query: VNNLIBQuery) throws -> [NetworkOption] {
    let parts = model.split(separator: ";")
    let names = query.networks.map(\.name)
    // A file's own name may hold an equals sign: it means a network only where the query declares one of that name.
    let isList = parts.allSatisfy { part in
      part.firstIndex(of: "=").map { names.contains(String(part[..<$0])) } ?? false
    }
    if isList || parts.count > 1 { return try check(parts.map { try NetworkOption(String($0)) }, against: query) }
    let needed = query.networks.filter { network in
      if case .equal = network.equivalence { false } else { true }
    }
    guard needed.count == 1 else {
      let wanted = needed.map { "--network \($0.name)=FILE" }.joined(separator: " ")
      throw Failure.usage(
        "\(query.file) declares \(list(needed.map(\.name))): say which file is which with pleat verify \(query.file) "
          + wanted)
    }
    return [NetworkOption(name: needed[0].name, path: model)]
  }

  private static func list(_ names: [String]) -> String {
    let quoted = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return (names.count == 1 ? "the network " : "the networks ") + quoted + (names.count > 8 ? ", …" : "")
  }
}
