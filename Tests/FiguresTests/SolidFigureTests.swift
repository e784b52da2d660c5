import Foundation
import Testing

@testable import Figures

@Suite struct SolidFigureTests {
  /// Corner 4 z + 2 y + x of the unit cube is (x, y, z).
  private static let corners: [SurfaceMesh.Vertex] = [0.0, 1].flatMap { (z: Double) -> [SurfaceMesh.Vertex] in
    [
      SurfaceMesh.Vertex(x: 0, y: 0, z: z), SurfaceMesh.Vertex(x: 1, y: 0, z: z),
      SurfaceMesh.Vertex(x: 0, y: 1, z: z), SurfaceMesh.Vertex(x: 1, y: 1, z: z),
    ]
  }
  private static let rims = [
    [0, 1, 3, 2], [4, 5, 7, 6], [0, 1, 5, 4], [2, 3, 7, 6], [0, 2, 6, 4], [1, 3, 7, 5],
  ]

  private func paths(_ reading: SVGReading) -> [SVGReading.Element] { reading.all("path") }

  /// From a corner three faces of a cube are seen, nine edges and seven vertices.
  @Test func cubeFromItsCorner() {
    let reading = SVGReading(SolidFigure(title: "Cube", vertices: Self.corners, faces: Self.rims).svg())
    #expect(reading.isWellFormed)
    #expect(paths(reading).count == 3)
    // Three lines are the compass.
    #expect(reading.all("line").count == 12 + 3)
    #expect(reading.all("circle").count == 8)
    #expect(reading.all("desc").first?.text == "A polyhedron with 8 vertices, 12 edges and 6 faces.")
    // Lit differently.
    #expect(Set(paths(reading).compactMap { $0.attributes["fill"] }).count == 3)
    #expect(reading.words.filter { ["x1", "x2", "x3"].contains($0) }.count == 3)
  }

  /// Straight from above there is one face to see.
  @Test func cubeFromAbove() {
    let figure = SolidFigure(vertices: Self.corners, faces: Self.rims, azimuth: -90, elevation: 90)
    #expect(paths(SVGReading(figure.svg())).count == 1)
  }

  /// Which way round faces are given, and in which order, changes nothing.
  @Test func orientationOfFacesDoesNotMatter() {
    let figure = SolidFigure(vertices: Self.corners, faces: Self.rims)
    var turned = figure
    turned.faces = Self.rims.map { Array($0.reversed()) }
    let (a, b) = (paths(SVGReading(figure.svg())), paths(SVGReading(turned.svg())))
    #expect(Set(a.compactMap { $0.attributes["fill"] }) == Set(b.compactMap { $0.attributes["fill"] }))
    #expect(figure.svg() == figure.svg())
  }

  /// An affine image looks as the solid does, but for its orientation, once it is balanced.
  @Test func balancedSolidsAreRound() {
    let skew = Self.corners.map { (corner: SurfaceMesh.Vertex) -> SurfaceMesh.Vertex in
      let y = 30 * corner.x + corner.y
      return SurfaceMesh.Vertex(x: corner.x, y: y, z: 900 * corner.y + 50 * corner.x + corner.z)
    }
    var figure = SolidFigure(vertices: skew, faces: Self.rims, proportions: .balanced)
    let reading = SVGReading(figure.svg())
    let x = reading.all("circle").compactMap { $0.number("cx") }
    let y = reading.all("circle").compactMap { $0.number("cy") }
    let (width, height) = ((x.max() ?? 0) - (x.min() ?? 0), (y.max() ?? 0) - (y.min() ?? 0))
    #expect(width > 0.5 * height && height > 0.5 * width)
    #expect(reading.words.contains { $0.contains("linear map") })
    // No compass: its axes would not be at right angles.
    #expect(reading.all("line").count == 12)
    figure.proportions = .equal
    #expect(!SVGReading(figure.svg()).words.contains { $0.contains("linear map") })
  }

  @Test func flatAndOddSolids() {
    let flat = SolidFigure(
      vertices: Self.corners, faces: [[0, 1, 3, 2]], proportions: .balanced, azimuth: 20, elevation: -40)
    #expect(paths(SVGReading(flat.svg())).count == 1)
    let odd: [Double] = [.nan, .infinity, 1e308, -1e308, 0, 1, .leastNonzeroMagnitude, 1e200]
    let vertices = zip(odd, odd.dropFirst(3) + odd.prefix(3)).map { (a: Double, b: Double) -> SurfaceMesh.Vertex in
      SurfaceMesh.Vertex(x: a, y: 1 - a, z: b.isFinite ? b / 2 : 3)
    }
    let faces = [[0, 1, 2], [4, 5, 6], [4, 5, 7], [5, 6, 7], [1, 1, 1], [], [9, 10, 11], [-1, 4, 5]]
    for proportions in [SolidFigure.Proportions.equal, .balanced] {
      for angle in [0, 33, Double.nan, .infinity] {
        let reading = SVGReading(
          SolidFigure(
            title: "<&>", vertices: vertices, faces: faces, axisLabels: ["", "a very long name of an axis"],
            proportions: proportions, azimuth: angle, elevation: angle
          ).svg())
        #expect(reading.isWellFormed)
        #expect(reading.coordinates.allSatisfy { $0.isFinite })
        #expect(reading.words.contains { $0.contains("left out") })
      }
    }
    let empty = SVGReading(SolidFigure().svg())
    #expect(empty.isWellFormed && paths(empty).isEmpty)
  }

  /// Everything lies on the page.
  @Test func keepsToThePage() {
    for (azimuth, elevation) in [(0.0, 0.0), (-55, 22), (130, -70), (45, 35)] {
      for width in [240.0, 640, 1200] {
        let svg = SolidFigure(
          title: "A cube", vertices: Self.corners, faces: Self.rims, azimuth: azimuth, elevation: elevation,
          size: FigureSize(width: width, height: 400)
        ).svg()
        let reading = SVGReading(svg)
        guard let page = reading.all("svg").first, let right = page.number("width"), let low = page.number("height")
        else {
          Issue.record("no page")
          continue
        }
        for dot in reading.all("circle") {
          #expect((0...right).contains(dot.number("cx") ?? -1) && (0...low).contains(dot.number("cy") ?? -1))
        }
      }
    }
  }
}
