import LinearAlgebra

extension UnitNetwork {
  /// Norms of the matrix of one stage: a row for each form, a column for each value that the stage reads, of whatever
  /// earlier stage.
  public struct StageNorms: Sendable, Equatable {
    /// The name of the stage; "output" for the outputs.
    public let name: String
    /// ‖W‖_F = (Σ Wᵢⱼ²)^½.
    public let frobenius: Double
    /// Where the spectral norm ‖W‖₂ lies: one number, to about 14 digits, for matrices with up to 256 rows or columns;
    /// for larger ones from the value that power iteration has reached to min(‖W‖_F, (‖W‖₁ ‖W‖_∞)^½), both up to
    /// rounding.
    public let spectral: ClosedRange<Double>
  }

  /// The norms of the stages, first to last, and of the outputs.
  ///
  /// - Complexity: O(parameters) for each of up to 300 iterations; O(m n k + k³ s) for an `m × n` stage with k =
  ///   min(m, n) ≤ 256, s ≤ 60.
  public var stageNorms: [StageNorms] {
    stages.map { Self.norms(name: $0.name, $0.units.flatMap(\.forms)) } + [Self.norms(name: "output", outputs)]
  }

  private static func norms(name: String, _ forms: [AffineForm]) -> StageNorms {
    let matrix = SparseRows(forms)
    let frobenius = matrix.frobeniusNorm
    if let dense = matrix.dense(largestRank: 256, largestCount: 1 << 22) {
      let norm = dense.spectralNorm
      return StageNorms(name: name, frobenius: frobenius, spectral: norm...norm)
    }
    let (reached, limit) = (matrix.powerIteration(count: 300), min(frobenius, matrix.spectralLimit))
    return StageNorms(name: name, frobenius: frobenius, spectral: min(reached, limit)...limit)
  }

  /// The path norm (Σ over the paths from an input to an output of Π |w|ᵖ along the path)^{1/p}.
  ///
  /// A path that passes a hinge has the larger magnitude of its two slopes as one more factor. A maximum counts the
  /// paths through all of its forms, which is an upper bound of what any choice of one form gives. For ReLUs alone it
  /// is φₚ of Neyshabur, Salakhutdinov, Srebro, "Path-SGD: Path-Normalized Optimization in Deep Neural Networks", NIPS
  /// 2015.
  ///
  /// - Parameters:
  ///   - exponent: p, 1 or 2.
  ///   - countingBiases: whether a bias counts as an edge from a further input of value 1, where paths start too.
  /// - Returns: the norm; infinity where its p-th power exceeds the range of `Double`.
  /// - Complexity: O(parameters).
  public func pathNorm(_ exponent: PathExponent, countingBiases: Bool = false) -> Double {
    func power(_ value: Double) -> Double { exponent == .one ? abs(value) : value * value }
    // Nothing passes a zero, even where the other factor has overflowed.
    func product(_ a: Double, _ b: Double) -> Double { a == 0 || b == 0 ? 0 : a * b }
    var paths = Array(repeating: 1.0, count: inputCount)
    func arriving(at form: AffineForm) -> Double {
      form.terms.reduce(countingBiases ? power(form.constant) : 0) { $0 + product(power($1.weight), paths[$1.value]) }
    }
    for stage in stages {
      paths += stage.units.map { unit in
        let sum = unit.forms.reduce(0) { $0 + arriving(at: $1) }
        guard case .hinge(let below, let above) = unit.kind else { return sum }
        return product(power(max(abs(below), abs(above))), sum)
      }
    }
    let total = outputs.reduce(0) { $0 + arriving(at: $1) }
    return exponent == .one ? total : total.squareRoot()
  }
}

/// A matrix by the nonzero elements of its rows, its columns numbered without gaps, scaled so that the largest
/// magnitude is 1.
private struct SparseRows {
  private var rows: [[(column: Int, element: Double)]]
  private var columnCount: Int
  private var scale: Double

  init(_ forms: [AffineForm]) {
    scale = forms.reduce(0) { $1.terms.reduce($0) { max($0, abs($1.weight)) } }
    var columns: [Int: Int] = [:]
    for form in forms {
      for term in form.terms where columns[term.value] == nil { columns[term.value] = columns.count }
    }
    let (numbers, scale) = (columns, scale)
    rows = forms.map { $0.terms.map { (numbers[$0.value] ?? 0, $0.weight / scale) } }
    columnCount = columns.count
  }

  var frobeniusNorm: Double {
    scale * rows.reduce(0) { $1.reduce($0) { $0 + $1.element * $1.element } }.squareRoot()
  }

  /// (‖A‖₁ ‖A‖_∞)^½ ≥ ‖A‖₂.
  var spectralLimit: Double {
    var columns = Array(repeating: 0.0, count: columnCount)
    var largest = 0.0
    for row in rows {
      largest = max(largest, row.reduce(0) { $0 + abs($1.element) })
      for entry in row { columns[entry.column] += abs(entry.element) }
    }
    return scale * (largest * (columns.max() ?? 0)).squareRoot()
  }

  /// The matrix in full, when it is small.
  func dense(largestRank: Int, largestCount: Int) -> Matrix? {
    let (area, overflows) = rows.count.multipliedReportingOverflow(by: columnCount)
    guard !overflows, area <= largestCount, min(rows.count, columnCount) <= largestRank else { return nil }
    var matrix = Matrix(rows: rows.count, columns: columnCount)
    for (index, row) in rows.enumerated() { for entry in row { matrix[index, entry.column] = entry.element * scale } }
    return matrix
  }

  /// ‖A v‖ / ‖v‖, from below the spectral norm, for the v that iterating AᵀA reaches from a vector without symmetries.
  func powerIteration(count: Int) -> Double {
    var vector = (0..<columnCount).map {
      0.5 + (Double($0 + 1) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
    }
    var norm = 0.0
    for _ in 0..<count {
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { return 0 }
      for index in vector.indices { vector[index] /= length }
      let image = rows.map { $0.reduce(0) { $0 + $1.element * vector[$1.column] } }
      let reached = image.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard reached > norm * (1 + 1e-14) else { break }
      norm = reached
      vector = Array(repeating: 0, count: columnCount)
      for (row, value) in zip(rows, image) { for entry in row { vector[entry.column] += entry.element * value } }
    }
    return scale * norm
  }
}
