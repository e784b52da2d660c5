/// Activation patterns by number, and numbers by pattern, without an allocation for each.
struct PatternTable: Sendable {
  private let width: Int
  private var words: [UInt64] = []
  private(set) var count = 0
  /// Open addressing with linear probing; −1 for a free slot.
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  /// - Parameter bits: the number of bits of a pattern.
  init(bits: Int) { width = (bits + 63) / 64 }

  /// Appends a pattern that is not there yet. O(words) on average.
  mutating func append(_ pattern: ActivationPattern) {
    words += pattern.words
    count += 1
    if 2 * count > slots.count {
      slots = Array(repeating: -1, count: 4 * slots.count)
      for index in 0..<count { place(index) }
    } else {
      place(count - 1)
    }
  }

  subscript(index: Int) -> ActivationPattern {
    var pattern = ActivationPattern(bits: 64 * width)
    for word in 0..<width { pattern.words[word] = words[index * width + word] }
    return pattern
  }

  /// The number of a pattern; nil when it is not there. O(words) on average.
  func index(of pattern: ActivationPattern) -> Int? {
    var slot = hash(pattern.words[...]) & (slots.count - 1)
    while slots[slot] >= 0 {
      let start = Int(slots[slot]) * width
      if (0..<width).allSatisfy({ words[start + $0] == pattern.words[$0] }) { return Int(slots[slot]) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private mutating func place(_ index: Int) {
    var slot = hash(words[index * width..<(index + 1) * width]) & (slots.count - 1)
    while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(index)
  }

  private func hash(_ pattern: ArraySlice<UInt64>) -> Int {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    for word in pattern {
      state = (state ^ word) &* 0xbf58_476d_1ce4_e5b9
      state ^= state >> 29
    }
    return Int(truncatingIfNeeded: state &* 0x94d0_49bb_1331_11eb >> 16)
  }
}
