import Foundation

/// Text as a sequence of symbols of one alphabet, in three parts.
///
/// The alphabet is that of the training part, in the order of Unicode; every other part must get along with it.
public struct TextCorpus: Sendable, Hashable {
  /// What each symbol is: one character.
  public let alphabet: [Character]
  public let train: [UInt16]
  public let validation: [UInt16]
  public let test: [UInt16]

  /// Reads a corpus.
  ///
  /// - Parameter path: a folder with three files, whose names contain `train`, `valid` and `test`, or one file, of which the
  ///   first nine tenths are for training and one twentieth each for validation and test. Files may be compressed by gzip.
  ///   In the files of a folder the blanks at both ends of a line are dropped, blanks within it become `_`, and each line
  ///   ends in one newline symbol; one file is taken as it is, without a newline at its end.
  /// - Throws: `FileError`; `DatasetError` for text that is not UTF-8, an empty part, more than 65535 symbols, and a symbol
  ///   that the training part does not have, with its line.
  public static func read(path: String) throws -> TextCorpus {
    if SystemFile.kind(of: path) == .folder { return try read(folder: path) }
    let text = Array(try contents(of: path))
    let (first, second) = (text.count / 10 * 9, text.count / 20 * 19)
    let parts = [Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]
    return try TextCorpus(parts, sources: Array(repeating: path, count: 3))
  }

  private static func read(folder: String) throws -> TextCorpus {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw FileError(path: folder, "cannot be listed")
    }
    var sources: [String] = []
    for part in ["train", "valid", "test"] {
      let found = names.filter {
        $0.contains(part) && ($0.hasSuffix(".txt") || $0.hasSuffix(".txt.gz"))
      }
      // Of a text in words and in characters the words are taken: they hold the whole text.
      let chosen = found.filter { !$0.contains("char") }
      guard let name = chosen.first ?? found.first else {
        throw FileError(
          path: folder,
          "has no text file whose name contains '\(part)'; wanted are train, valid and test, as .txt or .txt.gz"
        )
      }
      sources.append((folder.hasSuffix("/") ? folder : folder + "/") + name)
    }
    let parts = try sources.map { source in
      try contents(of: source).split(separator: "\n").flatMap { line in
        line.trimmingCharacters(in: .whitespaces).map { $0 == " " ? "_" : $0 } + ["\n"]
      }
    }
    return try TextCorpus(parts, sources: sources)
  }

  private static func contents(of path: String) throws -> String {
    let data = try CompressedFile.read(path)
    guard let text = String(bytes: data, encoding: .utf8) else {
      throw DatasetError(source: path, "is not UTF-8 text; save it as UTF-8")
    }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  init(_ parts: [[Character]], sources: [String]) throws {
    let alphabet = Set(parts[0]).sorted()
    guard alphabet.count < 0xFFFF else {
      throw DatasetError(
        source: sources[0], "has \(alphabet.count) different symbols; fewer than 65535 are accepted"
      )
    }
    let index = Dictionary(uniqueKeysWithValues: alphabet.enumerated().map { ($1, UInt16($0)) })
    self.alphabet = alphabet
    let coded = try zip(parts, sources).map { text, source in
      guard text.count > 1 else {
        throw DatasetError(source: source, "holds no text for one of the three parts")
      }
      var line = 1
      return try text.map { character in
        if character == "\n" { line += 1 }
        guard let symbol = index[character] else {
          throw DatasetError(
            source: source, line: line,
            "line \(line) has the symbol \(excerpt(String(character))), which the training text does not have"
          )
        }
        return symbol
      }
    }
    (train, validation, test) = (coded[0], coded[1], coded[2])
  }

  /// The symbols of a text; nil when one is not in the alphabet.
  public func encode(_ text: String) -> [UInt16]? {
    let symbols = text.map { alphabet.firstIndex(of: $0).map { UInt16($0) } }
    return symbols.contains(nil) ? nil : symbols.compactMap { $0 }
  }
}
