import Exact
import LinearAlgebra
import Networks

/// The corners of all regions, each once.
final class CornerCollector {
  private let enumeration: RegionEnumeration
  private let network: ResidueNetwork
  private var forms: CornerForms?
  /// Corners with a fingerprint.
  private var known: [UInt64: [Int32]] = [:]
  /// For each corner: its exact coordinates up to a factor, its rounded ones, whether it is a direction, and the regions
  /// it belongs to so far, in increasing order.
  private var exact: [IntegerVector] = []
  private(set) var points: [[Double]] = []
  private(set) var isDirection: [Bool] = []
  private(set) var regions: [[Int32]] = []
  private var regionCount = 0

  init(_ enumeration: RegionEnumeration) {
    self.enumeration = enumeration
    network = ResidueNetwork(enumeration.compiled)
  }

  /// Takes the next region, and returns the numbers of its corners.
  func add(_ pattern: ActivationPattern, _ content: CorneredRegion) -> [Int32] {
    let forms = forms(at: pattern, content)
    let corners = content.corners.map { number(of: $0, content, forms) }
    for corner in corners { regions[Int(corner)].append(Int32(regionCount)) }
    regionCount += 1
    return corners
  }

  private func forms(at pattern: ActivationPattern, _ content: CorneredRegion) -> CornerForms {
    if let forms {
      forms.forms.move(to: pattern)
      return forms
    }
    let crossings = CrossingForms(enumeration, network)
    crossings.move(to: pattern)
    let made = CornerForms(crossings, dimension: network.dimension, crossings: content.crossings)
    forms = made
    return made
  }

  private func number(of corner: Corner, _ content: CorneredRegion, _ forms: CornerForms) -> Int32 {
    let fingerprint = forms.fingerprint(corner)
    for candidate in known[fingerprint, default: []] {
      let vector = exact[Int(candidate)]
      guard isDirection[Int(candidate)] == corner.isDirection, forms.isCorner(corner, vector) else { continue }
      // Opposite directions lie on the same planes.
      if !corner.isDirection || forms.side(of: vector, corner, content) > 0 { return candidate }
    }
    let vector = forms.exact(corner)
    if corner.isDirection && forms.side(of: vector, corner, content) < 0 {
      for j in 0..<vector.count { vector.negate(j) }
    }
    let number = Int32(exact.count)
    known[fingerprint, default: []].append(number)
    exact.append(vector)
    isDirection.append(corner.isDirection)
    regions.append([])
    points.append(coordinates(vector, corner.isDirection))
    return number
  }

  /// The corner in the network's coordinates, inputs on which nothing depends being 0.
  private func coordinates(_ vector: IntegerVector, _ isDirection: Bool) -> [Double] {
    let compiled = enumeration.compiled
    var point = Array(repeating: 0.0, count: compiled.network.inputCount)
    let unit = isDirection ? (1..<vector.count).first { vector.signum($0) != 0 } ?? 0 : 0
    for (position, input) in compiled.inputs.enumerated() {
      point[input] = vector.quotient(position + 1, vector, unit) * compiled.scales[position]
    }
    guard isDirection else { return point }
    let size = point.reduce(0) { max($0, abs($1)) }
    return point.map { Double(vector.signum(unit)) * $0 / size }
  }
}
