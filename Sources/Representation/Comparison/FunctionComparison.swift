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
/// ```swift
/// let result = try FunctionComparison(controller, network).run()
/// result.isEqual                              // true
/// result.differences[0].largest               // 0
/// ```
public struct FunctionComparison: Sendable {
  public let function: PolyhedralFunction
  private let network: ExactUnits
  public var threads = defaultThreadCount
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
    /// The largest |network − function| over the cells that were looked at; nil when it is unbounded.
    public var largest: Rational?
    /// A vertex at which it is taken, or, when unbounded, from which it grows.
    public var point: [Rational]
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
    public var isEqual: Bool { isComplete && differences.allSatisfy { $0.largest?.signum == 0 } }

    /// The largest difference of any output; nil when unbounded.
    public var largest: Rational? {
      differences.reduce(Rational.zero) { worst, next in
        guard let worst, let value = next.largest else { return nil }
        return max(worst, value)
      }
    }
  }

  /// Looks at every cell. What it costs is linear in the pieces: some tenths of a millisecond for each.
  public func run() -> Result {
    var extremes: [CellDifference.Extreme?] = Array(repeating: nil, count: function.outputs)
    var (pieces, cells) = (0, 0)
    let batch = max(threads * 8, 16)
    for first in stride(from: 0, to: function.cells.count, by: batch) {
      if cancellation.shouldStop { break }
      let count = min(batch, function.cells.count - first)
      let found = parallelMap(count: count, threads: threads) { index -> CellDifference in
        let cell = function.cells[first + index]
        return CellDifference(CellNetwork(network, on: cell.polyhedron), cell, cancellation)
      }
      for difference in found {
        pieces += difference.pieces
        for (output, extreme) in difference.extremes.enumerated() where extreme.isWorse(than: extremes[output]) {
          extremes[output] = extreme
        }
      }
      cells += found.count(where: \.isComplete)
      progress?(cells)
    }
    return Result(
      differences: extremes.enumerated().map(difference), pieces: pieces, cells: cells,
      isComplete: cells == function.cells.count)
  }

  private func difference(_ output: Int, _ extreme: CellDifference.Extreme?) -> Difference {
    let point = extreme?.point ?? function.cells[0].polyhedron.vertices[0]
    let networkValue = network(point)[output]
    let value = extreme.map(\.value) ?? .zero
    // Where cells disagree on their common face, the value meant is that of the cell with the difference.
    let functionValue = value.map { networkValue - $0 } ?? function(point)?[output] ?? .zero
    return Difference(
      largest: value.map(\.magnitude), point: point, functionValue: functionValue, networkValue: networkValue)
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
