import Exact

/// The forms of a network on the present cell in exact integers, computed when somebody asks.
///
/// Weights are doubles, so a form's true coefficients on a cell are dyadic: integers over 2^bits, where `bits` depends
/// on the stage alone. What was computed is kept until the decisions of an earlier stage change.
final class ExactForms {
  private let network: CompiledNetwork
  /// Binary digits behind the point of the coefficients of a stage, and of its units' slopes.
  let bits: [Int]
  private let slopeBits: [Int]
  private var known: [[IntegerVector?]]
  private var anyKnown: [Bool]
  private let scratch: IntegerVector

  init(_ network: CompiledNetwork) {
    self.network = network
    var bits: [Int] = []
    var slopeBits: [Int] = []
    for stage in network.stages {
      var need = 0
      for index in 0..<stage.forms * network.dimension { need = max(need, Dyadic(stage.base[index]).fractionBits) }
      for reads in stage.reads {
        for read in reads {
          need = max(need, Dyadic(read.weight).fractionBits + bits[read.stage] + slopeBits[read.stage])
        }
      }
      bits.append(need)
      slopeBits.append(
        stage.units.reduce(0) { max($0, Dyadic($1.below).fractionBits, Dyadic($1.above).fractionBits) })
    }
    self.bits = bits
    self.slopeBits = slopeBits
    known = network.stages.map { Array(repeating: nil, count: $0.forms) }
    anyKnown = network.stages.map { _ in false }
    scratch = IntegerVector(count: network.dimension)
  }

  /// Forgets the forms of a stage and of those behind it, for the decisions before them have changed.
  func invalidate(from stage: Int) {
    for later in stage..<known.count where anyKnown[later] {
      for form in known[later].indices { known[later][form] = nil }
      anyKnown[later] = false
    }
  }

  /// The coefficients of a form times 2^bits of its stage, the constant first.
  ///
  /// - Parameters:
  ///   - stage: the form's stage; all earlier stages must be decided.
  ///   - phases: the decisions.
  /// - Complexity: O(weights of the stages up to here · d) integer products at worst, once for a cell.
  func form(_ stage: Int, _ form: Int, phases: Phases) -> IntegerVector {
    if let vector = known[stage][form] { return vector }
    let content = network.stages[stage]
    let dimension = network.dimension
    let result = IntegerVector(count: dimension)
    for j in 0..<dimension {
      let value = Dyadic(content.base[j * content.forms + form])
      if value.mantissa != 0 { result.set(j, to: value.mantissa, shiftedBy: value.exponent + bits[stage]) }
    }
    for read in content.reads[form] {
      let unit = network.stages[read.stage].units[read.unit]
      let phase = Int(phases[read.stage, read.unit])
      let slope = Dyadic(unit.isMaximum || phase == 1 ? unit.above : unit.below)
      guard slope.mantissa != 0 else { continue }
      let source = self.form(read.stage, unit.form + (unit.isMaximum ? phase : 0), phases: phases)
      let weight = Dyadic(read.weight)
      let shift = bits[stage] - bits[read.stage] + weight.exponent + slope.exponent
      for j in 0..<dimension where source.signum(j) != 0 {
        scratch.set(j, to: source, j, times: slope.mantissa, shiftedBy: 0)
        scratch.set(j, to: scratch, j, times: weight.mantissa, shiftedBy: shift)
        result.add(j, scratch, j)
      }
    }
    known[stage][form] = result
    anyKnown[stage] = true
    return result
  }

  /// The difference of two forms of a stage, to the same scale.
  func difference(_ stage: Int, _ form: Int, _ other: Int, phases: Phases) -> IntegerVector {
    let left = self.form(stage, form, phases: phases)
    let right = self.form(stage, other, phases: phases)
    let result = IntegerVector(count: network.dimension)
    for j in 0..<network.dimension {
      result.set(j, to: left, j)
      result.subtract(j, right, j)
    }
    return result
  }
}
