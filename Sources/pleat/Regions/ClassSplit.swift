import Figures
import Foundation
import LinearAlgebra
import Networks
import PiecewiseLinear

/// A network with one more unit, so that each region belongs to one class.
struct ClassSplit: Sendable {
  /// Its last unit decides; its outputs are those of the network.
  let network: UnitNetwork
  let names: [String]
  /// The boundary between the classes.
  let title: String

  init(_ network: UnitNetwork, _ question: DecisionBoundary.Question) {
    func output(_ number: Int) -> String { network.outputs.count == 1 ? "f" : "f\(number)" }
    let unit: UnitNetwork.Unit?
    switch question {
    case .classes:
      unit = UnitNetwork.Unit(kind: .maximum, forms: network.outputs)
      names = network.outputs.indices.map { "class \($0)" }
      title = "decision boundary"
    case .equality(let first, let second):
      unit = UnitNetwork.Unit(kind: .maximum, forms: [network.outputs[first], network.outputs[second]])
      names = ["\(output(first)) ≥ \(output(second))", "\(output(first)) < \(output(second))"]
      title = "\(output(first)) = \(output(second))"
    case .level(let number, let level):
      unit = UnitNetwork.Unit(kind: .maximum, forms: [AffineForm(constant: level), network.outputs[number]])
      let value = NumberFormat.short(level)
      names = ["\(output(number)) ≤ \(value)", "\(output(number)) > \(value)"]
      title = "\(output(number)) = \(value)"
    }
    let stages = network.stages + [UnitNetwork.Stage(name: "class", units: unit.map { [$0] } ?? [])]
    // The forms are the network's own: nothing about them can be wrong.
    self.network =
      (try? UnitNetwork(inputCount: network.inputCount, stages: stages, outputs: network.outputs)) ?? network
  }

  /// The class of a region of `network`.
  func label(_ region: LinearRegion, _ layout: PatternLayout) -> Int {
    layout.entries.isEmpty ? 0 : layout.phase(layout.entries.count - 1, of: region.pattern)
  }
}

extension LinearRegion {
  /// The region as a polygon, its corners in order.
  func polygon(output: Int, label: Int) -> RegionMap.Region {
    let corners = (0..<vertices.rows).map { PlotPoint(x: vertices[$0, 0], y: vertices[$0, 1]) }
    let (x, y) = (interiorPoint[0], interiorPoint[1])
    func angle(_ corner: PlotPoint) -> Double { atan2(corner.y - y, corner.x - x) }
    return RegionMap.Region(
      vertices: corners.sorted { angle($0) < angle($1) },
      slopeX: map.weights[output, 0], slopeY: map.weights[output, 1], constant: map.offset[output],
      pattern: patternKey, classIndex: label)
  }

  /// A number that depends on the pattern alone, the same in every run: FNV-1a over its words.
  private var patternKey: UInt64 {
    var key: UInt64 = 0xcbf2_9ce4_8422_2325
    for word in pattern.words { key = (key ^ word) &* 0x0000_0100_0000_01b3 }
    return key
  }

  /// The edges along which units change their sides, with their layers.
  func breaklines(_ layers: [Int]) -> [RegionMap.Breakline] {
    facets.indices.compactMap { facet in
      let stage: Int
      switch facets[facet].source {
      case .unit(let number, _), .comparison(let number, _, _): stage = number
      case .domain: return nil
      }
      let ends = vertices(on: facet)
      // The unit that asks for the class is in a stage after all.
      guard ends.count == 2, stage < layers.count else { return nil }
      let (a, b) = (ends[0], ends[1])
      return RegionMap.Breakline(
        from: PlotPoint(x: vertices[a, 0], y: vertices[a, 1]), to: PlotPoint(x: vertices[b, 0], y: vertices[b, 1]),
        layer: layers[stage])
    }
  }
}

/// Segments, each once: two regions share an edge, and their vertices may differ in the last bits.
struct BreaklineSet {
  private struct Key: Hashable {
    var ends: [Float]
  }

  private var known: [Key: Int] = [:]
  private(set) var all: [RegionMap.Breakline] = []

  mutating func insert(_ line: RegionMap.Breakline) {
    let ends = [line.start, line.end].map { [Float($0.x), Float($0.y)] }.sorted { $0.lexicographicallyPrecedes($1) }
    let key = Key(ends: ends.flatMap { $0 })
    if let place = known[key] {
      // Units of several layers bend at the same edge: it belongs to the first.
      all[place].layer = min(all[place].layer, line.layer)
    } else {
      known[key] = all.count
      all.append(line)
    }
  }
}
