import Datasets
import Exact
import Foundation
import Polyhedra

/// A continuous piecewise-linear function in the form in which somebody wrote it down, and the JSON document that holds it.
///
/// ```swift
/// let file = try FunctionFile.read(path: "controller.json")
/// let (function, notes) = try file.polyhedralFunction()
/// try function.fit().check()
/// ```
///
/// The document is an object with `"format": "pleat-function"`, a `"form"`, and what the form needs; ``example(_:)`` shows
/// each. Numbers are JSON numbers, read exactly as decimals, or strings such as `"3/7"`; indices count from 0.
public struct FunctionFile: Sendable, Equatable {
  /// The forms, by their names in the document.
  public enum Form: String, Sendable, CaseIterable {
    case regions
    case maxMin = "max-min"
    case differenceOfConvex = "difference-of-convex"
    case breakpoints
    case simplices
    case grid
    case signedMaxima = "signed-maxima"
  }

  /// A function in one of the forms; where there is an array, it has one entry for each output.
  public enum Content: Sendable, Equatable {
    case regions(RegionTable)
    case maxMin([LatticeForm])
    case differenceOfConvex([ConvexDifference])
    case breakpoints(BreakpointTable)
    case simplices(SimplexTable)
    case grid(GridTable)
    case signedMaxima([SignedMaximumSum])
  }

  static let format = "pleat-function"

  public var content: Content

  public init(_ content: Content) {
    self.content = content
  }

  public var form: Form {
    switch content {
    case .regions: .regions
    case .maxMin: .maxMin
    case .differenceOfConvex: .differenceOfConvex
    case .breakpoints: .breakpoints
    case .simplices: .simplices
    case .grid: .grid
    case .signedMaxima: .signedMaxima
    }
  }

  /// n
  public var inputs: Int {
    switch content {
    case .regions(let table): table.inputs
    case .maxMin(let outputs): outputs[0].inputs
    case .differenceOfConvex(let outputs): outputs[0].inputs
    case .breakpoints: 1
    case .simplices(let table): table.inputs
    case .grid(let table): table.inputs
    case .signedMaxima(let outputs): outputs[0].inputs
    }
  }

  /// m
  public var outputs: Int {
    switch content {
    case .regions(let table): table.outputs
    case .maxMin(let outputs): outputs.count
    case .differenceOfConvex(let outputs): outputs.count
    case .breakpoints(let table): table.outputs
    case .simplices(let table): table.outputs
    case .grid(let table): table.outputs
    case .signedMaxima(let outputs): outputs.count
    }
  }

  /// Reads a function document; `-` is standard input. O(bytes).
  ///
  /// - Throws: `FileError` when the file cannot be read; `DatasetError` when it is no function document, with the place in
  ///   the document (`regions[3].A[1]`), line and column, and what is accepted there.
  public static func read(path: String) throws -> FunctionFile {
    try FunctionFile(JSONDocument.read(path: path))
  }

  /// Reads a function document that is in memory. Throws `DatasetError` as ``read(path:)`` does.
  public init(_ document: JSONDocument) throws {
    self.init(try FunctionReader(document).content())
  }

  /// Writes the document, whole or not at all. What is written reads back as the same function file, exactly.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public func write(to path: String) throws {
    try AtomicFile.write(Data(text.utf8), to: path)
  }

  /// The document. Integers and finite decimals are written as JSON numbers, others as strings `"p/q"`.
  public var text: String { FunctionWriter.text(self) }

  /// The function by its cells; they are not compared with each other (see ``PolyhedralFunction/fit(tolerance:slack:)``).
  ///
  /// - Parameters:
  ///   - box: the part of the domain that is wanted; nil for all of it.
  ///   - limit: the most cells that a max–min, difference or signed form may be split into.
  /// - Returns: the function, and notes in words on regions that were left out.
  /// - Throws: `RepresentationError` when there is no such function: see the conversions of the forms.
  public func polyhedralFunction(
    inBox box: (lower: [Rational], upper: [Rational])? = nil, limit: Int = PolyhedralFunction.cellLimit
  ) throws(RepresentationError) -> (function: PolyhedralFunction, notes: [String]) {
    var domain: ExactPolyhedron?
    if let box { domain = try PolyhedralFunction.box(box.lower, box.upper, inputs: inputs) }
    let function: PolyhedralFunction
    var notes: [String] = []
    switch content {
    case .maxMin(let outputs): return (try PolyhedralFunction(maxMin: outputs, in: domain, limit: limit), [])
    case .differenceOfConvex(let outputs):
      return (try PolyhedralFunction(differences: outputs, in: domain, limit: limit), [])
    case .signedMaxima(let outputs):
      return (try PolyhedralFunction(signedMaxima: outputs, in: domain, limit: limit), [])
    case .regions(let table):
      let result = try table.polyhedralFunction()
      function = result.function
      notes = result.notes
    case .breakpoints(let table): function = try table.polyhedralFunction()
    case .simplices(let table): function = try table.polyhedralFunction()
    case .grid(let table): function = try table.polyhedralFunction()
    }
    guard let box else { return (function, notes) }
    return (try function.clipped(toBox: box.lower, box.upper), notes)
  }
}
