import Exact
import Networks
import PiecewiseLinear

/// What is asked about: a network, perhaps on a slice, and where.
struct RegionsSubject {
  let model: ModelFile
  let slice: Slice?
  let network: UnitNetwork
  /// What the coordinates are called.
  let names: [String]
  let domain: RegionDomain

  init(model path: String, slice options: SliceOptions, domain domainOptions: DomainOptions) throws {
    model = try ModelFile(path)
    var slice = try options.slice(of: model.network)
    let count = slice?.network.inputCount ?? model.network.inputCount
    let owner =
      "the \(slice == nil ? "network" : "slice") has "
      + "\(ModelFile.count(count, slice == nil ? "input" : "coordinate"))"
    guard
      var domain = try domainOptions.domain(inputs: count, owner: owner, allowsPoints: slice == nil) ?? slice?.usualBox
    else {
      throw Failure.usage(
        "say where to look: --box LO,HI for a box, such as --box=-1,1, --polytope FILE for half-spaces, or --unbounded")
    }
    // An input that a box holds at one value is no dimension of it.
    if case .box(let lower, let upper) = domain, let fixed = try Slice(of: model.network, in: lower, upper) {
      slice = fixed
      domain = fixed.usualBox ?? domain
    }
    self.domain = domain
    self.slice = slice
    network = slice?.network ?? model.network
    names = slice?.names ?? (0..<network.inputCount).map { "x\($0)" }
  }

  /// The box as intervals; nil for another domain.
  var box: [Interval]? {
    guard case .box(let lower, let upper) = domain else { return nil }
    return zip(lower, upper).map { Interval(lower: $0, upper: $1) }
  }

  func enumeration() throws -> RegionEnumeration { try Failure.asUsage { try RegionEnumeration(network, in: domain) } }

  /// Certified upper bounds of the number of regions, with the units that are proved not to bend in a box left out.
  func bounds() -> RegionBounds {
    RegionBounds(network, choices: box.flatMap { BoundPropagation(network).bounds(over: $0)?.choices })
  }

  /// For each stage, which layer of bending units it is, counted from 1.
  var layers: [Int] {
    var layer = 0
    return network.stages.map { stage in
      if stage.units.contains(where: \.bends) { layer += 1 }
      return max(layer, 1)
    }
  }
}
