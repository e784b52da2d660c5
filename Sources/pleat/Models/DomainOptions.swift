import ArgumentParser
import Foundation
import PiecewiseLinear
import Polyhedra

/// Where to look: a box, a polytope or all of space.
struct DomainOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A box: LO,HI for every input, or lo0,hi0;lo1,hi1;… one interval for each.", valueName: "LO,HI"))
  var box: String?

  @Option(
    help: ArgumentHelp(
      "A file of half-spaces a·x <= b: CSV rows a0,a1,…,b, or JSON {\"half_spaces\": [{\"normal\": […], "
        + "\"offset\": b}]}.",
      valueName: "file"))
  var polytope: String?

  @Flag(help: "All of space.")
  var unbounded = false

  var isGiven: Bool { box != nil || polytope != nil || unbounded }

  func validate() throws {
    if [box != nil, polytope != nil, unbounded].count(where: { $0 }) > 1 {
      throw ValidationError("--box, --polytope and --unbounded exclude each other: give one of them")
    }
  }

  /// The domain; nil when none was given.
  ///
  /// - Parameters:
  ///   - inputs: how many coordinates it must have.
  ///   - owner: whose they are, as "the network has 3 inputs".
  ///   - allowsPoints: whether some intervals of a box may be single points.
  func domain(inputs: Int, owner: String, allowsPoints: Bool = false) throws -> RegionDomain? {
    if unbounded { return .space }
    if let box { return try Self.box(box, inputs: inputs, owner: owner, allowsPoints: allowsPoints) }
    if let polytope {
      return try .polyhedron(
        Failure.asUsage { try HalfSpaceFile(path: polytope, inputs: inputs, owner: owner).halfSpaces })
    }
    return nil
  }

  private static func box(
    _ text: String, inputs: Int, owner: String, allowsPoints: Bool
  ) throws -> RegionDomain {
    let intervals = try text.split(separator: ";", omittingEmptySubsequences: false).map { part -> (Double, Double) in
      let ends = part.split(separator: ",", omittingEmptySubsequences: false)
        .map { Double($0.trimmingCharacters(in: .whitespaces)) }
      guard ends.count == 2, let lower = ends[0], let upper = ends[1] else {
        throw Failure.usage(
          "--box \(text): '\(part)' is no interval; accepted are LO,HI for all inputs, such as -1,1, and one interval "
            + "for each input, such as '-1,1;0,5'")
      }
      guard lower.isFinite, upper.isFinite else {
        throw Failure.usage(
          "--box \(text): bounds are finite numbers; take --polytope for a domain that is open "
            + "on a side")
      }
      guard lower < upper || (allowsPoints && lower == upper) else {
        throw Failure.usage(
          "--box \(text): the interval '\(part)' is empty or flat; the first number must be "
            + "the smaller one")
      }
      return (lower, upper)
    }
    guard intervals.count == inputs || intervals.count == 1 else {
      throw Failure.usage("the box has \(intervals.count) intervals, \(owner): give \(inputs), or one for all")
    }
    let all = intervals.count == inputs ? intervals : Array(repeating: intervals[0], count: inputs)
    guard all.contains(where: { $0.0 < $0.1 }) else {
      throw Failure.usage("--box \(text): every interval is a single point; at least one input must vary")
    }
    return .box(lower: all.map(\.0), upper: all.map(\.1))
  }
}

extension RegionDomain {
  /// For people: `box [-1, 1] × [0, 2]`.
  var title: String {
    switch self {
    case .space: return "all of space"
    case .polyhedron(let halfSpaces): return "polytope of \(ModelFile.count(halfSpaces.count, "half-space"))"
    case .box(let lower, let upper):
      let sides = zip(lower, upper).map { "[\(NumberFormat.short($0)), \(NumberFormat.short($1))]" }
      if sides.count > 1, Set(sides).count == 1 { return "box \(sides[0])\(NumberFormat.superscript(sides.count))" }
      return "box \(sides.prefix(6).joined(separator: " × "))\(sides.count > 6 ? " × …" : "")"
    }
  }
}
