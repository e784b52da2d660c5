import Exact
import LinearAlgebra
import Networks
import Probability

/// One number for each norm of vectors.
public struct NormValues: Sendable, Equatable {
  public var one: Double
  public var two: Double
  public var infinity: Double

  init(_ value: (NormExponent) -> Double) {
    one = value(.one)
    two = value(.two)
    infinity = value(.infinity)
  }

  public subscript(norm: NormExponent) -> Double {
    switch norm {
    case .one: one
    case .two: two
    case .infinity: infinity
    }
  }
}

extension UnitNetwork {
  /// Upper bounds of the Lipschitz constants sup ‖f(x) − f(y)‖ₚ / ‖x − y‖ₚ, with the same norm on both sides; for a single
  /// output they are the largest dual norms of the gradient. Proved, without enumeration.
  ///
  /// The smaller of two bounds: the product over the stages of the operator norms, with the steepest slope of each unit
  /// (C. Szegedy et al., Intriguing properties of neural networks, ICLR 2014, section 4.3), where a value that a skip
  /// connection carries past a stage is a row of its matrix; and the largest norm of a matrix within `jacobianRanges`.
  ///
  /// - Parameter choices: for each unit the choices that are not ruled out on the domain, which must be convex; nil for
  ///   all of them and the whole space.
  /// - Returns: infinity where a bound exceeds the range of `Double`.
  /// - Complexity: O((outputs + open units) · parameters), and the spectral norms of matrices of at most 2²²
  ///   elements; of larger ones √(‖A‖₁ ‖A‖_∞) is taken.
  public func lipschitzUpperBounds(choices: [[Int]]? = nil) -> NormValues {
    let ranges = jacobianRanges(choices: choices)
    let maps = StageMap.all(of: self, choices: choices ?? allChoices)
    return NormValues { norm in
      min(maps.reduce(Interval(1)) { $0 * $1.norm(norm) }.upper, Self.largestNorm(norm, of: ranges))
    }
  }

  /// Lower bounds of the Lipschitz constants on a box: the largest operator norms of the affine maps of the regions that
  /// random points lie in. Proved: each region is decided exactly, and its norms are bounded from below.
  ///
  /// - Parameter box: one bounded interval for each input.
  /// - Throws: `RegionSamplingError` when a side of the box is infinite or has no interior.
  /// - Complexity: O(points · outputs · parameters).
  public func lipschitzLowerBounds(in box: [Interval], points: Int = 1000, seed: UInt64 = 0) throws -> NormValues {
    let box = try SamplingBox(box, inputCount: inputCount)
    let pattern = LocalPattern(self)
    var source = RandomSource(seed: seed)
    var seen: Set<[Int]> = []
    var best = NormValues { _ in 0 }
    for _ in 0..<max(points, 0) {
      guard let choices = pattern.choices(at: box.point(&source)), seen.insert(choices).inserted else { continue }
      let map = jacobianRanges(choices: choices.map { [$0] })
      best = NormValues { max(best[$0], Self.leastNorm($0, of: map)) }
    }
    return best
  }

  /// An upper bound of the operator norms of all matrices within the ranges.
  private static func largestNorm(_ norm: NormExponent, of ranges: [[Interval]]) -> Double {
    func matrix(_ element: (Interval) -> Double) -> Matrix { Matrix(ranges.map { $0.map(element) }) }
    let magnitudes = matrix(\.magnitude)
    guard magnitudes.elements.allSatisfy(\.isFinite) else { return .infinity }
    guard norm == .two else { return magnitudes.operatorNorm(norm).upper }
    let largest = magnitudes.spectralBound
    // A matrix within the ranges is that of the midpoints and one of magnitudes at most the radii.
    let radii = matrix { max(($0 - Interval($0.midpoint)).magnitude, 0) }
    guard radii.elements.allSatisfy(\.isFinite) else { return largest }
    return min(largest, (Interval(matrix(\.midpoint).spectralBound) + Interval(radii.spectralBound)).upper)
  }

  /// A lower bound of the operator norms of all matrices within the ranges.
  private static func leastNorm(_ norm: NormExponent, of ranges: [[Interval]]) -> Double {
    switch norm {
    case .infinity:
      return ranges.map { row in row.reduce(Interval.zero) { $0 + $1.magnitudes }.lower }.max() ?? 0
    case .one:
      return (ranges.first ?? []).indices.map { column in
        ranges.reduce(Interval.zero) { $0 + $1[column].magnitudes }.lower
      }.max() ?? 0
    case .two:
      return SpectralNorm.lowerBound(ranges)
    }
  }
}

/// What a stage does to differences of the values that it and later stages read: a sparse matrix whose operator norm
/// bounds by how much they grow.
struct StageMap {
  /// Each row: which columns, and the largest magnitude of the entry's slope times weight, with its sign.
  private var rows: [[(column: Int, weight: Double)]] = []
  private var columnCount: Int

  /// The maps of all stages, and the map of the outputs.
  static func all(of network: UnitNetwork, choices: [[Int]]) -> [StageMap] {
    var readers = network.lastReaders
    for output in network.outputs {
      for term in output.terms { readers[term.value] = network.stages.count }
    }
    let offsets = network.stageOffsets
    var columns: [Int: Int] = [:]
    for value in 0..<network.inputCount where readers[value] >= 0 { columns[value] = columns.count }
    var maps: [StageMap] = []
    for (index, stage) in network.stages.enumerated() {
      var map = StageMap(columnCount: columns.count)
      var next: [Int: Int] = [:]
      for value in columns.keys.sorted() where readers[value] > index {
        next[value] = next.count
        map.rows.append([(columns[value] ?? 0, 1)])
      }
      for (position, unit) in stage.units.enumerated() where readers[offsets[index] + position] > index {
        let value = offsets[index] + position
        next[value] = next.count
        map.append(unit, choices[value - network.inputCount], columns)
      }
      maps.append(map)
      columns = next
    }
    var last = StageMap(columnCount: columns.count)
    for output in network.outputs { last.append(output, slope: 1, columns) }
    return maps + [last]
  }

  private init(columnCount: Int) { self.columnCount = columnCount }

  /// A maximum changes by no more than the form that changes most: one row for each form.
  private mutating func append(_ unit: UnitNetwork.Unit, _ choices: [Int], _ columns: [Int: Int]) {
    switch unit.kind {
    case .hinge(let below, let above):
      let slopes = unit.bends ? choices.map { abs($0 == 0 ? below : above) } : [abs(above)]
      append(unit.forms[0], slope: slopes.max() ?? 0, columns)
    case .maximum:
      for choice in choices { append(unit.forms[choice], slope: 1, columns) }
    }
  }

  private mutating func append(_ form: AffineForm, slope: Double, _ columns: [Int: Int]) {
    guard slope != 0 else { return }
    rows.append(form.terms.map { (columns[$0.value] ?? 0, slope * $0.weight) })
  }

  /// An upper bound of the operator norm, as the upper end.
  func norm(_ norm: NormExponent) -> Interval {
    switch norm {
    case .infinity: return largestSum(rows.map { $0.map(\.weight) })
    case .one:
      var weights = [[Double]](repeating: [], count: columnCount)
      for row in rows {
        for entry in row { weights[entry.column].append(entry.weight) }
      }
      return largestSum(weights)
    case .two: return spectral
    }
  }

  /// The product of a slope and a weight was rounded, by 2⁻⁵³ of itself at most or by underflow: one step further is above
  /// it.
  private func largestSum(_ lines: [[Double]]) -> Interval {
    lines.reduce(Interval.zero) { largest, line in
      let sum = line.reduce(Interval.zero) { $0 + Interval(abs($1).nextUp) }
      return Interval(lower: 0, upper: max(largest.upper, sum.upper))
    }
  }

  private var spectral: Interval {
    let crude = (norm(.one) * norm(.infinity)).squareRoot
    guard rows.count > 0, columnCount > 0, columnCount <= Matrix.largestSpectralSize / rows.count, crude.upper.isFinite
    else { return crude }
    var matrix = Matrix(rows: rows.count, columns: columnCount)
    for (index, row) in rows.enumerated() {
      for entry in row { matrix[index, entry.column] = entry.weight }
    }
    // The rounding of the entries is a matrix of entries at most 2⁻⁵³ of theirs: its norm is below 2⁻⁵³ √(‖A‖₁ ‖A‖_∞).
    let rounding = crude * Interval(0x1p-53) + Interval(0x1p-1000)
    return Interval(lower: 0, upper: min(crude.upper, (matrix.operatorNorm(.two) + rounding).upper))
  }
}

extension Matrix {
  /// Matrices with more elements get the crude bound of their spectral norm.
  fileprivate static let largestSpectralSize = 1 << 22

  /// An upper bound of the spectral norm; √(‖A‖₁ ‖A‖_∞) for a large matrix.
  fileprivate var spectralBound: Double {
    let crude = (operatorNorm(.one) * operatorNorm(.infinity)).squareRoot.upper
    return elements.count <= Self.largestSpectralSize ? min(crude, operatorNorm(.two).upper) : crude
  }
}
