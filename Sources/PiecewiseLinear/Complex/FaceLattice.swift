import Exact
import LinearAlgebra
import Networks
import Polyhedra

/// All faces of the complex that the activation regions form: vertices, edges, … up to the regions themselves.
///
/// A face is known by its vertices and the directions in which it is unbounded. Corners that regions share are identified
/// exactly. Where the regions contain lines, a "vertex" stands for a translate of their span, and the smallest faces have
/// its dimension.
public struct FaceLattice: Sendable {
  /// More inputs than this are refused: the number of faces grows like 2ⁿ times that of the regions.
  public static let largestDimension = 4

  /// n.
  public let dimension: Int
  /// The dimension of the span of the lines that every region contains; smaller faces do not exist.
  public let lineDimension: Int
  /// The vertices, `count × inputs`.
  public let vertices: Matrix
  /// The directions of infinity that faces have, `count × inputs`, each of max-norm 1.
  public let rays: Matrix
  /// For each dimension 0 … n the faces, one after the other, as the numbers of their corners in increasing order: vertices
  /// first, then rays, which are counted on from the vertices.
  public let faces: [FaceList]
  /// What the Euler characteristic must be: see `eulerCharacteristic`.
  public let expectedEulerCharacteristic: Int

  /// Faces of one dimension.
  public struct FaceList: Sendable {
    private var corners: [Int32] = []
    private var starts: [Int] = [0]

    public var count: Int { starts.count - 1 }

    /// The corners of a face. O(1) and a copy.
    public subscript(face: Int) -> [Int] { corners[starts[face]..<starts[face + 1]].map { Int($0) } }

    mutating func append(_ face: [Int32]) {
      corners += face
      starts.append(corners.count)
    }

    /// Turns the numbers of corners into other ones.
    mutating func renumber(_ numbers: [Int32]) {
      for face in 0..<count {
        let sorted = corners[starts[face]..<starts[face + 1]].map { numbers[Int($0)] }.sorted()
        corners.replaceSubrange(starts[face]..<starts[face + 1], with: sorted)
      }
    }
  }

  /// The number of faces of each dimension 0 … n: the f-vector.
  public var fVector: [Int] { faces.map(\.count) }

  /// Σ (−1)ᵏ fₖ over all closed faces, bounded or not, which is the Euler characteristic with compact supports of the
  /// closed domain D, as the relative interiors of the faces partition it.
  ///
  /// With D = L × Q, L the lines in D and Q without lines, it is (−1)^dim L when Q is bounded, 0 when not: 1 for a box or
  /// polytope, (−1)ⁿ for all of ℝⁿ.
  public var eulerCharacteristic: Int {
    fVector.enumerated().reduce(0) { $0 + ($1.offset % 2 == 0 ? $1.element : -$1.element) }
  }

  /// Enumerates the regions with their vertices, and collects their faces.
  ///
  /// - Throws: `RegionError` for more than `largestDimension` inputs, or when the enumeration ends before it is complete.
  /// - Complexity: O(faces of all regions · regions at a vertex), and integer arithmetic for each vertex of each region.
  public init(_ enumeration: RegionEnumeration) throws {
    let n = enumeration.network.inputCount
    guard n <= Self.largestDimension else {
      throw RegionError(
        "the face lattice is built for up to \(Self.largestDimension) inputs; the network has \(n). A slice has fewer")
    }
    let reader = CrossingReader(enumeration.layout)
    var collector = FaceCollector(enumeration)
    let summary = try enumeration.forEach(
      detail: [.facets, .vertices],
      transform: { ($0.pattern, CorneredRegion($0, reader), $0.lines.rows) },
      receive: { collector.add($0, $1, lines: $2) })
    guard summary.isComplete else {
      throw RegionError(
        "the face lattice needs all regions; the enumeration ended after \(summary.activationRegions) of them")
    }
    dimension = n
    lineDimension = collector.lineDimension
    (vertices, rays, faces) = collector.result()
    expectedEulerCharacteristic = Self.expected(enumeration)
  }

  private static func expected(_ enumeration: RegionEnumeration) -> Int {
    let cone: ExactCone? = enumeration.prepared.cone
    let lines = enumeration.prepared.lines.count + (cone?.lines.count ?? 0)
    let isBounded = cone?.rays.allSatisfy { $0.vector.signum(0) != 0 } ?? true
    return isBounded ? (lines % 2 == 0 ? 1 : -1) : 0
  }
}
