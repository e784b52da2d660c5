/// Where a cell lies in the bytes of a table: between its quotes if it has them, otherwise without surrounding blanks.
struct Cell: Sendable {
  var start: Int
  /// 32 bits, with the flag beside it, keep a cell to 16 bytes: a table of 10⁷ cells is no rarity.
  var length: UInt32
  var isQuoted: Bool
}

/// What stands between the cells of a record.
enum Separator: Sendable, Equatable {
  case byte(UInt8)
  /// Any run of spaces and tabs; those at the ends of a line mean nothing.
  case blanks
}

/// Cuts delimited text (RFC 4180) into records, in one pass over its bytes, without making a string.
struct RecordScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let separator: Separator
  private let source: String
  private var position: Int
  private var line: Int
  /// The line on which the last record began, from 1.
  private(set) var recordLine = 0

  /// Begins at `position`, which is the beginning of line `line`.
  init(_ bytes: UnsafeBufferPointer<UInt8>, separator: Separator, source: String, position: Int, line: Int) {
    self.bytes = bytes
    self.separator = separator
    self.source = source
    self.position = position
    self.line = line
  }

  /// Appends the cells of the next record that is not a blank line, and gives their number; nil at the end.
  ///
  /// Throws `DatasetError` for a quote that never closes and for text after one that did.
  mutating func next(into cells: inout [Cell]) throws -> Int? {
    skipBlankLines()
    guard position < bytes.count else { return nil }
    recordLine = line
    let before = cells.count
    repeat { cells.append(try cell()) } while takeSeparator()
    takeLineBreak()
    return cells.count - before
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == Byte.space || (byte == Byte.tab && separator != .byte(Byte.tab))
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    switch separator {
    case .byte(let mark): byte == mark
    case .blanks: byte == Byte.space || byte == Byte.tab
    }
  }

  private var isAtEndOfLine: Bool { position >= bytes.count || Byte.isLineBreak(bytes[position]) }

  private mutating func skipBlanks() {
    while position < bytes.count, isBlank(bytes[position]) { position += 1 }
  }

  private mutating func takeLineBreak() {
    guard position < bytes.count, Byte.isLineBreak(bytes[position]) else { return }
    if bytes[position] == Byte.carriageReturn, position + 1 < bytes.count, bytes[position + 1] == Byte.lineFeed {
      position += 1
    }
    position += 1
    line += 1
  }

  private mutating func skipBlankLines() {
    while position < bytes.count {
      let start = position
      skipBlanks()
      guard isAtEndOfLine else {
        position = start
        return
      }
      takeLineBreak()
    }
  }

  private mutating func takeSeparator() -> Bool {
    if separator == .blanks {
      skipBlanks()
      return !isAtEndOfLine
    }
    guard position < bytes.count, isSeparator(bytes[position]) else { return false }
    position += 1
    return true
  }

  private mutating func cell() throws -> Cell {
    skipBlanks()
    if position < bytes.count, bytes[position] == Byte.quote { return try quotedCell() }
    let start = position
    while position < bytes.count, !Byte.isLineBreak(bytes[position]), !isSeparator(bytes[position]) { position += 1 }
    var end = position
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return try cell(from: start, to: end, isQuoted: false)
  }

  private mutating func quotedCell() throws -> Cell {
    let openingLine = line
    position += 1
    let start = position
    while position < bytes.count {
      if bytes[position] == Byte.quote {
        guard position + 1 < bytes.count, bytes[position + 1] == Byte.quote else { return try closeQuote(from: start) }
        position += 2
      } else if Byte.isLineBreak(bytes[position]) {
        takeLineBreak()
      } else {
        position += 1
      }
    }
    throw DatasetError(
      source: source, line: openingLine,
      "the quote that opens on line \(openingLine) is never closed; a quote inside a quoted cell is written twice")
  }

  private mutating func closeQuote(from start: Int) throws -> Cell {
    let end = position
    position += 1
    if position < bytes.count, !isSeparator(bytes[position]) { skipBlanks() }
    guard isAtEndOfLine || isSeparator(bytes[position]) else {
      throw DatasetError(
        source: source, line: line,
        "text follows a closing quote on line \(line); quote the whole cell, and write a quote inside it twice")
    }
    return try cell(from: start, to: end, isQuoted: true)
  }

  private func cell(from start: Int, to end: Int, isQuoted: Bool) throws -> Cell {
    guard let length = UInt32(exactly: end - start) else {
      throw DatasetError(source: source, line: recordLine, "a cell on line \(recordLine) is longer than 4 GB")
    }
    return Cell(start: start, length: length, isQuoted: isQuoted)
  }
}
