import PiecewiseLinear

/// What `pleat regions` found. What was not asked for, or not reached, is nil.
struct RegionsResult {
  /// All regions when `isComplete`, else a proved lower bound.
  var activationRegions: Int
  var isComplete: Bool
  /// Signs that were decided in integers.
  var exactSigns = 0
  var seconds: Double
  /// A certified upper bound of the number of regions.
  var bounds: RegionBounds
  var census: RegionCensus?
  var checks: RegionChecks?
  var statistics: RegionStatistics?
  var graph: DualGraph?
  var lattice: FaceLattice?
  var boundary: DecisionBoundary?
  var measures: RegionMeasures?
  var sample: RegionSample?
  /// What was written, as (what, path).
  var files: [(String, String)] = []
  /// What a person should know about the above.
  var remarks: [String] = []
}

/// Sums over the regions; memory does not grow with their number.
struct RegionStatistics: Sendable {
  private(set) var regions = 0
  private(set) var boundedRegions = 0
  private(set) var facets = 0
  private(set) var mostFacets = 0
  /// The smallest and the largest of the volumes that were computed.
  private(set) var volumes: ClosedRange<Double>?

  var meanFacets: Double { regions == 0 ? 0 : Double(facets) / Double(regions) }

  mutating func add(facets count: Int, isBounded: Bool, volume: Double?) {
    regions += 1
    facets += count
    mostFacets = max(mostFacets, count)
    if isBounded { boundedRegions += 1 }
    guard let volume else { return }
    volumes = min(volumes?.lowerBound ?? volume, volume)...max(volumes?.upperBound ?? volume, volume)
  }
}

/// Exact answers about the function over the domain.
struct RegionMeasures {
  var ranges: [OutputRange]
  /// nil where the domain is not bounded.
  var integral: OutputIntegral?
  var lipschitz: [LipschitzConstant]
  /// Whether all regions were seen each time.
  var isComplete: Bool

  init(_ enumeration: RegionEnumeration) throws {
    let (ranges, summary) = try enumeration.outputRanges()
    self.ranges = ranges
    // An unbounded domain has ranges and slopes, but no integral.
    integral = try? enumeration.outputIntegrals()
    lipschitz = try NormExponent.allCases.compactMap { try enumeration.lipschitzConstant($0) }
    isComplete =
      summary.isComplete && integral?.summary.isComplete != false && lipschitz.allSatisfy(\.summary.isComplete)
  }
}
