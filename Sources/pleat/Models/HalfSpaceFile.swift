import Datasets
import Foundation
import Polyhedra

/// Half-spaces normal · x ≤ offset from a file of a person: CSV, one a row, the offset last; or JSON.
struct HalfSpaceFile {
  let halfSpaces: [HalfSpace]

  private struct Document: Decodable {
    var halfSpaces: [HalfSpace]

    private enum CodingKeys: String, CodingKey {
      case halfSpaces = "half_spaces"
    }
  }

  init(path: String, inputs: Int, owner: String) throws {
    if path.lowercased().hasSuffix(".json") {
      guard let data = FileManager.default.contents(atPath: path) else { throw FileError(path: path, "cannot be read") }
      do {
        halfSpaces = try JSONDecoder().decode(Document.self, from: data).halfSpaces
      } catch {
        throw FileError(
          path: path,
          "is not {\"half_spaces\": [{\"normal\": [1, 2], \"offset\": 3}, …]}, which means 1·x0 + "
            + "2·x1 <= 3")
      }
      if let odd = halfSpaces.firstIndex(where: { $0.normal.count != inputs }) {
        throw FileError(
          path: path,
          "half-space \(odd + 1) has \(halfSpaces[odd].normal.count) coefficients, \(owner): give "
            + "\(inputs)")
      }
    } else {
      let table = try Table.read(path: path)
      guard table.columnNames.count == inputs + 1 else {
        throw FileError(
          path: path,
          "has \(table.columnNames.count) columns, \(owner): a half-space a·x <= b takes \(inputs + 1), a0 … then b")
      }
      let columns = try table.columns
      halfSpaces = (0..<table.rowCount).map { row in
        HalfSpace(normal: columns.dropLast().map { $0.values[row] }, offset: columns[inputs].values[row])
      }
    }
  }
}
