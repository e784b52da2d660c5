import Foundation

/// Writes arrays of doubles as `.npy` and `.npz`, which `numpy.load` reads.
public enum NumpyFile {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// One array in `.npy` format, version 1.0, type `<f8`.
  ///
  /// `values` are in C order: the last index runs fastest. An empty shape is a scalar. O(values). Throws `DatasetError`
  /// when the shape does not hold as many values as given.
  public static func npy(_ values: [Double], shape: [Int]) throws -> Data {
    Data(try bytes(values, shape: shape, name: "array"))
  }

  /// Several arrays in `.npz` format, stored without compression; the same arrays give the same bytes.
  ///
  /// O(values). Throws `DatasetError` when a shape does not hold as many values as given, when two arrays have the same
  /// name, and when there are more than 65534 arrays or more than 4 GB.
  public static func npz(_ arrays: [(name: String, values: [Double], shape: [Int])]) throws -> Data {
    var writer = ZipWriter()
    var names: Set<String> = []
    for array in arrays {
      guard names.insert(array.name).inserted else {
        throw DatasetError(source: "npz", "two arrays are called \(excerpt(array.name)); give each its own name")
      }
      let contents = try bytes(array.values, shape: array.shape, name: excerpt(array.name))
      try writer.add(contents, name: array.name + ".npy")
    }
    return Data(writer.finished())
  }

  private static func bytes(_ values: [Double], shape: [Int], name: String) throws -> [UInt8] {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, extent >= 0 else {
        throw DatasetError(source: name, "\(shape) is not a shape")
      }
      count = product
    }
    guard count == values.count else {
      throw DatasetError(source: name, "shape \(shape) holds \(count) values, \(values.count) are given")
    }
    // A tuple of one needs its comma to be a tuple.
    let tuple = "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(tuple), }"
    let prefixLength = 10
    let total = (prefixLength + header.utf8.count + 1 + 63) / 64 * 64
    guard total - prefixLength <= 0xFFFF else {
      throw DatasetError(source: name, "has \(shape.count) dimensions, more than a .npy header can name")
    }
    var bytes = magic + [1, 0]
    bytes.reserveCapacity(total + 8 * values.count)
    bytes.append(littleEndian: total - prefixLength, width: 2)
    bytes += header.utf8
    bytes += [UInt8](repeating: Byte.space, count: total - bytes.count - 1)
    bytes.append(Byte.lineFeed)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
    return bytes
  }
}
