import Networks
import PiecewiseLinear

extension DescribeReport {
  var json: JSONText {
    let network = file.network
    let bounds = RegionBounds(network)
    var members: [(String, JSONText)] = [
      ("model", .string(file.path)), ("inputs", .integer(network.inputCount)),
      ("outputs", .integer(network.outputs.count)), ("depth", .integer(network.depth)),
      ("width", .integer(network.width)),
      ("size", .integer(network.size)), ("parameters", .integer(network.parameterCount)),
      ("stored_parameters", file.summary.map { .integer($0.parameterCount) } ?? .null),
      ("multiply_adds", .integer(network.multiplyAddCount)), ("weight_bytes", .integer(network.weightBytes)),
      (
        "operators",
        .object((file.summary?.operators ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
      ),
      ("layers", .array(layers(network))),
      (
        "path_norms",
        .object([("l1", .number(network.pathNorm(.one))), ("l2", .number(network.pathNorm(.two)))])
      ),
      (
        "region_bounds",
        .object([
          ("patterns", .string(bounds.patterns.description)), ("montufar", .string(bounds.montufar.description)),
          ("serra", .string(bounds.serra.description)), ("hinz", .string(bounds.hinz.description)),
          ("zaslavsky", bounds.zaslavsky.map { .string($0.description) } ?? .null),
          (
            "architecture_maximum_at_least",
            RegionBounds.architectureMaximum(network).map { .string($0.description) } ?? .null
          ),
        ])
      ),
    ]
    let upper = network.lipschitzUpperBounds()
    members.append(
      ("lipschitz_upper_bounds", .object(NormExponent.allCases.map { ($0.key, .number(upper[$0])) })))
    if let study { members += json(study) }
    return .object(members)
  }

  private func layers(_ network: UnitNetwork) -> [JSONText] {
    let sizes = network.stageSizes
    return network.stageNorms.enumerated().map { index, norm in
      let size = index < sizes.count ? sizes[index] : nil
      return .object([
        ("name", .string(norm.name)), ("units", .integer(size?.units ?? network.outputs.count)),
        ("bending_units", .integer(size?.bendingUnits ?? 0)),
        (
          "kinds",
          .object(
            (size?.names ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }.map {
              ($0.key.rawValue, .integer($0.value))
            })
        ),
        ("frobenius", .number(norm.frobenius)), ("spectral_lower", .number(norm.spectral.lowerBound)),
        ("spectral_upper", .number(norm.spectral.upperBound)),
      ])
    }
  }

  private func json(_ study: DomainStudy) -> [(String, JSONText)] {
    let states = study.states.joined().compactMap { $0 }
    func count(_ state: DomainStudy.UnitState) -> JSONText { .integer(states.count { $0 == state }) }
    func places(_ state: DomainStudy.UnitState) -> JSONText {
      .array(
        study.states.enumerated().flatMap { stage, units in
          units.enumerated().filter { $0.element == state }.map { .array([.integer(stage), .integer($0.offset)]) }
        })
    }
    var members: [(String, JSONText)] = [
      ("boundary", .string(study.domain.name)),
      (
        "units",
        .object([
          ("dead", count(.dead)), ("always_active", count(.active)), ("affine", count(.affine)),
          ("bending", count(.bending)), ("undecided", count(.open)), ("dead_at", places(.dead)),
          ("always_active_at", places(.active)),
        ])
      ),
      (
        "output_ranges",
        study.outputs.map { .array($0.map { .numbers([$0.lower, $0.upper]) }) } ?? .null
      ),
      ("activation_regions", .integer(study.summary.activationRegions)), ("complete", .bool(study.summary.isComplete)),
    ]
    if !study.summary.isComplete { members.append(("upper_bound", .string(study.bounds.best.description))) }
    members += [
      ("lipschitz", .object(study.lipschitz.map { ($0.norm.key, $0.json) })),
      ("seconds", .number(study.seconds)),
    ]
    return members
  }
}
