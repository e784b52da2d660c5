import LinearAlgebra
import Networks

/// Where a network decides: the set { f_i = c }, { f_i = f_j }, or the points at which the largest output changes, as a
/// polyhedral complex.
///
/// ```swift
/// let square = RegionDomain.box(lower: [-1, -1], upper: [1, 1])
/// let boundary = try DecisionBoundary(of: network, .level(output: 0, value: 0.5), in: square)
/// boundary.measure                                 // the length: 2.8284271247461903 for |x| + |y| = ½
/// boundary.componentCount                          // 1
/// boundary.polylines()                             // one closed polygon
/// ```
///
/// The question becomes one more unit of the network, so that regions are split along the boundary and on each the set
/// is a face: exactly, whether the boundary crosses regions, runs along breaklines, or only touches. Vertices are
/// identified by their exact coordinates. Memory grows with the boundary, not with the number of regions.
public struct DecisionBoundary: Sendable {
  public enum Question: Sendable, Equatable {
    /// { x : f_output(x) = value }.
    case level(output: Int, value: Double)
    /// { x : f_first(x) = f_second(x) }.
    case equality(first: Int, second: Int)
    /// The points at which two or more outputs are largest.
    case classes
  }

  /// A maximal cell of the boundary.
  public struct Piece: Sendable {
    /// n − 1 for an ordinary piece; n where the question is undecided on a set with interior; less where the boundary
    /// only touches.
    public var dimension: Int
    /// Its vertices, as rows of `vertices`; of polygons in the order around them.
    public var vertices: [Int]
    /// The directions in which it is unbounded, as rows of `rays`.
    public var rays: [Int]
    /// Its `dimension`-dimensional volume, 1 for a point; infinite when it is unbounded. nil for those that have a
    /// dimension from 2 to n − 2, for which it is not computed.
    public var measure: Double?
    /// A region of the network that the piece belongs to: for a level or an equality, where it can be, one on whose
    /// interior side the form is positive.
    public var pattern: ActivationPattern
    /// The outputs that are equal on the piece; nil for a level.
    public var outputs: Pair?
  }

  /// Two outputs.
  public struct Pair: Sendable, Hashable {
    public var first: Int
    public var second: Int

    public init(first: Int, second: Int) {
      self.first = first
      self.second = second
    }
  }

  public let question: Question
  /// The corners of all pieces, each once, `count × inputs`. Where everything is constant along some directions, the
  /// points at right angles to these, in the coordinates in which the regions are enumerated.
  public internal(set) var vertices: Matrix
  /// The directions of unbounded pieces, `count × inputs`.
  public internal(set) var rays: Matrix
  /// Directions both ways of which all pieces are unbounded, `count × inputs`.
  public internal(set) var lines: Matrix
  /// In the order of the regions; none is part of another.
  public internal(set) var pieces: [Piece]
  /// For each piece, the number of its connected component.
  public internal(set) var components: [Int]
  public internal(set) var componentCount: Int
  /// The (n − 1)-dimensional volume, the length in the plane, of all pieces of that dimension.
  public internal(set) var measure: Double
  /// The volume of the pieces of full dimension.
  public internal(set) var fullMeasure: Double
  /// The enumeration of the regions, split along the boundary.
  public internal(set) var summary: RegionEnumeration.Summary
}
