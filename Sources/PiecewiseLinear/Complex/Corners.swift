import Exact
import Networks

/// A vertex of a region, or a direction in which it is unbounded, by the facets that it lies on.
struct Corner: Sendable {
  var crossings: [RegionComplex.Crossing]
  var isDirection: Bool
}

/// A region as its corners: what is kept of a `LinearRegion` for exact questions about faces.
struct CorneredRegion: Sendable {
  var crossings: [RegionComplex.Crossing]
  /// Vertices first, then directions.
  var corners: [Corner]
  /// For each corner, the numbers of the facets it lies on.
  var facets: [[Int]]

  init(_ region: LinearRegion, _ reader: CrossingReader) {
    let crossings = region.facets.map { reader.crossing($0.source, region.pattern) }
    facets = (0..<region.vertices.rows + region.rays.rows).map { corner in
      crossings.indices.filter { region.lies(corner, on: $0) }
    }
    corners = facets.enumerated().map { index, facets in
      Corner(crossings: facets.map { crossings[$0] }, isDirection: index >= region.vertices.rows)
    }
    self.crossings = crossings
  }
}

/// Identifies corners of different regions with each other: by residues first, for certain by exact integers.
///
/// All cells of a complex that covers a convex set contain the same lines. Where there are some, a vertex stands for a
/// translate of their span, and is taken where as many coordinates as it has dimensions are 0.
final class CornerForms {
  let forms: CrossingForms
  private let dimension: Int
  /// Coordinates that are 0 at every corner.
  private let section: [Int]
  private var residueKernel: ResidueKernel
  private let exactKernel: IntegerKernel
  private let value = IntegerVector(count: 1)

  /// - Parameters:
  ///   - forms: at some region.
  ///   - crossings: the facets of that region.
  init(_ forms: CrossingForms, dimension: Int, crossings: [RegionComplex.Crossing]) {
    self.forms = forms
    self.dimension = dimension
    residueKernel = ResidueKernel(dimension: dimension)
    exactKernel = IntegerKernel(dimension: dimension)
    let normals = IntegerKernel(dimension: dimension - 1)
    let normal = IntegerVector(count: dimension - 1)
    for crossing in crossings {
      let plane = forms.hyperplane(crossing)
      for j in 1..<dimension { normal.set(j - 1, to: plane, j) }
      normals.insert(normal)
    }
    let pivots = normals.pivots
    section = (1..<dimension).filter { !pivots.contains($0 - 1) }
  }

  /// One that knows the coordinates to set to 0 from another one.
  init(_ forms: CrossingForms, like other: CornerForms) {
    self.forms = forms
    dimension = other.dimension
    section = other.section
    residueKernel = ResidueKernel(dimension: dimension)
    exactKernel = IntegerKernel(dimension: dimension)
  }

  /// The coordinates, at the head of which 1 or 0 stands for the constant, that are 0 for a corner by definition.
  private func zeros(_ corner: Corner) -> [Int] { (corner.isDirection ? [0] : []) + section }

  /// A number that is the same for equal corners of all regions. The forms must be at the corner's region.
  func fingerprint(_ corner: Corner) -> UInt64 {
    residueKernel.reset()
    for zero in zeros(corner) {
      residueKernel.insert((0..<dimension).map { $0 == zero ? .one : .zero })
    }
    for crossing in corner.crossings where !residueKernel.isDetermined {
      residueKernel.insert(forms.residues(crossing))
    }
    let direction =
      residueKernel.direction
      ?? {
        // Planes that are independent, but not as residues.
        let vector = exact(corner)
        return ResidueKernel.normalised((0..<dimension).map { Residue(vector, $0) })
      }()
    return Residue.fingerprint(direction) << 1 | (corner.isDirection ? 1 : 0)
  }

  /// The corner's homogeneous coordinates, without common factor and with either sign. The forms must be at its region.
  func exact(_ corner: Corner) -> IntegerVector {
    exactKernel.reset()
    let row = IntegerVector(count: dimension)
    for zero in zeros(corner) {
      row.clear()
      row.set(zero, to: 1)
      exactKernel.insert(row)
    }
    for crossing in corner.crossings where exactKernel.rank < dimension - 1 {
      exactKernel.insert(forms.hyperplane(crossing))
    }
    let result = IntegerVector(count: dimension)
    let isFound = exactKernel.kernel(into: result)
    precondition(isFound, "a corner lies on too few facets")
    return result
  }

  /// Whether a vector is the corner up to a factor, that is, lies on all of its planes. The forms must be at its region.
  func isCorner(_ corner: Corner, _ vector: IntegerVector) -> Bool {
    zeros(corner).allSatisfy { vector.signum($0) == 0 }
      && corner.crossings.allSatisfy { crossing in
        forms.hyperplane(crossing).dot(vector, into: value)
        return value.signum(0) == 0
      }
  }

  /// Whether a direction on a corner's planes is that of the region (+1) or its opposite (−1): a facet that the corner
  /// does not lie on tells. The forms must be at its region.
  func side(of direction: IntegerVector, _ corner: Corner, _ region: CorneredRegion) -> Int {
    for crossing in region.crossings where !corner.crossings.contains(crossing) {
      forms.hyperplane(crossing).dot(direction, into: value)
      if value.signum(0) != 0 { return value.signum(0) * forms.side(crossing) }
    }
    return 1
  }
}
