/// Builds a zip file of stored members, without zip64.
struct ZipWriter {
  private static let limit = 0xFFFF_FFFF
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// Throws `DatasetError` when the archive would exceed 4 GB or 65534 members, or the name 65535 bytes.
  mutating func add(_ contents: [UInt8], name: String) throws {
    let nameBytes = Array(name.utf8)
    let offset = bytes.count
    guard count < 0xFFFE, nameBytes.count <= 0xFFFF,
      offset + contents.count + 2 * nameBytes.count + directory.count + 1000 <= Self.limit
    else {
      throw DatasetError(
        source: excerpt(name), "does not fit: a zip file without extensions holds 65534 members and 4 GB")
    }
    var common: [UInt8] = []
    common.append(littleEndian: 20, width: 2)  // version 2.0 extracts it
    common.append(littleEndian: nameBytes.allSatisfy { $0 < 0x80 } ? 0 : 0x800, width: 2)  // the name is UTF-8
    common.append(littleEndian: 0, width: 2)  // stored
    common.append(littleEndian: 0, width: 2)  // midnight
    common.append(littleEndian: 0x21, width: 2)  // 1 January 1980: the time of writing is no part of the data
    common.append(littleEndian: Int(Zlib.crc32(contents[...])), width: 4)
    common.append(littleEndian: contents.count, width: 4)
    common.append(littleEndian: contents.count, width: 4)
    common.append(littleEndian: nameBytes.count, width: 2)
    common.append(littleEndian: 0, width: 2)  // no extra field

    bytes += ZipArchive.fileMagic + common + nameBytes
    bytes += contents

    directory += [0x50, 0x4B, 1, 2]
    directory.append(littleEndian: 20, width: 2)
    directory += common
    directory += [UInt8](repeating: 0, count: 10)  // no comment, disk 0, no attributes
    directory.append(littleEndian: offset, width: 4)
    directory += nameBytes
    count += 1
  }

  /// The whole archive, with its directory.
  func finished() -> [UInt8] {
    var end = ZipArchive.emptyMagic + [0, 0, 0, 0]
    end.append(littleEndian: count, width: 2)
    end.append(littleEndian: count, width: 2)
    end.append(littleEndian: directory.count, width: 4)
    end.append(littleEndian: bytes.count, width: 4)
    end += [0, 0]
    return bytes + directory + end
  }
}
