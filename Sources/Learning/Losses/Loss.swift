/// What is to become small.
public enum Loss: String, Sendable, Hashable, CaseIterable {
  /// The mean of (y − t)² over samples, steps and outputs.
  case squared
  /// The mean of −log softmax(y)_label over samples and steps, in nats; a negative label asks nothing, but counts in the mean.
  case crossEntropy
}

/// What a batch, or several, lost.
public struct LossValue: Sendable, Hashable {
  /// The mean loss.
  public var loss: Double
  /// Rows whose largest output was not the label's; 0 for the squared loss.
  public var wrong: Int
  /// Rows that were asked.
  public var asked: Int

  public init(loss: Double, wrong: Int, asked: Int) {
    self.loss = loss
    self.wrong = wrong
    self.asked = asked
  }

  /// The part of the asked rows that are wrong.
  public var error: Double { asked > 0 ? Double(wrong) / Double(asked) : 0 }
  /// The cross-entropy in bits.
  public var bits: Double { loss / 0.693147180559945309417 }
}
