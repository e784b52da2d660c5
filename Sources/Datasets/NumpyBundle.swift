import Foundation

/// The arrays of a `.npz` file by name, bytes kept as bytes: what programs store for themselves and for NumPy.
///
/// ```swift
/// var bundle = NumpyBundle(source: "solution.npz")
/// bundle["weights"] = .init(shape: [3, 4], signed: signs)
/// try AtomicFile.write(bundle.npz(), to: "solution.npz")
/// let again = try NumpyBundle(path: "solution.npz")
/// ```
public struct NumpyBundle: Sendable {
  /// One array in C order.
  public struct Values: Sendable, Equatable {
    public enum Elements: Sendable, Equatable {
      /// `|u1`.
      case bytes([UInt8])
      /// `|i1`.
      case signedBytes([Int8])
      /// `<f8`; every other real type is read as this.
      case numbers([Double])
    }

    public let shape: [Int]
    public let elements: Elements

    public init(shape: [Int], bytes: [UInt8]) {
      self.shape = shape
      elements = .bytes(bytes)
    }

    public init(shape: [Int], signed: [Int8]) {
      self.shape = shape
      elements = .signedBytes(signed)
    }

    public init(shape: [Int], numbers: [Double]) {
      self.shape = shape
      elements = .numbers(numbers)
    }

    public var count: Int {
      switch elements {
      case .bytes(let values): values.count
      case .signedBytes(let values): values.count
      case .numbers(let values): values.count
      }
    }

    /// The elements as numbers. O(count).
    public var numbers: [Double] {
      switch elements {
      case .bytes(let values): values.map(Double.init)
      case .signedBytes(let values): values.map(Double.init)
      case .numbers(let values): values
      }
    }
  }

  /// How errors call the file.
  public let source: String
  /// In the order in which they were added or stand in the file.
  public private(set) var names: [String] = []
  private var values: [String: Values] = [:]

  public init(source: String) { self.source = source }

  public subscript(name: String) -> Values? {
    get { values[name] }
    set {
      if values[name] == nil, newValue != nil { names.append(name) }
      if newValue == nil { names.removeAll { $0 == name } }
      values[name] = newValue
    }
  }

  /// Reads a file. Throws `FileError` and `DatasetError`.
  public init(path: String) throws { try self.init(npz: SystemFile.read(path), source: path) }

  init(npz bytes: [UInt8], source: String) throws {
    self.init(source: source)
    let archive = try ZipArchive(bytes, source: source)
    for member in archive.members where member.name.hasSuffix(".npy") {
      let name = String(member.name.dropLast(4))
      self[name] = try Self.values(archive.contents(of: member), name: "the array \(excerpt(name))", source: source)
    }
  }

  private static func values(_ bytes: [UInt8], name: String, source: String) throws -> Values {
    let header = try NumpyHeader(bytes, name: name, source: source)
    func fault(_ reason: String) -> DatasetError { DatasetError(source: source, "\(name) \(reason)") }
    var count = 1
    for extent in header.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { throw fault("has the impossible shape \(header.shape)") }
      count = product
    }
    guard count <= (bytes.count - header.dataOffset) / header.type.width else {
      throw fault("is truncated: its shape \(header.shape) needs more bytes than it has")
    }
    guard !header.isFortranOrder || header.shape.count < 2 else {
      throw fault("is in Fortran order; save it in C order (numpy.ascontiguousarray)")
    }
    let contents = bytes[header.dataOffset..<header.dataOffset + count * header.type.width]
    switch (header.type.kind, header.type.width) {
    case (.unsigned, 1), (.boolean, _): return Values(shape: header.shape, bytes: Array(contents))
    case (.signed, 1): return Values(shape: header.shape, signed: contents.map { Int8(bitPattern: $0) })
    default:
      let numbers = bytes.withUnsafeBytes { buffer in
        (0..<count).map { header.type.value(in: buffer, at: header.dataOffset + $0 * header.type.width).value }
      }
      return Values(shape: header.shape, numbers: numbers)
    }
  }

  /// The file's contents; the same arrays give the same bytes. Throws `DatasetError` when a shape does not hold as many
  /// elements as given, or the whole is too large for a zip file without extensions.
  public func npz() throws -> Data {
    var writer = ZipWriter()
    for name in names {
      guard let array = values[name] else { continue }
      try writer.add(Self.contents(array, name: name), name: name + ".npy")
    }
    return Data(writer.finished())
  }

  private static func contents(_ array: Values, name: String) throws -> [UInt8] {
    guard array.shape.allSatisfy({ $0 >= 0 }), array.shape.reduce(1, { $0 &* $1 }) == array.count else {
      throw DatasetError(source: name, "shape \(array.shape) does not hold \(array.count) elements")
    }
    let code: String
    let bytes: [UInt8]
    switch array.elements {
    case .bytes(let values): (code, bytes) = ("|u1", values)
    case .signedBytes(let values): (code, bytes) = ("|i1", values.map { UInt8(bitPattern: $0) })
    case .numbers(let values): return Array(try NumpyFile.npy(values, shape: array.shape))
    }
    // A tuple of one needs its comma to be a tuple.
    let tuple = "(\(array.shape.map(String.init).joined(separator: ", "))\(array.shape.count == 1 ? "," : ""))"
    let header = "{'descr': '\(code)', 'fortran_order': False, 'shape': \(tuple), }"
    let total = (10 + header.utf8.count + 1 + 63) / 64 * 64
    var result = NumpyFile.magic + [1, 0]
    result.reserveCapacity(total + bytes.count)
    result.append(littleEndian: total - 10, width: 2)
    result += header.utf8
    result += [UInt8](repeating: Byte.space, count: total - result.count - 1)
    result.append(Byte.lineFeed)
    return result + bytes
  }
}
