import Foundation
import Testing

@testable import Datasets

@Suite("NumPy arrays")
struct NumpyTests {
  private func table(_ bytes: [UInt8], source: String = "a.npy") throws -> Table {
    try Table(bytes: bytes, source: source)
  }

  @Test("every real type, in both byte orders")
  func types() throws {
    // 1 and -2, or what stands for them, as little-endian bytes.
    let cases: [(code: String, elements: [[UInt8]], values: [Double])] = [
      ("f8", [[0, 0, 0, 0, 0, 0, 0xF0, 0x3F], [0, 0, 0, 0, 0, 0, 0, 0xC0]], [1, -2]),
      ("f4", [[0, 0, 0x80, 0x3F], [0, 0, 0, 0xC0]], [1, -2]),
      ("f2", [[0, 0x3C], [0, 0xC0], [1, 0], [0xFF, 0x7B], [0, 0x80]], [1, -2, 0x1p-24, 65504, 0]),
      ("i1", [[1], [0xFE]], [1, -2]),
      ("i2", [[1, 0], [0xFE, 0xFF]], [1, -2]),
      ("i4", [[1, 0, 0, 0], [0xFE, 0xFF, 0xFF, 0xFF]], [1, -2]),
      ("i8", [[1, 0, 0, 0, 0, 0, 0, 0], [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]], [1, -2]),
      ("u1", [[1], [0xFE]], [1, 254]),
      ("u2", [[1, 0], [0xFE, 0xFF]], [1, 65534]),
      ("u4", [[1, 0, 0, 0], [0xFE, 0xFF, 0xFF, 0xFF]], [1, 4_294_967_294]),
      ("u8", [[1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0x80]], [1, 0x1p63]),
      ("b1", [[1], [0]], [1, 0]),
    ]
    for item in cases {
      for order in ["<", ">"] {
        let data = item.elements.flatMap { order == "<" ? $0 : $0.reversed() }
        for version in [1, 2, 3] as [UInt8] {
          let bytes = npyBytes(
            descr: "'\(order)\(item.code)'", shape: "(\(item.elements.count),)", version: version, data: data)
          let column = try table(bytes).column(named: "c1")
          #expect(column == Column(name: "c1", values: item.values), "\(order)\(item.code) version \(version)")
        }
      }
    }
  }

  @Test("an integer that no double equals keeps its digits")
  func bigIntegers() throws {
    var data: [UInt8] = []
    for integer in [9_007_199_254_740_993, -3, Int.max, Int.min] { data.append(littleEndian: integer, width: 8) }
    let column = try table(npyBytes(descr: "'<i8'", shape: "(4,)", data: data)).column(named: "c1")
    #expect(column.literals == ["9007199254740993", "-3", "9223372036854775807", "-9223372036854775808"])
    #expect(column.values == [0x1p53, -3, 0x1p63, -0x1p63])
    let unsigned = npyBytes(
      descr: "'<u8'", shape: "(2,)", data: [UInt8](repeating: 0xFF, count: 8) + [2, 0, 0, 0, 0, 0, 0, 0])
    #expect(try table(unsigned).column(named: "c1").literals == ["18446744073709551615", "2"])
  }

  @Test("2-D arrays in C and in Fortran order")
  func orders() throws {
    let data: [UInt8] = [1, 2, 3, 4, 5, 6]
    let rowsFirst = try table(npyBytes(descr: "'|i1'", shape: "(2, 3)", data: data))
    #expect(rowsFirst.columnNames == ["c1", "c2", "c3"])
    #expect(!rowsFirst.hasHeader)
    #expect(try rowsFirst.columns.map(\.values) == [[1, 4], [2, 5], [3, 6]])
    let columnsFirst = try table(npyBytes(descr: "'|i1'", fortran: true, shape: "(2L, 3L)", data: data))
    #expect(try columnsFirst.columns.map(\.values) == [[1, 2], [3, 4], [5, 6]])
  }

  @Test(
    "what is no table of numbers",
    arguments: [
      ("'<f8'", "()", "the array is 0-D, of shape ()"),
      ("'|i1'", "(2, 2, 2)", "the array is 3-D, of shape (2, 2, 2)"),
      ("'|O'", "(2,)", "holds elements of type '|O' (Python objects)"),
      ("'<c16'", "(2,)", "(complex numbers)"),
      ("'<U3'", "(2,)", "(text)"),
      ("'<M8[ns]'", "(2,)", "(dates or times)"),
      ("'<f16'", "(2,)", "(extended precision)"),
      ("[('a', '<f8'), ('b', [('c', '<i4')])]", "(2,)", "holds records (a structured type)"),
      ("'<f8'", "(0, 9000000000000000000)", "is empty, of shape (0, 9000000000000000000)"),
      ("'<f8'", "(2,)", "is truncated: shape (2) of 8-byte elements"),
      ("'<f8'", "(4000000000000000000, 4000000000000000000)", "is truncated"),
      ("'<f8'", "(99999999999999999999,)", "has an unreadable header"),
      ("'<f8'", "(-1,)", "has an unreadable header"),
      ("'<f8'", "[2]", "has a header without 'shape'"),
      ("True", "(2,)", "has a header without 'descr'"),
      ("'<f8", "(2,)", "has an unreadable header"),
    ])
  func refused(descr: String, shape: String, expected: String) {
    let found = message { try table(npyBytes(descr: descr, shape: shape, data: [0, 0, 0, 0, 0, 0, 0, 0])) }
    #expect(found.hasPrefix("a.npy: ") && found.contains(expected), "found: \(found)")
  }

  @Test("other faults of a .npy file")
  func faults() throws {
    #expect(message { try table(NumpyFile.magic) }.contains("is not in .npy format"))
    #expect(message { try table(NumpyFile.magic + [9, 0, 1, 0, 0x7B]) }.contains("version 9"))
    #expect(message { try table(NumpyFile.magic + [1, 0, 200, 0, 0x7B]) }.contains("truncated in its header"))
    #expect(message { try table(NumpyFile.magic + [2, 0, 255, 255, 255, 255]) }.contains("truncated in its header"))
    let nan = npyBytes(descr: "'<f2'", shape: "(2,)", data: [0, 0x3C, 0, 0x7E])
    #expect(message { try table(nan).column(named: "c1") }.contains("row 2 of column 'c1' is nan"))
    #expect(try table(nan).content(ofColumnNamed: "c1") == .incomplete(missing: 1))
  }

  @Test("what is written is read back, bit by bit")
  func roundTrip() throws {
    let values = [0.1, -0.0, .leastNonzeroMagnitude, 1e308, -3, .pi]
    let data = try NumpyFile.npy(values, shape: [2, 3])
    #expect(data.count == 128 + 48 && data.count % 64 == 48)
    for (j, column) in try table(Array(data)).columns.enumerated() {
      #expect(column.values.map(\.bitPattern) == [values[j].bitPattern, values[j + 3].bitPattern])
    }
    let archive = try NumpyFile.npz([("X", values, [2, 3]), ("w", [1, 2], [2, 1]), ("ŷ", [3, 4], [2])])
    let table = try table(Array(archive), source: "a.npz")
    #expect(table.columnNames == ["X1", "X2", "X3", "w", "ŷ"])
    #expect(table.hasHeader)
    #expect(try table.column(named: "ŷ") == Column(name: "ŷ", values: [3, 4]))
    #expect(try table.column(named: "X2").values == [-0.0, -3])
  }

  @Test("the written header is NumPy's own")
  func header() throws {
    let text = String(decoding: try NumpyFile.npy([7], shape: [1]).dropFirst(10).dropLast(8), as: UTF8.self)
    #expect(text.hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }  "))
    #expect(text.hasSuffix(" \n") && text.utf8.count == 118)
    #expect(String(decoding: try NumpyFile.npy([7], shape: []), as: UTF8.self).contains("'shape': ()"))
    #expect(message { try NumpyFile.npy([1, 2], shape: [3]) } == "array: shape [3] holds 3 values, 2 are given")
    #expect(message { try NumpyFile.npy([], shape: [-1]) } == "array: [-1] is not a shape")
    #expect(message { try NumpyFile.npy([], shape: [.max, 2]) }.contains("is not a shape"))
    #expect(message { try NumpyFile.npz([("a", [1], [1]), ("a", [1], [1])]) }.contains("two arrays are called 'a'"))
  }
}
