import Networks

/// Which side every bending unit of a network is on: 0 or 1 for a hinge (its form is ≤ 0, or > 0), the position of the
/// winner for a maximum.
///
/// A pattern is a row of bits; what they stand for is in its `PatternLayout`.
public struct ActivationPattern: Sendable, Hashable {
  public internal(set) var words: [UInt64]

  public init(bits: Int) {
    words = Array(repeating: 0, count: (bits + 63) / 64)
  }
}

/// Where each bending unit stands in an `ActivationPattern`.
public struct PatternLayout: Sendable, Equatable {
  /// A bending unit.
  public struct Entry: Sendable, Equatable {
    public var stage: Int
    /// The unit's index in its stage.
    public var unit: Int
    public var isMaximum: Bool
    /// How many phases it has: 2 for a hinge, the number of forms for a maximum.
    public var phases: Int
    /// The first of its bits, and how many there are.
    public var bit: Int
    public var bits: Int
  }

  public let entries: [Entry]
  /// The number of bits of a pattern.
  public let bits: Int

  public init(_ network: UnitNetwork) {
    var entries: [Entry] = []
    var bit = 0
    for (stage, content) in network.stages.enumerated() {
      for (number, unit) in content.units.enumerated() where unit.bends {
        let phases = unit.kind == .maximum ? unit.forms.count : 2
        let bits = Int.bitWidth - (phases - 1).leadingZeroBitCount
        // An entry does not straddle two words.
        if bit / 64 != (bit + bits - 1) / 64 { bit = (bit / 64 + 1) * 64 }
        entries.append(
          Entry(
            stage: stage, unit: number, isMaximum: unit.kind == .maximum, phases: phases, bit: bit, bits: bits))
        bit += bits
      }
    }
    self.entries = entries
    bits = bit
  }

  /// The phase of an entry: 0 or 1 for a hinge, the winner's position for a maximum. O(1).
  public func phase(_ entry: Int, of pattern: ActivationPattern) -> Int {
    let place = entries[entry]
    return Int(pattern.words[place.bit / 64] >> UInt64(place.bit % 64) & (1 << UInt64(place.bits) - 1))
  }

  public func set(_ entry: Int, to phase: Int, in pattern: inout ActivationPattern) {
    let place = entries[entry]
    let mask: UInt64 = (1 << UInt64(place.bits) - 1) << UInt64(place.bit % 64)
    pattern.words[place.bit / 64] = pattern.words[place.bit / 64] & ~mask | UInt64(phase) << UInt64(place.bit % 64)
  }

  /// The pattern at a point, by the plain forward pass in doubles: a form that is 0 counts as not positive, and of equal
  /// forms the first wins. O(parameters).
  public func pattern(of network: UnitNetwork, at point: [Double]) -> ActivationPattern {
    var pattern = ActivationPattern(bits: bits)
    let values = network.allValues(point)
    values.withUnsafeBufferPointer { buffer in
      for (index, entry) in entries.enumerated() {
        let forms = network.stages[entry.stage].units[entry.unit].forms.map { $0(buffer.baseAddress!) }
        let phase = forms.count == 1 ? (forms[0] > 0 ? 1 : 0) : forms.firstIndex(of: forms.max()!)!
        set(index, to: phase, in: &pattern)
      }
    }
    return pattern
  }

  /// The phases as text, the stages joined by a bar: `0110|1`. A maximum's winner is a number in brackets.
  public func text(_ pattern: ActivationPattern) -> String {
    var text = ""
    var stage = entries.first?.stage
    for (index, entry) in entries.enumerated() {
      if entry.stage != stage {
        text += "|"
        stage = entry.stage
      }
      let phase = phase(index, of: pattern)
      text += entry.isMaximum ? "[\(phase)]" : String(phase)
    }
    return text
  }
}
