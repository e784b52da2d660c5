import CKernels

extension VertexSplitter {
  /// Goes through all regions of a cell: splits it by the first unit that cuts it, until none does.
  func explore(_ index: Int, _ cell: Cell<Mask>, _ list: CutList) {
    guard list.count > 0 else {
      finishHinges(index, cell)
      return
    }
    let mark = forms.arena.mark
    defer { forms.arena.release(to: mark) }
    let stage = network.stages[index]
    let form = Int(list.forms[0])
    let unit = stage.unitOfForm[form]
    _ = settle(
      list.values, stride: list.count, cell, norm: list.norms[0], error: forms.error(index, form), stage: index,
      form: form)
    let isLastUnit = countsOnly && list.count == 1 && index + 1 == network.hiddenStages && stage.maxima.isEmpty
    if isLastUnit {
      for choice in Int32(0)...1 where path.enter(choice) {
        countLeaf()
        path.leave()
      }
      return
    }
    guard let cut = cut(cell, values: list.values, stride: list.count, norm: list.norms[0], stage: index, form: form)
    else { return }
    let saved = occupy(cut.slot, stage: index, form: form, other: -1)
    let fresh = freshValues(cut, cell, list, stage: index)
    for choice in Int32(0)...1 {
      guard path.enter(choice) else { continue }
      forms.phases[index, unit] = 1 - choice
      slots[cut.slot].side = choice == 0 ? 1 : -1
      exploreSide(choice == 0, of: cell, cut, list, fresh, index, unit)
      path.leave()
    }
    vacate(cut.slot, saved)
  }

  /// Goes through one side of a cut cell.
  private func exploreSide(
    _ isPositive: Bool, of cell: Cell<Mask>, _ cut: Cut<Mask>, _ list: CutList, _ fresh: UnsafeMutablePointer<Double>,
    _ index: Int, _ unit: Int
  ) {
    let mark = forms.arena.mark
    defer { forms.arena.release(to: mark) }
    consistency += Precision.interpolationError
    defer { consistency -= Precision.interpolationError }
    let stage = network.stages[index]
    let kept = isPositive ? cut.positive : cut.negative
    let keptCount = isPositive ? cut.positives : cut.negatives
    let total = keptCount + cut.zeros + cut.edges
    // The rows of values of the child's rays: kept ones, those on the hyperplane, new ones.
    let rows = forms.arena.take(UnsafePointer<Double>?.self, total)
    var error = 0.0
    for position in 0..<keptCount {
      rows[position] = UnsafePointer(list.values + Int(kept[position]) * list.count)
      error = max(error, cell.errors[Int(kept[position])])
    }
    for position in 0..<cut.zeros {
      rows[keptCount + position] = UnsafePointer(list.values + Int(cut.zero[position]) * list.count)
      error = max(error, cell.errors[Int(cut.zero[position])])
    }
    for edge in 0..<cut.edges {
      rows[keptCount + cut.zeros + edge] = UnsafePointer(fresh + edge * list.count)
      error = max(error, cut.errors[edge])
    }
    let least = forms.arena.take(Double.self, list.count)
    let largest = forms.arena.take(Double.self, list.count)
    pleat_column_ranges(rows, total, list.count, least, largest)

    var decided = DecidedUnits(forms.arena, capacity: list.count, dimension: dimension)
    forms.decide(index, unit, isPositive ? 1 : 0, &decided)
    let cutting = forms.arena.take(Int32.self, list.count)
    var count = 0
    for position in 1..<list.count {
      let form = Int(list.forms[position])
      let bound = list.norms[position] * (errorFactor * error + consistency) + forms.error(index, form)
      if least[position] > bound {
        forms.decide(index, stage.unitOfForm[form], 1, &decided)
      } else if largest[position] < -bound {
        forms.decide(index, stage.unitOfForm[form], 0, &decided)
      } else if least[position] < -bound && largest[position] > bound {
        cutting[count] = Int32(position)
        count += 1
      } else {
        let sides = settleRows(
          rows, total, position, of: cell, cut, kept: kept, keptCount, norm: list.norms[position], stage: index,
          form: form)
        if sides.positive && sides.negative {
          cutting[count] = Int32(position)
          count += 1
        } else {
          forms.decide(index, stage.unitOfForm[form], sides.positive ? 1 : 0, &decided)
        }
      }
    }
    if countsOnly && count == 0 && index + 1 == network.hiddenStages && stage.maxima.isEmpty {
      countLeaf()
      return
    }
    let child = child(of: cell, cut, isPositive: isPositive)
    let childList = CutList(forms.arena, count: count, rays: total)
    for position in 0..<count {
      let source = Int(cutting[position])
      childList.forms[position] = list.forms[source]
      childList.norms[position] = list.norms[source]
    }
    for ray in 0..<total {
      let row = rows[ray]!
      let target = childList.values + ray * count
      for position in 0..<count { target[position] = row[Int(cutting[position])] }
    }
    let saved = forms.accumulate(decided, from: index)
    explore(index, child, childList)
    forms.restore(saved)
  }

  /// Decides exactly the values of one column of a child that are too near to zero, and says which signs occur.
  private func settleRows(
    _ rows: UnsafeMutablePointer<UnsafePointer<Double>?>, _ total: Int, _ position: Int, of cell: Cell<Mask>,
    _ cut: Cut<Mask>, kept: UnsafeMutablePointer<Int32>, _ keptCount: Int, norm: Double, stage: Int, form: Int
  ) -> (positive: Bool, negative: Bool) {
    let error = forms.error(stage, form)
    var positive = false
    var negative = false
    for row in 0..<total {
      let values = UnsafeMutablePointer(mutating: rows[row]!)
      let point: UnsafePointer<Double>
      let mask: Mask
      let pointError: Double
      if row < keptCount + cut.zeros {
        let ray = Int(row < keptCount ? kept[row] : cut.zero[row - keptCount])
        point = UnsafePointer(cell.points + ray * dimension)
        mask = cell.masks[ray]
        pointError = cell.errors[ray]
      } else {
        let edge = row - keptCount - cut.zeros
        point = UnsafePointer(cut.points + edge * dimension)
        mask = cut.masks[edge]
        pointError = cut.errors[edge]
      }
      let value = settled(
        values[position], norm: norm, rayError: pointError, error: error, at: point, on: mask, of: cell.masks,
        cell.count, stage: stage, form: form, other: -1)
      values[position] = value
      positive = positive || value > 0
      negative = negative || value < 0
    }
    return (positive, negative)
  }

  /// The values of the other units at the new rays, `edges × list.count`.
  private func freshValues(
    _ cut: Cut<Mask>, _ cell: Cell<Mask>, _ list: CutList, stage: Int
  ) -> UnsafeMutablePointer<Double> {
    let values = forms.arena.take(Double.self, cut.edges * list.count)
    for edge in 0..<cut.edges {
      let target = values + edge * list.count
      if cut.isInterpolated[edge] {
        pleat_interpolate(
          target, list.values + Int(cut.from[edge]) * list.count, list.values + Int(cut.to[edge]) * list.count,
          cut.fraction[edge], list.count)
      } else {
        for position in 0..<list.count {
          target[position] = forms.value(stage, Int(list.forms[position]), at: cut.points + edge * dimension)
        }
      }
    }
    return values
  }

  /// All hinges of the stage are decided; maxima may be left.
  func finishHinges(_ index: Int, _ cell: Cell<Mask>) {
    if network.stages[index].maxima.isEmpty {
      finishStage(index, cell)
    } else {
      exploreMaximum(0, of: index, cell)
    }
  }

  /// Writes a hyperplane to a slot; returns what stood there.
  func occupy(_ slot: Int, stage: Int, form: Int, other: Int) -> SavedSlot {
    let saved = save(slot)
    let count = network.stages[stage].forms
    let matrix = forms.matrices[stage]
    var size = 0.0
    for j in 0..<dimension {
      normals[slot * dimension + j] = matrix[j * count + form] - (other < 0 ? 0 : matrix[j * count + other])
      size += abs(normals[slot * dimension + j])
    }
    let error = forms.error(stage, form) + (other < 0 ? 0 : forms.error(stage, other))
    slots[slot] = Slot(
      stage: stage, form: form, other: other, side: 1, error: error + Double(dimension + 4) * size * Double.ulpOfOne)
    return saved
  }

  /// What stands in a slot.
  func save(_ slot: Int) -> SavedSlot {
    let saved = SavedSlot(slot: slots[slot], normal: forms.arena.take(Double.self, dimension))
    saved.normal.update(from: normals + slot * dimension, count: dimension)
    return saved
  }

  /// Puts back what stood in a slot.
  func vacate(_ slot: Int, _ saved: SavedSlot) {
    slots[slot] = saved.slot
    (normals + slot * dimension).update(from: saved.normal, count: dimension)
  }
}

/// A slot's former content.
struct SavedSlot {
  var slot: Slot
  var normal: UnsafeMutablePointer<Double>
}
