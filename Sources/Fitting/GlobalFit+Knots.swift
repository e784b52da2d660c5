import Certificates
import Exact
import Execution

/// Continuous piecewise-linear fits of one input with free knots, squared loss.
extension GlobalFit {
  func fitKnots(
    _ samples: ExactSamples, _ progress: any ProgressReporter, _ cancellation: Cancellation
  ) -> FitSearch {
    fitKnotPath(samples, model.hidden...model.hidden, progress, cancellation)[0]
  }

  /// The best fits for a range of numbers of knots, in one run of the dynamic programme.
  func fitKnotPath(
    _ samples: ExactSamples, _ knots: ClosedRange<Int>, _ progress: any ProgressReporter, _ cancellation: Cancellation
  ) -> [FitSearch] {
    let start = Cancellation.now
    let sites = MergedSites(samples)
    let path = KnotPath(
      x: sites.x.map(\.doubleValue), y: sites.means.map(\.doubleValue), weights: sites.weights.map(\.doubleValue))
    let solutions = path.run(
      minimumKnots: knots.lowerBound, maximumKnots: knots.upperBound, shouldStop: { cancellation.shouldStop },
      progress: { news in
        progress.report(
          SearchProgress(
            nodes: news.settledKnots, incumbent: .infinity, bound: 0, seconds: Cancellation.now - start,
            phase: "knots: \(Int(100 * news.fraction)) % of the sweeps"))
      })
    return solutions.map { solution in
      let function = KnotStructure(joins: solution.joins).solve(x: sites.x, y: sites.means, weights: sites.weights)
      let units = function.knots.filter { $0.change.signum != 0 }.map { knot in
        ExactNetwork.Unit(
          sign: knot.change.signum, weights: [knot.change.magnitude], bias: -knot.change.magnitude * knot.position)
      }
      let network = ExactNetwork(units: units, skip: [function.slope], outputBias: function.intercept)
      return FitSearch(
        network: network, loss: function.loss + sites.spread,
        lowerBound: solution.lowerBound + sites.spread.roundedDown,
        parts: [.init(samples: nil, lowerBound: 0, proof: .knots)], nodes: 0, programs: 0,
        isComplete: solution.completed)
    }
  }
}

/// The samples of one input with equal inputs merged: exact weighted means, in ascending order.
private struct MergedSites {
  var x: [Rational] = []
  var means: [Rational] = []
  var weights: [Rational] = []
  /// Σ w (y − mean of its site)², which no function of x can reduce.
  var spread = Rational.zero

  init(_ samples: ExactSamples) {
    let order = samples.targets.indices.map { ($0, samples.inputs[$0][0].doubleValue) }.sorted { first, second in
      first.1 != second.1 ? first.1 < second.1 : samples.inputs[first.0][0] < samples.inputs[second.0][0]
    }.map(\.0)
    var start = 0
    while start < order.count {
      let position = samples.inputs[order[start]][0]
      var end = start
      while end < order.count, samples.inputs[order[end]][0] == position { end += 1 }
      let group = order[start..<end]
      if group.count == 1 {
        weights.append(samples.weights[group[start]])
        means.append(samples.targets[group[start]])
      } else {
        var weight = Rational.zero
        var sum = Rational.zero
        for index in group {
          weight += samples.weights[index]
          sum += samples.weights[index] * samples.targets[index]
        }
        let mean = sum / weight
        for index in group {
          let difference = samples.targets[index] - mean
          spread += samples.weights[index] * difference * difference
        }
        weights.append(weight)
        means.append(mean)
      }
      x.append(position)
      start = end
    }
  }
}
