import Networks
import PiecewiseLinear
import Polyhedra

/// A network on the inputs that a domain lets vary, the others being held at their one value.
///
/// Regions are sets of full dimension; a box that is flat along some inputs has them in the section.
struct DomainSection: Sendable {
  /// Over the free inputs; over one that nothing reads when all are held.
  let network: UnitNetwork
  /// Over the same coordinates, with an interior unless it was empty.
  let domain: RegionDomain
  /// The inputs that vary, increasing.
  let free: [Int]
  /// The values of the inputs that are held; 0 at the others.
  private let origin: [Double]

  /// O(parameters). Throws `NetworkError` when the box does not fit the network.
  init(_ network: UnitNetwork, _ domain: RegionDomain) throws {
    guard case .box(let lower, let upper) = domain, lower.count == upper.count,
      zip(lower, upper).contains(where: { $0 == $1 })
    else {
      self.network = network
      self.domain = domain
      free = Array(0..<network.inputCount)
      origin = Array(repeating: 0, count: network.inputCount)
      return
    }
    free = lower.indices.filter { lower[$0] != upper[$0] }
    origin = lower.indices.map { lower[$0] == upper[$0] ? lower[$0] : 0 }
    let count = lower.count
    let directions = free.map { input in (0..<count).map { $0 == input ? 1.0 : 0 } }
    let isPoint = free.isEmpty
    self.network = try network.restricted(
      toOrigin: origin, directions: isPoint ? [Array(repeating: 0, count: count)] : directions)
    self.domain =
      isPoint ? .box(lower: [0], upper: [1]) : .box(lower: free.map { lower[$0] }, upper: free.map { upper[$0] })
  }

  /// A point of the section among all inputs. O(inputs).
  func point(_ coordinates: some Sequence<Double>) -> [Double] {
    var point = origin
    for (input, value) in zip(free, coordinates) { point[input] = value }
    return point
  }

  /// A linear form on the section as one of all inputs, 0 along those that are held. O(inputs).
  func normal(_ coordinates: some Sequence<Double>) -> [Double] {
    var normal = Array(repeating: 0.0, count: origin.count)
    for (input, value) in zip(free, coordinates) { normal[input] = value }
    return normal
  }

  /// What holds the other inputs at their values: two half-spaces each.
  var holding: [HalfSpace] {
    let held = Set(origin.indices).subtracting(free).sorted()
    return held.flatMap { input in
      [1.0, -1].map { sign in
        var normal = Array(repeating: 0.0, count: origin.count)
        normal[input] = sign
        return HalfSpace(normal: normal, offset: sign * origin[input])
      }
    }
  }
}
