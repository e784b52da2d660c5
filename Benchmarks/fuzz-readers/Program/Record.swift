import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far a worker has come.
struct Record {
  /// The input that is read now; all before it are done.
  var next: Int
  var accepted = 0
  var refused = 0
  /// Microseconds of reading.
  var processorTime = 0
  var slowestTime = 0
  var slowest = 0
  /// MiB of resident memory.
  var peak = 0

  init(next: Int) { self.next = next }

  /// Nil before a worker has written any.
  init?(path: String) {
    guard let data = FileManager.default.contents(atPath: path), data.count == 7 * 8 else { return nil }
    let words = data.withUnsafeBytes { bytes in
      (0..<7).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int.self) }
    }
    (next, accepted, refused, processorTime) = (words[0], words[1], words[2], words[3])
    (slowestTime, slowest, peak) = (words[4], words[5], words[6])
  }

  func write(to file: Int32) {
    let words = [next, accepted, refused, processorTime, slowestTime, slowest, peak]
    words.withUnsafeBytes { _ = pwrite(file, $0.baseAddress, $0.count, 0) }
  }

  /// Together with the record of another worker.
  mutating func add(_ other: Record) {
    next = other.next
    accepted += other.accepted
    refused += other.refused
    processorTime += other.processorTime
    if other.slowestTime > slowestTime { (slowestTime, slowest) = (other.slowestTime, other.slowest) }
    peak = max(peak, other.peak)
  }
}
