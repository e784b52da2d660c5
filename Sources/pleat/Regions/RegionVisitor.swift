import Networks
import PiecewiseLinear

/// What is done with each region, on many threads: it is examined, and turned into what is written of it.
struct RegionVisitor: Sendable {
  /// The outcome for one region.
  struct Visit: Sendable {
    var examination: RegionExaminer.Examination
    var facets: Int
    var isBounded: Bool
    /// What to write: one part for each column of a binary file, a single one for text.
    var parts: [[UInt8]]
  }

  let examiner: RegionExaminer
  /// What is written; empty for nothing.
  let details: Set<RegionsRequest.Detail>
  let layout: PatternLayout
  /// For each stage, which layer of bending units it is.
  let layers: [Int]
  let outputs: Int
  let inputs: Int
  /// Whether vertices and volumes are computed.
  let needsVertices: Bool
  let complex: (RegionComplex, DualGraph)?
  var encode: (@Sendable (RegionRecord) -> [[UInt8]])?

  init(
    examiner: RegionExaminer, details: Set<RegionsRequest.Detail>, layout: PatternLayout, layers: [Int],
    outputs: Int, inputs: Int, needsVertices: Bool, complex: (RegionComplex, DualGraph)?
  ) {
    self.examiner = examiner
    self.details = details
    self.layout = layout
    self.layers = layers
    self.outputs = outputs
    self.inputs = inputs
    self.needsVertices = needsVertices
    self.complex = complex
  }

  var hasFacets: Bool { detail.contains(.facets) }

  var detail: RegionDetail {
    if needsVertices { return .all }
    let facetDetails: Set<RegionsRequest.Detail> = [.facets, .chebyshev, .neighbours]
    return details.isDisjoint(with: facetDetails) ? .map : [.map, .facets]
  }

  func visit(_ region: LinearRegion) -> Visit {
    let examination = examiner.examine(region)
    var parts: [[UInt8]] = []
    if let encode {
      var neighbours: [Int?] = []
      if let (complex, graph) = complex, let own = complex.region(with: region.pattern) {
        neighbours = graph.regionsBehindFacets(of: own)
      }
      parts = encode(
        RegionRecord(
          region: region, volume: examination.volume, neighbours: neighbours,
          chebyshev: details.contains(.chebyshev) ? region.chebyshev() : nil))
    }
    return Visit(
      examination: examination, facets: region.facets.count, isBounded: region.isBounded, parts: parts)
  }
}
