import Foundation

/// Questions to ask about networks.
enum Queries {
  /// One input in [−1, 1] and an assertion about the output, in version 1.0.
  static func one(_ assertion: String, lower: String = "-1", upper: String = "1") -> String {
    """
    (declare-const X_0 Real)
    (declare-const Y_0 Real)
    (assert (>= X_0 \(lower)))
    (assert (<= X_0 \(upper)))
    (assert \(assertion))
    """
  }

  /// The same in version 2.0, for a network `N` whose input and output are declared with a batch of one.
  static func two(_ assertion: String, type: String = "real") -> String {
    """
    (vnnlib-version <2.0>)
    (declare-network N (declare-input X \(type) [1,1]) (declare-output Y \(type) [1,1]))
    (assert (and (>= X[0,0] -1.0) (<= X[0,0] 1.0)))
    (assert \(assertion))
    """
  }
}

/// gzip without compression: one stored block for each 65,535 bytes.
enum Gzip {
  static func stored(_ data: Data) -> Data {
    func little(_ value: Int, _ width: Int) -> Data {
      Data((0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }
    var file = Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
    var start = 0
    repeat {
      let piece = data.dropFirst(start).prefix(65_535)
      start += piece.count
      file += Data([start == data.count ? 1 : 0]) + little(piece.count, 2) + little(~piece.count, 2) + piece
    } while start < data.count
    return file + little(Int(checksum(data)), 4) + little(data.count, 4)
  }

  /// CRC-32, bit by bit.
  private static func checksum(_ data: Data) -> UInt32 {
    var register: UInt32 = .max
    for byte in data {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1 }
    }
    return ~register
  }
}
