extension VertexSplitter {
  /// Goes through the regions of a cell on which each form of a maximum wins in turn.
  ///
  /// - Parameter position: which of the stage's maxima; those before it are decided.
  func exploreMaximum(_ position: Int, of index: Int, _ cell: Cell<Mask>) {
    let stage = network.stages[index]
    guard position < stage.maxima.count else {
      finishStage(index, cell)
      return
    }
    let unit = stage.units[stage.maxima[position]]
    for candidate in 0..<unit.formCount {
      let mark = forms.arena.mark
      if let opponents = opponents(of: candidate, in: unit, index, cell), path.enter(Int32(candidate)) {
        exploreWinner(candidate, position, index, cell, opponents)
        path.leave()
      }
      forms.arena.release(to: mark)
    }
  }

  /// The forms that beat a candidate somewhere on the cell and lose to it elsewhere; nil when the candidate loses
  /// everywhere. Of two forms that are the same on the cell the first wins.
  private func opponents(
    of candidate: Int, in unit: CompiledNetwork.Unit, _ index: Int, _ cell: Cell<Mask>
  ) -> [Opponent]? {
    var opponents: [Opponent] = []
    let stage = network.stages[index]
    let matrix = forms.matrices[index]
    for rival in 0..<unit.formCount where rival != candidate {
      let (form, other) = (unit.form + candidate, unit.form + rival)
      let values = forms.arena.take(Double.self, cell.count)
      var norm = 0.0
      for j in 0..<dimension { norm += abs(matrix[j * stage.forms + form] - matrix[j * stage.forms + other]) }
      for ray in 0..<cell.count {
        var sum = 0.0
        for j in 0..<dimension {
          let difference = matrix[j * stage.forms + form] - matrix[j * stage.forms + other]
          sum += cell.points[ray * dimension + j] * difference
        }
        values[ray] = sum == 0 ? .leastNonzeroMagnitude : sum
      }
      let opponent = Opponent(rival: rival, values: values, norm: norm * 1.0001)
      switch verdict(opponent, candidate, unit, index, cell) {
      case .wins: continue
      case .loses: return nil
      case .open: opponents.append(opponent)
      }
    }
    return opponents
  }

  private func verdict(
    _ opponent: Opponent, _ candidate: Int, _ unit: CompiledNetwork.Unit, _ index: Int, _ cell: Cell<Mask>
  ) -> Verdict {
    let (form, other) = (unit.form + candidate, unit.form + opponent.rival)
    let sides = settle(
      opponent.values, stride: 1, cell, norm: opponent.norm,
      error: forms.error(index, form) + forms.error(index, other),
      stage: index, form: form, other: other)
    switch (sides.positive, sides.negative) {
    case (true, true): return .open
    case (true, false): return .wins
    case (false, true): return .loses
    case (false, false): return opponent.rival < candidate ? .loses : .wins
    }
  }

  /// Cuts off what the opponents win, and goes through the rest.
  private func exploreWinner(
    _ candidate: Int, _ position: Int, _ index: Int, _ cell: Cell<Mask>, _ opponents: [Opponent]
  ) {
    let stage = network.stages[index]
    let unit = stage.maxima[position]
    let content = stage.units[unit]
    guard let opponent = opponents.first else {
      let mark = forms.arena.mark
      var decided = DecidedUnits(forms.arena, capacity: 1, dimension: dimension)
      forms.decide(index, unit, Int32(candidate), &decided)
      let saved = forms.accumulate(decided, from: index)
      exploreMaximum(position + 1, of: index, cell)
      forms.restore(saved)
      forms.arena.release(to: mark)
      return
    }
    let mark = forms.arena.mark
    defer { forms.arena.release(to: mark) }
    let (form, other) = (content.form + candidate, content.form + opponent.rival)
    guard
      let cut = cut(
        cell, values: opponent.values, stride: 1, norm: opponent.norm, stage: index, form: form, other: other)
    else { return }
    let saved = occupy(cut.slot, stage: index, form: form, other: other)
    defer { vacate(cut.slot, saved) }
    let child = child(of: cell, cut, isPositive: true)
    var rest: [Opponent] = []
    for next in opponents.dropFirst() {
      let values = forms.arena.take(Double.self, child.count)
      for ray in 0..<cut.positives { values[ray] = next.values[Int(cut.positive[ray])] }
      for ray in 0..<cut.zeros { values[cut.positives + ray] = next.values[Int(cut.zero[ray])] }
      for edge in 0..<cut.edges {
        values[cut.positives + cut.zeros + edge] = difference(
          index, content.form + candidate, content.form + next.rival, at: cut.points + edge * dimension)
      }
      let moved = Opponent(rival: next.rival, values: values, norm: next.norm)
      switch verdict(moved, candidate, content, index, child) {
      case .wins: continue
      case .loses: return
      case .open: rest.append(moved)
      }
    }
    exploreWinner(candidate, position, index, child, rest)
  }

  private func difference(_ index: Int, _ form: Int, _ other: Int, at point: UnsafePointer<Double>) -> Double {
    let count = network.stages[index].forms
    let matrix = forms.matrices[index]
    var sum = 0.0
    for j in 0..<dimension { sum += point[j] * (matrix[j * count + form] - matrix[j * count + other]) }
    return sum == 0 ? .leastNonzeroMagnitude : sum
  }
}

/// A form that a candidate for a maximum is compared with.
private struct Opponent {
  /// Its position in the unit.
  var rival: Int
  /// Candidate minus rival at the cell's rays.
  var values: UnsafeMutablePointer<Double>
  var norm: Double
}

private enum Verdict {
  case wins
  case loses
  case open
}
