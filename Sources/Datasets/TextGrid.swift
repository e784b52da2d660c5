/// A text table cut into cells: its bytes and where each cell lies in them.
struct TextGrid: Sendable {
  private let bytes: [UInt8]
  /// Row by row, without the header.
  private let cells: [Cell]
  private let allowsDecimalComma: Bool
  /// The line on which each row begins, from 1.
  let lines: [Int]
  let names: [String]
  let hasHeader: Bool

  /// Cuts a table into rows of equal length. O(bytes), 16 bytes of memory per cell beside the bytes themselves.
  ///
  /// Throws `DatasetError` when the bytes are not UTF-8 text, a row has another number of cells than the first, the
  /// quoting is at fault, or there is no row of data.
  init(bytes: [UInt8], source: String) throws {
    try TextEncoding.check(bytes, source: source)
    self.bytes = bytes
    (cells, lines, names, hasHeader, allowsDecimalComma) = try bytes.withUnsafeBufferPointer { buffer in
      let (position, line) = Self.skipComments(buffer, from: TextEncoding.markLength(bytes))
      let separator = Separator.guess(buffer, source: source, position: position, line: line)
      let allowsComma = separator != .byte(Byte.comma)
      var scanner = RecordScanner(buffer, separator: separator, source: source, position: position, line: line)
      var cells: [Cell] = []
      guard let width = try scanner.next(into: &cells) else {
        throw DatasetError(
          source: source, "is empty; a header line with the columns' names and rows of numbers are needed")
      }
      let firstLine = scanner.recordLine
      let forms = cells.map { Self.form(of: $0, in: buffer, allowingComma: allowsComma) }
      let hasHeader = forms.contains(.text) || forms.allSatisfy { $0 == .missing }
      let names = cells.indices.map { index in
        let name = hasHeader ? Self.text(of: cells[index], in: buffer) : ""
        return name.isEmpty ? "c\(index + 1)" : name
      }
      var lines: [Int] = []
      if hasHeader { cells.removeAll() } else { lines.append(firstLine) }
      while let count = try scanner.next(into: &cells) {
        guard count == width else {
          throw Self.ragged(source, line: scanner.recordLine, count, firstLine: firstLine, width, hasHeader: hasHeader)
        }
        lines.append(scanner.recordLine)
      }
      guard !lines.isEmpty else {
        throw DatasetError(
          source: source, line: firstLine,
          "has a header on line \(firstLine) (\(listing(names))) and no rows of data below it")
      }
      return (cells, lines, names, hasHeader, allowsComma)
    }
  }

  private static func ragged(
    _ source: String, line: Int, _ count: Int, firstLine: Int, _ width: Int, hasHeader: Bool
  ) -> DatasetError {
    let found = "line \(line) has \(count) \(count == 1 ? "cell" : "cells")"
    let expected =
      "\(width) \(width == 1 ? "was" : "were") expected, as \(hasHeader ? "in the header " : "")on line \(firstLine)"
    let hint = hasHeader && count == width + 1 ? "; a column of row names needs a name in the header too" : ""
    return DatasetError(source: source, line: line, "\(found) where \(expected)\(hint)")
  }

  /// The beginning of the first line that is no comment, and its number.
  private static func skipComments(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (position: Int, line: Int) {
    var lineStart = start
    var line = 1
    while lineStart < bytes.count {
      var position = lineStart
      while position < bytes.count, bytes[position] == Byte.space || bytes[position] == Byte.tab { position += 1 }
      guard position < bytes.count, bytes[position] == Byte.hash || Byte.isLineBreak(bytes[position]) else { break }
      while position < bytes.count, !Byte.isLineBreak(bytes[position]) { position += 1 }
      if position + 1 < bytes.count, bytes[position] == Byte.carriageReturn, bytes[position + 1] == Byte.lineFeed {
        position += 1
      }
      lineStart = position + 1
      line += 1
    }
    return (min(lineStart, bytes.count), line)
  }
}

extension TextGrid {
  /// Throws `DatasetError` at the first cell that holds no finite number.
  func column(at index: Int, named name: String, source: String) throws -> Column {
    var values: [Double] = []
    var literals: [String] = []
    values.reserveCapacity(lines.count)
    literals.reserveCapacity(lines.count)
    var pointLine: Int?
    var commaLine: Int?
    try bytes.withUnsafeBufferPointer { buffer in
      for row in lines.indices {
        let cell = cells[row * names.count + index]
        guard case .number(let hasPlus, let mark) = Self.form(of: cell, in: buffer, allowingComma: allowsDecimalComma)
        else {
          throw unusable(cell, in: buffer, line: lines[row], name: name, source: source)
        }
        let digits = Self.trimmed(cell, in: buffer).dropFirst(hasPlus ? 1 : 0)
        let literal =
          mark == .comma
          ? String(decoding: digits.map { $0 == Byte.comma ? Byte.point : $0 }, as: UTF8.self)
          : String(decoding: digits, as: UTF8.self)
        switch mark {
        case .none: break
        case .point: pointLine = pointLine ?? lines[row]
        case .comma: commaLine = commaLine ?? lines[row]
        }
        guard let value = DecimalValue.nearest(literal) else {
          throw DatasetError(
            source: source, line: lines[row], column: name,
            "\(excerpt(literal)) on line \(lines[row]) in column \(excerpt(name)) is too large or too small for a "
              + "double; change the column's unit")
        }
        values.append(value)
        literals.append(literal)
      }
    }
    if let pointLine, let commaLine {
      // One of them may separate thousands: `1,234` would be read as 1.234.
      throw DatasetError(
        source: source, line: max(pointLine, commaLine), column: name,
        "column \(excerpt(name)) has a decimal point on line \(pointLine) and a decimal comma on line \(commaLine); "
          + "write all with a point")
    }
    return Column(name: name, values: values, literals: literals, lines: lines)
  }

  /// What the column's cells look like. O(rows).
  func content(ofColumnAt index: Int) -> ColumnContent {
    var missing = 0
    let hasText = bytes.withUnsafeBufferPointer { buffer in
      for row in lines.indices {
        switch Self.form(of: cells[row * names.count + index], in: buffer, allowingComma: allowsDecimalComma) {
        case .number: break
        case .missing, .infinite: missing += 1
        case .text: return true
        }
      }
      return false
    }
    if hasText || missing == lines.count { return .other }
    return missing == 0 ? .numbers : .incomplete(missing: missing)
  }

  private func unusable(
    _ cell: Cell, in buffer: UnsafeBufferPointer<UInt8>, line: Int, name: String, source: String
  ) -> DatasetError {
    let text = Self.text(of: cell, in: buffer)
    let column = excerpt(name)
    let reason =
      switch Self.form(of: cell, in: buffer, allowingComma: allowsDecimalComma) {
      case .missing:
        "the row on line \(line) has no value in column \(column)\(text.isEmpty ? "" : " (it reads \(excerpt(text)))")"
          + "; drop the row or fill it in"
      case .infinite:
        "the row on line \(line) has \(excerpt(text)) in column \(column), which is not finite; "
          + "drop the row or fill it in"
      case .number, .text:
        "\(excerpt(text)) on line \(line) in column \(column) is not a number; write numbers as 12, -0.5 or 1.5e-3, or "
          + "leave this column out"
      }
    return DatasetError(source: source, line: line, column: name, reason)
  }

  private static func form(
    of cell: Cell, in buffer: UnsafeBufferPointer<UInt8>, allowingComma: Bool
  ) -> CellForm {
    CellForm(trimmed(cell, in: buffer), allowingComma: allowingComma)
  }

  /// The cell's bytes without the blanks that its quotes may have kept.
  private static func trimmed(_ cell: Cell, in buffer: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = cell.start
    var end = cell.start + Int(cell.length)
    while start < end, buffer[start] <= Byte.space { start += 1 }
    while end > start, buffer[end - 1] <= Byte.space { end -= 1 }
    return UnsafeBufferPointer(rebasing: buffer[start..<end])
  }

  private static func text(of cell: Cell, in buffer: UnsafeBufferPointer<UInt8>) -> String {
    let bytes = trimmed(cell, in: buffer)
    guard cell.isQuoted, bytes.contains(Byte.quote) else { return String(decoding: bytes, as: UTF8.self) }
    var unquoted: [UInt8] = []
    var index = 0
    while index < bytes.count {
      unquoted.append(bytes[index])
      index += bytes[index] == Byte.quote ? 2 : 1
    }
    return String(decoding: unquoted, as: UTF8.self)
  }
}
