import Exact

/// The maximum of m numbers in fewer hidden layers than a binary tree, at the price of more units.
///
/// Two hidden layers give the maximum of five numbers: with M_S the maximum over S and h = (M₂₃ + M₄₅)/2,
///
///     max(x₁ … x₅) = max(x₁, h) − max((M₁₂ + M₁₃)/2, h) − max((M₁₄ + M₁₅)/2, h)
///                    + ½ [max(M₁₃, M₄₅) + max(M₁₂, M₄₅) + max(M₁₅, M₂₃) + max(M₁₄, M₂₃)].
///
/// Maxima over groups in the place of the five numbers give N₁ = 2, N₂ = 5, N_{L+1} = ⌊5 N_L / 2⌋ numbers in L layers:
/// 2, 5, 12, 30, 75, 187, 467, where a binary tree reaches 2, 4, 8, 16, 32, 64, 128.
///
/// Related: E. Bakaev, F. Brunck, C. Hertrich, J. Stade, A. Yehudayoff, *Better neural network expressivity: subdividing
/// the simplex* (2025), who showed first that two hidden layers suffice for five numbers.
struct ShallowMaximum {
  private let forms: [LinearForm]
  private var built: [[Int]: (form: LinearForm, layers: Int)] = [:]
  private var plans: [Size: (plan: Plan, cost: Int)] = [:]

  init(of forms: [LinearForm]) { self.forms = forms }

  /// The largest m whose maximum takes so many hidden layers; saturated at 10⁹.
  static func capacity(hiddenLayers: Int) -> Int {
    if hiddenLayers < 2 { return hiddenLayers + 1 }
    return (2..<max(hiddenLayers, 2)).reduce(5) { count, _ in min(5 * count / 2, 1_000_000_000) }
  }

  /// The least L with capacity(L) ≥ count.
  static func hiddenLayers(count: Int) -> Int {
    var layers = 0
    while capacity(hiddenLayers: layers) < min(count, 1_000_000_000) { layers += 1 }
    return layers
  }

  private struct Size: Hashable {
    var count: Int
    var layers: Int
  }

  private enum Plan {
    /// The maximum of two parts; the size of the first.
    case halves(Int)
    /// The sizes of the groups A, B₁, B₂, C₁, C₂.
    case five([Int])
  }

  /// The maximum over a set of the forms in at most `layers` hidden layers above theirs; `layers` must suffice.
  mutating func maximum(over set: [Int], layers: Int, in graph: inout HingeGraph) -> LinearForm {
    if set.count == 1 { return forms[set[0]] }
    if let known = built[set], known.layers <= layers { return known.form }
    let form: LinearForm
    switch plan(Size(count: set.count, layers: layers)).plan {
    case .halves(let count):
      let first = maximum(over: Array(set[..<count]), layers: layers - 1, in: &graph)
      let second = maximum(over: Array(set[count...]), layers: layers - 1, in: &graph)
      form = graph.maximum(first, second)
    case .five(let sizes):
      var rest = set[...]
      let groups = sizes.map { size in
        defer { rest = rest.dropFirst(size) }
        return Array(rest.prefix(size))
      }
      form = five(groups, layers: layers, &graph)
    }
    built[set] = (form, layers)
    return form
  }

  private mutating func five(_ groups: [[Int]], layers: Int, _ graph: inout HingeGraph) -> LinearForm {
    let x1 = maximum(over: groups[0], layers: layers - 1, in: &graph)
    let m12 = union(groups[0], groups[1], layers - 1, &graph)
    let m13 = union(groups[0], groups[2], layers - 1, &graph)
    let m14 = union(groups[0], groups[3], layers - 1, &graph)
    let m15 = union(groups[0], groups[4], layers - 1, &graph)
    let m23 = union(groups[1], groups[2], layers - 1, &graph)
    let m45 = union(groups[3], groups[4], layers - 1, &graph)
    let half = Rational(1, 2)
    let h = (m23 + m45).scaled(by: half)
    // Every maximum is max(u, v) = v + σ(u − v); the terms v sum to x₁.
    var sum = x1 + graph.positivePart(of: h - x1)
    for pair in [m12 + m13, m14 + m15] { sum = sum - graph.positivePart(of: pair.scaled(by: half) - h) }
    for (u, v) in [(m13, m45), (m12, m45), (m15, m23), (m14, m23)] {
      sum = sum.adding(graph.positivePart(of: u - v), times: half)
    }
    return sum
  }

  /// The maximum over two groups: of their maxima when these leave a layer for it, so that they are shared.
  private mutating func union(
    _ first: [Int], _ second: [Int], _ layers: Int, _ graph: inout HingeGraph
  ) -> LinearForm {
    let set = (first + second).sorted()
    if max(first.count, second.count) > Self.capacity(hiddenLayers: layers - 1) {
      return maximum(over: set, layers: layers, in: &graph)
    }
    if let known = built[set], known.layers <= layers { return known.form }
    let form = graph.maximum(
      maximum(over: first, layers: layers - 1, in: &graph), maximum(over: second, layers: layers - 1, in: &graph))
    built[set] = (form, layers)
    return form
  }

  /// The cheapest plan for so many numbers in so many layers, by an estimate of its units.
  private mutating func plan(_ size: Size) -> (plan: Plan, cost: Int) {
    if let known = plans[size] { return known }
    let best = size.count <= 1 << min(size.layers, 40) ? treePlan(size.count) : shallowPlan(size)
    plans[size] = best
    return best
  }

  private func treePlan(_ count: Int) -> (plan: Plan, cost: Int) {
    var first = 1
    while 2 * first < count { first *= 2 }
    return (.halves(first), 3 * (count - 1))
  }

  private mutating func shallowPlan(_ size: Size) -> (plan: Plan, cost: Int) {
    let reach = Self.capacity(hiddenLayers: size.layers - 1)
    var best: (plan: Plan, cost: Int)?
    func consider(_ plan: Plan, _ cost: Int) { if cost < best?.cost ?? .max { best = (plan, cost) } }
    if size.count <= 2 * reach {
      for first in (size.count + 1) / 2...min(reach, size.count - 1) {
        consider(.halves(first), cost(first, size.layers - 1) + cost(size.count - first, size.layers - 1) + 3)
      }
      return best ?? treePlan(size.count)
    }
    for a in 1...max(reach / 2, 1) {
      let rest = size.count - a
      let b = (rest + 1) / 2
      let sizes = [a, (b + 1) / 2, b / 2, (rest - b + 1) / 2, (rest - b) / 2]
      guard b <= reach, a + sizes[1] <= reach, sizes.allSatisfy({ $0 > 0 }) else { continue }
      let layers = size.layers - 1
      let unions = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (3, 4)]
      let isShared = sizes.allSatisfy { $0 <= Self.capacity(hiddenLayers: layers - 1) }
      let parts =
        isShared
        ? sizes.reduce(6) { $0 + cost($1, layers - 1) + 1 }
        : unions.reduce(0) { $0 + cost(sizes[$1.0] + sizes[$1.1], layers) }
      consider(.five(sizes), parts + 9)
    }
    return best ?? treePlan(size.count)
  }

  private mutating func cost(_ count: Int, _ layers: Int) -> Int {
    count <= 1 ? 0 : plan(Size(count: count, layers: layers)).cost
  }
}
