import Exact
import Execution
import Networks
import Polyhedra

/// Compares a function given cell by cell with a network: are they equal, and if not, where do they differ most?
///
/// Each cell is divided where the network bends inside it, and on every piece both are affine; all of it in rational
/// arithmetic, independently of the search of `RegionEnumeration`. Equality is proved, and a difference is the largest over
/// the whole domain, taken at a vertex.
///
/// A network whose weights were rounded bends next to where the function does, which leaves slivers by the hundred thousand.
/// With some ``slack`` they are passed over: the largest difference is then known between two bounds.
///
/// ```swift
/// let result = try FunctionComparison(controller, network).run()
/// result.isEqual                              // true
/// result.differences[0].largest               // 0
/// ```
public struct FunctionComparison: Sendable {
  public let function: PolyhedralFunction
  private let network: ExactUnits
  public var threads = defaultThreadCount
  /// A hinge is taken for one of its sides where it leaves that by no more than this, in units of its argument. Not
  /// negative; with 0 all differences are exact.
  public var slack = 0.0
  public var cancellation = Cancellation()
  /// Told now and then how many cells are done.
  public var progress: (@Sendable (Int) -> Void)?

  /// - Throws: `RepresentationError` when the numbers of inputs or outputs differ.
  public init(_ function: PolyhedralFunction, _ network: UnitNetwork) throws {
    try self.init(function, ExactUnits(network))
  }

  /// - Throws: `RepresentationError` when the numbers of inputs or outputs differ.
  public init(_ function: PolyhedralFunction, _ network: RationalNetwork) throws {
    try self.init(function, ExactUnits(network))
  }

  private init(_ function: PolyhedralFunction, _ network: ExactUnits) throws {
    guard function.inputs == network.inputs, function.outputs == network.outputs.count else {
      throw RepresentationError(
        "the function has \(function.inputs) inputs and \(function.outputs) outputs, the network \(network.inputs) and "
          + "\(network.outputs.count)")
    }
    self.function = function
    self.network = network
  }

  /// By how much one output differs.
  public struct Difference: Sendable {
    /// |network − function| at the point: the largest over the cells that were looked at, or with slack a lower bound of
    /// that. nil when it is unbounded.
    public var largest: Rational?
    /// No difference on the cells that were looked at is above; nil when they are unbounded. Without slack it is the
    /// largest difference.
    public var bound: Rational?
    /// A vertex at which it is taken, or, when unbounded, from which it grows.
    public var point: [Rational]
    /// When it is unbounded: a direction of the domain along which it grows; else empty.
    public var direction: [Rational] = []
    /// The function's and the network's values there.
    public var functionValue: Rational
    public var networkValue: Rational
  }

  public struct Result: Sendable {
    /// One for each output.
    public var differences: [Difference]
    /// The pieces into which the network divides the function's cells.
    public var pieces: Int
    public var cells: Int
    /// Whether all cells were looked at. When not, the differences are lower bounds.
    public var isComplete: Bool

    /// Proved: the network agrees with the function at every point of its domain.
    public var isEqual: Bool { isComplete && differences.allSatisfy { $0.bound?.signum == 0 } }

    /// The largest difference of any output; nil when unbounded.
    public var largest: Rational? { Self.worst(differences.map(\.largest)) }

    /// No difference of any output is above; nil when unbounded.
    public var bound: Rational? { Self.worst(differences.map(\.bound)) }

    private static func worst(_ values: [Rational?]) -> Rational? {
      values.reduce(Rational.zero) { worst, next in
        guard let worst, let next else { return nil }
        return max(worst, next)
      }
    }
  }

  /// A network with so many pieces is compared exactly by ``runWithinRounding(unit:)``.
  public static let fewPieces = 5_000

  /// Looks at every cell, with no more slack than a network needs whose weights were rounded, and with none when the pieces
  /// are few or when equality is in question.
  ///
  /// - Parameters:
  ///   - unit: the relative error of a rounded weight, such as 2^−53.
  ///   - tolerance: a difference that does not matter.
  public func runWithinRounding(unit: Double, tolerance: Rational = .zero) -> Result {
    var comparison = self
    comparison.slack = max(64 * unit * scale, tolerance.nearbyDouble / 1024)
    let result = comparison.run()
    let isDecided = result.differences.allSatisfy { difference in
      guard let largest = difference.largest, let bound = difference.bound else { return true }
      return bound == largest || largest > tolerance || bound <= tolerance
    }
    guard result.isComplete, !result.isEqual, !isDecided || result.pieces <= Self.fewPieces else { return result }
    comparison.slack = 0
    return comparison.run()
  }

  /// Compares without looking at the pieces, when the function is known to be what another network with the same units
  /// computes: the largest difference at the vertices of the cells, and a bound from the changes of the weights.
  ///
  /// - Parameter exact: a network that equals the function on its domain.
  /// - Returns: nil when the domain is unbounded, or when the networks have different units.
  /// - Complexity: O(weights · vertices) rational operations.
  public func boundedByWeights(of exact: RationalNetwork) -> Result? {
    let bounds = function.vertexBounds
    guard function.isBounded,
      let bound = RoundingBound(ExactUnits(exact), network, lower: bounds.lower, upper: bounds.upper)
    else { return nil }
    var worst: [Difference] = []
    var seen: Set<[Rational]> = []
    for cell in function.cells {
      for vertex in cell.polyhedron.vertices where seen.insert(vertex).inserted {
        for (output, value) in network(vertex).enumerated() {
          let expected = cell.map[output](vertex)
          let difference = Difference(
            largest: (value - expected).magnitude, bound: Rational(exactly: bound.outputs[output]), point: vertex,
            functionValue: expected, networkValue: value)
          if worst.count <= output {
            worst.append(difference)
          } else if (difference.largest ?? .zero) > (worst[output].largest ?? .zero) {
            worst[output] = difference
          }
        }
      }
    }
    return Result(differences: worst, pieces: 0, cells: function.cells.count, isComplete: true)
  }

  /// The largest sum of the magnitudes that make up a value of the function.
  private var scale: Double {
    var scale = 0.0
    for cell in function.cells {
      for map in cell.map {
        for vertex in cell.polyhedron.vertices {
          scale = zip(map.gradient, vertex).reduce(max(scale, abs(map.constant.nearbyDouble))) {
            max($0, abs($1.0.nearbyDouble * $1.1.nearbyDouble))
          }
        }
      }
    }
    return scale
  }

  /// Looks at every cell. What it costs is linear in the pieces: some tenths of a millisecond for each.
  public func run() -> Result {
    var extremes: [(cell: Int, extreme: CellDifference.Extreme)?] = Array(repeating: nil, count: function.outputs)
    var (pieces, cells) = (0, 0)
    let batch = max(threads * 8, 16)
    for first in stride(from: 0, to: function.cells.count, by: batch) {
      if cancellation.shouldStop { break }
      let count = min(batch, function.cells.count - first)
      let found = parallelMap(count: count, threads: threads) { index -> CellDifference in
        let cell = function.cells[first + index]
        let part = CellNetwork(network, on: cell.polyhedron, slack: slack)
        return CellDifference(part, cell, slack: slack, cancellation)
      }
      for (index, difference) in found.enumerated() {
        pieces += difference.pieces
        for (output, extreme) in difference.extremes.enumerated() {
          var radius = extremes[output]?.extreme.radius ?? .zero
          radius.formMaximum(extreme.radius)
          if extreme.isWorse(than: extremes[output]?.extreme) { extremes[output] = (first + index, extreme) }
          extremes[output]?.extreme.radius = radius
        }
      }
      cells += found.count(where: \.isComplete)
      progress?(cells)
    }
    return Result(
      differences: extremes.enumerated().map(difference), pieces: pieces, cells: cells,
      isComplete: cells == function.cells.count)
  }

  private func difference(_ output: Int, _ found: (cell: Int, extreme: CellDifference.Extreme)?) -> Difference {
    let cell = function.cells[found?.cell ?? 0]
    let point = found?.extreme.point ?? cell.polyhedron.vertices[0]
    let (functionValue, networkValue) = (cell.map[output](point), network(point)[output])
    // With slack the value on the piece is not quite the network's.
    let value = found.map(\.extreme.value) ?? .zero
    let largest = value.map { _ in (networkValue - functionValue).magnitude }
    let radius = found?.extreme.radius.value ?? 0
    let bound = radius.isFinite ? value.map { $0.magnitude + Rational(exactly: radius) } : nil
    return Difference(
      largest: largest, bound: bound, point: point, direction: found?.extreme.direction ?? [],
      functionValue: functionValue, networkValue: networkValue)
  }
}

extension CellDifference.Extreme {
  fileprivate func isWorse(than other: CellDifference.Extreme?) -> Bool {
    guard let other else { return true }
    guard let best = other.value else { return false }
    return value.map { $0.magnitude > best.magnitude } ?? true
  }
}

extension ExactUnits {
  /// The outputs at a point. O(weights) rational products.
  func callAsFunction(_ point: [Rational]) -> [Rational] {
    var values = point
    for unit in units {
      let forms = unit.forms.map { $0(values) }
      switch unit.kind {
      case .hinge(let below, let above): values.append((forms[0].signum > 0 ? above : below) * forms[0])
      case .maximum: values.append(forms.dropFirst().reduce(forms[0], max))
      }
    }
    return outputs.map { $0(values) }
  }
}
