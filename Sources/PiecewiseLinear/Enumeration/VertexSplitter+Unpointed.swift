import CKernels
import Exact
import Polyhedra

extension VertexSplitter {
  /// Goes through a cell that still contains a line, in exact integers, until it does not any more.
  ///
  /// Such cells are few: each cut takes one dimension from the lines.
  func explore(_ cone: ExactCone, stage index: Int, from first: Int) {
    guard !cone.isPointed else {
      handOver(cone, index, from: first)
      return
    }
    let stage = network.stages[index]
    var unit = first
    while unit < stage.units.count {
      let content = stage.units[unit]
      guard content.bends, !content.isMaximum else {
        forms.phases[index, unit] = content.isMaximum ? 0 : 1
        unit += 1
        continue
      }
      let form = forms.exact.form(index, content.form, phases: forms.phases)
      let sides = cone.sides(form)
      if sides.positive && sides.negative {
        split(cone, index, unit)
        return
      }
      forms.phases[index, unit] = sides.positive ? 1 : 0
      unit += 1
    }
    exploreMaximum(0, of: index, cone)
  }

  private func split(_ cone: ExactCone, _ index: Int, _ unit: Int) {
    let form = network.stages[index].units[unit].form
    for choice in Int32(0)...1 where path.enter(choice) {
      forms.phases[index, unit] = 1 - choice
      withHalf(of: cone, index, form, other: -1, isPositive: choice == 0) {
        explore($0, stage: index, from: unit + 1)
      }
      path.leave()
    }
  }

  /// Cuts a cone by a form and keeps one side while the body runs; the hyperplane gets a slot.
  private func withHalf(
    of cone: ExactCone, _ index: Int, _ form: Int, other: Int, isPositive: Bool, _ body: (ExactCone) -> Void
  ) {
    let slot = freeSlot(of: cone)
    guard slot < Mask.bitWidth else {
      stopForOverflow()
      return
    }
    let saved = save(slot)
    let coefficients = exactForm(index, form, other)
    let size = setNormal(slot, coefficients, bits: forms.exact.bits[index])
    // The normal is the exact one, rounded.
    slots[slot] = Slot(
      stage: index, form: form, other: other, side: isPositive ? 1 : -1,
      error: Double(dimension + 4) * size * Double.ulpOfOne)
    body(cone.cut(coefficients, isPositive: isPositive, label: slot))
    vacate(slot, saved)
  }

  private func freeSlot(of cone: ExactCone) -> Int {
    (cone.labels.max() ?? -1) + 1
  }

  /// Writes a slot's normal; returns the sum of its magnitudes.
  private func setNormal(_ slot: Int, _ coefficients: IntegerVector, bits: Int) -> Double {
    let unit = IntegerVector(count: 1)
    unit.set(0, to: 1, shiftedBy: bits)
    var size = 0.0
    for j in 0..<dimension {
      normals[slot * dimension + j] = coefficients.quotient(j, unit, 0)
      size += abs(normals[slot * dimension + j])
    }
    return size
  }

  private func exploreMaximum(_ position: Int, of index: Int, _ cone: ExactCone) {
    let stage = network.stages[index]
    guard position < stage.maxima.count else {
      if index + 1 < network.hiddenStages {
        forms.exact.invalidate(from: index + 1)
        explore(cone, stage: index + 1, from: 0)
      } else {
        reachLeaf(cone)
      }
      return
    }
    let unit = stage.maxima[position]
    for candidate in 0..<stage.units[unit].formCount {
      guard hasInterior(candidate, rival: 0, unit, index, cone), path.enter(Int32(candidate)) else { continue }
      forms.phases[index, unit] = Int32(candidate)
      restrict(cone, to: candidate, rival: 0, unit, index) { exploreMaximum(position + 1, of: index, $0) }
      path.leave()
    }
  }

  /// Whether a candidate wins somewhere in the interior, against the rivals from one on.
  private func hasInterior(_ candidate: Int, rival: Int, _ unit: Int, _ index: Int, _ cone: ExactCone) -> Bool {
    var isReached = false
    restrict(cone, to: candidate, rival: rival, unit, index) { _ in isReached = true }
    return isReached
  }

  /// Cuts off what the rivals win; the body runs when something is left.
  private func restrict(
    _ cone: ExactCone, to candidate: Int, rival: Int, _ unit: Int, _ index: Int, _ body: (ExactCone) -> Void
  ) {
    let content = network.stages[index].units[unit]
    guard rival < content.formCount else {
      body(cone)
      return
    }
    guard rival != candidate else {
      restrict(cone, to: candidate, rival: rival + 1, unit, index, body)
      return
    }
    let (form, other) = (content.form + candidate, content.form + rival)
    let sides = cone.sides(exactForm(index, form, other))
    if sides.positive && sides.negative {
      withHalf(of: cone, index, form, other: other, isPositive: true) {
        restrict($0, to: candidate, rival: rival + 1, unit, index, body)
      }
    } else if sides.positive || (!sides.negative && rival > candidate) {
      restrict(cone, to: candidate, rival: rival + 1, unit, index, body)
    }
  }

  /// Goes on with vertices in doubles, the cone having become pointed.
  private func handOver(_ cone: ExactCone, _ index: Int, from first: Int) {
    let mark = forms.arena.mark
    let saved = forms.accumulateAll(before: index, first, maxima: false)
    enterStage(index, cell(of: cone), from: first)
    for (stage, matrix) in saved.reversed() { forms.matrices[stage] = matrix }
    forms.arena.release(to: mark)
  }

  /// A pointed cone as a cell of the arena.
  func cell(of cone: ExactCone) -> Cell<Mask> {
    var cell = Cell<Mask>(forms.arena, count: cone.rays.count, dimension: dimension)
    for (position, ray) in cone.rays.enumerated() {
      for j in 0..<dimension { exactRays.ray.set(j, to: ray.vector, j) }
      roundRay(to: cell.points + position * dimension)
      cell.errors[position] = Precision.roundedRayError
      cell.masks[position] = ray.tight.reduce(0) { $0 | 1 << $1 }
      cell.isSimple = cell.isSimple && ray.tight.count == dimension - 1
    }
    return cell
  }

  func reachLeaf(_ cone: ExactCone) {
    if !countsOnly {
      let mark = forms.arena.mark
      let last = network.hiddenStages - 1
      let saved = last < 0 ? [] : forms.accumulateAll(before: last, network.stages[last].units.count, maxima: true)
      visit(Leaf(cell(of: cone), lines: cone.lines, self))
      for (stage, matrix) in saved.reversed() { forms.matrices[stage] = matrix }
      forms.arena.release(to: mark)
    }
    countLeaf()
  }
}
