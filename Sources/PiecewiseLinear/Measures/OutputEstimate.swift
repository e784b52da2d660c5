/// What doubles say about the outputs on a region, with proved bounds of their error.
///
/// Every vertex comes with a bound on its distance from the true one, in coordinates in which (1, x) has max-norm 1, so
/// that a form is off by at most that times its coefficients' sum of magnitudes, and by its own rounding error. Nearly always the bound is far too large; it only decides what is looked at again in exact integers.
struct OutputEstimate: Sendable {
  private let inputs: [Int]
  private let scales: [Double]
  /// For each output, a bound on the error of a value at a point of max-norm 1.
  private let valueErrors: [Double]
  private let isBounded: Bool
  private let droppedInputs: Int

  init(_ enumeration: RegionEnumeration) {
    let compiled = enumeration.compiled
    let stage = compiled.stages[compiled.hiddenStages]
    inputs = compiled.inputs
    scales = compiled.scales
    isBounded = enumeration.prepared.isBounded
    droppedInputs = enumeration.prepared.lines.count
    valueErrors = (0..<stage.forms).map { stage.valueError[$0] }
  }

  var outputCount: Int { valueErrors.count }

  /// Whether a region contains lines, beside those along which the network and the domain are constant.
  func hasLines(_ region: LinearRegion) -> Bool { region.lines.rows > droppedInputs }

  /// By what factor the error of a value grows at a vertex: the ray (x₀, x) of max-norm ½ … 1 has an error, and is
  /// divided by x₀, which in a bounded domain is exactly 1.
  func errorFactor(atVertex vertex: Int, of region: LinearRegion) -> Double {
    guard !isBounded else { return 1.01 }
    var size = 1.0
    for (position, input) in inputs.enumerated() {
      size = max(size, abs(region.vertices[vertex, input]) / scales[position])
    }
    return 2.1 * size * (1 + size)
  }

  /// A bound on the error of an output's value at a vertex, before it grows by `errorFactor`.
  func error(ofOutput output: Int, on region: LinearRegion) -> Double {
    var norm = abs(region.map.offset[output])
    for (position, input) in inputs.enumerated() { norm += abs(region.map.weights[output, input]) * scales[position] }
    return region.vertexError * norm + valueErrors[output]
  }

  /// An output at a vertex.
  func value(ofOutput output: Int, atVertex vertex: Int, of region: LinearRegion) -> Double {
    var value = region.map.offset[output]
    for input in inputs { value += region.map.weights[output, input] * region.vertices[vertex, input] }
    return value
  }

  /// The slope of an output along a direction, and a bound on the error of that.
  func slope(ofOutput output: Int, alongRay ray: Int, of region: LinearRegion) -> (value: Double, error: Double) {
    var value = 0.0
    var size = 0.0
    for (position, input) in inputs.enumerated() {
      value += region.map.weights[output, input] * region.rays[ray, input]
      size = max(size, abs(region.rays[ray, input]) / scales[position])
    }
    return (value, error(ofOutput: output, on: region) * 2.1 * max(size, 0.5))
  }
}
