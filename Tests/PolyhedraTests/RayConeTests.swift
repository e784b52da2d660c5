import Testing

@testable import Polyhedra

/// The cone's rays against brute force: every line that d − 1 hyperplanes have in common, tried in both directions.
@Suite struct RayConeTests {
  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private func unit(_ vector: [Double]) -> [Double] {
    let length = dot(vector, vector).squareRoot()
    return vector.map { $0 / length }
  }

  /// A vector orthogonal to d − 1 rows (their generalised cross product); near zero when they are dependent.
  private func orthogonal(_ rows: [[Double]]) -> [Double] {
    let d = rows.count + 1
    func without(_ column: Int, _ row: [Double]) -> [Double] { row.indices.filter { $0 != column }.map { row[$0] } }
    func determinant(_ matrix: [[Double]]) -> Double {
      guard let first = matrix.first else { return 1 }
      var sum = 0.0
      for column in first.indices {
        let cofactor = determinant(matrix.dropFirst().map { without(column, $0) })
        sum += column % 2 == 0 ? first[column] * cofactor : -first[column] * cofactor
      }
      return sum
    }
    return (0..<d).map { column in
      let cofactor = determinant(rows.map { without(column, $0) })
      return column % 2 == 0 ? cofactor : -cofactor
    }
  }

  private func subsets(_ count: Int, _ size: Int) -> [[Int]] {
    guard size > 0 else { return [[]] }
    return subsets(count, size - 1).flatMap { head in
      ((head.last ?? -1) + 1..<max(count, (head.last ?? -1) + 1)).map { head + [$0] }
    }
  }

  private func bruteForceRays(_ generators: [[Double]], dimension: Int) -> [[Double]] {
    var rays: [[Double]] = []
    for chosen in subsets(generators.count, dimension - 1) {
      let line = orthogonal(chosen.map { generators[$0] })
      guard dot(line, line) > 1e-16 else { continue }
      for sign in [1.0, -1.0] {
        let ray = unit(line).map { sign * $0 }
        guard generators.allSatisfy({ dot($0, ray) >= -1e-9 }) else { continue }
        if !rays.contains(where: { zip($0, ray).allSatisfy { abs($0 - $1) < 1e-9 } }) { rays.append(ray) }
      }
    }
    return rays
  }

  private func rows(_ cone: RayCone) -> [[Double]] {
    (0..<cone.rayCount).map { Array(cone.rays[$0 * cone.dimension..<($0 + 1) * cone.dimension]) }
  }

  private func cut(_ cone: inout RayCone, _ vector: [Double], sign: Double = 1, label: Int) -> Bool {
    vector.withUnsafeBufferPointer { cone.cut($0.baseAddress!, sign: sign, label: label) }
  }

  /// The generators that combine to a vector, asked for as itself or as minus its opposite.
  private func combination(_ cone: RayCone, _ vector: [Double], sign: Double) -> [Int]? {
    var members = [-1]
    let found = vector.map { sign * $0 }.withUnsafeBufferPointer {
      cone.combination(of: $0.baseAddress!, sign: sign, into: &members)
    }
    return found ? members : nil
  }

  /// A random half-space (x, 1) as data points make them: on a small grid for ties, or in general position.
  private func halfSpace(_ dimension: Int, _ random: inout SplitMix, grid: Bool) -> [Double] {
    unit((0..<dimension - 1).map { _ in grid ? Double(random.integer(-2...2)) : random.uniform(-2...2) } + [1])
  }

  @Test(arguments: 2...4, [false, true]) func raysAgreeWithBruteForce(dimension: Int, grid: Bool) {
    var compared = 0
    var refused = 0
    for seed in 0..<150 {
      var random = SplitMix(seed: UInt64(seed + 1000 * dimension))
      var cone = RayCone(dimension: dimension)
      var accepted: [[Double]] = []
      // Until the cone is pointed it has no rays to tell a contradiction by: those cuts have an inner point in common.
      let inner = (0..<dimension).map { _ in random.bell() }
      for label in 0..<random.integer(dimension...11) {
        let vector = halfSpace(dimension, &random, grid: grid)
        let isFree = cone.isPointed && random.integer(0...1) == 0
        let sign = (isFree ? random.bell() : dot(inner, vector)) < 0 ? -1.0 : 1.0
        let before = rows(cone)
        guard cut(&cone, vector, sign: sign, label: label) else {
          refused += 1
          // Nothing of full dimension would be left: no ray is on the inner side, and the cone stays as it was.
          #expect(before.allSatisfy { sign * dot($0, vector) <= 1e-9 }, "seed \(seed)")
          #expect(rows(cone) == before, "seed \(seed)")
          continue
        }
        accepted.append(vector.map { sign * $0 })
      }
      guard cone.isPointed else { continue }
      compared += 1
      let expected = bruteForceRays(accepted, dimension: dimension)
      let found = rows(cone)
      #expect(found.count == expected.count, "seed \(seed): \(found.count) rays, expected \(expected.count)")
      for ray in expected {
        #expect(
          found.contains { zip($0, ray).allSatisfy { abs($0 - $1) < 1e-8 } }, "seed \(seed): ray \(ray) is missing")
      }
      #expect(found.allSatisfy { abs(dot($0, $0) - 1) < 1e-9 }, "seed \(seed)")
    }
    #expect(compared > 60 && refused > 20, "\(compared) compared, \(refused) refused")
  }

  @Test func rangesAreThoseOfTheRays() {
    var random = SplitMix(seed: 5)
    var cone = RayCone(dimension: 3)
    for label in 0..<6 { _ = cut(&cone, halfSpace(3, &random, grid: false), label: label) }
    for _ in 0..<50 {
      let vector = halfSpace(3, &random, grid: true)
      let products = rows(cone).map { dot($0, vector) }
      let range = vector.withUnsafeBufferPointer { cone.range(of: $0.baseAddress!) }
      #expect(abs(range.lower - (products.min() ?? 0)) < 1e-14 && abs(range.upper - (products.max() ?? 0)) < 1e-14)
    }
  }

  /// A half-space that contains the cone is a non-negative combination of at most d generators, and no other one is.
  @Test(arguments: 2...4, [false, true]) func combinationsExistForWhatIsImplied(dimension: Int, grid: Bool) {
    var implied = 0
    var free = 0
    for seed in 0..<150 {
      var random = SplitMix(seed: UInt64(seed + 5000 * dimension))
      var cone = RayCone(dimension: dimension)
      let inner = (0..<dimension).map { _ in random.bell() }
      for label in 0..<9 {
        let vector = halfSpace(dimension, &random, grid: grid)
        _ = cut(&cone, vector, sign: dot(inner, vector) < 0 ? -1 : 1, label: label)
      }
      guard cone.isPointed else { continue }
      for _ in 0..<6 {
        let vector = halfSpace(dimension, &random, grid: grid)
        let lowest = rows(cone).map { dot($0, vector) }.min() ?? 0
        let combination = combination(cone, vector, sign: random.integer(0...1) == 0 ? -1 : 1)
        if lowest < -1e-7 {
          free += 1
          #expect(combination == nil, "seed \(seed): \(vector) is not implied")
          continue
        }
        guard lowest > -1e-12 else { continue }
        implied += 1
        guard let combination else {
          Issue.record("seed \(seed): no combination for \(vector), least product \(lowest)")
          continue
        }
        #expect(combination.count <= dimension && Set(combination).count == combination.count, "seed \(seed)")
        #expect(combination.allSatisfy { (0..<cone.generatorCount).contains($0) }, "seed \(seed)")
        // The cone over the chosen generators alone must already be in the half-space.
        let chosen = combination.map { Array(cone.generators[$0 * dimension..<($0 + 1) * dimension]) }
        #expect(residual(of: vector, over: chosen) < 1e-8, "seed \(seed)")
      }
    }
    #expect(implied > 30 && free > 30, "\(implied) implied, \(free) free")
  }

  /// The distance to the cone over a few independent vectors, by least squares; infinite when a weight is negative.
  private func residual(of vector: [Double], over chosen: [[Double]]) -> Double {
    let k = chosen.count
    var system = (0..<k).map { row in (0..<k).map { dot(chosen[row], chosen[$0]) } + [dot(chosen[row], vector)] }
    for column in 0..<k {
      let pivot = (column..<k).max { abs(system[$0][column]) < abs(system[$1][column]) } ?? column
      system.swapAt(pivot, column)
      for row in 0..<k where row != column {
        let factor = system[row][column] / system[column][column]
        for index in 0...k { system[row][index] -= factor * system[column][index] }
      }
    }
    var rest = vector
    for column in 0..<k {
      let weight = system[column][k] / system[column][column]
      guard weight > -1e-8 else { return .infinity }
      for index in rest.indices { rest[index] -= weight * chosen[column][index] }
    }
    return dot(rest, rest).squareRoot()
  }

  @Test func labelsFollowTheirGenerators() {
    var random = SplitMix(seed: 9)
    for _ in 0..<40 {
      var cone = RayCone(dimension: 3)
      var vectors: [[Double]] = []
      for label in 0..<8 {
        vectors.append(halfSpace(3, &random, grid: true))
        _ = cut(&cone, vectors[label], label: label)
      }
      #expect(cone.labels.count == cone.generatorCount)
      for (index, label) in cone.labels.enumerated() {
        #expect(Array(cone.generators[index * 3..<index * 3 + 3]) == vectors[label])
      }
    }
  }

  @Test func cutsBeyondTheCapacityAreIgnored() {
    var random = SplitMix(seed: 11)
    var cone = RayCone(dimension: 2)
    for label in 0..<200 { #expect(cut(&cone, unit([random.uniform(0...1), 1]), label: label)) }
    #expect(cone.generatorCount == RayCone.capacity && cone.rayCount == 2)
  }

  @Test func aConeWithLinesHasNoRays() {
    var cone = RayCone(dimension: 3)
    #expect(!cone.isPointed && cone.rayCount == 0)
    #expect(cut(&cone, unit([1, 2, 1]), label: 0) && cut(&cone, unit([1, 2, 1]), label: 1))
    #expect(cut(&cone, unit([2, 4, 1]), label: 2))
    #expect(!cone.isPointed && cone.rayCount == 0 && cone.generatorCount == 3)
  }
}
