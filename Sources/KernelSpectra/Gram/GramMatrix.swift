import Activations
import CKernels
import COpenBLAS
import Execution
import Foundation
import LinearAlgebra

/// A kernel matrix of some rows, and how far its entries may be off.
public struct GramMatrix: Sendable {
  /// `n × n`, symmetric.
  public var matrix: Matrix
  /// A bound on the error of any entry.
  public let entryError: Double
  /// Whether ``entryError`` is proved; for quadratures of a function with kinks, and for several layers, it is an
  /// estimate.
  public let isErrorProved: Bool

  public var count: Int { matrix.rows }
}

/// Computes the kernel matrix of an infinitely wide network.
///
/// Angles come from one matrix product, those near 0 and π anew from the rows' differences and sums. Each layer is a
/// table of some dozen Chebyshev coefficients, evaluated in vectors. Rows are computed in blocks, on several threads,
/// each entry once; the result does not depend on the threads.
///
/// - Complexity: n²d/2 multiplications for the angles and n² · terms · depth/2 for the tables; memory n² + n d doubles.
public struct GramComputation: Sendable {
  public var setting: KernelSetting
  public var threads: Int = defaultThreadCount

  private static let blockRows = 48

  public init(_ setting: KernelSetting) { self.setting = setting }

  /// - Throws: ``SpectrumError`` for a matrix that does not fit into memory, and what ``KernelLayers`` throws.
  public func run(on rows: SampleRows, cancellation: Cancellation = Cancellation()) throws -> GramMatrix {
    let n = rows.count
    try MemoryLimit.check(count: n, matrices: 2)
    try setting.check()
    guard rows.isNormalised || Set(rows.squaredLengths).count == 1 else {
      guard !setting.isRescaled else {
        throw SpectrumError("rescaled outputs need rows of one length; normalise them")
      }
      return try UnequalGram(setting, rows: rows, threads: threads).run(cancellation: cancellation)
    }
    let layers = try KernelLayers(setting, squaredLength: rows.squaredLengths[0])
    var matrix = Matrix(rows: n, columns: n)
    fill(&matrix, rows: rows, cancellation: cancellation) { angles, _, result in
      layers.evaluate(angles: angles, into: result)
    }
    if cancellation.shouldStop { throw SpectrumError("interrupted before the kernel matrix was complete") }
    return GramMatrix(
      matrix: matrix, entryError: layers.error(angleError: Self.angleError(dimension: rows.dimension)),
      isErrorProved: layers.isErrorProved)
  }

  /// How far an angle may be off: the rows' normalisation, the sum of `dimension` products in any order, and its slope
  /// 1/sin θ ≤ 5.7 where the product is used.
  static func angleError(dimension: Int) -> Double { 6 * Double(2 * dimension + 12) * 0x1p-53 }

  /// Fills the lower triangle row by row from angles, then the upper one.
  ///
  /// - Parameter body: given the angles of row i with the rows 0 … i, which it may overwrite, and i, writes the values.
  func fill(
    _ matrix: inout Matrix, rows: SampleRows, cancellation: Cancellation,
    _ body: @Sendable (UnsafeMutableBufferPointer<Double>, Int, UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    let (n, d) = (rows.count, rows.dimension)
    openblas_set_num_threads(1)
    matrix.elements.withUnsafeMutableBufferPointer { buffer in
      let target = SharedPointer(buffer.baseAddress!)
      let blocks = (n + Self.blockRows - 1) / Self.blockRows
      _ = parallelMap(count: blocks, threads: threads) { block in
        if cancellation.shouldStop { return }
        // Large blocks first: the last rows are the longest.
        let start = (blocks - 1 - block) * Self.blockRows
        let end = min(start + Self.blockRows, n)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: (end - start) * end) { products in
          rows.directions.elements.withUnsafeBufferPointer { x in
            cblas_dgemm(
              CblasRowMajor, CblasNoTrans, CblasTrans, Int32(end - start), Int32(end), Int32(d), 1,
              x.baseAddress! + start * d, Int32(d), x.baseAddress, Int32(d), 0, products.baseAddress, Int32(end))
          }
          for i in start..<end {
            let row = products.baseAddress! + (i - start) * end
            Self.angles(row, count: i + 1, of: i, rows: rows)
            body(
              UnsafeMutableBufferPointer(start: row, count: i + 1), i,
              UnsafeMutableBufferPointer(start: target.pointer + i * n, count: i + 1))
          }
        }
      }
      Self.mirror(target.pointer, n)
    }
  }

  /// What `body` makes of whole rows of the kernel matrix, which are not kept.
  func rows(
    _ range: Range<Int>, of rows: SampleRows, layers: KernelLayers, _ body: (UnsafeBufferPointer<Double>) -> Double
  ) -> [Double] {
    let (n, d) = (rows.count, rows.dimension)
    openblas_set_num_threads(1)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: (range.count + 1) * n) { room in
      let products = room.baseAddress!
      let values = UnsafeMutableBufferPointer(rebasing: room[(range.count * n)...])
      rows.directions.elements.withUnsafeBufferPointer { x in
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, Int32(range.count), Int32(n), Int32(d), 1,
          x.baseAddress! + range.lowerBound * d, Int32(d), x.baseAddress, Int32(d), 0, products, Int32(n))
      }
      return range.map { i in
        let row = products + (i - range.lowerBound) * n
        Self.angles(row, count: n, of: i, rows: rows)
        layers.evaluate(angles: UnsafeMutableBufferPointer(start: row, count: n), into: values)
        return body(UnsafeBufferPointer(values))
      }
    }
  }

  /// Turns cosines into angles in place; near 0 and π by the rows' chords.
  private static func angles(_ row: UnsafeMutablePointer<Double>, count: Int, of i: Int, rows: SampleRows) {
    // A few rows at most are near a given one, as a rule.
    var near: [Int] = []
    for j in 0..<count where abs(row[j]) > 1 - 0x1p-6 { near.append(j) }
    pleat_angles(row, count, row)
    for j in near { row[j] = j == i ? 0 : rows.angle(i, j) }
  }

  /// Copies the lower triangle to the upper one, in square blocks that fit into the cache.
  private static func mirror(_ a: UnsafeMutablePointer<Double>, _ n: Int) {
    let size = 64
    for iStart in stride(from: 0, to: n, by: size) {
      for jStart in stride(from: 0, through: iStart, by: size) {
        for i in iStart..<min(iStart + size, n) {
          for j in jStart..<min(jStart + size, i) { a[j * n + i] = a[i * n + j] }
        }
      }
    }
  }
}

/// A pointer to memory whose parts are written by different threads.
struct SharedPointer: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Double>
  init(_ pointer: UnsafeMutablePointer<Double>) { self.pointer = pointer }
}

/// How large a matrix this machine can hold.
public enum MemoryLimit {
  /// Bytes of free memory, including what the system would give back; nil where it does not say.
  public static var available: Int? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
    return nil
  }

  /// The largest n for which `matrices` n × n matrices fit.
  public static func largestCount(matrices: Int) -> Int {
    let bytes = Double(available ?? Int(ProcessInfo.processInfo.physicalMemory))
    return Int((0.9 * bytes / (8 * Double(matrices))).squareRoot())
  }

  /// - Throws: ``SpectrumError`` when so many rows do not fit, with how many would.
  public static func check(count: Int, matrices: Int) throws {
    let largest = min(largestCount(matrices: matrices), 46_000)
    guard count <= largest else {
      throw SpectrumError(
        "\(count) rows need \(matrices) matrices of \(count) × \(count) numbers, more than the free memory holds; up to "
          + "\(largest) rows fit. Take a part of the rows, or the method that keeps no matrix (Lanczos)")
    }
  }
}
