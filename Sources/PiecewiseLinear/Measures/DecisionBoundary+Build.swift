import Execution
import LinearAlgebra
import Networks

extension DecisionBoundary {
  /// The boundary in a domain.
  ///
  /// - Parameters:
  ///   - limit: the enumeration ends, incomplete, after so many regions.
  /// - Throws: `RegionError` when an output that is asked about is not there, a number is not finite, or the domain
  ///   does not fit.
  /// - Complexity: that of the enumeration, and O(n³) products of integers for each vertex of the boundary in each
  ///   region.
  public init(
    of network: UnitNetwork, _ question: Question, in domain: RegionDomain, threads: Int = defaultThreadCount,
    limit: Int = .max, cancellation: Cancellation = Cancellation(), progress: (@Sendable (Int) -> Void)? = nil
  ) throws {
    var enumeration = try RegionEnumeration(Self.asking(question, of: network), in: domain)
    enumeration.threads = threads
    enumeration.limit = limit
    enumeration.cancellation = cancellation
    enumeration.progress = progress
    let reader = BoundaryReader(enumeration, question, PatternLayout(network))
    var assembly = BoundaryAssembly(inputs: network.inputCount)
    var lines: Matrix?
    let summary = try enumeration.forEach(
      detail: .all, transform: { reader.faces(on: $0) },
      receive: { found in
        for face in found.faces { assembly.add(face) }
        if lines == nil { lines = found.lines }
      })
    self.question = question
    self.summary = summary
    self.lines = lines ?? Matrix(rows: 0, columns: network.inputCount)
    vertices = Matrix(rows: 0, columns: network.inputCount)
    rays = vertices
    pieces = []
    components = []
    componentCount = 0
    measure = 0
    fullMeasure = 0
    assembly.finish(into: &self)
  }

  /// The network with the question as its last unit: a hinge on the form that vanishes on the boundary, which is the
  /// only output; or the maximum of the outputs, which stay.
  private static func asking(_ question: Question, of network: UnitNetwork) throws -> UnitNetwork {
    let count = network.outputs.count
    func check(_ output: Int) throws {
      guard 0..<count ~= output else {
        throw RegionError("there is no output \(output); the network has \(count), counted from 0")
      }
    }
    var weights = Matrix(rows: 1, columns: count)
    var constant = 0.0
    switch question {
    case .level(let output, let value):
      try check(output)
      guard value.isFinite else { throw RegionError("the level \(value) is not finite") }
      weights[0, output] = 1
      constant = -value
    case .equality(let first, let second):
      try check(first)
      try check(second)
      guard first != second else {
        throw RegionError("output \(first) equals itself everywhere; a boundary needs two different outputs")
      }
      weights[0, first] = 1
      weights[0, second] = -1
    case .classes:
      guard count > 1 else {
        throw RegionError("the network has one output; a boundary between classes needs two or more")
      }
      return try network.with(UnitNetwork.Unit(kind: .maximum, forms: network.outputs))
    }
    let asked = try network.combined(outputs: weights, constants: [constant])
    return try asked.with(.relu(asked.outputs[0]))
  }
}

extension UnitNetwork {
  /// The network with one more unit, in a stage of its own.
  fileprivate func with(_ unit: Unit) throws -> UnitNetwork {
    try UnitNetwork(
      inputCount: inputCount, stages: stages + [Stage(name: "boundary", units: [unit])], outputs: outputs)
  }
}
