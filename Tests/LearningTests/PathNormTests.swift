import Probability
import Testing

@testable import Learning

@Suite struct PathNormTests {
  /// A recurrent or feed-forward network as a graph of edges, each with the parameter that it carries.
  struct PathGraph {
    var edges: [(from: Int, to: Int, parameter: Int)] = []
    var sources: [Int] = []
    var outputs: [Int] = []
    var nodes = 0

    mutating func node() -> Int {
      nodes += 1
      return nodes - 1
    }

    /// The network of rectified recurrent layers and one dense layer, unrolled.
    init(_ model: Model, steps: Int) {
      let bias = node()
      sources.append(bias)
      var below: [[Int]] = (0..<steps).map { _ in (0..<model.input.inputs).map { _ in 0 } }
      for step in 0..<steps {
        for place in below[step].indices {
          below[step][place] = node()
          sources.append(below[step][place])
        }
      }
      for (index, layer) in model.layers.enumerated() {
        let tensors = Dictionary(
          uniqueKeysWithValues: model.tensors(ofLayer: index).map { (String($0.name.split(separator: ".")[1]), $0) })
        switch layer {
        case .lastStep: below = [below[below.count - 1]]
        case .dense(let dense):
          below = below.map { inputs in
            (0..<dense.units).map { unit in
              connect(inputs, unit, tensors["weights"], tensors["bias"], bias)
            }
          }
        case .recurrent(let recurrent):
          var former: [Int] = []
          below = below.map { inputs in
            let states = (0..<recurrent.units).map { unit in
              connect(inputs, unit, tensors["input"], tensors["bias"], bias)
            }
            if former.isEmpty, let initial = tensors["initial"] {
              former = (0..<recurrent.units).map { unit in
                let state = node()
                edges.append((bias, state, initial.offset + unit))
                return state
              }
            }
            for (unit, state) in states.enumerated() {
              for (other, past) in former.enumerated() {
                edges.append((past, state, (tensors["recurrent"]?.offset ?? 0) + unit * recurrent.units + other))
              }
            }
            former = states
            return states
          }
        default: break
        }
      }
      outputs = below.flatMap { $0 }
    }

    private mutating func connect(
      _ inputs: [Int], _ unit: Int, _ weights: TensorShape?, _ offsets: TensorShape?, _ bias: Int
    ) -> Int {
      let target = node()
      if let weights {
        for (place, input) in inputs.enumerated() {
          edges.append((input, target, weights.offset + unit * inputs.count + place))
        }
      }
      if let offsets { edges.append((bias, target, offsets.offset + unit)) }
      return target
    }

    /// Every path's parameters, with repetition.
    func paths() -> [[Int]] {
      let isOutput = Set(outputs)
      let outgoing = Dictionary(grouping: edges, by: \.from)
      var found: [[Int]] = []
      func walk(_ node: Int, _ path: [Int]) {
        if isOutput.contains(node) { found.append(path) }
        for edge in outgoing[node] ?? [] { walk(edge.to, path + [edge.parameter]) }
      }
      for source in sources { walk(source, []) }
      return found
    }
  }

  private static func randomModel(_ source: inout RandomSource) throws -> (Model, steps: Int) {
    let isRecurrent = source.index(below: 4) > 0
    let hasBias = source.index(below: 2) == 0
    let isLast = source.index(below: 2) == 0
    let depth = 1 + source.index(below: 2)
    var layers: [Layer] = []
    for _ in 0..<depth {
      let units = 1 + source.index(below: 3)
      layers.append(
        isRecurrent
          ? .recurrent(
            Recurrent(.simple(.relu), units: units, hasBias: hasBias, learnsInitialState: source.index(below: 3) == 0))
          : .dense(Dense(units, .relu, hasBias: hasBias)))
    }
    if isRecurrent, isLast { layers.append(.lastStep) }
    layers.append(.dense(Dense(1 + source.index(below: 2), hasBias: hasBias)))
    let steps = isRecurrent ? 1 + source.index(below: depth == 1 ? 4 : 3) : 1
    return (try Model(input: .vector(1 + source.index(below: 2)), layers: layers), steps)
  }

  private static func isNear(_ left: [Double], _ right: [Double], _ tolerance: Double = 1e-12) -> Bool {
    let size = right.reduce(0) { max($0, abs($1)) }
    return zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * size }
  }

  @Test func pathsAndProgrammeAgree() throws {
    for seed in 0..<40 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let (model, steps) = try Self.randomModel(&source)
      let parameters = (0..<model.parameterCount).map { _ in source.normal() }
      let paths = PathGraph(model, steps: steps).paths()
      for exponent in [1, 2] {
        func weight(_ parameter: Int) -> Double {
          let size = abs(parameters[parameter])
          return exponent == 1 ? size : size * size
        }
        var sum = 0.0
        var first = [Double](repeating: 0, count: parameters.count)
        var half = first
        for path in paths {
          sum += path.reduce(1) { $0 * weight($1) }
          for parameter in Set(path) {
            let uses = Double(path.count { $0 == parameter })
            let others = path.filter { $0 != parameter }.reduce(1) { $0 * weight($1) }
            var repeated = 1.0
            for _ in 1..<max(1, Int(uses)) { repeated *= weight(parameter) }
            first[parameter] += uses * repeated * others
            half[parameter] += uses * (2 * uses - 1) * repeated * others
          }
        }
        if exponent == 1 { first = first.map { $0 * $0 } }
        let curvature = try model.pathCurvature(
          at: parameters, steps: steps, options: PathNormOptions(exponent: exponent))
        #expect(abs(curvature.pathSum.value - sum) <= 1e-12 * sum, "seed \(seed), p = \(exponent)")
        #expect(Self.isNear(curvature.tensors.flatMap(\.values), first), "seed \(seed), p = \(exponent)")
        guard exponent == 2 else { continue }
        let full = try model.pathCurvature(
          at: parameters, steps: steps, options: PathNormOptions(secondTerm: PathNormOptions.exactSecondTerm))
        #expect(Self.isNear(full.tensors.flatMap(\.values), half), "seed \(seed), second term")
      }
    }
  }

  /// κ as half the second derivative of the path norm itself, by differences of a polynomial.
  @Test func kappaIsHalfTheSecondDerivative() throws {
    for seed in 100..<110 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let (model, steps) = try Self.randomModel(&source)
      var parameters = (0..<model.parameterCount).map { _ in source.normal() }
      let full = try model.pathCurvature(
        at: parameters, steps: steps, options: PathNormOptions(secondTerm: 4)
      ).tensors.flatMap(\.values)
      func square() throws -> Double { try model.pathCurvature(at: parameters, steps: steps).squaredNorm.value }
      let middle = try square()
      let step = 1e-4
      let numeric = try parameters.indices.map { index in
        let kept = parameters[index]
        defer { parameters[index] = kept }
        parameters[index] = kept + step
        let above = try square()
        parameters[index] = kept - step
        return (above - 2 * middle + (try square())) / (2 * step * step)
      }
      let size = full.reduce(0) { max($0, $1) } + middle
      let isNear = zip(numeric, full).allSatisfy { abs($0 - $1) <= 1e-5 * size }
      #expect(isNear, "seed \(seed)")
    }
  }

  @Test func convolutionsSharedWeightsAndPools() throws {
    // Average pooling is a fixed edge of weight 1/4, squared 1/16; a kernel of ones over an image of ones.
    let model = try Model(
      input: .image(channels: 1, height: 3, width: 3),
      layers: [
        .convolution(Convolution(1, kernel: 2, hasBias: false)), .pooling(Pooling(.average, kernel: 2)),
        .dense(Dense(1, hasBias: false)),
      ])
    let curvature = try model.pathCurvature(at: [1, 2, 3, 4, 0.5] as [Double])
    // Four positions, each the sum of the squares, times 1/16 and 1/4.
    #expect(curvature.pathSum.value == 4 * 30.0 / 16 / 4)
    #expect(curvature["convolution1.weights"]?.values == [0.0625, 0.0625, 0.0625, 0.0625])
    #expect(curvature["dense1.weights"]?.values == [7.5])
  }

  @Test func fiveIdentitiesOfSums() throws {
    for seed in 200..<215 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let (model, steps) = try Self.randomModel(&source)
      let parameters = (0..<model.parameterCount).map { _ in source.normal() }
      let curvature = try model.pathCurvature(at: parameters, steps: steps)
      func weighted(_ isIncluded: (TensorShape) -> Bool) -> Double {
        curvature.tensors.filter { isIncluded($0.tensor) }.reduce(0) { sum, tensor in
          sum + zip(tensor.values, parameters[tensor.tensor.range]).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
        }
      }
      let square = curvature.squaredNorm.value
      let first = try #require(model.tensors.first)
      let start = weighted { $0.name == first.name || $0.role == .bias || $0.role == .initialState }
      let end = weighted {
        $0.name.hasPrefix("dense\(model.layers.count { if case .dense = $0 { true } else { false } })")
      }
      #expect(abs(start - square) <= 1e-12 * square, "into the network, seed \(seed)")
      #expect(abs(end - square) <= 1e-12 * square, "out of the network, seed \(seed)")
      // Recurrent weights: every path as often as it goes through one.
      let paths = PathGraph(model, steps: steps).paths()
      for tensor in model.tensors where tensor.role == .recurrentWeights {
        var counted = 0.0
        for path in paths {
          let uses = Double(path.count { tensor.range.contains($0) })
          counted += path.reduce(uses) { $0 * parameters[$1] * parameters[$1] }
        }
        let found = weighted { $0.name == tensor.name }
        #expect(abs(found - counted) <= 1e-12 * max(counted, 1e-300), "seed \(seed)")
      }
    }
  }

  @Test func longSequencesDoNotOverflow() throws {
    let model = try Model(
      input: .vector(1),
      layers: [.recurrent(Recurrent(.simple(.relu), units: 2)), .lastStep, .dense(Dense(1))])
    // W = diag(4, 0.5): paths of 2000 steps weigh 2⁴⁰⁰⁰ and 2⁻⁴⁰⁰⁰.
    let parameters = [1, 1, 4, 0, 0, 0.5, 0, 0, 1, 1, 0] as [Double]
    let curvature = try model.pathCurvature(at: parameters, steps: 1001, options: PathNormOptions(secondTerm: 4))
    // γ² = Σ_{t ≤ 1000} 16^t + Σ 4^{-t}, which is 16^1000 · 16/15 to the last digit.
    #expect(abs(curvature.squaredNorm.logarithm - (4000 + 0.09310940439148147)) < 1e-9)
    let recurrent = try #require(curvature["recurrent1.recurrent"])
    #expect(recurrent.each.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect(recurrent.exponent > 3000)
    // In the case without growth single steps agree with the plain sum.
    let plain = try model.pathCurvature(at: [1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0] as [Double], steps: 784)
    #expect(plain.squaredNorm.value == 2 * 784)
    #expect(plain["recurrent1.recurrent"]?.values == [306_936, 306_936, 306_936, 306_936])
  }

  @Test func onlyRectifiedAndLinearUnitsHaveIt() throws {
    let lstm = try Model(input: .vector(1), layers: [.recurrent(Recurrent(.lstm, units: 2)), .dense(Dense(1))])
    let zeros = [Double](repeating: 0, count: lstm.parameterCount)
    #expect(throws: PathNormError.self) { try lstm.pathCurvature(at: zeros, steps: 2) }
    let linear = try Model(input: .vector(1), layers: [.dense(Dense(1))])
    #expect(throws: PathNormError.self) {
      try linear.pathCurvature(at: [1, 1] as [Double], options: PathNormOptions(exponent: 1, secondTerm: 4))
    }
    #expect(throws: PathNormError.self) {
      try linear.pathCurvature(at: [1, 1] as [Double], options: PathNormOptions(exponent: 3))
    }
  }
}
