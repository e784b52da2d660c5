import COpenBLAS

extension StageProgram {
  /// The values of the network at a point, in doubles, into `values`: the inputs stand there already.
  ///
  /// - Parameter forms: receives the form of each unit.
  /// - Complexity: O(parameters).
  func evaluate(_ values: inout [Double], forms: inout [Double]) {
    for stage in stages {
      let firstUnit = stage.first - inputCount
      for k in 0..<stage.count { forms[firstUnit + k] = stage.constants[k] }
      forms.withUnsafeMutableBufferPointer { forms in
        values.withUnsafeBufferPointer { values in
          let target = forms.baseAddress! + firstUnit
          for block in stage.blocks {
            switch block.storage {
            case .dense(let weights, _):
              cblas_dgemv(
                CblasRowMajor, CblasNoTrans, Int32(stage.count), Int32(block.count), 1, weights, Int32(block.count),
                values.baseAddress! + block.first, 1, 1, target, 1)
            case .sparse(let starts, let columns, let entries):
              for k in 0..<stage.count {
                for i in Int(starts[k])..<Int(starts[k + 1]) {
                  target[k] += entries[i] * values[block.first + Int(columns[i])]
                }
              }
            }
          }
        }
      }
      for k in 0..<stage.count {
        let form = forms[firstUnit + k]
        values[stage.first + k] = form * (form > 0 ? stage.above[k] : stage.below[k])
      }
    }
  }
}
