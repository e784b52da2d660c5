import Activations
import ArgumentParser
import Execution
import Figures
import Foundation
import SolutionSpace

struct LandscapeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "landscape",
    abstract: "How do solutions lie: alone, or in dense regions?",
    discussion: """
      Two entropies against the normalised Hamming distance d. Franz–Parisi: the
      solutions at distance d from a typical solution; where it is negative there
      are none, and typical solutions are isolated up to d_min. Local entropy: the
      densest regions, by y replicas at mutual distance d (y = inf unless
      --replicas says otherwise); the price of the patterns is entropy − bound.
      --threshold adds the load α_U up to which dense regions grow denser all the
      way inwards; algorithms find solutions below it.

      EXAMPLES
        pleat landscape --alpha 0.4 --activation relu,sign --franz-parisi --plot l.svg
        pleat landscape --alpha 0.6 --franz-parisi --distances 0.01:0.4:0.01
        pleat landscape --alpha 0.4 --local-entropy --replicas 1,5,20
        pleat landscape --alpha 0.5 --activation relu --threshold

      --json prints alpha, weights, isolation (activation, distance, error),
      thresholds (activation, alpha, error, overlap), rows: activation, curve,
      replicas, distance, overlap, entropy, slope, bound, error.
      """)

  @Option(help: "Names or formulas, separated by commas.")
  var activation = "relu"

  @Option(help: "binary or spherical.")
  var weights = "binary"

  @Option(help: "The load α.")
  var alpha: Double

  @Option(help: "The margin κ in standard deviations of the output.")
  var margin = 0.0

  @Flag(help: "Solutions around typical solutions.")
  var franzParisi = false

  @Flag(help: "Solutions in the densest regions.")
  var localEntropy = false

  @Option(help: ArgumentHelp("With --local-entropy, y: inf or numbers, separated by commas.", valueName: "list"))
  var replicas = "inf"

  @Flag(help: "The load α_U up to which dense regions are one piece.")
  var threshold = false

  @Option(help: "The distances: a number, a list or first:last:step, from above 0 to 0.5.")
  var distances: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check()
    let space = try TheoryOption.weights(weights)
    guard franzParisi || localEntropy || threshold else {
      throw Failure.usage("say what to compute: --franz-parisi, --local-entropy, --threshold")
    }
    let usual = [0.00025, 0.0005, 0.001, 0.002, 0.004, 0.007] + (1...40).map { 0.01 * Double($0) }
    let places = try distances.map { try TheoryOption.numbers($0, option: "--distances", within: 1e-7...0.5) } ?? usual
    let counts = try Self.replicas(replicas)
    var table = NumberTable([
      "activation", "curve", "replicas", "distance", "overlap", "entropy", "slope", "bound", "error",
    ])
    var isolation: [JSONText] = []
    var thresholds: [JSONText] = []
    var notes: [String] = []
    let cancellation = Cancellation()
    let interrupt = Interrupt(cancellation, keeping: "what was computed so far")
    defer { withExtendedLifetime(interrupt) {} }
    for activation in try TheoryOption.activations(activation) where !cancellation.shouldStop {
      let committee = try Failure.asUsage {
        try TreeCommittee(kernel: OrderParameterKernel(activation), weights: space, margin: margin)
      }
      // A load without solutions is refused with the capacity.
      _ = try Failure.asUsage { try committee.state(load: alpha) }
      if franzParisi {
        try addFranzParisi(committee, places, to: &table, &isolation, &notes)
      }
      if localEntropy {
        for count in counts where !cancellation.shouldStop {
          try addLocalEntropy(committee, places, replicas: count, cancellation, to: &table)
        }
      }
      if threshold {
        let value = try Failure.asUsage { try committee.denseRegionThreshold() }
        thresholds.append(
          .object([
            ("activation", .string(activation.name)), ("alpha", .number(value.load.value)),
            ("error", .number(value.load.error)), ("overlap", .number(value.overlap)),
          ]))
        notes.append(
          String(
            format: "%@: dense regions are one piece up to alpha = %.4f (overlap %.3f)", activation.name,
            value.load.value, value.overlap))
      }
    }
    try output.write(
      table,
      heading: "Solutions by distance at \(NumberFormat.short(alpha)) patterns per weight, \(space.rawValue) weights",
      footing: notes.joined(separator: "\n"),
      members: [
        ("alpha", .number(alpha)), ("weights", .string(space.rawValue)), ("isolation", .array(isolation)),
        ("thresholds", .array(thresholds)),
      ]
    ) { LandscapeFigure(table: table, load: alpha, weights: space).chart }
    if cancellation.isRequested { throw ExitCode(130) }
  }

  private static func replicas(_ text: String) throws -> [Double?] {
    try text.lowercased().split(separator: ",").map { part in
      let name = part.trimmingCharacters(in: .whitespaces)
      if name == "inf" { return nil }
      guard let value = Double(name), value > 0, value <= 1e4 else {
        throw Failure.usage("--replicas \(text): '\(name)' is no number of replicas; accepted are inf and up to 10000")
      }
      return value
    }
  }

  private func addFranzParisi(
    _ committee: TreeCommittee, _ places: [Double], to table: inout NumberTable, _ isolation: inout [JSONText],
    _ notes: inout [String]
  ) throws {
    let name = committee.kernel.name
    let entropy = try Failure.asUsage { try FranzParisiEntropy(committee, load: alpha) }
    // Inwards, so that each search starts near.
    let points = try Failure.asUsage { try entropy.curve(distances: places.sorted(by: >)) }
    for point in points.reversed() {
      table.add([
        .text(name), .text("franz-parisi"), .missing, .number(point.distance), .number(point.overlap),
        .number(point.entropy), .number(point.slope), .missing, .number(point.error),
      ])
    }
    if points.count < places.count {
      notes.append(
        "\(name): \(places.count - points.count) distances have no solution of the equations (entropy below 0)")
    }
    guard let radius = try Failure.asUsage({ try entropy.isolation() }) else { return }
    isolation.append(
      .object([
        ("activation", .string(name)), ("distance", .number(radius.value)), ("error", .number(radius.error)),
      ]))
    notes.append(
      "\(name): typical solutions are isolated up to d_min = \(String(format: "%.6g", radius.value)) (typical distance "
        + "\(String(format: "%.4f", 0.5 * (1 - entropy.reference.overlap))))")
  }

  private func addLocalEntropy(
    _ committee: TreeCommittee, _ places: [Double], replicas: Double?, _ cancellation: Cancellation,
    to table: inout NumberTable
  ) throws {
    let regions = try Failure.asUsage { try DenseRegions(committee, load: alpha) }
    for distance in places.sorted() where distance < 0.5 && !cancellation.shouldStop {
      let overlap = 1 - 2 * distance
      let point = try Failure.asUsage {
        try replicas.map { try regions.point(overlap: overlap, replicas: $0) } ?? regions.point(overlap: overlap)
      }
      guard let point else { continue }
      table.add([
        .text(committee.kernel.name), .text("local-entropy"), replicas.map { .number($0) } ?? .text("inf"),
        .number(distance), .number(overlap), .number(point.entropy), point.slope.map { .number($0) } ?? .missing,
        .number(point.bound), .number(point.error),
      ])
    }
  }
}

/// Entropies against distance.
struct LandscapeFigure {
  let table: NumberTable
  let load: Double
  let weights: WeightSpace

  var chart: Chart {
    var groups: [(name: String, isTypical: Bool, activation: String, x: [Double], y: [Double])] = []
    for row in table.rows {
      guard case .text(let activation) = row[0], case .text(let curve) = row[1], case .number(let x) = row[3],
        case .number(let y) = row[5]
      else { continue }
      var label = curve == "franz-parisi" ? "around typical solutions" : "dense regions"
      if case .number(let replicas) = row[2] { label += ", y = \(NumberFormat.short(replicas))" }
      let name = "\(activation): \(label)"
      let place = groups.firstIndex { $0.name == name } ?? groups.count
      if place == groups.count { groups.append((name, curve == "franz-parisi", activation, [], [])) }
      groups[place].x.append(x)
      groups[place].y.append(y)
    }
    let activations = groups.reduce(into: [String]()) { if !$0.contains($1.activation) { $0.append($1.activation) } }
    let marks = groups.map { group in
      Mark.line(
        x: group.x, y: group.y,
        style: LineStyle(
          color: Palette.categorical(activations.firstIndex(of: group.activation) ?? 0),
          dash: group.isTypical ? .dashed : .solid), name: group.name)
    }
    return Chart(
      title: "Where solutions lie at α = \(NumberFormat.short(load)), \(weights.rawValue) weights",
      subtitle: "Entropy of solutions at a distance; below 0 there are none",
      xAxis: Axis("Normalised Hamming distance, d"), yAxis: Axis("Entropy, nats per weight"),
      marks: marks + (weights == .binary ? [.horizontalRules([0])] : []))
  }
}
