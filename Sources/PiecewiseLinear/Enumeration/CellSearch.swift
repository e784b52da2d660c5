import Execution

/// A depth-first search through the cells of a network, one task at a time.
///
/// An enumeration and not a protocol, so that the compiler makes a version of the vertex splitter for each kind of mask.
enum CellSearch {
  case narrow(VertexSplitter<UInt64>)
  case wide(VertexSplitter<UInt128>)
  case programs(ProgramSplitter)

  /// The searches in the order in which they are tried: the fastest first, one that can do everything last.
  enum Kind: Int {
    /// Cells by their vertices, of at most 64 facets.
    case narrow
    /// Cells by their vertices, of at most 128 facets.
    case wide
    /// Cells by linear programs.
    case programs

    var next: Kind { Kind(rawValue: rawValue + 1) ?? .programs }
  }

  /// Visits the leaves of a task until it is done, `quota` leaves are reached, or the search is told to stop.
  ///
  /// - Returns: what is left of the task, in at most `parts` tasks, in order; nil when this search cannot do it.
  func run(_ task: DecisionPath.Task, quota: Int, parts: Int) -> [DecisionPath.Task]? {
    switch self {
    case .narrow(let search): search.run(task, quota: quota, parts: parts)
    case .wide(let search): search.run(task, quota: quota, parts: parts)
    case .programs(let search): search.run(task, quota: quota, parts: parts)
    }
  }

  /// The leaves of the last task.
  var leaves: Int {
    switch self {
    case .narrow(let search): search.leaves
    case .wide(let search): search.leaves
    case .programs(let search): search.leaves
    }
  }

  /// Signs decided in integers, so far.
  var exactSigns: Int {
    switch self {
    case .narrow(let search): search.exactSigns
    case .wide(let search): search.exactSigns
    case .programs(let search): search.exactSigns
    }
  }
}

/// What a search is to do at the leaves.
struct SearchSettings {
  /// Whether the outputs' maps are wanted.
  var wantsMaps: Bool
  /// Whether the leaves' vertices are wanted.
  var wantsVertices: Bool
  /// Whether leaves are only counted.
  var countsOnly: Bool
  var cancellation: Cancellation
}

/// Something that can be written out as a region.
protocol RegionSource {
  func region(_ layout: PatternLayout, _ detail: RegionDetail) -> LinearRegion
}
