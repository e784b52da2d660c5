import Exact
import Networks
import Probability
import Testing

@testable import Representation

@Suite struct MaximumNetworkTests {
  private func isMaximum(_ network: RationalNetwork, at point: [Rational]) -> Bool {
    network(point) == [point.max() ?? .zero]
  }

  private func permutations(_ values: [Rational]) -> [[Rational]] {
    if values.count < 2 { return [values] }
    return values.indices.flatMap { index in
      var rest = values
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  @Test func treesHaveTheirSizes() throws {
    let sizes3 = [3, 8, 9, 16, 17, 20, 21, 30, 31, 34, 35, 40, 41, 44, 45]
    let sizes4 = [4, 10, 12, 20, 22, 26, 28, 38, 40, 44, 46, 52, 54, 58, 60]
    for (index, (size3, size4)) in zip(sizes3, sizes4).enumerated() {
      let count = index + 2
      #expect(try MaximumNetwork.tree(count: count).size == size3)
      let paper = try MaximumNetwork.tree(count: count, gadget: .fourUnits)
      #expect(paper.size == size4)
      #expect(paper.size <= 4 * (2 * count - 1))
      #expect(paper.hidden.count == MaximumNetwork.treeHiddenLayers(count: count))
    }
    #expect(try MaximumNetwork.tree(count: 9).hiddenWidths == [14, 8, 5, 3])
    #expect(try MaximumNetwork.tree(count: 22).hiddenWidths == [33, 17, 9, 5, 3])
    #expect(try MaximumNetwork.tree(count: 1).hidden.isEmpty)
  }

  @Test func fewNumbersInEveryOrder() throws {
    for count in 1...5 {
      let networks = try [
        MaximumNetwork.tree(count: count), MaximumNetwork.tree(count: count, gadget: .fourUnits),
        MaximumNetwork.shallow(count: count),
      ]
      // Different numbers, and ties.
      let values: [[Rational]] = [[-2, Rational(-1, 3), 0, 1, Rational(7, 2)], [-1, 0, 0, 2, 2], [1, 1, 1, 1, -3]]
      for value in values {
        for point in permutations(Array(value.prefix(count))) {
          for network in networks { #expect(isMaximum(network, at: point), "\(point)") }
        }
      }
    }
  }

  /// Sizes of published networks for the same counts, which are not to be exceeded.
  @Test(arguments: [
    (6, 3, 19), (8, 3, 21), (9, 3, 37), (12, 3, 96), (13, 4, 42), (19, 4, 93), (21, 4, 135), (24, 4, 195), (25, 4, 249),
    (28, 4, 292), (30, 4, 395),
  ])
  func shallowNetworks(count: Int, hiddenLayers: Int, size: Int) throws {
    let network = try MaximumNetwork.shallow(count: count)
    #expect(network.hidden.count == hiddenLayers)
    #expect(network.size <= size)
    #expect(try network.rounded(to: .float32).isExact)
    let seed = UInt64(count)
    var source = RandomSource(seed: seed)
    for trial in 0..<40 {
      // Few different values make many ties.
      let range = trial < 20 ? 5 : 1000
      let point = (0..<count).map { _ in Rational(source.index(below: range), 1 + source.index(below: 3)) }
      #expect(isMaximum(network, at: point), "seed \(seed): \(point)")
    }
  }

  @Test func fiveNumbersTakeTwoLayers() throws {
    #expect(try MaximumNetwork.shallow(count: 5).hiddenWidths == [10, 9])
    // Without the first number to carry: max(0, y₂ … y₅).
    let functions =
      [AffineFunction(constant: 0, inputs: 4)]
      + (0..<4).map { index in
        AffineFunction(gradient: (0..<4).map { $0 == index ? 1 : 0 }, constant: 0)
      }
    let sum = SignedMaximumSum(functions: functions, terms: [.init(coefficient: 1, arguments: [0, 1, 2, 3, 4])])
    let network = try Compiler(minimisesDepth: true).compile([sum]).network
    #expect(network.hiddenWidths == [8, 7])
    let values: [Rational] = [-2, Rational(-1, 2), 1, 3]
    for point in permutations(values) + permutations([-1, -2, -3, -4]) + permutations([0, 0, 1, -1]) {
      #expect(network(point) == [sum(point)], "\(point)")
    }
  }

  @Test func layersOfTheRecursion() {
    #expect((1...7).map { ShallowMaximum.capacity(hiddenLayers: $0) } == [2, 5, 12, 30, 75, 187, 467])
    let counts = [1, 2, 3, 5, 6, 12, 13, 30, 31, 75, 76, 187, 188, 467, 468]
    #expect(
      counts.map { MaximumNetwork.shallowHiddenLayers(count: $0) } == [0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8])
    #expect([1, 2, 3, 4, 5, 8, 9].map { MaximumNetwork.treeHiddenLayers(count: $0) } == [0, 1, 2, 2, 3, 3, 4])
  }

  @Test func countsOutOfRangeAreErrors() {
    #expect(throws: RepresentationError("a maximum of 0 numbers was asked for; accepted are 1 to 65536")) {
      try MaximumNetwork.tree(count: 0)
    }
    #expect(throws: RepresentationError.self) { try MaximumNetwork.tree(count: .max) }
    #expect(throws: RepresentationError.self) { try MaximumNetwork.shallow(count: 188) }
  }
}
