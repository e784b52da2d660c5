import Exact
import Networks

/// Networks for the maximum of m numbers, ℝᵐ → ℝ.
public enum MaximumNetwork {
  /// How one hidden layer makes the maximum of two numbers.
  public enum Gadget: Sendable, CaseIterable {
    /// max(u, v) = σ(u − v) + σ(v) − σ(−v)
    case threeUnits
    /// max(u, v) = ½ [σ(u + v) − σ(−u − v) + σ(u − v) + σ(v − u)]
    case fourUnits
  }

  /// The largest accepted number of inputs of a tree.
  public static let largestTree = 1 << 16
  /// The largest accepted number of inputs of the shallow construction, whose units grow faster than its inputs.
  public static let largestShallow = 187

  /// The balanced binary tree: ⌈log₂ m⌉ hidden layers. Each halves the numbers, an odd one being carried by two units.
  ///
  /// Source: R. Arora et al., *Understanding deep neural networks with rectified linear units* (2018), proof of Theorem
  /// 2.1, where the gadget has four units.
  /// - Throws: `RepresentationError` unless 1 ≤ count ≤ `largestTree`.
  /// - Complexity: O(m).
  public static func tree(count: Int, gadget: Gadget = .threeUnits) throws -> RationalNetwork {
    try check(count, atMost: largestTree)
    var hidden: [[RationalNetwork.Row]] = []
    var numbers = (0..<count).map { LinearForm(column: $0) }
    while numbers.count > 1 {
      var units: [LinearForm] = []
      func unit(_ form: LinearForm) -> LinearForm {
        units.append(form)
        return LinearForm(column: units.count - 1)
      }
      numbers = stride(from: 0, to: numbers.count, by: 2).map { index in
        guard index + 1 < numbers.count else { return unit(numbers[index]) - unit(-numbers[index]) }
        let u = numbers[index]
        let v = numbers[index + 1]
        switch gadget {
        case .threeUnits: return unit(u - v) + unit(v) - unit(-v)
        case .fourUnits:
          let sum = unit(u + v) - unit(-(u + v)) + unit(u - v) + unit(v - u)
          return sum.scaled(by: Rational(1, 2))
        }
      }
      hidden.append(units.map(\.row))
    }
    return try RationalNetwork(inputs: count, hidden: hidden, outputs: numbers.map(\.row))
  }

  /// The depth-saving construction: 2, 5, 12, 30, 75, 187 numbers in 1 … 6 hidden layers, where the tree takes 2, 4, 8, 16,
  /// 32, 64. Where it saves no layer, the tree.
  ///
  /// - Throws: `RepresentationError` unless 1 ≤ count ≤ `largestShallow`.
  public static func shallow(count: Int) throws -> RationalNetwork {
    try check(count, atMost: largestShallow)
    let layers = shallowHiddenLayers(count: count)
    if layers == treeHiddenLayers(count: count) { return try tree(count: count) }
    var graph = HingeGraph(inputs: count)
    var shallow = ShallowMaximum(of: (0..<count).map { LinearForm(column: $0) })
    let maximum = shallow.maximum(over: Array(0..<count), layers: layers, in: &graph)
    return try graph.network(outputs: [maximum], placement: .earliest, domain: .dyadic)
  }

  /// ⌈log₂ count⌉, for a count of at least 1.
  public static func treeHiddenLayers(count: Int) -> Int { binaryDepth(count) }

  /// The number of hidden layers of the depth-saving construction, for a count of at least 1.
  public static func shallowHiddenLayers(count: Int) -> Int { ShallowMaximum.hiddenLayers(count: count) }

  private static func check(_ count: Int, atMost largest: Int) throws {
    guard (1...largest).contains(count) else {
      throw RepresentationError("a maximum of \(count) numbers was asked for; accepted are 1 to \(largest)")
    }
  }
}
