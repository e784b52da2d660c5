import Exact

/// The exact ray that a set of hyperplanes determines, and the values of forms on it.
final class ExactRays {
  let kernel: IntegerKernel
  let ray: IntegerVector
  let sum = IntegerVector(count: 1)

  init(dimension: Int) {
    kernel = IntegerKernel(dimension: dimension)
    ray = IntegerVector(count: dimension)
  }
}

extension VertexSplitter {
  /// A value beyond its error bound as it is; another one exactly: 0, or rounded and with the right sign.
  ///
  /// - Parameters:
  ///   - mask: the hyperplanes that the point is known to lie on.
  ///   - masks: those of the rays of a cell that contains the point.
  @inline(__always)
  func settled(
    _ value: Double, norm: Double, rayError: Double, error: Double, at point: UnsafePointer<Double>, on mask: Mask,
    of masks: UnsafePointer<Mask>, _ count: Int, stage: Int, form: Int, other: Int
  ) -> Double {
    let bound = norm * (errorFactor * rayError + consistency) + error
    if abs(value) > bound || value == 0 { return value }
    errorFactor = 2
    return refinedValue(at: point, on: mask, norm: norm, error: error, stage: stage, form: form, other: other)
      ?? exactValue(at: point, on: mask, of: masks, count, stage: stage, form: form, other: other)
  }

  /// The value at the ray as precisely as doubles tell it; nil when that is still too near to zero.
  @inline(never)
  private func refinedValue(
    at point: UnsafePointer<Double>, on mask: Mask, norm: Double, error: Double, stage: Int, form: Int, other: Int
  ) -> Double? {
    let mark = forms.arena.mark
    defer { forms.arena.release(to: mark) }
    let better = forms.arena.take(Double.self, dimension)
    better.update(from: point, count: dimension)
    let rayError = refine(better, on: mask)
    var value = forms.value(stage, form, at: better)
    if other >= 0 { value -= forms.value(stage, other, at: better) }
    // Twice the rounding of a value, for the difference of two is rounded as well.
    return abs(value) > norm * (rayError + 2 * evaluationError) + error ? value : nil
  }

  @inline(never)
  private func exactValue(
    at point: UnsafePointer<Double>, on mask: Mask, of masks: UnsafePointer<Mask>, _ count: Int, stage: Int, form: Int,
    other: Int
  ) -> Double {
    exactSigns += 1
    findRay(on: mask, of: masks, count)
    let coefficients = exactForm(stage, form, other)
    coefficients.dot(exactRays.ray, into: exactRays.sum)
    let sign = exactRays.sum.signum(0)
    guard sign != 0 else { return 0 }
    let size = abs(scaledValue(at: point, stage: stage, coefficients))
    return Double(sign) * max(size, .leastNormalMagnitude)
  }

  /// The value in `exactRays.sum`, at the scale of the point.
  private func scaledValue(at point: UnsafePointer<Double>, stage: Int, _ coefficients: IntegerVector) -> Double {
    var largest = 0
    for j in 1..<dimension where abs(point[j]) > abs(point[largest]) { largest = j }
    guard exactRays.ray.signum(largest) != 0 else { return 0 }
    let ratio = exactRays.sum.quotient(0, exactRays.ray, largest) * point[largest]
    return Double(sign: .plus, exponent: -forms.exact.bits[stage], significand: ratio)
  }

  /// Writes the exact ray on the given hyperplanes to `exactRays.ray`, pointing the right way.
  func findRay(on mask: Mask, of masks: UnsafePointer<Mask>, _ count: Int) {
    exactRays.kernel.reset()
    var rest = mask
    while rest != 0 && exactRays.kernel.rank < dimension - 1 {
      exactRays.kernel.insert(exactSlot(rest.trailingZeroBitCount))
      rest &= rest - 1
    }
    let found = exactRays.kernel.kernel(into: exactRays.ray)
    precondition(found, "a vertex lies on too few hyperplanes")
    if orientation(on: mask, of: masks, count) < 0 {
      for j in 0..<dimension { exactRays.ray.negate(j) }
    }
  }

  /// Whether the ray points to its cell's side (+1), or away (−1): x₀ is not negative, and where it is 0 a facet that the
  /// ray does not lie on tells.
  private func orientation(on mask: Mask, of masks: UnsafePointer<Mask>, _ count: Int) -> Int {
    let height = exactRays.ray.signum(0)
    if height != 0 { return height }
    var used: Mask = 0
    for ray in 0..<count { used |= masks[ray] }
    let rest = used & ~mask
    guard rest != 0 else { return 1 }
    let slot = rest.trailingZeroBitCount
    exactSlot(slot).dot(exactRays.ray, into: exactRays.sum)
    return exactRays.sum.signum(0) * (slots[slot].side > 0 ? 1 : -1)
  }

  /// The exact coefficients of a slot's hyperplane, at some scale.
  private func exactSlot(_ slot: Int) -> IntegerVector {
    let content = slots[slot]
    return exactForm(content.stage, content.form, content.other)
  }

  func exactForm(_ stage: Int, _ form: Int, _ other: Int) -> IntegerVector {
    forms.exactForm(stage, form, other, domain)
  }
}
