import Exact

/// The class of functions x ↦ c + v·x + Σᵢ sᵢ max(0, aᵢ·x + bᵢ), i = 1…hidden, sᵢ = ±1.
///
/// Without skip term and output bias this is the class of Arora et al. (ICLR 2018), section 4; with one input, skip term
/// and output bias it is the continuous piecewise-linear functions with at most `hidden` knots.
public struct HiddenLayerModel: Sendable, Hashable, Codable {
  /// n, the number of inputs.
  public var inputs: Int
  /// w, the number of hidden units.
  public var hidden: Int
  /// Whether the constant c is free (otherwise 0).
  public var outputBias: Bool
  /// Whether the linear term v is free (otherwise 0).
  public var skip: Bool
  /// Whether all signs sᵢ are +1, which makes the function convex.
  public var convex: Bool

  public init(inputs: Int, hidden: Int, outputBias: Bool = true, skip: Bool = false, convex: Bool = false) {
    self.inputs = inputs
    self.hidden = hidden
    self.outputBias = outputBias
    self.skip = skip
    self.convex = convex
  }

  /// The numbers of free parameters once the activation patterns are fixed: w (n + 1), and 1 and n where free.
  public var parameterCount: Int { hidden * (inputs + 1) + (outputBias ? 1 : 0) + (skip ? inputs : 0) }
}

/// A member of a ``HiddenLayerModel`` with exact weights.
public struct ExactNetwork: Sendable, Hashable {
  public struct Unit: Sendable, Hashable {
    /// s, +1 or −1.
    public var sign: Int
    /// a, one number for each input.
    public var weights: [Rational]
    /// b.
    public var bias: Rational

    public init(sign: Int, weights: [Rational], bias: Rational) {
      self.sign = sign
      self.weights = weights
      self.bias = bias
    }
  }

  public var units: [Unit]
  /// v, one number for each input; zeros where the model has no skip term.
  public var skip: [Rational]
  /// c; zero where the model has no output bias.
  public var outputBias: Rational

  public init(units: [Unit], skip: [Rational], outputBias: Rational) {
    self.units = units
    self.skip = skip
    self.outputBias = outputBias
  }

  /// The exact value at a point.
  public func callAsFunction(_ x: [Rational]) -> Rational {
    func dot(_ weights: [Rational]) -> Rational {
      var sum = Rational.zero
      for (weight, value) in zip(weights, x) where weight.signum != 0 { sum += weight * value }
      return sum
    }
    var value = outputBias + dot(skip)
    for unit in units {
      let input = dot(unit.weights) + unit.bias
      if input.signum > 0 { value = unit.sign > 0 ? value + input : value - input }
    }
    return value
  }
}

/// The samples a fit was made on, exactly as written.
public struct ExactSamples: Sendable, Hashable {
  public var inputNames: [String]
  public var targetName: String
  /// One row for each sample.
  public var inputs: [[Rational]]
  public var targets: [Rational]
  /// Positive, one for each sample.
  public var weights: [Rational]

  public init(
    inputNames: [String], targetName: String, inputs: [[Rational]], targets: [Rational], weights: [Rational]
  ) {
    self.inputNames = inputNames
    self.targetName = targetName
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }

  /// SHA-256 over the names and the numbers in lowest terms, so that two spellings of one table agree.
  public var digest: String {
    var hash = SHA256()
    for name in inputNames + [targetName] { hash.update(Array("\(name.utf8.count):\(name)\n".utf8)) }
    // Unequal numbers of rows are an error that the checker reports; here they must only not trap.
    for (row, (target, weight)) in zip(inputs, zip(targets, weights)) {
      let numbers = row + [target, weight]
      hash.update(Array((numbers.map(\.description).joined(separator: ",") + "\n").utf8))
    }
    return "sha256:" + hash.finish()
  }
}

/// What a global fit claims, and the proof of it.
///
/// The claim: the network belongs to the model, its total loss on the samples is at most `loss`, and no member of the
/// model has a total loss below `lowerBound`. A part of the proof bounds the loss on a subset of the samples; the parts'
/// samples are disjoint, so their bounds add up.
public struct FitCertificate: Sendable, Hashable {
  public struct Part: Sendable, Hashable {
    /// Indices of the samples, ascending; nil stands for all of them.
    public var samples: [Int]?
    public var lowerBound: Rational
    public var proof: Proof

    public init(samples: [Int]?, lowerBound: Rational, proof: Proof) {
      self.samples = samples
      self.lowerBound = lowerBound
      self.proof = proof
    }
  }

  public enum Proof: Sendable, Hashable {
    /// Losses are not negative: proves the bound 0.
    case nonNegative
    /// For each number of positive units a search tree, in the language of ``TreeChecker``.
    case trees([SignTree])
    /// The checker runs its own dynamic programme over knots (one input, squared loss, skip term and output bias).
    case knots
  }

  public struct SignTree: Sendable, Hashable {
    /// How many units have sign +1; they come first.
    public var positive: Int
    public var text: String

    public init(positive: Int, text: String) {
      self.positive = positive
      self.text = text
    }
  }

  public var model: HiddenLayerModel
  public var loss: Loss
  public var samples: ExactSamples
  public var digest: String
  public var network: ExactNetwork
  public var claimedLoss: Rational
  public var lowerBound: Rational
  public var parts: [Part]

  public init(
    model: HiddenLayerModel, loss: Loss, samples: ExactSamples, network: ExactNetwork, claimedLoss: Rational,
    lowerBound: Rational, parts: [Part]
  ) {
    self.model = model
    self.loss = loss
    self.samples = samples
    self.digest = samples.digest
    self.network = network
    self.claimedLoss = claimedLoss
    self.lowerBound = lowerBound
    self.parts = parts
  }
}
