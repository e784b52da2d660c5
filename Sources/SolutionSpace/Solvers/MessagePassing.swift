import CKernels
import Datasets
import Execution
import Foundation
import Probability
import Synchronization

/// How belief propagation is led to one solution.
public enum MessageProtocol: Sendable, Equatable {
  /// Plain approximate message passing: marginals of typical solutions and their entropy.
  case amp
  /// Reinforced belief propagation: each weight pulls itself along, y = 1/(1 − ρ).
  case reinforced(rate: Double)
  /// Focusing belief propagation: y replicas of each weight pull each other, polarised by √ρ, y − 1 = 1/(1 − ρ).
  ///
  /// Source: C. Baldassi et al., PNAS 113, E7655 (2016), pseudo-reinforcement with exponent ½.
  case focusing(rate: Double)
}

/// Belief propagation for binary weights in its approximate form, O(PN) for a sweep: messages to the weights from the
/// pattern μ differ from the beliefs by small amounts, which the reaction terms correct.
///
/// The second layer is taken as Gaussian, so that about ten hidden units are needed. The state can be stored and taken
/// up again, and does not depend on the number of threads.
///
/// Source: D. Thouless, P. Anderson, R. Palmer, Phil. Mag. 35, 593 (1977); M. Mézard, J. Phys. A 22, 2181 (1989); the
/// second layer's moments are derived for any activation.
public struct MessagePassing: Sendable {
  public let storage: PatternStorage
  public let unit: CommitteeUnit
  public let threads: Int
  /// How much of the old messages is kept in a sweep.
  public var damping: Double
  /// In units of the output Σ cₗ g / √K.
  public let margin: Double
  /// Sweeps done.
  public internal(set) var sweeps = 0
  /// ρ.
  public internal(set) var focus = 0.0

  let weightsOut: [Float]
  /// The signs by input: row i of unit l holds the patterns.
  private let columns: [Int8]
  private let stride: Int
  /// m, by input.
  public internal(set) var means: [Float]
  /// g, by unit and pattern.
  var messages: [Float]
  /// h, the field of each input without what focuses it.
  var fields: [Float]
  /// γ W̃, a field towards a reference.
  private var pull: [Float]
  private var reactions: [Double]
  private var logChances: [Double]
  /// The largest change of a belief in the last sweep.
  public private(set) var change = Double.infinity

  /// Throws `SolutionSpaceError` for an odd number of units where half of them must be negative.
  public init(
    _ storage: PatternStorage, unit: CommitteeUnit, margin: Double = 0, damping: Double = 0.3, seed: UInt64 = 1,
    threads: Int = 1
  ) throws {
    self.storage = storage
    self.unit = unit
    self.margin = margin
    self.damping = damping
    self.threads = max(1, threads)
    weightsOut = try unit.outputWeights(hidden: storage.hidden)
    stride = (storage.count + 63) / 64 * 64
    let (inputs, count, width) = (storage.inputs, storage.count, stride)
    columns = [Int8](unsafeUninitializedCapacity: inputs * width) { buffer, filled in
      buffer.initialize(repeating: 0)
      storage.signs.withUnsafeBufferPointer { signs in
        // In tiles, so that neither side leaves the cache.
        for tile in Swift.stride(from: 0, to: inputs, by: 64) {
          for pattern in 0..<count {
            for i in tile..<min(tile + 64, inputs) { buffer[i * width + pattern] = signs[pattern * inputs + i] }
          }
        }
      }
      filled = inputs * width
    }
    var source = RandomSource(seed: seed)
    means = (0..<inputs).map { _ in Float(0.02 * (source.uniform() - 0.5)) }
    fields = means
    messages = [Float](repeating: 0, count: storage.hidden * width)
    pull = [Float](repeating: 0, count: inputs)
    reactions = [Double](repeating: 0, count: storage.hidden)
    logChances = [Double](repeating: 0, count: count)
  }

  /// Draws the beliefs towards a solution with a field of strength γ.
  public mutating func pull(towards solution: [Int8], strength: Double) {
    pull = solution.map { Float(strength) * Float($0) }
  }

  /// Starts from beliefs near a solution.
  public mutating func start(near solution: [Int8], overlap: Double) {
    means = solution.map { Float(overlap) * Float($0) }
    fields = means.map { Float(atanh(Double($0))) }
  }

  /// The signs of the beliefs.
  public var solution: [Int8] { means.map { $0 < 0 ? -1 : 1 } }

  /// One sweep of all messages. The rate of `kind` is added to ρ after it.
  public mutating func sweep(_ kind: MessageProtocol) {
    let (hidden, width) = (storage.hidden, stride)
    let keep = sweeps == 0 ? 0 : damping
    let variances = variances
    let results = secondLayer(unitFields(means, variances: variances), variances: variances, keep: keep)
    var reactions = [Double](repeating: 0, count: hidden)
    for (index, result) in results.enumerated() {
      let (first, length) = (index * Self.blockLength, result.length)
      for l in 0..<hidden {
        reactions[l] += result.reactions[l]
        for k in 0..<length { messages[l * width + first + k] = result.messages[l * length + k] }
      }
      logChances.replaceSubrange(first..<first + length, with: result.logChances)
    }
    self.reactions = reactions
    let (polarisation, replicas) = Self.focusing(kind, focus)
    let beliefs = beliefs(keep: keep, polarisation: polarisation, replicas: replicas)
    fields = beliefs.flatMap(\.fields)
    means = beliefs.flatMap(\.means)
    change = beliefs.reduce(0) { max($0, $1.change) }
    sweeps += 1
    switch kind {
    case .amp: break
    case .reinforced(let rate), .focusing(let rate): focus = min(focus + rate, 0.9999)
    }
  }

  /// 1 − the mean square of the beliefs of each unit.
  private var variances: [Double] {
    let n = storage.inputsPerUnit
    return (0..<storage.hidden).map { l in
      let square = means[l * n..<(l + 1) * n].reduce(0.0) { $0 + Double($1) * Double($1) }
      return max(1 - square / Double(n), 1e-9)
    }
  }

  private static func focusing(_ kind: MessageProtocol, _ focus: Double) -> (polarisation: Double, replicas: Double) {
    switch kind {
    case .amp: (0, 1)
    case .reinforced: (1, 1 / (1 - focus))
    case .focusing: (focus.squareRoot(), 1 + 1 / (1 - focus))
    }
  }

  /// The fields of all units and patterns without reaction terms, by unit.
  private func unitFields(_ weights: [Float], variances: [Double]?) -> [Float] {
    let (hidden, n, width) = (storage.hidden, storage.inputsPerUnit, stride)
    let scale = Float(1 / Double(n).squareRoot())
    let parts = parallelMap(count: hidden, threads: threads) { l in
      [Float](unsafeUninitializedCapacity: width) { buffer, filled in
        filled = width
        guard let target = buffer.baseAddress else { return }
        columns.withUnsafeBufferPointer { columns in
          weights.withUnsafeBufferPointer { weights in
            guard let signs = columns.baseAddress, let factors = weights.baseAddress else { return }
            pleat_sign_combination(signs + l * n * width, n, width, width, factors + l * n, target)
          }
        }
        let variance = Float(variances?[l] ?? 0)
        for k in 0..<width { target[k] = scale * target[k] - variance * messages[l * width + k] }
      }
    }
    return parts.flatMap { $0 }
  }

  private struct Block: Sendable {
    var length: Int
    /// By unit and pattern of the block.
    var messages: [Float]
    var reactions: [Double]
    var logChances: [Double]
  }

  private static let blockLength = 256

  /// The patterns in blocks: the moments of all units, then the second layer.
  private func secondLayer(_ omega: [Float], variances: [Double], keep: Double) -> [Block] {
    let length = Self.blockLength
    let tables = unit.form == .general ? variances.map { MomentTable(unit.activation, deviation: $0.squareRoot()) } : []
    return parallelMap(count: (storage.count + length - 1) / length, threads: threads) { index in
      secondLayer(
        from: index * length, to: min(storage.count, (index + 1) * length), omega: omega, variances: variances,
        tables: tables, keep: keep)
    }
  }

  private func secondLayer(
    from first: Int, to last: Int, omega: [Float], variances: [Double], tables: [MomentTable], keep: Double
  ) -> Block {
    let (hidden, length, width) = (storage.hidden, last - first, stride)
    let share = 1 / Double(hidden)
    let root = share.squareRoot()
    var block = Block(
      length: length, messages: Array(repeating: 0, count: hidden * length),
      reactions: Array(repeating: 0, count: hidden), logChances: Array(repeating: 0, count: length))
    var moments = [UnitMoments](repeating: UnitMoments(sign: 0, deviation: 1), count: hidden)
    for k in 0..<length {
      let label = Double(storage.labels[first + k])
      var (mean, variance) = (0.0, 0.0)
      for l in 0..<hidden {
        let field = Double(omega[l * width + first + k])
        let m: UnitMoments
        switch unit.form {
        case .relu: m = UnitMoments(ramp: field, deviation: variances[l].squareRoot())
        case .sign: m = UnitMoments(sign: field, deviation: variances[l].squareRoot())
        case .general: m = tables[l].moments(field)
        }
        moments[l] = m
        mean += Double(weightsOut[l]) * m.a
        variance += m.b
      }
      mean *= root
      variance = max(variance * share, 1e-12)
      let deviation = variance.squareRoot()
      let x = (label * mean - margin) / deviation
      let hazard = inverseMillsRatio(-x)
      block.logChances[k] = logNormalCDF(x)
      for l in 0..<hidden {
        let m = moments[l]
        let c = Double(weightsOut[l]) * root * label
        let (m1, m2) = (c * m.a1, c * m.a2)
        let (v1, v2) = (m.b1 * share, m.b2 * share)
        let x1 = m1 / deviation - 0.5 * x * v1 / variance
        let x2 =
          m2 / deviation - m1 * v1 / (deviation * variance) - 0.5 * x * v2 / variance
          + 0.75 * x * v1 * v1 / (variance * variance)
        let message = hazard * x1
        block.reactions[l] += hazard * (hazard + x) * x1 * x1 - hazard * x2
        let old = Double(messages[l * width + first + k])
        block.messages[l * length + k] = Float((1 - keep) * message + keep * old)
      }
    }
    return block
  }

  private struct UnitBeliefs: Sendable {
    var fields: [Float]
    var means: [Float]
    var change: Double
  }

  private func beliefs(keep: Double, polarisation: Double, replicas: Double) -> [UnitBeliefs] {
    let (n, width) = (storage.inputsPerUnit, stride)
    let scale = 1 / Double(n).squareRoot()
    return parallelMap(count: storage.hidden, threads: threads) { l in
      var products = [Float](repeating: 0, count: n)
      columns.withUnsafeBufferPointer { columns in
        messages.withUnsafeBufferPointer { messages in
          guard let signs = columns.baseAddress, let vector = messages.baseAddress else { return }
          pleat_sign_products(signs + l * n * width, n, width, width, vector + l * width, &products)
        }
      }
      let reaction = reactions[l] / Double(n)
      var beliefs = UnitBeliefs(fields: products, means: products, change: 0)
      for i in 0..<n {
        let old = Double(means[l * n + i])
        let field = scale * Double(products[i]) + old * reaction + Double(pull[l * n + i])
        let total = field + Self.attraction(field, polarisation: polarisation, replicas: replicas)
        let mean = (1 - keep) * tanh(total) + keep * old
        beliefs.change = max(beliefs.change, abs(mean - old))
        beliefs.fields[i] = Float(field)
        beliefs.means[i] = Float(mean)
      }
      return beliefs
    }
  }

  /// The message of the centre of y replicas to one of them: atanh(p tanh((y − 1) atanh(p tanh h))).
  private static func attraction(_ field: Double, polarisation p: Double, replicas y: Double) -> Double {
    if p == 0 { return 0 }
    if p == 1 { return (y - 1) * field }
    return atanh(p * tanh((y - 1) * atanh(p * tanh(field))))
  }

  /// The entropy for each weight by Bethe's formula, in nats; meaningful once a plain run has converged.
  public var betheEntropy: Double {
    let (hidden, n, count, width) = (storage.hidden, storage.inputsPerUnit, storage.count, stride)
    var total = 0.0
    for i in 0..<storage.inputs {
      let h = Double(fields[i])
      total += logTwoCosh(h) - h * Double(means[i])
    }
    for value in logChances { total += value }
    for l in 0..<hidden {
      var square = 0.0
      for m in means[l * n..<(l + 1) * n] { square += Double(m) * Double(m) }
      let variance = 1 - square / Double(n)
      var sum = 0.0
      for k in 0..<count {
        let g = Double(messages[l * width + k])
        sum += g * g
      }
      total += 0.5 * variance * sum
    }
    return total / Double(storage.inputs)
  }

  /// The mean square of the beliefs, the overlap of two typical solutions.
  public var overlap: Double { means.reduce(0) { $0 + Double($1) * Double($1) } / Double(storage.inputs) }

  /// The patterns that the signs of the beliefs get wrong.
  public func errorCount() -> Int {
    let outputs = unitFields(solution.map(Float.init), variances: nil)
    return StoredErrors.count(outputs, stride: stride, storage: storage, unit: unit, weightsOut: weightsOut)
  }

  /// Everything a later run needs to go on; small beside the patterns.
  public func state(source: String) -> NumpyBundle {
    var bundle = NumpyBundle(source: source)
    bundle["means"] = NumpyBundle.Values(shape: [means.count], numbers: means.map(Double.init))
    bundle["messages"] = NumpyBundle.Values(
      shape: [storage.hidden, stride], numbers: messages.map(Double.init))
    bundle["progress"] = NumpyBundle.Values(shape: [2], numbers: [Double(sweeps), focus])
    return bundle
  }

  /// Takes up a stored state. Throws `SolutionSpaceError` when it belongs to an instance of another size.
  public mutating func resume(from bundle: NumpyBundle) throws {
    guard let stored = bundle["means"]?.numbers, stored.count == means.count,
      let g = bundle["messages"]?.numbers, g.count == messages.count,
      let progress = bundle["progress"]?.numbers, progress.count == 2, progress[0] >= 0, progress[0] < 1e9,
      (0..<1).contains(progress[1]), stored.allSatisfy({ abs($0) <= 1 }), g.allSatisfy(\.isFinite)
    else {
      throw SolutionSpaceError(
        "\(bundle.source) holds no state of this instance: arrays 'means' [\(means.count)], 'messages' "
          + "[\(storage.hidden) × \(stride)] and 'progress' [2] are needed")
    }
    means = stored.map { Float($0) }
    messages = g.map { Float($0) }
    sweeps = Int(progress[0])
    focus = progress[1]
  }
}

/// Patterns whose output is not on the side of their label.
enum StoredErrors {
  static func count(
    _ fields: [Float], stride: Int, storage: PatternStorage, unit: CommitteeUnit, weightsOut: [Float]
  ) -> Int {
    var outputs = [Float](repeating: 0, count: storage.count)
    for l in 0..<storage.hidden {
      for k in 0..<storage.count { outputs[k] += weightsOut[l] * unit.value(fields[l * stride + k]) }
    }
    return zip(outputs, storage.labels).count { $0 * Float($1) <= PatternStorage.tie }
  }
}
