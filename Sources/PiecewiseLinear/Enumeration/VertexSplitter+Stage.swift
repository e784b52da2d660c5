import CKernels

extension VertexSplitter {
  /// Finds which units of a stage cut the cell, once all earlier stages are decided on it.
  ///
  /// - Parameter first: the first undecided unit; those before it are accounted for already.
  func enterStage(_ index: Int, _ cell: Cell<Mask>, from first: Int) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let stage = network.stages[index]
    let matrix = accumulators[index]
    let least = arena.take(Double.self, stage.forms)
    let largest = arena.take(Double.self, stage.forms)
    let norms = arena.take(Double.self, stage.forms)
    pleat_form_ranges(matrix, stage.forms, dimension, cell.points, cell.count, least, largest, norms)
    let error = cell.largestError

    var decided = DecidedUnits(arena, capacity: stage.units.count, dimension: dimension)
    let cutting = arena.take(Int32.self, stage.units.count)
    // Values that were decided exactly, for the forms in `cutting` that needed it; nil for the others.
    var exactColumns: [Int32: UnsafeMutablePointer<Double>] = [:]
    var count = 0
    for unit in first..<stage.units.count {
      let content = stage.units[unit]
      if content.isMaximum {
        if !content.bends { decide(index, unit, 0, &decided) }
        continue
      }
      let form = content.form
      guard content.bends else {
        decide(index, unit, 1, &decided)
        continue
      }
      let bound = norms[form] * 1.0001 * error + stage.valueError[form]
      if least[form] > bound {
        decide(index, unit, 1, &decided)
      } else if largest[form] < -bound {
        decide(index, unit, 0, &decided)
      } else if least[form] < -bound && largest[form] > bound {
        cutting[count] = Int32(form)
        count += 1
      } else {
        let column = arena.take(Double.self, cell.count)
        for ray in 0..<cell.count { column[ray] = value(index, form, at: cell.points + ray * dimension) }
        let sides = settle(
          column, stride: 1, cell, norm: norms[form] * 1.0001, error: stage.valueError[form], stage: index, form: form)
        if sides.positive && sides.negative {
          cutting[count] = Int32(form)
          exactColumns[Int32(form)] = column
          count += 1
        } else {
          decide(index, unit, sides.positive ? 1 : 0, &decided)
        }
      }
    }
    let list = CutList(arena, count: count, rays: cell.count)
    for position in 0..<count {
      let form = cutting[position]
      list.forms[position] = form
      list.norms[position] = norms[Int(form)] * 1.0001
      if !exactColumns.isEmpty, let column = exactColumns[form] {
        for ray in 0..<cell.count { list.values[ray * count + position] = column[ray] }
      } else {
        for ray in 0..<cell.count {
          list.values[ray * count + position] = value(index, Int(form), at: cell.points + ray * dimension)
        }
      }
    }
    let saved = accumulate(decided, from: index)
    explore(index, cell, list)
    restore(saved)
  }

  /// The value of a form at a point, from its coefficients on the present cell. Never an untrue 0.
  @inline(__always)
  func value(_ stage: Int, _ form: Int, at point: UnsafePointer<Double>) -> Double {
    let forms = network.stages[stage].forms
    let matrix = accumulators[stage]
    var sum = 0.0
    for j in 0..<dimension { sum += point[j] * matrix[j * forms + form] }
    return sum == 0 ? .leastNonzeroMagnitude : sum
  }

  /// Decides exactly those values of a form that are too near to zero, and says which signs occur.
  ///
  /// - Parameters:
  ///   - values: one for each ray of the cell, `stride` apart; those decided are written back.
  ///   - other: the form that is subtracted from `form`, for a comparison; −1 for none.
  func settle(
    _ values: UnsafeMutablePointer<Double>, stride: Int, _ cell: Cell<Mask>, norm: Double, error: Double, stage: Int,
    form: Int, other: Int = -1
  ) -> (positive: Bool, negative: Bool) {
    var positive = false
    var negative = false
    for ray in 0..<cell.count {
      let value = settled(
        values[ray * stride], bound: norm * cell.errors[ray] + error, at: cell.points + ray * dimension,
        on: cell.masks[ray], of: cell.masks, cell.count, stage: stage, form: form, other: other)
      values[ray * stride] = value
      positive = positive || value > 0
      negative = negative || value < 0
    }
    return (positive, negative)
  }

  /// Marks a unit as decided on the present cell, and notes what it adds to later stages.
  @inline(__always)
  func decide(_ index: Int, _ unit: Int, _ phase: Int32, _ decided: inout DecidedUnits) {
    phases[index, unit] = phase
    let stage = network.stages[index]
    let content = stage.units[unit]
    let slope = content.isMaximum || phase == 1 ? content.above : content.below
    guard slope != 0, !content.targets.isEmpty else { return }
    let form = content.form + (content.isMaximum ? Int(phase) : 0)
    let matrix = accumulators[index]
    let coefficients = decided.coefficients + decided.count * dimension
    for j in 0..<dimension { coefficients[j] = slope * matrix[j * stage.forms + form] }
    decided.units[decided.count] = Int32(unit)
    decided.count += 1
  }

  /// Adds what the decided units contribute to the stages that read them; returns what `restore` needs.
  func accumulate(_ decided: DecidedUnits, from index: Int) -> SavedAccumulators {
    let stage = network.stages[index]
    var saved = SavedAccumulators(arena, capacity: stage.targets.count)
    guard decided.count > 0 else { return saved }
    for target in stage.targets where wantsMaps || target < network.hiddenStages {
      let columns = arena.take(UnsafePointer<Double>?.self, decided.count)
      let coefficients = stage.targets.count == 1 ? decided.coefficients : arena.take(Double.self, decided.count * dimension)
      var count = 0
      for position in 0..<decided.count {
        for link in stage.units[Int(decided.units[position])].targets where link.stage == target {
          columns[count] = UnsafePointer(link.column)
          if coefficients != decided.coefficients {
            for j in 0..<dimension {
              coefficients[count * dimension + j] = decided.coefficients[position * dimension + j]
            }
          }
          count += 1
        }
      }
      guard count > 0 else { continue }
      let forms = network.stages[target].forms
      let sum = arena.take(Double.self, forms * dimension)
      pleat_accumulate(sum, accumulators[target], forms, dimension, columns, coefficients, count)
      saved.push(target, accumulators[target])
      accumulators[target] = sum
    }
    return saved
  }

  @inline(__always)
  func restore(_ saved: SavedAccumulators) {
    for position in 0..<saved.count { accumulators[Int(saved.stages[position])] = saved.matrices[position] }
  }
}

/// Units decided at one node, with their slopes times their forms' coefficients.
struct DecidedUnits {
  var count = 0
  var units: UnsafeMutablePointer<Int32>
  var coefficients: UnsafeMutablePointer<Double>

  init(_ arena: Arena, capacity: Int, dimension: Int) {
    units = arena.take(Int32.self, capacity)
    coefficients = arena.take(Double.self, capacity * dimension)
  }
}

/// Accumulators that a node replaced.
struct SavedAccumulators {
  var count = 0
  var stages: UnsafeMutablePointer<Int32>
  var matrices: UnsafeMutablePointer<UnsafeMutablePointer<Double>>

  init(_ arena: Arena, capacity: Int) {
    stages = arena.take(Int32.self, capacity)
    matrices = arena.take(UnsafeMutablePointer<Double>.self, capacity)
  }

  mutating func push(_ stage: Int, _ matrix: UnsafeMutablePointer<Double>) {
    stages[count] = Int32(stage)
    matrices[count] = matrix
    count += 1
  }
}
