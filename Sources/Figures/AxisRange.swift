import Foundation

/// How values are laid along an axis.
public enum AxisScaling: Sendable, Equatable {
  case linear
  /// Base ten; values that are not positive cannot be drawn.
  case logarithmic
}

/// An axis as asked for: its words, its scaling, and the ends to keep where the data should not decide.
public struct Axis: Sendable, Equatable {
  public var label: String
  public var scaling: AxisScaling
  /// The lower end; nil leaves it to the data. An end that is not finite, or not positive on a logarithmic axis, and a
  /// pair that is not increasing count as nil.
  public var minimum: Double?
  /// The upper end, under the same rules.
  public var maximum: Double?
  /// Ticks at integers only, for counts such as a hidden width (linear scaling).
  public var integersOnly: Bool

  public init(
    _ label: String = "", scaling: AxisScaling = .linear, minimum: Double? = nil, maximum: Double? = nil,
    integersOnly: Bool = false
  ) {
    self.label = label
    self.scaling = scaling
    self.minimum = minimum
    self.maximum = maximum
    self.integersOnly = integersOnly
  }
}

/// The smallest interval around the values shown to it.
struct Extent: Equatable {
  private(set) var lower = Double.infinity
  private(set) var upper = -Double.infinity

  var isEmpty: Bool { lower > upper }

  mutating func include(_ value: Double) {
    lower = Swift.min(lower, value)
    upper = Swift.max(upper, value)
  }

  mutating func include(_ other: Extent) {
    lower = Swift.min(lower, other.lower)
    upper = Swift.max(upper, other.upper)
  }
}

/// The resolved interval of an axis: always finite, never too narrow to draw.
struct AxisRange: Equatable {
  let lower: Double
  let upper: Double
  let scaling: AxisScaling

  /// The largest magnitude drawn: far enough below the largest double that sums and paddings cannot overflow.
  static let largest = 1e290
  /// The least positive value drawn on a logarithmic axis.
  static let smallest = 1e-280

  /// Whether a value has a place on an axis of this scaling at all.
  static func isDrawable(_ value: Double, on scaling: AxisScaling) -> Bool {
    scaling == .linear ? value.magnitude <= largest : value >= smallest && value <= largest
  }

  /// Whether ticks can be told apart between these bounds.
  static func isDrawable(_ lower: Double, _ upper: Double) -> Bool {
    let magnitude = Swift.max(lower.magnitude, upper.magnitude)
    return magnitude <= 1e300 && upper - lower >= Swift.max(magnitude * 1e-12, 1e-290)
  }

  /// The range of `axis` over data of this extent: the data with `padding` of its width on each side (measured in
  /// logarithms on a logarithmic axis), the axis's own ends kept exactly; around a single value a range that shows it
  /// in the middle; a unit or a decade for no data.
  init(_ axis: Axis, data: Extent, padding: Double = 0.04) {
    let scaling = axis.scaling
    let automatic = Self.automatic(data, axis: axis, padding: padding)
    let minimum = axis.minimum.flatMap { Self.isDrawable($0, on: scaling) ? $0 : nil }
    let maximum = axis.maximum.flatMap { Self.isDrawable($0, on: scaling) ? $0 : nil }
    var ends = (minimum ?? automatic.0, maximum ?? automatic.1)
    if !Self.isWide(ends.0, ends.1, scaling: scaling) {
      switch (minimum, maximum) {
      case (let low?, nil): ends = (low, Self.around(low, axis: axis).1)
      case (nil, let high?): ends = (Self.around(high, axis: axis).0, high)
      default: ends = automatic
      }
    }
    self.init(lower: ends.0, upper: ends.1, scaling: scaling)
  }

  init(lower: Double, upper: Double, scaling: AxisScaling) {
    self.lower = lower
    self.upper = upper
    self.scaling = scaling
  }

  /// Where `value` lies, 0 at the lower end and 1 at the upper; nil if it has no place. Values far outside stop at
  /// ±10⁴ axis lengths, so that pixels stay representable.
  func fraction(_ value: Double) -> Double? {
    guard Self.isDrawable(value, on: scaling) else { return nil }
    let raw: Double
    switch scaling {
    case .linear: raw = (value - lower) / (upper - lower)
    // Differences of logarithms: the quotients themselves could overflow.
    case .logarithmic: raw = (log10(value) - log10(lower)) / (log10(upper) - log10(lower))
    }
    return Swift.min(Swift.max(raw, -1e4), 1e4)
  }

  func ticks(count: Int, integersOnly: Bool, accepting: ([Tick]) -> Bool = { _ in true }) -> [Tick] {
    switch scaling {
    case .linear:
      Ticks.linear(from: lower, to: upper, count: count, integersOnly: integersOnly, accepting: accepting)
    case .logarithmic: Ticks.logarithmic(from: lower, to: upper, count: count, accepting: accepting)
    }
  }

  private static func automatic(_ data: Extent, axis: Axis, padding: Double) -> (Double, Double) {
    let scaling = axis.scaling
    guard !data.isEmpty else { return scaling == .linear ? (0, 1) : (1, 10) }
    guard isWide(data.lower, data.upper, scaling: scaling) else {
      return around(data.lower / 2 + data.upper / 2, axis: axis)
    }
    switch scaling {
    case .linear:
      let pad = padding * (data.upper - data.lower)
      return (data.lower - pad, data.upper + pad)
    case .logarithmic:
      let pad = pow(10, padding * (log10(data.upper) - log10(data.lower)))
      return (data.lower / pad, data.upper * pad)
    }
  }

  private static func around(_ value: Double, axis: Axis) -> (Double, Double) {
    if axis.scaling == .logarithmic { return (value / 2, value * 2) }
    let share = value.magnitude < 1e-280 ? 1 : 0.1 * value.magnitude
    let pad = axis.integersOnly ? Swift.max(share, 1) : share
    return (value - pad, value + pad)
  }

  private static func isWide(_ lower: Double, _ upper: Double, scaling: AxisScaling) -> Bool {
    isDrawable(lower, upper) && (scaling == .linear || upper / lower > 1.000_001)
  }
}
