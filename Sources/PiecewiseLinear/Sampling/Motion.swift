import Exact

/// An exact affine function of the parameter t of a line: start + speed · t.
public struct Motion: Sendable, Equatable {
  public var start: Rational
  public var speed: Rational

  public init(start: Rational, speed: Rational) {
    self.start = start
    self.speed = speed
  }

  static let zero = Motion(start: .zero, speed: .zero)

  public func callAsFunction(_ time: Rational) -> Rational { start + speed * time }

  mutating func add(_ weight: Rational, _ other: Motion) {
    if other.start.signum != 0 { start += weight * other.start }
    if other.speed.signum != 0 { speed += weight * other.speed }
  }

  static func * (factor: Rational, motion: Motion) -> Motion {
    Motion(start: factor * motion.start, speed: factor * motion.speed)
  }

  static func - (left: Motion, right: Motion) -> Motion {
    Motion(start: left.start - right.start, speed: left.speed - right.speed)
  }

  /// Whether the motion is below another one just after a time, or near −∞ when it is nil.
  func isBelow(_ other: Motion, justAfter time: Rational?) -> Bool {
    guard let time else { return speed == other.speed ? start < other.start : speed > other.speed }
    let here = self(time)
    let there = other(time)
    return here == there ? speed < other.speed : here < there
  }
}
