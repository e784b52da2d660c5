import Foundation
import Networks
import Polyhedra
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct ComplexChecksTests {
  private static func enumeration(_ network: UnitNetwork, _ domain: RegionDomain = .space) throws -> RegionEnumeration {
    try RegionEnumeration(network, in: domain)
  }

  private static let square = RegionDomain.box(lower: [-1, -1], upper: [1, 1])

  @Test func randomNetworksPass() throws {
    let seed: UInt64 = 71
    for round in 0..<60 {
      var source = RandomSource(seed: seed, index: round)
      let item = ComplexCase(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let checks = try RegionChecks.full(of: item.enumeration())
      let context: Comment = "seed \(seed), round \(round), \(item.domain), \(checks)"
      #expect(checks.passed && checks.isComplete, context)
      #expect(checks.regions == item.oracle.cells.count && checks.wrongPatterns == 0, context)
      #expect(checks.unmatchedFacets == 0 && checks.isConnected == true, context)
      #expect(checks.eulerCharacteristic != nil && (checks.largestGap ?? 1) < 1e-12, context)
      let isBox = item.domain.name == "box"
      #expect(!isBox || checks.volumeError.map { $0 < 1e-12 } == true, context)
    }
  }

  @Test func aPolytopeHasItsVolume() throws {
    let triangle = [
      HalfSpace(normal: [-1, 0], offset: 0),
      HalfSpace(normal: [0, -1], offset: 0),
      HalfSpace(normal: [1, 2], offset: 2),
    ]
    let checks = try RegionChecks.full(of: Self.enumeration(OracleNetworks.diamond, .polyhedron(triangle)))
    #expect(checks.domainVolume == 1 && checks.passed)
    #expect(try #require(checks.volumeError) < 1e-15)
    #expect(try RegionChecks.full(of: Self.enumeration(OracleNetworks.diamond)).volumeError == nil)
  }

  /// Region by region, and what is missed without a part.
  @Test func streaming() throws {
    var enumeration = try Self.enumeration(OracleNetworks.grid(inputs: 2, at: [-0.5, 0, 0.5]), Self.square)
    let examiner = RegionExaminer(enumeration)
    var checks = try RegionChecks(enumeration)
    var summary = try enumeration.forEach(
      detail: .all, transform: { examiner.examine($0) }, receive: { checks.add($0) })
    #expect(checks.volumeError == nil)
    checks.finish(summary)
    #expect(checks.passed && checks.volumeError == 0 && checks.confirmedPatterns == 16)
    #expect(checks.unmatchedFacets == nil && checks.eulerCharacteristic == nil && checks.largestGap == nil)

    enumeration.limit = 5
    var part = try RegionChecks(enumeration)
    summary = try enumeration.forEach(detail: .all, transform: { examiner.examine($0) }, receive: { part.add($0) })
    part.finish(summary)
    part.add(DualGraph(try RegionComplex(enumeration)))
    #expect(part.passed && !part.isComplete && part.volumeError == nil && part.unmatchedFacets == nil)
  }

  /// A region that is lost, a wrong map and a wrong pattern are found.
  @Test func errorsAreFound() throws {
    let enumeration = try Self.enumeration(OracleNetworks.diamond, Self.square)
    let examiner = RegionExaminer(enumeration)
    var regions: [LinearRegion] = []
    let summary = try enumeration.forEach(detail: .all) { regions.append($0) }
    func checks(_ regions: [LinearRegion]) throws -> RegionChecks {
      var checks = try RegionChecks(enumeration)
      for region in regions { checks.add(examiner.examine(region)) }
      checks.finish(summary)
      return checks
    }
    #expect(try checks(regions).passed)

    var bent = regions
    bent[0].map.offset[0] += 1e-6
    #expect(try !checks(bent).passed && checks(bent).largestValueError > 1e-7)

    var swapped = regions
    swapped[0].pattern = regions[1].pattern
    #expect(try checks(swapped).wrongPatterns == 1 && !checks(swapped).passed)

    // The same region twice instead of another one.
    var doubled = regions
    let other = try #require(regions.indices.first { abs(regions[$0].volume - regions[0].volume) > 0.01 })
    doubled[other] = regions[0]
    #expect(try !checks(doubled).passed && (checks(doubled).volumeError ?? 0) > 1e-3)
    #expect(try !checks(Array(regions.dropLast())).isComplete)
  }

  @Test func checksAreStored() throws {
    let checks = try RegionChecks.full(of: Self.enumeration(OracleNetworks.diamond, Self.square))
    let data = try JSONEncoder().encode(checks)
    let read = try JSONDecoder().decode(RegionChecks.self, from: data)
    #expect(read.passed && read.regions == 8 && read.eulerCharacteristic == 1 && read.volumeError == 0)
  }
}
