// Gives damaged files to the readers of ONNX and VNN-LIB, each in a process of its own, and counts what comes of it.
// Exit codes: 0 all were read or refused, 1 one ended the process, took too long, or made two readings differ, 2 bad
// usage.
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

let usage = """
  usage: fuzz-readers [--count N] [--seed N] [--seeds FOLDER] [--limit SECONDS] [--keep FOLDER] [--only onnx|vnnlib]

    --count N        inputs in all, half of them for each reader (default 1000000)
    --seed N         the same seed and seeds give the same inputs (default 1)
    --seeds FOLDER   .onnx and .vnnlib files below it, up to 32 KiB each, are damaged beside those made here
    --limit SECONDS  processor seconds that one input may take (default 30)
    --keep FOLDER    where inputs that fail are kept (default build/fuzz-readers)
    --only READER    one of the readers
  """

do {
  let arguments = Array(CommandLine.arguments.dropFirst())
  if arguments.contains("--help") {
    print(usage)
    exit(0)
  }
  if arguments.first == Worker.verb {
    try Worker(arguments: Array(arguments.dropFirst())).run()
    exit(0)
  }
  let campaign = try Campaign(Options(arguments))
  exit(try campaign.run() ? 0 : 1)
} catch let error as UsageError {
  FileHandle.standardError.write(Data("fuzz-readers: \(error.message)\n\(usage)\n".utf8))
  exit(2)
} catch {
  FileHandle.standardError.write(Data("fuzz-readers: \(error.localizedDescription)\n".utf8))
  exit(2)
}
