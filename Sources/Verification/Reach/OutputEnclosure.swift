import Exact
import Foundation
import LinearAlgebra
import Networks
import PiecewiseLinear
import Polyhedra
import Queries

/// A set that surely contains all outputs of a network over a box, found without splitting anything. It holds for real
/// arithmetic on the network's weights: every rounding is accounted for.
public struct OutputEnclosure: Sendable {
  public enum Method: String, Sendable, CaseIterable {
    /// Interval arithmetic: a box. O(parameters).
    case intervals
    /// Affine forms in shared noise symbols: a zonotope. O(parameters · symbols).
    case zonotope
    /// Lines below and above each unit, substituted backwards: a polytope, by its extent in the directions asked for.
    /// O(units · parameters).
    case relaxations
  }

  /// centre + generators · ε for ε in [−1, 1]ᵏ, every coordinate within its radius of that.
  public struct Zonotope: Sendable {
    /// `[outputs]`
    public var centre: [Double]
    /// `[outputs × symbols]`
    public var generators: Matrix
    /// `[outputs]`, what rounding may add.
    public var radius: [Double]
  }

  private enum Values: Sendable {
    case bounds(UnitBounds)
    case noise(NoiseForms)
  }

  public let method: Method
  public let network: UnitNetwork
  public let box: [Interval]
  /// An interval for each output.
  public let ranges: [Interval]
  /// For `zonotope`.
  public let zonotope: Zonotope?
  private let values: Values

  /// - Throws: ``ReachError`` when the box does not fit the network, or a zonotope would need too much memory.
  public init(of network: UnitNetwork, over box: [Interval], by method: Method) throws {
    guard box.count == network.inputCount else {
      throw ReachError("the box has \(box.count) intervals; the network has \(network.inputCount) inputs")
    }
    self.method = method
    self.network = network
    self.box = box
    guard method == .zonotope else {
      let propagation = BoundPropagation(network)
      guard
        let bounds = propagation.bounds(over: box, method: method == .intervals ? .intervals : .relaxations)
      else { throw ReachError("the box is empty") }
      values = .bounds(bounds)
      ranges = bounds.outputs
      zonotope = nil
      return
    }
    let noise = try NoiseForms(network, over: box)
    let outputs = network.outputs.map { noise.value(of: $0) }
    values = .noise(noise)
    ranges = zip(network.outputs, outputs).map { $0.range(over: noise.ranges).narrowed(to: NoiseForms.range(of: $1)) }
    let used = (0..<noise.symbols).filter { symbol in outputs.contains { $0.coefficients[symbol] != 0 } }
    let generators = outputs.flatMap { output in used.map { output.coefficients[$0] } }
    zonotope = Zonotope(
      centre: outputs.map(\.centre), generators: Matrix(rows: outputs.count, columns: used.count, elements: generators),
      radius: outputs.map(\.radius))
  }

  /// The range of a form over the network's values, by the method.
  public func range(of form: AffineForm) -> Interval {
    switch values {
    case .bounds(let bounds):
      let plain = form.range(over: bounds.values)
      guard method == .relaxations else { return plain }
      return BoundPropagation(network).range(of: form, given: bounds) ?? plain
    case .noise(let noise):
      return form.range(over: noise.ranges).narrowed(to: NoiseForms.range(of: noise.value(of: form)))
    }
  }

  private var valueRanges: [Interval] {
    switch values {
    case .bounds(let bounds): bounds.values
    case .noise(let noise): noise.ranges
    }
  }

  /// Whether it is proved that no point of the box satisfies a case.
  public func excludes(_ item: ReachQuestion.Case) -> Bool {
    let ranges = valueRanges
    return item.relaxed.requirements.contains { requirement in
      (range(of: requirement.form) + requirement.errorBound(over: ranges)).upper < 0
    }
  }
}

extension OutputEnclosure {
  /// Half-planes that contain the pairs of outputs (i, j), their normals in `count` directions evenly around the circle: an
  /// octagon for 8. Four of them are the sides of the box of ``ranges``.
  ///
  /// - Parameter count: a multiple of 4.
  /// - Throws: `NetworkError` when a combination of the outputs leaves the range of doubles.
  public func halfPlanes(_ i: Int, _ j: Int, count: Int = 16) throws -> [HalfSpace] {
    let angles = (0..<count / 2).map { 2 * Double.pi * Double($0) / Double(count) }
    let directions = angles.enumerated().map { index, angle -> (Double, Double) in
      // The axes exactly.
      if index == 0 { return (1, 0) }
      if 4 * index == count { return (0, 1) }
      return (cos(angle), sin(angle))
    }
    let supports: [Interval]
    if method != .intervals {
      var weights = Matrix(rows: directions.count, columns: network.outputs.count)
      for (row, direction) in directions.enumerated() { (weights[row, i], weights[row, j]) = direction }
      let turned = try network.combined(outputs: weights, constants: Array(repeating: 0, count: directions.count))
      supports = try OutputEnclosure(of: turned, over: box, by: method).ranges
    } else {
      supports = directions.map { Interval($0.0) * ranges[i] + Interval($0.1) * ranges[j] }
    }
    return zip(directions, supports).flatMap { direction, range in
      [
        HalfSpace(normal: [direction.0, direction.1], offset: range.upper),
        HalfSpace(normal: [-direction.0, -direction.1], offset: -range.lower),
      ]
    }
  }
}
