// One kernel matrix, timed: `bench-spectrum JOB rows.npy kernel.npy`, a line of JSON on standard output.
import Activations
import Datasets
import Foundation
import KernelSpectra
import LinearAlgebra
import Probability

// RUSAGE_SELF, whose type is not the same on all systems.
let thisProcess: Int32 = 0

/// CPU seconds of the process so far, of all threads.
func cpuSeconds() -> Double {
  var usage = rusage()
  getrusage(thisProcess, &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + 1e-6 * Double(time.tv_usec) }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

func peakMegabytes() -> Double {
  var usage = rusage()
  getrusage(thisProcess, &usage)
  return Double(usage.ru_maxrss) / 1024
}

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
  FileHandle.standardError.write(Data("usage: bench-spectrum JOB rows.npy kernel.npy\n".utf8))
  exit(2)
}
let table = try Table.read(path: arguments[2])
var inputs = Matrix(rows: table.rowCount, columns: table.columnNames.count)
for (j, column) in try table.columns.enumerated() { for (i, x) in column.values.enumerated() { inputs[i, j] = x } }
let rows = try SampleRows(inputs, normalised: true)

// JOB is activation:depth for a kernel of infinite width, or empirical:activation:width.
let parts = arguments[1].split(separator: ":").map(String.init)
var best = Double.infinity
var kernel = Matrix(rows: 0, columns: 0)
for _ in 0..<3 {
  kernel = Matrix(rows: 0, columns: 0)
  let start = cpuSeconds()
  if parts[0] == "empirical" {
    let setting = KernelSetting(activation: try Activation(named: parts[1]), trained: .both)
    var source = RandomSource(seed: 1)
    let network = TwoLayerNetwork(setting, width: Int(parts[2]) ?? 1024, inputs: rows.dimension, source: &source)
    let begin = cpuSeconds()
    kernel = network.gram(rows.directions, trained: .both)
    best = min(best, cpuSeconds() - begin)
  } else {
    let setting = KernelSetting(
      activation: try Activation(named: parts[0]), trained: .both, depth: parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
    kernel = try GramComputation(setting).run(on: rows).matrix
    best = min(best, cpuSeconds() - start)
  }
}
print("{\"seconds\": \(best), \"megabytes\": \(peakMegabytes())}")
let shown = min(kernel.rows, 200)
let corner = (0..<shown).flatMap { kernel.row($0).prefix(shown) }
try AtomicFile.write(try NumpyFile.npy(corner, shape: [shown, shown]), to: arguments[3])
