import COpenBLAS
import Exact
import Networks

/// What an evaluation of a network with rounding can give at a point, whatever the order of its sums.
///
/// Two evaluations are bounded: that of the real numbers, of which only the doubles in which the bound is computed
/// differ, and any in single precision: each product and each sum rounded to nearest, products and sums fused or not,
/// the terms of a form added in any order with the bias anywhere, results below the normal range flushed to zero or
/// not.
///
/// A form of n terms then differs from its real value by at most γₙ₊ₖ (Σ |wⱼ vⱼ| + |c|), γₘ = m u / (1 − m u), besides
/// what its values carry on. These first bounds, E, are taken forward stage by stage. The outputs get better ones:
/// where both evaluations are on one side of a hinge their difference passes through it linearly, so the error of an
/// output is Σ |λₖ| times what unit k adds, where λₖ is the derivative of the output by the unit's form; a hinge that
/// may be on both sides adds what its kink can make of E.
///
/// Single precision is that of the network's units. Where the reader of the network has folded affine steps into one
/// form, each term is allowed a few more roundings; constants that cancelled when they were folded are not modelled.
///
/// Source: N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, second edition, 2002, sections 3.1 and 3.3.
struct RoundingEnclosure {
  enum Arithmetic {
    case real
    case single
  }

  /// Roundings of a term besides its product and the sums of its form: of its weight, and of steps that were folded
  /// into it.
  private static let foldedRoundings = 6

  private let program: StageProgram
  private let arithmetic: Arithmetic
  /// A bound of the relative error of sums of products over all values, in doubles.
  private let gamma: Double
  /// Of each value: what the doubles found, and how far the evaluation can be from it.
  private var values: [Double]
  private var errors: [Double]
  /// Of each unit: how far its form can be from what the doubles found.
  private var formErrors: [Double]
  /// Of each unit: the roundings of its form and of its hinge alone, and what a kink adds.
  private var formShares: [Double]
  private var valueShares: [Double]
  /// Of each unit: the slope of its hinge where the doubles found its form.
  private var slopes: [Double]

  /// The evaluation at a point. O(parameters).
  init(_ program: StageProgram, at point: [Rational], _ arithmetic: Arithmetic) {
    self.program = program
    self.arithmetic = arithmetic
    gamma = program.gamma
    values = Array(repeating: 0, count: program.valueCount)
    errors = values
    formErrors = Array(repeating: 0, count: program.unitCount)
    formShares = formErrors
    valueShares = formErrors
    slopes = formErrors
    for (input, coordinate) in point.enumerated() {
      let double = coordinate.nearbyDouble
      // Single precision starts from the number of it next to the coordinate.
      let near = arithmetic == .real ? double : Double(Float(double))
      guard near.isFinite else {
        errors[input] = .infinity
        continue
      }
      values[input] = near
      let difference = coordinate - Rational(exactly: near)
      if difference.signum != 0 {
        errors[input] = arithmetic == .real ? difference.magnitude.roundedUp : Double(Float(near).ulp)
      }
    }
    for index in program.stages.indices { evaluate(stage: index) }
  }

  /// γ of a sum of n products, of the evaluation and of the doubles together, and what underflow can add.
  private func rounding(terms: Int) -> (gamma: Double, underflow: Double) {
    guard arithmetic == .single else { return (gamma, Double(terms + 1) * 0x1p-1060) }
    let share = Double(terms + 2 + Self.foldedRoundings) * 0x1p-24
    guard share < 0.5 else { return (.infinity, .infinity) }
    return ((share / (1 - share) + gamma) * 1.0001, Double(terms + 2) * 0x1p-124)
  }

  private mutating func evaluate(stage index: Int) {
    let stage = program.stages[index]
    let firstUnit = stage.first - program.inputCount
    let (gamma, underflow) = rounding(terms: stage.longestForm)
    // Of the slope and of its product with the form.
    let slopeRounding = arithmetic == .real ? 0x1p-51 : 0x1p-22
    var forms = stage.constants
    // What the values carry on, and what rounding adds to it.
    var carried = Array(repeating: 0.0, count: stage.count)
    var added = Array(repeating: 0.0, count: stage.count)
    let sizes = zip(values, errors).map { abs($0) + $1 }
    for block in stage.blocks {
      let range = block.first..<block.first + block.count
      switch block.storage {
      case .dense(let weights, let magnitudes):
        multiply(weights, Array(values[range]), &forms)
        multiply(magnitudes, Array(errors[range]), &carried)
        multiply(magnitudes, Array(sizes[range]), &added)
      case .sparse(let starts, let columns, let entries):
        for k in 0..<stage.count {
          for i in Int(starts[k])..<Int(starts[k + 1]) {
            let value = block.first + Int(columns[i])
            forms[k] += entries[i] * values[value]
            carried[k] += abs(entries[i]) * errors[value]
            added[k] += abs(entries[i]) * sizes[value]
          }
        }
      }
    }
    for k in 0..<stage.count {
      let size = added[k] + abs(stage.constants[k])
      // Sums that may leave the range of single precision are not bounded.
      let isInRange = arithmetic == .real || size < 0x1p126
      let share = isInRange ? (gamma * size + underflow) * 1.0001 : .infinity
      let error = (share + carried[k] * (1 + self.gamma)) * 1.0001
      formShares[firstUnit + k] = share
      formErrors[firstUnit + k] = error
      let form = forms[k]
      let slope = form > 0 ? stage.above[k] : stage.below[k]
      let other = form > 0 ? stage.below[k] : stage.above[k]
      var local = 0.0
      if slope != 0, abs(slope) != 1 {
        local = slopeRounding * abs(slope) * (abs(form) + error) + underflow
      }
      // On the other side of the kink.
      if error >= abs(form) {
        local += abs(slope - other) * (error - abs(form)) + slopeRounding * abs(other) * error + underflow
      }
      local *= 1.0001
      values[stage.first + k] = slope * form
      slopes[firstUnit + k] = slope
      valueShares[firstUnit + k] = local
      errors[stage.first + k] = (abs(slope) * error + local) * 1.0001
    }
  }

  private func multiply(_ matrix: [Double], _ vector: [Double], _ sum: inout [Double]) {
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, Int32(sum.count), Int32(vector.count), 1, matrix, Int32(vector.count), vector, 1, 1,
      &sum, 1)
  }

  /// Intervals that contain the values of forms over the network's values, as the evaluation gives them. A form that is
  /// one value and nothing else is not rounded. O(forms · parameters).
  ///
  /// - Parameter pass: memory for passes of the same network.
  func values(of forms: [AffineForm], _ pass: BatchPass) -> [Interval] {
    for unit in 0..<program.unitCount {
      (pass.slopes + unit * pass.lanes).update(repeating: slopes[unit], count: pass.lanes)
    }
    var result: [Interval] = []
    for start in stride(from: 0, to: forms.count, by: pass.lanes) {
      let part = forms[start..<min(start + pass.lanes, forms.count)]
      pass.clearGradients()
      for (lane, form) in part.enumerated() {
        for term in form.terms { pass.gradients[term.value * pass.lanes + lane] = term.weight }
      }
      var totals = Array(repeating: 0.0, count: part.count)
      for index in program.stages.indices.reversed() {
        let units = program.units(ofStage: index)
        // What a hinge adds is owed by its value, what its form adds by its form.
        addShares(units, { valueShares[$0] }, pass, &totals)
        pass.backward(stage: index)
        addShares(units, { formShares[$0] + 4 * gamma * formErrors[$0] }, pass, &totals)
      }
      for (lane, form) in part.enumerated() {
        var total = totals[lane]
        for input in 0..<program.inputCount {
          total += abs(pass.gradients[input * pass.lanes + lane]) * errors[input]
        }
        let own = coarseError(of: form)
        let error = min((total + 4 * gamma * (total + own.total) + own.share) * 1.001, own.total)
        let middle = values.withUnsafeBufferPointer { form($0.baseAddress!) }
        result.append(
          error.isFinite && middle.isFinite
            ? Interval(lower: (middle - error).nextDown, upper: (middle + error).nextUp) : .whole)
      }
    }
    return result
  }

  /// Adds what units owe to each lane's total: the magnitude of the derivative times the unit's share.
  private func addShares(_ units: Range<Int>, _ share: (Int) -> Double, _ pass: BatchPass, _ totals: inout [Double]) {
    for unit in units {
      let share = share(unit)
      guard share != 0 else { continue }
      let row = pass.gradients + (program.inputCount + unit) * pass.lanes
      for lane in totals.indices { totals[lane] += abs(row[lane]) * share }
    }
  }

  /// The rounding of a form alone, and the bound of its error from those of its values.
  private func coarseError(of form: AffineForm) -> (share: Double, total: Double) {
    if form.constant == 0, form.terms.count == 1, form.terms[0].weight == 1 {
      return (0, errors[form.terms[0].value])
    }
    let (gamma, underflow) = rounding(terms: form.terms.count)
    var carried = 0.0
    var size = abs(form.constant)
    for term in form.terms {
      carried += abs(term.weight) * errors[term.value]
      size += abs(term.weight) * (abs(values[term.value]) + errors[term.value])
    }
    let share = (gamma * size + underflow) * 1.0001
    return (share, (share + carried * (1 + self.gamma)) * 1.0001)
  }
}

extension StageProgram {
  func units(ofStage index: Int) -> Range<Int> {
    let first = stages[index].first - inputCount
    return first..<first + stages[index].count
  }
}

extension StageProgram.Stage {
  /// An upper bound of the number of terms in a form.
  var longestForm: Int {
    blocks.reduce(0) { sum, block in
      switch block.storage {
      case .dense: sum + block.count
      case .sparse(let starts, _, _): sum + zip(starts, starts.dropFirst()).reduce(0) { max($0, Int($1.1 - $1.0)) }
      }
    }
  }
}
