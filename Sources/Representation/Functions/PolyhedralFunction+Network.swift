import Exact
import Networks
import PiecewiseLinear
import Polyhedra

extension PolyhedralFunction {
  /// The function of a network on a domain: a cell for each activation region, in exact arithmetic. Neighbouring cells may
  /// have equal maps.
  ///
  /// - Parameter limit: the most regions.
  /// - Throws: `RegionError` when the domain does not fit the network or has no interior, `RepresentationError` when there
  ///   are more regions.
  /// - Complexity: one enumeration, and for each region its exact forms and one double description.
  public init(_ network: UnitNetwork, in domain: RegionDomain, limit: Int = cellLimit) throws {
    var enumeration = try RegionEnumeration(network, in: domain)
    enumeration.limit = limit
    let reader = try RegionReader(enumeration)
    var cells: [Cell] = []
    let summary = try enumeration.forEach(detail: .facets) { cells.append(reader.cell($0)) }
    guard summary.isComplete else {
      throw RepresentationError("the network has more than \(limit) regions on the domain; the limit is \(limit)")
    }
    self.init(inputs: network.inputCount, outputs: network.outputs.count, cells: cells)
  }
}

/// Makes exact cells of regions.
private struct RegionReader {
  private let inputs: Int
  private let layout: PatternLayout
  private let maps: ExactMaps
  private let domain: [ExactHalfSpace]
  /// The layout's entry of each unit that bends.
  private let entries: [Int: Int]
  /// For each stage, the number of its first value.
  private let offsets: [Int]

  init(_ enumeration: RegionEnumeration) throws {
    inputs = enumeration.network.inputCount
    layout = enumeration.layout
    maps = try ExactMaps(enumeration.network)
    switch enumeration.domain {
    case .box(let lower, let upper):
      domain =
        ExactPolyhedron(
          box: lower.map { Rational(exactly: $0) }, upper.map { Rational(exactly: $0) }
        ).halfSpaces
    case .polyhedron(let halfSpaces): domain = halfSpaces.map { ExactHalfSpace($0) }
    case .space: domain = []
    }
    let offsets = enumeration.network.stageOffsets
    entries = Dictionary(
      uniqueKeysWithValues: layout.entries.enumerated().map { (offsets[$1.stage] + $1.unit, $0) })
    self.offsets = offsets
  }

  func cell(_ region: LinearRegion) -> PolyhedralFunction.Cell {
    let halfSpaces = region.facets.map { halfSpace($0.source, region.pattern) }
    let map = maps.map(of: region.pattern)
    let functions = map.offset.indices.map { output in
      AffineFunction(
        gradient: Array(map.weights[output * inputs..<(output + 1) * inputs]), constant: map.offset[output])
    }
    return PolyhedralFunction.Cell(
      polyhedron: ExactPolyhedron(dimension: inputs, halfSpaces: halfSpaces), map: functions)
  }

  private func halfSpace(_ source: LinearRegion.Facet.Source, _ pattern: ActivationPattern) -> ExactHalfSpace {
    switch source {
    case .domain(let row): return domain[row]
    case .unit(let stage, let unit):
      let function = self.function(maps.unit(stage, unit, of: pattern)[0])
      return ExactHalfSpace(notNegative: phase(stage, unit, pattern) == 1 ? function : -function)
    case .comparison(let stage, let unit, let rival):
      let forms = maps.unit(stage, unit, of: pattern)
      return ExactHalfSpace(notNegative: function(forms[phase(stage, unit, pattern)]) - function(forms[rival]))
    }
  }

  private func phase(_ stage: Int, _ unit: Int, _ pattern: ActivationPattern) -> Int {
    entries[offsets[stage] + unit].map { layout.phase($0, of: pattern) } ?? 1
  }

  private func function(_ form: [Rational]) -> AffineFunction {
    AffineFunction(gradient: Array(form.dropFirst()), constant: form[0])
  }
}
