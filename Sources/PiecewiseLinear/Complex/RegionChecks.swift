import Networks

/// What an enumeration of regions must satisfy, computed from its results.
///
/// ```swift
/// var checks = try RegionChecks(enumeration)
/// let examiner = RegionExaminer(enumeration)
/// let summary = try enumeration.forEach(detail: .all, transform: { examiner.examine($0) }) { checks.add($0) }
/// checks.finish(summary)
/// print(checks.passed, checks.volumeError)
/// ```
///
/// Volumes and interior points are checked region by region, with no memory of earlier ones. What concerns several regions
/// needs their dual graph or face lattice, and is nil until these have been added; `RegionChecks.full` does everything.
public struct RegionChecks: Sendable, Equatable, Codable {
  /// What relative errors in volume, values and gaps must not exceed.
  public let tolerance: Double
  public private(set) var regions = 0
  /// Whether all regions have been seen.
  public private(set) var isComplete = false
  /// nil for an unbounded domain, and where cells are not known by their vertices.
  public let domainVolume: Double?
  /// The sum of the regions' volumes, as far as they have one.
  public private(set) var volume = 0.0
  /// The regions in that sum.
  public private(set) var measuredRegions = 0
  /// The largest |map − forward pass| at an interior point, relative to the terms that the forward pass adds up.
  public private(set) var largestValueError = 0.0
  /// Interior points at which the forward pass in doubles finds the region's own pattern.
  public private(set) var confirmedPatterns = 0
  /// Interior points so near to the boundary of a thin region that doubles cannot tell the side.
  public private(set) var undecidedPatterns = 0
  /// Interior points at which the forward pass finds another pattern, beyond rounding.
  public private(set) var wrongPatterns = 0
  /// The largest |map − neighbour's map| at a vertex of a common facet, relative to the terms that the maps add up.
  public private(set) var largestGap: Double?
  /// Facets inside the domain that are not facets of exactly one other region.
  public private(set) var unmatchedFacets: Int?
  public private(set) var isConnected: Bool?
  public private(set) var eulerCharacteristic: Int?
  public private(set) var expectedEulerCharacteristic: Int?
  /// What rounding has cut off `volume`.
  private var volumeRest = 0.0

  private enum CodingKeys: String, CodingKey {
    case tolerance, regions, isComplete, domainVolume, volume, measuredRegions, largestValueError
    case confirmedPatterns, undecidedPatterns, wrongPatterns, largestGap, unmatchedFacets, isConnected
    case eulerCharacteristic, expectedEulerCharacteristic
  }

  /// - Throws: `RegionError` when the domain has no interior.
  public init(_ enumeration: RegionEnumeration, tolerance: Double = 1e-9) throws {
    self.tolerance = tolerance
    domainVolume =
      enumeration.keepsVertices
      ? try Self.volume(of: enumeration.domain, inputs: enumeration.network.inputCount) : nil
  }

  /// |volume of the regions − volume of the domain| / volume of the domain; nil when that has none, or regions are missing
  /// or given without vertices.
  public var volumeError: Double? {
    guard isComplete, measuredRegions == regions, let domainVolume else { return nil }
    return abs(volume + volumeRest - domainVolume) / domainVolume
  }

  /// Whether everything that was checked is as it must be.
  public var passed: Bool {
    wrongPatterns == 0 && largestValueError <= tolerance && (volumeError ?? 0) <= tolerance
      && (largestGap ?? 0) <= tolerance && (unmatchedFacets ?? 0) == 0 && isConnected != false
      && eulerCharacteristic == expectedEulerCharacteristic
  }

  /// Takes the results of one region.
  public mutating func add(_ examination: RegionExaminer.Examination) {
    regions += 1
    largestValueError = max(largestValueError, examination.valueError)
    switch examination.pattern {
    case .confirmed: confirmedPatterns += 1
    case .undecided: undecidedPatterns += 1
    case .wrong: wrongPatterns += 1
    }
    guard let part = examination.volume else { return }
    measuredRegions += 1
    // Neumaier's compensated sum.
    let sum = volume + part
    volumeRest += volume >= part ? volume - sum + part : part - sum + volume
    volume = sum
  }

  /// Takes the end of the enumeration.
  public mutating func finish(_ summary: RegionEnumeration.Summary) {
    isComplete = summary.isComplete && regions == summary.activationRegions
  }

  /// Takes the dual graph: every facet inside the domain must be one of two regions, and all regions be connected. Of an
  /// incomplete enumeration neither is expected.
  public mutating func add(_ graph: DualGraph) {
    guard isComplete else { return }
    unmatchedFacets = graph.unmatchedFacetCount + graph.oneSidedFacetCount
    isConnected = graph.isConnected
  }

  /// Takes the face lattice: its Euler characteristic must be that of the domain.
  public mutating func add(_ lattice: FaceLattice) {
    eulerCharacteristic = lattice.eulerCharacteristic
    expectedEulerCharacteristic = lattice.expectedEulerCharacteristic
  }

  /// Takes the largest difference between neighbours on their common facets.
  public mutating func add(gap: Double) { largestGap = max(largestGap ?? 0, gap) }

  /// All checks that can be had: the regions are enumerated up to four times. The face lattice is built for up to
  /// `FaceLattice.largestDimension` inputs; volumes and gaps need vertices, which cells have in up to six dimensions.
  ///
  /// - Throws: `RegionError` when the domain has no interior.
  public static func full(of enumeration: RegionEnumeration, tolerance: Double = 1e-9) throws -> RegionChecks {
    var checks = try RegionChecks(enumeration, tolerance: tolerance)
    let examiner = RegionExaminer(enumeration)
    let summary = try enumeration.forEach(
      detail: enumeration.keepsVertices ? .all : .map,
      transform: { examiner.examine($0) }, receive: { checks.add($0) })
    checks.finish(summary)
    let complex = try RegionComplex(enumeration)
    let graph = DualGraph(complex)
    checks.add(graph)
    if enumeration.keepsVertices { checks.add(gap: try complex.largestGap(graph)) }
    if checks.isComplete && enumeration.network.inputCount <= FaceLattice.largestDimension {
      checks.add(try FaceLattice(enumeration))
    }
    return checks
  }

  /// The volume of a domain: that of the one region of a network without units.
  private static func volume(of domain: RegionDomain, inputs: Int) throws -> Double? {
    if case .box(let lower, let upper) = domain { return zip(lower, upper).reduce(1) { $0 * ($1.1 - $1.0) } }
    let plain = try UnitNetwork(inputCount: inputs, stages: [], outputs: [AffineForm(constant: 0)])
    var enumeration = try RegionEnumeration(plain, in: domain)
    enumeration.threads = 1
    var volume: Double?
    _ = try enumeration.forEach(detail: [.facets, .vertices]) { region in
      if region.isBounded && region.vertices.rows > 0 { volume = region.volume }
    }
    return volume
  }
}
