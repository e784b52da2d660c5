import Foundation

/// A run over all inputs: workers one after another for each reader, a new one after each that was ended by its input.
struct Campaign {
  /// More than these of one reader are not looked for: they have the same reason, most often.
  private static let largestFailureCount = 50

  let options: Options
  let program: URL

  init(_ options: Options) throws {
    guard let program = Bundle.main.executableURL else {
      throw UsageError(message: "the program does not know its own path")
    }
    self.options = options
    self.program = program
  }

  /// Prints a table; false when an input failed.
  func run() throws -> Bool {
    try FileManager.default.createDirectory(atPath: options.folder, withIntermediateDirectories: true)
    print("| reader | seeds | inputs | accepted | refused | failed | CPU s | slowest, ms | memory, MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    var isSound = true
    for (position, reader) in options.readers.enumerated() {
      let share = options.count / options.readers.count
      let count = position == 0 ? options.count - share * (options.readers.count - 1) : share
      isSound = try run(reader, count: count) && isSound
    }
    return isSound
  }

  private func run(_ reader: Reader, count: Int) throws -> Bool {
    let seeds = try Seeds.files(for: reader, folder: options.seedFolder)
    var total = Record(next: 0)
    var failures: [String] = []
    while total.next < count, failures.count < Self.largestFailureCount {
      let (record, reason) = try work(reader, range: total.next..<count)
      total.add(record)
      guard let reason else { continue }
      let path = "\(options.folder)/\(reader.rawValue)-\(options.seed)-\(record.next).\(reader.rawValue)"
      let input = reader.input(from: seeds, seed: options.seed, index: record.next)
      try Data(input).write(to: URL(fileURLWithPath: path))
      failures.append("\(path): \(reason)")
      total.next += 1
    }
    let cells = [
      reader.rawValue, "\(seeds.count)", "\(total.next)", "\(total.accepted)", "\(total.refused)", "\(failures.count)",
      "\(total.processorTime / 1_000_000)", "\(total.slowestTime / 1000) (input \(total.slowest))", "\(total.peak)",
    ]
    print("| \(cells.joined(separator: " | ")) |")
    for failure in failures { print(failure) }
    return failures.isEmpty
  }

  /// One worker: how far it came, and why it ended early.
  private func work(_ reader: Reader, range: Range<Int>) throws -> (Record, reason: String?) {
    let recordPath = "\(options.folder)/\(reader.rawValue).record"
    try? FileManager.default.removeItem(atPath: recordPath)
    let process = Process()
    process.executableURL = program
    process.arguments = Worker.arguments(
      reader: reader, seed: options.seed, range: range, limit: options.limit, recordPath: recordPath,
      seedFolder: options.seedFolder)
    let errors = Pipe()
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let record = Record(path: recordPath) else {
      throw UsageError(message: "the worker could not begin: \(message.prefix(400))")
    }
    if process.terminationReason == .exit, process.terminationStatus == 0 { return (record, nil) }
    let ended = process.terminationReason == .exit ? "exit" : "signal"
    let reason =
      process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGPROF
      ? "took more than \(options.limit) s" : "\(ended) \(process.terminationStatus): \(Self.summary(of: message))"
    return (record, reason)
  }

  /// The first line of a message, which says what was wrong; a trace of calls may follow it.
  private static func summary(of message: String) -> String {
    let lines = message.split(whereSeparator: \.isNewline)
    return String(
      (lines.first { $0.contains("rror") || $0.hasPrefix("input") } ?? lines.first ?? "no message").prefix(300))
  }
}
