import CKernels

extension VertexSplitter {
  /// Finds which units of a stage cut the cell, once all earlier stages are decided on it.
  ///
  /// - Parameter first: the first undecided unit; those before it are accounted for already.
  func enterStage(_ index: Int, _ cell: Cell<Mask>, from first: Int) {
    let mark = forms.arena.mark
    defer { forms.arena.release(to: mark) }
    let outer = (consistency, errorFactor)
    (consistency, errorFactor) = (evaluationError, 1)
    defer { (consistency, errorFactor) = outer }
    let stage = network.stages[index]
    let matrix = forms.matrices[index]
    let least = forms.arena.take(Double.self, stage.forms)
    let largest = forms.arena.take(Double.self, stage.forms)
    let norms = forms.arena.take(Double.self, stage.forms)
    pleat_form_ranges(matrix, stage.forms, dimension, cell.points, cell.count, least, largest, norms)
    let error = cell.largestError

    var decided = DecidedUnits(forms.arena, capacity: stage.units.count, dimension: dimension)
    let cutting = forms.arena.take(Int32.self, stage.units.count)
    // Values that were decided exactly, for the forms in `cutting` that needed it; nil for the others.
    var exactColumns: [Int32: UnsafeMutablePointer<Double>] = [:]
    var count = 0
    for unit in first..<stage.units.count {
      let content = stage.units[unit]
      if content.isMaximum {
        if !content.bends { forms.decide(index, unit, 0, &decided) }
        continue
      }
      let form = content.form
      guard content.bends else {
        forms.decide(index, unit, 1, &decided)
        continue
      }
      let bound = norms[form] * 1.0001 * (error + consistency) + forms.error(index, form)
      if least[form] > bound {
        forms.decide(index, unit, 1, &decided)
      } else if largest[form] < -bound {
        forms.decide(index, unit, 0, &decided)
      } else if least[form] < -bound && largest[form] > bound {
        cutting[count] = Int32(form)
        count += 1
      } else {
        let column = forms.arena.take(Double.self, cell.count)
        for ray in 0..<cell.count { column[ray] = forms.value(index, form, at: cell.points + ray * dimension) }
        let sides = settle(
          column, stride: 1, cell, norm: norms[form] * 1.0001, error: forms.error(index, form), stage: index, form: form
        )
        if sides.positive && sides.negative {
          cutting[count] = Int32(form)
          exactColumns[Int32(form)] = column
          count += 1
        } else {
          forms.decide(index, unit, sides.positive ? 1 : 0, &decided)
        }
      }
    }
    let list = CutList(forms.arena, count: count, rays: cell.count)
    for position in 0..<count {
      let form = cutting[position]
      list.forms[position] = form
      list.norms[position] = norms[Int(form)] * 1.0001
      if !exactColumns.isEmpty, let column = exactColumns[form] {
        for ray in 0..<cell.count { list.values[ray * count + position] = column[ray] }
      } else {
        for ray in 0..<cell.count {
          list.values[ray * count + position] = forms.value(index, Int(form), at: cell.points + ray * dimension)
        }
      }
    }
    let saved = forms.accumulate(decided, from: index)
    explore(index, cell, list)
    forms.restore(saved)
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
        values[ray * stride], norm: norm, rayError: cell.errors[ray], error: error, at: cell.points + ray * dimension,
        on: cell.masks[ray], of: cell.masks, cell.count, stage: stage, form: form, other: other)
      values[ray * stride] = value
      positive = positive || value > 0
      negative = negative || value < 0
    }
    return (positive, negative)
  }
}
