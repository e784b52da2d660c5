import PiecewiseLinear
import Verification

/// The arrays that `pleat reach --out` writes; the help of the command says what each holds.
final class ReachArchive {
  /// The bytes that a piece adds, but for offsets and flags.
  struct Part: Sendable {
    var rows = 0
    var corners = 0
    var bytes: [[UInt8]]
  }

  private let stream: ArrayStream
  private let columns: [ArrayStream.Column]
  private var rows = 0
  private var corners = 0
  /// Which of the columns of pieces are written.
  private let isKept: [Bool]

  init(path: String, _ request: ReachRequest, _ subject: ReachSubject, layout: PatternLayout?, hasVertices: Bool) throws
  {
    let (n, m) = (subject.network.inputCount, subject.network.outputs.count)
    var columns: [ArrayStream.Column] = []
    if let layout {
      let isWide = layout.entries.contains { $0.phases > 256 }
      columns = [
        .init(name: "row_offset", type: .int64, rowShape: []), .init(name: "vertex_offset", type: .int64, rowShape: []),
        .init(name: "box", type: .int32, rowShape: []), .init(name: "unsafe", type: .uint8, rowShape: []),
        .init(name: "pattern", type: isWide ? .int32 : .uint8, rowShape: [layout.entries.count]),
        .init(name: "point", type: .float64, rowShape: [n]), .init(name: "A", type: .float64, rowShape: [n]),
        .init(name: "b", type: .float64, rowShape: []), .init(name: "W", type: .float64, rowShape: [m, n]),
        .init(name: "w", type: .float64, rowShape: [m]), .init(name: "vertices", type: .float64, rowShape: [n]),
        .init(name: "images", type: .float64, rowShape: [m]),
      ]
    }
    var absent: Set<String> = []
    if !hasVertices { absent.formUnion(["vertices", "images", "vertex_offset"]) }
    if subject.question == nil { absent.insert("unsafe") }
    isKept = columns.map { !absent.contains($0.name) }
    columns.removeAll { absent.contains($0.name) }
    columns += ["lower", "upper"].map { .init(name: $0, type: .float64, rowShape: [n]) }
    for method in request.enclosures {
      columns.append(.init(name: "\(method.rawValue)_ranges", type: .float64, rowShape: [m, 2]))
      guard method == .zonotope else { continue }
      columns.append(.init(name: "zonotope_centre", type: .float64, rowShape: [m]))
      columns.append(.init(name: "zonotope_radius", type: .float64, rowShape: [m]))
      columns.append(.init(name: "zonotope_generators", type: .float64, rowShape: [m]))
      columns.append(.init(name: "zonotope_offset", type: .int64, rowShape: []))
    }
    self.columns = columns
    stream = try ArrayStream(path: path, columns: columns)
    if layout != nil { try append([Self.bytes([Int64(0)]), Self.bytes([Int64(0)])]) }
  }

  /// What a piece adds; done on many threads.
  static func part(_ piece: ReachPiece, _ layout: PatternLayout) -> Part {
    let phases = layout.entries.indices.map { layout.phase($0, of: piece.pattern) }
    let isWide = layout.entries.contains { $0.phases > 256 }
    return Part(
      rows: piece.halfSpaces.count, corners: piece.vertices.rows,
      bytes: [
        isWide ? bytes(phases.map { Int32($0) }) : phases.map { UInt8($0) }, bytes(piece.point),
        bytes(piece.halfSpaces.flatMap(\.normal)), bytes(piece.halfSpaces.map(\.offset)),
        bytes(piece.map.weights.elements), bytes(piece.map.offset), bytes(piece.vertices.elements),
        bytes(piece.images.elements),
      ])
  }

  func write(_ part: Part, box: Int, isUnsafe: Bool) throws {
    rows += part.rows
    corners += part.corners
    let own = [
      Self.bytes([Int64(rows)]), Self.bytes([Int64(corners)]), Self.bytes([Int32(box)]), [isUnsafe ? 1 : 0],
    ]
    try append(own + part.bytes)
  }

  /// Adds to the columns of pieces.
  private func append(_ parts: [[UInt8]]) throws {
    try stream.append(zip(parts, isKept).filter(\.1).map(\.0))
  }

  /// Adds the boxes and their enclosures.
  func write(_ subject: ReachSubject, _ enclosures: [ReachResult.Enclosures]) throws {
    for part in subject.parts {
      guard let box = part.box else { continue }
      try add(box.map(\.lower), to: "lower")
      try add(box.map(\.upper), to: "upper")
    }
    for enclosure in enclosures {
      var generators = 0
      if enclosure.method == .zonotope { try add([Int64(0)], to: "zonotope_offset") }
      for part in enclosure.parts {
        try add(part.ranges.flatMap { [$0.lower, $0.upper] }, to: "\(enclosure.method.rawValue)_ranges")
        guard let zonotope = part.zonotope else { continue }
        generators += zonotope.generators.columns
        try add(zonotope.centre, to: "zonotope_centre")
        try add(zonotope.radius, to: "zonotope_radius")
        try add(zonotope.generators.transposed.elements, to: "zonotope_generators")
        try add([Int64(generators)], to: "zonotope_offset")
      }
    }
  }

  func finish() throws { try stream.finish() }

  private func add(_ numbers: [some BitwiseCopyable], to name: String) throws {
    guard let index = columns.firstIndex(where: { $0.name == name }) else { return }
    try stream.append(Array(repeating: [], count: index) + [Self.bytes(numbers)])
  }

  private static func bytes(_ numbers: [some BitwiseCopyable]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }
}
