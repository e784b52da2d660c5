import Exact
import Foundation
import PiecewiseLinear

/// The exact answers about a function, as rows of a report and as JSON.
struct MeasureRows {
  let subject: RegionsSubject
  let measures: RegionMeasures

  func add(to rows: inout ReportRows) {
    for (output, range) in measures.ranges.enumerated() {
      let name = subject.outputName(output)
      rows.add("minimum of \(name)", text(range.minimum))
      rows.add("maximum of \(name)", text(range.maximum))
      guard let integral = measures.integral, output < integral.integrals.count else { continue }
      rows.add(
        "mean of \(name)",
        "\(NumberFormat.full(integral.means[output])), integral \(NumberFormat.full(integral.integrals[output])) "
          + "± \(String(format: "%.0e", integral.errors[output]))")
    }
    for constant in measures.lipschitz { rows.add("Lipschitz \(constant.norm.name)", LipschitzRange(constant).text) }
  }

  private func text(_ extremum: OutputExtremum) -> String {
    let point = extremum.point.map { NumberFormat.short($0.doubleValue) }
    let place = point.count > 8 ? point.prefix(8).joined(separator: ", ") + ", …" : point.joined(separator: ", ")
    guard let value = extremum.value else {
      let direction = extremum.direction.map { NumberFormat.short($0.doubleValue) }.joined(separator: ", ")
      return "none: unbounded from (\(place)) along (\(direction))"
    }
    return "\(NumberFormat.full(value.doubleValue)) at (\(place))"
  }

  var json: JSONText {
    .object([
      (
        "outputs",
        .array(
          measures.ranges.enumerated().map { output, range in
            var members: [(String, JSONText)] = [
              ("minimum", Self.json(range.minimum)), ("maximum", Self.json(range.maximum)),
            ]
            if let integral = measures.integral, output < integral.integrals.count {
              members += [
                ("integral", .number(integral.integrals[output])), ("integral_error", .number(integral.errors[output])),
                ("mean", .number(integral.means[output])),
              ]
            }
            return .object(members)
          })
      ),
      ("lipschitz", .object(measures.lipschitz.map { ($0.norm.key, LipschitzRange($0).json) })),
    ])
  }

  static func json(_ extremum: OutputExtremum) -> JSONText {
    .object([
      ("value", extremum.value.map { .number($0.doubleValue) } ?? .null),
      ("exact", extremum.value.map { .string($0.description) } ?? .null),
      ("point", .numbers(extremum.point.map(\.doubleValue))),
      ("direction", extremum.direction.isEmpty ? .null : .numbers(extremum.direction.map(\.doubleValue))),
    ])
  }
}

/// A Lipschitz constant, or proved bounds of one.
struct LipschitzRange {
  let norm: NormExponent
  let lower: Double
  let upper: Double
  /// Whether the bounds differ by rounding only.
  let isExact: Bool
  /// The constant itself, where it is rational and known.
  let value: Rational?
  /// An interior point of a steepest region.
  let point: [Double]?

  init(_ constant: LipschitzConstant) {
    norm = constant.norm
    (lower, upper) = (constant.bounds.lower, constant.bounds.upper)
    isExact = constant.summary.isComplete
    value = constant.value
    point = constant.interiorPoint
  }

  init(_ norm: NormExponent, lower: Double, upper: Double) {
    self.norm = norm
    (self.lower, self.upper) = (lower, upper)
    isExact = false
    value = nil
    point = nil
  }

  var text: String {
    if isExact { return "\(NumberFormat.full(lower / 2 + upper / 2)) (exact\(value == nil ? " to rounding" : ""))" }
    return "between \(NumberFormat.short(lower)) and \(NumberFormat.short(upper)) (certified)"
  }

  var json: JSONText {
    .object([
      ("lower", .number(lower)), ("upper", .number(upper)), ("exact", value.map { .string($0.description) } ?? .null),
      ("at", point.map { .numbers($0) } ?? .null),
    ])
  }
}

extension NormExponent {
  var name: String {
    switch self {
    case .one: "L1"
    case .two: "L2"
    case .infinity: "L∞"
    }
  }

  var key: String {
    switch self {
    case .one: "l1"
    case .two: "l2"
    case .infinity: "linf"
    }
  }
}
