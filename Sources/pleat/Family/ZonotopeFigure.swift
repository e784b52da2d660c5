import Exact
import Figures
import Networks
import PiecewiseLinear
import Polyhedra
import Representation

/// The pictures of a zonotope and of its function.
struct ZonotopeFigure {
  private static let mostVertices = 20_000
  private static let mostRegions = 100_000

  let study: ZonotopeStudy

  private var family: ZonotopeFamily { study.family }

  /// Says before the work whether there can be a picture.
  static func check(_ zonotope: Zonotope) throws {
    let (dimension, rank) = (zonotope.dimension, zonotope.rank)
    guard (2...3).contains(dimension), rank == dimension else {
      throw Failure.usage(
        "--plot draws zonotopes of rank 2 in the plane and of rank 3 in space; this one has rank \(rank) in "
          + ModelFile.count(dimension, "dimension"))
    }
  }

  private var subtitle: String {
    let counts = [
      study.vertexCount.map { "\(NumberFormat.natural($0)) vertices" },
      study.zonotope.dimension == 3 ? study.facetCount.map { "\(NumberFormat.grouped($0)) facets" } : nil,
    ]
    return (["\(family.generators.count) generators (\(study.kind.rawValue))"] + counts.compactMap { $0 })
      .joined(separator: ", ")
  }

  func zonotopeSVG() throws -> String {
    let zonotope = study.zonotope
    let vertices = try zonotope.vertices(limit: Self.mostVertices).map { $0.point.map(\.doubleValue) }
    let faces = try zonotope.polygons(limit: Self.mostVertices)
    guard zonotope.dimension == 2 else {
      return SolidFigure(
        title: "Zonotope in three dimensions", subtitle: subtitle,
        vertices: vertices.map { SurfaceMesh.Vertex(x: $0[0], y: $0[1], z: $0[2]) }, faces: faces,
        proportions: study.kind == .moment ? .balanced : .equal
      ).svg()
    }
    let origin = PlotPoint(x: 0, y: 0)
    let generators = family.generators.map { $0.map(\.doubleValue) }
    let isLabelled = generators.count <= 12
    return PolygonFigure(
      title: "Zonotope in the plane", subtitle: subtitle, xAxis: Axis("x₁"), yAxis: Axis("x₂"),
      vertices: (faces.first ?? []).map { PlotPoint(x: vertices[$0][0], y: vertices[$0][1]) },
      arrows: generators.count > 60
        ? []
        : generators.enumerated().map { index, b in
          .init(from: origin, to: PlotPoint(x: b[0], y: b[1]), label: isLabelled ? "b\(index + 1)" : "")
        }
    ).svg()
  }

  func functionSVG() throws -> String {
    guard let pieces = study.pieces, pieces <= Rational(Self.mostRegions) else {
      throw Failure.usage("--plot-function: more than \(NumberFormat.grouped(Self.mostRegions)) pieces have no room")
    }
    let (x, y) = try halfWidths()
    let enumeration = try RegionEnumeration(bendingNetwork(), in: .box(lower: [-x, -y], upper: [x, y]))
    let layers = Array(1...study.hiddenWidths.count)
    var regions: [RegionMap.Region] = []
    var lines = BreaklineSet()
    _ = try enumeration.forEach(
      detail: .all, transform: { ($0.polygon(output: 0, label: 0), $0.breaklines(layers)) },
      receive: { region, breaklines in
        regions.append(region)
        for line in breaklines { lines.insert(line) }
      })
    let name = study.isFolded ? "H(γ(r))" : "γ(r)"
    return RegionMap(
      title: study.isFolded ? "Sawtooth of a support function" : "Support function of a zonotope",
      subtitle: "\(NumberFormat.natural(pieces)) pieces on all of the plane", xAxis: Axis("r₁"), yAxis: Axis("r₂"),
      valueLabel: name, valueMinimum: 0, valueMaximum: study.isFolded ? family.sawtooth.extent.doubleValue : nil,
      regions: regions, breaklines: lines.all, equalAspect: true, size: FigureSize(width: 760, height: 620)
    ).svg()
  }

  /// The network that bends only where the function does: the shared first layer has carriers, which cancel.
  private func bendingNetwork() throws -> UnitNetwork {
    let network = try study.isFolded ? family.network(.paired) : ZonotopeStudy.support(family, .paired)
    return try RoundedNetwork(network, study.rounded.precision).units()
  }

  /// A box around { γ ≤ M }, with a margin.
  private func halfWidths() throws -> (Double, Double) {
    let extent = family.sawtooth.extent
    let halves = try ZonotopeStudy.polarBox(study.zonotope).map { $0.map { Rational(11, 10) * extent * $0 } }
    guard let halves else {
      let largest = family.generators.joined().map(\.magnitude).max() ?? .one
      let half = (Rational(3, 2) * extent / largest).doubleValue
      return (half, half)
    }
    return (halves[0].doubleValue, halves[1].doubleValue)
  }
}
