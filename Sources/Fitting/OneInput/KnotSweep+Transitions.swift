extension KnotSweep {
  /// The sites i + 1 … j as one segment, seen from a join at or just after site i.
  struct Segment {
    let i: Int
    let j: Int
    /// x_j − x_i
    let length: Double
    let n: Double
    let mean: Double
    let spread: Double
    let cost: Double
    let slope: Double
    /// The least-squares line's values at x_j, x_i and x_{i+1}.
    let atEnd: Double
    let atJoin: Double
    let atFirst: Double
    /// The determinant n Σ w (u − ū)² of the normal equations.
    let determinant: Double
    /// Σ w (x − x_i)²
    let joinMoment: Double
    /// Σ w (x − x_j)²
    let endMoment: Double
    /// Σ w (x − x_i) (x − x_j): negative, as the segment lies between.
    let joinCross: Double

    @inline(__always)
    init(_ line: SegmentLine, from i: Int, to j: Int, _ sites: SiteTable) {
      self.i = i
      self.j = j
      length = sites.x[j] - sites.x[i]
      n = line.n
      mean = line.mean
      spread = line.spread
      cost = line.cost
      slope = line.slope
      atEnd = sites.y[j] + line.value
      atJoin = atEnd - length * slope
      atFirst = atEnd - (sites.x[j] - sites.x[i + 1]) * slope
      determinant = line.n * line.spread
      let offset = line.mean + length
      joinMoment = line.spread + line.n * offset * offset
      endMoment = line.spread + line.n * line.mean * line.mean
      joinCross = line.spread + line.n * line.mean * offset
    }
  }

  /// Lines from a knot on site i with value ψ to site j.
  ///
  /// With the piece α (ψ − m)² + c and the segment's own least squares, ψ and the value φ at x_j have the joint minimum
  /// (ψ′, φ′) of cost c′; for other φ the best ψ moves linearly, and the label is valid where ψ stays inside the piece:
  /// at the ends of a piece another label is at least as good.
  @inline(__always)
  func extendPieces(_ segment: Segment, stage: Int, allowed: Double) {
    let pieces = sources[segment.i]
    let bound = bounds[stage]
    // Values at x_i farther than this from the segment's own line cost too much with the cheapest piece.
    let room = allowed - segment.cost - pieceFloor[segment.i]
    guard room >= 0 else { return }
    let reach = (room * segment.joinMoment / segment.determinant).squareRoot()
    var index = Self.firstPiece(of: pieces, endingAfter: segment.atJoin - reach)
    while index < pieces.count {
      let piece = pieces[index]
      if piece.lower > segment.atJoin + reach { break }
      index += 1
      guard piece.cost + segment.cost <= allowed else { continue }
      let total = segment.determinant + piece.curvature * segment.joinMoment
      let difference = piece.vertex - segment.atJoin
      let gain = piece.curvature * difference / total
      let cost = piece.cost + segment.cost + gain * difference * segment.determinant
      guard cost <= allowed else { continue }
      let psi = segment.atJoin + gain * segment.joinMoment
      let phi = segment.atEnd + gain * segment.joinCross
      var clamped = cost
      if psi < piece.lower || psi > piece.upper {
        let distance = psi < piece.lower ? piece.lower - psi : psi - piece.upper
        clamped += total / segment.joinMoment * distance * distance
        guard clamped <= allowed else { continue }
      } else {
        addEnd(cost, at: segment.j, value: phi, slope: (phi - psi) / segment.length, piece.parent)
      }
      if clamped < bound[segment.j] { bound[segment.j] = clamped }
      let inner = piece.curvature * segment.length * segment.length + segment.endMoment
      let scale = inner / segment.joinCross
      let curvature = total / inner
      addPiece(
        curvature, phi, cost, phi + (piece.upper - psi) * scale, phi + (piece.lower - psi) * scale, piece.parent,
        allowed)
    }
  }

  /// Lines over the sites i + 1 … j that cross an earlier free line in the gap (i, i + 1).
  @inline(__always)
  func extendCrossings(_ segment: Segment, stage: Int, allowed: Double) {
    let candidates = crossings[segment.i]
    let room = allowed - segment.cost - endFloor[segment.i]
    guard room >= 0 else { return }
    let bound = bounds[stage]
    // No line over the segment within the allowance is steeper than this.
    let steepest = abs(segment.slope) + (room / segment.spread).squareRoot()
    let firstOffset = segment.mean + sites.x[segment.j] - sites.x[segment.i + 1]
    let firstMoment = segment.spread + segment.n * firstOffset * firstOffset
    let firstCross = segment.spread + segment.n * segment.mean * firstOffset
    let curvature = segment.determinant / segment.endMoment
    let rate = segment.endMoment / segment.joinCross
    let twoSites = segment.j == segment.i + 2
    var crossed: (cost: Double, parent: LabelParent)?
    for candidate in candidates {
      if candidate.steepness > steepest { break }
      let cost = candidate.cost + segment.cost
      if cost > allowed { continue }
      let joinGap = candidate.here - segment.atJoin
      let firstGap = candidate.beyond - segment.atFirst
      let parent = LabelParent(kind: .inside, site: Int32(truncatingIfNeeded: segment.i), index: candidate.index)
      if joinGap * firstGap <= 0 {
        if cost < crossed?.cost ?? .infinity { crossed = (cost, parent) }
        if cost < bound[segment.j] { bound[segment.j] = cost }
      } else if cost < bound[segment.j] {
        let penalty =
          segment.determinant
          * min(joinGap * joinGap / segment.joinMoment, firstGap * firstGap / firstMoment)
        if cost + penalty < bound[segment.j] { bound[segment.j] = cost + penalty }
      }
      // The values φ at which the segment's line meets the earlier one on x_i and on x_{i+1}.
      let joinRoot = segment.atEnd + joinGap * rate
      let firstRoot: Double
      if twoSites {
        firstRoot = firstGap > 0 ? -.infinity : .infinity
      } else {
        firstRoot = segment.atEnd + firstGap * segment.endMoment / firstCross
      }
      addPiece(
        curvature, segment.atEnd, cost, min(joinRoot, firstRoot), max(joinRoot, firstRoot), parent, allowed)
    }
    if let crossed { addEnd(crossed.cost, at: segment.j, value: segment.atEnd, slope: segment.slope, crossed.parent) }
  }

  /// The index of the first piece whose interval ends at or after `value`.
  @inline(__always)
  private static func firstPiece(of pieces: UnsafeBufferPointer<ValuePiece>, endingAfter value: Double) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) >> 1
      if pieces[middle].upper < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// A new block over the sites i + 1 … j after two knots in the gap (i, i + 1).
  @inline(__always)
  func extendJump(_ segment: Segment, stage: Int, allowed: Double) {
    let level = freeEnds[stage - 2]
    guard let candidate = level[segment.i].first, candidate.cost + segment.cost <= allowed else { return }
    let cost = candidate.cost + segment.cost
    let parent = LabelParent(
      kind: .jump, site: Int32(truncatingIfNeeded: segment.i),
      index: Int32(truncatingIfNeeded: level.start[segment.i]))
    addEnd(cost, at: segment.j, value: segment.atEnd, slope: segment.slope, parent)
    if cost < bounds[stage][segment.j] { bounds[stage][segment.j] = cost }
    addPiece(
      segment.determinant / segment.endMoment, segment.atEnd, cost, -.infinity, .infinity, parent, allowed)
  }

  /// The segment {j}: after a knot on site j − 1 its line runs through (x_j, y_j).
  ///
  /// After a knot inside the gap the line could turn about that point, so there are no labels, but the bound must know
  /// that a longer segment may begin so.
  func extendByOneSite(to j: Int, stage: Int, allowed: Double) {
    let i = j - 1
    let pieces = sources[i]
    let bound = bounds[stage]
    let length = sites.x[j] - sites.x[i]
    var best: (cost: Double, parent: LabelParent)?
    for piece in pieces where piece.cost <= allowed {
      bound[j] = min(bound[j], piece.least)
      guard piece.least == piece.cost else { continue }
      addEnd(piece.cost, at: j, value: sites.y[j], slope: (sites.y[j] - piece.vertex) / length, piece.parent)
      if piece.cost < best?.cost ?? .infinity { best = (piece.cost, piece.parent) }
    }
    if let best { addPiece(sites.weight[j], sites.y[j], best.cost, -.infinity, .infinity, best.parent, allowed) }
    if let first = freeEnds[stage - 1][i].first { bound[j] = min(bound[j], first.cost) }
    if stage > 1, let first = freeEnds[stage - 2][i].first { bound[j] = min(bound[j], first.cost) }
  }

  @inline(__always)
  private func addEnd(_ cost: Double, at j: Int, value: Double, slope: Double, _ parent: LabelParent) {
    ends.append(
      FreeEnd(cost: cost, here: value, beyond: value + slope * (sites.x[j + 1] - sites.x[j]), parent: parent))
  }

  /// Offers a piece to the envelope, cut to where its value is within the allowance.
  @inline(__always)
  private func addPiece(
    _ curvature: Double, _ vertex: Double, _ cost: Double, _ lower: Double, _ upper: Double, _ parent: LabelParent,
    _ allowed: Double
  ) {
    let reach = ((allowed - cost) / curvature).squareRoot()
    let low = max(lower, vertex - reach)
    let high = min(upper, vertex + reach)
    guard low < high else { return }
    envelope.insert(
      ValuePiece(curvature: curvature, vertex: vertex, cost: cost, lower: low, upper: high, parent: parent))
  }
}
