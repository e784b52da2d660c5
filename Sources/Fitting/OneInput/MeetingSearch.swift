/// Both sweeps of ``KnotPath``, the best fits known, and the meetings that improve them.
final class MeetingSearch {
  struct Incumbent {
    var loss: Double
    var joins: [Join]
  }

  /// The best known fit for each number of knots, standardised.
  private(set) var incumbents: [Incumbent]
  /// For which numbers of knots nothing better exists.
  private(set) var isSettled: [Bool]
  private let sites: SiteTable
  private let maximumKnots: Int
  private let forward: KnotSweep
  private let backward: KnotSweep
  /// Labels within this of the incumbent are kept, against rounding.
  private let slack: Double

  /// - Parameter minimumKnots: fits with fewer knots are not searched for; they count as settled.
  init(_ sites: SiteTable, minimumKnots: Int, maximumKnots: Int) {
    self.sites = sites
    self.maximumKnots = maximumKnots
    forward = KnotSweep(sites: sites, stages: max(1, maximumKnots))
    backward = KnotSweep(sites: sites.mirrored, stages: max(1, maximumKnots))
    incumbents = Array(repeating: Incumbent(loss: .infinity, joins: []), count: maximumKnots + 1)
    isSettled = (0...maximumKnots).map { $0 < minimumKnots }
    slack = 1e-12 * Double(sites.count)
  }

  func run(shouldStop: () -> Bool, progress: (KnotPath.Progress) -> Void) {
    forward.runFirstStage { _, _, _ in }
    offer(forward.bounds[0][sites.count - 1], [], knots: 0)
    isSettled[0] = true
    guard maximumKnots > 0 else { return }
    if sites.count < 3 {
      for knots in 0...maximumKnots { isSettled[knots] = true }
      return
    }
    forward.extendBounds(shouldStop: shouldStop)
    offerFixedKnots(shouldStop)
    settlePerfectFits()
    backward.runFirstStage { site, ends, pieces in meet(backward, at: site, ends, pieces) }
    isSettled[1] = true
    backward.extendBounds(shouldStop: shouldStop)
    for settled in 2..<max(2, maximumKnots + 1) where !isSettled[settled...].allSatisfy(\.self) {
      let sweep = settled % 2 == 0 ? forward : backward
      let fraction = Double(settled - 2) / Double(maximumKnots - 1)
      let step = 1 / Double(maximumKnots - 1)
      let sixteenth = max(1, sites.count / 16)
      let finished = sweep.runStage(
        keep: settled < maximumKnots,
        sourceAllowance: { allowance(sweep, stage: sweep.stagesDone - 1, at: $0) },
        allowance: { allowance(sweep, stage: sweep.stagesDone, at: $0) },
        shouldStop: shouldStop,
        visit: { site, ends, pieces in
          meet(sweep, at: site, ends, pieces)
          if site % sixteenth == 0 {
            let share = Double(site) / Double(sites.count)
            progress(.init(settledKnots: settled, maximumKnots: maximumKnots, fraction: fraction + step * share))
          }
        })
      guard finished else { return }
      isSettled[settled] = true
      settlePerfectFits()
      if settled < maximumKnots { sweep.extendBounds(shouldStop: shouldStop) }
    }
    progress(.init(settledKnots: maximumKnots + 1, maximumKnots: maximumKnots, fraction: 1))
  }

  /// A lower bound on the standardised loss with so many knots.
  ///
  /// Each choice of how many knots lie left of the middle one gives one: a fit splits at that knot's gap into two parts
  /// that cost at least their bounds.
  func lowerBound(knots: Int) -> Double {
    guard knots > 0, sites.count > 2 else { return incumbents[knots].loss }
    var best = 0.0
    for left in 0..<knots {
      var least = Double.infinity
      for site in 0..<sites.count - 1 {
        least = min(least, forward.bounds[left][site] + backward.bounds[knots - 1 - left][sites.count - 2 - site])
      }
      best = max(best, least)
    }
    return min(best - slack, incumbents[knots].loss)
  }

  /// Fits whose loss is nothing but rounding cannot be improved, and without this would keep every label alive.
  private func settlePerfectFits() {
    for knots in 0...maximumKnots where incumbents[knots].loss <= 1e-14 * Double(sites.count) {
      isSettled[knots] = true
    }
  }

  private func offer(_ loss: Double, _ joins: @autoclosure () -> [Join], knots: Int) {
    guard loss < incumbents[knots].loss else { return }
    let joins = joins()
    // Fewer knots are allowed everywhere.
    for number in knots...maximumKnots where loss < incumbents[number].loss {
      incumbents[number] = Incumbent(loss: loss, joins: joins)
    }
  }

  /// First incumbents with knots on sites only.
  private func offerFixedKnots(_ shouldStop: () -> Bool) {
    let x = (0..<sites.count).map { sites.x[$0] }
    let y = (0..<sites.count).map { sites.y[$0] }
    let weights = (0..<sites.count).map { sites.weight[$0] }
    for knots in FixedKnots(sites).path(maximum: maximumKnots, starts: forward.breaks, shouldStop: shouldStop) {
      let joins = knots.map(Join.at)
      offer(
        KnotStructure(joins: joins).solve(x: x, y: y, weights: weights).loss, joins, knots: knots.count)
    }
  }

  /// The largest cost of a label of a stage that a fit no worse than an incumbent can contain.
  private func allowance(_ sweep: KnotSweep, stage: Int, at site: Int) -> Double {
    let other = sweep === forward ? backward : forward
    var allowed = -Double.infinity
    for knots in stage + 1..<max(stage + 1, maximumKnots + 1) where !isSettled[knots] {
      allowed = max(allowed, incumbents[knots].loss - other.bounds[knots - stage - 1][sites.count - 2 - site])
    }
    return allowed + slack
  }
}

extension MeetingSearch {
  /// Joins the new labels of one site with the other sweep's, at a knot on the site, in the gap after it, or by a jump.
  private func meet(
    _ sweep: KnotSweep, at site: Int, _ ends: UnsafeBufferPointer<FreeEnd>, _ pieces: UnsafeBufferPointer<ValuePiece>
  ) {
    let other = sweep === forward ? backward : forward
    let stage = sweep.stagesDone
    let facing = sites.count - 2 - site
    for otherStage in 0..<other.stagesDone {
      let knots = stage + otherStage + 1
      guard knots <= maximumKnots else { break }
      let otherEnds = other.freeEnds[otherStage][facing]
      if !isSettled[knots] {
        meetOnSite(sweep, other, site, pieces, otherStage)
        meetInGap(sweep, other, site, ends, otherEnds, otherStage)
      }
      if knots < maximumKnots, !isSettled[knots + 1], let mine = ends.first, let theirs = otherEnds.first {
        offer(
          mine.cost + theirs.cost,
          joins(sweep, mine.parent, stage, .jump(site), other, theirs.parent, otherStage), knots: knots + 1)
      }
    }
  }

  private func meetInGap(
    _ sweep: KnotSweep, _ other: KnotSweep, _ site: Int, _ ends: UnsafeBufferPointer<FreeEnd>,
    _ otherEnds: UnsafeBufferPointer<FreeEnd>, _ otherStage: Int
  ) {
    let knots = sweep.stagesDone + otherStage + 1
    guard let cheapest = otherEnds.first else { return }
    for mine in ends {
      if mine.cost + cheapest.cost >= incumbents[knots].loss { break }
      for theirs in otherEnds {
        if mine.cost + theirs.cost >= incumbents[knots].loss { break }
        if (mine.here - theirs.beyond) * (mine.beyond - theirs.here) <= 0 {
          offer(
            mine.cost + theirs.cost,
            joins(sweep, mine.parent, sweep.stagesDone, .inside(site), other, theirs.parent, otherStage), knots: knots)
          break
        }
      }
    }
  }

  private func meetOnSite(
    _ sweep: KnotSweep, _ other: KnotSweep, _ site: Int, _ pieces: UnsafeBufferPointer<ValuePiece>, _ otherStage: Int
  ) {
    let knots = sweep.stagesDone + otherStage + 1
    let otherPieces = other.values[otherStage + 1][sites.count - 1 - site]
    let weight = sweep.sites.weight[site]
    let y = sweep.sites.y[site]
    var mineIndex = 0
    var theirIndex = 0
    while mineIndex < pieces.count && theirIndex < otherPieces.count {
      let mine = pieces[mineIndex]
      let theirs = otherPieces[theirIndex]
      let lower = max(mine.lower, theirs.lower)
      let upper = min(mine.upper, theirs.upper)
      if mine.upper < theirs.upper { mineIndex += 1 } else { theirIndex += 1 }
      guard lower <= upper, max(mine.cost, theirs.cost) < incumbents[knots].loss else { continue }
      let curvature = mine.curvature + theirs.curvature - weight
      let free = (mine.curvature * mine.vertex + theirs.curvature * theirs.vertex - weight * y) / curvature
      let phi = min(max(free, lower), upper)
      let loss = mine.value(phi) + theirs.value(phi) - weight * (y - phi) * (y - phi)
      offer(
        loss, joins(sweep, mine.parent, sweep.stagesDone, .at(site), other, theirs.parent, otherStage), knots: knots)
    }
  }

  /// The joins of a meeting, from left to right in the order of the data.
  private func joins(
    _ sweep: KnotSweep, _ parent: LabelParent, _ stage: Int, _ middle: Join, _ other: KnotSweep,
    _ otherParent: LabelParent, _ otherStage: Int
  ) -> [Join] {
    let inner = sweep.trace(parent, stage: stage) + [middle]
    let outer = other.trace(otherParent, stage: otherStage).map(mirrored)
    let all = inner + outer.reversed()
    return sweep === forward ? all : all.reversed().map(mirrored)
  }

  private func mirrored(_ join: Join) -> Join {
    switch join {
    case .at(let site): return .at(sites.count - 1 - site)
    case .inside(let site): return .inside(sites.count - 2 - site)
    case .jump(let site): return .jump(sites.count - 2 - site)
    }
  }
}

extension KnotSweep {
  /// The joins before a label of stage `stage` with this parent, from left to right in this sweep's order.
  fileprivate func trace(_ parent: LabelParent, stage: Int) -> [Join] {
    var joins: [Join] = []
    var parent = parent
    var stage = stage
    while parent.kind != .start {
      let site = Int(parent.site)
      let index = Int(parent.index)
      switch parent.kind {
      case .start: break
      case .at:
        joins.append(.at(site))
        parent = values[stage].pool.base[index].parent
        stage -= 1
      case .inside:
        joins.append(.inside(site))
        stage -= 1
        parent = freeEnds[stage].pool.base[index].parent
      case .jump:
        joins.append(.jump(site))
        stage -= 2
        parent = freeEnds[stage].pool.base[index].parent
      }
    }
    return joins.reversed()
  }
}
