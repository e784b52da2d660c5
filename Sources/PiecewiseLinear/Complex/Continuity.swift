import LinearAlgebra

extension RegionComplex {
  /// The largest difference between the maps of two neighbours at a vertex of their common facet, of any output, relative
  /// to the sum of the magnitudes of the terms that the maps add up as far out. 0 for a continuous function, up to rounding.
  ///
  /// "As far out" is at the vertex, or the edge of the domain where that is farther: a vertex near the origin is known no
  /// better than that.
  ///
  /// Facets without vertices are left out. Enumerates the regions twice; memory for the maps of all regions.
  public func largestGap(_ graph: DualGraph) throws -> Double {
    var maps = MapStore(enumeration)
    _ = try enumeration.forEach(detail: .map, transform: { $0.map }, receive: { maps.append($0) })
    let store = maps
    var largest = 0.0
    _ = try enumeration.forEach(
      detail: [.facets, .vertices],
      transform: { region -> Double in
        guard let own = self.region(with: region.pattern), own < store.count else { return 0 }
        var gap = 0.0
        for (facet, neighbour) in graph.regionsBehindFacets(of: own).enumerated() {
          guard let neighbour, own < neighbour, neighbour < store.count, facet < region.facets.count else { continue }
          for vertex in region.vertices(on: facet) {
            gap = max(gap, store.gap(own, neighbour, at: region.vertices.row(vertex)))
          }
        }
        return gap
      },
      receive: { largest = max(largest, $0) })
    return largest
  }
}

/// The rounded maps of all regions.
private struct MapStore: Sendable {
  let outputs: Int
  let inputs: Int
  /// For each region and output the offset, then the weights.
  private var elements: [Double] = []

  /// The size of each coordinate on a bounded domain; 1 on others.
  private let scales: [Double]

  init(_ enumeration: RegionEnumeration) {
    outputs = enumeration.network.outputs.count
    inputs = enumeration.network.inputCount
    var scales = Array(repeating: 1.0, count: inputs)
    for (input, scale) in zip(enumeration.compiled.inputs, enumeration.compiled.scales) { scales[input] = scale }
    self.scales = scales
  }

  var count: Int { elements.count / (outputs * (inputs + 1)) }

  mutating func append(_ map: AffineMap) {
    for output in 0..<outputs {
      elements.append(map.offset[output])
      elements += map.weights.row(output)
    }
  }

  func gap(_ left: Int, _ right: Int, at point: ArraySlice<Double>) -> Double {
    var gap = 0.0
    let width = inputs + 1
    let reach = zip(point, scales).reduce(1) { max($0, abs($1.0) / $1.1) }
    for output in 0..<outputs {
      let first = (left * outputs + output) * width
      let second = (right * outputs + output) * width
      var difference = elements[first] - elements[second]
      var size = abs(elements[first]) + abs(elements[second])
      for (j, coordinate) in point.enumerated() {
        let (a, b) = (elements[first + 1 + j], elements[second + 1 + j])
        difference += (a - b) * coordinate
        size += (abs(a) + abs(b)) * reach * scales[j]
      }
      if size > 0 { gap = max(gap, abs(difference) / size) }
    }
    return gap
  }
}
