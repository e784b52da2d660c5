import Foundation

/// Whether an output of exactly 0 is an error.
public enum OutputConvention: String, Sendable, CaseIterable {
  /// An output of 0 is an error for both labels.
  case strict
  /// An output of 0 is right for both labels, as some bounds assume.
  case weak
}

/// The hidden units of finite committees whose fields can be projected exactly.
public enum FiniteUnit: String, Sendable, CaseIterable {
  case sign
  case relu
}

/// The nearest fields that give the right output: the v with σ Σ cₗ g(vₗ) ≥ τ closest to given fields u.
///
/// For ReLU units and each number r of active positive units, the r largest of them rise by λ, the active negative ones
/// sink by λ, or to 0; the least λ solves a piecewise linear equation, and the best r is taken. For sign units the
/// smallest of the wrong fields are set to 0. O(K²) and O(K log K). It is also the step of learning by least action.
public struct HalfSpaceProjection: Sendable {
  public let unit: FiniteUnit
  public let convention: OutputConvention

  public init(unit: FiniteUnit, convention: OutputConvention = .strict) {
    self.unit = unit
    self.convention = convention
  }

  /// Moves `fields` to the nearest right ones and returns the squared distance; fields that are right stay.
  ///
  /// - Parameters:
  ///   - fields: K of them, those of positive units (σ cₗ = +1) first, `positives` many.
  ///   - threshold: τ ≥ 0; 0 for sign units.
  ///   - scratch: K numbers of work space.
  public func project(
    _ fields: UnsafeMutableBufferPointer<Double>, positives: Int, threshold: Double,
    scratch: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    switch unit {
    case .sign: projectSigns(fields, positives: positives, scratch: scratch)
    case .relu: projectRamps(fields, positives: positives, threshold: threshold, scratch: scratch)
    }
  }

  private func projectSigns(
    _ fields: UnsafeMutableBufferPointer<Double>, positives: Int, scratch: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let allowed = convention == .strict ? (fields.count - 1) / 2 : fields.count / 2
    var wrong = 0
    for l in fields.indices {
      let turned = l < positives ? fields[l] : -fields[l]
      if turned < 0 {
        scratch[wrong] = abs(turned)
        wrong += 1
      }
    }
    guard wrong > allowed else { return 0 }
    let excess = wrong - allowed
    var sizes = UnsafeMutableBufferPointer(rebasing: scratch[0..<wrong])
    sizes.sort()
    let limit = scratch[excess - 1]
    var distance = 0.0
    var left = excess
    for l in fields.indices where left > 0 {
      let turned = l < positives ? fields[l] : -fields[l]
      if turned < 0, -turned <= limit {
        distance += turned * turned
        fields[l] = 0
        left -= 1
      }
    }
    return distance
  }

  private func projectRamps(
    _ fields: UnsafeMutableBufferPointer<Double>, positives: Int, threshold: Double,
    scratch: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let k = fields.count
    var output = -threshold
    var active = 0.0
    for l in 0..<k {
      let ramp = max(fields[l], 0)
      output += l < positives ? ramp : -ramp
      active += ramp
    }
    if output > 0 || (output == 0 && (active > 0 || convention == .weak)) { return 0 }
    // Positive units by size, then the negative ones' ramps by size.
    for l in 0..<k { scratch[l] = l < positives ? fields[l] : max(fields[l], 0) }
    var rising = UnsafeMutableBufferPointer(rebasing: scratch[0..<positives])
    rising.sort(by: >)
    var sinking = UnsafeMutableBufferPointer(rebasing: scratch[positives..<k])
    sinking.sort(by: >)
    var best = (distance: Double.infinity, rise: 0.0, units: 0)
    if convention == .weak, threshold == 0 {
      let highest = k > positives ? scratch[positives] : 0
      var distance = 0.0
      for l in positives..<k { distance += scratch[l] * scratch[l] }
      best = (distance, highest, 0)
    }
    var sum = 0.0
    for r in stride(from: 1, through: positives, by: 1) {
      sum += scratch[r - 1]
      // r λ + sum − τ = Σ max(m − λ, 0): as many ramps stay active as are larger than λ.
      var remaining = 0.0
      for l in positives..<k { remaining += scratch[l] }
      var count = k - positives
      var rise = 0.0
      while true {
        rise = (threshold - sum + remaining) / Double(r + count)
        if count == 0 || scratch[positives + count - 1] >= rise { break }
        count -= 1
        remaining -= scratch[positives + count]
      }
      rise = max(rise, 0)
      var distance = Double(r) * rise * rise
      for l in positives..<k {
        let change = min(scratch[l], rise)
        distance += change * change
      }
      if distance < best.distance { best = (distance, rise, r) }
    }
    guard best.distance.isFinite else { return 0 }
    let least = best.units > 0 ? scratch[best.units - 1] : .infinity
    var left = best.units
    for l in 0..<k {
      if l < positives {
        if left > 0, fields[l] >= least {
          fields[l] += best.rise
          left -= 1
        }
      } else if fields[l] > 0 {
        fields[l] -= min(fields[l], best.rise)
      }
    }
    return best.distance
  }
}
