import Probability

/// Damage to bytes of which nothing is known: flipped bits, lost and repeated stretches, lengths that promise too much.
public enum ByteMutation {
  /// Encodings of numbers that readers get wrong: long, overlong and negative varints, floats that are no numbers.
  private static let pieces: [[UInt8]] = [
    [0x00], [0x7F], [0x80], [0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x07],
    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
    [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
    [0, 0, 0xC0, 0x7F], [0, 0, 0x80, 0xFF], [0, 0, 0, 0, 0, 0, 0xF0, 0x7F],
    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xEF, 0x7F],
    [0x0B], [0x0C], [0x07], [0x06],
  ]

  /// Some bytes with one to five pieces of damage; now and then a stretch comes from `donor`.
  ///
  /// O(bytes).
  public static func mutated(_ bytes: [UInt8], donor: [UInt8], using random: inout RandomSource) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<random.damageCount() { damage(&bytes, donor: donor, using: &random) }
    return bytes
  }

  private static func damage(_ bytes: inout [UInt8], donor: [UInt8], using random: inout RandomSource) {
    let start = random.index(below: bytes.count + 1)
    let length = random.index(below: 4) == 0 ? random.index(below: bytes.count + 1) : random.index(below: 16)
    let range = start..<min(bytes.count, start + length)
    switch random.index(below: 8) {
    case 0, 1: if start < bytes.count { bytes[start] ^= 1 << UInt8(random.index(below: 8)) }
    case 2: if start < bytes.count { bytes[start] = UInt8(random.index(below: 256)) }
    case 3: bytes.removeSubrange(range)
    case 4: bytes.removeSubrange(start...)
    case 5: bytes.insert(contentsOf: Array(bytes[range]), at: start)
    case 6: bytes.replaceSubrange(start..<min(bytes.count, start + 4), with: random.pick(pieces))
    default:
      let from = random.index(below: donor.count + 1)
      bytes.replaceSubrange(range, with: donor[from..<min(donor.count, from + length)])
    }
  }
}

extension RandomSource {
  /// 1 most often, at most 5: a file that is damaged in many places is refused at the first.
  mutating func damageCount() -> Int { index(below: 3) > 0 ? 1 : 1 + index(below: 5) }

  /// - Precondition: there is an item.
  mutating func pick<Item>(_ items: [Item]) -> Item { items[index(below: items.count)] }
}
