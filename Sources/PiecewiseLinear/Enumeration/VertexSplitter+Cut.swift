import CKernels

/// How a hyperplane divides the rays of a cell, and the new rays on it.
struct Cut<Mask: FacetMask> {
  var positives = 0
  var zeros = 0
  var negatives = 0
  var positive: UnsafeMutablePointer<Int32>
  var zero: UnsafeMutablePointer<Int32>
  var negative: UnsafeMutablePointer<Int32>
  /// The hyperplane's slot.
  var slot = 0
  /// The new rays: from + fraction · (to − from).
  var edges = 0
  var from: UnsafeMutablePointer<Int32>
  var to: UnsafeMutablePointer<Int32>
  var fraction: UnsafeMutablePointer<Double>
  /// False where the point was moved afterwards.
  var isInterpolated: UnsafeMutablePointer<Bool>
  var points: UnsafeMutablePointer<Double>
  var errors: UnsafeMutablePointer<Double>
  var masks: UnsafeMutablePointer<Mask>
}

extension VertexSplitter {
  /// Divides a cell's rays by a form whose values, at stride, have the right signs; nil when no slot is free.
  ///
  /// Every edge of the cone whose ends lie strictly on different sides gives a new ray. Two rays span an edge when no
  /// third one lies on all hyperplanes that they share; on a simple cell it is enough that they share d − 2.
  func cut(
    _ cell: Cell<Mask>, values: UnsafePointer<Double>, stride: Int, norm: Double, stage: Int, form: Int, other: Int = -1
  ) -> Cut<Mask>? {
    let positive = forms.arena.take(Int32.self, cell.count)
    let zero = forms.arena.take(Int32.self, cell.count)
    let negative = forms.arena.take(Int32.self, cell.count)
    var (positives, zeros, negatives) = (0, 0, 0)
    var used: Mask = 0
    for ray in 0..<cell.count {
      let value = values[ray * stride]
      used |= cell.masks[ray]
      if value > 0 {
        positive[positives] = Int32(ray)
        positives += 1
      } else if value < 0 {
        negative[negatives] = Int32(ray)
        negatives += 1
      } else {
        zero[zeros] = Int32(ray)
        zeros += 1
      }
    }
    let slot = (~used).trailingZeroBitCount
    guard slot < Mask.bitWidth else {
      stopForOverflow()
      return nil
    }
    let capacity = positives * negatives
    let from = forms.arena.take(Int32.self, capacity)
    let to = forms.arena.take(Int32.self, capacity)
    var edges = 0
    for a in 0..<positives {
      let mask = cell.masks[Int(positive[a])]
      for b in 0..<negatives {
        let common = mask & cell.masks[Int(negative[b])]
        guard common.nonzeroBitCount >= dimension - 2 else { continue }
        if !cell.isSimple && hasThird(cell, common, positive[a], negative[b]) { continue }
        from[edges] = positive[a]
        to[edges] = negative[b]
        edges += 1
      }
    }
    var cut = Cut<Mask>(
      positives: positives, zeros: zeros, negatives: negatives, positive: positive, zero: zero, negative: negative,
      slot: slot, edges: edges, from: from, to: to, fraction: forms.arena.take(Double.self, edges),
      isInterpolated: forms.arena.take(Bool.self, edges),
      points: forms.arena.take(Double.self, edges * dimension), errors: forms.arena.take(Double.self, edges),
      masks: forms.arena.take(Mask.self, edges))
    let error = forms.error(stage, form) + (other < 0 ? 0 : forms.error(stage, other))
    for edge in 0..<edges {
      makeRay(edge, &cut, cell, values, stride, norm: norm, error: error, stage: stage, form: form, other: other)
    }
    return cut
  }

  private func hasThird(_ cell: Cell<Mask>, _ common: Mask, _ first: Int32, _ second: Int32) -> Bool {
    for ray in 0..<cell.count where ray != Int(first) && ray != Int(second) {
      if cell.masks[ray] & common == common { return true }
    }
    return false
  }

  /// Computes a new ray by interpolation, with a bound on its error; more precisely where that bound would be poor.
  ///
  /// Let u, v be the true ends, D = v − u, and e the same mean of the ends' errors as the new point is of the ends. The true
  /// point w has a · w = 0 on the line through u and v, so that the new one is off by
  ///
  ///     e − D (a · e − r) / (a · D),
  ///
  /// where r is the form's value at the new point, of which only error and rounding are left. e ↦ e − D (a · e) / (a · D) is
  /// a projection along D; its norm is |a| |D| / |a · D|, which is `growth`.
  @inline(__always)
  private func makeRay(
    _ edge: Int, _ cut: inout Cut<Mask>, _ cell: Cell<Mask>, _ values: UnsafePointer<Double>, _ stride: Int,
    norm: Double, error: Double, stage: Int, form: Int, other: Int
  ) {
    let (u, v) = (Int(cut.from[edge]), Int(cut.to[edge]))
    cut.masks[edge] = cell.masks[u] & cell.masks[v] | 1 << cut.slot
    let a = values[u * stride]
    let b = -values[v * stride]
    let t = a / (a + b)
    let endError = errorFactor * max(cell.errors[u], cell.errors[v]) + consistency
    let point = cut.points + edge * dimension
    let left = cell.points + u * dimension
    let right = cell.points + v * dimension
    var squares = 0.0
    var size = 0.0
    for j in 0..<dimension {
      let difference = right[j] - left[j]
      let coordinate = left[j] + t * difference
      point[j] = coordinate
      squares += difference * difference
      size = max(size, abs(coordinate))
    }
    cut.fraction[edge] = t
    cut.isInterpolated[edge] = true
    // The form's true difference between the true ends, and their true distance.
    let rise = (a + b) * 0.999999 - 2 * (norm * endError + error)
    let distance = squares.squareRoot() * 1.000001 + 2 * endError
    let growth = max(norm * distance, rise) / rise * 1.000001
    cut.errors[edge] = rise > 0.5 * (a + b) ? growth * (endError + error / norm) : .infinity
    guard cut.errors[edge] < Precision.largestRayError, domain.isBounded || size >= 0.5 else {
      improveRay(edge, &cut, cell, size: size, stage: stage, form: form, other: other)
      return
    }
  }

  /// Scales up a ray of small norm. One whose error bound is poor is moved onto its hyperplanes, in doubles; computed
  /// exactly where that does not help.
  ///
  /// Bounds grow with each interpolation, for they take the ends' errors to point the worst way; the true error does not.
  @inline(never)
  private func improveRay(
    _ edge: Int, _ cut: inout Cut<Mask>, _ cell: Cell<Mask>, size: Double, stage: Int, form: Int, other: Int
  ) {
    let point = cut.points + edge * dimension
    cut.isInterpolated[edge] = false
    if !domain.isBounded && size > 0 {
      let scale = Double(sign: .plus, exponent: -size.exponent - 1, significand: 1)
      for j in 0..<dimension { point[j] *= scale }
      cut.errors[edge] *= scale
    }
    if cut.errors[edge] < Precision.largestRayError { return }
    let mark = forms.arena.mark
    let saved = occupy(cut.slot, stage: stage, form: form, other: other)
    cut.errors[edge] = cut.errors[edge] < 1e-2 ? refine(point, on: cut.masks[edge]) : .infinity
    if !(cut.errors[edge] < Precision.largestRayError) {
      findRay(on: cut.masks[edge], of: cell.masks, cell.count)
      exactSigns += 1
      roundRay(to: point)
      cut.errors[edge] = Precision.roundedRayError
    }
    vacate(cut.slot, saved)
    forms.arena.release(to: mark)
  }

  /// Moves a point onto its hyperplanes; returns a bound on the error that is left.
  func refine(_ point: UnsafeMutablePointer<Double>, on mask: Mask) -> Double {
    let rows = forms.arena.take(UnsafePointer<Double>?.self, mask.nonzeroBitCount)
    let errors = forms.arena.take(Double.self, mask.nonzeroBitCount)
    var count = 0
    var rest = mask
    while rest != 0 {
      let slot = rest.trailingZeroBitCount
      rest &= rest - 1
      rows[count] = UnsafePointer(normals + slot * dimension)
      errors[count] = slots[slot].error
      count += 1
    }
    var fixed = 0
    if !domain.isBounded {
      for j in 1..<dimension where abs(point[j]) > abs(point[fixed]) { fixed = j }
    }
    let error = pleat_refine(rows, errors, count, dimension, fixed, point)
    let size = (0..<dimension).reduce(0) { max($0, abs(point[$1])) }
    return size <= 1.0001 ? error * Double(dimension).squareRoot() : .infinity
  }

  /// Makes the rays of a cell that is given out as precise as doubles can be had.
  func polish(_ cell: Cell<Mask>) {
    for ray in 0..<cell.count where cell.errors[ray] > Precision.poorVertexError {
      let mark = forms.arena.mark
      let better = forms.arena.take(Double.self, dimension)
      let point = cell.points + ray * dimension
      better.update(from: point, count: dimension)
      let error = refine(better, on: cell.masks[ray])
      if error < cell.errors[ray] {
        cell.errors[ray] = error
        point.update(from: better, count: dimension)
      }
      forms.arena.release(to: mark)
    }
  }

  /// Writes `exactRays.ray` as doubles: with x₀ = 1 on a bounded domain, else of max-norm 1.
  func roundRay(to point: UnsafeMutablePointer<Double>) {
    let ray = exactRays.ray
    var largest = 0
    if !domain.isBounded {
      for j in 1..<dimension where abs(ray.quotient(j, ray, largest)) > 1 || ray.signum(largest) == 0 { largest = j }
    }
    let sign = ray.signum(largest) < 0 ? -1.0 : 1
    for j in 0..<dimension { point[j] = sign * ray.quotient(j, ray, largest) }
  }

  /// One side of a cut cell.
  func child(of cell: Cell<Mask>, _ cut: Cut<Mask>, isPositive: Bool) -> Cell<Mask> {
    let kept = isPositive ? cut.positive : cut.negative
    let keptCount = isPositive ? cut.positives : cut.negatives
    var child = Cell<Mask>(forms.arena, count: keptCount + cut.zeros + cut.edges, dimension: dimension)
    child.isSimple = cell.isSimple && cut.zeros == 0
    var position = 0
    func copy(_ ray: Int, _ mask: Mask) {
      for j in 0..<dimension { child.points[position * dimension + j] = cell.points[ray * dimension + j] }
      child.errors[position] = cell.errors[ray]
      child.masks[position] = cell.masks[ray] | mask
      position += 1
    }
    for index in 0..<keptCount { copy(Int(kept[index]), 0) }
    for index in 0..<cut.zeros { copy(Int(cut.zero[index]), 1 << cut.slot) }
    for edge in 0..<cut.edges {
      for j in 0..<dimension { child.points[position * dimension + j] = cut.points[edge * dimension + j] }
      child.errors[position] = cut.errors[edge]
      child.masks[position] = cut.masks[edge]
      position += 1
    }
    return child
  }
}
