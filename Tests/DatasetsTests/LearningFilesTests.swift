import Foundation
import Testing

@testable import Datasets

@Suite struct LearningFilesTests {
  private static func idx(_ type: UInt8, _ extents: [UInt32], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(extents.count)]
      + extents.flatMap { extent in withUnsafeBytes(of: extent.bigEndian) { Array($0) } }
      + bytes
  }

  private static func message(_ file: [UInt8], dimensions: Int = 1) -> String {
    do {
      _ = try IDXArray(file, dimensions: dimensions, source: "file")
      return ""
    } catch { return "\(error)" }
  }

  @Test func imagesAndLabelsAreRead() throws {
    let array = try IDXArray(
      Self.idx(8, [2, 1, 2], [1, 2, 3, 255]), dimensions: 3, source: "file")
    #expect(array.shape == [2, 1, 2] && array.bytes == [1, 2, 3, 255])
  }

  @Test func damagedImagesAreRefused() {
    #expect(Self.message([]).contains("too short"))
    #expect(Self.message([1, 0, 8, 1]).contains("no IDX file"))
    #expect(Self.message(Self.idx(13, [1], [0])).contains("type 13"))
    #expect(Self.message(Self.idx(8, [1], [0]), dimensions: 3).contains("swapped"))
    #expect(Self.message(Self.idx(8, [4], [1, 2, 3])).contains("truncated"))
    #expect(Self.message(Self.idx(8, [2], [1, 2, 3])).contains("more than its header"))
    #expect(Self.message([0, 0, 8, 1, 0, 0]).contains("cut off"))
    #expect(Self.message(Self.idx(8, [.max, .max, .max], []), dimensions: 3).contains("extent"))
    #expect(Self.message(Self.idx(8, [0], [])).contains("extent of 0"))
  }

  @Test func tensorsGoAndComeBack() throws {
    let file = Safetensors(
      tensors: [
        Safetensors.Tensor(name: "a.\"b\"", shape: [2, 1], values: [1.5, -0.1] as [Float]),
        Safetensors.Tensor(name: "c", shape: [], values: [.pi] as [Double]),
      ], metadata: ["model": "vector:1\nline"])
    let again = try Safetensors(file.checksummed.data, source: "file")
    #expect(again.tensors.map(\.name) == ["a.\"b\"", "c"])
    #expect(again["a.\"b\""]?.floats == [1.5, -0.1] && again["c"]?.doubles == [.pi])
    #expect(again["c"]?.shape == [] && again.metadata["model"] == "vector:1\nline")
    #expect(try Safetensors(file.data, source: "file").metadata["crc32"] == nil)
  }

  @Test func damagedTensorsAreRefused() throws {
    let good = Safetensors(tensors: [
      Safetensors.Tensor(name: "a", shape: [4], values: [1, 2, 3, 4] as [Float])
    ])
    .checksummed.data
    for length in 0..<good.count {
      #expect(throws: DatasetError.self, "\(length) bytes") {
        try Safetensors(good.prefix(length), source: "file")
      }
    }
    for place in [good.count - 1, good.count - 9] {
      var damaged = good
      damaged[place] ^= 4
      #expect(throws: DatasetError.self) { try Safetensors(damaged, source: "file") }
    }
    func header(_ text: String) -> Data {
      var data = withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Data($0) }
      data.append(contentsOf: text.utf8)
      return data
    }
    let huge = "9223372036854775807"
    for text in [
      "[]", "{\"a\": 1}", "{\"a\": {\"dtype\": \"I8\", \"shape\": [1], \"data_offsets\": [0, 1]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [\(huge), 2], \"data_offsets\": [0, 8]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [\(huge), \(huge)]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, 0]}}",
    ] {
      #expect(throws: DatasetError.self, "\(text)") {
        try Safetensors(header(text), source: "file")
      }
    }
  }

  @Test func textsAreCodedByTheTrainingAlphabet() throws {
    let corpus = try TextCorpus(
      [Array("banana"), Array("ab"), Array("nb")], sources: ["t", "v", "e"])
    #expect(
      corpus.alphabet == ["a", "b", "n"] && corpus.train == [1, 0, 2, 0, 2, 0]
        && corpus.test == [2, 1])
    #expect(corpus.encode("nab") == [2, 0, 1] && corpus.encode("x") == nil)
    let error = #expect(throws: DatasetError.self) {
      try TextCorpus(
        [Array("ab\n"), Array("ab\n\nx"), Array("ab")], sources: ["t", "valid.txt", "e"])
    }
    #expect(
      error?.description
        == "valid.txt: line 3 has the symbol 'x', which the training text does not have")
  }
}
