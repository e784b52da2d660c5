import Exact

/// Proves lower bounds of the loss of one-input networks: no function with few knots fits the samples better.
///
/// The claim, for samples (x_i, y_i) with weights w_i > 0: no function f(x) = a + b x + Σ_{j ≤ K} c_j max(x − t_j, 0)
/// has Σ w_i (f(x_i) − y_i)² < L.
///
/// ```swift
/// let check = KnotBoundCheck(x: x, y: y, weights: weights)
/// check.proves(knots: 3, lossAtLeast: Rational("67688.6")!)
/// ```
///
/// The proof is a search for a counterexample that leaves nothing out, in interval arithmetic. It shares no code with
/// any solver, and needs no hint from one. The answer "proved" is a theorem; anything else only means "not proved".
///
/// # Which functions must be searched
///
/// Samples with equal abscissas are merged, exactly (``KnotSamples``). Let x_1 < … < x_n be what is left, and let f be a
/// function of least loss with at most K knots. It exists: the gaps that hold the knots, and the sign of each change of
/// lines across its gap, can be chosen in finitely many ways, and for each the lines solve a convex quadratic programme
/// over a polyhedral cone. Among the best functions take one with the fewest knots, and among these one with the fewest
/// knots inside open gaps (x_j, x_{j+1}). Then:
///
/// 1. Every knot lies strictly between x_1 and x_n, for others could go, and no gap holds two: with their lines extended
///    to x_j and x_{j+1} and joined there, the values at the data stay.
/// 2. A knot inside a gap, a *crossing*, does not restrict small moves of the lines on both sides. A knot on a point, a
///    *joint*, only makes both lines equal there. So from crossing to crossing, and from or to the ends of the data, f is
///    the least-squares fit of its points with joints at the given points (Hudson 1966).
/// 3. A line that begins or ends at a crossing sees at least two points, a joint at its other end included. Otherwise
///    it could turn around its one point, the loss unchanged, until a crossing reaches a point: fewer crossings. (The
///    slopes that keep the crossings in their gaps have a finite end; there one of them reaches the far end of its gap.)
///
/// So f is found by a dynamic programme over joins from left to right (``KnotSearch``): for each point and number of
/// knots so far, the least loss as a function of the value of a joint there, which is a lower envelope of quadratics;
/// for each gap, the lines that end there in a crossing.
///
/// # Why nothing is lost
///
/// By induction from left to right, if the loss of f is less than L, every join of f has a label: its loss is not above
/// the loss of f so far, its line or its quadratic is enclosed by the intervals of the label, and the value of f lies in
/// the *outer* range of the label. A label also has an upper loss and an *inner* range, on which it stands for a
/// function that surely exists. Labels go only for these reasons:
///
/// - The loss so far and a lower bound of the loss of the remaining points (``KnotSuffixBounds``) reach L.
/// - Another label has, for the same value, a function with a loss that is surely less. The function f could be improved
///   (``KnotPiece/supersededRange(of:)``, and of several lines that the next line crosses, only the cheapest is kept).
/// - A stationary value, or a crossing, surely lies outside the range where it must be, against 2.
///
/// Each reason is a comparison of outward-rounded numbers that fails when a number is NaN, and the second is strict. Ties
/// and near ties stay, or are merged into one label that encloses both. If no label is left at the end whose loss is
/// below L, there is no such f.
///
/// Source: D. J. Hudson, Fitting segmented curves whose join points have to be estimated, 1966. The functional view is
/// that of Fearnhead, Maidstone, Letchford, Detecting changes in slope with an L0 penalty, 2019.
public struct KnotBoundCheck: Sendable {
  /// What became of a claim.
  public enum Outcome: Sendable, Hashable {
    /// The claim is true.
    case proved
    /// The claim is false: a function with a smaller loss exists.
    case refuted
    /// Neither; see the reason.
    case undecided
  }

  /// The outcome, with a reason for the person who asked.
  public struct Verdict: Sendable, Hashable {
    public let outcome: Outcome
    public let reason: String

    public var isProved: Bool { outcome == .proved }
  }

  /// The search stops, undecided, after this many labels: about a minute of work, and at most 2 GB.
  public static let defaultLabelLimit = 10_000_000

  /// The largest number of points × knots: the tables then take 250 MB.
  private static let largestTable = 4_000_000

  private let samples: KnotSamples
  private let labelLimit: Int
  /// What is wrong with the samples; then nothing is proved.
  private let fault: String?

  /// - Parameters:
  ///   - x: the abscissas, in any order; values may repeat.
  ///   - y: the ordinates, as many.
  ///   - weights: positive weights, as many.
  ///   - labelLimit: how much to store before giving up.
  /// - Complexity: O(n log n) comparisons and O(n) operations of rationals.
  public init(
    x: [Rational], y: [Rational], weights: [Rational], labelLimit: Int = KnotBoundCheck.defaultLabelLimit
  ) {
    self.labelLimit = labelLimit
    if x.count != y.count || x.count != weights.count {
      fault = "\(x.count) abscissas, \(y.count) ordinates and \(weights.count) weights: the numbers must agree"
    } else if let index = weights.firstIndex(where: { $0.signum <= 0 }) {
      fault = "the weight of sample \(index + 1) is not positive"
    } else {
      fault = nil
    }
    samples = fault == nil ? KnotSamples(x: x, y: y, weights: weights) : KnotSamples(x: [], y: [], weights: [])
  }

  /// Whether it is proved that no function with at most `knots` knots has a loss below `bound`.
  ///
  /// - Complexity: for n distinct abscissas, O(n²·knots) operations and O(n·knots) memory beside the labels, of which
  ///   there are few when the knots explain the data and more when the noise is strong; no polynomial bound is known.
  public func proves(knots: Int, lossAtLeast bound: Rational) -> Bool {
    verdict(knots: knots, lossAtLeast: bound).isProved
  }

  /// ``proves(knots:lossAtLeast:)`` with a reason.
  public func verdict(knots: Int, lossAtLeast bound: Rational) -> Verdict {
    examine([(knots, bound)])[0]
  }

  /// The same for a path of claims: `bounds[k]` for at most k knots. One search for all; they help each other.
  public func proves(bounds: [Rational]) -> [Bool] {
    verdicts(bounds: bounds).map(\.isProved)
  }

  /// ``proves(bounds:)`` with reasons.
  public func verdicts(bounds: [Rational]) -> [Verdict] {
    examine(bounds.enumerated().map { ($0.offset, $0.element) })
  }
}

extension KnotBoundCheck {
  /// Answers the easy claims, and gives the others to the search. No two claims have the same number of knots.
  private func examine(_ claims: [(knots: Int, bound: Rational)]) -> [Verdict] {
    var verdicts = claims.map { easyVerdict(knots: $0.knots, bound: $0.bound) }
    let open = claims.indices.filter { verdicts[$0] == nil }
    if let most = open.map({ claims[$0].knots }).max() {
      let unit = Rational(powerOfTwo: samples.lossExponent)
      var bounds = [Double](repeating: -.infinity, count: most + 1)
      for index in open {
        bounds[claims[index].knots] = ((claims[index].bound - samples.constantLoss) * unit).roundedUp
      }
      let losses = KnotProof(samples: samples, bounds: bounds, labelLimit: labelLimit).run()
      for index in open {
        let knots = claims[index].knots
        guard let loss = losses?[knots] else {
          verdicts[index] = Verdict(outcome: .undecided, reason: "the search was stopped after \(labelLimit) labels")
          continue
        }
        verdicts[index] = verdict(loss, scaledBound: bounds[knots], claim: claims[index])
      }
    }
    return verdicts.map { $0 ?? Verdict(outcome: .undecided, reason: "not examined") }
  }

  /// The verdict on a claim that needs no search; nil for the others.
  private func easyVerdict(knots: Int, bound: Rational) -> Verdict? {
    if let fault { return Verdict(outcome: .undecided, reason: fault) }
    if knots < 0 { return Verdict(outcome: .undecided, reason: "the number of knots is negative: \(knots)") }
    if bound <= samples.constantLoss {
      return Verdict(outcome: .proved, reason: "samples with equal abscissas alone cost that much")
    }
    if knots >= samples.count - 2 {
      return Verdict(outcome: .refuted, reason: "with knots on all inner points a function passes through all of them")
    }
    if (samples.count + 1) * (knots + 1) > Self.largestTable {
      return Verdict(
        outcome: .undecided, reason: "\(samples.count) abscissas and \(knots) knots are more than the check takes on")
    }
    // Claims beyond the loss of a line would make every label of the search matter.
    let line = upperLossOfLine
    if line < bound { return Verdict(outcome: .refuted, reason: "a line has a loss of \(line.doubleValue) at most") }
    return nil
  }

  private func verdict(
    _ loss: (lower: Double, upper: Double), scaledBound: Double, claim: (knots: Int, bound: Rational)
  ) -> Verdict {
    if loss.lower >= scaledBound {
      return Verdict(outcome: .proved, reason: "every function with at most \(claim.knots) knots was excluded")
    }
    if loss.upper.isFinite, actual(loss.upper) < claim.bound {
      let text = "a function with at most \(claim.knots) knots has a loss of \(actual(loss.upper).doubleValue) at most"
      return Verdict(outcome: .refuted, reason: text)
    }
    let near = actual(loss.lower).doubleValue
    let text = "rounding errors leave open whether a function with a loss near \(near) exists"
    return Verdict(outcome: .undecided, reason: text)
  }

  /// A loss of the merged and scaled samples in the units of the caller.
  private func actual(_ loss: Double) -> Rational {
    Rational(exactly: loss) * Rational(powerOfTwo: -samples.lossExponent) + samples.constantLoss
  }

  /// An upper bound of the loss of the least-squares line. There are at least three points.
  private var upperLossOfLine: Rational {
    let frame = samples.frame(at: 0)
    var segment = KnotSegment()
    for index in 0..<samples.count { segment.add(frame.point(index)) }
    let upper = segment.residual.upper
    return actual(upper.isFinite ? upper : .greatestFiniteMagnitude)
  }
}
