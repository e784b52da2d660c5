import PiecewiseLinear

extension RegionsReport {
  var json: JSONText {
    let census = result.census.flatMap { $0.isComplete ? $0 : nil }
    var members: [(String, JSONText)] = [
      ("activation_regions", .integer(result.activationRegions)),
      ("pieces", census?.pieces.map { .integer($0) } ?? .null),
      ("affine_components", census.map { .integer($0.affineComponents) } ?? .null),
      ("boundary", .string(subject.domain.name)), ("seconds", .number(result.seconds)),
      ("complete", .bool(result.isComplete)), ("checks", result.checks.map(Self.json) ?? .object([])),
    ]
    if !result.isComplete { members.append(("upper_bound", .string(result.bounds.best.description))) }
    members += [
      ("model", .string(subject.model.path)), ("inputs", .integer(subject.network.inputCount)),
      ("outputs", .integer(subject.network.outputs.count)), ("units", .integer(subject.network.size)),
      ("slice", subject.slice.map { .string($0.title) } ?? .null), ("exact_signs", .integer(result.exactSigns)),
    ]
    if case .box(let lower, let upper) = subject.domain {
      members.append(("box", .object([("lower", .numbers(lower)), ("upper", .numbers(upper))])))
    }
    if let statistics = result.statistics, statistics.regions > 0 { members.append(("statistics", json(statistics))) }
    if let graph = result.graph { members.append(("graph", Self.json(graph))) }
    if let lattice = result.lattice {
      members.append(
        (
          "faces",
          .object([
            ("f_vector", .array(lattice.fVector.map { .integer($0) })),
            ("euler_characteristic", .integer(lattice.eulerCharacteristic)),
          ])
        ))
    }
    if let boundary = result.boundary, request.boundary != nil {
      members.append(("decision_boundary", Self.json(boundary, inputs: subject.network.inputCount)))
    }
    if let measures = result.measures {
      members.append(("measures", MeasureRows(subject: subject, measures: measures).json))
    }
    if let sample = result.sample {
      members.append(
        (
          "sample",
          .object([
            ("points", .integer(sample.points)), ("boundary_points", .integer(sample.boundaryPoints)),
            ("distinct", .integer(sample.distinct)), ("estimated_regions", .number(sample.estimatedCount)),
            ("estimated_coverage", sample.estimatedCoverage.map { .number($0) } ?? .null),
          ])
        ))
    }
    if !result.files.isEmpty { members.append(("files", .object(result.files.map { ($0.0, .string($0.1)) }))) }
    if !result.remarks.isEmpty { members.append(("notes", .array(result.remarks.map { .string($0) }))) }
    return .object(members)
  }

  private static func json(_ checks: RegionChecks) -> JSONText {
    func number(_ value: Double?) -> JSONText { value.map { .number($0) } ?? .null }
    func integer(_ value: Int?) -> JSONText { value.map { .integer($0) } ?? .null }
    return .object([
      ("passed", .bool(checks.passed)), ("tolerance", .number(checks.tolerance)),
      ("volume", checks.measuredRegions > 0 ? .number(checks.volume) : .null),
      ("domain_volume", number(checks.domainVolume)),
      ("volume_error", number(checks.volumeError)), ("confirmed_patterns", .integer(checks.confirmedPatterns)),
      ("undecided_patterns", .integer(checks.undecidedPatterns)), ("wrong_patterns", .integer(checks.wrongPatterns)),
      ("largest_value_error", .number(checks.largestValueError)), ("largest_gap", number(checks.largestGap)),
      ("unmatched_facets", integer(checks.unmatchedFacets)),
      ("connected", checks.isConnected.map { .bool($0) } ?? .null),
      ("euler_characteristic", integer(checks.eulerCharacteristic)),
      ("expected_euler_characteristic", integer(checks.expectedEulerCharacteristic)),
    ])
  }

  private func json(_ statistics: RegionStatistics) -> JSONText {
    var members: [(String, JSONText)] = [
      ("bounded_regions", .integer(statistics.boundedRegions)), ("mean_facets", .number(statistics.meanFacets)),
      ("most_facets", .integer(statistics.mostFacets)),
    ]
    if let volumes = statistics.volumes {
      members += [
        ("smallest_volume", .number(volumes.lowerBound)), ("largest_volume", .number(volumes.upperBound)),
      ]
    }
    return .object(members)
  }

  private static func json(_ graph: DualGraph) -> JSONText {
    let diameter = graph.diameter
    return .object([
      ("edges", .integer(graph.edgeCount)), ("boundary_facets", .integer(graph.boundaryFacetCount)),
      ("mean_degree", .number(graph.meanDegree)), ("degrees", .array(graph.degreeHistogram.map { .integer($0) })),
      ("diameter_lower", diameter.map { .integer($0.lowerBound) } ?? .null),
      ("diameter_upper", diameter.map { .integer($0.upperBound) } ?? .null), ("connected", .bool(graph.isConnected)),
    ])
  }

  private static func json(_ boundary: DecisionBoundary, inputs: Int) -> JSONText {
    .object([
      ("measure", .number(boundary.measure)), ("dimension", .integer(inputs - 1)),
      ("pieces", .integer(boundary.pieces.count)), ("components", .integer(boundary.componentCount)),
      ("full_dimensional_measure", .number(boundary.fullMeasure)), ("complete", .bool(boundary.summary.isComplete)),
      ("vertices", .rows(boundary.vertices)),
      (
        "cells",
        .array(
          boundary.pieces.map { piece in
            .object([
              ("vertices", .array(piece.vertices.map { .integer($0) })),
              ("rays", .array(piece.rays.map { .integer($0) })),
              ("measure", piece.measure.map { .number($0) } ?? .null),
            ])
          })
      ),
    ])
  }
}
