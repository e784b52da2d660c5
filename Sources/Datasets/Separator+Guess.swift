extension Separator {
  /// In the order in which they are believed when several cut the rows equally well. The comma comes after the others
  /// because it may be a decimal comma; blanks come last because they may merely surround.
  private static let candidates: [Separator] = [
    .byte(Byte.tab), .byte(UInt8(ascii: ";")), .byte(UInt8(ascii: "|")), .byte(Byte.comma), .blanks,
  ]

  private static let sampleSize = 20

  /// The separator that cuts the most of the first rows into the same number of cells, two or more.
  ///
  /// When none does for at least half of them, it is one that occurs in the first row, so that the rows which lack it
  /// are reported; when there is none either, the table has one column, for which the answer is a comma.
  static func guess(_ bytes: UnsafeBufferPointer<UInt8>, source: String, position: Int, line: Int) -> Separator {
    var best: (separator: Separator, agreement: Int)?
    var fallback: Separator?
    for candidate in candidates {
      var scanner = RecordScanner(bytes, separator: candidate, source: source, position: position, line: line)
      var counts: [Int] = []
      var cells: [Cell] = []
      // A fault in quoting disqualifies a candidate here; the scan with the separator chosen reports it.
      while counts.count < sampleSize, let count = try? scanner.next(into: &cells) {
        counts.append(count)
        cells.removeAll(keepingCapacity: true)
      }
      let agreement = Dictionary(grouping: counts.filter { $0 > 1 }, by: { $0 }).values.map(\.count).max() ?? 0
      if agreement > 0, 2 * agreement >= counts.count, agreement > best?.agreement ?? 0 {
        best = (candidate, agreement)
      }
      if candidate != .blanks, fallback == nil, let first = counts.first, first > 1 { fallback = candidate }
    }
    return best?.separator ?? fallback ?? .byte(Byte.comma)
  }
}
