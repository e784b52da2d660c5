/// The members of a zip file, stored or deflated, with or without zip64.
///
/// Source: PKWARE, .ZIP File Format Specification (APPNOTE), sections 4.3 and 4.5.3.
struct ZipArchive: Sendable {
  static let fileMagic: [UInt8] = [0x50, 0x4B, 3, 4]
  /// How an archive without members begins: with its end.
  static let emptyMagic: [UInt8] = [0x50, 0x4B, 5, 6]

  struct Member: Sendable {
    let name: String
    fileprivate let isEncrypted: Bool
    fileprivate let method: Int
    fileprivate let checksum: Int
    fileprivate var compressedSize: Int
    fileprivate var size: Int
    fileprivate var headerOffset: Int
  }

  let members: [Member]
  private let reader: ByteReader
  private let source: String

  /// Reads the directory. Throws `DatasetError` when there is none or it is damaged.
  init(_ bytes: [UInt8], source: String) throws {
    self.source = source
    reader = ByteReader(bytes: bytes)
    guard let end = Self.endOfDirectory(reader) else {
      throw DatasetError(
        source: source, "is not a whole zip file: its directory, at the end, is missing; it may be truncated")
    }
    var members: [Member] = []
    var position = end.start
    var remaining = bytes.count
    while members.count < end.count {
      // Members that overlap would let a small file unfold without bound.
      guard let (member, next) = Self.member(reader, at: position), member.compressedSize <= remaining else {
        throw DatasetError(
          source: source, "is a damaged zip file: entry \(members.count + 1) of its directory is unreadable")
      }
      members.append(member)
      remaining -= member.compressedSize
      position = next
    }
    self.members = members
  }

  /// The member's bytes, decompressed and checked. O(size). Throws `DatasetError` when they are damaged, encrypted or
  /// compressed by another method than deflate.
  func contents(of member: Member) throws -> [UInt8] {
    let name = excerpt(member.name)
    guard !member.isEncrypted else {
      throw DatasetError(source: source, "its member \(name) is encrypted; only plain archives are read")
    }
    let offset = member.headerOffset
    guard reader.slice(at: offset, count: 4)?.elementsEqual(Self.fileMagic) == true,
      let nameLength = reader.integer(at: offset + 26, width: 2),
      let extraLength = reader.integer(at: offset + 28, width: 2),
      let data = reader.slice(at: offset + 30 + nameLength + extraLength, count: member.compressedSize)
    else { throw DatasetError(source: source, "its member \(name) is truncated or damaged") }
    let contents: [UInt8]?
    switch member.method {
    case 0: contents = data.count == member.size ? Array(data) : nil
    case 8: contents = Zlib.inflate(data, size: member.size)
    default:
      throw DatasetError(
        source: source,
        "its member \(name) is compressed by zip method \(member.method); only stored (0) and deflated (8) are read")
    }
    guard let contents, Int(Zlib.crc32(contents[...])) == member.checksum else {
      throw DatasetError(source: source, "its member \(name) is damaged: size or checksum do not match")
    }
    return contents
  }

  /// Where the directory starts and how many entries it has.
  private static func endOfDirectory(_ reader: ByteReader) -> (start: Int, count: Int)? {
    let length = 22
    let last = reader.bytes.count - length
    guard last >= 0 else { return nil }
    // A comment of up to 65535 bytes may follow.
    guard let end = (max(0, last - 0xFFFF)...last).last(where: { reader.integer(at: $0, width: 4) == 0x0605_4B50 }),
      let count = reader.integer(at: end + 10, width: 2), let start = reader.integer(at: end + 16, width: 4)
    else { return nil }
    guard count == 0xFFFF || start == 0xFFFF_FFFF, reader.integer(at: end - 20, width: 4) == 0x0706_4B50 else {
      return (start, count)
    }
    guard let large = reader.integer(at: end - 12, width: 8), reader.integer(at: large, width: 4) == 0x0606_4B50,
      let largeCount = reader.integer(at: large + 32, width: 8),
      let largeStart = reader.integer(at: large + 48, width: 8)
    else { return nil }
    return (largeStart, largeCount)
  }

  /// The directory entry at `position`, and where the next begins.
  private static func member(_ reader: ByteReader, at position: Int) -> (Member, next: Int)? {
    guard reader.integer(at: position, width: 4) == 0x0201_4B50,
      let flags = reader.integer(at: position + 8, width: 2),
      let method = reader.integer(at: position + 10, width: 2),
      let checksum = reader.integer(at: position + 16, width: 4),
      let compressedSize = reader.integer(at: position + 20, width: 4),
      let size = reader.integer(at: position + 24, width: 4),
      let nameLength = reader.integer(at: position + 28, width: 2),
      let extraLength = reader.integer(at: position + 30, width: 2),
      let commentLength = reader.integer(at: position + 32, width: 2),
      let headerOffset = reader.integer(at: position + 42, width: 4),
      let name = reader.slice(at: position + 46, count: nameLength),
      reader.slice(at: position + 46 + nameLength, count: extraLength + commentLength) != nil
    else { return nil }
    var member = Member(
      name: String(decoding: name, as: UTF8.self), isEncrypted: flags & 1 != 0, method: method, checksum: checksum,
      compressedSize: compressedSize, size: size, headerOffset: headerOffset)
    let extra = position + 46 + nameLength
    guard member.readLargeSizes(reader, in: extra..<extra + extraLength) else { return nil }
    return (member, extra + extraLength + commentLength)
  }
}

extension ZipArchive.Member {
  /// Replaces each size that did not fit into 32 bits by that of the zip64 field; false when it lacks it.
  fileprivate mutating func readLargeSizes(_ reader: ByteReader, in extra: Range<Int>) -> Bool {
    let mark = 0xFFFF_FFFF
    guard size == mark || compressedSize == mark || headerOffset == mark else { return true }
    var position = extra.lowerBound
    while position + 4 <= extra.upperBound {
      guard let kind = reader.integer(at: position, width: 2), let length = reader.integer(at: position + 2, width: 2)
      else { return false }
      position += 4
      guard kind == 1 else {
        position += length
        continue
      }
      for field in [\Self.size, \Self.compressedSize, \Self.headerOffset] where self[keyPath: field] == mark {
        guard position + 8 <= extra.upperBound, let value = reader.integer(at: position, width: 8) else { return false }
        self[keyPath: field] = value
        position += 8
      }
      return true
    }
    return false
  }
}
