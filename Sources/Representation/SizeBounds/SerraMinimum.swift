import Exact

/// The least number of units, over all widths of at most k′ hidden layers, for which the upper bound of Serra et al. on the
/// number of pieces reaches p.
struct SerraMinimum {
  /// The least number, or a lower bound on it when there is a remark.
  let units: Rational
  let remark: String?

  init(pieces: Rational, inputs: Int, layers: Int) {
    let product = Self.montufarUnits(pieces: pieces, inputs: inputs, layers: layers)
    guard layers > 1 else {
      // One layer has one width, and both bounds are Σ_{j ≤ n} C(w, j).
      self.init(units: product, remark: nil)
      return
    }
    guard let target = UInt128(pieces.description), target < 1 << 126,
      let start = Int(product.description), start <= SerraSearch.largestSize,
      let enough = Self.sufficientUnits(pieces: pieces, inputs: inputs, layers: layers, from: start),
      let search = SerraSearch(pieces: target, inputs: inputs, layers: layers, units: enough)
    else {
      self.init(units: product, remark: "by Montúfar's product alone: too many pieces for a search over all widths")
      return
    }
    let found = search.run()
    self.init(
      units: Rational(found.units),
      remark: found.isLeast ? nil : "all smaller sizes are excluded; the search for widths of this size was stopped")
  }

  private init(units: Rational, remark: String?) {
    self.units = units
    self.remark = remark
  }

  /// The least s = Σ wₗ with Π Σ_{j ≤ n} C(wₗ, j) ≥ p, a product that is never below the bound of Serra et al.
  ///
  /// g(w) = Σ_{j ≤ n} C(w, j) is log-concave: g(w + 1)/g(w) = 2 − C(w, n)/g(w), and C(w, j)/C(w, n) does not grow with w for
  /// j < n. Therefore widths that differ by at most 1 are best.
  private static func montufarUnits(pieces: Rational, inputs: Int, layers: Int) -> Rational {
    func reaches(_ units: Rational) -> Bool {
      let width = NaturalArithmetic.floor(units / Rational(layers))
      let wider = Int((units - width * Rational(layers)).doubleValue)
      let narrow = NaturalArithmetic.binomialSum(width, upTo: inputs)
      let wide = NaturalArithmetic.binomialSum(width + 1, upTo: inputs)
      return NaturalArithmetic.power(narrow, layers - wider) * NaturalArithmetic.power(wide, wider) >= pieces
    }
    guard pieces > .one else { return .zero }
    // Not enough, and enough.
    var low = Rational.zero
    var high = Rational.one
    while !reaches(high) {
      low = high
      high *= 2
    }
    while high - low > .one {
      let middle = NaturalArithmetic.floor((low + high) / 2)
      if reaches(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// A size at which nearly equal widths reach p; nil when it is more than a search can take.
  private static func sufficientUnits(pieces: Rational, inputs: Int, layers: Int, from start: Int) -> Int? {
    func reaches(_ units: Int) -> Bool {
      let used = max(min(layers, units), 1)
      let widths = (0..<used).map { units / used + ($0 < units % used ? 1 : 0) }.filter { $0 > 0 }
      return PieceBound.serra(inputs: inputs, widths: widths) >= pieces
    }
    guard reaches(SerraSearch.largestSize) else { return nil }
    var low = start - 1
    var high = SerraSearch.largestSize
    while high - low > 1 {
      let middle = (low + high) / 2
      if reaches(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
