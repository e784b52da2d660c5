import Dispatch
import Foundation

/// 1 / κ for the gradients of a model, kept between the steps at which it is computed.
///
/// A weight that lies on no live path has κ = 0 and no gradient; its step is 0.
final class PathFactors<S: Scalar> {
  /// 1 / κ of one tensor: two vectors, or a number for each.
  struct Factors {
    var isRankOne: Bool
    var left: [Double]
    var right: [Double]
    var each: [Double]
  }

  let pass: PathNormPass<S>
  let floor: Double
  /// For the power 1 and for the root.
  private(set) var inverse: [Factors]
  private(set) var roots: [Factors]
  /// γ² when κ was computed.
  private(set) var squaredNorm = ScaledNumber(0)
  private let hasRoots: Bool

  init(model: Model, steps: Int, options: PathNormOptions, floor: Double, hasRoots: Bool) throws {
    pass = try PathNormPass(model: model, steps: steps, options: options)
    self.floor = floor
    self.hasRoots = hasRoots
    inverse = pass.curvature.tensors.map { tensor in
      let isRankOne = tensor.isRankOne && floor == 0
      return Factors(
        isRankOne: isRankOne, left: isRankOne ? tensor.left : [], right: isRankOne ? tensor.right : [],
        each: isRankOne ? [] : Array(repeating: 0, count: tensor.tensor.count))
    }
    roots = hasRoots ? inverse : []
  }

  /// Computes κ at the parameters, and its inverse.
  func update(_ parameters: UnsafePointer<S>) {
    pass.differentiate(parameters)
    squaredNorm = pass.curvature.squaredNorm
    for (index, tensor) in pass.curvature.tensors.enumerated() {
      let factor = scalbn(1, Int32(clamping: -tensor.exponent))
      if inverse[index].isRankOne {
        invert(tensor.left, factor, into: &inverse[index].left)
        invert(tensor.right, 1, into: &inverse[index].right)
      } else if tensor.isRankOne {
        for (row, value) in tensor.left.enumerated() {
          for (column, other) in tensor.right.enumerated() {
            inverse[index].each[row * tensor.right.count + column] = inverted(value * other, factor)
          }
        }
      } else {
        invert(tensor.each, factor, into: &inverse[index].each)
      }
    }
    makeRoots()
  }

  private func inverted(_ value: Double, _ factor: Double) -> Double {
    if floor > 0 { return 1 / max(value / factor, floor) }
    return value > 0 ? factor / value : 0
  }

  private func invert(_ values: [Double], _ factor: Double, into result: inout [Double]) {
    values.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for place in source.indices { target[place] = inverted(source[place], factor) }
      }
    }
  }

  private func makeRoots() {
    guard hasRoots else { return }
    func root(_ values: [Double], _ result: inout [Double]) {
      values.withUnsafeBufferPointer { source in
        result.withUnsafeMutableBufferPointer { target in
          for place in source.indices { target[place] = source[place].squareRoot() }
        }
      }
    }
    for index in inverse.indices {
      root(inverse[index].left, &roots[index].left)
      root(inverse[index].right, &roots[index].right)
      root(inverse[index].each, &roots[index].each)
    }
  }

  /// Multiplies the gradients by κ^−power.
  func apply(_ power: PathPreconditioner.Power, to gradient: UnsafeMutablePointer<S>, threads: Int) {
    let factors = power == .whole ? inverse : roots
    for (tensor, factor) in zip(pass.model.tensors, factors) {
      let target = Address(gradient + tensor.offset)
      if factor.isRankOne {
        let columns = tensor.columns
        Chunks.forEach(tensor.rows, size: max(1, Chunks.size / columns), threads: threads) { rows in
          factor.left.withUnsafeBufferPointer { left in
            factor.right.withUnsafeBufferPointer { right in
              guard let target = target.mutable, let left = left.baseAddress, let right = right.baseAddress else {
                return
              }
              S.scaleRankOne(
                target + rows.lowerBound * columns, left + rows.lowerBound, right, rows.count, columns)
            }
          }
        }
      } else {
        Chunks.forEach(tensor.count, threads: threads) { range in
          factor.each.withUnsafeBufferPointer { each in
            guard let target = target.mutable, let each = each.baseAddress else { return }
            S.scaleEach(target + range.lowerBound, each + range.lowerBound, range.count)
          }
        }
      }
    }
  }

  /// Σ g² / κ.
  func dualSquare(_ gradient: UnsafePointer<S>) -> Double {
    var sum = 0.0
    for (tensor, factor) in zip(pass.model.tensors, inverse) {
      let place = gradient + tensor.offset
      if factor.isRankOne {
        sum += factor.left.withUnsafeBufferPointer { left in
          factor.right.withUnsafeBufferPointer { right in
            guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
            return S.rankOneSquares(place, left, right, tensor.rows, tensor.columns)
          }
        }
      } else {
        sum += factor.each.withUnsafeBufferPointer { each in
          each.baseAddress.map { S.weightedSquares(place, $0, tensor.count) } ?? 0
        }
      }
    }
    return sum
  }

  /// √(Σ over tensors of |g| / Σ over tensors of |g/κ|²); 1 where there is no gradient.
  func ratio(_ gradient: UnsafePointer<S>) -> Double {
    let tensors = pass.model.tensors
    let norms = tensors.reduce(0) { $0 + S.sumOfSquares(gradient + $1.offset, $1.count).squareRoot() }
    let copy = UnsafeMutablePointer<S>.allocate(capacity: max(1, pass.model.parameterCount))
    defer { copy.deallocate() }
    copy.update(from: gradient, count: pass.model.parameterCount)
    apply(.whole, to: copy, threads: 1)
    let squares = S.sumOfSquares(copy, pass.model.parameterCount)
    let ratio = (norms / squares).squareRoot()
    return ratio.isFinite && ratio > 0 ? ratio : 1
  }

  // MARK: Checkpoints

  /// The numbers that a later step may still use, and γ².
  var state: [Double] {
    inverse.flatMap { $0.left + $0.right + $0.each } + [squaredNorm.mantissa, Double(squaredNorm.exponent)]
  }

  /// Throws `ModelError` when there are more or fewer numbers than `state` has.
  func restore(_ state: [Double]) throws {
    let counts = inverse.map { ($0.left.count, $0.right.count, $0.each.count) }
    let wanted = counts.reduce(2) { $0 + $1.0 + $1.1 + $1.2 }
    guard state.count == wanted else {
      throw ModelError("\(state.count) numbers of κ are stored, the model has \(wanted)")
    }
    var place = 0
    func take(_ count: Int) -> [Double] {
      defer { place += count }
      return Array(state[place..<place + count])
    }
    for (index, count) in counts.enumerated() {
      inverse[index].left = take(count.0)
      inverse[index].right = take(count.1)
      inverse[index].each = take(count.2)
    }
    squaredNorm = ScaledNumber(state[place], exponent: Int(exactly: state[place + 1]) ?? 0)
    makeRoots()
  }
}

/// Ranges of an array for work element by element: fixed pieces, whatever the number of threads.
enum Chunks {
  static let size = 1 << 16

  static func forEach(
    _ count: Int, size: Int = size, threads: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let pieces = (count + size - 1) / size
    guard threads > 1, pieces > 1 else {
      if count > 0 { body(0..<count) }
      return
    }
    DispatchQueue.concurrentPerform(iterations: min(threads, pieces)) { worker in
      let workers = min(threads, pieces)
      let first = pieces * worker / workers * size
      let last = min(count, pieces * (worker + 1) / workers * size)
      if first < last { body(first..<last) }
    }
  }
}
