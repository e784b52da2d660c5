/// A NumPy array cut into columns.
enum NumpyArray {
  /// The columns of a 1-D array [rows] or a 2-D array [rows × m], in order.
  ///
  /// `name` is how errors call the array; `columnName` gives the name of column `j` of `m`. O(elements). Throws
  /// `DatasetError` for another rank, no elements, a type that is not a real number, and missing bytes.
  static func columns(
    _ bytes: [UInt8], name: String, source: String, columnName: (_ j: Int, _ m: Int) -> String
  ) throws -> [Column] {
    let header = try NumpyHeader(bytes, name: name, source: source)
    let shapeText = "(\(header.shape.map(String.init).joined(separator: ", ")))"
    func fault(_ reason: String) -> DatasetError { DatasetError(source: source, "\(name) \(reason)") }
    guard (1...2).contains(header.shape.count) else {
      throw fault(
        "is \(header.shape.count)-D, of shape \(shapeText); accepted are 1-D, one column, and 2-D, rows by columns")
    }
    let (rows, width) = (header.shape[0], header.shape.count == 2 ? header.shape[1] : 1)
    guard rows > 0, width > 0 else { throw fault("is empty, of shape \(shapeText)") }
    let available = bytes.count - header.dataOffset
    let (count, overflow) = rows.multipliedReportingOverflow(by: width)
    guard !overflow, count <= available / header.type.width else {
      throw fault(
        "is truncated: shape \(shapeText) of \(header.type.width)-byte elements needs more than its \(available) bytes")
    }
    return bytes.withUnsafeBytes { buffer in
      (0..<width).map { column in
        var values: [Double] = []
        values.reserveCapacity(rows)
        var digits: [Int: String] = [:]
        for row in 0..<rows {
          let element = header.isFortranOrder ? column * rows + row : row * width + column
          let (value, text) = header.type.value(in: buffer, at: header.dataOffset + element * header.type.width)
          values.append(value)
          if let text { digits[row] = text }
        }
        // Only integers have digits, so the other values of such a column are integers below 2⁶⁴ in magnitude too.
        let literals = digits.isEmpty ? nil : values.indices.map { digits[$0] ?? decimal(values[$0]) }
        return Column(name: columnName(column, width), values: values, literals: literals)
      }
    }
  }

  private static func decimal(_ integer: Double) -> String {
    integer < 0 ? String(Int64(integer)) : String(UInt64(integer))
  }
}
