import Exact
import Networks
import Queries

/// The points of a case's box at which a witness may stand: for each input of the network the numbers of its element
/// type.
struct WitnessGrid: Sendable {
  enum Coordinate: Sendable {
    /// The numbers of a format within bounds, which are numbers of it.
    case numbers(NumberFormat, lower: Double, upper: Double)
    /// The range contains no double.
    case fixed(Rational)
  }

  let coordinates: [Coordinate]
  /// Of each input, the formats of all elements that it stands for.
  private let formats: [[NumberFormat]]

  /// Version 1.0 declares no types; there, networks take single precision. Reals are looked for among single precision
  /// numbers first, then doubles, since a point that any replay can read is worth more.
  ///
  /// - Returns: nil when a range is empty.
  /// - Complexity: O(elements).
  init?(_ problem: QueryProblem, _ item: QueryCase) {
    var ranges = Array(repeating: ValueRange(), count: problem.network.inputCount)
    for bound in item.box {
      guard case .input(let input) = problem.places[bound.element] else { continue }
      ranges[input] = ranges[input].intersection(bound.range)
    }
    var formats = Array(repeating: [NumberFormat](), count: problem.network.inputCount)
    for variable in problem.query.variables {
      let format = problem.query.version == .one ? NumberFormat.single : NumberFormat(variable.elementType)
      guard let format else { continue }
      for element in variable.elements {
        if case .input(let input) = problem.places[element], !formats[input].contains(format) {
          formats[input].append(format)
        }
      }
    }
    var coordinates: [Coordinate] = []
    for (range, formats) in zip(ranges, formats) {
      guard !range.isEmpty else { return nil }
      coordinates.append(Self.coordinate(range, formats))
    }
    self.coordinates = coordinates
    self.formats = formats
  }

  private static func coordinate(_ range: ValueRange, _ formats: [NumberFormat]) -> Coordinate {
    let narrowest = formats.min { $0.precision < $1.precision } ?? .single
    for format in [narrowest, .single, .double] {
      if let lower = format.least(in: range), let upper = format.greatest(in: range) {
        return .numbers(format, lower: lower, upper: upper)
      }
    }
    // Neither end is open to infinity, or there would be a double.
    guard let lower = range.lower?.value, let upper = range.upper?.value else { return .fixed(.zero) }
    return .fixed((lower + upper) * Rational(1, 2))
  }

  /// The least and the greatest double of each coordinate; the double next to a fixed one.
  var box: [Interval] {
    coordinates.map { coordinate in
      switch coordinate {
      case .numbers(_, let lower, let upper): Interval(lower: lower, upper: upper)
      case .fixed(let value): Interval(value.nearbyDouble)
      }
    }
  }

  /// The number of the grid next to a value of an input.
  func rounded(_ value: Double, input: Int) -> Double {
    switch coordinates[input] {
    case .numbers(let format, let lower, let upper): min(max(format.rounded(value), lower), upper)
    case .fixed(let value): value.nearbyDouble
    }
  }

  /// The point of the grid next to a point.
  func rounded(_ point: [Double]) -> [Double] {
    point.enumerated().map { rounded($1, input: $0) }
  }

  /// The exact coordinates of a point of the grid.
  func exact(_ point: [Double]) -> [Rational] {
    zip(point, coordinates).map { value, coordinate in
      if case .fixed(let exact) = coordinate { exact } else { Rational(exactly: value) }
    }
  }

  /// Whether every coordinate is a number of all element types that are declared for it.
  func isRepresentable(_ point: [Rational]) -> Bool {
    zip(point, formats).allSatisfy { value, formats in formats.allSatisfy { $0.contains(value) } }
  }
}
