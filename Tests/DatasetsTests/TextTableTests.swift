import Testing

@testable import Datasets

@Suite("Delimited text")
struct TextTableTests {
  @Test("a plain table: names, values, literals, lines")
  func plain() throws {
    let table = try table("x,y\n1,2.50\n-3e-2,+.5\n")
    #expect(table.columnNames == ["x", "y"])
    #expect(table.hasHeader)
    #expect(table.rowCount == 2)
    #expect(table.numericColumnNames == ["x", "y"])
    let y = try table.column(named: "y")
    #expect(y == Column(name: "y", values: [2.5, 0.5], literals: ["2.50", ".5"], lines: [2, 3]))
    #expect(try table.column(at: 0).literals == ["1", "-3e-2"])
    #expect(try table.columns.map(\.name) == ["x", "y"])
  }

  @Test(
    "separators and line ends",
    arguments: [
      "a,b\n1,2\n3,4\n", "a;b\n1;2\n3;4", "a\tb\r\n1\t2\r\n3\t4\r\n", "a|b\r1|2\r3|4", "  a   b\n 1 2  \n3\t \t4\n",
      "\u{FEFF}a,b\n1,2\n3,4\n", "# made by hand\n#\n\na,b\n\n1,2\n   \n3,4\n\n", "\"a\",\"b\"\n\"1\",\" 2 \"\n3 , 4\n",
      "a , \"b\" \n1,2\n3,4", "a, b\n1, 2\n3, 4", "\n\na b\n1 2\n3 4",
    ])
  func separators(text: String) throws {
    let table = try table(text)
    #expect(table.columnNames == ["a", "b"])
    #expect(try table.column(named: "a").values == [1, 3])
    #expect(try table.column(named: "b").literals == ["2", "4"])
  }

  @Test("lines are counted through comments, blank lines and line breaks in quotes")
  func lineNumbers() throws {
    let table = try table("# one\r\n\r\nnote,y\r\n\"two\r\nlines\",5\r\n\r\nz,6\r\n")
    #expect(try table.column(named: "y").lines == [4, 7])
    let bad = try Datasets.Table(csv: "note,y\n\"a\n\nb\",1\nc,oops\n", source: "t.csv")
    #expect(message { try bad.column(named: "y") }.contains("'oops' on line 5 in column 'y' is not a number"))
  }

  @Test("quotes: doubled, with separators and line breaks inside")
  func quotes() throws {
    let table = try table("\"a \"\"b\"\"\",\"c,d\",\"e\nf\"\n1,2,3\n")
    #expect(table.columnNames == ["a \"b\"", "c,d", "e\nf"])
    #expect(try table.column(named: "c,d").values == [2])
    let inches = try Datasets.Table(csv: "size,y\n5\" pipe,1\n", source: "t.csv")
    #expect(try inches.column(named: "y").values == [1])
  }

  @Test("without a header the columns are c1, c2, …")
  func headerless() throws {
    let table = try table("1,2\n3,4\n")
    #expect(!table.hasHeader)
    #expect(table.columnNames == ["c1", "c2"])
    #expect(try table.column(named: "c2") == Column(name: "c2", values: [2, 4], literals: ["2", "4"], lines: [1, 2]))
    #expect(try Datasets.Table(csv: "1,NA\n3,4", source: "t.csv").rowCount == 2)
    #expect(try Datasets.Table(csv: "7", source: "t.csv").column(named: "c1").values == [7])
  }

  @Test("a header without a name is called by its place")
  func unnamed() throws {
    let table = try table(",x,\nr1,1,\nr2,2,\n")
    #expect(table.columnNames == ["c1", "x", "c3"])
    #expect(table.numericColumnNames == ["x"])
  }

  @Test("decimal commas where the comma does not separate")
  func decimalComma() throws {
    let table = try table("x;y\n1,5;2\n-0,25e1;3,0\n")
    #expect(try table.column(named: "x").literals == ["1.5", "-0.25e1"])
    #expect(try table.column(named: "x").values == [1.5, -2.5])
    #expect(try table.column(named: "y").literals == ["2", "3.0"])
    #expect(try Datasets.Table(csv: "1,5\t2,5\n3,5\t4,5\n", source: "t").column(named: "c2").values == [2.5, 4.5])
    let mixed = try Datasets.Table(csv: "x;y\n1,234;1\n1.5;2\n", source: "t.csv")
    #expect(
      message { try mixed.column(named: "x") }.contains("a decimal point on line 3 and a decimal comma on line 2"))
  }

  @Test("one column needs no separator, and a title of two words is one name")
  func oneColumn() throws {
    #expect(try table("x\n1\n2\n").column(named: "x").values == [1, 2])
    #expect(try Datasets.Table(csv: "Sepal length\n5.1\n4.9\n4.7", source: "t").columnNames == ["Sepal length"])
  }

  @Test("text and gaps do no harm until they are used")
  func unusedColumns() throws {
    let table = try table("name,x,gap,limit,none\nann,1,2,1,\nbob,2,NA,inf,?\n")
    #expect(try table.column(named: "x").values == [1, 2])
    #expect(table.numericColumnNames == ["x", "gap", "limit"])
    #expect(try table.content(ofColumnNamed: "name") == .other)
    #expect(try table.content(ofColumnNamed: "x") == .numbers)
    #expect(try table.content(ofColumnNamed: "gap") == .incomplete(missing: 1))
    #expect(try table.content(ofColumnNamed: "none") == .other)
    #expect(
      message { try table.column(named: "name") }
        == "t.csv: 'ann' on line 2 in column 'name' is not a number; write numbers as 12, -0.5 or 1.5e-3, or leave "
        + "this column out")
    #expect(
      message { try table.column(named: "gap") }
        == "t.csv: the row on line 3 has no value in column 'gap' (it reads 'NA'); drop the row or fill it in")
    #expect(
      message { try table.column(named: "none") }
        == "t.csv: the row on line 2 has no value in column 'none'; drop the row or fill it in")
    #expect(
      message { try table.column(named: "limit") }
        == "t.csv: the row on line 3 has 'inf' in column 'limit', which is not finite; drop the row or fill it in")
    let error = #expect(throws: DatasetError.self) { try table.column(named: "gap") }
    #expect(error?.line == 3 && error?.column == "gap" && error?.source == "t.csv")
  }

  @Test("an unknown column: the nearest name and all names")
  func unknownColumn() throws {
    let table = try table("Ozone,Temp\n1,2\n")
    #expect(
      message { try table.column(named: "ozon") }
        == "t.csv: has no column 'ozon'; did you mean 'Ozone'? Its columns are 'Ozone', 'Temp'")
    #expect(
      message { try table.column(named: "pressure") }
        == "t.csv: has no column 'pressure'. Its columns are 'Ozone', 'Temp'")
    #expect(message { try table.column(at: 2) } == "t.csv: has no column 3; there are 2")
    #expect(message { try table.column(at: -1) }.contains("has no column 0"))
  }

  @Test(
    "faults name their place",
    arguments: [
      ("", "is empty; a header line"),
      (" \n\n", "is empty"),
      ("# only a comment", "is empty"),
      ("x,y\n", "has a header on line 1 ('x', 'y') and no rows"),
      ("x,y\n1,2\n3\n", "line 3 has 1 cell where 2 were expected, as in the header on line 1"),
      ("1,2\n3,4,5\n", "line 2 has 3 cells where 2 were expected, as on line 1"),
      (
        "x y\n1 2 3\n2 3 4",
        "line 2 has 3 cells where 2 were expected, as in the header on line 1; a column of row names"
      ),
      ("x,y\n1\n2\n", "line 2 has 1 cell where 2 were expected"),
      ("x,x\n1,2\n", "columns 1 and 2 are both called 'x'"),
      ("c2,\n1,2\n", "columns 1 and 2 are both called 'c2'"),
      ("x,y\n1,\"2\n3,4\n", "the quote that opens on line 2 is never closed"),
      ("x,y\n1,\"2\"3\n", "text follows a closing quote on line 2"),
      ("x,y\n1,2\u{0}\n", "line 2 holds a NUL byte: this is not a text file"),
    ])
  func faults(text: String, expected: String) {
    let found = message { try table(text) }
    #expect(found.hasPrefix("t.csv: ") && found.contains(expected), "found: \(found)")
  }

  @Test("what is not UTF-8 text")
  func encodings() {
    func found(_ bytes: [UInt8]) -> String { message { try Datasets.Table(bytes: bytes, source: "t.csv") } }
    #expect(found(Array("x\n1\n".utf8) + [0xE9, 0x0A]).contains("line 3 is not UTF-8 (byte 0xE9)"))
    #expect(found(Array("x\r1\r".utf8) + [0xC3]).contains("line 3 is not UTF-8 (byte 0xC3)"))
    #expect(found([0xFF, 0xFE, 0x78, 0]).contains("UTF-16"))
    #expect(found([0x1F, 0x8B, 8]).contains("gzip"))
    #expect(found([0x50, 0x4B, 5, 6]).contains("is not a whole zip file"))
    #expect(
      message { try Datasets.Table(bytes: Array("x\n1".utf8), source: "a.NPY") }
        == "a.NPY: does not begin as a .npy file does, despite its name")
  }

  @Test("columns in memory")
  func inMemory() throws {
    let x = Column(name: "x", values: [1, 2])
    #expect(try Datasets.Table(source: "made", columns: [x]).column(named: "x") == x)
    #expect(message { try Datasets.Table(source: "made", columns: []) }.contains("holds no numbers"))
    let short = Column(name: "y", values: [1])
    #expect(
      message { try Datasets.Table(source: "made", columns: [x, short]) }.contains("column 'y' does not have 2 rows"))
    let literals = Column(name: "y", values: [1, 2], literals: ["1"])
    #expect(message { try Datasets.Table(source: "made", columns: [literals]) }.contains("same number of rows"))
  }

  @Test("any table that is written is read back")
  func roundTrip() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let width = Int.random(in: 2...5, using: &generator)
      let rows = Int.random(in: 1...30, using: &generator)
      let separator = [",", ";", "\t", "|"].randomElement(using: &generator) ?? ","
      let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? "\n"
      let cells = (0..<rows).map { _ in
        (0..<width).map { _ in
          Double(
            sign: .plus, exponent: .random(in: -60...60, using: &generator),
            significand: .random(in: -2...2, using: &generator))
        }
      }
      let names = (0..<width).map { "n\"\($0)\(separator)\(lineEnd)" }
      let header = names.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
      let lines = [header] + cells.map { $0.map { Bool.random(using: &generator) ? "\($0)" : "\" \($0)\"" } }
      let text = lines.map { $0.joined(separator: separator) }.joined(separator: lineEnd)
      let table = try table(text)
      #expect(table.rowCount == rows, "seed \(seed)")
      for (index, column) in try table.columns.enumerated() {
        #expect(column.values == cells.map { $0[index] }, "seed \(seed)")
        #expect(column.literals == cells.map { "\($0[index])" }, "seed \(seed)")
      }
    }
  }

  @Test("no text traps, whatever it holds")
  func garbage() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("garbage text seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("\"\",;\t| \r\n#01.,-+eExNA\u{FEFF}é?\u{0}".unicodeScalars)
    var accepted = 0
    for _ in 0..<5000 {
      let length = Int.random(in: 0...40, using: &generator)
      var text = ""
      for _ in 0..<length {
        // NUL ends every attempt at once, so it comes rarely.
        let scalar = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        if scalar.value != 0 || Int.random(in: 0..<20, using: &generator) == 0 { text.unicodeScalars.append(scalar) }
      }
      do {
        let table = try table(text)
        accepted += 1
        #expect(table.rowCount > 0, "seed \(seed)")
        for name in table.columnNames {
          let column = try? table.column(named: name)
          #expect(column.map { $0.values.count == table.rowCount && $0.values.allSatisfy(\.isFinite) } ?? true)
        }
      } catch {
        #expect(error is DatasetError, "seed \(seed)")
      }
    }
    #expect(accepted > 0)
  }
}
