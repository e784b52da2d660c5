import Activations
import Execution
import Foundation
import SolutionSpace

/// Times of the theory and the solvers, one line each: name, seconds, result. `--long` adds focusing belief propagation
/// with 10 000 inputs.

func measure(_ name: String, repetitions: Int, _ body: () throws -> Double) rethrows {
  var result = try body()
  let start = Cancellation.now
  for _ in 0..<repetitions { result = try body() }
  print("\(name)\t\((Cancellation.now - start) / Double(repetitions))\t\(result)")
  fflush(nil)
}

let relu = try Activation(named: "relu")
let kernel = try OrderParameterKernel(relu)
let spherical = try TreeCommittee(kernel: kernel, weights: .spherical)
let binary = try TreeCommittee(kernel: kernel, weights: .binary)
let threads = defaultThreadCount

try measure("1RSB capacity", repetitions: 50) { try spherical.brokenCapacities(steps: 1)[1].load.value }
try measure("zero entropy, binary", repetitions: 50) { try binary.zeroEntropyState().load }
try measure("3RSB capacity", repetitions: 1) { try spherical.brokenCapacities(steps: 3)[3].load.value }
let distances = (1...20).reversed().map { 0.02 * Double($0) }
try measure("Franz-Parisi curve, 20 points", repetitions: 2) {
  try FranzParisiEntropy(binary, load: 0.4).curve(distances: distances).last?.entropy ?? .nan
}
try measure("local entropy, 20 points", repetitions: 2) {
  let regions = try DenseRegions(binary, load: 0.4)
  return try distances.compactMap { try regions.point(overlap: 1 - 2 * $0)?.entropy }.last ?? .nan
}
let unit = try CommitteeUnit(relu)
let storage = try PatternStorage.random(inputs: 6000, hidden: 40, load: 0.4, seed: 1)
var passing = try MessagePassing(storage, unit: unit, threads: threads)
measure("AMP sweep, N = 6000", repetitions: 10) {
  passing.sweep(.amp)
  return passing.betheEntropy
}
if CommandLine.arguments.contains("--long") {
  let large = try PatternStorage.random(inputs: 10_000, hidden: 100, load: 0.7, seed: 1)
  let start = Cancellation.now
  var state: MessagePassing?
  let run = try StorageAlgorithm.focusing.run(
    on: large, unit: unit, settings: .init(sweeps: 600, threads: threads), state: &state)
  print("focusing BP, N = 10000, α = 0.7\t\(Cancellation.now - start)\t\(run.errors)")
}
