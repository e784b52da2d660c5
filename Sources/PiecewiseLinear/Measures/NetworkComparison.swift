import Exact
import Execution
import Networks
import Probability

/// Compares two networks as functions: are they equal on a domain, and if not, where do they differ most?
///
/// ```swift
/// let comparison = try NetworkComparison(original, pruned, in: .box(lower: [-1, -1], upper: [1, 1]))
/// let result = try comparison.run()
/// result.verdict                                   // .different
/// result.differences[0].largest.value              // 3/1024, exactly
/// ```
///
/// The difference of the networks is a network too. It vanishes when it does on each of its regions, the common
/// refinement of both networks' regions; that, and the largest magnitude, is decided in rational arithmetic (see
/// `RegionEnumeration.outputRanges`).
public struct NetworkComparison: Sendable {
  public let first: UnitNetwork
  public let second: UnitNetwork
  /// The regions of the difference; its threads, limit, cancellation and progress may be set.
  public var enumeration: RegionEnumeration

  /// - Throws: `NetworkError` when the numbers of inputs or outputs differ, `RegionError` when the domain does not fit.
  public init(_ first: UnitNetwork, _ second: UnitNetwork, in domain: RegionDomain) throws {
    self.first = first
    self.second = second
    enumeration = try RegionEnumeration(UnitNetwork.difference(first, second), in: domain)
  }

  /// What is known after a comparison.
  public enum Verdict: String, Sendable {
    /// Proved: the networks agree at every point of the domain.
    case equal
    /// Proved: they differ at a point that is given.
    case different
    /// The enumeration was cut short, and no difference was seen.
    case unknown
  }

  /// By how much an output differs.
  public struct Difference: Sendable {
    /// Where |first − second| is largest over the regions seen; its value is the difference with its sign. Without a
    /// value the difference is unbounded.
    public var largest: OutputExtremum
    /// The exact values of the output at that point.
    public var firstValue: Rational
    public var secondValue: Rational

    /// |first − second| as a double; ∞ when unbounded.
    public var magnitude: Double { largest.value.map { $0.magnitude.doubleValue } ?? .infinity }
  }

  public struct Result: Sendable {
    public var verdict: Verdict
    /// One for each output; empty when no region was seen.
    public var differences: [Difference]
    /// When this is not complete, the differences are lower bounds.
    public var summary: RegionEnumeration.Summary
  }

  /// Finds the largest difference of every output. Visits all regions of the common refinement.
  public func run() throws -> Result {
    let (ranges, summary) = try enumeration.outputRanges()
    let differences = ranges.enumerated().map { output, range in
      let largest = range.largestMagnitude
      return Difference(
        largest: largest, firstValue: first.exactOutputs(at: largest.point)[output],
        secondValue: second.exactOutputs(at: largest.point)[output])
    }
    let differ = differences.contains { $0.largest.value?.signum != 0 }
    return Result(
      verdict: differ ? .different : summary.isComplete ? .equal : .unknown, differences: differences, summary: summary)
  }

  /// Decides only whether the networks are equal: stops at the first difference. Tries some points before it
  /// enumerates.
  ///
  /// - Parameter seed: of the points.
  /// - Returns: the verdict, and for `.different` a point at which the networks differ.
  public func decide(seed: UInt64 = 0) throws -> (verdict: Verdict, witness: [Rational]?) {
    if let witness = differingPoint(seed: seed) { return (.different, witness) }
    let pool = ExactCornersPool(enumeration)
    let estimate = OutputEstimate(enumeration)
    let summary: RegionEnumeration.Summary
    do {
      summary = try enumeration.forEach(
        detail: .all, transform: { Self.witness(on: $0, pool, estimate) },
        receive: { if let witness = $0 { throw Found(witness: witness) } })
    } catch let found as Found {
      return (.different, found.witness)
    }
    return (summary.isComplete ? .equal : .unknown, nil)
  }

  private struct Found: Error {
    var witness: [Rational]
  }

  /// A point of the region at which the difference is not zero.
  private static func witness(
    on region: LinearRegion, _ pool: ExactCornersPool, _ estimate: OutputEstimate
  ) -> [Rational]? {
    pool.with(region) { corners in
      for output in 0..<estimate.outputCount {
        let form = corners.output(output)
        if form.isZero { continue }
        for vertex in 0..<region.vertices.rows {
          let corner = corners.generator(vertex)
          if corners.sign(of: form, at: corner) != 0 { return corners.coordinates(corner) }
        }
        // It vanishes at all vertices: then not along some direction that leads on from one.
        let origin = corners.generator(0)
        let rays = (0..<region.rays.rows).map { corners.generator(region.vertices.rows + $0) }
        for direction in rays + corners.lines where corners.sign(of: form, at: direction) != 0 {
          return zip(corners.coordinates(origin), corners.coordinates(direction)).map { $0 + $1 }
        }
      }
      return nil
    }
  }

  /// One of some random points, if the networks differ there.
  private func differingPoint(seed: UInt64) -> [Rational]? {
    var source = RandomSource(seed: seed)
    let difference = enumeration.network
    for _ in 0..<32 {
      let point: [Double]
      switch enumeration.domain {
      case .box(let lower, let upper): point = zip(lower, upper).map { min($0 + source.uniform() * ($1 - $0), $1) }
      case .space: point = (0..<difference.inputCount).map { _ in source.normal() }
      case .polyhedron: return nil
      }
      let exact = point.map { Rational(exactly: $0) }
      if difference.exactOutputs(at: exact).contains(where: { $0.signum != 0 }) { return exact }
    }
    return nil
  }
}

extension OutputRange {
  /// The end that is further from zero.
  fileprivate var largestMagnitude: OutputExtremum {
    guard let low = minimum.value, let high = maximum.value else { return maximum.isUnbounded ? maximum : minimum }
    return -low > high ? minimum : maximum
  }
}
