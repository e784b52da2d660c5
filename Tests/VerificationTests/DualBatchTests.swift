import Networks
import Probability
import Testing

@testable import Verification

@Suite struct DualBatchTests {
  private struct Setting {
    let network: UnitNetwork
    let program: StageProgram
    let ranges: UnitRanges
    let dual: DualProgram
    let form: DualProgram.Form

    init(seed: UInt64) throws {
      var random = RandomSource(seed: seed)
      network = try randomNetwork(inputs: 6, widths: [9, 8, 7], slopes: [(0, 1), (0, 1), (0.2, 1), (1, 0)], &random)
      program = StageProgram(network)
      var lower = Array(repeating: -1.0, count: 6)
      var upper = Array(repeating: 1.0, count: 6)
      (lower[2], upper[2]) = (0.5, 0.5)
      (lower[4], upper[4]) = (0, 2)
      var ranges = UnitRanges(boxLower: lower, boxUpper: upper, unitCount: program.unitCount)
      var fractions = Array(repeating: UInt8(0), count: program.unitCount)
      _ = BoundWorkspace(program).computeRanges(&ranges, fractions: &fractions)
      self.ranges = ranges
      dual = DualProgram(program, ranges)
      let output = network.outputs[0]
      form = dual.form(constant: output.constant, terms: output.terms.lazy.map { ($0.value, $0.weight) })
    }

    /// A batch with random parameters; the same in all lanes but for lane 1, where one unit is split.
    func batch(_ parameters: [Float], split: Int) -> DualBatch {
      let batch = DualBatch(dual)
      batch.begin()
      batch.add(form, factors: DualBatch.Lanes(repeating: 1))
      for (open, value) in parameters.enumerated() { batch.setParameter(open, value) }
      batch.split(split, lane: 1, sign: 1, scale: 0.5, multiplier: 0.25)
      return batch
    }
  }

  @Test(arguments: 0..<10)
  func boundsHold(_ seed: UInt64) throws {
    let setting = try Setting(seed: seed)
    var random = RandomSource(seed: 1000 + seed)
    let parameters = setting.dual.open.map { _ in Float(random.uniform()) }
    let split = random.index(below: parameters.count)
    let batch = setting.batch(parameters, split: split)
    batch.carryBack()
    var values = Array(repeating: 0.0, count: setting.program.valueCount)
    var forms = Array(repeating: 0.0, count: setting.program.unitCount)
    let output = setting.network.outputs[0]
    for _ in 0..<300 {
      for j in 0..<6 {
        let (low, high) = (setting.ranges.boxLower[j], setting.ranges.boxUpper[j])
        values[j] = low + (high - low) * random.uniform()
      }
      setting.program.evaluate(&values, forms: &forms)
      let value = Float(output.terms.reduce(output.constant) { $0 + $1.weight * values[$1.value] })
      #expect(value <= batch.bounds[0] + 1e-4)
      if forms[setting.dual.open[split].unit] >= 0 { #expect(value <= batch.bounds[1] + 1e-4) }
    }
  }

  /// The bound at the worst input of the linearised network is the value there: forth is the adjoint of back.
  @Test(arguments: 0..<10)
  func forthFitsBack(_ seed: UInt64) throws {
    let setting = try Setting(seed: 50 + seed)
    var random = RandomSource(seed: 2000 + seed)
    let parameters = setting.dual.open.map { _ in Float(random.uniform()) }
    let split = random.index(below: parameters.count)
    let batch = setting.batch(parameters, split: split)
    batch.carryBack()
    batch.carryForth()
    let value = batch.value(setting.form)
    let size = max(1, abs(batch.bounds[0]))
    #expect(abs(value[0] - batch.bounds[0]) < 1e-4 * size)
    #expect(abs(value[1] + 0.125 * batch.form(split, lane: 1) - batch.bounds[1]) < 1e-4 * size)
  }

  @Test(arguments: 0..<10)
  func gradientsAreDifferences(_ seed: UInt64) throws {
    let setting = try Setting(seed: 90 + seed)
    var random = RandomSource(seed: 3000 + seed)
    let parameters = setting.dual.open.map { _ in 0.2 + 0.6 * Float(random.uniform()) }
    let batch = DualBatch(setting.dual)
    func bound(_ parameters: [Float]) -> Float {
      batch.begin()
      var one = DualBatch.Lanes.zero
      one[0] = 1
      batch.add(setting.form, factors: one)
      for (open, value) in parameters.enumerated() { batch.setParameter(open, value) }
      batch.carryBack()
      return batch.bounds[0]
    }
    _ = bound(parameters)
    batch.carryForth()
    let gradients = batch.gradients(count: parameters.count)
    var agreements = 0
    for open in parameters.indices {
      var moved = parameters
      moved[open] += 1e-2
      let up = bound(moved)
      moved[open] -= 2e-2
      let down = bound(moved)
      if abs((up - down) / 2e-2 - gradients[open]) < 0.02 * (1 + abs(gradients[open])) { agreements += 1 }
    }
    // The bound is piecewise smooth: a difference may cross a kink.
    #expect(agreements * 10 >= 8 * parameters.count)
  }

  @Test func descentImproves() throws {
    let setting = try Setting(seed: 5)
    let batch = setting.batch(setting.dual.open.map { _ in 0.5 }, split: 0)
    batch.carryBack()
    let before = batch.bounds
    for _ in 0..<60 {
      batch.carryForth()
      batch.step(rate: 0.05)
      batch.carryBack()
    }
    #expect(batch.bestBounds[0] < before[0])
    #expect(batch.bestBounds[1] < before[1])
  }
}
