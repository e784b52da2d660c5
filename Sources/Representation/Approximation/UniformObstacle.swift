import Exact

/// Three inputs between which a function must bend if it is to keep within an error of given values.
///
/// With the values y and the error ε, a *concave* obstacle (a, b, c) says that the line through (a, y(a) + ε) and
/// (b, y(b) − ε) passes above (c, y(c) + ε), or through it and above the values' upper limit just beyond. A function within
/// ε then has in (a, c] a breakpoint at which its slope decreases. A *convex* obstacle is the same upside down, and its
/// breakpoint's slope increases. Obstacles of different bends, and those of one bend whose intervals (a, c] are disjoint, ask
/// for different breakpoints: k of them for k + 1 pieces.
public struct UniformObstacle: Sendable, Equatable {
  public enum Bend: Sendable {
    case concave
    case convex
  }

  public let bend: Bend
  /// a < b < c; b = c only where the error is 0.
  public let inputs: [Rational]
}
