import Testing

@testable import Datasets

@Suite("JSON documents")
struct JSONTests {
  /// The value in a compact notation of the tests' own, with every place.
  private func outline(_ value: JSONValue) -> String {
    let place = "@\(value.place.line):\(value.place.column)"
    switch value.content {
    case .null: return "null" + place
    case .bool(let flag): return "\(flag)" + place
    case .number(let text): return text + place
    case .string(let text): return "<\(text)>" + place
    case .array(let values): return "[" + values.map(outline).joined(separator: " ") + "]" + place
    case .object(let members):
      return "{"
        + members.map { "\($0.name)@\($0.place.line):\($0.place.column)=\(outline($0.value))" }
        .joined(separator: " ") + "}" + place
    }
  }

  private func reason(_ text: String) -> String {
    reason(bytes: Array(text.utf8))
  }

  private func reason(bytes: [UInt8]) -> String {
    do {
      return "read: " + outline(try JSONDocument(bytes: bytes, source: "f.json").root)
    } catch {
      return "\(error)"
    }
  }

  @Test("values with their places, numbers as they are written")
  func values() throws {
    let text = "\u{FEFF}{\"a\": [1, -0.50e+2,\r\n  true],\n \"é\": \"€x\", \"b\": {\"c\": null}, \"d\":[], \"e\":{}}"
    #expect(
      reason(text)
        == "read: {a@1:2=[1@1:8 -0.50e+2@1:11 true@2:3]@1:7 é@3:2=<€x>@3:7 b@3:13={c@3:19=null@3:24}@3:18 "
        + "d@3:31=[]@3:35 e@3:39={}@3:43}@1:1")
  }

  @Test("escapes")
  func escapes() throws {
    let root = try JSONDocument(#" "\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00z" "#, source: "s").root
    guard case .string(let text) = root.content else { throw DatasetError(source: "s", "is no string") }
    #expect(text == "\"\\/\u{8}\u{C}\n\r\té😀z")
  }

  @Test(
    "what JSON does not allow is refused, with its place",
    arguments: [
      ("", "is empty", "(line 1, column 1)"),
      (" \n ", "is empty", "(line 2, column 2)"),
      ("[1,]", "a comma stands before ']'", "(line 1, column 3)"),
      ("[1 2]", "'2' stands where ',' or ']' is wanted", "(line 1, column 4)"),
      ("[1\n", "the text ends before the ']'", "(line 1, column 1)"),
      ("[1] x", "'x' follows the end", "(line 1, column 5)"),
      ("{\"a\": 1,\n \"a\": 2}", "'a' is there twice", "(line 2, column 2)"),
      ("{\"a\" 1}", "the colon after 'a'", "(line 1, column 6)"),
      ("{a: 1}", "a name in double quotes", "(line 1, column 2)"),
      ("{\"a\": 1,}", "a comma stands before '}'", "(line 1, column 8)"),
      ("01", "begins with a zero", "(line 1, column 1)"),
      ("-", "a minus sign", "(line 1, column 1)"),
      ("1.", "decimal point", "(line 1, column 1)"),
      ("1e+", "exponent", "(line 1, column 1)"),
      (".5", "'.' stands where a value is wanted", "(line 1, column 1)"),
      ("+1", "'+' stands where a value is wanted", "(line 1, column 1)"),
      ("[NaN]", "'N' stands where a value is wanted", "(line 1, column 2)"),
      ("tru", "'t' stands where a value is wanted", "(line 1, column 1)"),
      ("// x\n1", "'/' stands where a value is wanted", "(line 1, column 1)"),
      ("\"abc", "never closed", "(line 1, column 1)"),
      ("\"a\nb\"", "not closed on its line", "(line 1, column 1)"),
      ("\"a\u{1}\"", "control characters", "(line 1, column 3)"),
      ("\"\\x\"", "a backslash", "(line 1, column 2)"),
      ("\"\\u12g4\"", "four hexadecimal digits", "(line 1, column 2)"),
      ("\"\\ud800\"", "surrogate", "(line 1, column 2)"),
      ("\"\\ud800\\u0041\"", "surrogate", "(line 1, column 2)"),
      ("\"\\udc00\"", "surrogate", "(line 1, column 2)"),
    ])
  func refused(text: String, words: String, place: String) {
    let reason = reason(text)
    #expect(reason.contains(words), "\(reason)")
    #expect(reason.contains(place), "\(reason)")
    #expect(reason.hasPrefix("f.json: "))
  }

  @Test("bytes that are no text are refused")
  func noText() {
    #expect(reason(bytes: [0x22, 0xC3, 0x28, 0x22]).contains("not UTF-8"))
    #expect(reason(bytes: [0xFF, 0xFE, 0x31, 0x00]).contains("UTF-16"))
    #expect(reason(bytes: [0x5B, 0x00, 0x5D]).contains("the byte 0x0"))
    #expect(reason(bytes: [0x22, 0x5C]).contains("the text ends in an escape"))
    #expect(reason(bytes: [0x22, 0x5C, 0x75, 0x30]).contains("four hexadecimal digits"))
  }

  @Test("nesting is limited, width is not")
  func depth() throws {
    let limit = JSONDocument.depthLimit
    let deepest = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    #expect(reason(deepest).hasPrefix("read: "))
    #expect(reason("[\(deepest)]").contains("more than \(limit) arrays and objects"))
    #expect(reason(String(repeating: "[", count: 1_000_000)).contains("more than \(limit)"))
    #expect(reason(String(repeating: "{\"a\":", count: 1_000_000)).contains("more than \(limit)"))
    let members = (0..<20_000).map { "\"k\($0)\": \($0)" }.joined(separator: ",\n")
    guard case .object(let found) = try JSONDocument("{\(members)}", source: "s").root.content else {
      throw DatasetError(source: "s", "is no object")
    }
    #expect(found.count == 20_000)
    #expect(found[19_999].value.place.line == 20_000)
  }

  @Test("cut anywhere, a document is refused and nothing traps")
  func truncated() {
    let bytes = Array(#"{"a": [1.5e-3, "x\u00e9\ud83d\ude00€", true, null], "b": {"c": [[], {}]}}"#.utf8)
    #expect(reason(bytes: bytes).hasPrefix("read: "))
    for count in 0..<bytes.count { #expect(reason(bytes: Array(bytes[..<count])).hasPrefix("f.json: ")) }
    for index in bytes.indices {
      for byte: UInt8 in [0x00, 0x22, 0x5C, 0x80, 0xFF] {
        var damaged = bytes
        damaged[index] = byte
        _ = reason(bytes: damaged)
      }
    }
  }
}
