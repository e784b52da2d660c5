import Testing

@testable import Certificates

/// The examples of FIPS 180-4 and of NIST's test vectors.
@Suite struct SHA256Tests {
  private static func digest(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func publishedVectors(_ text: String, _ expected: String) {
    #expect(Self.digest(Array(text.utf8)) == expected)
  }

  @Test func aMillionTimesA() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(Self.digest(Array(repeating: UInt8(ascii: "a"), count: 1_000_000)) == expected)
  }

  /// Lengths around the block and padding limits, fed whole and byte by byte.
  @Test func piecesMakeNoDifference() {
    for length in [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      var hash = SHA256()
      for byte in bytes { hash.update([byte]) }
      #expect(hash.finish() == Self.digest(bytes), "length \(length)")
    }
  }

  @Test func lengthsNearTheBlockLimitDiffer() {
    let digests = (0..<200).map { Self.digest(Array(repeating: 0, count: $0)) }
    #expect(Set(digests).count == 200)
    #expect(digests.allSatisfy { $0.count == 64 })
  }
}
