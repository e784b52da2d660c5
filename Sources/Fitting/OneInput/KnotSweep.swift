/// The functional-pruning programme over Hudson joins in one direction (left to right; the other direction is the same
/// programme on the mirrored sites).
///
/// Stage s makes, for every site j,
/// - the *free ends* R_s[j]: fits of the sites up to j with s knots before j, whose last line is free of what follows;
/// - the *value pieces* F_{s+1}[j]: the lower envelope of the fits of the sites up to j with s + 1 knots, the last of them
///   on x_j, as a function of the value there.
///
/// Both come from F_s by a segment that starts at a knot on a site, from R_{s−1} by a line that crosses the earlier one
/// inside a gap (that knot's constraint is inactive, so both sides are plain least squares), and from R_{s−2} by a jump,
/// two knots in one gap. Segments that would be free to turn about a single site are never needed: turning them reaches
/// one of the other forms at no cost.
///
/// Sources: D. J. Hudson, Fitting segmented curves whose join points have to be estimated, 1966 (the kinds of join);
/// P. Fearnhead, R. Maidstone, A. Letchford, Detecting changes in slope with an L0 penalty, 2019 (functional pruning).
///
/// - Complexity: one stage costs O(D² (P + C)) for P pieces and C free ends at a site; pruning makes most pairs of sites
///   cost a few operations.
final class KnotSweep {
  let sites: SiteTable
  /// `freeEnds[s]` is R_s, for sites 0 … D − 2.
  private(set) var freeEnds: [LabelLevel<FreeEnd>] = []
  /// `values[s]` is F_s; F_0 is empty.
  private(set) var values: [LabelLevel<ValuePiece>]
  /// `bounds[n][j]` is a lower bound on what the sites up to j, with at most n knots among them, cost in any best fit of
  /// the whole.
  private(set) var bounds: [UnsafeMutablePointer<Double>] = []
  let envelope = PieceEnvelope()
  let ends = Pool<FreeEnd>()
  /// The pieces of F_s that still matter to the stage s that is running; each names itself as the parent.
  private(set) var sources: LabelLevel<ValuePiece>
  /// The free ends of R_{s−1} that still matter, as sources of crossings.
  private(set) var crossings: LabelLevel<CrossingSource>
  /// The least cost of F_s, of R_{s−1}, and of anything that a segment after a site can extend.
  let pieceFloor: UnsafeMutablePointer<Double>
  let endFloor: UnsafeMutablePointer<Double>
  private let sourceFloor: UnsafeMutablePointer<Double>
  /// The running minimum of `sourceFloor`.
  private let prefixFloor: UnsafeMutablePointer<Double>

  /// - Parameter stages: one more than the largest number of knots that `bounds` is asked about.
  init(sites: SiteTable, stages: Int) {
    self.sites = sites
    values = [LabelLevel(siteCount: sites.count)]
    sources = LabelLevel(siteCount: sites.count)
    crossings = LabelLevel(siteCount: sites.count)
    pieceFloor = .allocate(capacity: sites.count)
    endFloor = .allocate(capacity: sites.count)
    sourceFloor = .allocate(capacity: sites.count)
    prefixFloor = .allocate(capacity: sites.count)
    for _ in 0..<stages {
      let bound = UnsafeMutablePointer<Double>.allocate(capacity: sites.count)
      bound.initialize(repeating: 0, count: sites.count)
      bounds.append(bound)
    }
  }

  deinit {
    pieceFloor.deallocate()
    endFloor.deallocate()
    sourceFloor.deallocate()
    prefixFloor.deallocate()
    for bound in bounds { bound.deallocate() }
  }

  /// How many stages are done.
  var stagesDone: Int { freeEnds.count }

  typealias Visit = (_ site: Int, _ ends: UnsafeBufferPointer<FreeEnd>, _ pieces: UnsafeBufferPointer<ValuePiece>) ->
    Void

  /// Stage 0: one line from the first site. All of it is kept.
  func runFirstStage(visit: Visit) {
    let endLevel = LabelLevel<FreeEnd>(siteCount: sites.count)
    let valueLevel = LabelLevel<ValuePiece>(siteCount: sites.count)
    let x = sites.x
    let y = sites.y
    var n = 0.0
    var meanX = 0.0
    var meanY = 0.0
    var sxx = 0.0
    var sxy = 0.0
    var syy = 0.0
    for j in 0..<sites.count {
      let weight = sites.weight[j]
      n += weight
      let dx = x[j] - meanX
      let dy = y[j] - meanY
      meanX += weight / n * dx
      meanY += weight / n * dy
      sxx += weight * dx * (x[j] - meanX)
      sxy += weight * dx * (y[j] - meanY)
      syy += weight * dy * (y[j] - meanY)
      let slope = sxx > 0 ? sxy / sxx : 0
      let cost = j < 2 ? 0 : max(0, syy - slope * sxy)
      bounds[0][j] = cost
      guard j + 1 < sites.count else { break }
      ends.removeAll()
      envelope.removeAll()
      if j > 0 {
        let offset = x[j] - meanX
        let here = meanY + slope * offset
        ends.append(
          FreeEnd(cost: cost, here: here, beyond: meanY + slope * (x[j + 1] - meanX), parent: .start))
        envelope.insert(
          ValuePiece(
            curvature: n * sxx / (sxx + n * offset * offset), vertex: here, cost: cost, lower: -.infinity,
            upper: .infinity, parent: .start))
      }
      finish(j, endLevel, valueLevel, keep: true, visit)
    }
    freeEnds.append(endLevel)
    values.append(valueLevel)
  }

  /// Runs the next stage.
  ///
  /// - Parameters:
  ///   - keep: whether later stages or meetings need its labels; without it only `visit` sees them.
  ///   - sourceAllowance: the largest cost at a site that a label of the stage before can have in a best fit.
  ///   - allowance: the same for the labels of this stage.
  ///   - visit: receives the finished labels of each site, the free ends in order of cost.
  /// - Returns: false when `shouldStop` said so.
  func runStage(
    keep: Bool, sourceAllowance: (_ site: Int) -> Double, allowance: (_ site: Int) -> Double, shouldStop: () -> Bool,
    visit: Visit
  ) -> Bool {
    let stage = stagesDone
    let endLevel = LabelLevel<FreeEnd>(siteCount: sites.count)
    let valueLevel = LabelLevel<ValuePiece>(siteCount: sites.count)
    let lowest = prepareSources(stage, sourceAllowance)
    let bound = bounds[stage]
    bound[0] = 0
    ends.removeAll()
    envelope.removeAll()
    finish(0, endLevel, valueLevel, keep: keep, visit)
    for j in 1..<max(1, sites.count - 1) {
      if shouldStop() { return false }
      ends.removeAll()
      envelope.removeAll()
      let earlier = bound[j]
      bound[j] = .infinity
      let allowed = allowance(j)
      if j > lowest && prefixFloor[j - 1] <= allowed { extend(to: j, stage: stage, lowest: lowest, allowed: allowed) }
      bound[j] = max(earlier, min(bound[j], bounds[stage - 1][j]))
      finish(j, endLevel, valueLevel, keep: keep, visit)
    }
    freeEnds.append(endLevel)
    values.append(valueLevel)
    return true
  }

  private func finish(
    _ site: Int, _ endLevel: LabelLevel<FreeEnd>, _ valueLevel: LabelLevel<ValuePiece>, keep: Bool, _ visit: Visit
  ) {
    envelope.finish()
    var sorted = ends.elements
    sorted.sort { $0.cost < $1.cost }
    let endLabels = UnsafeBufferPointer(sorted)
    let pieces = UnsafeBufferPointer(envelope.pieces.elements)
    visit(site, endLabels, pieces)
    if keep {
      endLevel.close(with: endLabels)
      valueLevel.close(with: pieces)
    }
  }

  /// Takes from the earlier stages what can still be part of a best fit, now that more fits are settled and the other
  /// direction knows more; returns the first site that has any source.
  ///
  /// - Parameter allowance: the largest cost of a label of the stage before at a site.
  private func prepareSources(_ stage: Int, _ allowance: (_ site: Int) -> Double) -> Int {
    sources = LabelLevel(siteCount: sites.count)
    crossings = LabelLevel(siteCount: sites.count)
    let pieces = Pool<ValuePiece>()
    let ends = Pool<CrossingSource>()
    var lowest = sites.count
    var running = Double.infinity
    for i in 0..<max(0, sites.count - 1) {
      let allowed = allowance(i)
      pieces.removeAll()
      pieceFloor[i] = gatherPieces(values[stage], i, allowed, pieces)
      gatherCrossings(freeEnds[stage - 1], i, allowed, UnsafeBufferPointer(pieces.elements), ends)
      endFloor[i] = ends.elements.reduce(.infinity) { min($0, $1.cost) }
      sources.close(with: UnsafeBufferPointer(pieces.elements))
      crossings.close(with: UnsafeBufferPointer(ends.elements))
      var floor = min(pieceFloor[i], endFloor[i])
      if stage > 1, let first = freeEnds[stage - 2][i].first { floor = min(floor, first.cost) }
      if floor < .infinity { lowest = min(lowest, i) }
      running = min(running, floor)
      sourceFloor[i] = floor
      prefixFloor[i] = running
    }
    return lowest
  }

  /// Copies the pieces of a site within the allowance, cut to it; returns their least value.
  private func gatherPieces(
    _ level: LabelLevel<ValuePiece>, _ site: Int, _ allowed: Double, _ output: Pool<ValuePiece>
  ) -> Double {
    var floor = Double.infinity
    for (index, piece) in level[site].enumerated() where piece.least <= allowed {
      var piece = piece
      let reach = ((allowed - piece.cost) / piece.curvature).squareRoot()
      piece.lower = max(piece.lower, piece.vertex - reach)
      piece.upper = min(piece.upper, piece.vertex + reach)
      piece.parent = LabelParent(
        kind: .at, site: Int32(truncatingIfNeeded: site), index: Int32(truncatingIfNeeded: level.start[site] + index))
      guard piece.lower <= piece.upper else { continue }
      floor = min(floor, piece.least)
      output.append(piece)
    }
    return floor
  }

  /// Makes the labels of site `j` from everything at earlier sites.
  private func extend(to j: Int, stage: Int, lowest: Int, allowed: Double) {
    let x = sites.x
    let y = sites.y
    let weight = sites.weight
    let anchorX = x[j]
    let anchorY = y[j]
    var moments = SegmentMoments(anchorWeight: weight[j])
    var i = j - 1
    if sourceFloor[i] <= allowed { extendByOneSite(to: j, stage: stage, allowed: allowed) }
    while i > lowest {
      moments.add(x[i] - anchorX, y[i] - anchorY, weight[i])
      i -= 1
      guard sourceFloor[i] <= allowed else { continue }
      let line = SegmentLine(moments)
      // Longer segments cost more, and their sources cost at least this.
      if line.cost + prefixFloor[i] > allowed { break }
      if line.cost + sourceFloor[i] > allowed { continue }
      let segment = Segment(line, from: i, to: j, sites)
      extendPieces(segment, stage: stage, allowed: allowed)
      extendCrossings(segment, stage: stage, allowed: allowed)
      if stage > 1 { extendJump(segment, stage: stage, allowed: allowed) }
    }
  }
}
