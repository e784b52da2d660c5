import Foundation
import Probability
import Testing

@testable import SolutionSpace

@Suite struct FiniteWidthTests {
  @Test func exactCapacities() throws {
    let cone = try FiniteCommittee(unit: .relu, hidden: 2)
    #expect(abs(cone.replicaSymmetricCapacity().value - 4.0 / 3) < 1e-12)
    #expect(abs(try cone.brokenCapacity().load.value - 4.0 / 3) < 1e-12)
    let weak = try FiniteCommittee(unit: .relu, hidden: 2, convention: .weak)
    let angle = 3 * Double.pi / 4
    let exact = 1 / (2 / Double.pi * (3 * Double.pi / 16 - sin(angle) / 4))
    #expect(abs(weak.replicaSymmetricCapacity().value - exact) < 1e-9)
    #expect(abs(try FiniteCommittee(unit: .sign, hidden: 1).replicaSymmetricCapacity().value - 2) < 1e-12)
    let three = 1 / (3.0 / 8 * (1 - 2 / Double.pi) + (2 - 2 * 3.0.squareRoot() / Double.pi) / 8)
    #expect(abs(try FiniteCommittee(unit: .sign, hidden: 3).replicaSymmetricCapacity().value - three) < 1e-10)
  }

  @Test func samplesAgreeWithOrderStatistics() throws {
    // The projection of signs against the integral: the same number by two ways.
    for hidden in [3, 5, 8] {
      let committee = try FiniteCommittee(unit: .sign, hidden: hidden)
      var source = RandomSource(seed: UInt64(hidden))
      let samples = (0..<20_000).map { _ in committee.squaredDistance((0..<hidden).map { _ in source.normal() }) }
      let mean = samples.reduce(0, +) / 20_000
      let deviation = (samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000 / 20_000).squareRoot()
      #expect(abs(mean - 1 / committee.replicaSymmetricCapacity().value) < 5 * deviation, "K = \(hidden)")
    }
  }

  @Test func samplesDoNotDependOnThreads() throws {
    let committee = try FiniteCommittee(unit: .relu, hidden: 6)
    let one = committee.replicaSymmetricCapacity(samples: 20_000, seed: 3, threads: 1)
    #expect(committee.replicaSymmetricCapacity(samples: 20_000, seed: 3, threads: 3) == one)
    #expect(abs(one.value - 2.798) < 5 * one.error)
  }

  @Test func oneStepOfTwoUnits() throws {
    let value = try FiniteCommittee(unit: .relu, hidden: 2, convention: .weak).brokenCapacity()
    #expect(abs(value.load.value - 3.6766) < 2e-4)
  }

  @Test func binaryWeights() throws {
    #expect(abs(try FiniteCommittee(unit: .sign, hidden: 1).zeroEntropyState().load - 0.8330786) < 1e-7)
    #expect(abs(try FiniteCommittee(unit: .relu, hidden: 2).zeroEntropyState().load - 0.575051) < 1e-6)
  }

  @Test func oddNumbersOfReLUsAreRefused() {
    #expect(throws: SolutionSpaceError.self) { try FiniteCommittee(unit: .relu, hidden: 3) }
    #expect(throws: SolutionSpaceError.self) { try FiniteCommittee(unit: .sign, hidden: 0) }
    #expect(throws: SolutionSpaceError.self) { try FiniteCommittee(unit: .sign, hidden: 9).brokenCapacity() }
  }

  /// The projection is right, and no random right point is nearer.
  @Test(arguments: [FiniteUnit.relu, .sign]) func projectionsAreNearest(_ unit: FiniteUnit) {
    for seed in 0..<200 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let hidden = 2 * (1 + source.index(below: 3)) + (unit == .sign ? 1 : 0)
      let positives = unit == .sign ? (seed % 2 == 0 ? hidden : 0) : hidden / 2
      let threshold = unit == .relu && seed % 3 == 0 ? source.uniform() : 0
      let fields = (0..<hidden).map { _ in source.normal() }
      func output(_ v: [Double]) -> Double {
        v.indices.reduce(-threshold) { sum, l in
          let value = unit == .relu ? max(v[l], 0) : v[l] > 0 ? 1 : v[l] < 0 ? -1 : 0
          return sum + (l < positives ? value : -value)
        }
      }
      var moved = fields
      var scratch = fields
      let distance = moved.withUnsafeMutableBufferPointer { moved in
        scratch.withUnsafeMutableBufferPointer { scratch in
          HalfSpaceProjection(unit: unit).project(moved, positives: positives, threshold: threshold, scratch: scratch)
        }
      }
      let walked = zip(moved, fields).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(abs(distance - walked) < 1e-12, "seed \(seed)")
      if unit == .relu { #expect(output(moved) > -1e-12, "seed \(seed)") }
      for _ in 0..<300 {
        let other = fields.map { $0 + (distance.squareRoot() + 0.1) * source.normal() }
        guard output(other) > 0 else { continue }
        let length = zip(other, fields).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(length >= distance - 1e-12, "seed \(seed)")
      }
    }
  }
}
