import Networks
import Polyhedra
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct ComplexVolumeTests {
  private static func regions(_ network: UnitNetwork, _ domain: RegionDomain) throws -> [LinearRegion] {
    var regions: [LinearRegion] = []
    _ = try RegionEnumeration(network, in: domain).forEach(detail: .all) { regions.append($0) }
    return regions
  }

  /// A domain as one region.
  private static func whole(_ inputs: Int, _ domain: RegionDomain) throws -> LinearRegion {
    let plain = try UnitNetwork(inputCount: inputs, stages: [], outputs: [AffineForm(constant: 0)])
    return try #require(try regions(plain, domain).first)
  }

  private static func random(_ inputs: Int, _ widths: [Int], using source: inout RandomSource) -> UnitNetwork {
    var before = inputs
    let layers = widths.map { width in
      let rows = (0..<width).map { _ in [0.4 * source.normal()] + (0..<before).map { _ in source.normal() } }
      before = width
      return rows
    }
    return OracleNetworks.layers(inputs: inputs, layers)
  }

  private static func factorial(_ n: Int) -> Double { (1...max(n, 1)).reduce(1) { $0 * Double($1) } }

  private static func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(abs(a), abs(b)) }

  @Test func boxes() throws {
    for n in 1...6 {
      let lower = (0..<n).map { -Double($0) }
      let box = try Self.whole(n, .box(lower: lower, upper: (0..<n).map { Double($0) / 2 + 1 }))
      let sides = (0..<n).map { 1.5 * Double($0) + 1 }
      #expect(Self.isNear(box.volume, sides.reduce(1, *)))
      let centroid = try #require(box.centroid)
      for j in 0..<n { #expect(abs(centroid[j] - (lower[j] + sides[j] / 2)) < 1e-12) }
      for facet in box.facets.indices {
        let axis = try #require(box.facets[facet].halfSpace.normal.firstIndex { $0 != 0 })
        let others = sides.indices.filter { $0 != axis }.map { sides[$0] }
        #expect(Self.isNear(box.facetArea(facet), others.reduce(1, *)))
      }
      // A cube is cut into at most n! simplices, and by pulling into no other number.
      #expect(n == 1 || box.simplices().count == (n + 1) * Int(Self.factorial(n)))
    }
  }

  /// Σ |xⱼ| ≤ 1: 2ⁿ facets, and vertices on 2ⁿ⁻¹ of them.
  @Test func crossPolytopes() throws {
    for n in 1...5 {
      let halfSpaces = (0..<1 << n).map { signs in
        HalfSpace(normal: (0..<n).map { signs >> $0 & 1 == 1 ? 1 : -1 }, offset: 1)
      }
      let body = try Self.whole(n, .polyhedron(halfSpaces))
      #expect(Self.isNear(body.volume, Double(1 << n) / Self.factorial(n)))
      let area = Double(n).squareRoot() / Self.factorial(n - 1)
      #expect(body.facets.indices.allSatisfy { Self.isNear(body.facetArea($0), area) })
      #expect(try #require(body.centroid).allSatisfy { abs($0) < 1e-15 })
    }
  }

  /// The volumes of all regions add up; each is its surface seen from inside: n V = Σ area · height; and its centroid is in
  /// it.
  @Test(arguments: [1, 2, 3, 4, 5])
  func randomNetworks(_ n: Int) throws {
    let seed: UInt64 = 61
    var source = RandomSource(seed: seed, index: n)
    let network = Self.random(n, n < 4 ? [10, 8] : [6, 4], using: &source)
    let domain = RegionDomain.box(lower: Array(repeating: -1, count: n), upper: Array(repeating: 1, count: n))
    var total = 0.0
    for region in try Self.regions(network, domain) {
      total += region.volume
      let centroid = try #require(region.centroid)
      var surface = 0.0
      for (index, facet) in region.facets.enumerated() {
        let length = facet.halfSpace.normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let height = facet.halfSpace.slack(at: centroid) / length
        #expect(height > 0, "seed \(seed), n \(n)")
        surface += region.facetArea(index) * height
      }
      #expect(abs(surface / Double(n) - region.volume) < 1e-13, "seed \(seed), n \(n)")
    }
    #expect(Self.isNear(total, Double(1 << n)), "seed \(seed), n \(n)")
  }

  /// Every point lies in exactly one simplex of the region that it lies in.
  @Test func simplicesDoNotOverlap() throws {
    let seed: UInt64 = 62
    var source = RandomSource(seed: seed)
    let network = Self.random(3, [8, 5], using: &source)
    let regions = try Self.regions(network, .box(lower: [-1, -1, -1], upper: [1, 1, 1]))
    for _ in 0..<200 {
      let point = (0..<3).map { _ in 2 * source.uniform() - 1 }
      let count = regions.reduce(0) { count, region in
        let simplices = region.simplices()
        return count
          + stride(from: 0, to: simplices.count, by: 4).count { first in
            Self.contains(point, simplices[first..<first + 4].map { Array(region.vertices.row($0)) })
          }
      }
      #expect(count == 1, "seed \(seed), point \(point)")
    }
  }

  /// Whether a tetrahedron contains a point: replacing a corner by it never turns the orientation.
  private static func contains(_ point: [Double], _ corners: [[Double]]) -> Bool {
    func volume(_ p: [[Double]]) -> Double {
      let (a, b, c) = (zip(p[1], p[0]).map(-), zip(p[2], p[0]).map(-), zip(p[3], p[0]).map(-))
      return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
        + a[2] * (b[0] * c[1] - b[1] * c[0])
    }
    let whole = volume(corners)
    return corners.indices.allSatisfy { index in
      var replaced = corners
      replaced[index] = point
      return volume(replaced) * whole > 0
    }
  }

  @Test func unboundedRegions() throws {
    for region in try Self.regions(OracleNetworks.fan(inputs: 3, planes: 5), .space) {
      #expect(region.volume == .infinity && region.centroid == nil && region.simplices().isEmpty)
      #expect(region.facets.indices.allSatisfy { region.facetArea($0) == .infinity })
    }
    // Half-lines, and the interval between: its facets are points.
    let steps = try Self.regions(OracleNetworks.grid(inputs: 1, at: [0, 3]), .space)
    #expect(steps.map(\.volume).sorted() == [3, .infinity, .infinity])
    #expect(steps.allSatisfy { region in region.facets.indices.allSatisfy { region.facetArea($0) == 1 } })
    // A half-strip: one facet is bounded.
    let strip = RegionDomain.polyhedron([
      HalfSpace(normal: [-1, 0], offset: 0),
      HalfSpace(normal: [1, 0], offset: 2),
      HalfSpace(normal: [0, -1], offset: 0),
    ])
    let half = try Self.whole(2, strip)
    #expect(half.volume == .infinity)
    #expect(half.facets.indices.map { half.facetArea($0) }.sorted() == [2, .infinity, .infinity])
  }
}
