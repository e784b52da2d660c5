import COpenBLAS
import Foundation
import LinearAlgebra
import Networks

/// The neural tangent kernel of a given ReLU network at its own weights: Σ_p ∂F_o(x)/∂p · ∂F_o(x′)/∂p over all weights
/// and biases p, for one output o.
///
/// For a layer with inputs h and gradients g at its outputs this is (h·h′ + 1)(g·g′): a product of two Gram matrices
/// for each layer; the Jacobian is never formed. The derivative of ReLU at 0 is 0.
public struct NetworkTangentKernel: Sendable {
  public let network: Network
  public let output: Int

  /// - Throws: ``SpectrumError`` when the network has no such output.
  public init(_ network: Network, output: Int) throws {
    guard (0..<network.outputs).contains(output) else {
      throw SpectrumError("output \(output): the network has \(network.outputs), counted from 0")
    }
    self.network = network
    self.output = output
  }

  /// The kernel matrix on the rows of `x`, `n × n`. O(n (parameters) + n² · widths).
  ///
  /// - Throws: ``SpectrumError`` when the rows do not fit the network, are not finite, or are too many for memory.
  public func matrix(_ x: Matrix) throws -> GramMatrix {
    guard x.columns == network.inputs else {
      throw SpectrumError("the rows have \(x.columns) columns, the network has \(network.inputs) inputs")
    }
    guard x.elements.allSatisfy(\.isFinite) else { throw SpectrumError("the rows must be finite numbers") }
    try MemoryLimit.check(count: x.rows, matrices: 3)
    let n = x.rows
    openblas_set_num_threads(1)
    // Forwards: what each layer reads.
    var values = [x]
    for layer in network.layers {
      guard let input = values.last else { break }
      switch layer {
      case .affine(let weights, let bias):
        var result = input * weights.transposed
        for i in 0..<n { for k in 0..<weights.rows { result[i, k] += bias[k] } }
        values.append(result)
      case .relu:
        var result = input
        for e in result.elements.indices where !(result.elements[e] > 0) { result.elements[e] = 0 }
        values.append(result)
      }
    }
    // Backwards: the gradient of the output at what each layer writes.
    var gradient = Matrix(rows: n, columns: network.outputs)
    for i in 0..<n { gradient[i, output] = 1 }
    var kernel = Matrix(rows: n, columns: n)
    for (index, layer) in network.layers.enumerated().reversed() {
      switch layer {
      case .affine(let weights, _):
        let inner = Self.gram(values[index])
        let outer = Self.gram(gradient)
        for e in kernel.elements.indices { kernel.elements[e] += (inner.elements[e] + 1) * outer.elements[e] }
        gradient = gradient * weights
      case .relu:
        for e in gradient.elements.indices where !(values[index].elements[e] > 0) { gradient.elements[e] = 0 }
      }
    }
    let size = (0..<n).reduce(0) { max($0, kernel[$1, $1]) }
    let longest = network.layers.reduce(network.inputs) { longest, layer in
      if case .affine(let weights, _) = layer { return max(longest, weights.rows) }
      return longest
    }
    let unit = 0x1p-53
    return GramMatrix(
      matrix: kernel, entryError: size * unit * Double(4 * longest * network.layers.count), isErrorProved: false)
  }

  private static func gram(_ a: Matrix) -> Matrix {
    var result = Matrix(rows: a.rows, columns: a.rows)
    cblas_dsyrk(
      CblasRowMajor, CblasLower, CblasNoTrans, Int32(a.rows), Int32(a.columns), 1, a.elements, Int32(a.columns), 0,
      &result.elements, Int32(a.rows))
    for i in 0..<a.rows { for j in 0..<i { result[j, i] = result[i, j] } }
    return result
  }
}
