/// A set of functions by their indices.
struct FunctionSet: Hashable, Sendable {
  private var words: [UInt64]

  /// The empty set, of functions with indices below `capacity`.
  init(capacity: Int) { words = Array(repeating: 0, count: (capacity + 63) / 64) }

  init(_ members: some Sequence<Int>, capacity: Int) {
    self.init(capacity: capacity)
    for member in members { insert(member) }
  }

  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  mutating func insert(_ member: Int) { words[member >> 6] |= 1 << UInt64(member & 63) }

  mutating func remove(_ member: Int) { words[member >> 6] &= ~(1 << UInt64(member & 63)) }

  mutating func formUnion(_ other: FunctionSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  func union(_ other: FunctionSet) -> FunctionSet {
    var result = self
    result.formUnion(other)
    return result
  }

  func isSubset(of other: FunctionSet) -> Bool {
    zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
  }

  /// The members, in increasing order.
  var members: [Int] {
    var result: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        result.append(index << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return result
  }
}
