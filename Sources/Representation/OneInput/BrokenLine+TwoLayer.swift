import Exact
import Networks

extension BrokenLine {
  /// A network with one hidden layer, by the closed form
  ///
  ///     f(x) = f(a_q) + s_q σ(x − a_q) − s_{q−1} σ(a_q − x) + Σ_{i<q} κᵢ σ(aᵢ − x)
  ///
  /// At most p units for p ≥ 2 pieces, and one unit more for the constant when there is no output bias. An affine function
  /// that is not constant takes two units, σ(f) − σ(−f); a constant takes none, and one without output bias. A function
  /// that needs no unit gives a network without a hidden layer.
  ///
  /// - Parameter outputBias: whether the output may add a constant. The theorem's networks have none, yet its proof uses
  ///   one: with it p units suffice, without it p + 1.
  /// - Complexity: O(p).
  ///
  /// Source: R. Arora et al., *Understanding deep neural networks with rectified linear units* (2018), Theorem 2.2, with the
  /// affine case, which its statement overlooks.
  public func twoLayerNetwork(outputBias: Bool) throws -> RationalNetwork {
    guard let last = breakpoints.last, let value = values.last else {
      return try affineHinges.network(inputs: 1, outputBias: outputBias)
    }
    var hinges = HingeSum(constant: value)
    for (position, kink) in zip(breakpoints, kinks).dropLast() {
      hinges.add(kink, Self.hinge(at: position, facesLeft: true))
    }
    hinges.add(-slopes[slopes.count - 2], Self.hinge(at: last, facesLeft: true))
    hinges.add(rightSlope, Self.hinge(at: last, facesLeft: false))
    return try hinges.network(inputs: 1, outputBias: outputBias)
  }

  /// A network with one hidden layer and as few units as any can have, for p ≥ 2 pieces:
  ///
  /// - with output bias p − 1 units if some of the kinks κᵢ sum to −s₀ (those hinges face left), and p otherwise;
  /// - without output bias p − 1 units if these κᵢ moreover make Σ κᵢ aᵢ the first piece's value at 0; p units if a
  ///   constant unit or a second unit at some breakpoint aⱼ, Σ κᵢ (aᵢ − aⱼ) = (first piece)(aⱼ), makes up the difference; and
  ///   p + 1 otherwise.
  ///
  /// These are subset-sum questions. They are decided exactly for up to 40 breakpoints, and for any number when the kinks
  /// are small multiples of a common unit; beyond, `leastUnits` is only a bound and `isMinimal` may be false.
  ///
  /// - Complexity: O(2^(p / 2)), times p without output bias.
  public func minimalTwoLayerNetwork(outputBias: Bool) throws -> OneHiddenLayerNetwork {
    let closed = try twoLayerNetwork(outputBias: outputBias)
    guard !breakpoints.isEmpty else {
      // One unit with a weight bends, so that a slope takes two; a constant takes what the closed form gives it.
      return OneHiddenLayerNetwork(network: closed, leastUnits: closed.size)
    }
    return outputBias ? try minimalWithBias(closed) : try minimalWithoutBias(closed)
  }

  private func minimalWithBias(_ closed: RationalNetwork) throws -> OneHiddenLayerNetwork {
    let least = breakpoints.count
    switch SubsetSum.solve(kinks, target: -leftSlope) {
    case .subset(let left):
      let network = try hinges(facingLeft: left).network(inputs: 1, outputBias: true)
      return OneHiddenLayerNetwork(network: network, leastUnits: least)
    case .none: return OneHiddenLayerNetwork(network: closed, leastUnits: least + 1)
    case .undecided: return OneHiddenLayerNetwork(network: closed, leastUnits: least)
    }
  }

  private func minimalWithoutBias(_ closed: RationalNetwork) throws -> OneHiddenLayerNetwork {
    let kinks = kinks
    let (slope, constant) = piece(0)
    var isDecided = true
    let moments = zip(breakpoints, kinks).map { [$1, $0 * $1] }
    switch SubsetSum.solve(moments, target: [-slope, constant]) {
    case .subset(let left):
      return OneHiddenLayerNetwork(
        network: try hinges(facingLeft: left).network(inputs: 1, outputBias: false), leastUnits: breakpoints.count)
    case .none: break
    case .undecided: isDecided = false
    }
    let least = breakpoints.count + (isDecided ? 1 : 0)
    switch SubsetSum.solve(kinks, target: -slope) {
    case .subset(let left):
      return OneHiddenLayerNetwork(
        network: try hinges(facingLeft: left).network(inputs: 1, outputBias: false), leastUnits: least)
    case .none: break
    case .undecided: isDecided = false
    }
    for double in breakpoints.indices {
      let levers = zip(breakpoints, kinks).map { $1 * ($0 - breakpoints[double]) }
      switch SubsetSum.solve(levers, target: slope * breakpoints[double] + constant) {
      case .subset(let left):
        let hinges = hinges(facingLeft: left, onBothSidesAt: double)
        return OneHiddenLayerNetwork(network: try hinges.network(inputs: 1, outputBias: false), leastUnits: least)
      case .none: continue
      case .undecided: isDecided = false
      }
    }
    return OneHiddenLayerNetwork(network: closed, leastUnits: isDecided ? closed.size : least)
  }

  /// f for an affine function.
  private var affineHinges: HingeSum {
    guard leftSlope.signum != 0 else { return HingeSum(constant: valueAtZero) }
    let line = AffineFunction(gradient: [leftSlope], constant: valueAtZero)
    var hinges = HingeSum(constant: .zero)
    hinges.add(.one, line)
    hinges.add(-1, -line)
    return hinges
  }

  /// One hinge at each breakpoint, and a constant that makes the values right where the slopes are.
  ///
  /// - Parameters:
  ///   - facingLeft: the breakpoints whose hinges are positive on the left.
  ///   - double: a breakpoint, not among these, with hinges on both sides, shared out so that the slopes are right.
  private func hinges(facingLeft: [Int], onBothSidesAt double: Int? = nil) -> HingeSum {
    let kinks = kinks
    let left = Set(facingLeft)
    let leftOfDouble = left.reduce(-leftSlope) { $0 - kinks[$1] }
    var constant = piece(0).constant
    var hinges = HingeSum(constant: .zero)
    for index in breakpoints.indices {
      let share = index == double ? leftOfDouble : left.contains(index) ? kinks[index] : .zero
      hinges.add(share, Self.hinge(at: breakpoints[index], facesLeft: true))
      hinges.add(kinks[index] - share, Self.hinge(at: breakpoints[index], facesLeft: false))
      constant -= share * breakpoints[index]
    }
    hinges.constant = constant
    return hinges
  }

  /// a − x, or x − a.
  private static func hinge(at position: Rational, facesLeft: Bool) -> AffineFunction {
    facesLeft
      ? AffineFunction(gradient: [-1], constant: position) : AffineFunction(gradient: [1], constant: -position)
  }
}
