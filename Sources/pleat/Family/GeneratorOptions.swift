import ArgumentParser
import Datasets
import Exact
import Polyhedra
import Probability
import Representation

/// Which generators a zonotope has.
struct GeneratorOptions: ParsableArguments {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case random
    case moment
    case regular
    case given
  }

  /// Random generators are drawn up to so many operations, a few seconds.
  private static let largestEffort = 1 << 24

  @Option(help: "n, the dimension of the zonotope.")
  var inputs: Int?

  @Option(help: "m, the number of generators.")
  var generators: Int?

  @Option(help: "random, moment (curve), regular (in the plane) or given (--file).")
  var generatorKind: Kind?

  @Option(help: ArgumentHelp("Given generators, one a row: CSV, .npy or .npz.", valueName: "table"))
  var file: String?

  @Option(help: "Seed of the random generators.")
  var seed: UInt64 = 0

  var kind: Kind { generatorKind ?? (file != nil ? .given : .random) }

  /// Z, centred at the origin.
  func zonotope() throws -> Zonotope {
    if let inputs, inputs < 1 { throw Failure.usage("--inputs \(inputs): at least 1 is needed") }
    if let generators, generators < 1 { throw Failure.usage("--generators \(generators): at least 1 is needed") }
    if kind == .given { return try given() }
    guard file == nil else {
      throw Failure.usage("--file is for given generators; \(kind.rawValue) ones are made: leave out one of the two")
    }
    let dimension = inputs ?? (kind == .regular ? 2 : nil)
    guard let dimension, let generators else {
      throw Failure.usage("a zonotope needs --inputs and --generators, such as --inputs 3 --generators 5, or --file")
    }
    guard kind != .regular || dimension == 2 else {
      throw Failure.usage("--generator-kind regular makes polygons: it takes --inputs 2, not \(dimension)")
    }
    let (shape, overflow) = dimension.multipliedReportingOverflow(by: generators)
    guard !overflow, shape <= ZonotopeFamily.largestShape else {
      throw Failure.usage(
        "\(generators) generators in \(dimension) dimensions are too many; accepted are "
          + "\(NumberFormat.grouped(ZonotopeFamily.largestShape)) coordinates in all")
    }
    return try Failure.asUsage {
      switch kind {
      case .moment: return try Zonotope.momentCurve(dimension: dimension, count: generators)
      case .regular: return try Zonotope.regular(count: generators)
      default: return try random(dimension, generators)
      }
    }
  }

  private func random(_ dimension: Int, _ count: Int) throws -> Zonotope {
    let effort =
      ZonotopeStudy.binomial(count, min(dimension, count) - 1) * Rational(count) * Rational(count) * Rational(dimension)
    guard effort <= Rational(Self.largestEffort) else {
      throw Failure.usage(
        "\(count) random generators in \(dimension) dimensions take too long to check for general position; take fewer, "
          + "or --generator-kind moment, which needs no check")
    }
    var source = RandomSource(seed: seed)
    return try Zonotope.random(dimension: dimension, count: count, using: &source)
  }

  private func given() throws -> Zonotope {
    guard let file else {
      throw Failure.usage("--generator-kind given needs --file, a table with one generator in each row")
    }
    let table = try Failure.asUsage { try Table.read(path: file) }
    if let inputs, inputs != table.columnNames.count {
      throw Failure.usage(
        "\(file) has generators of \(ModelFile.count(table.columnNames.count, "coordinate")), --inputs says \(inputs)")
    }
    if let generators, generators != table.rowCount {
      throw Failure.usage(
        "\(file) has \(ModelFile.count(table.rowCount, "generator")), --generators says \(generators)")
    }
    let columns = try Failure.asUsage { try table.columns }
    let rows = (0..<table.rowCount).map { row in
      // The decimal text is the number that was meant.
      columns.map { column in
        column.literals.flatMap { Rational($0[row]) } ?? Rational(exactly: column.values[row])
      }
    }
    return try Failure.asUsage { try Zonotope(generators: rows) }
  }
}
