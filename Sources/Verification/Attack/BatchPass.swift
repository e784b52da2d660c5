import COpenBLAS

/// Forward and backward passes of a network for several points at once.
///
/// Point p is lane p: row v of each array holds value v of every point, so that a stage is one matrix product and a
/// sparse row is a sum of contiguous rows. Doubles without bounds on their errors: what is found here is judged
/// elsewhere.
final class BatchPass {
  let program: StageProgram
  /// How many points are carried at once.
  let lanes: Int
  /// [value × lane]. The rows of the inputs are the caller's.
  let values: UnsafeMutablePointer<Double>
  /// [value × lane]: before ``backward()`` the derivatives of a function of the values, each by its own; after it the
  /// rows of the inputs hold the derivatives by the inputs, and the row of a unit the derivatives by its form.
  let gradients: UnsafeMutablePointer<Double>
  /// [unit × lane]: the slope of the hinge on the side where its form is, at the last forward pass.
  let slopes: UnsafeMutablePointer<Double>

  init(_ program: StageProgram, lanes: Int) {
    self.program = program
    self.lanes = lanes
    values = .allocate(capacity: program.valueCount * lanes)
    gradients = .allocate(capacity: program.valueCount * lanes)
    slopes = .allocate(capacity: max(program.unitCount, 1) * lanes)
    values.initialize(repeating: 0, count: program.valueCount * lanes)
    gradients.initialize(repeating: 0, count: program.valueCount * lanes)
    slopes.initialize(repeating: 0, count: program.unitCount * lanes)
  }

  deinit {
    values.deallocate()
    gradients.deallocate()
    slopes.deallocate()
  }

  /// Many lanes where a pass is cheap, few where one point is costly by itself.
  static func lanes(for program: StageProgram) -> Int {
    switch program.parameterCount {
    case ..<100_000: 32
    case ..<300_000: 16
    default: 8
    }
  }

  func setInputs(_ point: [Double], lane: Int) {
    for (input, value) in point.enumerated() { values[input * lanes + lane] = value }
  }

  func inputs(lane: Int) -> [Double] {
    (0..<program.inputCount).map { values[$0 * lanes + lane] }
  }

  /// The values of all units, from those of the inputs. O(parameters · lanes).
  func forward() {
    for stage in program.stages {
      let target = values + stage.first * lanes
      for k in 0..<stage.count { (target + k * lanes).update(repeating: stage.constants[k], count: lanes) }
      for block in stage.blocks {
        let source = values + block.first * lanes
        switch block.storage {
        case .dense(let weights, _):
          cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(stage.count), Int32(lanes), Int32(block.count), 1, weights,
            Int32(block.count), source, Int32(lanes), 1, target, Int32(lanes))
        case .sparse(let starts, let columns, let entries):
          for k in 0..<stage.count {
            for i in Int(starts[k])..<Int(starts[k + 1]) {
              addRow(source + Int(columns[i]) * lanes, times: entries[i], to: target + k * lanes)
            }
          }
        }
      }
      let stageSlopes = slopes + (stage.first - program.inputCount) * lanes
      for k in 0..<stage.count {
        let (below, above) = (stage.below[k], stage.above[k])
        for i in k * lanes..<(k + 1) * lanes {
          let slope = target[i] > 0 ? above : below
          stageSlopes[i] = slope
          target[i] *= slope
        }
      }
    }
  }

  /// Sets all derivatives to zero.
  func clearGradients() { gradients.update(repeating: 0, count: program.valueCount * lanes) }

  /// Carries the derivatives back to the inputs, at the points of the last forward pass. O(parameters · lanes).
  func backward() {
    for index in program.stages.indices.reversed() { backward(stage: index) }
  }

  /// Carries the derivatives by the values of a stage back to those before it.
  func backward(stage index: Int) {
    let stage = program.stages[index]
    let source = gradients + stage.first * lanes
    let stageSlopes = slopes + (stage.first - program.inputCount) * lanes
    for i in 0..<stage.count * lanes { source[i] *= stageSlopes[i] }
    for block in stage.blocks {
      let target = gradients + block.first * lanes
      switch block.storage {
      case .dense(let weights, _):
        cblas_dgemm(
          CblasRowMajor, CblasTrans, CblasNoTrans, Int32(block.count), Int32(lanes), Int32(stage.count), 1, weights,
          Int32(block.count), source, Int32(lanes), 1, target, Int32(lanes))
      case .sparse(let starts, let columns, let entries):
        for k in 0..<stage.count {
          for i in Int(starts[k])..<Int(starts[k + 1]) {
            addRow(source + k * lanes, times: entries[i], to: target + Int(columns[i]) * lanes)
          }
        }
      }
    }
  }

  @inline(__always)
  private func addRow(_ row: UnsafePointer<Double>, times factor: Double, to target: UnsafeMutablePointer<Double>) {
    for lane in 0..<lanes { target[lane] += factor * row[lane] }
  }
}

extension StageProgram {
  /// How many weights are stored.
  var parameterCount: Int {
    stages.reduce(0) { sum, stage in
      stage.blocks.reduce(sum) { sum, block in
        switch block.storage {
        case .dense(let weights, _): sum + weights.count
        case .sparse(_, _, let entries): sum + entries.count
        }
      }
    }
  }
}
