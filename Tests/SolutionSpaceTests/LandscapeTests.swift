import Foundation
import Testing

@testable import SolutionSpace

@Suite struct LandscapeTests {
  @Test(arguments: [("relu", 0.4), ("sign", 0.6), ("identity", 0.2)]) func franzParisiAtTheTypicalOverlap(
    _ name: String, _ load: Double
  ) throws {
    let entropy = try FranzParisiEntropy(CapacityTests.committee(name, .binary), load: load)
    let point = try entropy.point(overlap: entropy.reference.overlap)
    #expect(abs(point.entropy - entropy.reference.freeEntropy) < 1e-10)
    #expect(abs(point.replicaOverlap - entropy.reference.overlap) < 1e-10 && abs(point.slope) < 1e-8)
  }

  @Test(arguments: [
    ("relu", 0.4, 0.5, 0.3560600254, 0.3467971175, 0.2068517211),
    ("sign", 0.2, 0.4, 0.4963804166, 0.2065838855, 0.08610213253),
    ("identity", 0.8, 0.3, 4.604956424e-5, 0.49845990155, 0.45511754508),
  ]) func franzParisi(_ name: String, _ load: Double, _ p: Double, _ s: Double, _ r: Double, _ t: Double) throws {
    let point = try FranzParisiEntropy(CapacityTests.committee(name, .binary), load: load).point(overlap: p)
    #expect(abs(point.entropy - s) < 2e-9 && abs(point.replicaOverlap - r) < 1e-6 && abs(point.otherOverlap - t) < 1e-6)
    #expect(point.error < 1e-9)
  }

  @Test(arguments: [("relu", 0.4, 0.003954635155), ("sign", 0.4, 0.026067963323), ("identity", 0.4, 0.003006904341)])
  func isolation(_ name: String, _ load: Double, _ distance: Double) throws {
    let found = try #require(try FranzParisiEntropy(CapacityTests.committee(name, .binary), load: load).isolation())
    #expect(abs(found.value / distance - 1) < 1e-5)
  }

  /// The slope is the derivative, for both kinds of weights.
  @Test(arguments: [WeightSpace.binary, .spherical]) func franzParisiSlopes(_ weights: WeightSpace) throws {
    let entropy = try FranzParisiEntropy(CapacityTests.committee("relu", weights), load: 0.5)
    let (low, middle, high) = (
      try entropy.point(overlap: 0.7 - 1e-4), try entropy.point(overlap: 0.7), try entropy.point(overlap: 0.7 + 1e-4)
    )
    #expect(abs((high.entropy - low.entropy) / 2e-4 - middle.slope) < 1e-6)
    let typical = try entropy.point(overlap: entropy.reference.overlap)
    #expect(abs(typical.entropy - entropy.reference.freeEntropy) < 1e-10)
  }

  @Test(arguments: [(1.0, 0.4057709519), (2, 0.305358064), (5, 0.2291309771), (40, 0.191985186)])
  func finiteReplicas(_ y: Double, _ entropy: Double) throws {
    let regions = try DenseRegions(CapacityTests.committee("relu", .binary), load: 0.4)
    let point = try #require(try regions.point(overlap: 0.8, replicas: y))
    #expect(abs(point.entropy - entropy) < 1e-7)
  }

  @Test(arguments: [WeightSpace.binary, .spherical]) func oneReplicaIsTypical(_ weights: WeightSpace) throws {
    let committee = try CapacityTests.committee("tanh", weights)
    let typical = try committee.state(load: 0.5).freeEntropy
    let regions = try DenseRegions(committee, load: 0.5)
    for p in [0.6, 0.9] {
      #expect(abs(try #require(try regions.point(overlap: p, replicas: 1)).entropy - typical) < 1e-8)
    }
    // Many replicas come near the limit, like (ln y)/y.
    let limit = try #require(try regions.point(overlap: 0.8)).entropy
    let many = try #require(try regions.point(overlap: 0.8, replicas: 300)).entropy
    #expect(abs(many - limit) < 0.02)
  }

  @Test func denseRegions() throws {
    let regions = try DenseRegions(CapacityTests.committee("relu", .binary), load: 0.4)
    let point = try #require(try regions.point(overlap: 0.9))
    #expect(abs(point.entropy - 0.11837744384916) < 1e-9 && abs(point.bound - 0.11930994278441) < 1e-12)
    let (low, high) = (
      try #require(try regions.point(overlap: 0.8999)), try #require(try regions.point(overlap: 0.9001))
    )
    #expect(abs((high.entropy - low.entropy) / 2e-4 - (point.slope ?? 0)) < 1e-5)
    let spherical = try DenseRegions(CapacityTests.committee("relu", .spherical), load: 0.8)
    let middle = try #require(try spherical.point(overlap: 0.8))
    let ends = (try #require(try spherical.point(overlap: 0.7999)), try #require(try spherical.point(overlap: 0.8001)))
    #expect(abs((ends.1.entropy - ends.0.entropy) / 2e-4 - (middle.slope ?? 0)) < 1e-5)
  }

  @Test func threshold() throws {
    let found = try CapacityTests.committee("relu", .binary).denseRegionThreshold()
    #expect(abs(found.load.value - 0.7915) < 5e-4 && abs(found.overlap - 0.858) < 0.01)
  }

  @Test(arguments: [("relu", 0.4, 0.05, 0.17761420997709967), ("sign", 0.2, 0.01, 0.1674602935241868)])
  func typicalRobustness(_ name: String, _ load: Double, _ share: Double, _ expected: Double) throws {
    let committee = try CapacityTests.committee(name, .binary)
    let robustness = FlipRobustness(committee)
    let state = try committee.state(load: load)
    #expect(abs(try robustness.error(ofTypical: state, share: share) - expected) < 1e-9)
    #expect(abs(try robustness.error(ofTypical: state, share: 0.5) - 0.5) < 1e-12)
    #expect(try robustness.error(ofTypical: state, share: 0) == 0)
    let dense = try #require(try DenseRegions(committee, load: load).point(overlap: 0.9))
    #expect(try robustness.error(ofDense: dense, share: share) < 0.6 * expected)
    #expect(throws: SolutionSpaceError.self) { try robustness.error(ofTypical: state, share: 0.7) }
  }

  @Test func denseRobustness() throws {
    let committee = try CapacityTests.committee("relu", .binary)
    let dense = try #require(try DenseRegions(committee, load: 0.4).point(overlap: 0.9))
    #expect(abs(try FlipRobustness(committee).error(ofDense: dense, share: 0.05) - 0.0624320) < 1e-5)
  }

  @Test func evenActivationsAreRefused() throws {
    let committee = try CapacityTests.committee("abs", .binary)
    #expect(throws: SolutionSpaceError.self) { try FranzParisiEntropy(committee, load: 0.4) }
    #expect(throws: SolutionSpaceError.self) { try DenseRegions(committee, load: 0.4) }
  }
}
