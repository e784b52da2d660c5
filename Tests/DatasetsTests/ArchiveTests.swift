import Foundation
import Testing

@testable import Datasets

@Suite("Archives of arrays")
struct ArchiveTests {
  /// `savez_compressed(f, X=[[1.5, -2], [0.1, 4e300], [7, 1e-320]], y=[3, 2**53 + 1, -5], label=['a', 'b', 'c'])`.
  private static let deflated = """
    UEsDBC0AAAAIAAAAIQAYE058//////////8FABQAWC5ucHkBABAAsAAAAAAAAABkAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Ce\
    ll9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkaaOgq1CmQDLgYw+GEPoRkOzJoJAjvt55QydNg8Ca+DCMs4vGCHsABQSwMELQAAAAgAAAAh\
    AP3jWH///////////wUAFAB5Lm5weQEAEACYAAAAAAAAAFAAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoS\
    d0vMKU4FihdnJBakAvkaxjqaOgq1ChQALmYGCGAEkwoMv/9DAABQSwMELQAAAAgAAAAhAH6NQVf//////////wkAFABsYWJlbC5ucHkBABAAjAAA\
    AAAAAABNAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG4Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAK5EBgaG\
    JCBOBmIAUEsBAi0DLQAAAAgAAAAhABgTTnxkAAAAsAAAAAUAAAAAAAAAAAAAAIABAAAAAFgubnB5UEsBAi0DLQAAAAgAAAAhAP3jWH9QAAAAmAAA\
    AAUAAAAAAAAAAAAAAIABmwAAAHkubnB5UEsBAi0DLQAAAAgAAAAhAH6NQVdNAAAAjAAAAAkAAAAAAAAAAAAAAIABIgEAAGxhYmVsLm5weVBLBQYA\
    AAAAAwADAJ0AAACqAQAAAAA=
    """

  /// `savez(f, t=[[1], [2]] as <f4, w=[[1, 2], [3, 4]] as >i2 in Fortran order)`.
  private static let stored = """
    UEsDBC0AAAAAAAAAIQCq+rsc//////////8FABQAdC5ucHkBABAAiAAAAAAAAACIAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdm\
    b3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAxKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAKAACAPwAAAEBQSwMELQAAAAAAAAAhANe17Kv//////////wUAFAB3Lm5weQEAEACIAAAAAAAAAIgAAAAAAAAAk05VTVBZ\
    AQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMiksIH0gICAgICAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQADAAIABFBLAQItAy0AAAAAAAAAIQCq+rsciAAAAIgAAAAFAAAAAAAAAAAA\
    AACAAQAAAAB0Lm5weVBLAQItAy0AAAAAAAAAIQDXteyriAAAAIgAAAAFAAAAAAAAAAAAAACAAb8AAAB3Lm5weVBLBQYAAAAAAgACAGYAAAB+AQAA\
    AAA=
    """

  /// `[0, 1, 2]` as `q`, deflated by a writer that could not seek (sizes follow the data), with a comment at the end.
  private static let streamed = """
    UEsDBC0ACAAIAAAAIQAAAAAA//////////8FABQAcS5ucHkBABAAAAAAAAAAAAAAAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Ce\
    ll9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC4GFPDBHspwAABQSwcIJCHhK0wAAAAAAAAAmAAAAAAAAABQSwECLQMtAAgACAAA\
    ACEAJCHhK0wAAACYAAAABQAAAAAAAAAAAAAAgAEAAAAAcS5ucHlQSwUGAAAAAAEAAQAzAAAAmwAAAAUAaGVsbG8=
    """

  private func bytes(_ text: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: text))) }

  private func table(_ bytes: [UInt8]) throws -> Table { try Table(bytes: bytes, source: "a.npz") }

  @Test("an archive that NumPy compressed")
  func compressed() throws {
    let table = try table(bytes(Self.deflated))
    #expect(table.columnNames == ["X1", "X2", "y", "label"])
    #expect(table.numericColumnNames == ["X1", "X2", "y"])
    #expect(try table.column(named: "X1").values == [1.5, 0.1, 7])
    #expect(try table.column(named: "X2").values == [-2, 4e300, Double(bitPattern: 2024)])
    #expect(try table.column(named: "y").literals == ["3", "9007199254740993", "-5"])
    #expect(
      message { try table.column(named: "label") }.contains("the array 'label' holds elements of type '<U1' (text)"))
    #expect(message { try table.columns }.contains("'label'"))
  }

  @Test("an archive that NumPy stored")
  func plain() throws {
    let table = try table(bytes(Self.stored))
    #expect(table.columnNames == ["t", "w1", "w2"])
    #expect(try table.columns.map(\.values) == [[1, 2], [1, 3], [2, 4]])
  }

  @Test("an archive that was streamed")
  func streamedArchive() throws {
    #expect(try table(bytes(Self.streamed)).column(named: "q").values == [0, 1, 2])
  }

  /// A zip64 archive of one stored member, with every size where 32 bits would not hold it.
  private func largeArchive(_ contents: [UInt8], count: Int = 1) -> [UInt8] {
    let name = Array("v.npy".utf8)
    var local: [UInt8] = ZipArchive.fileMagic + [45, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]
    local.append(littleEndian: Int(Zlib.crc32(contents[...])), width: 4)
    local += [UInt8](repeating: 0xFF, count: 8) + [5, 0, 0, 0] + name
    var entry: [UInt8] = [0x50, 0x4B, 1, 2, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]
    entry.append(littleEndian: Int(Zlib.crc32(contents[...])), width: 4)
    // An unrelated extra field of two bytes stands before the 28 of zip64.
    entry +=
      [UInt8](repeating: 0xFF, count: 8) + [5, 0, 34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [0xFF, 0xFF, 0xFF, 0xFF]
    entry += name + [0x55, 0x54, 2, 0, 9, 9, 1, 0, 24, 0]
    entry.append(littleEndian: contents.count, width: 8)
    entry.append(littleEndian: contents.count, width: 8)
    entry.append(littleEndian: 0, width: 8)
    let start = local.count + contents.count
    var end: [UInt8] = [0x50, 0x4B, 6, 6, 44] + [UInt8](repeating: 0, count: 19)
    end.append(littleEndian: count, width: 8)
    end.append(littleEndian: count, width: 8)
    end.append(littleEndian: entry.count, width: 8)
    end.append(littleEndian: start, width: 8)
    end += [0x50, 0x4B, 6, 7, 0, 0, 0, 0]
    end.append(littleEndian: start + entry.count, width: 8)
    end += [1, 0, 0, 0] + ZipArchive.emptyMagic + [0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 12) + [0, 0]
    return local + contents + entry + end
  }

  @Test("zip64")
  func zip64() throws {
    let contents = Array(try NumpyFile.npy([1, 2, 3], shape: [3]))
    #expect(try table(largeArchive(contents)).column(named: "v").values == [1, 2, 3])
    #expect(
      message { try table(largeArchive(contents, count: .max)) }.contains("entry 2 of its directory is unreadable"))
  }

  @Test("faults of an archive")
  func faults() throws {
    let rows = try NumpyFile.npz([("a", [1, 2], [2]), ("b", [1], [1])])
    #expect(
      message { try table(Array(rows)) }
        == "a.npz: the array 'b' has 1 rows where 'a' has 2; all must have the same number")
    let names = try NumpyFile.npz([("a", [1, 2], [1, 2]), ("a2", [1], [1])])
    #expect(message { try table(Array(names)) }.contains("columns 2 and 3 are both called 'a2'"))
    let scalar = try NumpyFile.npz([("s", [1], [])])
    #expect(message { try table(Array(scalar)) }.contains("the array 's' is 0-D"))
    #expect(message { try table(Array(NumpyFile.npz([]))) }.contains("without .npy arrays: it is empty"))
    #expect(message { try table(Array(rows.dropLast(30))) }.contains("may be truncated"))

    var damaged = try bytes(Self.stored)
    damaged[180] ^= 1
    #expect(message { try table(damaged) }.contains("its member 't.npy' is damaged"))
    let good = Array(try NumpyFile.npz([("a", [1], [1])]))
    let entry = try #require(good.indices.last { good[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    var encrypted = good
    encrypted[entry + 8] |= 1
    #expect(message { try table(encrypted) }.contains("'a.npy' is encrypted"))
    var method = good
    method[entry + 10] = 12
    #expect(message { try table(method) }.contains("zip method 12"))
    var workbook = ZipWriter()
    try workbook.add([1, 2, 3], name: "xl/workbook.xml")
    #expect(
      message { try table(workbook.finished()) }.contains("it holds 'xl/workbook.xml'; save a spreadsheet as CSV"))
  }

  @Test("no damage traps")
  func damage() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("damaged archives seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let contents = Array(try NumpyFile.npy([1, 2, 3, 4], shape: [2, 2]))
    let originals = try [
      bytes(Self.deflated), bytes(Self.stored), bytes(Self.streamed), largeArchive(contents), contents,
    ]
    for original in originals {
      for _ in 0..<1500 {
        var damaged = original
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<damaged.count, using: &generator)
          damaged[place] =
            [0, 0xFF, 0x7F, UInt8.random(in: 0...255, using: &generator)].randomElement(using: &generator) ?? 0
        }
        if Int.random(in: 0..<4, using: &generator) == 0 {
          damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator))
        }
        do {
          let table = try table(damaged)
          for name in table.columnNames { _ = try table.content(ofColumnNamed: name) }
        } catch {
          #expect(error is DatasetError, "seed \(seed)")
        }
      }
    }
  }

  @Test("inflate stops at the size that was promised")
  func bound() throws {
    let archive = try ZipArchive(bytes(Self.deflated), source: "a.npz")
    #expect(try archive.contents(of: archive.members[0]).count == 176)
    #expect(Zlib.inflate([0x03, 0x00], size: 0) == [])
    #expect(Zlib.inflate([0x03, 0x00], size: 1) == nil)
    #expect(Zlib.inflate([0x4B, 0x04, 0x00], size: 1) == [0x61])
    #expect(Zlib.inflate([0x4B, 0x04, 0x00], size: 0) == nil)
    #expect(Zlib.inflate([0x4B], size: 1) == nil)
    #expect(Zlib.inflate([], size: 0) == nil)
    #expect(Zlib.crc32(Array("123456789".utf8)[...]) == 0xCBF4_3926)
  }
}
