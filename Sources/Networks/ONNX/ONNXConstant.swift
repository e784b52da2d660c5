import Foundation

/// A constant tensor of an ONNX graph, decoded.
struct ONNXConstant {
  enum Values {
    /// Elements of a floating-point tensor, exactly.
    case real([Double])
    /// Elements of an integer or Boolean tensor.
    case integer([Int64])
  }

  /// How messages name it.
  let label: String
  var shape: [Int]
  var values: Values

  var count: Int {
    switch values {
    case .real(let elements): elements.count
    case .integer(let elements): elements.count
    }
  }

  /// The elements as numbers to compute with.
  ///
  /// - Throws: `ONNXFault` when one is NaN or infinite, or an integer that `Double` does not hold exactly.
  func numbers() throws -> [Double] {
    try checkFinite()
    switch values {
    case .real(let elements): return elements
    case .integer(let elements):
      return try elements.enumerated().map { position, element in
        guard let number = Double(exactly: element) else {
          throw ONNXFault(
            "\(label) holds the integer \(element) at element \(position), which double precision rounds;"
              + " accepted are integers up to 2^53")
        }
        return number
      }
    }
  }

  func checkFinite() throws {
    guard case .real(let elements) = values, let position = elements.firstIndex(where: { !$0.isFinite }) else { return }
    throw ONNXFault("\(label) holds \(elements[position]) at element \(position); weights must be finite")
  }

  /// The elements, NaN and infinities included, and large integers rounded.
  var approximations: [Double] {
    switch values {
    case .real(let elements): elements
    case .integer(let elements): elements.map(Double.init)
    }
  }

  /// The elements as integers to shape with.
  func integers() throws -> [Int64] {
    guard case .integer(let elements) = values else {
      throw ONNXFault("\(label) holds floating-point numbers where integers are needed")
    }
    return elements
  }
}

extension ONNXConstant {
  /// Decodes a tensor message. O(elements); the count is bounded by the size of the file.
  ///
  /// - Throws: `ONNXFault`, which names the tensor, when the data lie in another file, the dimensions are negative or
  ///   do not match the data, or the element type is not one of float, double, float16, bfloat16, int32, int64, bool.
  init(_ tensor: Onnx_TensorProto, label: String) throws {
    self.label = label
    guard tensor.dataLocation != .external, tensor.externalData.isEmpty else {
      throw ONNXFault(
        "\(label) keeps its data in another file; save the model with its weights inside (no external data)")
    }
    guard !tensor.hasSegment else {
      throw ONNXFault("\(label) is one segment of a larger tensor; save the model with whole tensors")
    }
    guard tensor.dims.count <= ONNXReader.largestRank else {
      throw ONNXFault("\(label) has \(tensor.dims.count) dimensions; accepted are up to \(ONNXReader.largestRank)")
    }
    let dimensions = tensor.dims.map(String.init).joined(separator: ", ")
    guard tensor.dims.allSatisfy({ $0 >= 0 }) else {
      throw ONNXFault("\(label) has a negative dimension in [\(dimensions)]")
    }
    let dims = tensor.dims.compactMap { Int(exactly: $0) }
    guard dims.count == tensor.dims.count, let count = elementCount(dims) else {
      throw ONNXFault("\(label) has dimensions [\(dimensions)], whose product is out of range")
    }
    shape = dims
    values = try Self.decode(tensor, count: count, label: label)
  }

  private static func decode(_ tensor: Onnx_TensorProto, count: Int, label: String) throws -> Values {
    let raw = tensor.hasRawData ? tensor.rawData : nil

    func check(_ found: Int) throws {
      guard found == count else {
        throw ONNXFault(
          "\(label) has dimensions [\(tensor.dims.map(String.init).joined(separator: ", "))], which call for \(count)"
            + " elements, but holds \(found)")
      }
    }
    func read<Word: FixedWidthInteger, Element>(
      _ bytes: Data, _ word: Word.Type, _ convert: (Word) -> Element
    ) throws -> [Element] {
      let size = MemoryLayout<Word>.size
      let (found, excess) = bytes.count.quotientAndRemainder(dividingBy: size)
      guard excess == 0 else {
        throw ONNXFault(
          "\(label) has \(bytes.count) bytes of raw data, which is no multiple of its \(size)-byte elements")
      }
      try check(found)
      return bytes.withUnsafeBytes { buffer in
        (0..<found).map { convert(Word(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * size, as: Word.self))) }
      }
    }
    func take<Stored, Element>(_ stored: [Stored], _ convert: (Stored) -> Element) throws -> [Element] {
      try check(stored.count)
      return stored.map(convert)
    }

    switch ONNXElementType(rawValue: tensor.dataType) {
    case .float:
      return .real(
        try raw.map { try read($0, UInt32.self) { Double(Float(bitPattern: $0)) } }
          ?? take(tensor.floatData) { Double($0) })
    case .double:
      return .real(
        try raw.map { try read($0, UInt64.self) { Double(bitPattern: $0) } } ?? take(tensor.doubleData) { $0 })
    case .float16:
      return .real(
        try raw.map { try read($0, UInt16.self, double(fromFloat16:)) }
          ?? take(tensor.int32Data) { double(fromFloat16: UInt16(truncatingIfNeeded: $0)) })
    case .bfloat16:
      return .real(
        try raw.map { try read($0, UInt16.self, double(fromBFloat16:)) }
          ?? take(tensor.int32Data) { double(fromBFloat16: UInt16(truncatingIfNeeded: $0)) })
    case .int32:
      return .integer(
        try raw.map { try read($0, UInt32.self) { Int64(Int32(bitPattern: $0)) } }
          ?? take(tensor.int32Data) { Int64($0) })
    case .int64:
      return .integer(
        try raw.map { try read($0, UInt64.self) { Int64(bitPattern: $0) } } ?? take(tensor.int64Data) { $0 })
    case .bool:
      return .integer(
        try raw.map { try read($0, UInt8.self) { $0 == 0 ? 0 : 1 } } ?? take(tensor.int32Data) { $0 == 0 ? 0 : 1 })
    case nil:
      throw ONNXFault(
        "\(label) has element type \(ONNXElementType.name(of: tensor.dataType));"
          + " accepted are float, double, float16, bfloat16, int32, int64, bool")
    }
  }
}
