import Foundation
import Probability

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process that reads: it notes which input comes next before it reads it, so that its end tells which one it was.
struct Worker {
  static let verb = "--worker"
  /// Of addresses, so that an input that asks for more memory than it should ends the process.
  private static let memoryLimit: UInt = 6 << 30

  let reader: Reader
  let seed: UInt64
  let range: Range<Int>
  let limit: Int
  let recordPath: String
  let seeds: [[UInt8]]

  /// The arguments that give the worker of the same value.
  static func arguments(
    reader: Reader, seed: UInt64, range: Range<Int>, limit: Int, recordPath: String, seedFolder: String?
  ) -> [String] {
    [
      verb, reader.rawValue, String(seed), String(range.lowerBound), String(range.upperBound), String(limit),
      recordPath,
      seedFolder ?? "",
    ]
  }

  init(arguments: [String]) throws {
    guard arguments.count == 7, let reader = Reader(rawValue: arguments[0]), let seed = UInt64(arguments[1]),
      let first = Int(arguments[2]), let end = Int(arguments[3]), first <= end, let limit = Int(arguments[4])
    else { throw UsageError(message: "\(Self.verb) is for the program's own use") }
    self.reader = reader
    self.seed = seed
    range = first..<end
    self.limit = limit
    recordPath = arguments[5]
    seeds = try Seeds.files(for: reader, folder: arguments[6].isEmpty ? nil : arguments[6])
  }

  func run() throws {
    var addresses = rlimit()
    addresses.rlim_cur = rlim_t(Self.memoryLimit)
    addresses.rlim_max = rlim_t(Self.memoryLimit)
    #if canImport(Glibc)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &addresses)
    #else
      setrlimit(RLIMIT_AS, &addresses)
    #endif
    let file = open(recordPath, O_WRONLY | O_CREAT, 0o644)
    guard file >= 0 else { throw UsageError(message: "cannot write '\(recordPath)'") }
    var record = Record(next: range.lowerBound)
    for index in range {
      record.next = index
      record.peak = Self.peakMemory()
      record.write(to: file)
      let input = reader.input(from: seeds, seed: seed, index: index)
      let start = Self.processorTime()
      setTimer(seconds: limit)
      do {
        if try reader.accepts(input) { record.accepted += 1 } else { record.refused += 1 }
      } catch {
        FileHandle.standardError.write(Data("input \(index): \(error)\n".utf8))
        exit(3)
      }
      setTimer(seconds: 0)
      let spent = Self.processorTime() - start
      record.processorTime += spent
      if spent > record.slowestTime { (record.slowestTime, record.slowest) = (spent, index) }
    }
    record.next = range.upperBound
    record.peak = Self.peakMemory()
    record.write(to: file)
    close(file)
  }

  /// The signal of the timer, which counts the time of the processor, ends the process.
  private func setTimer(seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    #if canImport(Glibc)
      setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    #else
      setitimer(ITIMER_PROF, &timer, nil)
    #endif
  }

  /// Microseconds that this thread has run.
  private static func processorTime() -> Int {
    var now = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
    return now.tv_sec * 1_000_000 + now.tv_nsec / 1000
  }

  /// Of resident memory, in MiB.
  private static func peakMemory() -> Int {
    var use = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &use)
      return Int(use.ru_maxrss) >> 10
    #else
      getrusage(RUSAGE_SELF, &use)
      return Int(use.ru_maxrss) >> 20
    #endif
  }
}
