import Exact
import Execution
import Networks
import Probability

/// What random points of a box tell about its activation regions when there are too many to enumerate.
public struct RegionSample: Sendable {
  /// The points drawn; fewer than asked for when the work was stopped.
  public let points: Int
  /// Points on the boundary of regions, which count for none.
  public let boundaryPoints: Int
  /// The number of different activation patterns found. Each was decided exactly, at a point with a neighbourhood in one
  /// region, so there are at least as many regions in the box: a proved lower bound.
  public let distinct: Int
  /// The numbers of patterns found exactly once, and exactly twice.
  public let singletons: Int
  public let doubletons: Int

  /// An estimate of the share of the box's volume that lies in the regions found, 1 − singletons / points; nil without a
  /// point.
  ///
  /// Source: I. Good, The population frequencies of species and the estimation of population parameters (1953).
  public var estimatedCoverage: Double? {
    let counted = points - boundaryPoints
    return counted > 0 ? 1 - Double(singletons) / Double(counted) : nil
  }

  /// An estimate of the number of regions in the box, from below: distinct + s (s − 1) / (2 (d + 1)) with s singletons and
  /// d doubletons. It is no bound.
  ///
  /// Source: A. Chao, Nonparametric estimation of the number of classes in a population (1984), bias-corrected.
  public var estimatedCount: Double {
    let single = Double(singletons)
    return Double(distinct) + single * max(single - 1, 0) / (2 * Double(doubletons + 1))
  }
}

/// Draws random points of a box and counts the activation patterns around them.
public struct RegionSampling: Sendable {
  public var points: Int
  public var seed: UInt64
  public var threads: Int

  public init(points: Int = 100_000, seed: UInt64 = 0, threads: Int = defaultThreadCount) {
    self.points = points
    self.seed = seed
    self.threads = threads
  }

  /// Samples the regions of a network, uniformly in a box.
  ///
  /// The result depends on the seed and not on the number of threads, unless the work is stopped.
  ///
  /// - Parameter box: one interval for each input.
  /// - Throws: `RegionSamplingError` when a side is infinite or has no interior.
  /// - Complexity: O(points · parameters) time, O(points) memory.
  public func run(
    on network: UnitNetwork, box: [Interval], cancellation: Cancellation = Cancellation()
  ) throws -> RegionSample {
    let box = try SamplingBox(box, inputCount: network.inputCount)
    let pattern = LocalPattern(network)
    let chunk = 1024
    let chunks = parallelMap(count: (max(points, 0) + chunk - 1) / chunk, threads: threads) { index -> [UInt64?] in
      var source = RandomSource(seed: seed, index: index)
      var keys: [UInt64?] = []
      for _ in 0..<min(chunk, points - index * chunk) where !cancellation.shouldStop {
        keys.append(pattern.choices(at: box.point(&source)).map(Self.key))
      }
      return keys
    }
    let keys = chunks.joined().compactMap { $0 }.sorted()
    var sizes: [Int: Int] = [:]
    var position = 0
    while position < keys.count {
      var next = position + 1
      while next < keys.count, keys[next] == keys[position] { next += 1 }
      sizes[next - position, default: 0] += 1
      position = next
    }
    let drawn = chunks.reduce(0) { $0 + $1.count }
    return RegionSample(
      points: drawn, boundaryPoints: drawn - keys.count, distinct: sizes.values.reduce(0, +),
      singletons: sizes[1] ?? 0, doubletons: sizes[2] ?? 0)
  }

  /// A key of a pattern. Different keys mean different patterns, so two patterns that share a key can only make the count
  /// of patterns smaller.
  private static func key(_ choices: [Int]) -> UInt64 {
    choices.reduce(0x9e37_79b9_7f4a_7c15) { hash, choice in
      let mixed = (hash ^ UInt64(truncatingIfNeeded: choice)) &* 0xbf58_476d_1ce4_e5b9
      return mixed ^ (mixed >> 29)
    }
  }
}

/// A bounded box with an interior, to draw points from.
struct SamplingBox: Sendable {
  private let sides: [Interval]

  init(_ box: [Interval], inputCount: Int) throws {
    guard box.count == inputCount else {
      throw RegionSamplingError("the box has \(box.count) sides, but the network has \(inputCount) inputs")
    }
    for (index, side) in box.enumerated() {
      guard side.lower.isFinite, side.upper.isFinite else {
        throw RegionSamplingError("side \(index) of the box is infinite; random points need a bounded box")
      }
      guard side.lower < side.upper else {
        throw RegionSamplingError(
          "side \(index) of the box is the single number \(side.lower); regions are counted in a box with an interior")
      }
    }
    sides = box
  }

  /// A point of the closed box.
  func point(_ source: inout RandomSource) -> [Double] {
    sides.map { side in
      let share = source.uniform()
      // Halves first, so that the difference of two large numbers stays finite.
      let point = side.lower + 2 * (share * (side.upper / 2 - side.lower / 2))
      return max(side.lower, min(side.upper, point))
    }
  }
}

/// A box from which no points can be drawn, in words.
public struct RegionSamplingError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
