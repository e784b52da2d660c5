import Exact

/// Checks a search tree over activation patterns: that its leaves cover all parameters, and that each leaf's bound holds.
///
/// A node of the tree is a set of parameters: for some pairs (unit i, site j) a bit says that aᵢ·xⱼ + bᵢ ≥ 0 (bit 1, the
/// unit passes its input) or ≤ 0 (bit 0, it gives zero). The text has one line for each step, in preorder:
///
/// - `c i j bit k …` — *circuit*: the bit of unit i at site j follows from its bits at the sites k …, because
///   ±x̃ⱼ is a non-negative combination of the ±x̃ₖ, where x̃ = (x, 1). Holds below the node that follows.
/// - `b j mask …` — *branch* on site j; children follow in this order. Bit i of a mask is the bit of unit i.
/// - `l e d q entry …` — *leaf*: a dual solution. Entries `s:m` give sample s the multiplier m / (d 2ᵉ), `s=h` gives it
///   h / (q d 2ᵉ) with h and q in hexadecimal; `i.j:m` and `i.j=h` do so for the half-space of unit i at site j.
///
/// *Coverage.* The masks of a branch must contain every mask that agrees with the bits known from circuits, up to
/// exchanging units of one sign that had the same bits at all branches above: exchanging them maps the node's set of
/// parameters onto itself and does not change the function. Where skip term and output bias are free, the first branch
/// needs only the mask 0, because max(0, u) = u + max(0, −u).
///
/// *Bound.* On a leaf's set the prediction at a site with all bits known is linear in the parameters θ, with row φⱼ. If
/// Σ νₛ φₛ = Σ λᵢⱼ (± x̃ⱼ in block i) with λ ≥ 0, then Σ νₛ φₛ θ ≥ 0 for all θ of the leaf, and by the inequality of
/// Fenchel and Young the loss is at least −Σ wₛ ℓ*(νₛ / wₛ).
///
/// Complexity: for a leaf with m entries O(m (n + w)) products of big integers.
public final class TreeChecker {
  private let model: HiddenLayerModel
  private let loss: Loss
  private let samples: ScaledSamples
  private let positive: Int
  private let blocks: Int
  /// Bits by unit and site: −1 unknown, 0, 1.
  private var bits: [Int8]
  private var trail: [Int] = []
  private let small: IntegerVector
  private let large: IntegerVector
  /// Σ m over the samples of a site, over small and over large entries.
  private let siteSmall: IntegerVector
  private let siteLarge: IntegerVector
  /// The leaf that named each sample, and each site, last.
  private var lastUse: [Int]
  private var lastTouch: [Int]
  private var leafNumber = 0
  private let numbers = IntegerVector(count: 7)
  private let solver: IntegerSolver

  /// - Parameter positive: how many units have sign +1; they are the first ones.
  public init(model: HiddenLayerModel, loss: Loss, samples: ScaledSamples, positive: Int) {
    self.model = model
    self.loss = loss
    self.samples = samples
    self.positive = positive
    blocks = model.hidden + (model.skip || model.outputBias ? 1 : 0)
    bits = Array(repeating: -1, count: model.hidden * samples.siteCount)
    small = IntegerVector(count: blocks * samples.dimension)
    large = IntegerVector(count: blocks * samples.dimension)
    lastUse = Array(repeating: 0, count: samples.site.count)
    lastTouch = Array(repeating: 0, count: samples.siteCount)
    siteSmall = IntegerVector(count: samples.siteCount)
    siteLarge = IntegerVector(count: samples.siteCount)
    solver = IntegerSolver(rows: samples.dimension, columns: samples.dimension)
  }

  private struct Frame {
    var site: Int
    var masks: [Int]
    var next = 0
    /// Units with equal numbers may still be exchanged.
    var classes: [Int]
    var trailCount: Int
  }

  /// What a tree proves.
  public struct Outcome: Sendable {
    public var leaves: Int
    /// The least bound of a leaf.
    public var lowerBound: Rational
  }

  /// Checks a whole tree.
  ///
  /// - Throws: ``CertificateError`` naming the line.
  public func check(_ text: String, place: String) throws -> Outcome {
    var lines = LineReader(text)
    var stack: [Frame] = []
    var classes = (0..<model.hidden).map { $0 < positive ? 0 : 1 }
    var leaves = 0
    var least: Rational?
    while true {
      // One node: circuits, then a branch or a leaf.
      while lines.next(), lines.kind == UInt8(ascii: "c") { try circuit(&lines, place) }
      let here = "\(place), line \(lines.number)"
      switch lines.kind {
      case UInt8(ascii: "b"):
        let frame = try branch(&lines, classes: classes, isFirst: stack.isEmpty, here)
        stack.append(frame)
      case UInt8(ascii: "l"):
        let bound = try leaf(&lines, here)
        leaves += 1
        least = least.map { min($0, bound) } ?? bound
      default:
        throw CertificateError(at: here, "the tree ends before its leaves cover all parameters")
      }
      // The next child of the deepest branch that still has one.
      while let top = stack.indices.last, stack[top].next == stack[top].masks.count {
        undo(to: stack[top].trailCount)
        stack.removeLast()
      }
      guard let top = stack.indices.last else { break }
      // Circuits of the branch node itself stay; what its last child learned goes.
      if stack[top].next > 0 { undo(to: stack[top].trailCount) }
      let mask = stack[top].masks[stack[top].next]
      stack[top].next += 1
      classes = refine(stack[top].classes, by: mask)
      for unit in 0..<model.hidden { learn(unit, stack[top].site, (mask >> unit) & 1) }
    }
    guard !lines.next() else {
      throw CertificateError(at: "\(place), line \(lines.number)", "the tree goes on after its last leaf")
    }
    undo(to: 0)
    return Outcome(leaves: leaves, lowerBound: least ?? .zero)
  }

  // MARK: Bits

  private func learn(_ unit: Int, _ site: Int, _ bit: Int) {
    let index = unit * samples.siteCount + site
    guard bits[index] < 0 else { return }
    bits[index] = Int8(bit)
    trail.append(index)
  }

  private func undo(to count: Int) {
    while trail.count > count { bits[trail.removeLast()] = -1 }
  }

  private func refine(_ classes: [Int], by mask: Int) -> [Int] {
    classes.indices.map { classes[$0] * 2 + ((mask >> $0) & 1) }.reduce(into: (list: [Int](), names: [Int: Int]())) {
      let name = $0.names[$1] ?? $0.names.count
      $0.names[$1] = name
      $0.list.append(name)
    }.list
  }

  // MARK: Lines

  private func circuit(_ lines: inout LineReader, _ place: String) throws {
    let here = "\(place), line \(lines.number)"
    guard let unit = lines.integer(), let site = lines.integer(), let bit = lines.integer(),
      (0..<model.hidden).contains(unit), (0..<samples.siteCount).contains(site), bit == 0 || bit == 1
    else { throw CertificateError(at: here, "a circuit needs a unit, a site and a bit") }
    var count = 0
    for row in 0..<samples.dimension {
      setSigned(row, column: samples.dimension, site, bit)
    }
    while let other = lines.integer() {
      guard (0..<samples.siteCount).contains(other), count < samples.dimension else {
        throw CertificateError(
          at: here, "a circuit names at most \(samples.dimension) sites, each below \(samples.siteCount)")
      }
      let known = bits[unit * samples.siteCount + other]
      guard known >= 0 else { throw CertificateError(at: here, "unit \(unit) has no bit yet at site \(other)") }
      for row in 0..<samples.dimension { setSigned(row, column: count, other, Int(known)) }
      count += 1
    }
    guard lines.atEnd else { throw CertificateError(at: here, "unreadable circuit") }
    guard solver.solve(columns: count), (0..<count).allSatisfy({ solver.solution.signum($0) >= 0 }) else {
      throw CertificateError(at: here, "the bit of unit \(unit) at site \(site) does not follow from the sites named")
    }
    learn(unit, site, bit)
  }

  /// One entry of the circuit's system: coordinate `row` of ±x̃.
  private func setSigned(_ row: Int, column: Int, _ site: Int, _ bit: Int) {
    let index = row * (solver.columns + 1) + column
    solver.matrix.set(index, to: samples.points, site * samples.dimension + row)
    if bit == 0 { solver.matrix.negate(index) }
  }

  private func branch(_ lines: inout LineReader, classes: [Int], isFirst: Bool, _ here: String) throws -> Frame {
    guard let site = lines.integer(), (0..<samples.siteCount).contains(site) else {
      throw CertificateError(at: here, "a branch needs a site below \(samples.siteCount)")
    }
    var masks: [Int] = []
    while let mask = lines.integer() {
      guard mask >= 0, mask < 1 << model.hidden else {
        throw CertificateError(at: here, "mask \(mask) is out of range")
      }
      masks.append(mask)
    }
    guard lines.atEnd else { throw CertificateError(at: here, "unreadable branch") }
    let known = (0..<model.hidden).map { bits[$0 * samples.siteCount + site] }
    guard known.contains(-1) else {
      throw CertificateError(at: here, "all bits at site \(site) are known already: the branch adds nothing")
    }
    for mask in 0..<1 << model.hidden {
      let agrees = known.indices.allSatisfy { known[$0] < 0 || Int(known[$0]) == (mask >> $0) & 1 }
      guard agrees else { continue }
      let representative = isFirst && model.skip && model.outputBias ? 0 : canonical(mask, classes)
      guard masks.contains(representative) else {
        throw CertificateError(at: here, "no child of the branch on site \(site) covers the mask \(mask)")
      }
    }
    return Frame(site: site, masks: masks, classes: classes, trailCount: trail.count)
  }

  /// The mask with the bits of exchangeable units sorted, ones first.
  private func canonical(_ mask: Int, _ classes: [Int]) -> Int {
    var result = 0
    for name in Set(classes) {
      let members = classes.indices.filter { classes[$0] == name }
      let ones = members.count { (mask >> $0) & 1 == 1 }
      for unit in members.prefix(ones) { result |= 1 << unit }
    }
    return result
  }

  // MARK: Leaves

  /// The lower bound that a leaf proves.
  private func leaf(_ lines: inout LineReader, _ here: String) throws -> Rational {
    guard let exponent = lines.integer(), (-9_999...9_999).contains(exponent), let divisor = lines.integer(),
      divisor > 0,
      let denominator = lines.word(), numbers.set(0, hexadecimal: denominator), numbers.signum(0) > 0
    else { throw CertificateError(at: here, "a leaf needs an exponent, a positive divisor and a positive denominator") }
    let unit = Rational(powerOfTwo: -exponent) / Rational(divisor)
    let common = numbers.rational(0)
    for index in 0..<small.count {
      small.set(index, to: 0)
      large.set(index, to: 0)
    }
    // 1: Σ m y, 2: Σ m² / w over small entries; 3 and 4 the same over large ones; 5 and 6 are scratch.
    for index in 1...4 { numbers.set(index, to: 0) }
    var conjugates = Rational.zero
    var touched: [Int] = []
    leafNumber += 1
    while let entry = lines.entry() {
      if let value = entry.small {
        numbers.set(5, to: value)
      } else {
        guard numbers.set(5, hexadecimal: entry.digits) else {
          throw CertificateError(at: here, "\(String(decoding: entry.digits, as: UTF8.self)) is no hexadecimal number")
        }
      }
      let isLarge = entry.small == nil
      if let hidden = entry.unit {
        guard (0..<model.hidden).contains(hidden), (0..<samples.siteCount).contains(entry.index) else {
          throw CertificateError(at: here, "there is no half-space \(hidden).\(entry.index)")
        }
        let bit = bits[hidden * samples.siteCount + entry.index]
        guard bit >= 0 else { throw CertificateError(at: here, "unit \(hidden) has no bit at site \(entry.index)") }
        guard numbers.signum(5) >= 0 else {
          throw CertificateError(at: here, "the multiplier of half-space \(hidden).\(entry.index) is negative")
        }
        if bit == 1 { numbers.negate(5) }
        addPoint(to: isLarge ? large : small, block: hidden, site: entry.index)
      } else {
        guard samples.site.indices.contains(entry.index), lastUse[entry.index] != leafNumber else {
          throw CertificateError(at: here, "sample \(entry.index) does not exist or is named twice")
        }
        lastUse[entry.index] = leafNumber
        let site = samples.site[entry.index]
        (isLarge ? siteLarge : siteSmall).addProduct(site, numbers, 5, times: 1)
        if lastTouch[site] != leafNumber { touched.append(site) }
        lastTouch[site] = leafNumber
        if loss == .squared {
          let offset = isLarge ? 3 : 1
          numbers.addProduct(offset, numbers, 5, samples.targetNumerators, entry.index)
          numbers.set(6, to: numbers, 5)
          numbers.multiply(6, by: numbers, 5)
          numbers.addProduct(offset + 1, numbers, 6, samples.inverseWeights, entry.index)
        } else {
          let multiplier = numbers.rational(5) * unit / (isLarge ? common : 1)
          conjugates += try conjugate(multiplier, sample: entry.index, here)
        }
      }
    }
    guard lines.atEnd else { throw CertificateError(at: here, "unreadable leaf") }
    defer {
      for site in touched {
        siteSmall.set(site, to: 0)
        siteLarge.set(site, to: 0)
      }
    }
    for site in touched { try addSite(site, here) }
    try checkStationarity(here)
    guard loss == .squared else { return -conjugates }
    let linear = (numbers.rational(1) + numbers.rational(3) / common) * unit / samples.targetScale
    let quadratic = (numbers.rational(2) + numbers.rational(4) / (common * common)) * unit * unit
    return -(linear + quadratic / (samples.inverseWeightScale * 4))
  }

  /// Adds number 5 times x̃ of a site to a block of sums.
  private func addPoint(to sums: IntegerVector, block: Int, site: Int) {
    for k in 0..<samples.dimension {
      sums.addProduct(block * samples.dimension + k, numbers, 5, samples.points, site * samples.dimension + k)
    }
  }

  /// Adds the multipliers of a site's samples times its row φ.
  ///
  /// Where they cancel, as between repeated measurements at one point, the row does not matter and no bit is needed.
  private func addSite(_ site: Int, _ here: String) throws {
    var sums = small
    numbers.set(5, to: siteSmall, site)
    if siteLarge.signum(site) != 0 {
      sums = large
      numbers.multiply(5, by: numbers, 0)
      numbers.addProduct(5, siteLarge, site, times: 1)
    }
    guard numbers.signum(5) != 0 else { return }
    for unit in 0..<model.hidden {
      let bit = bits[unit * samples.siteCount + site]
      guard bit >= 0 else {
        throw CertificateError(at: here, "site \(site) is used, but unit \(unit) has no bit there")
      }
      guard bit == 1 else { continue }
      if unit >= positive { numbers.negate(5) }
      addPoint(to: sums, block: unit, site: site)
      if unit >= positive { numbers.negate(5) }
    }
    if model.hidden < blocks { addPoint(to: sums, block: model.hidden, site: site) }
  }

  /// q · Σ small + Σ large must vanish in every coordinate that is a parameter of the model.
  private func checkStationarity(_ here: String) throws {
    let last = samples.dimension - 1
    for index in 0..<small.count {
      let block = index / samples.dimension
      let coordinate = index % samples.dimension
      if block == model.hidden && !(coordinate == last ? model.outputBias : model.skip) { continue }
      small.multiply(index, by: numbers, 0)
      large.addProduct(index, small, index, times: 1)
      guard large.signum(index) == 0 else {
        let name = block < model.hidden ? "unit \(block)" : "the affine term"
        throw CertificateError(at: here, "the multipliers do not balance in coordinate \(coordinate) of \(name)")
      }
    }
  }

  /// An upper bound on w ℓ*(ν / w), exact but for the logistic loss.
  private func conjugate(_ multiplier: Rational, sample: Int, _ here: String) throws -> Rational {
    guard
      let value = loss.conjugate(
        multiplier, target: samples.targets[sample], weight: samples.weights[sample])
    else { throw CertificateError(at: here, "the multiplier of sample \(sample) is outside the loss's range") }
    return value
  }
}
