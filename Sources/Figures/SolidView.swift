import Foundation

/// A vector of space.
struct SpaceVector: Equatable {
  var x: Double
  var y: Double
  var z: Double

  static func + (a: Self, b: Self) -> Self { Self(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }
  static func - (a: Self, b: Self) -> Self { Self(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z) }
  static func * (s: Double, a: Self) -> Self { Self(x: s * a.x, y: s * a.y, z: s * a.z) }

  func dot(_ b: Self) -> Double { x * b.x + y * b.y + z * b.z }
  func cross(_ b: Self) -> Self { Self(x: y * b.z - z * b.y, y: z * b.x - x * b.z, z: x * b.y - y * b.x) }
  var length: Double { dot(self).squareRoot() }
}

/// From the coordinates of a solid to those of the eye: a point around the origin within a ball of radius 1, x to the right,
/// y up, z towards the eye.
struct SolidView {
  private let center: SpaceVector
  private let scale: Double
  /// Lower triangular: what makes the points spread alike in all directions; the identity where that was not asked.
  private let shape: [SpaceVector]
  let isBalanced: Bool
  private let right: SpaceVector
  private let up: SpaceVector
  private let towards: SpaceVector
  private let radius: Double

  /// How far away the eye is, in radii of the solid.
  private static let distance = 7.0

  init(_ points: [SpaceVector], proportions: SolidFigure.Proportions, azimuth: Double, elevation: Double) {
    func middle(_ coordinate: (SpaceVector) -> Double) -> (middle: Double, half: Double) {
      let values = points.map(coordinate)
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      return (low / 2 + high / 2, high / 2 - low / 2)
    }
    let (x, y, z) = (middle(\.x), middle(\.y), middle(\.z))
    let center = SpaceVector(x: x.middle, y: y.middle, z: z.middle)
    // In units of the solid's own size, or the products of very large coordinates would overflow.
    let half = max(x.half, y.half, z.half)
    let scale = half > 0 ? 1 / half : 1
    let relative = points.map { scale * ($0 - center) }
    let balance = proportions == .balanced ? Self.balance(relative) : nil
    let shape =
      balance ?? [SpaceVector(x: 1, y: 0, z: 0), SpaceVector(x: 0, y: 1, z: 0), SpaceVector(x: 0, y: 0, z: 1)]
    let (a, e) = (azimuth.isFinite ? azimuth * .pi / 180 : 0, elevation.isFinite ? elevation * .pi / 180 : 0)
    (self.center, self.scale, self.shape, isBalanced) = (center, scale, shape, balance != nil)
    right = SpaceVector(x: -sin(a), y: cos(a), z: 0)
    up = SpaceVector(x: -sin(e) * cos(a), y: -sin(e) * sin(a), z: cos(e))
    towards = SpaceVector(x: cos(e) * cos(a), y: cos(e) * sin(a), z: sin(e))
    radius = relative.map { Self.times(shape, $0).length }.max().flatMap { $0 > 0 ? $0 : nil } ?? 1
  }

  /// A point as the eye has it.
  func place(_ point: SpaceVector) -> SpaceVector { turned(scale * (point - center)) }

  /// A direction as the eye has it, of length 1.
  func direction(_ vector: SpaceVector) -> SpaceVector {
    let turned = turned(vector)
    return turned.length > 0 ? (1 / turned.length) * turned : turned
  }

  /// On the picture plane, in units of about the solid's radius.
  static func projected(_ place: SpaceVector) -> PlotPoint {
    let factor = distance / (distance - place.z)
    return PlotPoint(x: factor * place.x, y: factor * place.y)
  }

  /// Whether the eye is on the side of a face to which its normal points.
  static func sees(faceAt place: SpaceVector, normal: SpaceVector) -> Bool {
    normal.dot(SpaceVector(x: 0, y: 0, z: distance) - place) > 0
  }

  private func turned(_ vector: SpaceVector) -> SpaceVector {
    let image = (1 / radius) * Self.times(shape, vector)
    return SpaceVector(x: image.dot(right), y: image.dot(up), z: image.dot(towards))
  }

  private static func times(_ rows: [SpaceVector], _ vector: SpaceVector) -> SpaceVector {
    SpaceVector(x: rows[0].dot(vector), y: rows[1].dot(vector), z: rows[2].dot(vector))
  }

  /// The inverse of the Cholesky factor of the points' second moments, by rows; nil where they lie in a plane, or nearly.
  private static func balance(_ points: [SpaceVector]) -> [SpaceVector]? {
    let share = 1 / Double(max(points.count, 1))
    let mean = points.reduce(SpaceVector(x: 0, y: 0, z: 0)) { $0 + share * $1 }
    func moment(_ a: (SpaceVector) -> Double, _ b: (SpaceVector) -> Double) -> Double {
      points.reduce(0) { $0 + share * a($1 - mean) * b($1 - mean) }
    }
    let (xx, yy, zz) = (moment(\.x, \.x), moment(\.y, \.y), moment(\.z, \.z))
    let (xy, xz, yz) = (moment(\.x, \.y), moment(\.x, \.z), moment(\.y, \.z))
    let least = 1e-9
    guard xx > 0 else { return nil }
    let (a, b, c) = (xx.squareRoot(), xy / xx.squareRoot(), xz / xx.squareRoot())
    guard yy - b * b > least * yy else { return nil }
    let d = (yy - b * b).squareRoot()
    let e = (yz - b * c) / d
    guard zz - c * c - e * e > least * zz else { return nil }
    let f = (zz - c * c - e * e).squareRoot()
    return [
      SpaceVector(x: 1 / a, y: 0, z: 0),
      SpaceVector(x: -b / (a * d), y: 1 / d, z: 0),
      SpaceVector(x: (b * e - c * d) / (a * d * f), y: -e / (d * f), z: 1 / f),
    ]
  }
}
