import Foundation

/// How many of some numbers fall in each of a row of bins.
///
/// ```swift
/// let degrees = Histogram(neighbourCounts.map(Double.init), binning: .integers)
/// let chart = degrees.chart(title: "Neighbours of a region", xAxis: Axis("neighbours", integersOnly: true))
/// ```
public struct Histogram: Sendable, Equatable {
  /// How the range of the values is divided.
  public enum Binning: Sendable, Equatable {
    /// A bin around each integer; around each run of as many integers as leave 60 bins at most.
    case integers
    /// Bins of equal width, 1 to 1000 of them.
    case linear(Int)
    /// Bins of equal ratio, 1 to 1000 of them, of the positive values: for areas and volumes.
    case logarithmic(Int)
  }

  public let binning: Binning
  /// The bounds of the bins, increasing, one more than there are bins; a value on a bound counts above it, on the last
  /// below it. Empty where no value has a place.
  public let edges: [Double]
  public let counts: [Int]
  /// How many values have no place: not finite, not positive for logarithmic bins, beyond ±10²⁹⁰.
  public let leftOut: Int

  /// O(n) in the number of values.
  public init(_ values: [Double], binning: Binning) {
    self.binning = binning
    let scaling: AxisScaling = if case .logarithmic = binning { .logarithmic } else { .linear }
    let drawable = values.filter { AxisRange.isDrawable($0, on: scaling) }
    leftOut = values.count - drawable.count
    guard let low = drawable.min(), let high = drawable.max() else {
      (edges, counts) = ([], [])
      return
    }
    let edges = Self.edges(from: low, to: high, binning: binning)
    var counts = [Int](repeating: 0, count: edges.count - 1)
    for value in drawable { counts[Self.bin(of: value, in: edges)] += 1 }
    (self.edges, self.counts) = (edges, counts)
  }

  /// The bars of the counts. With a logarithmic `yAxis` a bin of one stands a little above the axis, and an empty one
  /// has no bar.
  public func chart(
    title: String = "", subtitle: String = "", note: String = "", xAxis: Axis, yAxis: Axis = Axis("count"),
    color: Color? = nil, size: FigureSize = FigureSize()
  ) -> Chart {
    var (xAxis, yAxis) = (xAxis, yAxis)
    if case .logarithmic = binning { xAxis.scaling = .logarithmic }
    yAxis.integersOnly = true
    yAxis.minimum = yAxis.minimum ?? (yAxis.scaling == .linear ? 0 : 0.7)
    let remark = leftOut == 0 ? "" : "\(NumberText.count(leftOut)) \(leftOut == 1 ? "value" : "values") without a bin"
    return Chart(
      title: title, subtitle: [subtitle, remark].filter { !$0.isEmpty }.joined(separator: " · "), note: note,
      xAxis: xAxis, yAxis: yAxis,
      marks: [.bars(edges: edges, heights: counts.map(Double.init), style: BandStyle(color: color, opacity: 0.85))],
      size: size)
  }

  private static func edges(from low: Double, to high: Double, binning: Binning) -> [Double] {
    func usable(_ count: Int) -> Int { min(max(count, 1), 1000) }
    switch binning {
    case .integers:
      let (first, last) = (low.rounded(), high.rounded())
      let width = max(((last - first + 1) / 60).rounded(.up), 1)
      // Beyond 2⁵³ doubles are not half integers apart: a row of equal bins is all that can be had.
      guard max(first.magnitude, last.magnitude) < 0x1p52 else { return equal(low, high, 60) }
      let count = Int(((last - first + 1) / width).rounded(.up))
      return (0...count).map { first - 0.5 + Double($0) * width }
    case .linear(let count): return equal(low, high, usable(count))
    case .logarithmic(let count):
      return strictly(equal(log10(low), log10(high), usable(count)).map { pow(10, $0) }, low, high)
    }
  }

  private static func equal(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    let range = AxisRange(Axis(), data: extent(low, high), padding: 0)
    let edges = (0...count).map { range.lower + (range.upper - range.lower) * (Double($0) / Double(count)) }
    return strictly(edges, low, high)
  }

  /// The edges without repetitions, the outer ones moved to hold the ends exactly.
  private static func strictly(_ edges: [Double], _ low: Double, _ high: Double) -> [Double] {
    var result = edges.reduce(into: [Double]()) { if $1 > $0.last ?? -.infinity { $0.append($1) } }
    if let first = result.first { result[0] = min(first, low) }
    if let last = result.last { result[result.count - 1] = max(last, high) }
    return result.count >= 2 ? result : [low, high.nextUp]
  }

  private static func extent(_ low: Double, _ high: Double) -> Extent {
    var extent = Extent()
    extent.include(low)
    extent.include(high)
    return extent
  }

  /// The bin of a value between the ends of the edges, by bisection.
  private static func bin(of value: Double, in edges: [Double]) -> Int {
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }
}
