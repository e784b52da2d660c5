import Foundation

/// Named arrays in the safetensors format: a header in JSON, then the bytes of all arrays, little-endian.
///
/// Arrays are held as they are stored, `F32` or `F64`. Reading checks every extent against the length of the file.
public struct Safetensors: Sendable {
  public enum ElementType: String, Sendable, Hashable {
    case float32 = "F32"
    case float64 = "F64"

    var width: Int { self == .float32 ? 4 : 8 }
  }

  public struct Tensor: Sendable {
    public let name: String
    public let shape: [Int]
    public let type: ElementType
    /// Little-endian numbers, the last extent running fastest.
    public let bytes: Data

    public init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      type = .float32
      bytes = values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    }

    public init(name: String, shape: [Int], values: [Double]) {
      self.name = name
      self.shape = shape
      type = .float64
      bytes = values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    }

    init(name: String, shape: [Int], type: ElementType, bytes: Data) {
      self.name = name
      self.shape = shape
      self.type = type
      self.bytes = bytes
    }

    public var count: Int { bytes.count / type.width }

    /// The numbers; those of an `F32` tensor are exact.
    public var doubles: [Double] {
      switch type {
      case .float32: floats.map(Double.init)
      case .float64:
        bytes.withUnsafeBytes { raw in
          (0..<count).map {
            Double(
              bitPattern: UInt64(
                littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
          }
        }
      }
    }

    /// The numbers, rounded where they were stored as `F64`.
    public var floats: [Float] {
      switch type {
      case .float64: doubles.map { Float($0) }
      case .float32:
        bytes.withUnsafeBytes { raw in
          (0..<count).map {
            Float(
              bitPattern: UInt32(
                littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
          }
        }
      }
    }
  }

  public var tensors: [Tensor]
  /// The header's `__metadata__`: texts by name.
  public var metadata: [String: String]

  public init(tensors: [Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The file's bytes; the same tensors and texts give the same bytes. O(bytes).
  public var data: Data {
    var header = "{"
    if !metadata.isEmpty {
      let members = metadata.sorted { $0.key < $1.key }.map {
        "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
      }
      header += "\"__metadata__\":{\(members.joined(separator: ","))},"
    }
    var offset = 0
    header += tensors.map { tensor in
      let end = offset + tensor.bytes.count
      defer { offset = end }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      return
        "\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(offset),\(end)]}"
    }.joined(separator: ",")
    header += "}"
    // The arrays begin at a multiple of eight bytes.
    let length = (header.utf8.count + 7) / 8 * 8
    var data = Data()
    withUnsafeBytes(of: UInt64(length).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    data.append(contentsOf: Array(repeating: Byte.space, count: length - header.utf8.count))
    for tensor in tensors { data.append(tensor.bytes) }
    return data
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Reads a file. Throws `FileError` when it cannot be read and `DatasetError` when it is damaged. O(bytes).
  public static func read(path: String) throws -> Safetensors {
    try Safetensors(Data(SystemFile.read(path)), source: path)
  }

  /// - Throws: `DatasetError` when a length, a type or an extent does not hold.
  public init(_ data: Data, source: String) throws {
    func fault(_ reason: String) -> DatasetError { DatasetError(source: source, reason) }
    let bytes = [UInt8](data)
    let reader = ByteReader(bytes: bytes)
    guard let length = reader.integer(at: 0, width: 8),
      let header = reader.slice(at: 8, count: length)
    else {
      throw fault("is no safetensors file, or is cut off within its header")
    }
    guard let text = String(bytes: header, encoding: .utf8) else {
      throw fault("is no safetensors file: its header is not UTF-8")
    }
    let document = try JSONDocument(text, source: source)
    guard case .object(let members) = document.root.content else {
      throw fault("has a header that is no JSON object")
    }
    var tensors: [Tensor] = []
    var metadata: [String: String] = [:]
    for member in members {
      guard case .object(let entries) = member.value.content else {
        throw fault(
          "has \(member.value.kind) for \(excerpt(member.name)) in its header, where an object is wanted"
        )
      }
      if member.name == "__metadata__" {
        for entry in entries {
          if case .string(let text) = entry.value.content { metadata[entry.name] = text }
        }
        continue
      }
      let name = excerpt(member.name)
      func value(_ key: String) -> JSONValue.Content? {
        entries.first { $0.name == key }?.value.content
      }
      func integers(_ content: JSONValue.Content?) -> [Int]? {
        guard case .array(let values)? = content else { return nil }
        let numbers = values.map { value -> Int? in
          guard case .number(let text) = value.content else { return nil }
          return Int(text)
        }
        return numbers.contains(nil) ? nil : numbers.compactMap { $0 }
      }
      guard case .string(let typeName)? = value("dtype"), let type = ElementType(rawValue: typeName)
      else {
        throw fault("has the tensor \(name) of a type other than F32 and F64")
      }
      guard let shape = integers(value("shape")), let offsets = integers(value("data_offsets")),
        offsets.count == 2,
        shape.allSatisfy({ $0 >= 0 }), offsets[0] >= 0, offsets[0] <= offsets[1]
      else { throw fault("has no shape and offsets for the tensor \(name)") }
      var size = type.width
      for extent in shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: extent)
        guard !overflow else {
          throw fault("has the tensor \(name) of shape \(shape), beyond any memory")
        }
        size = product
      }
      guard size == offsets[1] - offsets[0] else {
        throw fault(
          "has \(offsets[1] - offsets[0]) bytes for the tensor \(name), whose shape \(shape) needs \(size)"
        )
      }
      guard offsets[1] <= bytes.count - 8 - length,
        let slice = reader.slice(at: 8 + length + offsets[0], count: size)
      else {
        throw fault("is truncated: the tensor \(name) reaches beyond its \(bytes.count) bytes")
      }
      tensors.append(Tensor(name: member.name, shape: shape, type: type, bytes: Data(slice)))
    }
    self.tensors = tensors
    self.metadata = metadata
    guard let stored = metadata[Self.checksumName] else { return }
    guard stored == checksum else {
      throw fault("is damaged: its numbers do not have the checksum of its header")
    }
  }

  private static let checksumName = "crc32"

  /// CRC-32 of all arrays' bytes, one after the other.
  private var checksum: String {
    var bytes: [UInt8] = []
    for tensor in tensors { bytes += tensor.bytes }
    return String(Zlib.crc32(bytes[...]), radix: 16)
  }

  /// The same with a checksum in the header, which reading compares.
  public var checksummed: Safetensors {
    var copy = self
    copy.metadata[Self.checksumName] = checksum
    return copy
  }
}
