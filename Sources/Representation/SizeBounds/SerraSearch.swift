/// Branch and bound over the widths of hidden layers for the bound of Serra et al.
///
/// Let U(m, r, c) be an upper bound on the bound's value with at most m layers of r units in all on c dimensions, when the
/// widths of later layers may be chosen anew for every dimension that is left. A size s with U(k′, s, n) < p is excluded at
/// once. Else widths are fixed from the first layer on, nearly equal ones first: those so far leave a number of summands for
/// each dimension c, and U bounds what can become of each. Summands are counted up to p, exactly.
struct SerraSearch {
  /// The largest size that is searched.
  static let largestSize = 2048
  /// The most products for the table U.
  private static let largestEffort = 1 << 26
  /// The most choices of a width that are tried for one size.
  private static let largestTrials = 1 << 16

  private let pieces: UInt128
  private let inputs: Int
  private let layers: Int
  /// A size that reaches `pieces`.
  private let enough: Int
  /// C(w, j) up to `pieces`, at w · (n + 1) + j.
  private let binomials: [UInt128]
  /// U(m, r, c) up to `pieces`, at ((m − 1) · (enough + 1) + r) · (n + 1) + c.
  private var table: [UInt128] = []

  /// - Parameters:
  ///   - pieces: p < 2¹²⁶.
  ///   - units: a size at which some widths reach p.
  /// - Returns: nil when the table would take too long.
  init?(pieces: UInt128, inputs: Int, layers: Int, units: Int) {
    // Layers are not empty, and more dimensions than units are not met.
    let inputs = min(inputs, max(units, 1))
    let layers = max(min(layers, units), 1)
    let pairs = layers * (units + 1) * (units + 1)
    let (effort, overflow) = pairs.multipliedReportingOverflow(by: (inputs + 1) * (inputs + 1))
    guard !overflow, effort / 4 <= Self.largestEffort else { return nil }
    self.pieces = pieces
    self.inputs = inputs
    self.layers = layers
    enough = units
    var binomials = Array(repeating: UInt128(0), count: (units + 1) * (inputs + 1))
    for width in 0...units {
      binomials[width * (inputs + 1)] = 1
      for index in stride(from: 1, through: min(width, inputs), by: 1) {
        let above = (width - 1) * (inputs + 1) + index
        binomials[width * (inputs + 1) + index] = min(binomials[above - 1] + binomials[above], pieces)
      }
    }
    self.binomials = binomials
    fillTable()
  }

  private mutating func fillTable() {
    table = Array(repeating: 0, count: layers * (enough + 1) * (inputs + 1))
    for layer in 1...layers {
      for units in 0...enough {
        for dimension in 0...inputs {
          // The last layer takes all units, or this one leaves some for later layers.
          var best = cells(units, dimension)
          var width = 1
          while layer > 1, width < units, best < pieces {
            var sum = UInt128(0)
            for index in 0...min(dimension, width) {
              let rest = table[position(layer - 1, units - width, min(dimension, width - index))]
              sum = capped(sum + product(binomials[width * (inputs + 1) + index], rest))
            }
            best = max(best, sum)
            width += 1
          }
          table[position(layer, units, dimension)] = best
        }
      }
    }
  }

  private func position(_ layers: Int, _ units: Int, _ dimension: Int) -> Int {
    ((layers - 1) * (enough + 1) + units) * (inputs + 1) + dimension
  }

  private func capped(_ value: UInt128) -> UInt128 { min(value, pieces) }

  private func product(_ left: UInt128, _ right: UInt128) -> UInt128 {
    let (value, overflow) = left.multipliedReportingOverflow(by: right)
    return overflow ? pieces : min(value, pieces)
  }

  /// Σ_{j ≤ dimension} C(width, j), up to `pieces`.
  private func cells(_ width: Int, _ dimension: Int) -> UInt128 {
    (0...min(dimension, width)).reduce(0) { capped($0 + binomials[width * (inputs + 1) + $1]) }
  }

  /// The least size at which some widths reach `pieces`; or, after too many trials, the least that is not excluded.
  func run() -> (units: Int, isLeast: Bool) {
    var units = 0
    while units < enough {
      if table[position(layers, units, inputs)] >= pieces {
        var trials = 0
        var start = Array(repeating: UInt128(0), count: inputs + 1)
        start[inputs] = 1
        switch reaches(start, units: units, layers: layers, trials: &trials) {
        case true?: return (units, true)
        case false?: break
        case nil: return (units, false)
        }
      }
      units += 1
    }
    return (enough, true)
  }

  /// Whether at most `layers` more layers of `units` units in all reach `pieces`, from a number of summands for each
  /// dimension; nil after too many trials.
  private func reaches(_ summands: [UInt128], units: Int, layers: Int, trials: inout Int) -> Bool? {
    let last = summands.indices.reduce(UInt128(0)) { capped($0 + product(summands[$1], cells(units, $1))) }
    if last >= pieces { return true }
    guard layers > 1 else { return false }
    let equal = units / layers
    for width in (1..<max(units, 1)).sorted(by: { abs($0 - equal) < abs($1 - equal) }) {
      trials += 1
      guard trials <= Self.largestTrials else { return nil }
      let next = passed(summands, width: width)
      let bound = next.indices.reduce(UInt128(0)) {
        capped($0 + product(next[$1], table[position(layers - 1, units - width, $1)]))
      }
      guard bound >= pieces else { continue }
      let answer = reaches(next, units: units - width, layers: layers - 1, trials: &trials)
      if answer != false { return answer }
    }
    return false
  }

  /// The summands behind a layer, by the dimension that is left.
  private func passed(_ summands: [UInt128], width: Int) -> [UInt128] {
    var next = Array(repeating: UInt128(0), count: summands.count)
    for (dimension, count) in summands.enumerated() where count > 0 {
      for index in 0...min(dimension, width) {
        let left = min(dimension, width - index)
        next[left] = capped(next[left] + product(count, binomials[width * (inputs + 1) + index]))
      }
    }
    return next
  }
}
