import Foundation
import Networks
import Polyhedra
import Probability
import Testing

@testable import PiecewiseLinear

/// The searches against brute force, and against counts with a closed form.
@Suite struct EnumerationTests {
  private static let kinds: [CellSearch.Kind] = [.narrow, .wide, .programs]

  private func patterns(_ enumeration: RegionEnumeration) throws -> [ActivationPattern] {
    var patterns: [ActivationPattern] = []
    let summary = try enumeration.forEach(detail: []) { patterns.append($0.pattern) }
    #expect(summary.isComplete)
    #expect(summary.activationRegions == patterns.count)
    return patterns
  }

  @Test(arguments: OracleNetworks.Weights.allCases)
  func patternsAreThoseOfBruteForce(_ weights: OracleNetworks.Weights) throws {
    for seed in UInt64(0)..<500 {
      var source = RandomSource(seed: 71_000 + seed)
      let example = ComplexCase(weights, using: &source)
      let expected = Set(example.patterns(PatternLayout(example.network)))
      for kind in Self.kinds {
        var enumeration = try example.enumeration()
        enumeration.firstSearch = kind
        let found = try patterns(enumeration)
        #expect(Set(found) == expected, "\(weights), \(kind), seed \(seed)")
        #expect(found.count == expected.count, "\(weights), \(kind), seed \(seed): a region twice")
        #expect(try enumeration.count().activationRegions == expected.count, "\(weights), \(kind), seed \(seed)")
      }
    }
  }

  @Test func regionsAreWhatTheySay() throws {
    for seed in UInt64(0)..<120 {
      var source = RandomSource(seed: 72_000 + seed)
      let example = ComplexCase(seed % 2 == 0 ? .degenerate : .generic, using: &source)
      for kind in Self.kinds {
        var enumeration = try example.enumeration()
        enumeration.firstSearch = kind
        _ = try enumeration.forEach(detail: .all) { region in
          let point = region.interiorPoint
          expectPattern(region.pattern, of: example.network, enumeration.layout, at: point, "\(kind), seed \(seed)")
          for (value, output) in zip(region.map(point), example.network(point)) {
            #expect(abs(value - output) <= 1e-9 * (1 + abs(output)), "\(kind), seed \(seed)")
          }
          check(region, "\(kind), seed \(seed)")
        }
      }
    }
  }

  /// The forward pass agrees with a pattern, but for forms that are zero on a whole region: there it has rounding's sign.
  private func expectPattern(
    _ pattern: ActivationPattern, of network: UnitNetwork, _ layout: PatternLayout, at point: [Double],
    _ context: String
  ) {
    let values = network.allValues(point)
    let size = values.reduce(1) { max($0, abs($1)) }
    for (index, entry) in layout.entries.enumerated() {
      let forms = values.withUnsafeBufferPointer { buffer in
        network.stages[entry.stage].units[entry.unit].forms.map { $0(buffer.baseAddress!) }
      }
      let phase = layout.phase(index, of: pattern)
      if forms.count == 1 {
        #expect(abs(forms[0]) < 1e-13 * size || (forms[0] > 0) == (phase == 1), "\(context)")
      } else {
        #expect(forms[phase] > forms.max()! - 1e-13 * size, "\(context)")
      }
    }
  }

  /// Vertices, rays and lines lie where the incidence says, and inside elsewhere; every facet has enough of them.
  private func check(_ region: LinearRegion, _ context: String) {
    let n = region.interiorPoint.count
    let size = region.vertices.elements.reduce(1) { max($0, abs($1)) }
    for (index, facet) in region.facets.enumerated() {
      let half = facet.halfSpace
      let scale = half.normal.reduce(abs(half.offset)) { max($0, abs($1)) }
      #expect(half.slack(at: region.interiorPoint) > 0, "\(context)")
      var onFacet = 0
      for vertex in 0..<region.vertices.rows {
        let slack = half.slack(at: Array(region.vertices.row(vertex))) / (scale * size)
        if region.lies(vertex, on: index) {
          #expect(abs(slack) < 1e-9, "\(context)")
          onFacet += 1
        } else {
          #expect(slack > -1e-9, "\(context)")
        }
      }
      for ray in 0..<region.rays.rows {
        let rate = zip(half.normal, region.rays.row(ray)).reduce(0) { $0 + $1.0 * $1.1 } / scale
        #expect(rate < 1e-9, "\(context)")
        if region.lies(region.vertices.rows + ray, on: index) {
          #expect(abs(rate) < 1e-9, "\(context)")
          onFacet += 1
        }
      }
      #expect(onFacet + region.lines.rows >= n, "\(context): a facet of too small a dimension")
    }
  }

  @Test func orderAndCountDoNotDependOnThreads() throws {
    var source = RandomSource(seed: 73_001)
    let network = OracleNetworks.layers(
      inputs: 3,
      [12, 10, 1].reduce(into: (before: 3, layers: [[[Double]]]())) { result, width in
        result.layers.append((0..<width).map { _ in (0...result.before).map { _ in source.normal() } })
        result.before = width
      }.layers)
    var enumeration = try RegionEnumeration(network, in: .space)
    enumeration.threads = 1
    let single = try patterns(enumeration)
    for threads in [2, 3, 7] {
      enumeration.threads = threads
      #expect(try patterns(enumeration) == single)
      #expect(try enumeration.count().activationRegions == single.count)
    }
  }

  /// Outputs pile up while the first one is handed out: the threads must wait for that, not give up.
  @Test func aSlowReceiverLosesNothing() throws {
    var source = RandomSource(seed: 73_002)
    let rows = { (count: Int, inputs: Int) in (0..<count).map { _ in (0...inputs).map { _ in source.normal() } } }
    let network = OracleNetworks.layers(inputs: 3, [rows(24, 3), rows(24, 24), rows(1, 24)])
    var enumeration = try RegionEnumeration(network, in: .box(lower: [-1, -1, -1], upper: [1, 1, 1]))
    enumeration.threads = 1
    let single = try patterns(enumeration)
    for threads in [2, 4] {
      enumeration.threads = threads
      var index = 0
      let summary = try enumeration.forEach(detail: []) { region in
        #expect(region.pattern == single[index])
        if index % 200 == 0 { Thread.sleep(forTimeInterval: 0.005) }
        index += 1
      }
      #expect(summary.isComplete && index == single.count)
    }
  }

  @Test func anArrangementInGeneralPositionHasZaslavskysCount() throws {
    for (inputs, units) in [(1, 9), (2, 12), (3, 10), (4, 9), (5, 8), (6, 8), (7, 9), (8, 9), (9, 7)] {
      var source = RandomSource(seed: UInt64(74_000 + inputs))
      let rows = (0..<units).map { _ in (0...inputs).map { _ in source.normal() } }
      let network = OracleNetworks.layers(inputs: inputs, [rows, [[0] + rows.map { _ in 1.0 }]])
      var expected = 0
      var binomial = 1
      for k in 0...min(inputs, units) {
        expected += binomial
        binomial = binomial * (units - k) / (k + 1)
      }
      #expect(try RegionEnumeration(network, in: .space).count().activationRegions == expected, "\(inputs), \(units)")
    }
  }

  @Test func degenerateArrangements() throws {
    let grid = OracleNetworks.grid(inputs: 3, at: [-0.5, 0, 0.5])
    let fan = OracleNetworks.fan(inputs: 3, planes: 12)
    for kind in Self.kinds {
      for domain in [RegionDomain.space, .box(lower: [-1, -1, -1], upper: [1, 1, 1])] {
        var enumeration = try RegionEnumeration(grid, in: domain)
        enumeration.firstSearch = kind
        #expect(try enumeration.count().activationRegions == 64, "\(kind)")
        enumeration = try RegionEnumeration(fan, in: domain)
        enumeration.firstSearch = kind
        #expect(try enumeration.count().activationRegions == 134, "\(kind)")
      }
      var enumeration = try RegionEnumeration(OracleNetworks.diamond, in: .space)
      enumeration.firstSearch = kind
      #expect(try enumeration.count().activationRegions == 8, "\(kind)")
    }
  }

  /// A cell with more facets than a narrow, and than a wide mask can hold.
  @Test(arguments: [60, 120, 200])
  func cellsOfManyFacets(_ count: Int) throws {
    // Tangents of a circle at dyadic points near to even spacing; one region inside them all.
    let halfSpaces = (0..<count).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(count)
      return HalfSpace(normal: [cosine(angle), cosine(angle - .pi / 2)], offset: 1)
    }
    let network = OracleNetworks.layers(inputs: 2, [[[0.0, 1, 0], [0, 0, 1]], [[0, 1, 1]]])
    var facets = 0
    let summary = try RegionEnumeration(network, in: .polyhedron(halfSpaces)).forEach(detail: .all) {
      facets += $0.facets.count
    }
    #expect(summary.activationRegions == 4)
    #expect(facets >= count)
  }

  /// Taylor's series, to the precision of doubles for the angles of one turn.
  private func cosine(_ angle: Double) -> Double {
    var sum = 1.0
    var term = 1.0
    for k in 1...30 {
      term *= -angle * angle / Double((2 * k - 1) * (2 * k))
      sum += term
    }
    return sum
  }

  @Test func nearlyDeadWeightsAtInfinity() throws {
    // Two hyperplanes that meet at distance 1e15 and 1e20 count as crossing.
    let rows = [[1.0, 1, 0], [-1, 1, 1e-15], [0.5, 1, -1e-20], [0.3, 0, 1]]
    let network = OracleNetworks.layers(inputs: 2, [rows, [[0, 1, 1, 1, 1]]])
    #expect(try RegionEnumeration(network, in: .space).count().activationRegions == 11)
  }

  @Test func limitsAndCancellation() throws {
    let fan = OracleNetworks.fan(inputs: 3, planes: 12)
    var enumeration = try RegionEnumeration(fan, in: .space)
    enumeration.limit = 50
    var seen = 0
    let cut = try enumeration.forEach(detail: []) { _ in seen += 1 }
    #expect(cut.activationRegions == 50 && seen == 50 && !cut.isComplete)
    enumeration.limit = 134
    #expect(try enumeration.count().activationRegions == 134)
    enumeration.limit = .max
    enumeration.cancellation.cancel()
    let stopped = try enumeration.count()
    #expect(!stopped.isComplete && stopped.activationRegions < 134)
  }

  @Test func errorsOfDomains() throws {
    let fan = OracleNetworks.fan(inputs: 3, planes: 4)
    #expect(throws: RegionError.self) { try RegionEnumeration(fan, in: .box(lower: [0, 0], upper: [1, 1])) }
    #expect(throws: RegionError.self) { try RegionEnumeration(fan, in: .box(lower: [0, 0, 1], upper: [1, 1, 1])) }
    #expect(throws: RegionError.self) {
      try RegionEnumeration(fan, in: .box(lower: [0, 0, -.infinity], upper: [1, 1, 1]))
    }
    let empty = [HalfSpace(normal: [1, 0, 0], offset: 0), HalfSpace(normal: [-1, 0, 0], offset: 0)]
    #expect(throws: RegionError.self) { try RegionEnumeration(fan, in: .polyhedron(empty)) }
    #expect(throws: RegionError.self) {
      try RegionEnumeration(fan, in: .polyhedron([HalfSpace(normal: [1, 0], offset: 0)]))
    }
  }
}
