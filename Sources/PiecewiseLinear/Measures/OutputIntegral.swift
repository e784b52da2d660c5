import Networks

/// The integral and the mean of every output over a bounded domain.
public struct OutputIntegral: Sendable {
  /// ∫ f dx over the regions seen, one for each output.
  public var integrals: [Double]
  /// For each output, an estimate of the error of its integral: the rounding of sums and products, and what is missing
  /// or too much of the volume times the largest magnitude of the output's mean over a region.
  public var errors: [Double]
  /// The volume of the regions seen.
  public var volume: Double
  /// The volume of a box as the product of its sides; nil for other domains.
  public var domainVolume: Double?
  /// The domain was seen completely when this says `isComplete`.
  public var summary: RegionEnumeration.Summary

  /// The integrals divided by the volume.
  public var means: [Double] { integrals.map { $0 / volume } }
}

extension RegionEnumeration {
  /// The integral of every output over the domain: the sum over all regions of volume times the value at the centroid,
  /// which for an affine function is exact but for rounding. Summed with compensation (Neumaier 1974).
  ///
  /// - Throws: `RegionError` when the domain is not bounded.
  /// - Complexity: that of a triangulation of each region. Memory does not grow with their number.
  public func outputIntegrals() throws -> OutputIntegral {
    guard prepared.isBounded else {
      throw RegionError("the domain is not bounded; integrals and means need a box or a polytope")
    }
    let outputs = network.outputs.count
    var sums = Array(repeating: CompensatedSum(), count: outputs)
    var magnitudes = Array(repeating: 0.0, count: outputs)
    var largest = Array(repeating: 0.0, count: outputs)
    var volume = CompensatedSum()
    let summary = try forEach(detail: .all, transform: RegionMoment.init) { moment in
      volume.add(moment.volume)
      for output in 0..<outputs {
        let part = moment.volume * moment.values[output]
        sums[output].add(part)
        magnitudes[output] += abs(part)
        largest[output] = max(largest[output], abs(moment.values[output]))
      }
    }
    var domainVolume: Double?
    if case .box(let lower, let upper) = domain { domainVolume = zip(lower, upper).reduce(1) { $0 * ($1.1 - $1.0) } }
    let gap = summary.isComplete ? abs((domainVolume ?? volume.value) - volume.value) : 0
    let roundings = Double(16 * (network.inputCount + 1)) * Double.ulpOfOne
    return OutputIntegral(
      integrals: sums.map(\.value),
      errors: zip(magnitudes, largest).map { $0 * roundings + gap * $1 },
      volume: volume.value, domainVolume: domainVolume, summary: summary)
  }
}

/// What a region adds to the integrals.
private struct RegionMoment: Sendable {
  var volume: Double
  /// The outputs at the centroid.
  var values: [Double]

  init(_ region: LinearRegion) {
    volume = region.volume
    values = region.map(region.centroid ?? region.interiorPoint)
  }
}

/// A sum that keeps what each addition rounds away.
///
/// Source: A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, ZAMM 54 (1974).
struct CompensatedSum: Sendable {
  private var sum = 0.0
  private var rest = 0.0

  var value: Double { sum + rest }

  mutating func add(_ term: Double) {
    let total = sum + term
    // An infinite term stands for an unbounded piece.
    guard total.isFinite else {
      sum = total
      rest = 0
      return
    }
    rest += abs(sum) >= abs(term) ? (sum - total) + term : (term - total) + sum
    sum = total
  }
}
