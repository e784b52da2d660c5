extension DecisionBoundary {
  /// Consecutive edges, for plotting.
  public struct Polyline: Sendable, Equatable {
    /// Rows of the boundary's `vertices`; of a closed line the first is not repeated.
    public var vertices: [Int]
    public var isClosed: Bool
  }

  /// The one-dimensional bounded pieces joined at vertices where just two of them meet, each in one line: for networks
  /// with two inputs the boundary as curves. O(pieces).
  public func polylines() -> [Polyline] {
    let edges = pieces.filter { $0.dimension == 1 && $0.vertices.count == 2 }.map(\.vertices)
    var incident = Array(repeating: [Int](), count: vertices.rows)
    for (index, edge) in edges.enumerated() { for vertex in edge { incident[vertex].append(index) } }
    var isUsed = Array(repeating: false, count: edges.count)

    func walk(from start: Int, along first: Int) -> Polyline {
      var line = [start]
      var edge = first
      while true {
        isUsed[edge] = true
        let vertex = edges[edge][0] == line[line.count - 1] ? edges[edge][1] : edges[edge][0]
        if vertex == start { return Polyline(vertices: line, isClosed: true) }
        line.append(vertex)
        guard incident[vertex].count == 2, let next = incident[vertex].first(where: { !isUsed[$0] }) else {
          return Polyline(vertices: line, isClosed: false)
        }
        edge = next
      }
    }
    var lines: [Polyline] = []
    for vertex in incident.indices where incident[vertex].count != 2 {
      for edge in incident[vertex] where !isUsed[edge] { lines.append(walk(from: vertex, along: edge)) }
    }
    for edge in edges.indices where !isUsed[edge] { lines.append(walk(from: edges[edge][0], along: edge)) }
    return lines
  }
}
