import Networks

/// Whether a query holds for the outputs that single precision arithmetic gives at a witness.
public enum SinglePrecisionAgreement: Sendable, Hashable {
  /// In whatever order the sums are taken, with fused operations or without: proved.
  case always
  /// As single precision adds up terms in their order; another order may come to a different answer.
  case inNaturalOrder
  case no
}

extension StageProgram {
  /// The values of the network in single precision: products and sums rounded one after the other, in the order of the
  /// terms, the bias last. O(parameters).
  ///
  /// - Parameter point: `inputCount` numbers.
  func singlePrecisionValues(at point: [Float]) -> [Float] {
    var values = point
    values.reserveCapacity(valueCount)
    for stage in stages {
      var forms = Array(repeating: Float(0), count: stage.count)
      for block in stage.blocks {
        for k in 0..<stage.count {
          switch block.storage {
          case .dense(let weights, _):
            for j in 0..<block.count { forms[k] += Float(weights[k * block.count + j]) * values[block.first + j] }
          case .sparse(let starts, let columns, let entries):
            for i in Int(starts[k])..<Int(starts[k + 1]) {
              forms[k] += Float(entries[i]) * values[block.first + Int(columns[i])]
            }
          }
        }
      }
      for k in 0..<stage.count {
        let form = forms[k] + Float(stage.constants[k])
        values.append(form * Float(form > 0 ? stage.above[k] : stage.below[k]))
      }
    }
    return values
  }
}

extension AffineForm {
  /// The form's value in single precision, the constant last.
  func singlePrecision(_ values: [Float]) -> Float {
    terms.reduce(Float(0)) { $0 + Float($1.weight) * values[$1.value] } + Float(constant)
  }
}
